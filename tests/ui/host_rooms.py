"""The host's window on a seat that has seen exactly one state."""

from __future__ import annotations

from datetime import datetime

from liveconsole.messages.state import NoteState, State
from tests.ui.committed import NOW
from tests.ui.fake_bus import FakeBus
from ui.seat.room import EVERYTHING
from ui.seat.seat import Seat
from ui.windows.host.window import HostWindow


class StillSeat(Seat):
    """A seat whose clock stands."""

    moment = NOW

    def now(self) -> datetime:
        return self.moment


def note(note_id: str, text: str, *, by: str = "assistant", to: str = "host") -> NoteState:
    """A note as the state has it."""
    return NoteState(note_id, text, by, to, NOW)


def host_at(state: State | None, now: datetime = NOW, role: str = "host") -> HostWindow:
    """The window on a seat that has seen exactly this."""

    async def join() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    seat = StillSeat(join)
    seat.moment = now
    seat.state = state
    return HostWindow(seat, role)


def show(window: HostWindow, state: State, now: datetime = NOW) -> None:
    """The room becomes this."""
    window._seat.state = state
    window._show(EVERYTHING, now)
