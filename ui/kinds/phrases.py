"""What several kinds say in the same words."""

from __future__ import annotations

from datetime import datetime

from liveconsole.messages import wording
from liveconsole.messages.specs import CouponRule
from liveconsole.messages.state import CueState
from ui.clean import clean
from ui.i18n import language, t
from ui.kinds.kind import Shop


def said(words: tuple[str, str]) -> str:
    """A pair of Chinese and English in the language of the desk."""
    return words[language() == "en"]


def number(value: int | None) -> str:
    """A figure, ``—`` for one that nobody reported."""
    return "—" if value is None else f"{value:,}"


def span(seconds: int) -> str:
    """How long something lasts, in the largest unit that it is whole in: ``3 天``, ``24 小时``, ``10 分钟``,
    ``45 秒``."""
    if seconds >= 2 * 86_400 and seconds % 86_400 == 0:
        return t("{n} 天", n=seconds // 86_400)
    if seconds >= 3600 and seconds % 3600 == 0:
        return t("{n} 小时", n=seconds // 3600)
    if seconds >= 60 and seconds % 60 == 0:
        return t("{n} 分钟", n=seconds // 60)
    if seconds > 60:
        return t("{m} 分 {s} 秒", m=seconds // 60, s=seconds % 60)
    return t("{n} 秒", n=seconds)


def label(product_id: str, room: Shop) -> str:
    """``3 号`` when it is in the cart, else its title."""
    found = room.numbers.get(product_id)
    return t("{numbers} 号", numbers=found) if found is not None else clean(room.title(product_id), 200)


def about(product_ids: list[str], room: Shop) -> str:
    """``3 号、4 号``."""
    return t("、").join(label(product_id, room) for product_id in product_ids)


def rule_words(rule: CouponRule) -> str:
    """A coupon's rule: ``满 199 减 20``, ``直减 8``, ``8.5 折``."""
    return said(wording.rule_words(rule))


def between(cue: CueState) -> bool:
    """Whether one bag of a series is over and the next has not opened."""
    series = cue.series
    return (
        series is not None
        and series.more
        and all(bag.status in ("drawn", "over") for bag in series.bags[-1:])
    )


def clock_of(cue: CueState) -> tuple[datetime | None, datetime | None]:
    """From when to when its clock runs: of a series that of the present bag, or of the wait for the next."""
    if cue.status != "on_air":
        return cue.on_air_at, None
    series = cue.series
    if series is None or not series.bags:
        return cue.on_air_at, cue.ends_at
    bag = series.bags[-1]
    return (bag.ends_at, series.next_at) if between(cue) else (bag.opened_at, cue.ends_at)
