"""Where the store of a data folder is: a file in it, or a room in a database that ``database.json`` names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
from msgspec import Struct

from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import write_own
from liveconsole.store.errors import OtherRoom, StoreError
from liveconsole.store.opening import DATABASE

if TYPE_CHECKING:
    from liveconsole.store.postgres.address import Address

FILE: Final = "database.json"
_LIMIT: Final = 16 * 1024
LEASE_SECONDS: Final = 3.0
"""What the lease of a room in a database is good for when it is renewed, the same for all engines."""
TELL_SECONDS: Final = 5.0
"""A leader that still looks at its room tells how it stands this often, also where nothing changed."""


class InDatabase(Struct, frozen=True, forbid_unknown_fields=True):
    """A room in a database; never a password."""

    url: str
    room: str


class Leader(Protocol):
    """What an engine of a room in a database holds while it leads (`postgres.leading`)."""

    @property
    def epoch(self) -> int | None:
        """In which it leads; None before it does. Every later leader has a higher one."""

    def wall(self) -> int:
        """Return the room's wall time, the database's: nanoseconds since 1970, from when it leads on."""

    def tell(self, body: bytes) -> None:
        """Let who looks at many rooms know this of ours, with the next renewal."""

    def keep(self, lost: Callable[[], object]) -> None:
        """Hold it; ``lost`` is called on another thread when it is another's."""

    def may_ask(self) -> bool:
        """Tell whether a question to a platform may go out now."""


class NoDriver(StoreError):
    """The part that speaks to PostgreSQL is not installed."""


def in_database(folder: Path) -> InDatabase | None:
    """Return where the room of a folder is, or None where it is (or would be) a file. Raises StoreError."""
    try:
        said = (folder / FILE).read_bytes()[:_LIMIT]
        return msgspec.json.decode(said, type=InDatabase)
    except FileNotFoundError:
        return None
    except (OSError, *UNREADABLE) as e:
        raise StoreError(f"{FILE} cannot be read: {e}") from e


def key_folder(folder: Path, room: str) -> Path:
    """Return where the key of a room in a database lies, within the data folder."""
    return folder / "database" / room


def key_place(folder: Path) -> Path:
    """Return where the key of a folder's room lies, and ``store.json``, which says whose it is. Raises
    StoreError."""
    place = in_database(folder)
    return folder if place is None else key_folder(folder, place.room)


def remember(folder: Path, place: InDatabase) -> None:
    """From now on the room of this folder is that one."""
    if in_database(folder) != place:
        write_own(folder / FILE, msgspec.json.encode(place) + b"\n")


def chosen(folder: Path, url: str | None, room: str | None) -> InDatabase | None:
    """Return the room in a database that words or the folder name; None: it is a file.

    Raises OtherRoom where the folder holds a room in a file, which an address would hide.
    """
    kept = in_database(folder)
    if url is None:
        if kept is not None and room not in (None, kept.room):
            raise OtherRoom(f"this folder is of the room {kept.room!r}, not {room!r}")
        return kept
    if (folder / DATABASE).exists():
        raise OtherRoom("this folder holds a room in a file; a backup of it can be restored into a database")
    return InDatabase(url, room or (kept.room if kept is not None and kept.url == url else "room"))


def address_in(place: InDatabase, password: str) -> Address:
    """Return where a room's database is. Raises StoreError."""
    try:
        from liveconsole.store.postgres.address import BadAddress, address_of
    except ImportError as e:
        raise NoDriver("PostgreSQL needs the extra 'postgresql' (psycopg), which is not installed") from e
    try:
        return address_of(place.url, password)
    except BadAddress as e:
        raise StoreError(str(e)) from e


def exists(folder: Path) -> bool:
    """Tell whether a room was made here, in a file or a database. Raises StoreError."""
    return (folder / DATABASE).exists() or in_database(folder) is not None
