"""Who follows the room now: every open stream, and what it says of itself.

A window says on its own stream who sits there (``{"seat": …, "name": …}``, as often as it likes). It stays in
memory and goes with the connection: nothing of it is logged, and nobody has to believe it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.bounds import SEAT_NAME, SEATS
from liveconsole.messages.state import SeatState
from liveconsole.messages.text import without_unseen
from liveconsole.messages.unreadable import UNREADABLE

_SEAT_LONG: Final = 64


class SeatSaid(Struct, frozen=True):
    """What a window says of itself."""

    seat: Annotated[str, msgspec.Meta(max_length=_SEAT_LONG)] = ""
    name: str = ""


_read = msgspec.json.Decoder(SeatSaid).decode


class Presence:
    """Changed on the loop; `seats` and `more` may be read on any thread."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._here: dict[int, SeatState] = {}
        self._next = 0
        self.seats: tuple[SeatState, ...] = ()
        self.more = 0

    def come(self, role: str, name: str = "") -> int:
        """Somebody follows from now on, as ``name`` until it says otherwise; returns what `say` and `leave`
        know them by."""
        self._next += 1
        self._here[self._next] = SeatState(role, self._now(), name)
        self._changed()
        return self._next

    def say(self, number: int, said: str | bytes) -> None:
        """Take what a window says of itself; what makes no sense is as if nothing was said."""
        before = self._here.get(number)
        try:
            found = _read(said)
        except UNREADABLE:
            return
        if before is None:
            return
        name = without_unseen(" ".join(found.name.split()))[:SEAT_NAME].strip()
        seat = found.seat if found.seat.isascii() and found.seat.isprintable() else ""
        self._here[number] = SeatState(before.role, before.since, name or before.name, seat)
        self._changed()

    def leave(self, number: int) -> None:
        """The stream has ended."""
        if self._here.pop(number, None) is not None:
            self._changed()

    def _changed(self) -> None:
        here = tuple(self._here.values())
        self.seats, self.more = here[:SEATS], max(0, len(here) - SEATS)
