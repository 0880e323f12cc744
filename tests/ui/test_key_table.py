"""Every key of the desk from every place the keyboard can be: it acts, or its cap is grey and says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from liveconsole.messages.state import State
from tests.ui.committed import busy
from tests.ui.fake_bus import until
from tests.ui.rooms import queue_of, rundown_state
from tests.ui.test_desk import CTRL, NONE, SHIFT, sit
from ui import held_keys
from ui.keys import LOOKING, REACHING, WRITING
from ui.panels.owed import panel as owed
from ui.widgets import KeyCap, MoneyButton
from ui.windows import commands
from ui.windows.help import KEYS, KeysSheet
from ui.windows.left_column import CART, RUNDOWN

__all__ = ["sit"]

EVERY_KEY: dict[str, tuple[Qt.Key, Qt.KeyboardModifier]] = {
    "PgDn": (Qt.Key.Key_PageDown, NONE),
    "End": (Qt.Key.Key_End, NONE),
    "Esc": (Qt.Key.Key_Escape, NONE),
    "F6": (Qt.Key.Key_F6, NONE),
    "Shift+F6": (Qt.Key.Key_F6, SHIFT),
    "Ctrl+U": (Qt.Key.Key_U, CTRL),
    "Ctrl+S": (Qt.Key.Key_S, CTRL),
    "F1": (Qt.Key.Key_F1, NONE),
    "F3": (Qt.Key.Key_F3, NONE),
    "F4": (Qt.Key.Key_F4, NONE),
    "F5": (Qt.Key.Key_F5, NONE),
    "F7": (Qt.Key.Key_F7, NONE),
    "F8": (Qt.Key.Key_F8, NONE),
    "F9": (Qt.Key.Key_F9, NONE),
    "F12": (Qt.Key.Key_F12, NONE),
    "Ctrl+1": (Qt.Key.Key_1, CTRL),
    "Ctrl+Shift+1": (Qt.Key.Key_1, CTRL | SHIFT),
    "Ctrl+L": (Qt.Key.Key_L, CTRL),
    "Ctrl+Enter": (Qt.Key.Key_Return, CTRL),
    "Ctrl+Backspace": (Qt.Key.Key_Backspace, CTRL),
    "Ctrl+,": (Qt.Key.Key_Comma, CTRL),
    **{
        f"Ctrl+{letter}": (Qt.Key(ord(letter)), CTRL)
        for letter in "KMJTFIRPGEYNHZBO"
    },
}  # fmt: skip
"""``?`` is typed: `test_keys` has it."""


def _in_sheet(at: Any, kind: type[QWidget]) -> QWidget:
    found: list[QWidget] = at.desk.side.sheet.findChildren(kind)
    return next(each for each in found if each.isVisible())


def _composer(at: Any) -> QWidget:
    at.desk.sheets.compose()
    return _in_sheet(at, QLineEdit)


def _settings(at: Any) -> QWidget:
    """A window of its own, which has the keyboard."""
    if at.shell.settings is None:
        at.shell.toggle_settings()
    at.shell.settings.activateWindow()
    found: list[QWidget] = at.shell.settings.findChildren(QAbstractButton)
    return next(each for each in found if each.isVisible() and each.focusPolicy() != Qt.FocusPolicy.NoFocus)


def _paste(at: Any) -> QWidget:
    at.desk.segments.paste()
    return _in_sheet(at, QPlainTextEdit)


def _list_of(at: Any, place: int) -> QWidget:
    at.desk.left.choose(place)
    found: QWidget = (at.desk.rundown if place == RUNDOWN else at.desk.cart).list
    return found


PLACES: dict[str, Callable[[Any], QWidget]] = {
    "desk": lambda at: at.desk,
    "feed": lambda at: at.desk.feed.view,
    "one line": lambda at: at.desk.proposals.line.line,
    "rundown": lambda at: _list_of(at, RUNDOWN),
    "cart": lambda at: _list_of(at, CART),
    "sheet": _paste,
    "composer": _composer,
}
KEPT: dict[str, set[str]] = {
    "one line": {"Ctrl+Backspace", "Ctrl+Y", "Ctrl+Z"},
    "rundown": {"PgDn", "End"},
    "cart": {"PgDn", "End"},
    "sheet": {"PgDn", "End", "Ctrl+Backspace", "Ctrl+Y", "Ctrl+Z"},
    "composer": {"Ctrl+Backspace", "Ctrl+Y", "Ctrl+Z"},
    "desk": {"Esc"},
}
"""What a place has a use for itself, and Esc where nothing is open; from everywhere else every key acts."""


def test_every_key_is_pressed_here() -> None:
    named = {"PgDn", "End", "Esc", "F1", "F9", "F12", "Ctrl+1", "Ctrl+Shift+1", "Ctrl+L"}
    assert set(EVERY_KEY) == named | set(WRITING) | set(LOOKING.values()) | REACHING


def _busy_room() -> State:
    """One that can be fired, one that a person is asked about, a proposal, and a long rundown."""
    room = queue_of("host", platform="manual", a="approved", b="firing", c="queued")
    plan = rundown_state().rundown
    many = [replace(plan.segments[0], segment_id=f"s{n}", current=False) for n in range(60)]
    return replace(room, rundown=replace(plan, segments=many, next="s3", current=None))


class Presser:
    """Presses one key after the other at one place, and knows what came of each."""

    def __init__(self, at: Any, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self._place = at, PLACES[place]
        self._there: QWidget | None = None
        self.acted: list[str] = []
        does = at.shell.keys._do

        def watched(name: str) -> bool:
            done = does(name)
            self.acted += [name] if done else []
            return bool(done)

        monkeypatch.setattr(at.shell.keys, "_do", watched)

    async def go_there(self) -> None:
        """As before the first press: nothing else is open, and the feed stands still."""
        desk, shell = self.at.desk, self.at.shell
        others = (shell.past.list, shell.big, None if self._place is _settings else shell.settings)
        for other in others:
            if other is not None:
                other.close()
        shell.beside.close()
        if desk.commands.locked:
            desk.lock()
        shell.activateWindow()
        await until(lambda: QApplication.activeWindow() is shell)
        desk.feed.search.leave()
        desk.feed.view.scroll_rows(-30)
        if not (self._there is not None and isValid(self._there) and self._there.isVisible()):
            desk.side.close_sheet()
            self._there = self._place(self.at)
        elif not desk.side.isAncestorOf(self._there):
            desk.side.close_sheet()
        place = self._there
        place.window().activateWindow()
        await until(lambda: QApplication.activeWindow() is place.window())
        place.setFocus()
        if isinstance(place, QLineEdit):
            place.end(False)
        QApplication.sendPostedEvents()
        desk._caps.look()

    async def press(self, name: str) -> tuple[bool, str, set[str]]:
        """(whether it acted, why not as the table has it, the reasons at its caps)."""
        await self.go_there()
        why = self.at.desk.key_table.why_not(name)
        caps = [*self.at.desk.findChildren(MoneyButton), *self.at.desk.findChildren(KeyCap)]
        drawn = {cap.kept for cap in caps if cap.key_name == name and cap.isVisible()}
        self.acted.clear()
        key, held = EVERY_KEY[name]
        window = QGuiApplication.focusWindow()
        assert window is not None
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(window, QKeyEvent(kind, key, held))
        left = name == "Esc" and self._place is _settings and self.at.shell.settings is None
        return name in self.acted or left, why, drawn


@pytest.mark.parametrize("place", list(PLACES))
async def test_a_key_acts_or_its_cap_is_grey_with_the_reason(
    sit: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(commands, "TWICE_SECONDS", 0.0)
    monkeypatch.setattr(owed, "SETTLE_SECONDS", 0.0)
    monkeypatch.setattr(held_keys, "REPEAT_MS", 0)
    at = await sit(_busy_room())
    at.desk.feed.take(list(busy(200)))
    await until(lambda: at.desk.queue.rows() and at.desk.left.owed.cards())
    at.bus.answer = lambda _type, _data: {"ok": True, "seq": 1, "result": {"cue_id": "a"}}
    sale = {"cue_id": "a", "spec": at.bus.now_state.cues[0].spec | {"quantity": 4}}
    at.desk.commands.ask("cue.edit", sale, "a")  # something that can be taken back
    await until(lambda: not at.desk.undo.is_empty)
    presser = Presser(at, place, monkeypatch)
    dead = {}
    for name in EVERY_KEY:
        acted, why, drawn = await presser.press(name)
        assert acted == (why == ""), (name, why)
        if not acted:
            dead[name] = why
            assert drawn <= {why}, (name, drawn)
        else:
            assert drawn <= {""}, (name, drawn)
    assert dead.pop("Ctrl+B") == "演练只在排练里"
    assert dead.pop("Ctrl+S") == "没有接龙"
    assert set(dead) == KEPT.get(place, set())


async def test_a_cap_that_is_never_grey_would_be_found(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without the table a key that a text keeps is drawn as if it acted."""
    at = await sit(_busy_room())
    presser = Presser(at, "sheet", monkeypatch)
    monkeypatch.setattr(MoneyButton, "keep_key", lambda _self, _reason: None)
    acted, why, drawn = await presser.press("PgDn")
    assert (acted, drawn) == (False, {""})
    assert why != ""


async def test_the_list_of_keys_says_which_do_nothing_now(sit: Any) -> None:
    at = await sit(queue_of())
    at.desk.setFocus()
    at.desk.show_keys()
    sheet = at.desk.side.sheet
    assert isinstance(sheet, KeysSheet)
    assert set(sheet.rows) == {key for key, _ in KEYS}
    cap, why = sheet.rows["Ctrl+1…9"]
    assert (cap.kept, why.text(), why.isHidden()) == ("待上里没有能发的促销", "待上里没有能发的促销", False)
    await at.show(queue_of(a="approved"))
    await until(lambda: not sheet.rows["Ctrl+1…9"][0].kept)
    assert sheet.rows["PgDn"][0].kept == ""


async def test_who_presses_a_key_in_vain_is_told_why(sit: Any) -> None:
    at = await sit(queue_of(a="approved"))
    at.desk.setFocus()
    at.press(Qt.Key.Key_5, CTRL)
    assert at.desk.notice.said == "Ctrl+5：5 号没有促销"
    at.press(Qt.Key.Key_Return, CTRL)
    assert at.desk.notice.said == "Ctrl+Enter：没有等着点头的提议"
    assert at.desk.key_table.why_not("Esc") == "没有可撤回的，也没有开着的"
    at.desk.lock()
    at.press(Qt.Key.Key_1, CTRL)
    assert at.desk.notice.said == "Ctrl+1：本席位锁着；Ctrl+L 解锁"
    await at.nothing_asked()


async def test_beside_next_it_says_where_page_down_goes(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = await sit(_busy_room())
    await Presser(at, "rundown", monkeypatch).go_there()
    assert "翻页" in at.desk.rundown.box.says.text()
    assert at.desk.rundown.box.key.kept != ""
    at.press(Qt.Key.Key_Escape)
    at.desk._caps.look()
    assert "翻页" not in at.desk.rundown.box.says.text()
    assert at.desk.rundown.box.key.kept == ""
