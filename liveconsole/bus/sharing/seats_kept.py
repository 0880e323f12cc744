"""What is kept of a room's seats, and where: DATA/seats.json for its owner alone, or the room in its
database, where every engine that leads it finds them.

It keeps no token, only the hash of each. All calls block.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import msgspec
from msgspec import Struct

from liveconsole.bus.sharing.certificates import KeptStudio
from liveconsole.messages.rights import seat_role
from liveconsole.messages.sharing import SEATS_MOST, SeatKind, SharedRole
from liveconsole.paths import write_own
from liveconsole.store.errors import StoreError
from liveconsole.store.port import KeptSeats

log = logging.getLogger(__name__)

FILE: Final = "seats.json"
_FILE_LIMIT: Final = 256 * 1024


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
    open: bool = False
    """A person opened it, and nobody closed it: an engine that was killed did not."""
    number: int = 0
    """The newest broadcast when it was opened."""
    on_air: bool = False
    """That one was open then."""

    def goes_on(self, number: int, on_air: bool) -> bool:
        """Tell whether an engine that begins now shares it by itself: while the broadcast lasts for which a
        person opened it, whoever led the room then. ``number``: of the newest broadcast."""
        return self.open and on_air and number == self.number + (not self.on_air)


class SeatsFile(Struct, frozen=True):
    """What is kept. ``removed``: hashes of tokens that were taken away, the newest last."""

    seats: list[SeatRecord] = []
    removed: list[str] = []
    shared: SharedBefore = SharedBefore()
    studio: KeptStudio | None = None
    """As what the room was shared last, for another engine of it; of a room in a database alone."""

    @property
    def present(self) -> list[SeatRecord]:
        """Those that were not taken away."""
        return [seat for seat in self.seats if seat.token_hash not in self.removed]


class SeatsKept(Protocol):
    """Where they lie."""

    def read(self) -> SeatsFile:
        """Return what is kept; nothing where it cannot be read: nobody is let in then."""

    def write(self, seats: SeatsFile) -> None:
        """On disk when this returns. Raises OSError."""


class SeatsInFolder:
    """Those of a room that is a file: beside it, in its data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> SeatsFile:
        return self.found() or SeatsFile()

    def found(self) -> SeatsFile | None:
        """Return what lies here; None where nothing does, or it cannot be read."""
        try:
            if self._path.stat().st_size > _FILE_LIMIT:
                raise ValueError("too large")
            return _decoded(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read, no seat is let in: %s", FILE, type(error).__name__)
            return None

    def write(self, seats: SeatsFile) -> None:
        write_own(self._path, _encoded(seats))

    def clear(self) -> None:
        """They lie in the room from now on. Raises OSError."""
        self._path.unlink(missing_ok=True)


class SeatsInDatabase:
    """Those of a room in a database. `read` raises StoreError: who cannot read them does not lead."""

    def __init__(self, kept: KeptSeats) -> None:
        self._kept = kept
        self.is_kept = False
        """The room has been told of its seats at all; before, an engine's folder may know some."""

    def read(self) -> SeatsFile:
        content = self._kept.read()
        self.is_kept = content is not None
        try:
            return SeatsFile() if content is None else _decoded(content)
        except ValueError as error:
            log.warning("the room's seats cannot be read, none is let in: %s", type(error).__name__)
            return SeatsFile()

    def write(self, seats: SeatsFile) -> None:
        try:
            self._kept.put(_encoded(seats))
        except StoreError as error:
            raise OSError(str(error)) from error
        self.is_kept = True

    def take_over(self, folder: Path) -> None:
        """Put seats that an earlier version kept in an engine's folder into the room. Who was sent away there
        or here stays away. Raises StoreError."""
        before = SeatsInFolder(folder)
        old = before.found()
        if old is None:
            return
        now = self.read()
        removed = list(dict.fromkeys([*old.removed, *now.removed]))
        known = {seat.id for seat in now.seats} | {seat.token_hash for seat in now.seats}
        more = [one for one in old.seats if not known & {one.id, one.token_hash}]
        seats = [one for one in [*now.seats, *more] if one.token_hash not in removed][:SEATS_MOST]
        shared = now.shared if now.shared.address else old.shared
        self._kept.put(_encoded(SeatsFile(seats, removed, shared, now.studio)))
        self.is_kept = True
        try:
            before.clear()
        except OSError as error:  # it is taken over once more at the next start, which changes nothing
            log.warning("%s stays, and counts no more: %s", FILE, type(error).__name__)


def _encoded(seats: SeatsFile) -> bytes:
    return msgspec.json.encode(seats)


def _decoded(content: bytes) -> SeatsFile:
    return msgspec.json.decode(content, type=SeatsFile)
