"""What is told for a while lies over the top of the right column: there it moves nothing and hides no key of
money, no recall bar and no stage."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QWidget

_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)
_ASKS = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest)
_AIR = 6


class OverRight(QObject):
    """Keeps `held`, a child of the desk, over `column`, as high as its words and no higher than the column.

    ``height_at``: how high it is at a width, where its layout does not say. ``below``: what it makes way for.
    ``instead``: what it lies over while `column` is out of sight, as two columns take turns.
    """

    def __init__(
        self,
        held: QWidget,
        column: QWidget,
        *,
        height_at: Callable[[int], int] | None = None,
        below: QWidget | None = None,
        instead: QWidget | None = None,
    ) -> None:
        super().__init__(held)
        self._held, self._column, self._below = held, column, below
        self._instead = instead
        self._height_at = height_at or self._own_height
        for each in (held, column, below, instead):
            if each is not None:
                each.installEventFilter(self)

    def place(self) -> None:
        """Anew, where the column is now."""
        held, desk = self._held, self._held.parentWidget()
        if desk is None or held.isHidden():
            return
        column = self._column
        if self._instead is not None and not column.isVisibleTo(desk):
            column = self._instead
        wide = max(0, column.width() - 2 * _AIR)
        at = column.mapTo(desk, QPoint(_AIR, _AIR))
        room = column.height() - 2 * _AIR
        if self._below is not None and not self._below.isHidden():
            at.setY(at.y() + self._below.height() + _AIR)
            room -= self._below.height() + _AIR
        held.setGeometry(at.x(), at.y(), wide, max(0, min(self._height_at(wide), room)))
        held.raise_()

    def _own_height(self, wide: int) -> int:
        layout = self._held.layout()
        if layout is None:
            return self._held.sizeHint().height()
        return layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else layout.sizeHint().height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        lies_over = watched is self._column or watched is self._instead
        moved = lies_over and kind in _MOVES
        asks = not lies_over and kind in _ASKS
        if moved or asks or (watched is self._below and kind == QEvent.Type.Resize):
            self.place()
        return False
