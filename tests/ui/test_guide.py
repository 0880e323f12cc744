"""F1 opens the guide where it is about what the person looks at, and says where its file is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from liveconsole import guide
from tests.ui.fake_bus import until
from tests.ui.layout.test_sheets import LAID_OUT, SHEETS
from tests.ui.rooms import queue_of
from tests.ui.test_desk import sit
from ui.windows.guide import PLACES

__all__ = ["sit"]

WITHIN = 20.0
"""Seconds until a file of a megabyte is written on a busy machine."""

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What a browser would have been given; it is there."""
    found: list[Path] = []

    def give(url: QUrl) -> bool:
        found.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", give)
    return found


def test_every_sheet_and_window_has_its_place_in_both_languages() -> None:
    windows = set(LAID_OUT) - {"Shell", "RefusedWindow"}  # its pages are named; who was refused has no keys
    assert set(PLACES) == {*SHEETS, *windows, "Desk", "RoomCheck", "JoinPage", "AlarmList"}
    for language in guide.LANGUAGES:
        assert set(PLACES.values()) <= guide.anchors(language)


async def test_it_opens_at_what_is_looked_at(sit: Any, opened: list[Path]) -> None:
    at = await sit(queue_of(a="approved"))
    for opens, place in (
        (lambda: None, "desk"),
        (at.desk.sheets.compose, "composer"),
        (at.desk.show_keys, "keys"),
        (at.desk.alarms.toggle, "alarms"),
    ):
        opens()
        assert at.shell.guide.place() == place
        at.press(Qt.Key.Key_F1)
        await until(lambda: opened, WITHIN)
        assert f"#{place}" in opened.pop().read_text("utf-8")
        await until(lambda: not at.shell.guide._opening, WITHIN)
    assert at.desk.notice.said.startswith("指南在浏览器里")
    at.shell.ask()
    assert at.shell.guide.place() == "first-evening"
    at.shell.welcome.ask_elsewhere()
    assert at.shell.guide.place() == "join"


async def test_without_a_browser_the_path_is_said_and_can_be_copied(
    sit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    at = await sit(queue_of())
    at.desk.lock()
    at.press(Qt.Key.Key_F1)  # on a locked seat too: it asks nobody
    await until(lambda: at.desk.notice.said.startswith("没有能用的浏览器"), WITHIN)
    at.desk.notice._act.click()
    assert Path(QGuiApplication.clipboard().text()).name.startswith("zh-desk")
    monkeypatch.setattr(guide, "put", _full)
    at.press(Qt.Key.Key_F1)
    await until(lambda: at.desk.notice.said == "指南打不开：No space left on device", WITHIN)
    await at.nothing_asked()


def _full(*_: object) -> Path:
    raise OSError(28, "No space left on device")
