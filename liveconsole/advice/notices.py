"""What a platform allows, said in words: one notice, and the figures in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from liveconsole.views.money import parse_yuan

Number = int | float | str
"""A figure as the file has it."""


class LimitNotice(Struct, frozen=True):
    """``code`` is the limit's name in the file; ``missing``: how much is missing, as shown, or empty."""

    code: str
    zh: str
    en: str
    missing: str = ""


def hours(hours_max: Number | None, seconds: int) -> Iterator[LimitNotice]:
    if hours_max is None or seconds <= (most := round(number(hours_max) * 3600)):
        return
    over, hours = lasts(seconds - most), plain(hours_max)
    yield LimitNotice(
        "hours_max",
        f"最长 {hours} 小时，超出 {over[0]}",
        f"At most {hours} hours: {over[1]} too long",
        over[0],
    )


def number(value: Number | Decimal) -> Decimal:
    return Decimal(str(value))


def plain(value: Number | Decimal) -> str:
    text = f"{number(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fen_of(value: Number) -> int:
    return parse_yuan(str(value))


def part_of(fen: int, zhe: Number) -> int:
    """So many tenths of an amount, in whole 分 downwards."""
    return int((fen * number(zhe) / 10).to_integral_value("ROUND_FLOOR"))


def lasts(seconds: int) -> tuple[str, str]:
    parts: Sequence[tuple[int, str, str]] = ((3600, "小时", "h"), (60, "分钟", "min"), (1, "秒", "s"))
    zh, en = [], []
    for size, zh_unit, en_unit in parts:
        count, seconds = divmod(seconds, size)
        if count:
            zh.append(f"{count} {zh_unit}")
            en.append(f"{count} {en_unit}")
    return " ".join(zh), " ".join(en)
