"""Who may come into a room, kept in the room: every engine that leads it finds the same seats.

One sealed row, which the fence guards as it guards the log: who leads no more changes nothing of it. It is of
this room in this database alone: a backup has none of it, or a restore would let in whom somebody sent away.
"""

from __future__ import annotations

from contextlib import closing
from typing import Final

from liveconsole.store.errors import CannotWrite
from liveconsole.store.postgres.link import PostgresLink

NAME: Final = "seats"
"""Of the row in ``meta``."""
MOST: Final = 256 * 1024
"""Bytes that it may have."""
_READ = "SELECT value FROM meta WHERE name = ?"
_PUT = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"


class SeatsInRoom:
    """What is kept of a room's seats, as bytes. Each call has a connection of its own, blocks, and may be
    made on any thread. Raises StoreError, OtherLeader where another engine leads."""

    def __init__(self, link: PostgresLink) -> None:
        self._link = link

    def read(self) -> bytes | None:
        """Return what was put last; None: nothing yet."""
        with closing(self._link.beside()) as room, room.reading() as c:
            row = c.exec_driver_sql(_READ, (NAME,)).first()
        return None if row is None else self._link.seal.open(_place(), row[0])

    def put(self, content: bytes) -> None:
        """On disk when this returns; replaces what was there."""
        if len(content) > MOST:
            raise CannotWrite("disk_full", f"{len(content)} bytes of seats, {MOST} are taken")
        with closing(self._link.beside(writes=True)) as room, room.writing() as c:
            c.exec_driver_sql(_PUT, (NAME, self._link.seal.close(_place(), content)))


def _place() -> str:
    return f"meta:{NAME}"
