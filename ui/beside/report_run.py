"""复盘 as files, written by a process of its own: the desk goes on while a long evening is folded."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from liveconsole.bus.starting import child_environment, program
from ui.i18n import language

_GOES_WITHIN_MS = 1500


class ReportRun(QObject):
    """One run of ``liveconsole report`` at a time for the data folder `folder`, whose engine may be running.

    ``done(folder, why)``: where the files stand, or ``""`` and why there are none. Ended with its parent.
    """

    done = Signal(str, str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._process: QProcess | None = None

    @property
    def running(self) -> bool:
        """Whether files are being written now."""
        return self._process is not None

    def start(self, broadcast: int | None = None) -> None:
        """Write the files of one broadcast, the last one without a number; nothing while some are being
        written."""
        if self._process is not None:
            return
        process = self._process = QProcess(self)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        environment = QProcessEnvironment()
        for name, value in child_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        first, *more = program()
        process.setProgram(first)
        process.setArguments([*more, *self.words(broadcast)])
        process.start()

    def words(self, broadcast: int | None) -> list[str]:
        """What is run, with what it is told; the last line that it writes is a file."""
        words = ["report", "--data", str(self.folder), *(["--english"] if language() == "en" else [])]
        return words + (["--broadcast", str(broadcast)] if broadcast is not None else [])

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._over("", error.name)

    def _finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:
            return
        wrote = bytes(process.readAllStandardOutput().data()).decode("utf-8", "replace").split("\n")
        why = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()[-300:]
        files = [line for line in wrote if line.strip()]
        if code == 0 and files:
            self._over(str(Path(files[-1].strip()).parent), "")
        else:
            self._over("", why or str(code))

    def _over(self, folder: str, why: str) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self.done.emit(folder, why)

    def stop(self) -> None:
        """End a run that is under way; what it has written whole stays."""
        process, self._process = self._process, None
        if process is None:
            return
        process.finished.disconnect(self._finished)
        process.kill()
        process.waitForFinished(_GOES_WITHIN_MS)
        process.deleteLater()
