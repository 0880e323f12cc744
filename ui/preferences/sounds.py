"""Short sounds by whatever player the system brings; nothing ever waits for one.

QtMultimedia is no part of the Qt that we ship: it would bring a media framework for a second of noise. The
player runs as a process of Qt's own kind, not of asyncio's, whose child watcher does not go with qasync.
"""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess
from PySide6.QtWidgets import QApplication

from liveconsole.respath import resources

log = logging.getLogger(__name__)

NAMES: Final = ("alert", "note", "chime", "done")
"""What comes with the program. alert: something is wrong; note: look; chime: new; done: it is over."""
AGAIN: Final = 3.0
"""Seconds within which one sound is not played a second time: a flood rings once."""
_PLAYERS: Final = (("pw-play", ()), ("paplay", ()), ("aplay", ("-q",)))
_AT_ONCE: Final = 3
_LONGEST_MS: Final = 10_000

Play = Callable[[Path], bool]


class Sounds(QObject):
    """Plays by name while ``on``; without a player the system's own beep must do."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        folder: Path | None = None,
        play: Play | None = None,
        beep: Callable[[], None] = QApplication.beep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.on = False
        self._folder, self._beep, self._clock = folder, beep, clock
        self._play = play or (_winsound if sys.platform == "win32" else self._by_process)
        self._last: dict[str, float] = {}
        self._running: list[QProcess] = []

    def play(self, name: str) -> bool:
        """One of ``NAMES``, or a WAV file in the data folder. Whether it is heard; returns at once."""
        now = self._clock()
        if not self.on or not name or now - self._last.get(name, -AGAIN) < AGAIN:
            return False
        self._last[name] = now
        path = self.file(name)
        if path is None or not self._play(path):
            self._beep()
        return True

    def file(self, name: str) -> Path | None:
        """Where a sound lies; None for one that is not there. Never outside the two folders."""
        if name in NAMES:
            return resources() / "sounds" / f"{name}.wav"
        if self._folder is None or name != Path(name).name or not name.lower().endswith(".wav"):
            return None
        own = self._folder / name
        return own if own.is_file() else None

    def _by_process(self, path: Path) -> bool:
        if len(self._running) >= _AT_ONCE:
            return True
        command = _player()
        if command is None:
            return False
        process = QProcess(self)
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(lambda *_: self._over(process))
        process.errorOccurred.connect(lambda *_: self._over(process))
        self._running.append(process)
        process.start(command[0], [*command[1:], str(path)])
        return True

    def _over(self, process: QProcess) -> None:
        if process in self._running and process.state() == QProcess.ProcessState.NotRunning:
            self._running.remove(process)
            process.deleteLater()

    def stop(self) -> None:
        """Silence, now: players that still run are ended."""
        for process in list(self._running):
            process.kill()
            process.waitForFinished(200)
            self._over(process)


def _player() -> list[str] | None:
    """The command that plays a WAV file here."""
    if sys.platform == "darwin":
        found = shutil.which("afplay")
        return [found] if found else None
    for name, options in _PLAYERS:
        found = shutil.which(name)
        if found:
            return [found, *options]
    return None


def _winsound(path: Path) -> bool:
    if sys.platform == "win32":
        import winsound

        try:
            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        except RuntimeError as error:  # no sound device
            log.info("no sound: %s", error)
        else:
            return True
    return False
