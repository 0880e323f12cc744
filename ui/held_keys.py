"""What a key that is held down does: it moves and types on, and asks for nothing a second time.

Systems repeat a held key by themselves. Most say so (`QKeyEvent.isAutoRepeat`); an X server lifts the key and
presses it again in one moment, and Qt does not always notice. Both are one hold here, in every window.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit, QWidget

from ui.key_owner import is_text

REPEAT_MS: Final = 25
"""A key that goes up and is down again within this time was never let go. No finger is that quick."""
HOLDS: Final = "holdsKeys"
"""The property of a widget that is itself pressed for a time: it is told that the key is still down."""

_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_MOVES: Final = frozenset({
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
    Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus,
})  # fmt: skip
_WITH: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True, slots=True)
class _Lifted:
    place: int
    at: float
    stamp: int


class HeldKeys:
    """Knows which presses are the same press still. ``clock``: monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lifted: _Lifted | None = None
        """What went up last, until anything goes down: the two halves of a repeat follow one another."""
        self._began: dict[int, weakref.ref[QWidget] | None] = {}

    def lift(self, event: QKeyEvent) -> None:
        """A key went up, as far as the system tells."""
        if not event.isAutoRepeat():
            self._lifted = _Lifted(_place(event), self._clock(), event.timestamp())

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key was down already. What it is called does not count: Ctrl may have come or gone."""
        place = _place(event)
        lifted, self._lifted = self._lifted, None
        follows = lifted is not None and lifted.place == place and self._gap(lifted, event) < REPEAT_MS
        again = event.isAutoRepeat() or follows
        if not again:
            focus = QApplication.focusWidget()
            self._began[place] = None if focus is None else weakref.ref(focus)
        return again

    def _gap(self, lifted: _Lifted, event: QKeyEvent) -> float:
        """Milliseconds. By the system's own clock where it has one: a desk that was busy hears late."""
        if lifted.stamp and event.timestamp() >= lifted.stamp:
            return event.timestamp() - lifted.stamp
        return (self._clock() - lifted.at) * 1000

    def goes_on(self, event: QKeyEvent) -> bool:
        """Whether what has the keyboard has a use for a key that is still down: text, a list, a hold.

        Text goes on only where it began: what a key opened does not get the rest of it.
        """
        focus = QApplication.focusWidget()
        popup = QApplication.activePopupWidget() is not None
        if focus is not None and focus.property(HOLDS):
            return True
        if is_text(focus) and not popup:
            began = self._began.get(_place(event))
            if event.key() in _ENTER and not isinstance(focus, QTextEdit | QPlainTextEdit):
                return False
            return began is not None and began() is focus
        return event.key() in _MOVES and not event.modifiers() & ~_WITH


def still_down(event: QKeyEvent) -> QKeyEvent:
    """The same press, marked as what repeats by itself."""
    marked = QKeyEvent(
        QEvent.Type.KeyPress, event.key(), event.modifiers(),
        event.nativeScanCode(), event.nativeVirtualKey(), event.nativeModifiers(),
        event.text(), True, event.count(), event.device(),
    )  # fmt: skip
    marked.setTimestamp(event.timestamp())
    return marked


def _place(event: QKeyEvent) -> int:
    """Which key of the keyboard it is, as far as the system tells: Shift must not make it another."""
    return event.nativeScanCode() or event.key()
