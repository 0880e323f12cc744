"""Text that has too little room: the one place that shortens it."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

_NUMBER: Final = re.compile(r"¥?\d+(?:[.,:]\d+)*")
_LEADING: Final = " ·×(（¥"
"""What leads to a number, and is left without it."""


def elided(text: str, metrics: QFontMetrics, width: float) -> str:
    """One line of at most ``width`` pixels, 「…」 where it was cut.

    A number is whole or not there: 「¥29…」 of 「¥29.90」 is read as another price. Where nothing but a
    number would stand there, the sign of the cut stands alone.
    """
    cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(width)))
    if cut == text or not cut.endswith("…"):
        return cut
    end = len(cut) - 1
    for number in _NUMBER.finditer(text):
        if number.start() < end < number.end():
            end = number.start()
            break
    return text[:end].rstrip(_LEADING) + "…"


def elided_before(text: str, end: str, metrics: QFontMetrics, width: float) -> str:
    """`elided`, but for its end, which stays whole: what something is called gives way to what it costs.

    Where not even two letters would stand before the end, it is cut like any other text.
    """
    if metrics.horizontalAdvance(text) < width or not end or not text.endswith(end):
        return elided(text, metrics, width)
    space = width - metrics.horizontalAdvance(f" {end}")
    start = elided(text.removesuffix(end).rstrip(), metrics, space)
    return f"{start} {end}" if len(start) > 2 else elided(text, metrics, width)
