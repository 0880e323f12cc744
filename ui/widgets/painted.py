"""What a painted row says and where: painting is blind to assistive tools and to tests, this is not."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect


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
