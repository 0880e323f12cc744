"""Pieces that a promotion's words are made of: goods by their number, times, prices, names on one line. Pure.

What comes from outside stays plain text.
"""

from __future__ import annotations

from typing import Final

from liveconsole.messages.wording import plain_yuan, short_yuan
from liveconsole.views.goods import Goods

__all__ = [
    "named", "one_line", "plain_yuan", "quoted", "ref", "ref_en", "short_time", "short_yuan", "spoken",
    "tight_time",
]  # fmt: skip

_UNITS: Final = ((86_400, "天", "d"), (3_600, "小时", "h"), (60, "分钟", "min"), (1, "秒", "s"))


def one_line(text: object) -> str:
    """Return a name from outside on one line."""
    return " ".join(str(text or "").split())


def quoted(text: object) -> str:
    """On one line, between marks that it does not hold itself."""
    return f"「{one_line(text).replace('「', '『').replace('」', '』')}」"


def spoken(seconds: int, *, english: bool = False) -> str:
    """5400 → 「1 小时 30 分钟」."""
    parts = []
    for size, zh, en in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {en if english else zh}")
    return " ".join(parts)


def tight_time(seconds: int) -> str:
    """As one line takes it: 「5分钟」."""
    return spoken(seconds).replace(" ", "")


LONG_SECONDS: Final = 100
"""From here on nobody sees at a glance how many minutes so many seconds are."""


def short_time(seconds: int) -> tuple[str, str]:
    """As a form at the platform asks for it: whole minutes, seconds below `LONG_SECONDS`, else both."""
    minutes, rest = divmod(seconds, 60)
    if minutes and not rest:
        return f"{minutes} 分钟", f"{minutes} min"
    if seconds < LONG_SECONDS:
        return f"{seconds} 秒", f"{seconds} s"
    return f"{minutes} 分 {rest} 秒", f"{minutes} min {rest} s"


def ref(product_id: str, goods: Goods) -> str:
    """Return a product as one line takes it: by its number in the cart, else by its id."""
    number = goods.number_of(product_id)
    return f"{number}号" if number is not None else f"编号「{product_id}」"


def ref_en(product_id: str, goods: Goods) -> str:
    number = goods.number_of(product_id)
    return f"no. {number}" if number is not None else product_id


def named(product_id: str, goods: Goods) -> tuple[str, str]:
    """Return a product as it is said: number and title."""
    good, number = goods.products.get(product_id), goods.number_of(product_id)
    title = " ".join((good.title if good is not None else product_id).split())
    if number is None:
        return f"编号「{product_id}」{title}", title
    return f"{number} 号 {title}", f"no. {number} {title}"
