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
}
