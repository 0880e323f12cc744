"""Durable ingest over HTTP, beside the file's own limit and beside a commit for every event."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from liveconsole.bench import comments
from liveconsole.bench.figures import BenchRow, against, least, most, quantile
from liveconsole.bench.files import connect, made
from liveconsole.bench.serving import ServedEngine, serving
from liveconsole.bench.wire import BenchStream
from liveconsole.bench.world import BenchHost, BenchRun, open_room
from liveconsole.store.tables import event as EVENT
from liveconsole.tasks import spawn

NAME: Final = "ingest"
_IN_FLIGHT: Final = 4
_RAW_BATCH: Final = 2_000
_INSERT = f"INSERT INTO event VALUES ({', '.join('?' * len(EVENT.columns))})"

Rows = Sequence[tuple[Any, ...]]


async def measure(world: BenchRun) -> list[BenchRow]:
    """The row."""
    posts = comments.bodies(world.pick(60_000, 400_000))
    told = await _through_the_door(world.folder("ingest"), posts)
    rows = await asyncio.to_thread(_rows_of, told.folder)
    raw = await asyncio.to_thread(_raw, world.folder("raw"), rows, _RAW_BATCH)
    single = await asyncio.to_thread(_raw, world.folder("single"), rows[: world.pick(2_000, 10_000)], 1)
    rate = told.count / told.seconds
    return [
        BenchRow(
            NAME,
            "comments committed over HTTP in batches",
            rate,
            "events/s",
            "executemany of the same rows, 2,000 a commit",
            raw,
            against(rate, raw),
            (least(30_000), least(50_000, goal=True), least(0.12, "ratio")),
            note=(
                f"{told.count:,} events in {told.seconds:.1f} s, 500 a post, 4 in flight, rules on, "
                f"a bag on air, one follower; engine {told.cpu:.0%} of a core; the same table on both sides"
            ),
        ),
        BenchRow(
            NAME,
            "the same, beside a naive writer",
            rate,
            "events/s",
            "one commit for each event, same table",
            single,
            against(rate, single),
        ),
        BenchRow(NAME, "post → on disk, half of them within", quantile(told.waits, 0.5) * 1e3, "ms"),
        BenchRow(NAME, "post → on disk, 99 of 100 within", quantile(told.waits, 0.99) * 1e3, "ms"),
        BenchRow(
            NAME,
            "answered and then not on the log, or not accounted for to the follower",
            told.lost,
            "events",
            bounds=(most(0),),
        ),
    ]


class _Told:
    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        self.seconds = 0.0
        self.cpu = 0.0
        self.waits: list[float] = []
        self.lost = 0


async def _through_the_door(folder: Path, posts: list[bytes]) -> _Told:
    count = sum(body.count(b'"specversion"') for body in posts)
    told = _Told(folder, count)
    async with (
        serving(folder) as engine,
        engine.wire("host") as host,
        BenchStream(engine.port, engine.tokens["viewer"]) as stream,
    ):
        await open_room(BenchHost(host))
        await stream.begin(0)
        following = spawn(_follow(stream, count), name="bench follower")
        work, cpu_before = iter(posts), cpu_seconds(engine.pid)
        began = time.perf_counter()
        accepted = await asyncio.gather(*(_post(engine, work, told.waits) for _ in range(_IN_FLIGHT)))
        told.seconds = time.perf_counter() - began
        told.cpu = (cpu_seconds(engine.pid) - cpu_before) / told.seconds
        async with asyncio.timeout(30):
            seen = await following
        told.lost = 2 * count - sum(accepted) - seen
    return told


async def _post(engine: ServedEngine, work: Any, waits: list[float]) -> int:
    accepted = 0
    async with engine.wire("producer") as wire:
        for body in work:
            began = time.perf_counter()
            accepted += (await wire.post(body, comments.TYPE))["accepted"]
            waits.append(time.perf_counter() - began)
    return accepted


async def _follow(stream: BenchStream, count: int) -> int:
    """How many comments came by, or were told to be left out, until all are accounted for."""
    seen = 0
    while seen < count:
        frame = await stream.frame()
        seen += frame.count(b'"type":"comment.posted"') + skipped(frame)
    return seen


def skipped(frame: bytes) -> int:
    """Comments that a frame says were left out."""
    mark = b'"counts":{"comment.posted":'
    if b'"stream.skipped"' not in frame or mark not in frame:
        return 0
    digits = frame.partition(mark)[2]
    return int(digits[: digits.index(b"}")])


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used; 0.0 where this system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100


def _rows_of(folder: Path) -> Rows:
    """What the engine wrote, as it wrote it."""
    raw = connect(folder)
    try:
        found: Rows = raw.execute("SELECT * FROM event WHERE source_id IS NOT NULL ORDER BY seq").fetchall()
        return found
    finally:
        raw.close()


def _raw(folder: Path, rows: Rows, batch: int) -> float:
    """Rows a second into a store of the same make, by the driver alone."""
    raw = connect(made(folder))
    try:
        began = time.perf_counter()
        for first in range(0, len(rows), batch):
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany(_INSERT, rows[first : first + batch])
            raw.execute("COMMIT")
        return len(rows) / (time.perf_counter() - began)
    finally:
        raw.close()
