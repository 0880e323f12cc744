"""看录像: the program itself plays a recorded tape into the room, beside the desk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess

log = logging.getLogger(__name__)


class TapePlayer(QObject):
    """One ``liveconsole replay`` at a time, ended with the desk."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self.ended: Callable[[bool], None] = lambda _well: None

    @property
    def playing(self) -> bool:
        """Whether a tape is being played."""
        return self._process is not None

    def play(self, tape: Path, folder: Path, speed: str = "1") -> None:
        """Play `tape` into the engine of `folder` at `speed` times its own."""
        # The launcher brings aiohttp with it; here the window has long been painted.
        from liveconsole.bus.launch import program

        self.stop()
        process = QProcess(self)
        process.setStandardInputFile(QProcess.nullDevice())
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(lambda error: log.error("the tape could not be played: %s", error))
        first, *more = program()
        process.setProgram(first)
        process.setArguments([*more, "replay", str(tape), "--speed", speed, "--data", str(folder)])
        self._process = process
        process.start()

    def stop(self) -> None:
        """End the playing; what was played stays in the room."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._finished)
            process.terminate()
            if not process.waitForFinished(1000):
                process.kill()
                process.waitForFinished(1000)
            process.deleteLater()

    def _finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is not None:
            last = bytes(process.readAll().data()).decode("utf-8", "replace").strip()[-500:]
            log.info("the tape ended with %s: %s", code, last)
            process.deleteLater()
        self.ended(code == 0)
