"""Our SQL as PostgreSQL understands it. Written once, for both; here stands every word that differs.

What SQLite has as a function is a function of the same name in the database (`schema.FUNCTIONS`). What is
grammar is put in other words here, once a statement. ``?`` and ``:name`` become the driver's marks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from liveconsole.store.tables import METADATA

_KEPT: Final = 2_000
ROOM: Final = "room_id"
"""Begins every key; statements leave it out, so that none can name another room."""
COUNTED: Final = frozenset({"order_row", "cue_row", "shipment"})
"""Tables of which statements ask ``rowid``: the order in which rows came."""

_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|\?|(?<![:\w]):([a-z_]+)|%")
_HEX: Final = re.compile(r"\bx'([0-9a-fA-F]*)'")
_FORCED: Final = re.compile(r"\bCROSS JOIN (\w+ \w+)(?: INDEXED BY \w+)? ON\b")
_INDEXED: Final = re.compile(r" INDEXED BY \w+")
_DATA: Final = re.compile(r"CAST\(((?:\w+\.)?data) AS TEXT\)")
_CONFLICT: Final = re.compile(r"\bON CONFLICT \(")
_INSERT: Final = re.compile(r"\bINSERT OR (REPLACE|IGNORE) INTO (\w+)")


@lru_cache(_KEPT)
def spoken(statement: str) -> str:
    """Return a statement of ours as it goes to psycopg."""
    statement = _HEX.sub(r"'\\x\1'::bytea", statement)
    statement = _FORCED.sub(r"JOIN \1 ON", statement)
    statement = _INDEXED.sub("", statement)
    statement = _DATA.sub(r"utf8(\1)", statement)
    statement = _CONFLICT.sub(f"ON CONFLICT ({ROOM}, ", statement)
    if found := _INSERT.search(statement):
        statement = f"{_INSERT.sub(rf'INSERT INTO {found[2]}', statement)} {_instead(found[1], found[2])}"
    return _TOKEN.sub(_mark, statement)


def _mark(found: re.Match[str]) -> str:
    if found[0] == "?":
        return "%s"
    if found[1]:
        return f"%({found[1]})s"
    return found[0].replace("%", "%%")


def _instead(what: str, name: str) -> str:
    if what == "IGNORE":
        return "ON CONFLICT DO NOTHING"
    table = METADATA.tables[name]
    keys = [c.name for c in table.primary_key]
    rest = [c.name for c in table.columns if c.name not in keys] + (["rowid"] if name in COUNTED else [])
    put = ", ".join(f'"{name}" = excluded."{name}"' for name in rest)
    listed = ", ".join(f'"{name}"' for name in keys)
    return f"ON CONFLICT ({ROOM}, {listed}) DO {f'UPDATE SET {put}' if put else 'NOTHING'}"
