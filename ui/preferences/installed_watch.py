"""Whether a newer version was installed under the program that runs: seen by itself, nobody is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from liveconsole import __version__, tasks
from liveconsole.updates.installed import installed_version, is_newer

_EVERY_MS: Final = 30_000


class InstalledWatch(QObject):
    """One for the program, on the Qt thread. ``read``: what says which version lies on the disk."""

    moved = Signal()
    """Another version is installed than was known."""

    def __init__(self, parent: QObject | None = None, read: Callable[[], str] = installed_version) -> None:
        super().__init__(parent)
        self.newer = ""
        """The version that the next start will be, where that is a newer one than this."""
        self._read, self._before = read, ""
        self._looking: asyncio.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Look from now on, twice a minute."""
        self._timer.start()

    def look(self) -> None:
        """Look now. What is seen twice in a row counts: a package is unpacked file by file. A disk that does
        not answer is waited for once: every look holds one of the loop's few threads."""
        if self._looking is None or self._looking.done():
            self._looking = tasks.spawn(self._look(), name="which version is installed")

    async def _look(self) -> None:
        found = await asyncio.to_thread(self._read)
        if not shiboken6.isValid(self):
            return
        settled, self._before = found == self._before, found
        newer = found if is_newer(found, __version__) else ""
        if settled and newer != self.newer:
            self.newer = newer
            self.moved.emit()
