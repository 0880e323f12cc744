"""What a store stands on: a connection to one room's tables, in a file of ours or in a database of others.

`store.Store`, `reader.Reader` and the books are written once, over this. SQL is written once too, in words
that SQLite and PostgreSQL both know where there are such; what is left over `postgres.words` puts in the
other's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Literal, Protocol, cast

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

STRAIGHT: Final = "straight"
"""In a connection's ``info``: what speaks to its driver without SQLAlchemy between (`straight`)."""

Collision = Literal["seq", "input", ""]
"""Which law of the log a row broke: its place, its identity, another."""
Names = dict[str, tuple[str, str]]
"""pid -> (outside id, name)."""


class PersonRows(Protocol):
    """How outside ids and names stand in the table ``person``; within a transaction of the caller's."""

    def names(self, c: Connection, pids: Iterable[str]) -> Names:
        """Return who these are; who was forgotten is not in it."""

    def called(self, c: Connection, text: str, limit: int) -> list[tuple[str, str]]:
        """Return (outside id, name) of those in whose id or name a text stands (lower case), whom a commit
        named last first."""

    def pids_called(self, c: Connection, text: str, outside_id: str, limit: int) -> list[str]:
        """Return those in whose name a text stands (lower case), or whose outside id is this one."""

    def one(self, c: Connection, id_: str) -> tuple[str, str, str] | None:
        """Return (pid, outside id, name) of him whose pid or outside id this is."""


class Link(Protocol):
    """One connection to one room. One thread at a time.

    What it raises is the store's own (`errors`): CannotWrite where the cause may go away (a full disk, a lost
    connection: the next use makes a new one), StoreBroken where nothing may be written any more.
    """

    @property
    def people(self) -> PersonRows:
        """Return how outside ids and names stand in it."""

    @property
    def folder(self) -> Path:
        """Return the data folder of this room's engine."""

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent view; takes no lock that a writer would feel."""

    def reading_until(self, is_over: Callable[[], bool]) -> AbstractContextManager[Connection]:
        """`reading` that ends with TookTooLong once ``is_over`` says so; for questions whose cost is not
        known before."""

    def holding(self) -> AbstractContextManager[None]:
        """One consistent view for every `reading` inside."""

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction that nobody else writes beside; on disk when it ends, or undone."""

    def beside(self) -> Link:
        """Return another, read-only connection to the same room, for another thread."""

    def collision(self, error: IntegrityError) -> Collision:
        """Tell what a row of a commit collided with."""

    def close(self) -> None:
        """Free the connection; twice does no harm."""


class KeptSeats(Protocol):
    """Where a room keeps who may come into it. Both block, on any thread, and raise StoreError."""

    def read(self) -> bytes | None:
        """Return what was put last; None: nothing yet."""

    def put(self, content: bytes) -> None:
        """On disk when this returns. Raises OtherLeader where another engine leads the room."""


class Straight(Protocol):
    """A driver's connection, for what is asked so often that SQLAlchemy's share of it shows."""

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Any: ...

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> Any: ...


def straight(c: Connection) -> Straight:
    """Return the driver behind a connection, within its transaction; takes the same statements."""
    found: Any = c.info.get(STRAIGHT) or c.connection.driver_connection
    return cast(Straight, found)
