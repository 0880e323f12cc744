"""The store of a room in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Connection

from liveconsole.store import chain
from liveconsole.store.errors import StoreBroken
from liveconsole.store.postgres.link import PostgresLink
from liveconsole.store.postgres.schema import TABLES
from liveconsole.store.postgres.seats import SeatsInRoom
from liveconsole.store.postgres.texts import kept
from liveconsole.store.read_access import DatabaseAccess
from liveconsole.store.rows import Meta, Write
from liveconsole.store.store import Store, StoredRow

ANALYSE_AT: Final = 10_000
"""Events at which the planner is told of the log the first time: until then it reads pages by bitmaps."""
_LINK = "SELECT link FROM event WHERE seq = ?"
_ANALYSED = f"SELECT 1 FROM pg_stats WHERE schemaname = '{TABLES}' AND tablename = 'event' LIMIT 1"
_COPY: Final = (
    f"COPY {TABLES}.event (room_id, seq, type_id, at, actor, source_id, input_id, time, data, digest, link)"
    " FROM STDIN (FORMAT BINARY)"
)
_TYPES: Final = ("int4", "int8", "int8", "int8", "text", "int8", "text", "text", "bytea", "bytea", "bytea")


class PostgresStore(Store):
    """`Store` over a `PostgresLink`."""

    _file: PostgresLink

    def __init__(self, link: PostgresLink, folder: Path, meta: Meta) -> None:
        self._analysed = False
        self._last: tuple[int, bytes] = (0, chain.BEGIN)
        """The newest event that we wrote, and its link: it holds where the fence lets us append behind it."""
        self._put: tuple[int, bytes] | None = None
        super().__init__(link, folder, meta)

    @property
    def number(self) -> int:
        """Return the room's number in its database."""
        return self._file.room

    @contextmanager
    def _appending(self, write: Write) -> Iterator[tuple[Connection, bytes]]:
        seq, self._put = write.expected_seq, None
        with self._file.appending(seq, len(write.events)) as c:
            yield c, self._link(c, seq) if write.events else chain.BEGIN
            if seq < ANALYSE_AT <= seq + len(write.events) or not self._analysed:
                self._look(c, seq + len(write.events))
        self._now_on_disk()

    def _now_on_disk(self) -> None:
        if self._put is not None:
            self._last = self._put

    def _link(self, c: Connection, seq: int) -> bytes:
        if self._last[0] == seq:
            return self._last[1]
        link: bytes | None = c.exec_driver_sql(_LINK, (seq,)).scalar()
        if link is None:
            raise StoreBroken("the log has lost its links")
        return link

    def _look(self, c: Connection, seq: int) -> None:
        self._analysed = c.exec_driver_sql(_ANALYSED).first() is not None or seq < ANALYSE_AT
        if not self._analysed:
            c.exec_driver_sql(f"ANALYZE {TABLES}.event")
            self._analysed = True

    def _put_events(self, c: Connection, rows: Sequence[StoredRow]) -> None:
        raw: Any = c.connection.driver_connection
        room = self._file.room
        last_seq, *_, last_link = rows[-1]
        self._put = (last_seq, last_link)  # type: ignore[assignment]
        with raw.cursor().copy(_COPY) as copy:
            copy.set_types(_TYPES)
            write = copy.write_row
            for seq, type_, at, actor, source, id_, time, data, digest, link in rows:
                id_ = id_ if id_ is None else kept(id_)  # type: ignore[arg-type]
                time = time if time is None else kept(time)  # type: ignore[arg-type]
                write((room, seq, type_, at, kept(actor), source, id_, time, data, digest, link))  # type: ignore[arg-type]

    def _put_persons(self, c: Connection, persons: Mapping[str, tuple[str, str]], seen_seq: int) -> None:
        self._file.people.put(c.connection.driver_connection, persons, seen_seq)

    def _kept(self, name: str, value: bytes) -> bytes:
        return self._file.seal.close(f"secret:{name}", value)

    def _read(self, name: str, kept: bytes) -> bytes:
        return self._file.seal.open(f"secret:{name}", kept)

    def seats(self) -> SeatsInRoom:
        """See `Store.seats`."""
        return SeatsInRoom(self._file)

    def copy_out(self, part: Path, phrase: str) -> None:
        from liveconsole.store.postgres.moving import copy_out  # it knows how stores are opened, and so us

        copy_out(self._file, part, phrase)

    def clear_what_is_left(self) -> None:
        """The rows are gone; what the server's pages, its log and its backups still hold of the texts goes as
        its own upkeep comes to them. Outside ids and names were sealed there from the start."""
        with self._file.writing() as c:
            c.exec_driver_sql("DELETE FROM meta WHERE name = 'to_clear'")
        self.to_clear = False

    def access(self) -> DatabaseAccess:
        """See `Store.access`."""
        link = self._file
        words = {name: str(value) for name, value in link.address.words.items()}
        return DatabaseAccess(words, link.address.password, link.room, str(self.folder), link.seal.key)

    def let_go(self) -> None:
        """See `Store.let_go`."""
        self._file.let_go()

    def checkpoint_by_hand(self, latest: int) -> None:
        """Nothing to do: a server does its own upkeep."""

    def pages_written(self) -> int:
        """Return 0: nothing waits for us."""
        return 0

    def checkpoint(self) -> None:
        """Nothing to do: a server does its own upkeep."""

    def describe(self) -> dict[str, object]:
        with self._file.reading() as c:
            size = c.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
            commit = c.exec_driver_sql("SHOW synchronous_commit").scalar_one()
        return {
            **self.meta.versions,
            "room": self.meta.room_id,
            "simulated": self.meta.simulated,
            "epoch": self.meta.epoch,
            "database": self._file.address.shown,
            "synchronous_commit": commit,
            "last_seq": self.last_seq(),
            "log_head": self.log_head().link,
            "bytes": size,
            "psycopg": psycopg.__version__,
        }
