"""Money as people read and write it. Amounts are whole 分 everywhere; only here do they become text, or
come from it: ``yuan`` and ``yuan_short`` to be looked at, ``plain_yuan`` to be typed, ``parse_yuan`` back."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from liveconsole.messages.fields import FEN_MOST
from liveconsole.messages.wording import plain_yuan

__all__ = ["MOST_FEN", "NotMoney", "parse_yuan", "plain_yuan", "yuan", "yuan_short"]

MOST_FEN: Final = FEN_MOST
"""The bound of every money field at the door."""

_PLAIN: Final = re.compile(r"-?\d{1,13}(\.\d+)?|-?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_MARKS: Final = "¥￥$元块 \t"


class NotMoney(ValueError):
    """The text is no amount of 元 with at most two decimals; its message is a code: ``format``,
    ``negative``, ``decimals`` or ``large``."""


def parse_yuan(text: str) -> int:
    """分 of an amount such as ``59.9``, ``¥1,299.00``, ``５９元``. Never rounds: a third decimal that is
    not zero is an error, and so are signs, exponents and words.

    Raises:
        NotMoney: see there.
    """
    plain = unicodedata.normalize("NFKC", text).strip(_MARKS)
    if not _PLAIN.fullmatch(plain):
        raise NotMoney("format")
    fen = Decimal(plain.replace(",", "")) * 100
    if fen < 0:
        raise NotMoney("negative")
    if fen != fen.to_integral_value():
        raise NotMoney("decimals")
    if fen > MOST_FEN:
        raise NotMoney("large")
    return int(fen)


def yuan(fen: int) -> str:
    """``128000`` → ``¥1,280.00``: two places always, so that digits stand under digits."""
    whole, places = plain_yuan(abs(fen)).split(".")
    return f"{'-' if fen < 0 else ''}¥{int(whole):,}.{places}"


def yuan_short(fen: int) -> str:
    """``128000`` → ``¥1,280``, ``9950`` → ``¥99.50``: for labels where room is dear."""
    return yuan(fen).removesuffix(".00")
