"""Where type is so large that three columns do not stand beside each other, the two at the sides take turns.

The middle, with what is on air and every key of money, always stays. The seat's keys mean the same in both.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.i18n import t
from ui.panels.owed import OwedPanel
from ui.preferences.columns import LEFT, RIGHT, ColumnSplitter
from ui.sheets.sheet import SideStack
from ui.widgets import FireButton
from ui.windows.left_column import LeftColumn

KEY: Final = "F6"


class RightColumn(QWidget):
    """The feed or a sheet; over it, while it stands in the left column's place, the way back to that."""

    def __init__(self, side: SideStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = FireButton("", key=KEY, outline=True)
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 6)
        row.addWidget(self.back, 1)
        self._bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(side, 1)

    def show_back(self, shown: bool) -> None:
        """Whether the way back is drawn."""
        # The style sheet's least height is one of the usual size of type.
        self.back.setMinimumHeight(self.back.minimumSizeHint().height())
        self._bar.setVisible(shown)


class ColumnsInTurn(QObject):
    """Which of the two stands beside the middle: the one that a person went to last.

    A sheet or the list of alarms brings the right one for as long as it is open. What waits to be done on the
    phone never changes columns by itself; its count is on the way back.
    """

    def __init__(
        self, columns: ColumnSplitter, left: LeftColumn, right: RightColumn, side: SideStack, alarms: QWidget
    ) -> None:
        super().__init__(columns)
        self._columns, self._left, self._right, self._side = columns, left, right, side
        self._alarms = alarms
        self._lent = False
        columns.in_turn.connect(self._turned)
        right.back.fired.connect(lambda: self.bring(LEFT))
        left.over.connect(lambda: self.bring(RIGHT))
        side.opened.connect(self._lend)
        side.emptied.connect(self._return)
        alarms.installEventFilter(self)
        self._turned(columns.turns)

    def bring(self, at: int) -> None:
        """A person goes to `LEFT` or `RIGHT`: that stays."""
        self._lent = False
        self._put(at)

    def bring_to(self, area: QWidget) -> bool:
        """Whether `area` is one of the two and was out of sight until now."""
        at = LEFT if area is self._left else RIGHT if area in (self._right, self._side) else None
        if at is None or not self._columns.turns or at == self._columns.front:
            return False
        self.bring(at)
        return True

    def look(self) -> None:
        """What the way back says: what waits there, or what is there."""
        owed: OwedPanel = self._left.owed
        waits = len(owed.cards())
        words = t("现在要做 {n} 件", n=waits) if waits else t("下一品和排品表")
        self._right.back.show_as(words, "warn" if waits else "accent")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._lend()
        elif event.type() == QEvent.Type.Hide:
            self._return()
        return False

    def _lend(self) -> None:
        if self._columns.turns and self._columns.front == LEFT:
            self._lent = True
            self._put(RIGHT)

    def _return(self) -> None:
        if self._lent and self._side.sheet is None and self._alarms.isHidden():
            self.bring(LEFT)

    def _put(self, at: int) -> None:
        focus = QApplication.focusWidget()
        self._columns.bring(at)
        self._turned(self._columns.turns)
        desk = self._columns.parentWidget()
        if desk is not None and focus is not None and desk.isAncestorOf(focus) and not focus.isVisible():
            desk.setFocus()  # Qt would go on to whatever Tab comes to: a list keeps PgDn

    def _turned(self, turns: bool) -> None:
        self._left.show_over(turns)
        self._right.show_back(turns)
        self.look()
