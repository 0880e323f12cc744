"""Refusals: a rule's or the door's no, with a reason that a person can act on.

Codes travel, texts do not decide: the desk words a code in its own language with ``params``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.specs import SPECS
from liveconsole.messages.statuses import STATUS_WORDS
from liveconsole.messages.unwritten import why_unwritten

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # the door
    "unreadable": ("内容不是有效的 JSON", "This is not valid JSON"),
    "bad_shape": ("字段不对：{detail}", "Wrong field: {detail}"),
    "bad_spec": ("促销内容不对：{detail}", "Wrong promotion field: {detail}"),
    "bad_link": (
        "链接要以 https://、http:// 或 weixin:// 开头，只用英文字符，不超过 {limit} 个",
        "A link begins with https://, http:// or weixin://, in ASCII, {limit} characters at most",
    ),
    "unknown_type": ("没有这种消息：{type}", "No such message type: {type}"),
    "id_reused": ("这个编号已用于另一条消息", "This id already names another message"),
    "too_long": ("文字超过 {limit} 字：{field}", "Text over {limit} characters: {field}"),
    "too_large": ("内容超过 1 MiB", "Body over 1 MiB"),
    "own_source": (
        "这个来源是引擎自己的连接，别的电脑不能替它说",
        "This source is one of the engine's own connections; no other computer speaks for it",
    ),
    "answer_too_large": (
        "答案超过 {limit} MiB，走消息代理发不了；请问得少一些，或走工作室自己的门",
        "The answer is over {limit} MiB, too much for a broker; ask for less, or at the studio's own door",
    ),
    "too_deep": ("嵌套超过 {limit} 层", "Nested deeper than {limit} levels"),
    # pictures
    "no_picture": (
        "不是图片：只收 PNG、JPEG、WebP（看的是内容，不是文件名）",
        "No picture: PNG, JPEG and WebP are taken, told by what is in them and not by their name",
    ),
    "broken_picture": ("图片坏了，打不开", "The picture is broken"),
    "picture_too_large": ("图片超过 {limit} MiB", "A picture over {limit} MiB"),
    "too_many_pixels": (
        "图片太大：超过 {limit} 百万像素，或一边太长",
        "Too large a picture: over {limit} megapixels, or a side too long",
    ),
    "too_many_pictures": (
        "图片存满了：{limit} 张都还有商品在用",
        "No room for another picture: products show all of {limit}",
    ),
    "not_public": (
        "图片只从公网的 http、https 地址取，{host} 不是",
        "Pictures are fetched from public http and https addresses only; {host} is none",
    ),
    "fetch_failed": ("图片没取到：{why}", "The picture could not be fetched: {why}"),
    "bad_image": (
        "{product} 的图片：{why}",
        "The picture of {product}: {why}",
    ),
    "too_many_fetches": (
        "一次最多取 {limit} 个地址的图片",
        "At most {limit} addresses of pictures at once",
    ),
    "unauthorized": ("没有令牌或令牌不对", "No token, or a wrong one"),
    "forbidden": ("没有权限", "This seat may not do that"),
    "bad_host": ("只接受本机地址", "Only this machine's own address is served"),
    "bad_origin": ("不接受网页的请求", "Requests from web pages are refused"),
    "not_found": ("没有这个地址", "No such address"),
    "wrong_method": ("这个地址不接受这种请求", "This address does not take that method"),
    "only_playback": ("这是回看，什么都不能改", "This is a playback: nothing can be changed here"),
    "engine_stopped": ("引擎正在停止", "The engine is stopping"),
    "log_unreadable": ("记录的文件读不出来：{detail}", "The log cannot be read: {detail}"),
    "no_answer": ("没有在时限内回答，请再试一次", "It did not answer in time; try once more"),
    "took_too_long": (
        "这一页要算太久，没有算完；换个短一点的日期再看",
        "This page took too long to work out; ask for fewer days",
    ),
    "books_busy": (
        "同时要看账本的太多，过几秒再看",
        "Too many ask the books at once; ask again in a few seconds",
    ),
    "books_down": (
        "账本刚才断了，正在重新打开，过几秒再看；直播不受影响",
        "The books broke off and are being opened again; ask again in a few seconds. The room goes on",
    ),
    "books_of_another_version": (
        "已经装好 {detail} 版，引擎还是旧的：重新打开引擎后再看账本，正在播就等下播；直播不受影响",
        "Version {detail} is installed and the engine is still the one before: the books are there once the"
        " engine was started again, after the broadcast. The room goes on",
    ),
    "report_too_long": ("复盘要读的记录超过 {detail} 条", "The report would read over {detail} events"),
    "bug": ("程序出错，这一条没有执行", "A fault of the program; this was not carried out"),
    "no_such_key": ("没有这个键", "There is no such key"),
    "key_blocked": ("这个键现在不能按", "This key does nothing now"),
    "hold_longer": ("按住 {seconds} 秒", "Hold it for {seconds} s"),
    "too_many_surfaces": ("接的键盘太多了（最多 {limit} 个）", "Too many surfaces of keys (at most {limit})"),
    "inbox_full": ("来得太快，请稍后再发", "Too fast; send again shortly"),
    "cannot_write": (
        "写不进去，没有接受任何内容：{detail}",
        "Cannot write, nothing was accepted: {detail}",
    ),
    "expired": ("指令已过期，没有执行", "The command had expired and was not carried out"),
    "judge_later": (
        "要算的太多，这一条先不下结论；执行时照样会检查",
        "Too much to work out for a dry run; it is judged when it is carried out all the same",
    ),
    "bad_command_id": (
        "指令编号须为 1–64 个可打印 ASCII 字符",
        "A command id is 1-64 printable ASCII characters",
    ),
    # the store
    "room_lost": (
        "直播间的数据 room.db 不见了：密钥和 store.json 还在，所以不会新建一个空的。把 room.db 放回去，"
        "或者从备份恢复：liveconsole restore 备份文件 --data {folder}",
        "The room's data, room.db, is missing: its key and store.json are there, so no empty room takes its"
        " place. Put room.db back, or restore a backup: liveconsole restore BACKUP --data {folder}",
    ),
    "clock_right": ("房间的时间没有比电脑快，不用改", "The room's time is not ahead of the computer's"),
    # people
    "unknown_viewer": (
        "这个直播间里没有这个人的任何资料",
        "This room knows nothing of such a person",
    ),
    # room and broadcast
    "not_open": ("还没有开播", "The broadcast is not open"),
    "already_open": ("已经在直播", "The broadcast is already open"),
    "still_running": ("还有没结束的：{titles}", "Still running: {titles}"),
    "not_in_a_rehearsal": (
        "排练里不连接真实的店铺和控制台",
        "A rehearsal connects to no real shop and no console page",
    ),
    "no_past_in_a_rehearsal": (
        "排练里没有真的订单，不导入从前的订单",
        "A rehearsal has no real orders: those of the past are not brought in",
    ),
    "not_connected": ("还没有连接", "Not connected"),
    "not_a_rehearsal": ("这里是真直播间，不能用模拟平台", "This is a real room: no simulated platform here"),
    "only_rehearsal": (
        "这里是排练，只能用模拟平台",
        "This is a rehearsal: only its own platform serves here",
    ),
    "drill_not_here": (
        "演练只在排练里：这里是真直播间",
        "Drills run inside rehearsals only: this is a real room",
    ),
    "unknown_drill": ("没有这个演练：{drill}", "No such drill: {drill}"),
    "drill_runs": ("正在演练，先练完或者结束它", "A drill is running: finish it or end it first"),
    "no_drill": ("现在没有演练", "No drill is running"),
    "simulated_fact": ("模拟数据不能进真直播间", "Simulated facts never enter a real room"),
    "no_public_randomness": (
        "这台电脑上没有核对 drand 签名的库（pyblst），不能用公开随机",
        "The library that verifies drand (pyblst) is not on this computer: no public randomness here",
    ),
    # catalogue, cart
    "unknown_product": ("没有这个商品", "No such product"),
    "unknown_sku": ("没有这个规格", "No such SKU"),
    "sku_taken": ("规格 {sku} 已属于另一个商品", "SKU {sku} belongs to another product"),
    "stock_committed": (
        "{sku} 已承诺 {committed} 件，不能少于它",
        "{committed} units of {sku} are promised; stock cannot go below",
    ),
    "limit_taken": (
        "{sku} 本场已经卖了和承诺了 {committed} 件，上限不能更低",
        "This broadcast has sold or promised {committed} units of {sku}: the limit cannot be lower",
    ),
    "list_price_never_asked": (
        "{product} 的划线价 {listed} 元高于实际标过的最高价 {highest} 元，没有依据，不能用来比较"
        "（《明码标价和禁止价格欺诈规定》第十七条）",
        "The list price ¥{listed} of {product} is above the highest ever asked, ¥{highest}: "
        "no ground to compare with (Provisions on Marked Prices and Price Fraud, article 17)",
    ),
    "floor_lowered": (
        "这个席位不能调低底价：{product}",
        "This seat may not lower a price floor: {product}",
    ),
    "not_in_cart": ("购物车里没有这个商品", "This product is not in the cart"),
    "number_moved": ("{number} 号已经不是那个商品", "Number {number} is not that product any more"),
    "off_shelf": ("商品已下架", "The product is off the shelf"),
    "unqualified": (
        "{product} 不能讲解，也不能开促销：{lacks}（{rule}；条文以公布文本为准）",
        "{product} can be neither pinned nor sold in a promotion: {lacks} ({rule}; the published text"
        " prevails)",
    ),
    "not_reviewed": (
        "{what} 还没有通过三级审核，缺：{missing}（{article}；条文以公布文本为准）",
        "{what} has not passed its review, missing: {missing} ({article}; the published text prevails)",
    ),
    "nothing_to_review": ("没有要审核的文字：{subject}", "There is no text to review: {subject}"),
    "needs_name": ("法务审核要写姓名", "A lawyer's review needs the name"),
    "goods_fixed": (
        "专属价三天不变，{until} 后才能改",
        "A sharer's own prices stay for three days, until {until}",
    ),
    "unknown_plan": ("没有这场计划", "No such planned broadcast"),
    "unknown_right": ("没有这条授权", "No such licence on the list"),
    "unknown_violation": ("没有这张违规单", "No such violation card"),
    "in_use": ("促销正在用它：{cue}", "A promotion is using it: {cue}"),
    "unknown_segment": ("排品表里没有这一段", "No such segment in the rundown"),
    "segment_twice": ("同一段写了两次：{segment}", "The same segment twice: {segment}"),
    "nothing_next": ("后面没有商品了", "Nothing comes next"),
    "changed": ("内容已经变了，请再看一眼", "It has changed since you looked"),
    # cues
    "unknown_cue": ("没有这个促销", "No such promotion"),
    "cue_exists": ("这个编号已用过", "This id is already used"),
    "too_late": ("来不及：{status}", "Too late: {status}"),
    "already_fired": ("已经发出", "Already fired"),
    "not_approved": ("还没有审核", "Not approved yet"),
    "four_eyes": ("需要另一个人审核", "Another person must approve it"),
    "not_running": ("没有在进行", "It is not running"),
    "not_asked": ("没有要确认的", "Nothing waits for this confirmation"),
    "wrong_status": ("现在是「{status}」，不能这样做", "Not possible while it is {status}"),
    "wrong_kind": ("这不是{kind}", "It is not a {kind}"),
    "drawn_here": (
        "这个福袋由本机开奖，中奖人不用录入",
        "This bag is drawn here: nobody types its winners in",
    ),
    "drawn_there": (
        "这个福袋由平台开奖，谁参与由平台记",
        "This bag is drawn by the platform, which knows who enters",
    ),
    "corrected_once": (
        "中奖人已经更正过一次，不能再改",
        "The winners were corrected once; they stay as they are",
    ),
    "two_of_that_name": (
        "有 {count} 个「{name}」还没确认，先在平台上分清",
        "{count} winners called {name} wait: tell them apart at the platform first",
    ),
    "needs_reason": ("福袋中止要写原因，会公示", "Stopping a lucky bag needs a reason, which is shown"),
    "wrong_countdown": (
        "说好的时间没开满就会开奖：手机上还剩的时间应在 {least} 到 {most} 秒之间",
        "It would draw before its announced time: the phone can show {least} to {most} s",
    ),
    "overlap": ("与正在进行的促销冲突：{cue}", "Overlaps a running promotion: {cue}"),
    "in_the_past": ("时间已过", "That time has passed"),
    "no_such_way": ("这个办法现在用不上了，看新的", "That way is open no more: look at the new ones"),
    "not_shown_yet": (
        "先讲「{product}」，讲过才能开抢",
        "Pin “{product}” first: it cannot be fired before",
    ),
    "cannot_repeat": ("讲解不能按点重复", "A pin cannot come again on a beat"),
    "repeat_too_close": (
        "每 {minutes} 分钟一场，一场却要 {seconds} 秒：间隔放长，或单场缩短",
        "Every {minutes} min is too close for a round of {seconds} s: a longer beat, or shorter rounds",
    ),
    "below_price_floor": (
        "最低到手 {final} 元，低于底价 {floor} 元（{combination}）",
        "Lowest price ¥{final} is below the floor ¥{floor} ({combination})",
    ),
    "dearer_than_shop": (
        "秒杀价 {sale} 元，原价只要 {price} 元（{cue}）：先结束秒杀，或改低秒杀价",
        "The sale asks ¥{sale}, the shop only ¥{price} ({cue}): end the sale or lower its price",
    ),
    "dearer_together": (
        "组合价 {price} 元，分开买只要 {apart} 元",
        "The bundle asks ¥{price}, its goods by themselves ¥{apart}",
    ),
    "not_whole": ("凑不成一整套：还缺 {sku}", "The lines make no whole bundle: {sku} is missing"),
    "over_stock": ("库存只有 {available} 件", "Only {available} units are free"),
    "no_consent": ("他没有同意", "He has not agreed"),
    "unknown_review": ("没有这条评价", "No such review"),
    "words_in_review": (
        "不能放上画面：里面有「{words}」",
        "It cannot go on the picture: it has {words} in it",
    ),
    "only_a_name": (
        "只知道名字，没有编号：可能是两个人，不能入会",
        "Only a name is known and no id: two people may be behind it, so nobody joins",
    ),
    "no_member": ("他还不是会员", "He is no member yet"),
    "too_few_points": ("积分不够：只有 {points} 分，要用 {asked} 分", "Too few points: {points} for {asked}"),
    "balance_left": (
        "储值还有 {balance} 元：先退给他",
        "¥{balance} of his deposit are left: give them back first",
    ),
    "balance_short": ("储值不够：只有 {balance} 元", "The deposit is short: ¥{balance} are there"),
    "over_limit": ("超过上限：{detail}", "Over the limit: {detail}"),
    "audience_unchecked": (
        "没有人能核对谁是{audience}：平台不管，也没有来源会说，就不能只给他们",
        "Nobody can check who counts as {audience}: neither the platform nor a source tells, so it cannot be"
        " kept for them",
    ),
    "over_budget": (
        "超出本场预算 {over} 元（预算 {budget} 元，超了不许发）",
        "¥{over} beyond the broadcast's budget of ¥{budget}, which was set as a limit",
    ),
    # sales, coupons, bags, orders
    "not_for_you": ("只给{audience}", "Only for {audience}"),
    "not_in_list": ("不在接龙名单里", "Not on the list"),
    "place_bought": ("这个位置已经下单了", "This place has ordered already"),
    "not_on_air": ("没有在进行", "It is not on air"),
    "sold_out": ("已抢完", "Sold out"),
    "buyer_limit": ("每人限 {limit} 件", "{limit} per buyer"),
    "broadcast_limit": (
        "本场上限 {limit} 件，还能卖 {available} 件",
        "The limit of this broadcast is {limit} units: {available} left",
    ),
    "broadcast_buyer_limit": (
        "本场每人最多 {limit} 件，已经有 {bought} 件",
        "{limit} per buyer in this broadcast; {bought} bought already",
    ),
    "amount_too_large": (
        "这一单的金额太大了（最多 100 亿元）",
        "The order comes to too much (¥10,000,000,000 at most)",
    ),
    "stock_short": ("库存不够，只剩 {available} 件", "Not enough stock: {available} left"),
    "group_needed": ("拼团下单要带团号", "An order of a group buy names its group"),
    "groups_taken": ("{groups} 个团都开了，加入别的团吧", "All {groups} groups are open: join one of them"),
    "group_full": ("这个团满了", "This group is full"),
    "already_joined": ("已经在这个团里", "Already in this group"),
    "not_reached": ("还差 {missing} 个人", "{missing} people are missing"),
    "exhausted": ("已领完", "All claimed"),
    "already_claimed": ("已经领过", "Already claimed"),
    "unknown_coupon": ("没有这张券", "No such coupon"),
    "coupon_used": ("这张券已用过", "This coupon is used"),
    "coupon_expired": ("这张券已过期", "This coupon has expired"),
    "coupon_not_yours": ("这张券不属于这个买家", "This coupon belongs to somebody else"),
    "coupon_threshold": ("没到用券门槛", "The order does not reach the coupon's threshold"),
    "order_exists": ("订单号已用过", "This order id is taken"),
    "not_a_winner": ("这个人没有中奖", "This viewer did not win"),
    "already_settled": ("已经处理过", "Already settled"),
    "claim_over": ("领奖时间已过", "The time to claim is over"),
    # after the order
    "unknown_order": ("没有这个订单", "No such order"),
    "unknown_case": ("没有这个售后", "No such after-sale"),
    "case_over": ("这个售后已经结束了", "This after-sale is over"),
    "order_over": ("这个订单已经到了下一步，不能这样做了", "The order is beyond that already"),
    "already_shipped": ("这个订单已经发货了", "This order was shipped already"),
    "already_asked": ("已经提交过，还没有结果", "It was asked for already, and is not settled"),
    "not_paid": ("这个订单还没付款", "This order is not paid"),
    "not_bought": ("订单里这个规格只有 {units} 件", "The order has only {units} of this SKU"),
    "not_lower": ("只能改低：现在是 {price} 元", "A price may only go down: it is ¥{price}"),
    "beyond_paid": ("最多还能退 {most} 元", "At most ¥{most} may still go back"),
    # why a promotion ended or did not start (`reason` of an event): nobody was refused anything
    "oversold": ("超卖", "Oversold"),
    "group_unfilled": ("没成团", "Its group was not full in time"),
    "replaced": ("换了讲解", "Another product is pinned now"),
    "no_product": ("这一段不讲商品", "This segment is about no product"),
    "closed": ("下播", "The broadcast was closed"),
    "late": ("过了时间 30 秒以上", "More than 30 seconds late"),
    "removed": ("移出购物车", "Taken out of the cart"),
    "confirmed_not_done": ("人工确认没有成功", "A person said that it was not done"),
    "restored": (
        "直播间是从备份恢复的，这次抽奖作废",
        "The room was restored from a backup: this draw is void",
    ),
    "secret_lost": ("抽奖用的随机数丢失，没有开奖", "The draw's random value was lost: nothing was drawn"),
    "proposal_expired": ("提议过期，没有人处理", "The proposal was not decided in time"),
    "followed": ("已关注", "Follows now"),
    "not_shared": ("还没有共享给别的电脑或手机", "The room is not shared with other computers"),
    "no_address": (
        "这台电脑没有内网地址：先连上工作室的网络",
        "This computer has no address in a network of its own: connect it to the studio's first",
    ),
    "not_an_address": ("这台电脑没有这个地址：{address}", "This computer has no such address: {address}"),
    "public_address": (
        "{address} 是公网地址：只在工作室的内网里共享",
        "{address} is a public address: a room is shared inside the studio alone",
    ),
    "cannot_listen": ("这个地址用不了：{detail}", "This address cannot be used: {detail}"),
    "clock_off": (
        "证书按这台电脑的时钟还没生效或已过期：先看看两台电脑的日期和时间对不对",
        "By this computer's clock the certificate is not valid yet, or no more: look at both clocks first",
    ),
    "no_broker": (
        "这个直播间没有用消息代理，或者这把钥匙已经是别的席位的",
        "This room is at no broker, or the key is another seat's already",
    ),
    "broker_away": (
        "消息代理连不上，这个席位走工作室自己的门；以后再试：liveconsole nats seat",
        "The broker is not reached: this seat goes by the studio's own door; later: liveconsole nats seat",
    ),
    "bad_nats_url": (
        "消息代理的地址要像 tls://192.168.1.20:4222 这样写",
        "A broker's address is written like tls://192.168.1.20:4222",
    ),
    "nats_password": (
        "消息代理的地址里不能有密码：席位和引擎各有一把钥匙",
        "No password stands in a broker's address: seats and engines have a key each",
    ),
    "nats_in_clear": (
        "到别的电脑的消息代理要用 tls://，明文只能在本机",
        "A broker on another computer is reached by tls://; in the clear only on this one",
    ),
    "nats_missing": (
        "没有装连接消息代理的部件：pip install 'live-room-console[nats]'",
        "The part that speaks to a broker is not installed: pip install 'live-room-console[nats]'",
    ),
    "nats_no_authority": (
        "不知道该信任哪张证书：用 --nats-ca 指出消息代理的证书文件",
        "Nobody knows which certificate to trust: name the broker's with --nats-ca",
    ),
    "unknown_ask": ("没有人在这样问，或者已经过时了", "Nobody asks so, or not any more"),
    "unknown_seat": ("没有这个席位", "There is no such seat"),
    "too_many_seats": (
        "席位满了：最多 {limit} 个，先移除一个",
        "No seat is free: {limit} at most, remove one first",
    ),
    "too_many_asks": ("等着的太多了，过一会儿再来", "Too many are waiting, come back in a while"),
    "wrong_code": ("加入码不对，或者已经用过、过期了", "The code is wrong, was used or has expired"),
    "no_phones": ("这次只让电脑加入", "Only computers may join this time"),
    "seat_removed": ("这个席位被移除了", "This seat was removed"),
    "not_taken": ("承诺和揭示不一致", "What was revealed is not what was committed to"),
    "halted": ("全停，后面的不发", "Stopped all: no other bag opens"),
    "no_prize_left": ("奖品不够了，后面的不发", "Too few prizes are left: no other bag opens"),
    "won_already": ("这场福袋雨里已经中过一个", "Has won another bag of this series"),
}
"""code → (zh, en); ``{…}`` are names in ``params``."""


_NAMES: Final = {
    code: frozenset(name for name in ("cue", "product", "sku", "segment") if f"{{{name}}}" in texts[0])
    for code, texts in TEXTS.items()
}


class Refused(Struct, frozen=True):
    """A no. ``code`` is one of ``TEXTS``; ``params`` hold what its text needs, ids and figures."""

    code: str
    params: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """The Chinese sentence."""
        return word(self.code, self.params)


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


_UNNAMED: Final = {
    "cue": ("一个促销", "a promotion"),
    "product": ("这个商品", "this product"),
    "sku": ("这个规格", "this SKU"),
    "segment": ("这一段", "this segment"),
}
"""What stands where nobody knows the title: never an id, which is for programs."""


def names_in(code: str, params: Mapping[str, Any]) -> frozenset[str]:
    """Return which titles the sentence of a refusal names: ``cue``, ``product``, ``sku``, ``segment``."""
    return _NAMES.get(str(params.get("because", "")), None) or _NAMES.get(code, frozenset())


_OF_THE_STORE: Final = frozenset({"cannot_write", "log_unreadable"})
"""Their detail is what a store says, which begins with a word of its own."""


def word(code: str, params: dict[str, Any], *, english: bool = False) -> str:
    """Return the sentence of a code; an unknown code is shown as itself.

    ``params["because"]`` may name a second code whose sentence says more: the contract's code stays what
    programs read, and the person reads what was in the way. Of what is words itself, ``…_en`` is the English.
    """
    if english:
        params = params | {k.removesuffix("_en"): v for k, v in params.items() if k.endswith("_en")}
    if (status := STATUS_WORDS.get(params.get("status", ""))) is not None:
        params = params | {"status": status[english]}
    if (spec := SPECS.get(str(params.get("kind", "")))) is not None:
        params = params | {"kind": spec.title[english]}
    for name in names_in(code, params):
        params = {name: _UNNAMED[name][english]} | params
    if code in _OF_THE_STORE:
        params = params | {"detail": why_unwritten(str(params.get("detail", "")), english=english)}
    zh, en = TEXTS.get(params.get("because", ""), None) or TEXTS.get(code, (code, code))
    return (en if english else zh).format_map(_Gaps(params))
