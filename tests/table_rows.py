"""Rows of a table as both stores have them: our columns, and no more, whatever else a database keeps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from liveconsole.store.tables import METADATA


def columns(table: str) -> str:
    """Return a table's own columns, as SQL lists them."""
    return ", ".join(f'"{one.name}"' for one in METADATA.tables[table].columns)


def rows_of(c: Connection, table: str, rest: str = "") -> list[Any]:
    """Return the rows of a table; ``rest``: what stands behind it in the statement."""
    return list(c.exec_driver_sql(f"SELECT {columns(table)} FROM {table} {rest}"))
