"""Which seats were allowed, and how the room is shared. Everything is read and changed on the loop; what is
written is on disk when a call returns (`seats_kept`: where).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from msgspec.structs import replace

from liveconsole.bus.sharing.certificates import KeptStudio
from liveconsole.bus.sharing.seats_kept import SeatRecord, SeatsFile, SeatsKept, SharedBefore
from liveconsole.messages.sharing import SEATS_MOST, SeatKind, SharedRole

_REMOVED_MOST: Final = 64
_WORD_STEP: Final = timedelta(seconds=10)
"""The last word of a seat is kept no finer than this."""


class NoSeatFree(Exception):
    """There are `SEATS_MOST` of them."""


class SeatRegister:
    """The seats of a room. What cannot be read lets nobody in, and stays as it is until a person allows
    somebody again. Reads what is kept, which blocks."""

    def __init__(self, kept: SeatsKept) -> None:
        self._kept = kept
        self._writing = asyncio.Lock()
        found = kept.read()
        self._removed = found.removed[-_REMOVED_MOST:]
        self._seats = self._counting({seat.id: seat for seat in found.seats[:SEATS_MOST]})
        self.unsaved = False
        """A seat was taken away, and that is not on disk yet: `settle` tries again."""
        self.shared, self.studio = found.shared, found.studio

    @property
    def seats(self) -> Iterable[SeatRecord]:
        return self._seats.values()

    def seat(self, id_: str) -> SeatRecord | None:
        """Return a seat as it stands now; None: there is none, or it was sent away."""
        return self._seats.get(id_)

    def of_token(self, token: str) -> SeatRecord | None:
        """Return whose token it is. Tokens are looked for by their hash: how long it takes tells nothing."""
        given = _hash(token)
        if given in self._removed:
            return None
        return next((seat for seat in self._seats.values() if seat.token_hash == given), None)

    def was_removed(self, token: str) -> bool:
        """Tell whether it was the token of a seat that was taken away."""
        return _hash(token) in self._removed

    async def add(
        self, label: str, role: SharedRole, kind: SeatKind, now: datetime, *, may_fire: bool
    ) -> tuple[SeatRecord, str]:
        """Make a seat and return it with its token.

        Raises:
            NoSeatFree: there are as many as there may be.
            OSError: it cannot be written; there is no such seat then.
        """
        token = secrets.token_urlsafe(32)
        fires = role == "operator" or (role == "assistant" and may_fire)
        seat = SeatRecord(
            secrets.token_hex(4), label, role, fires, kind, _hash(token), now, proved=kind != "phone"
        )
        async with self._writing:
            if len(self._seats) >= SEATS_MOST:
                raise NoSeatFree
            await self._keep({**self._seats, seat.id: seat})
        return seat, token

    async def remove(self, id_: str) -> bool:
        """Take a seat away; False where there is none. It counts no more by any way, even where the disk
        fails (OSError)."""
        gone = self._seats.get(id_)
        if gone is None:
            return False
        self._removed = [*self._removed, gone.token_hash][-_REMOVED_MOST:]
        self._seats, self.unsaved = self._counting(self._seats), True
        async with self._writing:
            await self._keep(self._seats)
        return True

    async def settle(self) -> None:
        """Write what could not be written: who was sent away stays away, also for the engine that leads next.
        Raises OSError where it still cannot be."""
        if self.unsaved:
            async with self._writing:
                await self._keep(self._seats)

    async def prove(self, id_: str) -> None:
        """A phone has shown that it trusts the studio's certificate."""
        async with self._writing:
            seat = self._seats.get(id_)
            if seat is not None and not seat.proved:
                await self._keep({**self._seats, id_: replace(seat, proved=True)})

    async def enrol(self, id_: str, key: str) -> bool:
        """Keep the key by which a broker is to know a seat; False where another seat has it, or there is no
        such seat. Raises OSError where it cannot be written."""
        async with self._writing:
            seat = self._seats.get(id_)
            if seat is None or any(one.nats_key == key and one.id != id_ for one in self._seats.values()):
                return False
            if seat.nats_key == key:
                return True
            await self._keep({**self._seats, id_: replace(seat, nats_key=key)})
        return True

    async def share_as(self, shared: SharedBefore, studio: KeptStudio | None = None) -> None:
        """Remember how it is shared. ``studio``: and as what; None: as before."""
        async with self._writing:
            before = self.shared, self.studio
            self.shared, self.studio = shared, studio or self.studio
            try:
                if (self.shared, self.studio) != before:
                    await self._keep(self._seats)
            except OSError:
                self.shared, self.studio = before
                raise

    def heard(self, id_: str, now: datetime) -> None:
        """A seat has said something; kept in memory, and written with the next change or `rest`."""
        seat = self._seats.get(id_)
        if seat is not None and (seat.last_at is None or now - seat.last_at >= _WORD_STEP):
            self._seats[id_] = replace(seat, last_at=now)

    async def rest(self) -> None:
        """Write what was only remembered, or could not be written."""
        if self._seats or self.unsaved:
            with contextlib.suppress(OSError):
                async with self._writing:
                    await self._keep(self._seats)

    async def _keep(self, seats: dict[str, SeatRecord]) -> None:
        """Put it on disk, then let it count, but for who was taken away meanwhile; of what was heard then a
        word may be lost."""
        removed = self._removed
        await asyncio.to_thread(
            self._kept.write, SeatsFile(list(seats.values()), removed, self.shared, self.studio)
        )
        self._seats = self._counting(seats)
        self.unsaved = self.unsaved and removed is not self._removed

    def _counting(self, seats: Mapping[str, SeatRecord]) -> dict[str, SeatRecord]:
        return {id_: seat for id_, seat in seats.items() if seat.token_hash not in self._removed}


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
