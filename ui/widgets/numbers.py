"""Numbers that stand still: digits of equal width, one large number per block."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liveconsole.views.money import yuan, yuan_short
from ui.widgets.plain import PlainLabel, set_tip


class Money(PlainLabel):
    """An amount of 分 as 元. None is shown as ``—``."""

    def __init__(
        self,
        fen: int | None = None,
        *,
        role: str = "base",
        tone: str = "fg0",
        short: bool = False,
        struck: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(role=role, tone=tone, struck=struck, align=align, parent=parent)
        self._short = short
        self.set_fen(fen)

    def set_fen(self, fen: int | None) -> None:
        """Show another amount."""
        self.setText("—" if fen is None else (yuan_short if self._short else yuan)(fen))


class Figure(QWidget):
    """A small grey label over a large number, with an optional quiet word beside it."""

    def __init__(
        self, label: str, *, role: str = "kpi", widest: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.label = PlainLabel(label, role="small", tone="fg2")
        self.number = PlainLabel("—", role=role)
        self.beside = PlainLabel("", role="small", tone="fg2")
        row = QHBoxLayout()
        row.setSpacing(5)
        row.addWidget(self.number)
        row.addWidget(self.beside, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.label)
        column.addLayout(row)
        if widest:
            # The block keeps the width of its widest likely number, so that neighbours do not move.
            self.setMinimumWidth(self.number.fontMetrics().horizontalAdvance(widest) + 2)

    def show_as(
        self, number: str, *, beside: str = "", tone: str = "fg0", beside_tone: str = "fg2", why: str = ""
    ) -> None:
        """Another number; ``why`` explains it when pointed at (a missing one must have it)."""
        self.number.setText(number)
        self.number.set_tone(tone)
        self.beside.setText(beside)
        self.beside.set_tone(beside_tone)
        set_tip(self, why)
        self.setAccessibleName(f"{self.label.text()} {number} {beside}".strip())
        self.setAccessibleDescription(why)

    def set_label(self, text: str) -> None:
        """Another label."""
        self.label.setText(text)
