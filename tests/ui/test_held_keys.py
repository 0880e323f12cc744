"""A key that is held down, as systems send it: one press for whatever asks, and typing and moving that go on.

X servers lift a held key and press it again in one moment, and Qt does not always mark that; Windows, macOS
and most X servers mark it. Both ways, with every key, in every window.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.fake_bus import until
from tests.ui.test_desk import CTRL, NONE, SHIFT, sit
from tests.ui.test_key_table import EVERY_KEY, _busy_room
from ui import held_keys
from ui.keys import KeyActions, Keys
from ui.widgets import HoldButton
from ui.windows import commands
from ui.windows.help import KEYS
from ui.windows.host.keys import KEYS as HOST_KEYS
from ui.windows.left_column import CART, RUNDOWN

__all__ = ["sit"]

TIMES = 8
ALT = Qt.KeyboardModifier.AltModifier
_NAMED = {
    "PgDn": Qt.Key.Key_PageDown, "End": Qt.Key.Key_End, "Esc": Qt.Key.Key_Escape, "Enter": Qt.Key.Key_Return,
    "Backspace": Qt.Key.Key_Backspace, "Delete": Qt.Key.Key_Delete, "空格": Qt.Key.Key_Space,
    "↑": Qt.Key.Key_Up, "↓": Qt.Key.Key_Down, "←": Qt.Key.Key_Left, "→": Qt.Key.Key_Right,
    "+": Qt.Key.Key_Plus, "−": Qt.Key.Key_Minus, ",": Qt.Key.Key_Comma, "?": Qt.Key.Key_Question,
}  # fmt: skip
_MOVES = {"↑", "↓", "←", "→", "+", "−", "Shift+↑"}
Press = tuple[Qt.Key, Qt.KeyboardModifier]


def named(name: str) -> Press:
    """The key and what is held with it, of a name as the tables of keys have it."""
    *held, last = name.split("+") if name != "+" else ["+"]
    with_ = {"Ctrl": CTRL, "Shift": SHIFT, "Alt": ALT}
    modifiers = NONE
    for each in held:
        modifiers |= with_[each]
    if last.startswith("F") and last[1:].isdigit():
        return Qt.Key(Qt.Key.Key_F1 + int(last[1:]) - 1), modifiers
    return _NAMED.get(last) or Qt.Key(ord(last[0])), modifiers


TABLE = sorted({part for name, _ in (*KEYS, *HOST_KEYS) for part in name.split(" ")} | {"Delete", "Space"})


class Held:
    """Sends one hold: the first press and its repeats, in the way of an X server or marked."""

    _stamp = 1000
    """Milliseconds of the X server."""

    def __init__(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, text: str = "") -> None:
        self._key, self._modifiers, self._text = key, modifiers, text

    def _send(self, *, up: bool, marked: bool = False) -> None:
        kind = QEvent.Type.KeyRelease if up else QEvent.Type.KeyPress
        event = QKeyEvent(kind, self._key, self._modifiers, 0, 0, 0, self._text, marked)
        event.setTimestamp(self._stamp)
        window = QGuiApplication.focusWindow()
        if window is not None:
            QCoreApplication.sendEvent(window, event)

    def down(self, times: int = TIMES, *, marked: bool = False) -> None:
        """Held until it has repeated so often; still down."""
        self._send(up=False)
        for _ in range(times):
            Held._stamp += 33
            self._send(up=True, marked=marked)
            self._send(up=False, marked=marked)

    def up(self) -> None:
        """Let go, as a finger does."""
        Held._stamp += 40
        self._send(up=True)
        Held._stamp += 400


def hold(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, text: str = "", *, marked: bool = False) -> None:
    """One whole hold."""
    held = Held(key, modifiers, text)
    held.down(marked=marked)
    held.up()


class Heard(QWidget):
    """Counts the presses that reach it, as a window that acts on letters does."""

    def __init__(self) -> None:
        super().__init__()
        self.presses = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.presses += 1


class Place(QWidget):
    """A window with what can have the keyboard, and the desk's filter on it."""

    def __init__(self) -> None:
        super().__init__()
        self.did: Counter[str] = Counter()
        self.heard, self.line, self.lines = Heard(), QLineEdit(), QPlainTextEdit()
        self.list, self.button = QListWidget(), HoldButton("x", own_keys=True)
        self.editable = QComboBox()
        self.editable.setEditable(True)
        column = QVBoxLayout(self)
        for each in (self.heard, self.line, self.lines, self.list, self.button, self.editable):
            column.addWidget(each)

        def note(name: str) -> bool:
            self.did[name] += 1
            return True

        self.keys = Keys(
            self,
            KeyActions(
                next_product=lambda: note("next"), fire=lambda _n: note("fire"), stop=lambda _n: note("stop"),
                recall=lambda: note("recall"), halt=lambda down: down and note("halt"),
                help=lambda: note("help"), lock=lambda: note("lock"), escape=lambda: False,
                big_screen=lambda: note("big"), guide=lambda: note("guide"), newest=lambda: note("newest"),
                write=note, look=note, reach=note,
            ),
        )  # fmt: skip


@pytest.fixture
def place(qtbot: QtBot) -> Place:
    made = Place()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.keys.watch(made.windowHandle())
    made.heard.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is made.heard)
    return made


def times(place: Place, name: str, *, marked: bool) -> int:
    """How often one hold of the key did something, or reached who has the keyboard."""
    key, modifiers = named({"Ctrl+1…9": "Ctrl+1", "Ctrl+Shift+1…9": "Ctrl+Shift+1", "0…9": "7",
                            "Alt+1…3": "Alt+1", "Space": "空格"}.get(name, name))  # fmt: skip
    place.did.clear()
    place.heard.presses = 0
    place.heard.setFocus()
    hold(key, modifiers, "?" if name == "?" else "", marked=marked)
    return place.did.total() + place.heard.presses


@pytest.mark.parametrize("marked", [False, True], ids=["lifted", "marked"])
def test_every_key_of_the_tables_that_is_held_asks_once(place: Place, marked: bool) -> None:
    assert {"PgDn", "Q", "B", "Y", "Ctrl+1…9", "Ctrl+PgDn", "Delete", "F11", "空格"} <= set(TABLE)
    for name in TABLE:
        assert times(place, name, marked=marked) == (TIMES + 1 if name in _MOVES else 1), name


def test_without_that_rule_nearly_every_key_asks_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what a server lifts is let go, and what is marked goes on to everybody."""
    monkeypatch.setattr(held_keys, "REPEAT_MS", 0)
    assert all(times(place, name, marked=False) == TIMES + 1 for name in TABLE)
    monkeypatch.setattr(held_keys.HeldKeys, "goes_on", lambda *_: True)
    assert times(place, "Delete", marked=True) == TIMES + 1


def test_a_busy_desk_tells_a_hold_from_two_presses_by_when_they_were(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = iter(range(1000))
    monkeypatch.setattr(place.keys._held, "_clock", lambda: float(next(late)))
    hold(Qt.Key.Key_1, CTRL)
    assert place.did["fire"] == 1, "a second went by between the two halves of each repeat"
    monkeypatch.setattr(place.keys._held, "_clock", lambda: 5.0)
    finger = Held(Qt.Key.Key_1, CTRL)
    for _ in range(3):
        finger.down(0)
        finger.up()
    assert place.did["fire"] == 4, "all were heard in one moment"


def test_a_hold_stays_one_when_ctrl_comes_or_goes(place: Place) -> None:
    for first, then in ((NONE, CTRL), (CTRL, NONE), (CTRL, CTRL | SHIFT)):
        place.did.clear()
        place.heard.presses = 0
        held = Held(Qt.Key.Key_1, first)
        held.down(2)
        held._modifiers = then
        held._send(up=True)
        held._send(up=False)
        held.up()
        assert place.did.total() + place.heard.presses == 1, (first, then)


def test_what_a_scanner_types_is_no_hold(place: Place) -> None:
    """Quicker than any finger, and every key of its own: the same digit in the next field, too."""
    for field, digits in ((place.line, "696"), (place.lines, "66")):
        field.setFocus()
        for digit in digits:
            typed = Held(Qt.Key(ord(digit)), text=digit)
            typed._send(up=False)
            typed._send(up=True)
        tab = Held(Qt.Key.Key_Shift)
        tab._send(up=False)
        tab._send(up=True)
    assert (place.line.text(), place.lines.toPlainText()) == ("696", "66")


@pytest.mark.parametrize("marked", [False, True], ids=["lifted", "marked"])
def test_text_is_typed_on_and_enter_means_once(place: Place, marked: bool) -> None:
    entered: list[str] = []
    place.line.returnPressed.connect(lambda: entered.append(place.line.text()))
    for text in (place.line, place.lines, place.editable):
        text.setFocus()
        hold(Qt.Key.Key_A, text="a", marked=marked)
    typed = "a" * (TIMES + 1)
    assert (place.line.text(), place.lines.toPlainText()) == (typed, typed)
    assert place.editable.currentText() == typed
    place.line.setFocus()
    hold(Qt.Key.Key_Return, text="\r", marked=marked)
    assert entered == [typed]
    place.lines.setFocus()
    hold(Qt.Key.Key_Return, text="\r", marked=marked)
    assert place.lines.toPlainText().count("\n") == TIMES + 1
    hold(Qt.Key.Key_Backspace, marked=marked)
    assert place.lines.toPlainText() == typed


def test_a_list_moves_on_and_pages(place: Place) -> None:
    place.list.addItems([str(n) for n in range(200)])
    place.list.setCurrentRow(0)
    place.list.setFocus()
    hold(Qt.Key.Key_Down)
    assert place.list.currentRow() == TIMES + 1
    hold(Qt.Key.Key_PageDown)
    assert place.list.currentRow() > 2 * TIMES
    assert place.did.total() == 0


@pytest.mark.parametrize("marked", [False, True], ids=["lifted", "marked"])
def test_what_a_key_opened_does_not_get_the_rest_of_it(place: Place, marked: bool) -> None:
    held = Held(Qt.Key.Key_M, text="m")
    held.down(1, marked=marked)
    place.line.setFocus()
    for _ in range(3):
        held._send(up=True, marked=marked)
        held._send(up=False, marked=marked)
    assert place.line.text() == ""
    held.up()
    held.down(0)
    assert place.line.text() == "m", "a press of its own"


def test_a_button_that_is_held_knows_that_the_key_is_still_down(place: Place, qtbot: QtBot) -> None:
    now, done = [0.0], []
    place.button._clock = lambda: now[0]
    place.button.held.connect(lambda: done.append(now[0]))
    place.button.setFocus()
    held = Held(Qt.Key.Key_Space, text=" ")
    held.down()
    now[0] = 1.01
    assert not place.button._let_go.isActive(), "the last repeat said that it is down"
    qtbot.waitUntil(lambda: bool(done))
    held.up()
    assert done == [1.01]


async def test_on_the_desk_a_hold_is_one_command(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of the rundown, of the cart and of a card of 现在要做, which are no keys of the table."""
    monkeypatch.setattr(commands, "TWICE_SECONDS", 0.0)
    at = await sit(_busy_room())
    await until(lambda: at.desk.left.owed.cards() and at.desk.rundown.list.model().rowCount() > 3)
    asked: Counter[str] = Counter()
    panel, card = at.desk.rundown, at.desk.left.owed.cards()[0]
    monkeypatch.setattr(panel, "_ask", lambda what: asked.update([what]))
    monkeypatch.setattr(type(card), "press", lambda *_, **__: bool(asked.update(["card"])) or True)
    at.desk.left.choose(RUNDOWN)
    panel.list.setFocus()
    for name in ("Delete", "Ctrl+PgDn", "Ctrl+D", "F2"):
        hold(*named(name))
        hold(*named(name), marked=True)
    at.desk.left.choose(CART)
    card.setFocus()
    for name in ("Y", "N"):
        hold(*named(name))
    assert asked == {"remove": 2, "go": 2, "copy": 2, "edit": 2, "card": 2}


async def test_on_the_hosts_screen_a_hold_is_one_press(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = await sit(_busy_room())
    at.shell.toggle_big_screen()
    big = at.shell.big
    await until(lambda: big.isActiveWindow())
    did: Counter[str] = Counter()
    monkeypatch.setattr(big, "toggle_alone", lambda: did.update("P"))
    monkeypatch.setattr(big, "settle_next", lambda *, ok: did.update("Y" if ok else "N"))
    monkeypatch.setattr(big.prompter, "mirror", lambda: did.update("M"))
    monkeypatch.setattr(big.prompter, "faster", lambda _by: did.update("↑"))
    for name in ("P", "Y", "N", "M", "↑"):
        hold(*named(name))
    assert did == {"P": 1, "Y": 1, "N": 1, "M": 1, "↑": TIMES + 1}


async def test_every_key_of_the_desk_is_done_once_a_hold(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = await sit(_busy_room())
    did: Counter[str] = Counter()
    monkeypatch.setattr(at.shell.keys, "_do", lambda name: bool(did.update([name])) or True)
    at.desk.setFocus()
    for name, (key, modifiers) in EVERY_KEY.items():
        hold(key, modifiers)
        assert did[name] == 1, name
    assert did.total() == len(EVERY_KEY)
