"""看录像: the desk of a past moment, marked as such; its keys move the recording and fire nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from liveconsole.bus.errors import EngineGone
from liveconsole.engine.playback import Playback
from liveconsole.messages.inputs import CommandInput
from liveconsole.messages.state import StatePart
from liveconsole.store import Store, open_store
from tests.ui.fake_bus import FakeBus, until
from tests.ui.fingers import stroke
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import faults
from tests.ui.past_rooms import past
from tests.ui.rooms import sample_state
from tests.unit.engine.evenings import Evenings
from tests.unit.engine.test_playback import Clock
from ui.seat.session import StartChoice
from ui.windows.history.window import HistoryWindow
from ui.windows.player.bar import STEP
from ui.windows.player.marks import PromotionMark, lay_out
from ui.windows.player.window import PlayerWindow


class PlaybackBus(FakeBus):
    """The real recording, without the wire between."""

    def __init__(self, playback: Playback) -> None:
        super().__init__(sample_state())
        self.playback = playback

    async def state_part(self, have: str = "") -> tuple[StatePart, datetime]:
        body, now = await self.playback.state("host", have)
        return msgspec.json.decode(body, type=StatePart), now

    async def command(self, type: str, data: Any, id: str | None = None, expires_at: Any = None) -> Any:
        self.asked.append((type, data))
        answer = await self.playback.ask(CommandInput(id or "c", type, data, "host"))
        return msgspec.json.decode(answer.body)

    async def broadcast(self, number: int) -> Any:
        return msgspec.json.decode(await self.playback.broadcast(number) or b"")

    async def log(self, after: int = 0, limit: int = 1000, types: Sequence[str] = ()) -> list[Any]:
        return [msgspec.json.decode(line) for line in await self.playback.log(after, limit, types)]

    async def stream(self, after: int = 0) -> AsyncIterator[list[Any]]:
        follower = self.playback.follow(after)
        try:
            while (lines := await follower.batch()) is not None:
                yield [msgspec.json.decode(line) for line in lines]
        finally:
            follower.close()
        raise EngineGone("the recording ended")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def shop(store: Store) -> Evenings:
    """Two evenings, the second with two sales and what people said."""
    shop = Evenings(store)
    for number in (1, 2):
        shop.open(f"第 {number} 场")
        for sale in ("a", "b"):
            shop.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text=f"{number} 开始 {sale}")
            shop.wait(60)
            shop.sale(f"{sale}-{number}", seconds=30)
            shop.wait(40)
            shop.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text=f"{number} 结束 {sale}")
        shop.close()
        shop.wait(86_400)
    return shop


@pytest_asyncio.fixture
async def player(
    shop: Evenings, dressed: QApplication
) -> AsyncIterator[tuple[PlayerWindow, PlaybackBus, Clock]]:
    """Joined, its marks read."""
    reader, clock = shop.store.open_reader(), Clock()
    bus = PlaybackBus(Playback(reader, shop.store.meta, 2, clock=clock))

    async def join() -> PlaybackBus:
        return bus

    window = PlayerWindow(join, StartChoice("tape", "host", checked=True))
    window.closed.connect(window.deleteLater)  # as who opens it does
    window.resize(1366, 728)
    window.show()
    window.begin()
    await until(lambda: len(window.bar.strip.marks) == 2)
    yield window, bus, clock
    if shiboken6.isValid(window):
        window.close()
    await until(lambda: window.seat.link == "closed" and window._living is None)
    await bus.playback.stop()
    reader.close()


def press(window: PlayerWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    handle = window.windowHandle()
    assert handle is not None
    modifiers = modifiers or Qt.KeyboardModifier.NoModifier
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(handle, stroke(kind, key, modifiers))


def at(window: PlayerWindow) -> float:
    """Seconds of the recording."""
    playback = window.playback
    assert playback is not None
    return (window.seat.now() - playback.start).total_seconds()


Joined = tuple[PlayerWindow, PlaybackBus, Clock]


async def test_it_is_whole_in_every_window(player: Joined) -> None:
    window, _, _ = player
    found: list[str] = []
    for size in ((960, 520), (1366, 728), (1920, 1040)):
        window.resize(*size)
        for _ in range(6):
            await asyncio.sleep(0)
            QApplication.sendPostedEvents()
        # The rows of the recording wait for nobody: it is looked at, not worked in.
        found += [f"{size} {fault}" for fault in (*faults(window), *painted_faults(window))]
    assert found == []


@pytest.mark.asyncio
async def test_the_desk_says_everywhere_that_it_is_looked_at_again(player: Joined) -> None:
    window, _, _ = player
    assert window.desk.strip.pill.text().startswith("回看")
    assert window.desk.strip.pill.tone == "warn"
    assert window.bar.mark.text() == "回看"
    assert window.windowTitle() == "回看 · 第 2 场"
    said = [label for label in window.findChildren(QPushButton) if label.isVisible()]
    assert not [each for each in said if each.text() in ("开播", "全停", "下播")]
    assert window.desk.strip.halt.isHidden()
    assert window.desk.footer.isHidden()


@pytest.mark.asyncio
async def test_space_plays_and_pauses_and_the_clock_follows(player: Joined) -> None:
    window, bus, clock = player
    assert at(window) == 0
    press(window, Qt.Key.Key_Space)
    await until(lambda: bool(window.playback and window.playback.playing))
    await until(lambda: window.bar.play.text() == "暂停")
    clock.now += 70
    await bus.playback.step()
    window.seat._loud.set()
    await until(lambda: at(window) >= 70)
    await until(lambda: window.bar.at.text() >= "00:01:10")
    await until(lambda: "a-2" in [c.cue_id for c in window.seat.state.cues if c.status == "on_air"])  # type: ignore[union-attr]
    press(window, Qt.Key.Key_3)
    await until(lambda: window.playback is not None and window.playback.speed == 16)
    press(window, Qt.Key.Key_Space)
    await until(lambda: window.playback is not None and not window.playback.playing)
    stood = at(window)
    clock.now += 900
    await asyncio.sleep(0.02)
    assert at(window) == stood, "what stands still counts nothing down"


@pytest.mark.asyncio
async def test_a_promotion_is_one_key_or_one_click_away_and_back_too(player: Joined) -> None:
    window, bus, _ = player
    first, second = (mark.at for mark in window.bar.strip.marks)
    press(window, Qt.Key.Key_PageDown)
    await until(lambda: window.seat.now() == first)
    press(window, Qt.Key.Key_PageDown)
    await until(lambda: window.seat.now() == second)
    await until(lambda: "2 结束 a" in said(window))
    press(window, Qt.Key.Key_PageUp)
    await until(lambda: window.seat.now() == first)
    await until(lambda: "2 开始 a" in said(window) and "2 结束 a" not in said(window))
    assert "1 开始 a" not in said(window), "nothing of another evening"
    placed = window.bar.strip.layout_now()
    assert placed is not None
    QTest.mouseClick(
        window.bar.strip,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(round(placed.marks[1].x) + 3, 10),
    )
    await until(lambda: window.seat.now() == second)
    press(window, Qt.Key.Key_Right)
    await until(lambda: window.seat.now() == second + STEP)
    press(window, Qt.Key.Key_Home)
    await until(lambda: at(window) == 0)
    press(window, Qt.Key.Key_End)
    await until(lambda: window.playback is not None and window.seat.now() == window.playback.end)
    assert [type_ for type_, _ in bus.asked if not type_.startswith("playback.")] == []


def said(window: PlayerWindow) -> str:
    """What the feed shows."""
    return "\n".join(window.desk.feed.view.sentences())


@pytest.mark.asyncio
async def test_no_key_and_no_click_asks_for_anything_but_the_recording(
    player: Joined, shop: Evenings
) -> None:
    window, bus, _ = player
    before = shop.store.log_head()
    press(window, Qt.Key.Key_PageDown)
    await until(lambda: at(window) > 0)
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    for key in (
        Qt.Key.Key_1,
        Qt.Key.Key_2,
        Qt.Key.Key_Return,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_L,
        Qt.Key.Key_Z,
    ):
        for modifiers in (control, control | shift):
            press(window, key, modifiers)
    press(window, Qt.Key.Key_F12)
    for each in window.desk.findChildren(QPushButton):
        if each.isVisible() and each.isEnabled():
            each.click()
    window.desk.fire_key(1)
    window.desk.stop_key(1)
    window.desk.commands.go_next()
    window.desk.commands.open_broadcast()
    await asyncio.sleep(0.05)
    asked = {type_ for type_, _ in bus.asked if not type_.startswith("playback.")}
    assert asked <= {"cue.recall", "room.halt"}, "which the recording refuses"
    assert shop.store.log_head() == before


@pytest.mark.asyncio
async def test_a_search_that_is_written_keeps_its_keys_and_esc_leaves(player: Joined) -> None:
    window, bus, _ = player
    asked = len(bus.asked)
    window.desk.look("Ctrl+F")
    field = window.focusWidget()
    if field is not None:
        event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
        assert not window.eventFilter(window, event)
    assert len(bus.asked) == asked
    window.setFocus()
    press(window, Qt.Key.Key_Escape)
    assert not shiboken6.isValid(window) or not window.isVisible()


def test_signs_lie_beside_each_other_and_every_mark_has_its_line() -> None:
    start = datetime.fromisoformat("2026-11-27T11:00:00+00:00")
    end = start + timedelta(hours=2)
    marks = [PromotionMark(start + timedelta(seconds=30 * n), "flash_sale", str(n)) for n in range(240)]
    for width in (120, 400, 1600):
        placed = lay_out(width, start, end, start + timedelta(hours=1), marks)
        assert len(placed.marks) == len(marks)
        signs = [one.sign for one in placed.marks if one.sign is not None]
        assert signs
        for one, other in pairwise(signs):
            assert one.right() < other.left()
        assert all(sign.left() >= 0 and sign.right() <= width for sign in signs)
        assert placed.done.right() == pytest.approx(width / 2)


def test_a_row_of_the_history_is_looked_at_again(qtbot: Any, tmp_path: Path) -> None:
    async def join() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    from ui.seat.seat import Seat

    window = HistoryWindow(Seat(join), tmp_path)
    qtbot.addWidget(window)
    window.show()
    window.show_page(past())
    wanted: list[int] = []
    window.played.connect(wanted.append)
    window._rows[5].play.click()
    QTest.keyClick(window.search, Qt.Key.Key_Down)
    QTest.keyClick(window.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    window.sample.click()
    assert wanted == [5, 6, 0]
    for width in (960, 1179, 1180, 1920):
        window.resize(width, 640)
        QApplication.processEvents()
        row = window._rows[5]
        keys = [row.report.geometry(), row.play.geometry()]
        assert not keys[0].intersects(keys[1])
        assert all(row.rect().contains(key) for key in keys)
        for key in (row.report, row.play):
            assert key.width() >= key.sizeHint().width(), width
