"""主播大屏 beside a desk and alone: which keys reach it, and whose refusals it says."""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from liveconsole import tasks
from tests.ui.committed import comment
from tests.ui.fake_bus import FakeBus, refuse, until
from tests.ui.fingers import stroke
from tests.ui.rooms import host_state, hosted
from tests.ui.test_desk import AtDesk, desks
from ui import i18n, preferences, theme
from ui.program.start import read
from ui.seat import session
from ui.windows.help import KEYS
from ui.windows.host.alone import HostAlone
from ui.windows.host.keys import KEYS as HOST_KEYS
from ui.windows.host.notes import as_note
from ui.windows.host.window import HostWindow


@pytest_asyncio.fixture
async def sit(dressed: QApplication, tmp_path: Path) -> AsyncIterator[Any]:
    async with desks(tmp_path) as opens:
        yield opens


def press(window: Any, key: Qt.Key, *, up: bool = False, text: str = "") -> None:
    kind = QEvent.Type.KeyRelease if up else QEvent.Type.KeyPress
    QCoreApplication.sendEvent(window.windowHandle(), stroke(kind, key, text=text))


async def opened_by_f9(at: AtDesk) -> Any:
    at.press(Qt.Key.Key_F9)
    big = at.shell.big
    assert big is not None
    big.activateWindow()
    await until(lambda: big.isActiveWindow() and QApplication.focusWindow() is big.windowHandle())
    return big


async def test_f9_opens_it_and_closes_it(sit: Any) -> None:
    at = await sit(host_state())
    big = await opened_by_f9(at)
    assert big.product.number.text() == "3 号"
    at.press(Qt.Key.Key_F9)
    assert at.shell.big is None


async def test_the_footer_opens_it_too_and_it_goes_with_the_desk(sit: Any) -> None:
    at = await sit(host_state())
    at.desk.footer.big_screen_wanted.emit()
    big = at.shell.big
    assert big is not None
    await at.shell.leave()
    assert at.shell.big is None


async def test_page_down_and_escape_work_there_and_a_refusal_is_said_there(sit: Any) -> None:
    at = await sit(host_state(counting=True))
    big = await opened_by_f9(at)
    at.bus.answer = refuse("nothing_next")
    press(big, Qt.Key.Key_PageDown)
    [(type_, data)] = await at.asked()
    assert (type_, data["expect"]["segment_id"]) == ("go.next", "s3")
    await until(lambda: big.top.wrong.text())
    press(big, Qt.Key.Key_Escape)
    assert (await at.asked(2))[1] == ("cue.recall", {"cue_id": "c-next"})
    press(big, Qt.Key.Key_Space)
    press(big, Qt.Key.Key_Return)
    assert not big.prompter.reel.paused
    assert len(at.bus.asked) == 2


async def test_the_desk_knows_that_the_keys_still_work(sit: Any) -> None:
    at = await sit(host_state())
    await opened_by_f9(at)
    assert not at.desk.strip.keyboard.isVisible()
    at.desk.keyboard_here(False)
    assert at.desk.strip.keyboard.isVisible()


async def test_a_double_click_on_a_comment_puts_it_before_her(sit: Any) -> None:
    at = await sit(host_state())
    view = at.desk.feed.view
    at.desk.feed.take([comment(1, "有没有黑色？", name="糖糖"), comment(2, "好看", name="糖糖")])
    where = view.viewport().rect().topLeft().toPointF()
    where.setX(40)
    where.setY(view._placed_rows()[0][0] + 3)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseButtonDblClick, where, view.mapToGlobal(where), left, left, none)
    QCoreApplication.sendEvent(view.viewport(), event)
    assert await at.asked() == [("note.put", {"text": as_note("有没有黑色？"), "to": "host"})]
    assert "糖糖" not in str(at.bus.asked)


async def test_q_in_the_feed_takes_the_newest_question(sit: Any) -> None:
    at = await sit(host_state())
    view = at.desk.feed.view
    at.desk.feed.take([comment(1, "有没有黑色？"), comment(2, "什么时候发货"), comment(3, "好看")])
    none = Qt.KeyboardModifier.NoModifier
    view.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Q, none))
    assert await at.asked() == [("note.put", {"text": as_note("什么时候发货"), "to": "host"})]


async def test_a_picked_question_comes_through_the_room(sit: Any) -> None:
    at = await sit(host_state())
    big = await opened_by_f9(at)
    evening = hosted()
    evening.ok("note.clear", {})
    evening.ok("note.put", {"text": as_note("起球吗？", 3)}, "assistant")
    state = evening.shown()
    await at.show(state)
    assert big.questions.rows[0].text.text() == "起球吗？"
    press(big, Qt.Key.Key_1)
    assert await at.asked() == [("note.clear", {"note_id": state.notes[0].note_id})]


# Alone ------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def alone(dressed: QApplication, tmp_path: Any) -> AsyncIterator[tuple[HostAlone, FakeBus]]:
    bus = FakeBus(host_state(counting=True))

    async def join() -> FakeBus:
        return bus

    window = HostAlone(tmp_path, session.Remembered())
    window._joining.by = join
    window._living = tasks.spawn(window._seat.run(), name="seat")
    window.show()
    window.activateWindow()
    await until(lambda: window._seat.state is not None and window.isActiveWindow())
    yield window, bus
    await window.leave()
    assert window.left.is_set()
    window.deleteLater()
    await tasks.cancel_all()


async def test_alone_it_has_keys_of_its_own(alone: tuple[HostAlone, FakeBus]) -> None:
    window, bus = alone
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_PageDown, up=True)
    press(window, Qt.Key.Key_Escape)
    await until(lambda: len(bus.asked) == 2)
    assert [type_ for type_, _ in bus.asked] == ["go.next", "cue.recall"]
    assert bus.asked[0][1]["expect"]["segment_id"] == "s3"
    control = Qt.KeyboardModifier.ControlModifier
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, control)
    QCoreApplication.sendEvent(window.windowHandle(), event)
    press(window, Qt.Key.Key_Space)
    assert len(bus.asked) == 2


async def test_alone_f12_halts_after_a_second_and_not_before(alone: tuple[HostAlone, FakeBus]) -> None:
    window, bus = alone
    now = [0.0]
    window._halt._clock = lambda: now[0]
    press(window, Qt.Key.Key_F12)
    now[0] = 0.9
    window._halt.advance()
    assert bus.asked == []
    now[0] = 1.0
    window._halt.advance()
    await until(lambda: bus.asked)
    assert bus.asked == [("room.halt", {})]


def test_the_command_line_knows_it(tmp_path: Any) -> None:
    assert read(["--data", str(tmp_path), "--host"]).host
    assert not read(["--data", str(tmp_path)]).host


# Its own help and look ----------------------------------------------------------------------------------


async def test_the_question_mark_shows_her_keys_where_she_looks(sit: Any) -> None:
    at = await sit(host_state())
    big = await opened_by_f9(at)
    press(big, Qt.Key.Key_Question, text="?")
    assert big.help.isVisible()
    assert at.desk.side.sheet is None
    press(big, Qt.Key.Key_Escape)
    assert not big.help.isVisible()
    await at.nothing_asked()


async def test_what_counts_down_stands_above_her_keys(sit: Any) -> None:
    at = await sit(host_state(counting=True))
    big = await opened_by_f9(at)
    press(big, Qt.Key.Key_Question, text="?")
    above = [w for w in big.children() if w in (big.help, big.countdown)]
    assert above == [big.help, big.countdown]
    press(big, Qt.Key.Key_Escape)
    assert [type_ for type_, _ in await at.asked()] == ["cue.recall"]
    assert big.help.isVisible()


async def test_alone_ctrl_t_changes_the_theme_and_the_keys_are_shown(
    alone: tuple[HostAlone, FakeBus], qapp: QApplication
) -> None:
    window, bus = alone
    before = preferences.current()
    try:
        preferences.use(preferences.Preferences())
        control = Qt.KeyboardModifier.ControlModifier
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_T, control)
        QCoreApplication.sendEvent(window.windowHandle(), event)
        assert theme.tokens().name == "light"
    finally:
        preferences.use(before)
        theme.apply(qapp)
    press(window, Qt.Key.Key_Question, text="?")
    assert window.help.isVisible()
    assert bus.asked == []


def test_every_key_that_the_window_hears_stands_in_its_help() -> None:
    said = " ".join(key for key, _ in HOST_KEYS)
    source = inspect.getsource(HostWindow._pressed)
    symbols = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Plus": "+", "Minus": "−", "Space": "空格"}
    heard = set(re.findall(r"Qt\.Key\.Key_(\w+)", source)) - {"Equal"}
    words = " ".join(words for _, words in HOST_KEYS)
    assert [name for name in heard if symbols.get(name, name) not in f"{said} {words}"] == []
    assert {"PgDn", "Esc", "F12", "?", "Ctrl+T"} <= {key for key, _ in HOST_KEYS}


def test_help_has_its_english() -> None:
    english = i18n.load("en")
    for key, words in (*KEYS, *HOST_KEYS):
        assert words in english
        assert key.isascii() or key in english or not any("\u4e00" <= c <= "\u9fff" for c in key)
