"""F1 opens the guide where it is about what the person looks at, and says where its file is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication

from liveconsole import guide
from tests.ui.fake_bus import until
from tests.ui.layout.test_sheets import LAID_OUT, SHEETS
from tests.ui.rooms import queue_of
from tests.ui.test_desk import sit
from ui.program.refused import RefusedWindow
from ui.seat import session
from ui.windows.guide import PLACES
from ui.windows.host.alone import HostAlone

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


async def test_in_a_window_beside_the_desk_it_is_said_there(sit: Any, opened: list[Path]) -> None:
    """Behind the window that was asked in nobody would read it."""
    at = await sit(queue_of())
    at.shell.toggle_settings()
    settings = at.shell.settings
    settings.activateWindow()
    await until(lambda: QApplication.activeWindow() is settings, WITHIN)
    at.shell.guide.open()
    await until(lambda: opened, WITHIN)
    await until(lambda: not at.shell.guide._opening, WITHIN)
    notice = at.shell.guide.notice
    assert notice.window() is settings
    assert notice.isVisible()
    assert notice.said.startswith("指南在浏览器里")
    assert at.desk.notice.said == ""
    settings.close()


async def test_the_host_s_screen_alone_has_it_too(tmp_path: Path, opened: list[Path], qtbot: Any) -> None:
    alone = HostAlone(tmp_path, session.Remembered())
    alone.show()
    assert alone.guide.place() == "big-screen"
    alone.activateWindow()
    await until(lambda: QApplication.activeWindow() is alone, WITHIN)
    kind = QEvent.Type.KeyPress
    QCoreApplication.sendEvent(
        alone.windowHandle(), QKeyEvent(kind, Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier)
    )
    await until(lambda: opened, WITHIN)
    assert "#big-screen" in opened.pop().read_text("utf-8")
    await until(lambda: alone.guide.notice is not None, WITHIN)
    assert alone.guide.notice is not None
    assert alone.guide.notice.window() is alone
    await alone.leave()
    alone.deleteLater()


async def test_who_was_refused_reads_it_from_a_folder_that_is_not_the_refused_one(
    tmp_path: Path, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_a, **_k: str(tmp_path / "cache"))
    window = RefusedWindow(("更新版本写的", "written by a newer one"))
    window.show()
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(window, press)
    await until(lambda: opened, WITHIN)
    assert opened[0].is_relative_to(tmp_path / "cache")
    assert "#troubles" in opened.pop().read_text("utf-8")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    QCoreApplication.sendEvent(window, press)
    await until(lambda: "没有能用的浏览器" in window.hint.text(), WITHIN)
    window.close()
    window.deleteLater()
