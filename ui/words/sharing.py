"""A shared room in words. Labels of seats are text from outside."""

from __future__ import annotations

from datetime import datetime

from liveconsole.messages.sharing import AskState, SharedSeatState, SharingState
from ui.clean import clean
from ui.i18n import t
from ui.seat.session import ROLE_NAMES
from ui.widgets.when import age

KINDS = {"desk": "电脑", "phone": "手机", "tool": "采集工具"}
"""What asks, Chinese source text."""
BROKER_UNREAD = "消息代理还没读到新名单：刚移除的席位做不了什么，但可能还听得到；新来的进不来"
"""Where the broker runs and does not read its file, Chinese source text."""
ONLY_POSTS = "只能发来发生了什么，看不到直播间"
"""What a tool may do, whatever anybody chooses."""


def sign(sharing: SharingState) -> tuple[str, str, str]:
    """What the strip says, what it says in a narrow window, and the tone; empty where nothing is shared."""
    if sharing.asks:
        n = len(sharing.asks)
        return t("{n} 台要加入", n=n), t("加入 {n}", n=n), "warn"
    if not sharing.open:
        return "", "", "fg1"
    words = t("已共享 · {n} 个席位", n=sharing.here) if sharing.here else t("已共享")
    return words, t("共享 {n}", n=sharing.here), "accent"


def asks_words(ask: AskState) -> str:
    """Who wants in, in one line with the digits."""
    return t(
        "「{label}」（{kind}）要加入：{digits}",
        label=label_of(ask),
        kind=t(KINDS[ask.kind]),
        digits=spaced(ask.digits),
    )


def label_of(one: AskState | SharedSeatState) -> str:
    return clean(one.label, 20) or t("没有写名字")


def spaced(digits: str) -> str:
    """``483 291``."""
    return f"{digits[:3]} {digits[3:]}" if len(digits) == 6 else clean(digits, 12)


def role_words(seat: SharedSeatState) -> str:
    """What a seat may do."""
    if seat.kind == "tool":
        return t(ONLY_POSTS)
    role = t(ROLE_NAMES.get(seat.role, seat.role))
    if seat.role == "assistant" and seat.may_fire:
        role = t("{role}，可以开抢", role=role)
    if not seat.proved:
        role = t("{role}（没装证书：看不到名字）", role=role)
    return role


def here_words(seat: SharedSeatState, now: datetime) -> tuple[str, str]:
    """Whether it follows the room, else since when it was not heard; and the tone."""
    if seat.here:
        return t("在线"), "ok"
    if seat.last_word_at is None:
        return t("还没来过"), "fg2"
    return t("{age}前", age=age(max(0.0, (now - seat.last_word_at).total_seconds()))), "fg1"
