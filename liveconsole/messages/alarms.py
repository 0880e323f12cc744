"""Alarms: what somebody has to see to, the worst first, and what the keys that mend it say."""

from __future__ import annotations

from typing import Any, Final

ALARMS: Final[dict[str, tuple[str, str]]] = {
    "cannot_write": ("写不进磁盘，指令没有接受", "Cannot write to disk: no command is accepted"),
    "trouble": ("引擎有问题：{trouble}", "The engine is in trouble: {trouble}"),
    "floor_broken": (
        "{title}：最低到手 {final} 元，低于底价 {floor} 元（{combination}）",
        "{title}: can be had for ¥{final}, below the floor of ¥{floor} ({combination})",
    ),
    "below_promise": (
        "订单 {order_id} 只收 {asked} 元，比承诺的 {promised} 元便宜 {by} 元{layers}{more}{todo}",
        "Order {order_id} came to ¥{asked}, ¥{by} less than the promised ¥{promised}{layers}{more}{todo}",
    ),
    "above_promise": (
        "订单 {order_id} 收了 {asked} 元，比承诺的 {promised} 元贵 {by} 元{more}{todo}",
        "Order {order_id} came to ¥{asked}, ¥{by} more than the promised ¥{promised}{more}{todo}",
    ),
    "oversold": ("超卖 {units} 件", "{units} units oversold"),
    "limit_passed": (
        "「{title}」平台卖了 {taken} 件，本场上限 {limit} 件",
        "The platform sold {taken} of {title}, the broadcast's limit is {limit}",
    ),
    "unqualified": (
        "正在讲解的「{title}」缺资质：{lacks}（{rule}）",
        "{title} is pinned and lacks: {lacks} ({rule})",
    ),
    "coupon_overused": (
        "订单 {order_id} 用的券已经在订单 {other_id} 用了",
        "Order {order_id} was paid with a coupon that order {other_id} has used",
    ),
    "group_refunds": (
        "没成团：{count} 单付了 {yuan} 元，还没退",
        "Groups that were not full: {count} orders paid ¥{yuan} that have not gone back",
    ),
    "asks_more": (
        "平台卖得比设的多 {units} 件：加过单？",
        "The platform sold {units} more than were set: were units added?",
    ),
    "budget_over": (
        "本场让利 {used} 元，超出预算 {limit} 元（{percent}%）",
        "¥{used} given away: the broadcast's budget of ¥{limit} is used up ({percent} %)",
    ),
    "unknown": ("平台没有回应，不知道有没有开始", "No answer: nobody knows whether it began"),
    "log_damaged": ("记录的文件有一处读不出来", "A part of the log cannot be read"),
    "clock": ("{what} {seconds} 秒{so}", "{what} {seconds} seconds{so}"),
    "unknown_cue": (
        "平台上有 {count} 个这里没有的促销：{cue_ids}",
        "{count} promotions at the platform that nobody here made: {cue_ids}",
    ),
    "owed_end": ("已经结束，平台上还没有结束", "Over here, and still to be ended at the platform"),
    "owed_start": ("等平台上开始", "To be started at the platform"),
    "ask_unknown": (
        "小店没有回应 {count} 件事，不知道做了没有",
        "The shop did not answer for {count} of what it was asked: nobody knows whether it was done",
    ),
    "cases_overdue": (
        "{count} 件超过时限还没处理，最早的：{what}",
        "{count} beyond their time and not seen to, the first: {what}",
    ),
    "budget_near": (
        "本场让利 {used} 元，预算 {limit} 元用了 {percent}%",
        "¥{used} given away: {percent} % of the broadcast's budget of ¥{limit}",
    ),
    "backup": ("自动备份没有做成：{why}", "The backup on a schedule failed: {why_en}"),
    "connection": ("{name}：{what}", "{name}: {what}"),
    "stale_source": ("{name} 没有数据了", "Nothing more comes from {name}"),
    "mute_owed": (
        "{count} 个人这里已经处理，平台上还没有",
        "{count} viewers were seen to here, and not yet at the platform",
    ),
    "asks_owed": (
        "{count} 件要在小店后台做的事还没有人做",
        "{count} things are still to be done in the shop's back office",
    ),
    "question_waits": (
        "{people} 个人问的问题一直没有人答",
        "A question of {people} viewers has had no answer for long",
    ),
    "cases_soon": ("{count} 件快到时限，最早的：{what}", "{count} will soon be due, the first: {what}"),
}  # fmt: skip
"""code → (zh, en), in the order in which they stand on a seat."""

HELPS: Final[dict[str, tuple[str, str]]] = {
    "cannot_write": (
        "新的评论、订单和命令都没有收下，已收下的都在。腾出硬盘空间（直播间在数据库里的，看那台服务器），"
        "之后自动继续",
        "New comments, orders and commands are not taken; what was taken is safe. Free some disk space, or"
        " see to the room's database: it goes on by itself",
    ),
    "limit_passed": (
        "多卖的已经卖了：平台上把库存改小，或者在购物车里放宽本场上限",
        "They are sold: lower the stock at the platform, or raise the limit from the cart",
    ),
    "backup": (
        "在设置的「自动备份」里看；它会自己再试，直播不受影响",
        "See Backups in the settings; it tries again by itself, and the broadcast is not touched",
    ),
    "trouble": ("下播后把日志交给支持", "Hand the log to support after the broadcast"),
    "log_damaged": (
        "直播可以继续，旧的记录有一页读不出来。下播后用备份恢复，原文件留着",
        "The broadcast can go on; a page of older records cannot be read. Restore a backup afterwards",
    ),
    "clock": (
        "把电脑的时间对准；已记下的时间不变",
        "Set the computer's time right; what was recorded keeps its times",
    ),
    "unknown_cue": (
        "没有计入任何促销；要停就在平台上停",
        "Counted to no promotion; stop it at the platform, if it must be",
    ),
    "coupon_overused": (
        "在平台上关掉这一单，或者退差价",
        "Close the order at the platform, or give the difference back",
    ),
    "group_refunds": (
        "手机上：微信小店 → 订单 → 找到这几单 → 退款；平台报了退款这条就走",
        "Refund these orders in the shop's list of orders; this goes when the platform tells of it",
    ),
    "unqualified": (
        "补上证号和图片之前先取消讲解",
        "Unpin it until number and picture are there",
    ),
    "oversold": ("在平台上补货，或者退款", "Restock at the platform, or give the money back"),
    "connection": (
        "打开「设置」里的「接入」，照那一行做；没好之前要做的都交给人",
        "Open Connections in the settings and do what its row says; until then a person does what it cannot",
    ),
    "mute_owed": (
        "打开「评论台」里的「禁言」，照那一行在手机上做",
        "Open Muted at the comment desk and do on the phone what its row says",
    ),
    "question_waits": (
        "看评论上方「正在问」，答了就记为已回答",
        "See what is asked now over the comments, and tick off what was answered",
    ),
    "ask_unknown": (
        "在小店后台看一眼做了没有，再到「店铺」窗口里点已做好或没做",
        "Look in the shop's back office whether it was done, then say so in the shop window",
    ),
    "asks_owed": (
        "在小店后台做好，再到「店铺」窗口里点已做好",
        "Do it in the shop's back office, then say so in the shop window",
    ),
    "cases_overdue": (
        "打开「店铺」窗口，从最上面一件做起",
        "Open the shop window and begin with the first",
    ),
    "cases_soon": (
        "打开「店铺」窗口，从最上面一件做起",
        "Open the shop window and begin with the first",
    ),
    "budget_over": (
        "停掉还在让利的促销，或者在「设置」里改预算",
        "Stop what still gives money away, or change the budget in the settings",
    ),
    "budget_near": (
        "后面的促销让少一点，或者在「设置」里改预算",
        "Give less in what comes, or change the budget in the settings",
    ),
    "stale_source": (
        "看看采集工具还开着没有；一有数据这条就走",
        "See whether the collector runs: this goes with its next word",
    ),
}  # fmt: skip
"""code → (zh, en): what helps where no key of this seat does."""

_ORDERED: Final[dict[str, tuple[str, str]]] = {
    "floor_broken": (
        "{title}：订单 {order_id} 每件只收 {final} 元，低于底价 {floor} 元{layers}{more}{todo}",
        "{title}: order {order_id} came to ¥{final} each, below the floor of ¥{floor}{layers}{more}{todo}",
    ),
}
"""What is said of a code that stands for orders as well as for what can be had."""

CLOCK_SET: Final = {
    "what": "电脑时间被改了",
    "what_en": "The computer's clock was set by",
    "so": "",
    "so_en": "",
}
CLOCK_AHEAD: Final = {
    "what": "房间的时间比电脑快",
    "what_en": "The room's time is ahead of the computer's by",
    "so": "，计划和指令都按错的时间算",
    "so_en": ": plans and commands go by the wrong one",
}
"""What is wrong with the time; the figure stands between."""

ACTS: Final[dict[str, tuple[str, str]]] = {
    "stop": ("停止", "Stop"),
    "drop_shop_coupon": ("去掉这张店铺券", "Take this shop coupon out"),
    "off_shelf": ("下架", "Take off the shelf"),
    "more": ("加过 {units} 件", "{units} more were added"),
    "add": ("加库存 {units} 件", "Add {units} units"),
    "began": ("已开始", "It began"),
    "not_begun": ("没有开始", "It did not"),
    "ended": ("已结束", "Done"),
    "seen_to": ("处理好了", "Seen to"),
    "unpin": ("取消讲解", "Unpin it"),
    "repair": ("改回电脑的时间", "Go by the computer's time"),
}
"""What the key says → (zh, en)."""


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def alarm_words(code: str, params: dict[str, Any], *, english: bool = False) -> str:
    """Return the sentence of an alarm; an unknown code is shown as itself."""
    if "order_id" not in params or "count" not in params:
        return _worded(ALARMS, code, params, english=english)
    return _worded(ALARMS | _ORDERED, code, _of_orders(params, english=english), english=english)


def _of_orders(params: dict[str, Any], *, english: bool) -> dict[str, Any]:
    """What is said behind the first order: which layers it has, how many more there are, what to do."""
    whole = dict(params)
    for name in ("layers", "todo"):
        whole[name] = params.get(f"{name}_en" if english else name, "")
        whole.pop(f"{name}_en", None)
    layers, todo, count, most = whole["layers"], whole["todo"], params["count"], params.get("most", "")
    if english:
        whole["layers"] = f" ({layers})" if layers else ""
        whole["more"] = f"; {count} orders, {most} at the most" if count > 1 else ""
        whole["todo"] = f". To do: {todo}" if todo else ""
    else:
        whole["layers"] = f"（{layers}）" if layers else ""
        whole["more"] = f"；共 {count} 单，最多差 {most} 元" if count > 1 else ""
        whole["todo"] = f"。要做：{todo}" if todo else ""
    return whole


def act_words(code: str, params: dict[str, Any], *, english: bool = False) -> str:
    """Return what the key of an act says."""
    return _worded(ACTS, code, params, english=english)


def todo_words(code: str, *, english: bool = False) -> str:
    """Return what a person does about an alarm where there is no key; ``""`` where a key says it."""
    return HELPS.get(code, ("", ""))[english]


def _worded(texts: dict[str, tuple[str, str]], code: str, params: dict[str, Any], *, english: bool) -> str:
    if english:
        params = params | {k.removesuffix("_en"): v for k, v in params.items() if k.endswith("_en")}
    zh, en = texts.get(code, (code, code))
    return (en if english else zh).format_map(_Gaps(params))
