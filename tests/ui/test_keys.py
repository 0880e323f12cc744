"""The keys a person presses, as they reach the window: what they mean, and what means nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui.key_owner import kept
from ui.keys import KeyActions, Keys, name_of

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


class Desk(QWidget):
    """A window with one of each thing that can hold the focus, and a record of what the keys meant."""

    def __init__(self) -> None:
        super().__init__()
        self.did: list[str] = []
        self.idle: list[str] = []
        self.recallable = False
        self.text, self.list, self.button = QLineEdit(), QListWidget(), QPushButton("x")
        self.lines, self.area = QPlainTextEdit(), QScrollArea()
        column = QVBoxLayout(self)
        for each in (self.text, self.list, self.button, self.lines, self.area):
            column.addWidget(each)
        self.button.clicked.connect(lambda: self.did.append("clicked"))
        self.now = 100.0
        self.keys = Keys(
            self,
            clock=lambda: self.now,
            actions=KeyActions(
                next_product=self._did("next"),
                fire=lambda n: self._did(f"fire {n}")(),
                stop=lambda n: self._did(f"stop {n}")(),
                recall=lambda: self.recallable and self._did("recall")(),
                halt=lambda down: self.did.append("halt down" if down else "halt up"),
                help=self._did("help"),
                lock=self._did("lock"),
                escape=self._did("escape"),
                newest=self._did("newest"),
                idle=lambda name: self.idle.append(name),
            ),
        )

    def _did(self, what: str):  # type: ignore[no-untyped-def]
        def note() -> bool:
            self.did.append(what)
            return True

        return note

    def press(
        self,
        key: Qt.Key,
        held: Qt.KeyboardModifier = NONE,
        text: str = "",
        *,
        again: bool = False,
        up: bool = False,
        scan: int = 0,
    ) -> None:
        kind = QEvent.Type.KeyRelease if up else QEvent.Type.KeyPress
        event = QKeyEvent(kind, key, held, scan, 0, 0, text, again)
        QCoreApplication.sendEvent(self.windowHandle(), event)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.keys.watch(made.windowHandle())
    made.button.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is made.button)
    return made


@pytest.mark.parametrize(
    ("key", "held", "text", "means"),
    [
        (Qt.Key.Key_PageDown, NONE, "", "next"),
        (Qt.Key.Key_1, CTRL, "", "fire 1"),
        (Qt.Key.Key_9, CTRL, "", "fire 9"),
        (Qt.Key.Key_1, CTRL | SHIFT, "", "stop 1"),
        (Qt.Key.Key_Exclam, CTRL | SHIFT, "!", "stop 1"),
        (Qt.Key.Key_ParenLeft, CTRL | SHIFT, "(", "stop 9"),
        (Qt.Key.Key_Question, SHIFT, "?", "help"),
        (Qt.Key.Key_L, CTRL, "", "lock"),
        (Qt.Key.Key_Escape, NONE, "", "escape"),
    ],
)
def test_a_key_means_one_thing(
    desk: Desk, key: Qt.Key, held: Qt.KeyboardModifier, text: str, means: str
) -> None:
    desk.press(key, held, text)
    assert desk.did == [means]


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Qt.Key.Key_1, NONE),
        (Qt.Key.Key_0, CTRL),
        (Qt.Key.Key_1, CTRL | Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_PageDown, CTRL),
        (Qt.Key.Key_Escape, SHIFT),
        (Qt.Key.Key_Space, CTRL),
        (Qt.Key.Key_Return, CTRL),
    ],
)
def test_other_keys_mean_nothing(desk: Desk, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    desk.press(key, held)
    assert desk.did == []


def test_space_and_enter_reach_only_what_has_the_focus(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Space, NONE, " ")
    desk.press(Qt.Key.Key_Space, NONE, " ", up=True)
    assert desk.did == ["clicked"]


@pytest.mark.parametrize(
    ("key", "held"),
    [(Qt.Key.Key_PageDown, NONE), (Qt.Key.Key_1, CTRL), (Qt.Key.Key_1, CTRL | SHIFT), (Qt.Key.Key_F12, NONE)],
)
def test_what_repeats_by_itself_is_no_press(desk: Desk, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    desk.press(key, held, again=True)
    assert desk.did == []


def _wait_for(desk: Desk, place: QWidget) -> None:
    place.setFocus()
    assert QApplication.focusWidget() is place


def test_what_turns_pages_keeps_the_key_of_a_presenter_remote(desk: Desk) -> None:
    desk.list.addItems([str(n) for n in range(200)])
    desk.list.doItemsLayout()
    for place in (desk.lines, desk.list):
        _wait_for(desk, place)
        desk.press(Qt.Key.Key_PageDown)
        desk.press(Qt.Key.Key_End)
        assert desk.did == []
        assert "翻页" in kept("PgDn", place)


def test_everywhere_else_it_is_the_next_product(desk: Desk) -> None:
    """A line has no pages, nor has a list that shows all it has, nor what only scrolls."""
    desk.list.addItems(["1", "2"])
    for place in (desk.text, desk.list, desk.area, desk.button):
        _wait_for(desk, place)
        desk.press(Qt.Key.Key_PageDown)
    assert desk.did == ["next"] * 4


def test_end_is_the_lines_until_the_cursor_is_at_its_end(desk: Desk) -> None:
    _wait_for(desk, desk.text)
    desk.text.setText("秒99")
    desk.text.setCursorPosition(0)
    desk.press(Qt.Key.Key_End)
    assert desk.did == []
    assert desk.text.cursorPosition() == 3
    desk.press(Qt.Key.Key_End, up=True)
    desk.now += 1
    desk.press(Qt.Key.Key_End)
    assert desk.did == ["newest"]


def test_a_key_with_nothing_to_do_says_so_and_esc_goes_on_to_the_widget(desk: Desk) -> None:
    desk.press(Qt.Key.Key_M, CTRL)
    desk.press(Qt.Key.Key_F9)
    assert desk.idle == ["Ctrl+M", "F9"]


def test_a_question_mark_can_be_typed(desk: Desk) -> None:
    desk.text.setFocus()
    desk.press(Qt.Key.Key_Question, SHIFT, "?")
    assert desk.did == []
    assert desk.text.text() == "?"


def test_firing_works_from_a_text_field_too(desk: Desk) -> None:
    desk.text.setFocus()
    desk.press(Qt.Key.Key_2, CTRL)
    assert desk.did == ["fire 2"]


def test_escape_recalls_whatever_has_the_focus(desk: Desk) -> None:
    desk.recallable = True
    for place in (desk.text, desk.list, desk.button):
        place.setFocus()
        desk.press(Qt.Key.Key_Escape)
    assert desk.did == ["recall"] * 3


def test_halt_is_held_and_ends_with_the_key_or_the_focus(desk: Desk, qtbot: QtBot) -> None:
    desk.press(Qt.Key.Key_F12)
    desk.press(Qt.Key.Key_F12, up=True, again=True)  # X11 sends these while the key is down
    desk.press(Qt.Key.Key_F12, again=True)
    assert desk.did == ["halt down"]
    desk.press(Qt.Key.Key_F12, up=True)
    qtbot.waitUntil(lambda: desk.did[-1] == "halt up")
    desk.now += 1
    desk.press(Qt.Key.Key_F12)
    desk.keys.watch(None)  # the focus left the program
    desk.press(Qt.Key.Key_F12, up=True)
    assert desk.did == ["halt down", "halt up", "halt down", "halt up"]


def test_a_held_key_that_the_server_lifts_and_presses_is_still_held(desk: Desk, qtbot: QtBot) -> None:
    for key, held in ((Qt.Key.Key_F12, NONE), (Qt.Key.Key_PageDown, NONE), (Qt.Key.Key_1, CTRL)):
        for _ in range(5):
            desk.press(key, held)
            desk.now += 0.04
            desk.press(key, held, up=True)
            desk.now += 0.001
    assert desk.did == ["halt down", "next", "fire 1"]
    qtbot.waitUntil(lambda: desk.did[-1] == "halt up")
    desk.now += 0.2
    desk.press(Qt.Key.Key_PageDown)
    assert desk.did[-1] == "next"


@pytest.mark.parametrize(
    ("key", "held", "means"),
    [
        (Qt.Key.Key_1, CTRL, "fire 1"),
        (Qt.Key.Key_9, CTRL | SHIFT, "stop 9"),
        (Qt.Key.Key_End, CTRL, "fire 1"),
        (Qt.Key.Key_Clear, CTRL, "fire 5"),
        (Qt.Key.Key_PageDown, CTRL | SHIFT, "stop 3"),
    ],
)
@pytest.mark.skipif("sys.platform in ('win32', 'darwin')", reason="what X11 and Wayland send")
def test_the_keypad_has_the_numbers_with_num_lock_and_without(
    desk: Desk, key: Qt.Key, held: Qt.KeyboardModifier, means: str
) -> None:
    desk.press(key, held | Qt.KeyboardModifier.KeypadModifier)
    assert desk.did == [means]


@pytest.mark.skipif("sys.platform in ('win32', 'darwin')", reason="scan codes of X11 and Wayland")
def test_a_letter_of_another_script_is_the_one_of_its_place(desk: Desk) -> None:
    lock = QKeyEvent(QEvent.Type.KeyPress, ord("Д"), CTRL, 46, 0, 0, "")  # where L lies
    QCoreApplication.sendEvent(desk.windowHandle(), lock)
    assert desk.did == ["lock"]


@pytest.mark.skipif("sys.platform in ('win32', 'darwin')", reason="scan codes of X11 and Wayland")
def test_the_top_row_is_told_by_place_where_the_layout_says_otherwise(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Ampersand, CTRL, "&", scan=10)  # AZERTY: & stands where 1 is
    assert desk.did == ["fire 1"]


def test_a_key_this_qt_cannot_name_is_nobodys() -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, 0x01FFFF12, CTRL)
    assert name_of(event) is None
