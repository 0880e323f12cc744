"""复盘 as files from the desk: a process of its own, told when it is done and when it cannot."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QDesktopServices

from liveconsole.connectors.rehearsal.headless import run_headless
from tests.ui.fake_bus import until
from tests.ui.rooms import rundown_state
from tests.ui.test_desk import sit
from ui.beside.report_run import ReportRun
from ui.panels.notes.handover import HandoverSheet
from ui.windows.history.report import ReportPage

__all__ = ["sit"]

pytestmark = pytest.mark.usefixtures("dressed")


async def _told(run: ReportRun) -> tuple[str, str]:
    heard: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()
    run.done.connect(lambda folder, why: heard.set_result((folder, why)))
    run.start()
    run.start()  # once is enough: a second answer would be an error here
    said = await asyncio.wait_for(heard, 40)
    assert not run.running
    return said


async def test_the_files_stand_where_it_says(tmp_path: Path) -> None:
    await asyncio.to_thread(run_headless, 3, "default", 60.0, tmp_path / "room")
    folder, why = await _told(ReportRun(tmp_path / "room"))
    assert why == ""
    names = set(os.listdir(folder))
    assert {"report.html", "report.pdf", "report.xlsx", "clips.csv", "clips.edl", "handover.txt"} <= names


async def test_why_not_is_said(tmp_path: Path) -> None:
    folder, why = await _told(ReportRun(tmp_path / "nothing"))
    assert folder == ""
    assert why


async def test_a_run_that_is_stopped_tells_nobody(tmp_path: Path) -> None:
    run = ReportRun(tmp_path)
    heard: list[str] = []
    run.done.connect(lambda folder, why: heard.append(why))
    run.start()
    run.stop()
    run.stop()
    await asyncio.sleep(0.05)
    assert heard == []
    assert not run.running


async def test_the_handover_offers_them_where_the_folder_is(sit: Any) -> None:
    at = await sit(rundown_state())
    at.desk.sheets.handover()
    sheet = at.desk.side.sheet
    assert isinstance(sheet, HandoverSheet)
    assert sheet.files.isHidden()  # this desk is not told where the engine's folder lies


async def test_the_handover_says_what_became_of_them(tmp_path: Path, sit: Any) -> None:
    at = await sit(rundown_state())
    run = ReportRun(tmp_path)
    sheet = HandoverSheet(at.shell.seat, run)
    at.desk.side.open_sheet(sheet)
    await until(lambda: "没有要交接的" in sheet.said.text())
    run.done.emit("/somewhere/<b>reports</b>", "")
    assert sheet.said.text() == "复盘文件写好了：/somewhere/<b>reports</b>"
    run.done.emit("", "disk full")
    assert (sheet.said.text(), sheet.said.tone) == ("复盘文件没有写成：disk full", "warn")


def test_a_system_that_opens_no_folder_leaves_the_way_to_it(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = [True, False]
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: opens.pop(0))
    page = ReportPage(None)
    qtbot.addWidget(page)
    page._written("/somewhere/reports", "")
    page.open_folder()
    assert page.said.text() == "复盘文件写好了：/somewhere/reports", "it was opened"
    page.open_folder()
    assert page.said.text() == "文件夹在 /somewhere/reports"
