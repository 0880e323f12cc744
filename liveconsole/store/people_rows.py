"""The table ``person`` in the encrypted file: ids and names as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from liveconsole.store.port import Names

_NAMES = "SELECT pid, outside_id, name FROM person WHERE pid IN (SELECT value FROM json_each(?))"
_CALLED = (
    "SELECT outside_id, name FROM person WHERE instr(lower(name), ?) > 0 OR instr(lower(outside_id), ?) > 0"
    " ORDER BY seen_seq DESC LIMIT ?"
)
_PIDS = "SELECT pid FROM person WHERE instr(lower(name), ?) > 0 OR outside_id = ? LIMIT ?"
_ONE = "SELECT pid, outside_id, name FROM person WHERE pid = ? OR outside_id = ? LIMIT 1"


class PlainPeople:
    """`port.PersonRows` where the whole file is encrypted."""

    def names(self, c: Connection, pids: Iterable[str]) -> Names:
        asked = list(pids)
        if not asked:
            return {}
        rows = c.exec_driver_sql(_NAMES, (json.dumps(asked),))
        return {pid: (outside, name) for pid, outside, name in rows}

    def called(self, c: Connection, text: str, limit: int) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in c.exec_driver_sql(_CALLED, (text, text, limit))]

    def pids_called(self, c: Connection, text: str, outside_id: str, limit: int) -> list[str]:
        return [row[0] for row in c.exec_driver_sql(_PIDS, (text, outside_id, limit))]

    def one(self, c: Connection, id_: str) -> tuple[str, str, str] | None:
        row = c.exec_driver_sql(_ONE, (id_, id_)).first()
        return None if row is None else (row[0], row[1], row[2])
