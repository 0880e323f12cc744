"""扣 1: how many people say it, now and over the last half minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import t
from ui.widgets import PlainLabel, Sparkline

_SIDE: Final = 14
_INSIDE: Final = 12


class OnesMeter(QWidget):
    """A figure and its course."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame = QFrame()
        frame.setObjectName("raised")
        self._row = QHBoxLayout(frame)
        self._row.setSpacing(8)
        self.people = PlainLabel("0", role="kpi", tone="ok")
        self._spark = Sparkline("ok", name=t("扣 1 的走势"))
        self._words = (PlainLabel(t("扣 1")), PlainLabel(t("人 / 近 10 秒"), role="small", tone="fg2"))
        self._row.addWidget(self._words[0])
        self._row.addWidget(self.people)
        self._row.addWidget(self._words[1])
        self._row.addWidget(self._spark, 1)
        self.people.setMinimumWidth(self.people.fontMetrics().horizontalAdvance("888"))
        around = QVBoxLayout(self)
        around.setContentsMargins(_SIDE, 0, _SIDE, 4)
        around.addWidget(frame)
        self.set_low(False)

    def set_low(self, low: bool) -> None:
        """Flat in a low window."""
        above = 1 if low else 6
        self._row.setContentsMargins(_INSIDE, above, _INSIDE, above)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for both, the words stay and the course goes."""
        super().resizeEvent(event)
        wide = sum(word.sizeHint().width() for word in self._words) + self.people.minimumWidth()
        room = self.width() - 2 * (_SIDE + _INSIDE) - 3 * self._row.spacing() - wide
        self._spark.setVisible(room >= self._spark.minimumSizeHint().width())

    def show_people(self, people: int, course: Sequence[int]) -> None:
        """``course``: the same of each of the last seconds."""
        self.people.setText(f"{people:,}")
        self._spark.set_values(course)
