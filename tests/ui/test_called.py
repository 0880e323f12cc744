"""Two windows of one folder, as after a double click too many."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.fake_bus import until
from ui.seat import session
from ui.seat.window_place import Place
from ui.windows.called import CALL, WindowsOfOneFolder
from ui.windows.shell import Shell

pytestmark = pytest.mark.usefixtures("dressed")


async def test_the_second_says_so_and_the_first_comes_to_the_front(
    tmp_path: Path, qapp: QApplication
) -> None:
    places = [Place(tmp_path), Place(tmp_path)]
    assert [place.number for place in places] == [1, 2]
    shells = [Shell(tmp_path, session.Remembered(), place.number) for place in places]
    first, second = (
        WindowsOfOneFolder(shell, tmp_path, place.number) for shell, place in zip(shells, places, strict=True)
    )
    for shell in shells:
        shell.show()
    assert first.notice is None
    assert second.notice is not None
    assert "已经开着一个窗口" in second.notice.said
    shells[0].showMinimized()
    assert shells[0].windowState() & Qt.WindowState.WindowMinimized
    second.notice._act.click()
    await until(lambda: not shells[0].windowState() & Qt.WindowState.WindowMinimized)
    assert shells[1].left.is_set(), "the one that came second goes"
    assert not shells[0].left.is_set()
    for shell, place in zip(shells, places, strict=True):
        await shell.leave()
        shell.deleteLater()
        place.leave()


async def test_alone_it_says_nothing_and_a_folder_that_cannot_be_written_is_no_fault(
    tmp_path: Path, qapp: QApplication
) -> None:
    (tmp_path / "file").touch()
    for base, number in ((tmp_path, 0), (tmp_path / "file", 1), (tmp_path, 1)):
        shell = Shell(tmp_path, session.Remembered(), 0)
        assert WindowsOfOneFolder(shell, base, number).notice is None
        await shell.leave()
        shell.deleteLater()
    assert (tmp_path / CALL).exists()
