"""Many rooms of one machine, an engine and a store each: in files, and where one is named, in one database.

Each is on air and gets 200 comments a second; one wall asks all of them. What a room costs must not grow with
how many there are.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import secrets
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.bench import comments
from liveconsole.bench.figures import BenchRow, against, least, most, quantile
from liveconsole.bench.postgres import ServerLoad, clear_rooms
from liveconsole.bench.serving import ServedEngine, environment, serving
from liveconsole.bench.wire import BenchConnection
from liveconsole.bench.world import BenchHost, BenchRun, processor, resident
from liveconsole.bus.metrics import METRICS

NAME: Final = "rooms"
_RATE: Final = 200
"""Comments a second and room."""
_A_POST: Final = 20


class RoomsMeasured(Struct):
    """What so many rooms came to."""

    rooms: int
    taken: int
    lost: int
    seconds: float
    cpu: float | None
    """Processor time of all engines, seconds."""
    server: float | None
    wall: float | None
    memory: float | None
    """MB of the middle room."""
    commits: list[tuple[float, float]]
    """Seconds: p50 and p99 of each room."""
    lag: float
    posts: list[float]

    @property
    def share(self) -> float | None:
        """Of a core, for one room, in per cent."""
        return None if self.cpu is None else 100 * self.cpu / self.seconds / self.rooms


async def measure(world: BenchRun) -> list[BenchRow]:
    """The rows; those of a database where one is named."""
    rows: list[BenchRow] = []
    for where in (None, world.database) if world.database is not None else (None,):
        first: RoomsMeasured | None = None
        for count in (1, 4) if world.quick else (1, 4, 16):
            found = await _measured(world, count, where)
            rows += _rows(found, first, "files" if where is None else "one database")
            first = first or found
    return rows


def _rows(one: RoomsMeasured, first: RoomsMeasured | None, where: str) -> list[BenchRow]:
    rate = one.taken / one.seconds
    asked = one.rooms * _RATE
    slowest = 1e3 * max(p99 for _, p99 in one.commits)
    commit = f"commits p50 / p99: middle room {_ms(one.commits)}, slowest {slowest:.1f} ms"
    posts = f"posts {1e3 * quantile(one.posts, 0.5):.1f} / {1e3 * quantile(one.posts, 0.99):.1f} ms"
    what = f"{one.rooms} room{'s' if one.rooms > 1 else ''}, {where}"
    together = [] if one.cpu is None else [f"together {100 * one.cpu / one.seconds:.1f} %"]
    together += [] if one.server is None else [f"the server {100 * one.server / one.seconds:.1f} %"]
    together += [] if one.wall is None else [f"the wall {100 * one.wall / one.seconds:.1f} %"]
    return [
        BenchRow(
            *(
                NAME,
                f"comments committed, {what}",
                rate,
                "events/s",
                "asked for",
                asked,
                against(rate, asked),
            ),
            bounds=(least(0.95, "ratio", goal=True),),
            note=f"{commit}; {posts}; loop late {1e3 * one.lag:.1f} ms at most",
        ),
        BenchRow(NAME, f"comments not accounted for, {what}", one.lost, bounds=(most(0),)),
        BenchRow(
            *(NAME, f"processor a room, {what}", one.share, "% of a core"),
            *("one room", first.share if first else None),
            ratio=against(one.share, first.share if first else None),
            bounds=(most(1.5, "ratio", goal=True),) if first and one.share is not None else (),
            note=", ".join(together),
        ),
        BenchRow(NAME, f"memory a room, {what}", one.memory, "MB"),
    ]


def _ms(commits: Sequence[tuple[float, float]]) -> str:
    return " / ".join(f"{1e3 * median(one):.1f}" for one in zip(*commits, strict=True)) + " ms"


async def _measured(world: BenchRun, count: int, database: str | None) -> RoomsMeasured:
    base = world.folder(f"rooms-{count}")
    base.mkdir()
    names = [f"bench-{secrets.token_hex(6)}" for _ in range(count)]
    where = [[] if database is None else ["--database", database, "--room", name] for name in names]
    async with contextlib.AsyncExitStack() as stack:
        if database is not None:
            stack.callback(clear_rooms, database, names)
        engines = [  # one after the other: sixteen at once would wait for each other's imports
            await stack.enter_async_context(serving(base / name, *more))
            for name, more in zip(names, where, strict=True)
        ]
        wall = await stack.enter_async_context(_wall(base, database))
        wires = [await stack.enter_async_context(one.wire("producer")) for one in engines]
        for one in engines:
            async with one.wire("host") as host:
                await BenchHost(host)("broadcast.open", title="bench")
        return await _poured(world.seconds(3, 12), engines, wires, wall, database)


async def _poured(
    seconds: float,
    engines: Sequence[ServedEngine],
    wires: Sequence[BenchConnection],
    wall: int,
    database: str | None,
) -> RoomsMeasured:
    bodies = comments.bodies(math.ceil(_RATE * seconds), batch=_A_POST)
    pids = [one.pid for one in engines]
    server = ServerLoad(database) if database is not None else None
    before, wall_before = [processor(pid) for pid in pids], processor(wall)
    began, posts = time.perf_counter(), list[float]()
    # One after the other within the tenth of a second, as rooms do that know nothing of each other.
    offsets = [number * _A_POST / _RATE / len(wires) for number in range(len(wires))]
    taken = sum(
        await asyncio.gather(
            *(_pour(wire, bodies, began + late, posts) for wire, late in zip(wires, offsets, strict=True))
        )
    )
    took = time.perf_counter() - began
    after, wall_after = [processor(pid) for pid in pids], processor(wall)
    theirs = server.since() if server is not None else None
    told = [await _metrics(one) for one in engines]
    used = [
        late - early
        for late, early in zip(after, before, strict=True)
        if late is not None and early is not None
    ]
    held = sorted(mb for pid in pids if (mb := resident(pid)) is not None)
    return RoomsMeasured(
        rooms=len(engines),
        taken=taken,
        lost=taken - round(sum(one["events"] for one in told)),
        seconds=took,
        cpu=sum(used) if len(used) == len(pids) else None,
        server=theirs,
        wall=wall_after - wall_before if wall_after is not None and wall_before is not None else None,
        memory=median(held) if held else None,
        commits=[(one["p50"], one["p99"]) for one in told],
        lag=max(one["lag"] for one in told),
        posts=posts,
    )


async def _pour(wire: BenchConnection, bodies: Sequence[bytes], began: float, posts: list[float]) -> int:
    taken = 0
    for number, body in enumerate(bodies):
        await _until(began + number * _A_POST / _RATE)
        asked = time.perf_counter()
        taken += (await wire.post(body, comments.TYPE))["accepted"]
        posts.append(time.perf_counter() - asked)
    await _until(began + len(bodies) * _A_POST / _RATE)
    return taken


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


_SAMPLES: Final = {
    "events": 'liveconsole_events_total{type="comment.posted"}',
    "p50": 'liveconsole_commit_seconds{quantile="0.5"}',
    "p99": 'liveconsole_commit_seconds{quantile="0.99"}',
    "lag": 'liveconsole_loop_lag_seconds{of="minute"}',
}


async def _metrics(engine: ServedEngine) -> dict[str, float]:
    async with engine.wire("viewer") as wire:
        lines = (await wire.ask("GET", METRICS)).decode().splitlines()
    said = dict(line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
    return {name: float(said[sample]) for name, sample in _SAMPLES.items()}


@contextlib.asynccontextmanager
async def _wall(base: Path, database: str | None) -> AsyncIterator[int]:
    """``liveconsole rooms --serve`` over all of them, which asks each once a second; its process."""
    words = ["-m", "liveconsole", "rooms", "--serve", "--port", "0", "--folder", str(base)]
    words += [] if database is None else ["--database", database]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            ready = msgspec.json.decode(await process.stdout.readline() or b"{}")
        if not ready.get("ready"):
            raise RuntimeError(f"the wall ended with {await process.wait()}")
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
