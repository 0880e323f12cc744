"""Which seats were allowed, and how the room is shared: DATA/seats.json, for its owner alone.

It keeps no token, only the hash of each. Everything is read and changed on the loop; what is written is on
disk when a call returns.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from liveconsole.messages.rights import seat_role
from liveconsole.messages.sharing import SEATS_MOST, SeatKind, SharedRole
from liveconsole.paths import write_own

log = logging.getLogger(__name__)

FILE: Final = "seats.json"
_FILE_LIMIT: Final = 256 * 1024
_REMOVED_MOST: Final = 64
_WORD_STEP: Final = timedelta(seconds=10)
"""The last word of a seat is kept no finer than this."""


class NoSeatFree(Exception):
    """There are `SEATS_MOST` of them."""


class SeatRecord(Struct, frozen=True):
    """One seat. ``token_hash``: SHA-256, hex. ``proved``: it knows the studio's certificate."""

    id: str
    label: str
    role: SharedRole
    may_fire: bool
    kind: SeatKind
    token_hash: str
    added_at: datetime
    last_at: datetime | None = None
    proved: bool = False
    nats_key: str = ""
    """Public key by which a broker knows it; empty: it comes by this computer's own door alone."""

    @property
    def right(self) -> str:
        """The role with which it is served now (`rights.MAY`)."""
        return seat_role(self.role, may_fire=self.may_fire, proved=self.proved)


class SharedBefore(Struct, frozen=True):
    """How it was shared last; ``keep``: it is opened again at the start."""

    address: str = ""
    port: int = 0
    phone: bool = False
    keep: bool = False


class SeatsFile(Struct, frozen=True):
    """Content of seats.json. ``removed``: hashes of tokens that were taken away, the newest last."""

    seats: list[SeatRecord] = []
    removed: list[str] = []
    shared: SharedBefore = SharedBefore()


class SeatRegister:
    """The seats of a data folder. A file that cannot be read lets nobody in, and stays as it is until a
    person allows somebody again."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._writing = asyncio.Lock()
        found = _read(self._path)
        self._seats = {seat.id: seat for seat in found.seats[:SEATS_MOST]}
        self._removed = found.removed[-_REMOVED_MOST:]
        self.shared = found.shared

    @property
    def seats(self) -> Iterable[SeatRecord]:
        return self._seats.values()

    def seat(self, id_: str) -> SeatRecord | None:
        """Return a seat as it stands now."""
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
            secrets.token_hex(4), label, role, fires, kind, _hash(token), now, proved=kind == "desk"
        )
        async with self._writing:
            if len(self._seats) >= SEATS_MOST:
                raise NoSeatFree
            await self._keep({**self._seats, seat.id: seat})
        return seat, token

    async def remove(self, id_: str) -> bool:
        """Take a seat away; False where there is none. It counts no more, even where the disk fails."""
        gone = self._seats.get(id_)
        if gone is None or gone.token_hash in self._removed:
            return False
        self._removed = [*self._removed, gone.token_hash][-_REMOVED_MOST:]
        async with self._writing:
            await self._keep({key: seat for key, seat in self._seats.items() if key != id_})
        return True

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
            await self._keep({**self._seats, id_: replace(seat, nats_key=key)})
        return True

    async def share_as(self, shared: SharedBefore) -> None:
        """Remember how it is shared."""
        async with self._writing:
            before, self.shared = self.shared, shared
            try:
                if shared != before:
                    await self._keep(self._seats)
            except OSError:
                self.shared = before
                raise

    def heard(self, id_: str, now: datetime) -> None:
        """A seat has said something; kept in memory, and written with the next change or `rest`."""
        seat = self._seats.get(id_)
        if seat is not None and (seat.last_at is None or now - seat.last_at >= _WORD_STEP):
            self._seats[id_] = replace(seat, last_at=now)

    async def rest(self) -> None:
        """Write what was only remembered."""
        if self._seats:
            with contextlib.suppress(OSError):
                async with self._writing:
                    await self._keep(self._seats)

    async def _keep(self, seats: dict[str, SeatRecord]) -> None:
        """Put it on disk, then let it count; of what was heard meanwhile a word may be lost."""
        content = msgspec.json.encode(SeatsFile(list(seats.values()), self._removed, self.shared))
        await asyncio.to_thread(write_own, self._path, content)
        self._seats = seats


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _read(path: Path) -> SeatsFile:
    try:
        if path.stat().st_size > _FILE_LIMIT:
            raise ValueError("too large")
        return msgspec.json.decode(path.read_bytes(), type=SeatsFile)
    except FileNotFoundError:
        return SeatsFile()
    except (OSError, ValueError) as error:
        log.warning("%s cannot be read, no seat is let in: %s", path.name, type(error).__name__)
        return SeatsFile()
