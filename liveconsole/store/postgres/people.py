"""The table ``person`` in a database: outside ids and names sealed (`sealing`), found by pid or by mark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from liveconsole.store.port import Names
from liveconsole.store.postgres.sealing import Seal

_NAMES = "SELECT pid, outside_id, name FROM person WHERE pid IN (SELECT value FROM json_each(?))"
_NEWEST = "SELECT pid, outside_id, name FROM person ORDER BY seen_seq DESC"
_MARKED = "SELECT pid, outside_id, name FROM person WHERE mark = ?"
_ONE = "SELECT pid, outside_id, name FROM person WHERE pid = ? OR mark = ? LIMIT 1"
_ADD = (
    "INSERT INTO person (pid, mark, outside_id, name, seen_seq)"
    " SELECT * FROM unnest(%s::text[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bigint[])"
    " ON CONFLICT (room_id, pid) DO UPDATE SET mark = excluded.mark, outside_id = excluded.outside_id,"
    " seen_seq = excluded.seen_seq,"
    " name = CASE WHEN excluded.name = ''::bytea THEN person.name ELSE excluded.name END"
)
_PAGE: Final = 2_000


class SealedPeople:
    """`port.PersonRows` of one room. To look for part of a name all of them are opened, the newest first."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def names(self, c: Connection, pids: Iterable[str]) -> Names:
        asked = list(pids)
        if not asked:
            return {}
        rows = c.exec_driver_sql(_NAMES, (json.dumps(asked),))
        return {pid: self._opened(pid, outside, name) for pid, outside, name in rows}

    def called(self, c: Connection, text: str, limit: int) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for _, outside, name in self._all(c):
            if len(found) == limit:
                break
            if text in _lower(name) or text in _lower(outside):
                found.append((outside, name))
        return found

    def pids_called(self, c: Connection, text: str, outside_id: str, limit: int) -> list[str]:
        found = [row[0] for row in c.exec_driver_sql(_MARKED, (self._seal.mark(outside_id),))]
        for pid, outside, name in self._all(c):
            if len(found) >= limit:
                break
            if outside != outside_id and text in _lower(name):
                found.append(pid)
        return found[:limit]

    def one(self, c: Connection, id_: str) -> tuple[str, str, str] | None:
        row = c.exec_driver_sql(_ONE, (id_, self._seal.mark(id_))).first()
        return None if row is None else (row[0], *self._opened(*row))

    def put(self, raw: Any, persons: Mapping[str, tuple[str, str]], seen_seq: int) -> None:
        """Add these, or what is new of them; ``raw``: the driver's connection, in a transaction."""
        close, mark = self._seal.close, self._seal.mark
        pids = list(persons)
        marks = [mark(outside) for outside, _ in persons.values()]
        outsides = [close(f"person:outside_id:{pid}", who[0].encode()) for pid, who in persons.items()]
        names = [
            close(f"person:name:{pid}", who[1].encode()) if who[1] else b"" for pid, who in persons.items()
        ]
        raw.cursor().execute(_ADD, (pids, marks, outsides, names, [seen_seq] * len(pids)))

    def _all(self, c: Connection) -> Iterator[tuple[str, str, str]]:
        with c.exec_driver_sql(_NEWEST) as result:
            for pid, outside, name in result.yield_per(_PAGE):
                yield (pid, *self._opened(pid, outside, name))

    def _opened(self, pid: str, outside: bytes, name: bytes) -> tuple[str, str]:
        opened = self._seal.open
        return (
            opened(f"person:outside_id:{pid}", outside).decode(),
            opened(f"person:name:{pid}", name).decode() if name else "",
        )


def _lower(text: str) -> str:
    """As SQLite lowers: letters of ASCII alone."""
    return text.encode().lower().decode()
