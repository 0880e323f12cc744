"""What the program itself plays into the room beside the desk: a simulated audience, or a recorded tape."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment

from liveconsole.bus.starting import child_environment, program

log = logging.getLogger(__name__)

_GOES_WITHIN_MS: Final = 1500


class SourceProcess(QObject):
    """One process at a time, ended with the desk. It hears of the desk's death by the end of its stdin."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None

    @property
    def running(self) -> bool:
        """Whether something is being played."""
        return self._process is not None

    def play_audience(self, folder: Path) -> None:
        """A simulated audience for the rehearsal in `folder`; a second one goes again at once."""
        self._start(["rehearsal-world", "--data", str(folder), "--until-eof"])

    def play_tape(self, tape: Path, folder: Path) -> None:
        """`tape` at its own pace into the engine of `folder`."""
        self._start(["replay", str(tape), "--speed", "1", "--data", str(folder)])

    def _start(self, words: Sequence[str]) -> None:
        self.stop()
        process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(lambda error: log.warning("%s: %s", words[0], error))
        environment = QProcessEnvironment()
        for name, value in child_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        first, *more = program()
        process.setProgram(first)
        process.setArguments([*more, *words])
        self._process = process
        process.start()

    def stop(self) -> None:
        """End it; what was played stays in the room."""
        process, self._process = self._process, None
        if process is None:
            return
        process.finished.disconnect(self._finished)
        process.closeWriteChannel()
        process.terminate()
        if not process.waitForFinished(_GOES_WITHIN_MS):
            process.kill()
            process.waitForFinished(_GOES_WITHIN_MS)
        process.deleteLater()

    def _finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is not None:
            said = bytes(process.readAll().data()).decode("utf-8", "replace").strip()[-500:]
            log.info("what played beside the desk ended with %d: %s", code, said)
            process.deleteLater()
