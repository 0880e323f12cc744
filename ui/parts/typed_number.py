"""Digits that are typed on a list of products: it goes to the one of that number."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.keys import digit

TOGETHER_SECONDS: Final = 1.5
"""What comes later than this begins another number."""
_MOST: Final = 4
"""Digits of a number; a cart has 5,000 products at most."""


class TypedNumber(QObject):
    """Belongs to `place`. ``go`` answers whether there is such a number; the last one that there is stays."""

    def __init__(
        self, place: QWidget, go: Callable[[int], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(place)
        self._go, self._clock = go, clock
        self._typed, self._until = "", 0.0
        place.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        number = 0 if event.key() == Qt.Key.Key_0 else digit(event)
        if held != Qt.KeyboardModifier.NoModifier or number is None:
            return False
        now = self._clock()
        begun = self._typed if now < self._until and len(self._typed) < _MOST else ""
        self._typed, self._until = f"{begun}{number}", now + TOGETHER_SECONDS
        self._go(int(self._typed))
        return True
