"""Drills on this desk: the line of the one that runs, the sheet, and what is said when one has ended."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject

from liveconsole.messages.rights import may
from ui.panels.drill import DrillLine, DrillSheet
from ui.panels.drill.words import ended_said
from ui.seat.room import RoomView
from ui.seat.seat import Answer
from ui.sheets.sheet import SideStack
from ui.widgets import Notice
from ui.windows.commands import SeatCommands


class DeskDrills(QObject):
    """Only a rehearsal has any. A drill that ends shows its mark, unless something else is open: then it is
    told in a line, and nothing that somebody is writing goes away."""

    SECTIONS: Final = ("room", "broadcast")

    def __init__(self, commands: SeatCommands, side: SideStack, notice: Notice) -> None:
        super().__init__(side)
        self._commands, self._side, self._notice = commands, side, notice
        self._may = may(commands.role, "drill.start")
        self.line = DrillLine(may_stop=self._may)
        self.line.stop_asked.connect(lambda: commands.ask("drill.stop", {}, "room"))
        self._runs = ""

    def show_state(self, room: RoomView, now: datetime) -> None:
        self.line.show_state(room, now)
        drill = room.drill
        ran, self._runs = self._runs, drill.drill_id if drill is not None and drill.ended_at is None else ""
        if drill is None or not ran or ran != drill.drill_id or drill.ended_at is None:
            return
        if self._side.sheet is None:
            self.open()
        elif not isinstance(self._side.sheet, DrillSheet):
            self._notice.tell(ended_said(drill))

    def tick(self, now: datetime) -> None:
        """The line's clock."""
        self.line.tick(now)

    def open(self) -> None:
        """The sheet; once more closes it."""
        room = self._commands.room
        if isinstance(self._side.sheet, DrillSheet):
            self._side.close_sheet()
        elif room is not None and room.simulated:
            sheet = DrillSheet(room.only(*DrillSheet.SECTIONS), may_start=self._may)
            sheet.start_asked.connect(self._start)
            self._side.open_sheet(sheet)

    def _start(self, name: str) -> None:
        """Once it runs the room is what is to be looked at."""

        def answered(answer: Answer) -> None:
            if answer.ok and isinstance(self._side.sheet, DrillSheet):
                self._side.close_sheet()

        self._commands.ask("drill.start", {"drill": name}, "room", answered)
