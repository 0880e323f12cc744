"""Colours as ``#RRGGBB``: how well one is read on another, and the nearest shade that is. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

READ: Final = 4.5
"""Contrast of text on its ground (WCAG 2.2 AA)."""
TABLE_HEAD: Final = "#E1E6EE"
"""Behind the names of columns, in every workbook."""
_STEPS: Final = 100


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB`` (WCAG 2.2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=512)
def mix(under: str, over: str, share: float) -> str:
    """``over`` laid on ``under`` with opacity ``share`` (0 to 1)."""
    pairs = zip(_channels(under), _channels(over), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


@lru_cache(maxsize=512)
def legible(colour: str, *grounds: str, least: float = READ) -> str:
    """Return the colour, or its nearest shade towards white or black that is read on every ground.

    Where grounds are so far apart that none is, the one that is read best on the worst of them.
    """

    def worst(shade: str) -> float:
        return min(contrast(shade, ground) for ground in grounds)

    best = colour
    for step in range(_STEPS + 1):
        for pole in ("#FFFFFF", "#000000"):
            shade = mix(colour, pole, step / _STEPS)
            if worst(shade) >= least:
                return shade
            best = max(best, shade, key=worst)
    return best
