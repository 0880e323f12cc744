"""What the shop window calls groups, cases, clocks and acts, and the look of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from liveconsole.messages.cases import BothWords, CaseClock, CaseRow
from ui.i18n import language, t
from ui.widgets.when import clock, countdown

SOON: Final = timedelta(hours=4)
"""Within this a clock is amber, beyond it is grey."""
_DAY: Final = 86_400


class GroupLook(NamedTuple):
    """A group of the list on the left. ``part``: the heading above it; Chinese source texts."""

    group: str
    part: str
    icon: str
    name: str
    empty: str
    """What the list says when nothing is in it."""


GROUPS: Final = (
    GroupLook("urgent", "", "warn", "要先处理", "四小时内没有到时的：不急"),
    GroupLook("unpaid", "交易", "card", "待付款 · 催付", "没有等付款的单"),
    GroupLook("to_ship", "交易", "truck", "待发货", "没有等发货的单"),
    GroupLook("stuck", "物流", "warn", "异常件", "没有不动的包裹"),
    GroupLook("moving", "物流", "truck", "派送中", "没有在路上的包裹"),
    GroupLook("first_answer", "售后", "clock", "先回一句", "没有等着先回一句的"),
    GroupLook("solution", "售后", "undo", "处理完", "没有等着处理完的"),
    GroupLook("dispute", "售后", "info", "平台介入", "没有平台介入的"),
    GroupLook("review", "评价", "star", "待回评价", "没有等着回的评价"),
    GroupLook("shown", "评价", "comment", "晒单", "没有这样的评价"),
    GroupLook("stories", "评价", "people", "故事", "还没有人讲故事；按 C 写口令，开始收"),
    GroupLook("all", "全部", "search", "全部订单", "没有这样的订单"),
)


class CaseLook(NamedTuple):
    """How a kind of case is shown. ``name`` is a Chinese source text."""

    icon: str
    name: str
    tone: str


CASES: Final = {
    "refund": CaseLook("undo", "仅退款", "fg1"),
    "return": CaseLook("undo", "退货退款", "fg1"),
    "exchange": CaseLook("undo", "换货", "fg1"),
    "resend": CaseLook("undo", "补发", "fg1"),
    "dispute": CaseLook("info", "平台介入", "live"),
    "unpaid": CaseLook("card", "待付款", "warn"),
    "to_ship": CaseLook("truck", "待发货", "accent"),
    "stuck": CaseLook("truck", "物流停滞", "warn"),
    "moving": CaseLook("truck", "派送中", "fg1"),
    "review": CaseLook("star", "待回评价", "fg1"),
    "story": CaseLook("people", "故事", "fg1"),
}
STATES: Final[Mapping[str, CaseLook]] = {
    "unpaid": CaseLook("card", "待付款", "warn"),
    "to_ship": CaseLook("truck", "待发货", "accent"),
    "shipped": CaseLook("truck", "已发货", "fg1"),
    "out_for_delivery": CaseLook("truck", "派送中", "fg1"),
    "exception": CaseLook("warn", "异常件", "warn"),
    "delivered": CaseLook("check", "已签收", "fg1"),
    "done": CaseLook("check", "完成", "fg1"),
    "closed": CaseLook("cross", "交易关闭", "fg1"),
}
"""In their order; `order_pages.OrderState` → how it looks."""
STATUSES: Final = {
    "asked": "刚提出",
    "seller": "等我们处理",
    "buyer": "等买家",
    "returned": "已收到退货",
    "refunded": "已退款",
    "rejected": "已拒绝",
    "closed": "已关闭",
    "platform": "平台在裁决",
    "exception": "派送失败",
    "in_transit": "在路上",
    "out_for_delivery": "在派送",
    "shipped": "已发出",
    "delivered": "已签收",
}
ACTS: Final = {
    "accept": "同意",
    "reject": "拒绝",
    "answer": "已回买家",
    "compensate": "补偿",
    "resend": "补发",
    "ship": "发货",
    "remark": "写备注",
    "price": "改价",
}
ASKS: Final = {
    "owed": ("请在小店后台做", "warn"),
    "sent": ("已发给小店，等回话", "fg1"),
    "done": ("小店已办", "ok"),
    "refused": ("小店没同意", "live"),
    "unknown": ("小店没回话，不知成没成", "warn"),
}
WAY: Final = {
    "placed": "下单",
    "paid": "付款",
    "shipped": "发货",
    "delivering": "派送",
    "delivered": "签收",
    "aftersale": "售后",
}
SOURCES: Final = {"order": "订单", "shipment": "物流", "aftersale": "售后", "review": "评价"}
_WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def both(words: BothWords) -> str:
    """A text of an editable file, in the language of this desk."""
    return words.en if language() == "en" else words.zh


def look_of(row: CaseRow) -> CaseLook:
    """The look of a case; one of a kind that this desk does not know is shown as it was sent."""
    look = CASES.get(row.kind) or STATES.get(row.kind) or CaseLook("undo", row.kind, "fg1")
    if row.kind == "review" and row.stars is not None:
        worst = row.stars <= 2
        return look._replace(name=t("{n} 星评价", n=row.stars), tone="warn" if worst else "fg1")
    if row.clock is not None and row.clock.rule == "first_answer":
        return look._replace(name=t(look.name), tone="live")
    return look._replace(name=t(look.name))


def why_here(row: CaseRow) -> str:
    """The second line beside the state: the reason as the source has it, else where it stands."""
    return row.reason or row.note or (t(STATUSES[row.status]) if row.status in STATUSES else row.status)


def span(seconds: float) -> str:
    """A rule's own length: ``15 分钟``, ``48 小时``, ``7 天``."""
    if seconds < 3600:
        return t("{n} 分钟", n=round(seconds / 60))
    if seconds <= 3 * _DAY:
        return t("{n} 小时", n=round(seconds / 3600))
    return t("{n} 天", n=round(seconds / _DAY))


def rule_words(row_clock: CaseClock) -> str:
    """What a clock waits for, under it."""
    n = span((row_clock.due_at - row_clock.begins_at).total_seconds())
    words = {
        "pay": "{n}不付就关单",
        "ship": "付款后 {n}内发",
        "first_answer": "{n}内先回一句",
        "fast_refund": "没发货，{n}内退钱",
        "solution": "{n}内处理完",
        "make_good": "{n}内先赔给买家",
        "dispute": "平台裁决，按工作日",
        "platform": "平台定的时限",
        "call_back": "{n}内给买家回话",
        "reply": "{n}内回",
    }
    return t(words[row_clock.rule], n=n)


def left_words(due_at: datetime, now: datetime) -> str:
    """How much is left as it is read at a glance; what is over is said so."""
    left = (due_at - now).total_seconds()
    if left < 0:
        return t("过了 {past}", past=_long(-left) or clock(-left))
    return _long(left) or countdown(left)


def _long(seconds: float) -> str:
    """From three days on in days, from ten hours on in hours."""
    if seconds >= 3 * _DAY:
        return t("{n} 天", n=int(seconds // _DAY))
    return t("{n} 小时", n=int(seconds // 3600)) if seconds >= 36_000 else ""


def left_tone(row_clock: CaseClock, now: datetime) -> str:
    """Red is the first answer and what is over, amber the others within four hours."""
    left = row_clock.due_at - now
    if row_clock.rule == "first_answer" or left < timedelta():
        return "live"
    return "warn" if left <= SOON else "fg1"


def day_and_time(at: datetime, now: datetime) -> tuple[str, str]:
    """A moment in two short lines: the day, or its name within a week, and the time."""
    here, today = at.astimezone(), now.astimezone()
    apart = (today.date() - here.date()).days
    if apart == 0:
        day = t("今天")
    elif 0 < apart < 7:
        day = t(_WEEKDAYS[here.weekday()])
    else:
        day = f"{here.month}-{here.day:02}"
    return day, f"{here.hour:02}:{here.minute:02}"


def moment(at: datetime, now: datetime) -> str:
    """A moment in a sentence."""
    return " ".join(day_and_time(at, now))
