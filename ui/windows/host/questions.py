"""Three picked questions, and the digits that tick them off."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import t
from ui.widgets import Separator
from ui.windows.host.large import LargeLabel
from ui.windows.host.notes import PickedQuestion

SHOWN: Final = 3


class _Row(QWidget):
    """One question and the digit that ticks it off."""

    def __init__(self, digit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit = digit
        self.digit = LargeLabel(str(digit), px=25, bold=True, tone="fg2")
        self.text = LargeLabel("", px=25, lines=2)
        self.times = LargeLabel("", px=25, tone="warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.digit)
        row.addWidget(self.text, 1)
        row.addWidget(self.times)

    def show_question(self, question: PickedQuestion | None) -> None:
        """Show one, or an empty place."""
        self.digit.setVisible(question is not None)
        self.text.setText(question.text if question else "")
        self.times.setText(f"×{question.count}" if question and question.count > 1 else "")
        self.setAccessibleName(f"{self._digit} {self.text.text()}" if question else "")


class PickedQuestions(QFrame):
    """Three places, oldest on top, which do not move while one is read. ``done(note_id)``: was answered."""

    done = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("section")
        self.setAccessibleName(t("请回答"))
        self._asked: list[PickedQuestion] = []
        self._head = LargeLabel(t("请回答"), px=25, tone="fg2")
        self._more = LargeLabel("", px=25, tone="warn")
        head = QHBoxLayout()
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self._more)
        self.rows = [_Row(digit) for digit in range(1, SHOWN + 1)]
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 6, 18, 4)
        column.setSpacing(3)
        column.addLayout(head)
        for row in self.rows:
            column.addWidget(Separator())
            column.addWidget(row, 1)

    def show_questions(self, asked: list[PickedQuestion]) -> None:
        """The first three, and how many wait behind them."""
        self._asked = asked
        for place, row in enumerate(self.rows):
            row.show_question(asked[place] if place < len(asked) else None)
        waiting = len(asked) - SHOWN
        self._more.setText(t("还有 {n} 个", n=waiting) if waiting > 0 else "")
        if not asked:
            self.rows[0].text.setText(t("中控双击评论，就到这里"))
            self.rows[0].text.set_tone("fg2")
        else:
            self.rows[0].text.set_tone("fg0")

    def tick_off(self, digit: int) -> bool:
        """The question of this digit was answered."""
        if not 1 <= digit <= min(SHOWN, len(self._asked)):
            return False
        self.done.emit(self._asked[digit - 1].note_id)
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        for digit, row in enumerate(self.rows, 1):
            if row.geometry().contains(event.position().toPoint()):
                self.tick_off(digit)
