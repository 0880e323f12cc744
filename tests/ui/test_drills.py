"""Drills at the desk: reached by a key, a line while one runs, the mark when it is over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from liveconsole.messages.drills import DRILLS
from tests.ui.committed import NOW
from tests.ui.drill_rooms import drilled, drilling
from tests.ui.evening import Evening
from tests.ui.fake_bus import until
from tests.ui.layout.scenes import rehearsed
from tests.ui.layout.walk import WalkedDesk
from tests.ui.rooms import queue_of
from tests.ui.test_desk import CTRL, sit
from ui.panels.drill import DrillSheet
from ui.sheets.sheet import Sheet

__all__ = ["sit"]


def _sheet(at: Any) -> DrillSheet:
    sheet = at.desk.side.sheet
    assert isinstance(sheet, DrillSheet)
    return sheet


async def test_a_rehearsal_lists_them_and_a_press_begins_one(sit: Any) -> None:
    at = await sit(rehearsed())
    assert at.desk.drills.line.isHidden(), "no room is taken while none runs"
    assert not at.desk.footer._drills.isHidden()
    at.shell.activateWindow()
    await until(lambda: QApplication.activeWindow() is at.shell)
    at.press(Qt.Key.Key_B, CTRL)
    sheet = _sheet(at)
    assert list(sheet.starts) == list(DRILLS)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert sheet.isAncestorOf(focused), "the next keys are meant for it"
    sheet.starts["wrong_price"].click()
    assert await at.asked(1) == [("drill.start", {"drill": "wrong_price"})]
    await until(lambda: at.desk.side.sheet is None)
    at.press(Qt.Key.Key_B, CTRL)
    assert at.desk.side.sheet is not None
    at.press(Qt.Key.Key_B, CTRL)
    assert at.desk.side.sheet is None, "once more closes it"


async def test_a_real_room_has_none(sit: Any) -> None:
    at = await sit(queue_of())
    assert at.desk.footer._drills.isHidden()
    at.press(Qt.Key.Key_B, CTRL)
    at.desk.footer.drills_wanted.emit()
    assert at.desk.side.sheet is None
    assert at.desk.key_table.why_not("Ctrl+B") == "演练只在排练里"
    await at.nothing_asked()


async def test_while_one_runs_its_goal_and_clock_stand_there(sit: Any) -> None:
    at = await sit(drilling(ago=20).shown())
    line = at.desk.drills.line
    await until(lambda: not line.isHidden())  # once the column has its height
    line.tick(NOW)
    assert (line.name.text(), line.left.text()) == ("断线", "0:55")
    assert line.goal.text() == DRILLS["cut_line"].goal[0]
    at.press(Qt.Key.Key_B, CTRL)
    assert _sheet(at).starts == {}, "one at a time"
    line.end.click()
    assert await at.asked(1) == [("drill.stop", {})]


async def test_a_quick_day_says_its_hour(sit: Any) -> None:
    at = await sit(drilling("long_day", ago=100).shown())
    at.desk.drills.line.tick(NOW)
    assert at.desk.drills.line.hour.text() == "第 4 小时"


async def test_when_it_is_over_its_mark_comes_up_with_what_the_log_showed(sit: Any) -> None:
    at = await sit(drilling(ago=20).shown())
    await at.show(drilled(told=True).shown())
    sheet = _sheet(at)
    assert at.desk.drills.line.isHidden()
    assert sheet.said[:3] == ["断线", "60", "满分 100，扣 40"]
    assert "0 秒后写一句话" not in " ".join(sheet.said)
    assert any(line.endswith("说没有开始，其实开始了 −40") for line in sheet.said)
    assert sheet.said[-1] == "先看评论和订单，再说没有开始"
    assert sheet.again is not None
    sheet.again.click()
    assert await at.asked(1) == [("drill.start", {"drill": "cut_line"})]


async def test_who_waited_for_the_answer_is_told_so(sit: Any) -> None:
    at = await sit(drilled(told=True, begun=True).shown())
    at.press(Qt.Key.Key_B, CTRL)
    assert _sheet(at).said[1] == "100"


async def test_what_somebody_is_writing_stays_and_the_mark_is_told_in_a_line(sit: Any) -> None:
    at = await sit(drilling(ago=20).shown())
    at.desk.sheets.compose()
    open_ = at.desk.side.sheet
    await at.show(drilled().shown())
    assert at.desk.side.sheet is open_
    assert isinstance(open_, Sheet)
    assert "断线，40 分" in at.desk.notice.said


async def test_a_desk_that_comes_later_is_not_shown_an_old_mark(sit: Any) -> None:
    """The twin: nothing ran before its eyes."""
    at = await sit(drilled().shown())
    assert at.desk.side.sheet is None


async def test_before_the_opening_there_is_nothing_to_start(sit: Any) -> None:
    at = await sit(Evening("rehearsal", open_=False).shown())
    at.press(Qt.Key.Key_B, CTRL)
    assert _sheet(at).starts == {}


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_it_fits_the_smallest_window_and_a_laptop(tmp_path: Path, language: str) -> None:
    async with WalkedDesk(tmp_path, drilling().shown(), language) as desk:
        for width, height in ((960, 520), (1024, 640), (1366, 728)):
            assert [str(f) for f in await desk.faults(width, height) if _mine(str(f))] == []
            low = desk.desk.drills.line.isHidden()
            assert low == (height < 700), "a low one says it on the key at the bottom"
            assert low == ("0:55" in desk.desk.footer._kind.text())
    async with WalkedDesk(tmp_path, drilled().shown(), language) as desk:
        desk.desk.drills.open()
        for width, height in ((960, 520), (1366, 728)):
            assert [str(f) for f in await desk.faults(width, height) if _mine(str(f))] == []


def _mine(fault: str) -> bool:
    return "Drill" in fault or "Footer" in fault
