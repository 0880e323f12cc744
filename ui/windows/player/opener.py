"""Recordings beside a desk: one window at a time, with a seat of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from ui.seat import join, session
from ui.windows.player.window import PlayerWindow


class RecordingOpener(QObject):
    """Opens and closes the one window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window: PlayerWindow | None = None

    def open(self, folder: Path, number: int) -> None:
        """A past broadcast of this data folder; 0: the sample."""
        self.close()
        found = join.recording(folder, "host", number, sample=number == 0)
        self.window = PlayerWindow(found, session.StartChoice("tape", "host", checked=True))
        self.window.closed.connect(self._closed)
        self.window.show()
        self.window.begin()

    def close(self) -> None:
        """Away with it."""
        if self.window is not None:
            self.window.close()

    def _closed(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()
