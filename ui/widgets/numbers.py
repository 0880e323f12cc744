"""Numbers that stand still: digits of equal width, one large number per block."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liveconsole.views.money import yuan, yuan_short
from ui import theme
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


class Fraction(QWidget):
    """A large number and, small on the same base line, what it is part of: ``8 / 50``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._of, self._tone = "—", "", "fg0"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_as(self, number: int | None, of: int | None, tone: str = "fg0") -> None:
        """``number`` of ``of``; None is ``—``."""
        new = ("—" if number is None else f"{number:,}", "" if of is None else f"/ {of:,}", tone)
        if new != (self._number, self._of, self._tone):
            self._number, self._of, self._tone = new
            self.setAccessibleName(f"{self._number} {self._of}".strip())
            self.updateGeometry()
            self.update()

    @property
    def shown(self) -> str:
        """What stands there."""
        return f"{self._number} {self._of}".strip()

    def sizeHint(self) -> QSize:
        large, small = QFontMetrics(theme.font("stock")), QFontMetrics(theme.font("heading"))
        wide = large.horizontalAdvance(self._number) + 8 + small.horizontalAdvance(self._of)
        return QSize(wide + 2, round(large.height() * 0.86))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = theme.font("stock")
        metrics = QFontMetrics(font)
        base = round((self.height() + metrics.capHeight()) / 2)
        painter.setFont(font)
        painter.setPen(theme.colour(self._tone))
        painter.drawText(QPoint(0, base), self._number)
        painter.setFont(theme.font("heading"))
        painter.setPen(theme.colour("fg2"))
        painter.drawText(QPoint(metrics.horizontalAdvance(self._number) + 8, base), self._of)
        painter.end()


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
        self._widest = widest

    def minimumSizeHint(self) -> QSize:
        # The block keeps the width of its widest likely number, so that neighbours do not move.
        least = self.number.fontMetrics().horizontalAdvance(self._widest) + 12 if self._widest else 0
        return super().minimumSizeHint().expandedTo(QSize(least, 0))

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(self.minimumSizeHint())

    def show_as(
        self, number: str, *, beside: str = "", tone: str = "fg0", beside_tone: str = "fg2", why: str = ""
    ) -> None:
        """Another number; ``why`` explains it when pointed at (a missing one must have it)."""
        self.number.setText(number)
        self.number.set_tone(tone)
        self.beside.setText(beside)
        self.beside.set_tone(beside_tone)
        set_tip(self, why)
        self._name()
        self.setAccessibleDescription(why)

    def set_label(self, text: str) -> None:
        """Another label."""
        self.label.setText(text)
        self._name()

    def _name(self) -> None:
        parts = (self.label.text(), self.number.text(), self.beside.text())
        self.setAccessibleName(" ".join(part for part in parts if part))
