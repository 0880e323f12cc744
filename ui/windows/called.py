"""A second window on one folder says that one is open already, and brings that one to the front where it was
a double click too many."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt
from PySide6.QtWidgets import QApplication

from ui.i18n import t
from ui.widgets import Notice
from ui.windows.over_right import OverRight

if TYPE_CHECKING:
    from ui.windows.shell import Shell

CALL: Final = "desk.call"
"""Written by a window that wants the first one in front; what stands in it says nothing."""
_SECONDS: Final = 30.0


class WindowsOfOneFolder(QObject):
    """Belongs to a shell. ``number``: its place among the windows of ``base``, from 1; 0 is none."""

    def __init__(self, shell: Shell, base: Path, number: int) -> None:
        super().__init__(shell)
        self._shell, self._file = shell, base / CALL
        self._watcher: QFileSystemWatcher | None = None
        self.notice: Notice | None = None
        if number == 1:
            self._listen()
        elif number > 1:
            self._say()

    def _listen(self) -> None:
        """A folder that cannot be written holds no call; then nobody comes to the front by himself."""
        with suppress(OSError):
            self._file.touch(0o600)
            self._watcher = QFileSystemWatcher([str(self._file)], self)
            self._watcher.fileChanged.connect(lambda _path: self.come())

    def come(self) -> None:
        """To the front, as it was; where the system lets no window come by itself its icon asks for it."""
        shell = self._shell
        shell.setWindowState(shell.windowState() & ~Qt.WindowState.WindowMinimized)
        shell.raise_()
        shell.activateWindow()
        QApplication.alert(shell)

    def _say(self) -> None:
        self.notice = Notice(self._shell)
        OverRight(self.notice, self._shell.pages)
        self.notice.tell(
            t("这里已经开着一个窗口。再坐一个人就用这个新的，点错了就去那个。"),
            seconds=_SECONDS,
            action=t("去那个窗口"),
            then=self._go,
        )

    def _go(self) -> None:
        with suppress(OSError):  # in place: who watches the file watches this one
            self._file.write_text(str(time.time_ns()), "ascii")
        self._shell.close()
