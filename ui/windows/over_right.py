"""What is told for a while lies over the top of the right column: there it moves nothing and hides no key of
money, no recall bar and no stage."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QWidget

_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)
_AIR = 6


class OverRight(QObject):
    """Keeps `held`, a child of the desk, over `column`, as high as its words."""

    def __init__(self, held: QWidget, column: QWidget) -> None:
        super().__init__(held)
        self._held, self._column = held, column
        held.installEventFilter(self)
        column.installEventFilter(self)

    def place(self) -> None:
        """Anew, where the column is now."""
        held, desk = self._held, self._held.parentWidget()
        layout = held.layout()
        if desk is None or layout is None or held.isHidden():
            return
        wide = max(0, self._column.width() - 2 * _AIR)
        at = self._column.mapTo(desk, QPoint(_AIR, _AIR))
        high = layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else layout.sizeHint().height()
        held.setGeometry(at.x(), at.y(), wide, high)
        held.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if (watched is self._column and kind in _MOVES) or (
            watched is self._held and kind in (QEvent.Type.Show, QEvent.Type.LayoutRequest)
        ):
            self.place()
        return False
