"""What each leader tells of its room to who only looks, in a schema of its own: one question reads all rooms,
and whoever may ask it can read nothing else (docs/rooms.md)."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, NamedTuple

import psycopg

from liveconsole.store.postgres.address import Address
from liveconsole.store.postgres.causes import told
from liveconsole.store.postgres.schema import TABLES

log = logging.getLogger(__name__)

SCHEMA: Final = "liveconsole_wall"
TOLD_MOST: Final = 8_192
"""Bytes that a room may tell of itself."""
STANDBY: Final = "liveconsole standby "
"""What the connection of one that stands by is called, before the number of its room."""
_THERE = f"SELECT to_regclass('{SCHEMA}.rooms')"
_MAKE: Final = (
    f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
    f"CREATE TABLE IF NOT EXISTS {SCHEMA}.told (room_id int PRIMARY KEY REFERENCES {TABLES}.room ON DELETE"
    " CASCADE, epoch bigint NOT NULL, at timestamptz NOT NULL, body bytea NOT NULL) WITH (fillfactor = 20)",
    # The engine's end is in the lease; what was told in another epoch was told by another engine.
    f"CREATE OR REPLACE VIEW {SCHEMA}.rooms AS SELECT r.name, l.holder, r.epoch,"
    " l.until > clock_timestamp() AS leads, nullif(l.until, '-infinity') AS until,"
    " extract(epoch FROM nullif(l.until, '-infinity') - clock_timestamp())::float8 AS seconds_left,"
    " coalesce(s.standing_by, 0)::int AS standing_by, t.at, t.body, clock_timestamp() AS now"
    f" FROM {TABLES}.room r LEFT JOIN {TABLES}.lease l ON l.room_id = r.room_id"
    f" LEFT JOIN {SCHEMA}.told t ON t.room_id = r.room_id"
    " LEFT JOIN (SELECT application_name, count(*) AS standing_by FROM pg_stat_activity"
    f" WHERE datname = current_database() AND application_name LIKE '{STANDBY}%' GROUP BY 1) s"
    f" ON s.application_name = '{STANDBY}' || r.room_id",
)
_TELL: Final = (
    f"INSERT INTO {SCHEMA}.told AS t (room_id, epoch, at, body) VALUES (%s, %s, clock_timestamp(), %s)"
    " ON CONFLICT (room_id) DO UPDATE SET epoch = excluded.epoch, at = excluded.at, body = excluded.body"
    " WHERE t.epoch <= excluded.epoch"
)
_READ: Final = (
    "SELECT name, holder, epoch, leads, until, seconds_left, standing_by, at, body, now, count(*) OVER ()"
    f" FROM {SCHEMA}.rooms ORDER BY name LIMIT %s"
)


def make_wall(raw: psycopg.Connection[Any]) -> None:
    """Make the schema where it is not there; a role that may not make one leaves the wall without words."""
    row = raw.execute(_THERE).fetchone()
    if row is not None and row[0] is not None:
        return
    try:
        with raw.transaction():
            raw.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (SCHEMA,))
            for statement in _MAKE:
                raw.execute(statement)
    except psycopg.Error as error:
        log.warning("no wall of rooms in this database: %s", type(error).__name__)


def tell(raw: psycopg.Connection[Any], room: int, epoch: int, body: bytes) -> None:
    """Put what a leader tells in place of what was told before; that of a later leader stays. Whatever goes
    wrong is no harm: it is told again. More than `TOLD_MOST` is not told: half of it says nothing."""
    if len(body) > TOLD_MOST:
        log.warning("what a room tells of itself has %d bytes, more than the wall takes", len(body))
        return
    with suppress(psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        raw.execute(_TELL, (room, epoch, body))


class RoomRow(NamedTuple):
    """One room of a database. ``until``: when its lease is or was over, by the database's clock; None where
    nobody has led it or the last one handed over. ``body``: what its leader told last, at ``at``, which is
    ``told_ago`` seconds by the database's clock."""

    name: str
    holder: str
    epoch: int
    leads: bool
    until: datetime | None
    seconds_left: float | None
    standing_by: int
    at: datetime | None
    told_ago: float | None
    body: bytes | None


def _ago(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else (now - at).total_seconds()


class WallReader:
    """Asks one question for all rooms, by a connection of its own that only reads. One thread at a time."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._raw: psycopg.Connection[Any] | None = None

    def read(self, most: int) -> tuple[list[RoomRow], int]:
        """Return so many rooms, by their names, and how many there are beyond. Raises StoreError."""
        try:
            raw = self._live()
            rows = raw.execute(_READ, (most,)).fetchall()
        except psycopg.Error as error:
            self.close()
            raise told(error) from error
        found = [
            RoomRow(name, holder or "", epoch, bool(leads), until, left, standing_by, at, _ago(at, now), body)
            for name, holder, epoch, leads, until, left, standing_by, at, body, now, _all in rows
        ]
        return found, (rows[0][-1] if rows else 0) - len(found)

    def close(self) -> None:
        """Let go of the connection; the next question makes another."""
        raw, self._raw = self._raw, None
        if raw is not None:
            with suppress(psycopg.Error):
                raw.close()

    def _live(self) -> psycopg.Connection[Any]:
        if self._raw is None or self._raw.closed:
            self._raw = self._address.connect(name="liveconsole rooms", autocommit=True)
            self._raw.execute("SET default_transaction_read_only = on")
            self._raw.execute("SET statement_timeout = '4s'")
        return self._raw
