"""历史场次 and 回看 beside a desk: each one window at a time. The windows are loaded when they are wanted."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from liveconsole import tasks
from ui.seat import join, session
from ui.seat.seat import LinkState, Seat

if TYPE_CHECKING:
    from ui.windows.boards.window import BoardsWindow
    from ui.windows.history.window import HistoryWindow
    from ui.windows.player.window import PlayerWindow


class PastWindows(QObject):
    """``elsewhere_wanted``: a recording that lies in a file."""

    elsewhere_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.list: HistoryWindow | None = None
        self.player: PlayerWindow | None = None
        self.boards: BoardsWindow | None = None
        self._folder: Path | None = None
        self._own: tuple[Seat, asyncio.Task[None]] | None = None

    def toggle(self, seat: Seat, folder: Path | None) -> bool:
        """Open 历史场次; once more closes it."""
        if self.list is not None:
            self.list.close()
            return True
        self._open(seat, folder).begin()
        return True

    def _open(self, seat: Seat, folder: Path | None) -> HistoryWindow:
        from ui.windows.history.window import HistoryWindow

        self._folder = folder
        self.list = HistoryWindow(seat, folder)
        self.list.closed.connect(self._list_closed)
        self.list.played.connect(self.play)
        self.list.boards_wanted.connect(partial(self._open_boards, seat))
        self.list.elsewhere_wanted.connect(self._elsewhere)
        self.list.show()
        return self.list

    def _open_boards(self, seat: Seat, number: int) -> None:
        """数据 of one broadcast; another one takes its place."""
        from ui.windows.boards.window import BoardsWindow

        if self.boards is not None:
            self.boards.close()
        self.boards = BoardsWindow(seat, {"broadcast": number})
        self.boards.closed.connect(self._boards_closed)
        self.boards.show()
        self.boards.begin()

    def _boards_closed(self) -> None:
        window, self.boards = self.boards, None
        if window is not None:
            window.deleteLater()

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

    def begin(self, folder: Path, real: session.RealRoom | None) -> None:
        """看录像 without a file: the broadcasts of this room, or the sample where it has none yet. No room is
        checked and no seat is taken at one: the list has its own, for as long as it is open."""
        self._folder = folder
        if real is None or not real.broadcasts:
            self.play(0)
            return
        if self.list is not None:
            self.list.activateWindow()
            return
        seat = Seat(join.local(folder, "host", session.serve_options("manual")), self)
        self._own = seat, tasks.spawn(seat.run(), name="seat at the past")
        self._open(seat, folder)
        seat.on_link(self, lambda state, _why: self._joined(state))

    def _joined(self, state: LinkState) -> None:
        if state == "live" and self.list is not None:
            self.list.begin()

    def close(self) -> None:
        """Away with both."""
        for window in (self.boards, self.list, self.player):
            if window is not None:
                window.close()

    def _elsewhere(self) -> None:
        self.close()
        self.elsewhere_wanted.emit()

    def _list_closed(self) -> None:
        if self._own is not None and self.boards is not None:
            self.boards.close()  # the seat was the list's own
        window, self.list = self.list, None
        if window is not None:
            window.deleteLater()
        own, self._own = self._own, None
        if own is not None:
            tasks.spawn(_stand_up(*own), name="leave the past")

    def _player_closed(self) -> None:
        window, self.player = self.player, None
        if window is not None:
            window.deleteLater()


async def _stand_up(seat: Seat, living: asyncio.Task[None]) -> None:
    await seat.close()
    await tasks.cancel_all([living])
