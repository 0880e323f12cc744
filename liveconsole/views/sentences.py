"""口播卡: every promotion as one plain sentence to read out, and as one line to copy. Pure.

Names come from outside: plain text only. The Chinese sentence and the line can both be read back by
`one_line.read`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.audiences import badge, countdown_words
from liveconsole.views.goods import Goods
from liveconsole.views.kinds import WORDS
from liveconsole.views.phrases import spoken

__all__ = ["MOST_CONDITIONS", "Card", "card", "spoken"]

MOST_CONDITIONS: Final = 2


class Card(Struct, frozen=True):
    """``conditions`` are what a viewer must meet beyond coming in time; above two, ``warning_zh`` and
    ``warning_en`` say that nobody will keep them in mind (else empty)."""

    zh: str
    en: str
    line: str
    conditions: list[tuple[str, str]]
    warning_zh: str
    warning_en: str


def said_short(spec: Mapping[str, Any]) -> str:
    """Return what a line says of it behind all else, as `one_line` takes it back."""
    name, seconds = spec.get("audience"), spec.get("countdown_seconds")
    return (f" {badge(name)}" if name else "") + (f" 倒数{seconds}秒" if seconds else "")


def card(kind: str, spec: Mapping[str, Any], goods: Goods) -> Card:
    """``spec`` as in the state. A product that is not in the cart is named by its id."""
    words = WORDS[kind]
    zh, en = words.sentence(spec, goods)
    conditions = words.conditions(spec)
    if name := spec.get("audience"):
        conditions = [(badge(name), badge(name, english=True)), *conditions]
        zh, en = f"{badge(name)}：{zh}", f"{badge(name, english=True)}: {en}"
    if seconds := spec.get("countdown_seconds"):
        said_zh, said_en = countdown_words(seconds)
        zh, en = f"{zh}{said_zh}。", f"{en} It {said_en}."
    many = len(conditions) > MOST_CONDITIONS
    listed_zh, listed_en = "、".join(c[0] for c in conditions), ", ".join(c[1] for c in conditions)
    return Card(
        zh,
        en,
        words.line(spec, goods) + said_short(spec),
        conditions,
        f"条件有 {len(conditions)} 个（{listed_zh}），观众记不住，最好不超过两个" if many else "",
        f"{len(conditions)} conditions ({listed_en}): more than viewers keep in mind" if many else "",
    )
