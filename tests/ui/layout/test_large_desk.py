"""The desk at up to twice the size of type: nothing is cut or covered, and where three columns have no room
the two at the sides take turns while the middle stays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from liveconsole.messages.state import SourceState
from tests.ui.committed import NOW
from tests.ui.evening import Evening
from tests.ui.fake_bus import until
from tests.ui.layout.painted_rules import painted_faults
from tests.ui.layout.rules import faults
from tests.ui.layout.scenes import SCENES
from tests.ui.layout.walk import LARGE, WalkedDesk
from ui import theme
from ui.preferences.columns import LEFT, RIGHT, ColumnSplitter
from ui.seat.session import Role

pytestmark = pytest.mark.usefixtures("dressed")
Large = Callable[..., None]
SMALL = (1366, 728)


@pytest.fixture
def large(dressed: QApplication) -> Iterator[Large]:
    def put(scale: float, name: str = "dark") -> None:
        theme.apply(dressed, name, text_scale=scale)

    yield put
    theme.apply(dressed, "dark")


async def _walk(desk: WalkedDesk, size: tuple[int, int]) -> list[str]:
    found = []
    for at in (LEFT, RIGHT):
        desk.desk.turns.bring(at)
        if at == RIGHT and not desk.desk.columns.turns:
            break
        found += [f"{at} {fault}" for fault in await desk.faults(*size)]
    desk.desk.turns.bring(LEFT)
    return found


@pytest.mark.parametrize(
    ("scale", "size", "language", "name", "role", "scenes"),
    [
        (2.0, SMALL, "zh", "dark", "host", ("rich", "to_do_on_the_phone")),
        (2.0, SMALL, "en", "light", "assistant", ("sold_out", "crowded")),
        (1.5, SMALL, "en", "dark", "host", ("drawn",)),
    ],
)
async def test_nothing_is_cut_or_covered(
    tmp_path: Path,
    large: Large,
    scale: float,
    size: tuple[int, int],
    language: str,
    name: str,
    role: Role,
    scenes: tuple[str, ...],
) -> None:
    large(scale, name)
    found: list[str] = []
    for scene in scenes:
        async with WalkedDesk(tmp_path, SCENES[scene](), language, role) as desk:
            found += [f"{scene} {fault}" for fault in await _walk(desk, size)]
    assert found == []


@pytest.mark.skipif(not os.environ.get("LIVECONSOLE_DEEP"), reason="make prove: the whole matrix")
@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("role", ["host", "assistant"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
async def test_nothing_is_cut_at_any_size(
    tmp_path: Path, large: Large, scale: float, language: str, role: Role, name: str
) -> None:
    """``QT_SCALE_FACTOR=2`` is the same on a screen at 200 %."""
    large(scale, name)
    found: list[str] = []
    for scene, made in SCENES.items():
        async with WalkedDesk(tmp_path, made(), language, role) as desk:
            for size in LARGE:
                found += [f"{scene} {size} {fault}" for fault in await _walk(desk, size)]
    assert found == []


async def test_three_columns_that_have_no_room_run_together(
    tmp_path: Path, large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: nobody takes turns."""
    large(2.0)
    monkeypatch.setattr(ColumnSplitter, "_show_front", lambda self: None)
    async with WalkedDesk(tmp_path, SCENES["rich"](), "zh") as desk:
        assert any("SideStack" in str(fault) for fault in await desk.faults(*SMALL))


def _seen(desk: Any) -> tuple[bool, bool]:
    return desk.left.isVisible(), desk.feed.isVisible()


async def test_the_sides_take_turns_and_the_middle_stays(tmp_path: Path, large: Large) -> None:
    large(2.0)
    async with WalkedDesk(tmp_path, SCENES["to_do_on_the_phone"](), "zh") as walked:
        desk = walked.desk
        await walked.stand(*SMALL)
        middle = desk.queue.mapTo(desk, QPoint()), desk.queue.size()
        assert _seen(desk) == (True, False)

        walked.window.activateWindow()
        line = desk.queue.findChild(QLineEdit)
        line.setFocus()
        await until(line.hasFocus)
        assert desk.keyboard.go(1)  # F6
        assert _seen(desk) == (False, True)
        back = desk.columns.widget(2).back
        assert back.isVisible()
        assert "3" in back.face  # what waits on the phone is counted where it is not seen
        await walked.stand(*SMALL)
        assert (desk.queue.mapTo(desk, QPoint()), desk.queue.size()) == middle
        QTest.mouseClick(back, Qt.MouseButton.LeftButton)
        assert _seen(desk) == (True, False)

        assert desk.keyboard.key("Ctrl+P")  # a sheet needs its column, for as long as it is open
        assert desk.side.isVisible()
        assert desk.escape()
        assert _seen(desk) == (True, False)
        assert desk.keyboard.key("Ctrl+G")
        assert desk.alarms.panel.isVisible()
        assert _seen(desk) == (False, True)
        assert desk.keyboard.key("Ctrl+G")
        assert _seen(desk) == (True, False)

        assert desk.look("Ctrl+F")
        assert _seen(desk) == (False, True)
        desk._to_phone(desk.left.owed.front.face.cue_id)
        assert _seen(desk) == (True, False)

        desk.notice.tell("一句话", "warn")
        over = desk.notice.geometry()
        assert desk.left.geometry().translated(desk.columns.pos()).contains(over)
        desk.notice.dismiss()


async def test_numbers_fire_while_the_comments_have_the_place(
    tmp_path: Path, large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(2.0)
    async with WalkedDesk(tmp_path, SCENES["rich"](), "zh") as walked:
        await walked.stand(*SMALL)
        desk = walked.desk
        fired: list[str] = []

        def fire(cue_id: str) -> bool:
            fired.append(cue_id)
            return True

        number = next(cue.slot for cue in desk.commands.room.cues.values() if cue.can.fire is True)
        monkeypatch.setattr(desk.commands, "fire", fire)
        for at in (LEFT, RIGHT):
            desk.turns.bring(at)
            assert desk.fire_key(number)
        assert len(fired) == 2
        assert fired[0] == fired[1]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_alarm_loses_its_way_out_to_what_stands_below_it(
    tmp_path: Path, large: Large, language: str
) -> None:
    """The list does not scroll sideways: one wide line in it and every key at its right edge is cut."""
    large(2.0)
    state = SCENES["oversold"]()
    source = SourceState("/rehearsal", NOW, 44_147, simulated=True, per_minute=1_979)
    state = replace(state, health=replace(state.health, sources=[source]))
    async with WalkedDesk(tmp_path, state, language) as walked:
        await walked.stand(*SMALL)
        desk = walked.desk
        desk.alarms.toggle()
        await walked.stand(*SMALL)
        panel = desk.alarms.panel
        assert panel.alarm_lines
        assert panel.inside.width() <= panel._scroll.viewport().width()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_off_air_in_the_smallest_window_the_head_and_the_opening_are_whole(
    tmp_path: Path, large: Large, language: str
) -> None:
    """What is quieter goes: an installed version, and the room that the word of the strip has on air."""
    large(2.0)
    at = Evening(ago=600)
    at.ok("broadcast.close", {})
    async with WalkedDesk(tmp_path, at.shown(), language) as desk:
        opening = desk.desk.opening
        await desk.stand(960, 520)
        opening.versions.say("新版本 99.0.0 已经装好", "desk")
        found = [str(fault) for fault in faults(desk.window) + painted_faults(desk.window)]
        assert [fault for fault in found if "OnAirStrip" in fault or "painted" in fault] == []
        assert not opening.versions.isVisible()
        await desk.stand(*SMALL)
        opening.versions.say("新版本 99.0.0 已经装好", "desk")
        assert opening.versions.isVisible(), "and is there again where there is room"
