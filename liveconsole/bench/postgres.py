"""Durable commits of comments into a PostgreSQL database, beside the same ones into a file: pairs, one after
the other, in one run."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from liveconsole.bench.figures import BenchRow, least
from liveconsole.bench.world import BenchRun, processor
from liveconsole.store.kept_at import InDatabase, address_in
from liveconsole.store.opening import open_store
from liveconsole.store.rows import EventRow, Write
from liveconsole.store.store import Store
from liveconsole.store.tables import METADATA

NAME: Final = "postgres"
_BATCHES: Final = (100, 500, 1_000)
_PAIRS: Final = 5
_HERE: Final = "SELECT coalesce(host(inet_client_addr()) = host(inet_server_addr()), true), pg_backend_pid()"
"""Whether its server is on this machine: behind a Unix socket, or at the address from which we ask."""
_NOW: Final = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def measure(world: BenchRun) -> list[BenchRow]:
    """The rows; without a database to measure one that says so."""
    if world.database is None:
        note = "name one: bench --only postgres --database postgresql://USER@HOST/DB"
        return [BenchRow(NAME, "comments committed into a database", None, "events/s", note=note)]
    return await asyncio.to_thread(_measure, world, world.database)


def _measure(world: BenchRun, url: str) -> list[BenchRow]:
    room = f"bench-{secrets.token_hex(6)}"
    address = address_in(InDatabase(url, room), "")
    from liveconsole.store.postgres.opening import open_postgres

    def in_database(folder: Path) -> Store:
        return open_postgres(address, folder, room_id=room)

    events = world.pick(6_000, 12_000)
    with open_store(world.folder("file")) as file, in_database(world.folder("database")) as database:
        try:
            return [_row(batch, events, file, database) for batch in _BATCHES]
        finally:
            clear_rooms(url, [room])


def _row(batch: int, events: int, file: Store, database: Store) -> BenchRow:
    pairs = [(_rate(database, events, batch), _rate(file, events, batch)) for _ in range(_PAIRS)]
    theirs, ours = (median(one) for one in zip(*pairs, strict=True))
    ratios = [there / here for there, here in pairs]
    return BenchRow(
        NAME,
        f"comments committed into a database, {batch:,} a commit",
        theirs,
        "events/s",
        "into a file, in pairs of the same run",
        ours,
        median(ratios),
        (least(0.9, "ratio", goal=True),),
        note=f"{events:,} events a turn; of the pairs: {', '.join(f'{one:.2f}' for one in ratios)}",
    )


def _rate(store: Store, events: int, batch: int) -> float:
    seq = store.last_seq()
    writes = [
        Write(first, [_comment(number) for number in range(first, first + batch)])
        for first in range(seq, seq + events, batch)
    ]
    began = time.perf_counter()
    for write in writes:
        store.commit(write)
    return len(writes) * batch / (time.perf_counter() - began)


def _comment(number: int) -> EventRow:
    data = b'{"viewer":{"id":"p%020d"},"text":"\xe8\xbf\x99\xe4\xb8\xaa\xe5\xa4\x9a\xe5\xb0\x91\xe9\x92\xb1"}'
    digest = number.to_bytes(16, "big")
    return EventRow(
        "comment.posted", _NOW, "producer", data % (number % 5_000), "/bench", f"c{number}", None, digest
    )


def clear_rooms(url: str, names: Sequence[str]) -> None:
    """Take rooms out again: their rows, and themselves. One that is not there does no harm."""
    with address_in(InDatabase(url, ""), "").connect(autocommit=True) as raw:
        found = raw.execute(
            "SELECT room_id FROM liveconsole.room WHERE name = ANY(%s)", (list(names),)
        ).fetchall()
        rooms = [row[0] for row in found]
        for table in METADATA.tables:
            raw.execute(f'DELETE FROM liveconsole."{table}" WHERE room_id = ANY(%s)', (rooms,))
        raw.execute("DELETE FROM liveconsole.room WHERE room_id = ANY(%s)", (rooms,))


class ServerLoad:
    """Processor time of a database's server on this machine, from now on; blocks for a question."""

    def __init__(self, url: str) -> None:
        self._address = address_in(InDatabase(url, ""), "")
        self._before = self._used()

    def since(self) -> float | None:
        """Seconds of all its processes since it was made, those that have ended left out; None where they are
        another machine's, or this system does not tell."""
        now = self._used()
        if not now:
            return None
        return sum(used - self._before.get(pid, 0.0) for pid, used in now.items())

    def _used(self) -> dict[int, float]:
        with self._address.connect(autocommit=True) as raw:
            ours, me = raw.execute(_HERE).fetchone() or (False, 0)
            pids = [row[0] for row in raw.execute("SELECT pid FROM pg_stat_activity")] if ours else []
        return {pid: used for pid in pids if pid != me and (used := processor(pid)) is not None}
