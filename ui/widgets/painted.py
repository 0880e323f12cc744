"""What a painted row says and where: painting is blind to assistive tools and to tests, this is not."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics

from ui import theme
from ui.widgets import cut


def elided(text: str, role: str, width: float) -> str:
    """Return as much of a line as has room, in pixels, in the type of that role."""
    return cut.elided(text, QFontMetrics(theme.font(role)), int(width))


class PaintedText(NamedTuple):
    """One text of a row that is painted, not a widget's. What is cut on purpose says the whole in its tip."""

    text: str
    """The whole, as it would stand with room for all of it."""
    rect: QRect
    """Where it may stand, in the pixels of the widget that paints it."""
    full: bool = True
    """Whether all of it stands there."""
    tip: str = ""
    """What the pointer is told over it."""
