"""Type: one family list, one base size, a role for every other. No font size stands in a style sheet."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QFont, QFontMetrics

FAMILIES: Final = ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC")
MONO_FAMILIES: Final = ("Noto Sans Mono CJK SC", "Cascadia Mono", "SF Mono", "DejaVu Sans Mono")

_W = QFont.Weight
ROLES: Final[dict[str, tuple[int, QFont.Weight]]] = {
    "tiny": (11, _W.Normal),
    "key": (11, _W.DemiBold),
    "small": (12, _W.Normal),
    "small_strong": (12, _W.DemiBold),
    "base": (14, _W.Normal),
    "strong": (14, _W.DemiBold),
    "heading": (15, _W.DemiBold),
    "clock": (16, _W.DemiBold),
    "kpi": (19, _W.DemiBold),
    "product": (21, _W.DemiBold),
    "price": (28, _W.DemiBold),
    "stock": (26, _W.DemiBold),
    "host_note": (25, _W.Normal),
    "host_text": (40, _W.Normal),
    "host_title": (44, _W.DemiBold),
    "host_price": (76, _W.DemiBold),
}
"""Role → logical pixels at text scale 1, weight. Logical pixels follow the screen's scaling by themselves."""

_scale = 1.0


def set_text_scale(scale: float) -> None:
    """Multiply every role; 1.0 to 2.0. Call before widgets are made, or apply the theme again."""
    global _scale
    _scale = min(2.0, max(1.0, scale))


def text_scale() -> float:
    """What every role is multiplied by now."""
    return _scale


def font(role: str = "base") -> QFont:
    """The font of a role, digits of equal width where the family can. The caller's own: it may be changed."""
    return QFont(_made(role, _scale))


@lru_cache(maxsize=4 * len(ROLES))
def _made(role: str, scale: float) -> QFont:
    # Asked for hundreds of times a frame: a copy shares what was made.
    pixels, weight = ROLES[role]
    made = QFont()
    made.setFamilies(list(MONO_FAMILIES if role == "key" else FAMILIES))
    made.setPixelSize(round(pixels * scale))
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def shows_chinese() -> bool:
    """Whether any font here has 播; if not, the desk must say which package brings one."""
    return QFontMetrics(font()).inFontUcs4(ord("播"))
