"""历史场次 and 回看 beside a desk: each one window at a time. The windows are loaded when they are wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.seat import join, session
from ui.seat.seat import Seat

if TYPE_CHECKING:
    from ui.windows.history.window import HistoryWindow
    from ui.windows.player.window import PlayerWindow


class PastWindows(QObject):
    """``elsewhere_wanted``: a recording that lies in a file."""

    elsewhere_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.list: HistoryWindow | None = None
        self.player: PlayerWindow | None = None
        self._folder: Path | None = None

    def toggle(self, seat: Seat, folder: Path | None) -> bool:
        """Open 历史场次; once more closes it."""
        if self.list is not None:
            self.list.close()
            return True
        from ui.windows.history.window import HistoryWindow

        self._folder = folder
        self.list = HistoryWindow(seat, folder)
        self.list.closed.connect(self._list_closed)
        self.list.played.connect(self.play)
        self.list.elsewhere_wanted.connect(self._elsewhere)
        self.list.show()
        self.list.begin()
        return True

    def play(self, number: int) -> None:
        """回看 of a broadcast of this data folder, with a seat of its own; 0: of the sample."""
        if self._folder is None:
            return
        from ui.windows.player.window import PlayerWindow

        if self.player is not None:
            self.player.close()
        found = join.recording(self._folder, "host", number, sample=number == 0)
        self.player = PlayerWindow(found, session.StartChoice("tape", "host", checked=True))
        self.player.closed.connect(self._player_closed)
        self.player.show()
        self.player.begin()

    def close(self) -> None:
        """Away with both."""
        for window in (self.list, self.player):
            if window is not None:
                window.close()

    def _elsewhere(self) -> None:
        self.close()
        self.elsewhere_wanted.emit()

    def _list_closed(self) -> None:
        window, self.list = self.list, None
        if window is not None:
            window.deleteLater()

    def _player_closed(self) -> None:
        window, self.player = self.player, None
        if window is not None:
            window.deleteLater()
