"""What a Qt object waits for goes with it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from liveconsole import guide, tasks
from tests.ui.fake_bus import until
from ui.alive import alive
from ui.seat import session
from ui.windows.shell import Shell

pytestmark = pytest.mark.usefixtures("dressed")


class Asking(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.goes_on, self.told = asyncio.Event(), ""

    async def answer(self) -> str:
        await self.goes_on.wait()
        return "said"

    async def fail(self) -> str:
        await self.goes_on.wait()
        raise OSError("no")

    async def guarded(self, *, fails: bool = False) -> None:
        self.told = await alive(self, self.fail() if fails else self.answer())
        self.setObjectName(self.told)

    async def bare(self) -> None:
        self.told = await self.answer()
        self.setObjectName(self.told)


async def test_who_is_there_gets_the_answer_or_the_fault(qapp: QApplication) -> None:
    one = Asking()
    one.goes_on.set()
    await one.guarded()
    assert one.objectName() == "said"
    with pytest.raises(OSError, match="no"):
        await one.guarded(fails=True)


@pytest.mark.parametrize("fails", [False, True])
async def test_the_task_of_one_that_is_gone_ends_quietly(
    qapp: QApplication, caplog: pytest.LogCaptureFixture, fails: bool
) -> None:
    one = Asking()
    asked = tasks.spawn(one.guarded(fails=fails), name="asked")
    await asyncio.sleep(0)
    shiboken6.delete(one)
    one.goes_on.set()
    await asyncio.wait([asked])
    assert asked.cancelled()
    assert not one.told
    assert [line for line in caplog.records if line.levelno >= logging.WARNING] == []


async def test_the_twin_without_it_the_task_ends_with_a_bug(
    qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    one = Asking()
    asked = tasks.spawn(one.bare(), name="asked")
    await asyncio.sleep(0)
    shiboken6.delete(one)
    one.goes_on.set()
    await asyncio.wait([asked])
    assert isinstance(asked.exception(), RuntimeError)
    assert any("ended with a bug" in line.message for line in caplog.records)


async def test_a_window_that_is_closed_while_the_guide_is_put_opens_nothing(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reached, goes_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(*_: object) -> Path:
        loop.call_soon_threadsafe(reached.set)
        asyncio.run_coroutine_threadsafe(goes_on.wait(), loop).result(20)
        return tmp_path / "guide.html"

    monkeypatch.setattr(guide, "put", slow)
    shell = Shell(tmp_path, session.Remembered(), 0)
    opener = shell.guide
    opener.open()
    await reached.wait()
    await shell.leave()
    shiboken6.delete(shell)
    goes_on.set()
    await until(lambda: not opener._opening)
    assert [line for line in caplog.records if line.levelno >= logging.WARNING] == []
