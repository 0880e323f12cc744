"""微信小店: code → (zh, en)."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "no_secret": ("还没有保存密钥", "No secret has been saved yet"),
    "secrets_unreadable": ("密钥文件读不出来", "The file of secrets cannot be read"),
    "connecting": ("正在连接", "Connecting"),
    "connected": ("已连接", "Connected"),
    "busy": ("平台繁忙，稍后自动再试", "The platform is busy; it is tried again by itself"),
    "token_refused": ("平台不认这次的令牌（{code}）", "The platform refuses the token ({code})"),
    "asked_wrongly": (
        "程序的请求有误（{code}），请把编号 {rid} 发给我们",
        "The program asked wrongly ({code}); please send us the number {rid}",
    ),
    "plain_address": (
        "接口地址不是 https，密钥会泄露：没有连接",
        "The API's address is not https, and would give the secret away: not connected",
    ),
    "bad_appid": ("AppID 不对", "The AppID is wrong"),
    "bad_secret": ("AppSecret 不对", "The AppSecret is wrong"),
    "secret_frozen": (
        "AppSecret 已被冻结，请在平台解冻",
        "The AppSecret is frozen; unfreeze it on the platform",
    ),
    "day_used_up": ("今天的调用次数已用完，明天恢复", "Today's calls are used up; they are back tomorrow"),
    "too_fast": ("调用太频繁，一分钟后再试", "Asked too often; tried again in a minute"),
    "address_not_let_in": (
        "请在微信小店后台的 IP 白名单里加上 {ip}",
        "Add {ip} to the IP whitelist in the shop's back office",
    ),
    "no_permission": (
        "这项接口没有权限（{path}）：请在后台打开开关，或确认账号类型",
        "No permission for this call ({path}): switch it on in the back office, or check the kind of account",
    ),
    "banned": ("这项接口被平台封禁（{path}）", "The platform has banned this call ({path})"),
    "limited": ("账号在这项接口上受限（{path}）", "The account is limited in this call ({path})"),
    "shop_closing": ("店铺正在关闭（公示期）", "The shop is being closed (public notice)"),
    "shop_closed": ("店铺已关闭", "The shop is closed"),
    "not_a_shop": ("这是达人号，不是店铺", "This is a creator's account, not a shop"),
    "refused": ("平台拒绝（{code}）：{errmsg}", "The platform refused ({code}): {errmsg}"),
    "http": ("平台没有正常回答", "The platform gave no proper answer"),
    "not_reached": ("连不上平台，请检查网络", "The platform cannot be reached; check the network"),
    "no_answer": ("平台没有回答", "The platform did not answer"),
    "cut_off": ("连接中断", "The connection was cut off"),
    "unreadable": ("平台的回答读不出来", "The platform's answer cannot be read"),
    "too_large": ("平台的回答太大", "The platform's answer is too large"),
    "endless": ("平台的分页没有尽头", "The platform's pages do not end"),
    # of a sale or a coupon that was asked for
    "sale_there": (
        "「{title}」在微信小店已有一个没结束的限时抢购（任务 {task_id}），没有动它：先在手机上结束它，再开",
        "“{title}” has a sale in the shop that is not over (task {task_id}), left as it is: end it first",
    ),
    "sale_refused": (
        "微信小店不接受「{title}」的限时抢购（{code}：{errmsg}），整场没有开",
        "The shop refuses the sale of “{title}” ({code}: {errmsg}): nothing of it runs",
    ),
    "under_audit": (
        "「{title}」正在审核，微信小店不让设限时抢购，整场没有开",
        "“{title}” is being reviewed, so the shop takes no sale of it: nothing of it runs",
    ),
    "bad_terms": (
        "微信小店不接受「{title}」的价格、数量或时间，整场没有开",
        "The shop refuses the price, the quantity or the time of “{title}”: nothing of it runs",
    ),
    "no_such_product": (
        "微信小店里没有「{title}」这个商品，整场没有开",
        "The shop has no product “{title}”: nothing of it runs",
    ),
    "goods_unknown": (
        "有的规格已不在商品里，没有开",
        "A SKU of it is no longer among the goods: not started",
    ),
    "too_many_products": (
        "一场最多 {most} 个商品，这场有 {n} 个：请分成几场",
        "{most} products a sale at most, this one has {n}: make several of it",
    ),
    "too_late": ("等得太久，没有开", "It waited too long and was not started"),
    "not_in_shop": ("微信小店里没有它，没有开成", "It is not in the shop: it was not started"),
    "sale_taken_back": ("只开成了一部分，已全部结束", "Only a part of it started, and was ended again"),
    "sale_partly": ("只看到一部分商品在抢购", "Only a part of its products is seen in a sale"),
    "sale_not_seen": ("限时抢购还没有看到", "The sale is not seen yet"),
    "sale_not_started": ("限时抢购还没到开始时间", "The sale waits for its start"),
    "sale_still_runs": ("限时抢购还没有结束", "The sale is not over yet"),
    "coupon_refused": (
        "微信小店不接受这张券（{code}：{errmsg}）",
        "The shop refuses this coupon ({code}: {errmsg})",
    ),
    "coupon_not_live": ("券还没有生效", "The coupon is not live yet"),
    "coupon_void": ("这张券在微信小店已作废", "The coupon is void in the shop"),
    "coupon_taken_back": ("券没有生效，已作废", "The coupon never went live and was made void"),
    "coupon_still_live": ("券还没有作废", "The coupon is not void yet"),
    # of what is asked after the order
    "ask_not_seen": ("小店还没有显示，正在确认", "The shop does not show it yet; it is being looked up"),
    "ask_overtaken": (
        "小店里已经是另一种结果，没有再做",
        "The shop has it otherwise by now: nothing was done",
    ),
    "ask_lost": ("小店没有收到，可以再提交一次", "The shop never had it: it can be asked for again"),
    # of what is read besides
    "screen_refused": (
        "视频号助手没有给大屏数据的权限（{code}），看不到大屏；订单不受影响",
        "The big screen may not be read ({code}); orders come all the same",
    ),
    "goods_coming": ("商品还在读，稍后再看", "The goods are still being read; look again in a while"),
    "relay_keys": (
        "中继还缺密钥：消息推送的 Token、EncodingAESKey 和中继的密钥都要保存",
        "The relay lacks a key: save the Token, the EncodingAESKey and the relay's own key",
    ),
    "relay_key": ("中继不认这里的密钥", "The relay does not know this key"),
    "relay_answer": ("中继地址上的不是中继", "What is at the relay's address is no relay"),
    "relay_plain": ("中继地址要用 https", "The relay's address has to be https"),
    "relay_away": (
        "连不上中继，订单照常每几秒查一次",
        "The relay cannot be reached; orders are asked for every few seconds as ever",
    ),
    "many_coupons": ("店里的券很多，还在找", "The shop has many coupons; still looking"),
}
REMARKS: Final[frozenset[str]] = frozenset(
    {"busy", "too_fast", "http", "not_reached", "no_answer", "cut_off", "unreadable"}
    | {"screen_refused", "relay_keys", "relay_key", "relay_answer", "relay_plain", "relay_away"}
)
"""See `connection_words.REMARKS`; where the orders do not come for such a reason, the shop is ``away``."""

ASKED: Final[dict[str, tuple[str, str]]] = {
    "token": ("登录", "Sign-in"),
    "orders": ("订单", "Orders"),
    "aftersales": ("售后", "After-sales"),
    "products": ("商品", "Products"),
    "sales": ("限时抢购", "Flash sales"),
    "coupons": ("优惠券", "Coupons"),
}
"""What a check asks about, each by itself."""
