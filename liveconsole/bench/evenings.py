"""A year in one room: after 300 evenings it is as small and as quick as on the first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.bench import years
from liveconsole.bench.figures import BenchRow, Bound, against, most, quantile
from liveconsole.bench.serving import ServedEngine, serving
from liveconsole.bench.wire import BenchConnection, BenchStream
from liveconsole.bench.world import BenchRun, resident
from liveconsole.tasks import cancel_all, spawn

NAME: Final = "evenings"
_SEATS: Final = 3


class _Room(Struct):
    """What was measured of a running room."""

    ready: float
    memory: float | None
    state: int
    read_ms: float
    command_ms: float
    listed: int


async def measure(world: BenchRun) -> list[BenchRow]:
    """The same evening twice: with a year before it, and in a fresh room."""
    evenings, orders = world.pick(6, 300), world.pick(300, 1_000)
    old, fresh = world.folder("year"), world.folder("fresh")
    snapshot = await asyncio.to_thread(years.make, old, evenings=evenings, orders=orders)
    first = await asyncio.to_thread(years.make, fresh, evenings=1, orders=orders)
    rounds = [await _both(old, fresh, world) for _ in range(2)]
    year, new = [one for one, _ in rounds], [other for _, other in rounds]
    before = f"{evenings} evenings, {evenings * orders:,} orders, {evenings * years.PROMOTIONS:,} promotions"
    beside = "the first evening of a fresh room"

    def figure(what: str, name: str, unit: str, *bounds: Bound) -> BenchRow:
        mine, other = _best(year, name), _best(new, name)
        note = f"worst of two: {_worst(year, name)} to {_worst(new, name)}"
        return BenchRow(NAME, what, mine, unit, beside, other, against(mine, other), bounds, note)

    return [
        BenchRow(
            NAME,
            f"snapshot after {before}",
            snapshot / 1e6,
            "MB",
            beside,
            first / 1e6,
            against(snapshot, first),
            (most(5),),
        ),
        figure("state, whole", "state", "KiB", most(1.3, "ratio")),
        figure("GET /v1/state, half of the answers", "read_ms", "ms", most(1.3, "ratio")),
        figure(f"a command with {_SEATS} seats, half of them", "command_ms", "ms", most(1.3, "ratio")),
        figure("engine ready", "ready", "s", most(1.5, goal=True)),
        figure("memory of the engine", "memory", "MB", most(300)),
        figure("GET /v1/broadcasts", "listed", "broadcasts"),
    ]


def _best(rooms: list[_Room], name: str) -> float | None:
    values = [value for room in rooms if (value := getattr(room, name)) is not None]
    return min(values, default=None)


def _worst(rooms: list[_Room], name: str) -> str:
    values = [value for room in rooms if (value := getattr(room, name)) is not None]
    return f"{max(values):,.2f}" if values else "—"


async def _both(old: Path, fresh: Path, world: BenchRun) -> tuple[_Room, _Room]:
    """Both rooms served at once and asked in turn, one for one: a busy moment of the machine meets both."""
    count = world.pick(40, 150)
    async with AsyncExitStack() as open_:
        engines = [await open_.enter_async_context(serving(folder)) for folder in (old, fresh)]
        wires = [await open_.enter_async_context(engine.wire("viewer")) for engine in engines]
        sizes, reads = await _reads(wires, count)
        listed = [len(msgspec.json.decode(await wire.ask("GET", "/v1/broadcasts"))) for wire in wires]
        asked = await _commands(engines, count)
        found = [
            _Room(engine.seconds_to_ready, resident(engine.pid), size // 1024, read, command, length)
            for engine, size, read, command, length in zip(engines, sizes, reads, asked, listed, strict=True)
        ]
    return found[0], found[1]


def _turn(n: int) -> tuple[int, int]:
    """Which room is asked first: what the one leaves running, the other meets as often."""
    return (0, 1) if n % 2 else (1, 0)


async def _reads(wires: Sequence[BenchConnection], count: int) -> tuple[list[int], list[float]]:
    """Of each room the size of the state, and milliseconds that half of the answers took at most."""
    sizes, took = [0] * len(wires), [list[float]() for _ in wires]
    for n in range(count):
        for place in _turn(n):
            began = time.perf_counter()
            sizes[place] = len(await wires[place].ask("GET", "/v1/state"))
            took[place].append((time.perf_counter() - began) * 1e3)
    return sizes, [quantile(one, 0.5) for one in took]


async def _commands(engines: Sequence[ServedEngine], count: int) -> list[float]:
    """Milliseconds of half of the commands, while seats read the state after everything that happens."""
    async with AsyncExitStack() as seats:
        hosts = [await seats.enter_async_context(engine.wire("host")) for engine in engines]
        tasks = []
        for engine, host in zip(engines, hosts, strict=True):
            seq = int(msgspec.json.decode(await host.ask("GET", "/v1/health"))["seq"])
            for _ in range(_SEATS):
                stream = BenchStream(engine.port, engine.tokens["viewer"])
                wire = await seats.enter_async_context(engine.wire("viewer"))
                await seats.enter_async_context(stream)
                await stream.begin(seq)
                tasks.append(spawn(_seat(stream, wire), name="bench seat"))
        took = [list[float]() for _ in engines]
        try:
            for n in range(count):
                for place in _turn(n):
                    began = time.perf_counter()
                    id_ = f"{engines[place].pid}-note-{n}"
                    await hosts[place].command(id_, "note.put", {"text": f"{n}", "to": "host"})
                    took[place].append((time.perf_counter() - began) * 1e3)
        finally:
            await cancel_all(tasks)
    return [quantile(one, 0.5) for one in took]


async def _seat(stream: BenchStream, wire: BenchConnection) -> None:
    while True:
        await stream.frame()
        await wire.ask("GET", "/v1/state")
