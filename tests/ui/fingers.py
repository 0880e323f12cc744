"""Keys as a finger presses them: what it lets go of is down again a while later, by the system's clock."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ui.held_keys import REPEAT_MS

NONE = Qt.KeyboardModifier.NoModifier
_stamps = count(1000, 2 * REPEAT_MS)


def stroke(kind: QEvent.Type, key: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "") -> QKeyEvent:
    """A press or a release, later than the one before by more than a held key takes to repeat itself.

    Without a moment of its own it would be a hold or two presses by how busy the machine is.
    """
    event = QKeyEvent(kind, key, held, text)
    event.setTimestamp(next(_stamps))
    return event
