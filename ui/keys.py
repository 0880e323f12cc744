"""The keys of the desk: which press means what, and which press means nothing.

One filter on the focus window sees every key before any widget does, popups included, and no other event
of the application. What repeats by itself is never a press, neither of our keys nor of all others
(`ui.held_keys`). Space and Enter alone stand in no table here: the keys that spend money never take focus, so
those two cannot reach them. Ctrl+Enter says yes to a
proposal, which then waits for a key of its own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole.views.keys import SLOTS
from ui.held_keys import REPEAT_MS, HeldKeys, still_down
from ui.key_owner import kept
from ui.key_places import keypad_digit, letter, num_lock_on, placed

_SYMBOLS: Final = {
    Qt.Key.Key_Exclam: 1, Qt.Key.Key_At: 2, Qt.Key.Key_NumberSign: 3, Qt.Key.Key_Dollar: 4,
    Qt.Key.Key_Percent: 5, Qt.Key.Key_AsciiCircum: 6, Qt.Key.Key_Ampersand: 7, Qt.Key.Key_Asterisk: 8,
    Qt.Key.Key_ParenLeft: 9,
}  # fmt: skip

_CONTROLLED: Final = {
    Qt.Key.Key_L: "Ctrl+L", Qt.Key.Key_K: "Ctrl+K", Qt.Key.Key_M: "Ctrl+M",
    Qt.Key.Key_J: "Ctrl+J",
    Qt.Key.Key_Return: "Ctrl+Enter", Qt.Key.Key_Enter: "Ctrl+Enter", Qt.Key.Key_Backspace: "Ctrl+Backspace",
}  # fmt: skip
WRITING: Final = ("Ctrl+K", "Ctrl+M", "Ctrl+J", "Ctrl+Enter", "Ctrl+Backspace")


LOOKING: Final = {Qt.Key.Key_T: "Ctrl+T", Qt.Key.Key_F: "Ctrl+F"}

_OPENING: Final = {
    Qt.Key.Key_I: "Ctrl+I", Qt.Key.Key_R: "Ctrl+R", Qt.Key.Key_P: "Ctrl+P", Qt.Key.Key_G: "Ctrl+G",
    Qt.Key.Key_E: "Ctrl+E", Qt.Key.Key_Y: "Ctrl+Y", Qt.Key.Key_N: "Ctrl+N",
    Qt.Key.Key_H: "Ctrl+H", Qt.Key.Key_Comma: "Ctrl+,", Qt.Key.Key_Z: "Ctrl+Z", Qt.Key.Key_B: "Ctrl+B",
    Qt.Key.Key_O: "Ctrl+O",
    Qt.Key.Key_U: "Ctrl+U",
    Qt.Key.Key_S: "Ctrl+S",
}  # fmt: skip
_WITH_CONTROL: Final = {**_CONTROLLED, **LOOKING, **_OPENING}
QUIET: Final = frozenset({"Esc", "End"})
"""Keys that go on to the widget with the focus where the desk has nothing to do with them."""
REACHING: Final = frozenset({*_OPENING.values(), "F3", "F4", "F5", "F6", "Shift+F6", "F7", "F8"})
"""What a person would else go to with the mouse: sheets, the card that waits for an answer, the next part
of the desk, the edit before."""


@dataclass(frozen=True, slots=True)
class KeyActions:
    """What the desk does for each key. Every one answers whether it had anything to do."""

    next_product: Callable[[], bool]
    fire: Callable[[int], bool]
    stop: Callable[[int], bool]
    recall: Callable[[], bool]
    halt: Callable[[bool], object]
    """True when F12 goes down, False when it is let go: the key on the strip counts the second."""
    help: Callable[[], bool]
    lock: Callable[[], bool]
    escape: Callable[[], bool]
    """Esc with nothing to recall."""
    big_screen: Callable[[], bool] = field(default=lambda: False)
    """F9: the host's second screen, or away with it."""
    guide: Callable[[], bool] = field(default=lambda: False)
    """F1: the guide, on every page."""
    write: Callable[[str], bool] = field(default=lambda _name: False)
    """The names of `WRITING`: preparing and agreeing; none of them fires."""
    look: Callable[[str], bool] = field(default=lambda _name: False)
    """``Ctrl+T`` and ``Ctrl+F``: another theme, and what to look for among the comments."""
    reach: Callable[[str], bool] = field(default=lambda _name: False)
    """The names of `REACHING`."""
    newest: Callable[[], bool] = field(default=lambda: False)
    """End: the feed is where the newest is."""
    pressed: Callable[[str], None] = field(default=lambda _name: None)
    """Every key of ours by name, for the key test."""
    idle: Callable[[str], object] = field(default=lambda _name: None)
    """A key of ours had nothing to do: whoever pressed it wants to know why."""


def digit(event: QKeyEvent) -> int | None:
    """1 to 9 when the event is that key of the top row, whatever Shift and the layout make of it."""
    key = event.key()
    if Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
        return key - Qt.Key.Key_0
    here = placed(sys.platform, event.nativeScanCode(), event.nativeVirtualKey())
    if here.isdigit():
        return int(here)
    try:
        return _SYMBOLS.get(Qt.Key(key))
    except ValueError:  # a key this Qt has no name for
        return None


def slot_key(slot: int | None, *, stops: bool = False) -> str:
    """The key of a promotion's number, as on its cap; ``""`` beyond the nine that there are keys for."""
    if slot is None or slot > SLOTS:
        return ""
    return f"Ctrl+Shift+{slot}" if stops else f"Ctrl+{slot}"


class Keys(QObject):
    """Watches the focus window and calls the actions. Lives as long as the window that made it."""

    def __init__(
        self, window: QWidget, actions: KeyActions, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._halting = False
        self._held = HeldKeys(clock)
        self._going = QTimer(self)
        self._going.setSingleShot(True)
        self._going.setTimerType(Qt.TimerType.PreciseTimer)
        self._going.setInterval(REPEAT_MS)
        self._going.timeout.connect(self._let_go)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self.watch)

    def watch(self, window: QWindow | None) -> None:
        """Also listen on `window`; when the focus goes elsewhere, a held key counts as let go."""
        self._let_go()
        if window is None or window.property("liveconsoleKeys"):
            return
        window.setProperty("liveconsoleKeys", True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(watched, event)
        if kind != QEvent.Type.KeyRelease or not isinstance(event, QKeyEvent):
            return False
        self._held.lift(event)
        if event.key() != Qt.Key.Key_F12:
            return False
        if not event.isAutoRepeat() and self._halting:
            self._going.start()
        return True

    def _press(self, watched: QObject, event: QKeyEvent) -> bool:
        name = name_of(event)
        ours = name is not None and not self._elsewhere(name)
        if self._held.press(event):
            if name == "F12":
                self._going.stop()
            if ours or not self._held.goes_on(event):
                return True
            if event.isAutoRepeat():
                return False
            # A held PgDn still turns the pages of a list, and a held letter is typed on: but as a repeat.
            QCoreApplication.sendEvent(watched, still_down(event))
            return True
        if name is None or not ours:
            return False
        self._actions.pressed(name)
        done = self._do(name)
        if not done and name not in QUIET:
            self._actions.idle(name)
        # A number is taken even when nobody owns it, so that no widget makes something else of it.
        return done or (name.startswith("Ctrl+") and name[-1].isdigit())

    def _elsewhere(self, name: str) -> bool:
        """Whether the key belongs to the widget that has the focus."""
        return bool(kept(name, QApplication.focusWidget()))

    def _do(self, name: str) -> bool:
        means = self._actions
        if name == "PgDn":
            return means.next_product()
        if name == "Esc":
            return means.recall() or (QApplication.activePopupWidget() is None and means.escape())
        if name == "F12":
            self._halting = True
            means.halt(True)
            return True
        if name == "?":
            return means.help()
        if name == "Ctrl+L":
            return means.lock()
        if name == "F9":
            return means.big_screen()
        if name == "F1":
            return means.guide()
        if name in WRITING:
            return means.write(name)
        if name in LOOKING.values():
            return means.look(name)
        if name in REACHING:
            return means.reach(name)
        if name == "End":
            return means.newest()
        return (means.stop if "Shift" in name else means.fire)(int(name[-1]))

    def _let_go(self) -> None:
        self._going.stop()
        if self._halting:
            self._halting = False
            self._actions.halt(False)


def name_of(event: QKeyEvent) -> str | None:
    """Our name of a key press, None when it is none of ours."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    key = letter(event)
    if held == Qt.KeyboardModifier.NoModifier:
        plain = {
            Qt.Key.Key_PageDown: "PgDn",
            Qt.Key.Key_End: "End",
            Qt.Key.Key_Escape: "Esc",
            Qt.Key.Key_F1: "F1",
            Qt.Key.Key_F3: "F3",
            Qt.Key.Key_F5: "F5",
            Qt.Key.Key_F6: "F6",
            Qt.Key.Key_F4: "F4",
            Qt.Key.Key_F7: "F7",
            Qt.Key.Key_F8: "F8",
            Qt.Key.Key_F9: "F9",
            Qt.Key.Key_F12: "F12",
        }
        found = plain.get(Qt.Key(key)) if key in plain else None
        return found or ("?" if event.text() in {"?", "？"} else None)
    if held == shift:
        return "Shift+F6" if key == Qt.Key.Key_F6 else "?" if event.text() in {"?", "？"} else None
    if held in (control, control | shift):
        cursor = keypad_digit(sys.platform, key, event.modifiers(), num_lock=num_lock_on())
        if cursor is not None:
            return f"Ctrl+Shift+{cursor[0]}" if cursor[1] else f"Ctrl+{cursor[0]}"
    if held == control and key in _WITH_CONTROL:
        return _WITH_CONTROL[Qt.Key(key)]
    if held in (control, control | shift):
        number = digit(event)
        if number is not None:
            return f"Ctrl+Shift+{number}" if held & shift else f"Ctrl+{number}"
    return None
