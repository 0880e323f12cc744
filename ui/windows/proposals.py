"""What two people do ahead and beside: one-line promotions, notes, spoken promises, yes to a proposal.

Nothing here fires.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject

from liveconsole.messages.rights import may
from ui.i18n import t
from ui.panels.composer.line import LineBar
from ui.panels.notes import NoteSheet, NoteStrip, PledgeSheet, PledgeStrip
from ui.panels.queue import QueuePanel
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.sheets.sheet import SideStack
from ui.widgets import Notice
from ui.windows.commands import SeatCommands
from ui.windows.footer import Footer
from ui.windows.host.notes import MARK
from ui.windows.sections import Panel, PanelPart
from ui.words import cues as words

NOTICE_SECONDS: Final = 4.0
"""How long it is said what was decided."""


class ProposalsAndNotes(QObject):
    """Belongs to one desk and brings its line and its strip into the queue and the footer."""

    def __init__(
        self,
        seat: Seat,
        role: str,
        commands: SeatCommands,
        side: SideStack,
        queue: QueuePanel,
        footer: Footer,
        notice: Notice,
    ) -> None:
        super().__init__(queue)
        self._seat, self._role, self._commands = seat, role, commands
        self._side, self._footer, self._notice = side, footer, notice
        self._queue = queue
        self.line = LineBar(seat)
        if not may(role, "cue.add"):
            self.line.hide()
        queue.add_entry(self.line, self.line.below())
        self.strip = NoteStrip()
        self.strip.read.connect(self._note_read)
        self.promised = PledgeStrip()
        footer.add_first(self.promised)
        footer.add_first(self.strip)
        footer.note_wanted.connect(self.note)
        footer.pledge_wanted.connect(self.pledge)

    def panels(self) -> tuple[Panel, ...]:
        """What of the room it shows, and where."""
        return (
            self.line,
            PanelPart(("notes",), self._show_notes),
            PanelPart(("cart", "catalogue", "pledges"), self._show_pledges),
        )

    def _show_notes(self, room: RoomView, now: datetime) -> None:
        ours = [note for note in room.notes if note.to == self._role and not note.text.startswith(MARK)]
        self.strip.show_notes(ours, now)
        self._make_room()

    def _show_pledges(self, room: RoomView, now: datetime) -> None:
        self.promised.show_pledges(room.pledges, room, now)
        self._footer.show_pledges(room.pledges, may_write=may(self._role, "pledge.put"))
        self._make_room()

    def tick(self, now: datetime) -> None:
        """Notes grow older, and promises quiet."""
        self.strip.tick(now)
        self.promised.tick(now)
        self._make_room()

    def _make_room(self) -> None:
        self._footer.make_room()

    def set_locked(self, locked: bool) -> None:
        """A locked seat prepares nothing."""
        self.line.setEnabled(not locked)

    def key(self, name: str) -> bool:
        """``Ctrl+K``, ``Ctrl+M``, ``Ctrl+J``, ``Ctrl+Enter``, ``Ctrl+Backspace``."""
        if self._commands.locked:
            return False
        if name == "Ctrl+K":
            return self.line.isVisible() and self.line.take_keyboard()
        if name == "Ctrl+M":
            return self.note()
        if name == "Ctrl+J":
            return self.pledge()
        return self._decide(yes=name == "Ctrl+Enter")

    def note(self) -> bool:
        """Write to another seat."""
        room = self._commands.room
        if room is None or self._commands.locked or not may(self._role, "note.put"):
            return False
        sheet = NoteSheet(self._seat, self._role, room)
        self._side.open_sheet(sheet)
        sheet.line.setFocus()
        return True

    def pledge(self) -> bool:
        """Write down what she has just promised aloud."""
        room = self._commands.room
        if room is None or self._commands.locked or not may(self._role, "pledge.put"):
            return False
        sheet = PledgeSheet(self._seat, room)
        self._side.open_sheet(sheet)
        sheet.line.setFocus()
        return True

    def _note_read(self, note_id: str) -> None:
        self._commands.ask("note.clear", {"note_id": note_id}, "notes")

    def _decide(self, *, yes: bool) -> bool:
        """Yes or no to the proposal that the keyboard is on. Where it is on none, it comes onto the oldest,
        which is brought into sight, and nothing else happens: what is decided was looked at."""
        room = self._commands.room
        if room is None or not may(self._role, "cue.approve"):
            return False
        row = self._queue.chosen()
        if row is None:
            return self._queue.choose_oldest()
        cue = room.cues.get(row.face.cue_id)
        if cue is None:
            return False
        said = words.title(cue, room)
        if not yes:
            if not self._commands.reject(cue.cue_id):
                return False
            self._notice.tell(t("退回了：{title}", title=said), "accent", seconds=NOTICE_SECONDS)
            return True
        # 讲解 has no number and costs nothing: a yes carries it out
        at_once = cue.slot is None and cue.can.fire is True
        if not (self._commands.fire(cue.cue_id) if at_once else self._commands.approve(cue.cue_id)):
            return False
        self._notice.tell(t("通过了：{title}", title=said), "ok", seconds=NOTICE_SECONDS)
        return True
