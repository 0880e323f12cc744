"""A click on what has just come under the pointer is not taken: it was meant for what was there before.

The one place for all of the desk's keys. The keyboard is not affected: its keys belong to their cue.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWindow
from PySide6.QtWidgets import QAbstractButton, QWidget

HOLD_OFF: Final = 0.3
"""Seconds in which a key that has come under the pointer takes no click."""


@dataclass(frozen=True, slots=True)
class _Place:
    now: QRect
    before: QRect | None
    since: float


class MovedKeys(QObject):
    """Knows since when every key of some columns is where it is. ``held_off`` when it kept a click away."""

    held_off = Signal()

    def __init__(
        self, desk: QWidget, columns: Sequence[QWidget], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(desk)
        self._desk, self._columns = desk, columns
        self.clock = clock
        self._places: dict[QAbstractButton, _Place] = {}
        self._window: QWindow | None = None

    def watch(self, window: QWindow | None) -> None:
        """Listen on the desk's window, before any widget does."""
        if window is not None and window is not self._window:
            self._window = window
            window.installEventFilter(self)

    def look(self) -> None:
        """Where every key is now. Some ten times a second, as the desk ticks."""
        now = self.clock()
        seen: dict[QAbstractButton, _Place] = {}
        for column in self._columns:
            for key in column.findChildren(QAbstractButton):
                if not key.isVisible():
                    continue
                rect = QRect(key.mapTo(self._desk, QPoint(0, 0)), key.size())
                old = self._places.get(key)
                if old is None or old.now != rect:
                    seen[key] = _Place(rect, old.now if old is not None else None, now)
                else:
                    seen[key] = old
        self._places = seen

    def refuses(self, at: QPoint) -> bool:
        """Whether a key has come under this point of the desk a moment ago."""
        self.look()
        now = self.clock()
        return any(
            place.now.contains(at)
            and now - place.since < HOLD_OFF
            and not (place.before is not None and place.before.contains(at))
            for place in self._places.values()
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() not in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
            or not isinstance(event, QMouseEvent)
            or event.button() != Qt.MouseButton.LeftButton
            or not self._desk.isVisible()
        ):
            return False
        if self.refuses(self._desk.mapFrom(self._desk.window(), event.position().toPoint())):
            self.held_off.emit()
            return True
        return False
