"""Pictures of the desk and of the host's screen, on an evening that stands still. One process a scale:
``python -m tests.shots.seats FOLDER RATIO``.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["LIVECONSOLE_KEYRING"] = "off"
    os.environ["QT_SCALE_FACTOR"] = sys.argv[2]

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from liveconsole import tasks
from liveconsole.messages.state import StatePart
from tests.shots import png, wear
from tests.shots.evening import Evening, play, sold
from tests.ui.fake_bus import FakeBus, until
from tests.ui.host_rooms import StillSeat
from tests.ui.qt_loop import Loop
from ui import i18n, preferences, theme
from ui.preferences import ThemeName
from ui.program import app
from ui.seat import session
from ui.seat.room import EVERYTHING
from ui.windows.host.window import HostWindow
from ui.windows.shell import Shell

_FEED = 6_000
"""Lines of the log that the feed has seen: more than it shows."""


class EveningBus(FakeBus):
    """The evening as an engine would tell it; the rules that judge are the real ones."""

    def __init__(self, evening: Evening, *, counting: bool) -> None:
        self.moment, state = evening.at(counting=counting)
        super().__init__(state)
        self.pictures = wear.pictures(sold())
        self.questions_asked = evening.questions(self.moment)
        self.judged = partial(evening.judged, counting=counting)

    async def state_part(self, have: str = "") -> tuple[StatePart, datetime]:
        part, _ = await super().state_part(have)
        return part, self.moment


async def _desk(evening: Evening, role: session.Role, size: QSize, file: Path, *, counting: bool) -> None:
    with tempfile.TemporaryDirectory() as base:
        preferences.use(preferences.Preferences())
        shell = Shell(Path(base), session.Remembered())
        bus = EveningBus(evening, counting=counting)

        async def join() -> EveningBus:
            return bus

        shell.resize(size)
        shell.show()
        shell._sit(session.StartChoice("rehearsal", role, checked=True), join)
        await until(lambda: shell.desk is not None and shell.seat is not None and shell.seat.state)
        assert shell.desk is not None
        assert shell.seat is not None
        desk, now = shell.desk, bus.moment
        shell.seat.now = lambda: now  # type: ignore[method-assign]
        desk.feed.take(evening.log[-_FEED:])
        await asyncio.sleep(0.4)  # every row is judged
        for _ in range(2):
            desk._show(EVERYTHING, now)
            desk._tick(now)
            desk.feed.tick(now)
            desk.keyboard_here(True)
            await asyncio.sleep(0.05)
        desk._tick(now)
        await _save(shell, file)
        await shell.leave()
        shell.deleteLater()


async def _host(evening: Evening, size: QSize, file: Path, *, counting: bool) -> None:
    async def join() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    seat = StillSeat(join)
    seat.moment, seat.state = evening.at(counting=counting)
    window = HostWindow(seat, "host")
    window.resize(size)
    window.show()
    window.prompter.toggle()
    window.prompter.nudge(1)
    await _save(window, file)
    window.close()


async def _save(window: QWidget, file: Path) -> None:
    for _ in range(6):  # on the loop's own turns: other tasks could not be woken from within this one
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()
    png.save(window.grab().toImage(), file)


def _look(name: ThemeName, language: str = "zh") -> None:
    made = QApplication.instance()
    assert isinstance(made, QApplication)
    i18n.use(language)
    theme.apply(made, name)


async def _all(evening: Evening, folder: Path, ratio: str) -> None:
    wide, full = QSize(1440, 900), QSize(1920, 1080)
    _look("dark")
    if ratio == "1":
        await _desk(evening, "host", wide, folder / "desk.png", counting=True)
        await _desk(evening, "assistant", wide, folder / "desk-assistant.png", counting=False)
        await _desk(evening, "host", QSize(1120, 700), folder / "desk-small.png", counting=True)
        await _desk(evening, "host", full, folder / "desk-full-hd.png", counting=False)
        await _host(evening, QSize(1280, 720), folder / "host.png", counting=False)
        await _host(evening, QSize(1280, 720), folder / "host-countdown.png", counting=True)
        _look("light")
        await _desk(evening, "operator", wide, folder / "desk-light.png", counting=True)
        await _desk(evening, "assistant", wide, folder / "desk-assistant-light.png", counting=False)
        _look("high_contrast")
        await _desk(evening, "host", wide, folder / "desk-contrast.png", counting=True)
        _look("dark", "en")
        await _desk(evening, "host", wide, folder / "desk-english.png", counting=True)
    else:
        await _desk(evening, "host", wide, folder / "desk-200.png", counting=True)
        _look("light")
        await _desk(evening, "host", wide, folder / "desk-light-200.png", counting=True)


def main(folder: str, ratio: str) -> None:
    """Take every picture of one scale."""
    made = QApplication([])
    app.dress(made)
    with tempfile.TemporaryDirectory() as scratch:
        evening = play(Path(scratch))
    loop = Loop(made)
    asyncio.set_event_loop(loop)

    async def life() -> None:
        await _all(evening, Path(folder), ratio)
        await tasks.cancel_all()

    with loop:
        loop.run_until_complete(life())
    asyncio.set_event_loop(None)


if __name__ == "__main__":
    main(*sys.argv[1:])
