"""Fields to type numbers into."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from ui.clean import clean


class NumberField(QSpinBox):
    """A whole number. The wheel scrolls the page instead of changing a price that happens to lie under it."""

    def __init__(
        self, lowest: int = 0, highest: int = 999_999, *, unit: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setRange(lowest, highest)
        self.setSuffix(f" {clean(unit)}" if unit else "")
        self.setGroupSeparatorShown(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Qt ignores a style sheet's padding around the text of a spin box without arrows.
        self.lineEdit().setTextMargins(8, 0, 8, 0)

    def setAccessibleName(self, name: str) -> None:
        """The line inside is a control of its own to a screen reader."""
        super().setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
