"""A year in one room: after 300 evenings it is as small and as quick as on the first."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.bench import years
from liveconsole.bench.figures import Bound, Figure, against, most, quantile
from liveconsole.bench.serving import Serving, serving
from liveconsole.bench.wire import Stream, Wire
from liveconsole.bench.world import World, resident
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


async def measure(world: World) -> list[Figure]:
    """The same evening twice: with a year before it, and in a fresh room."""
    evenings, orders = world.pick(15, 300), world.pick(300, 1_000)
    old, fresh = world.folder("year"), world.folder("fresh")
    snapshot = await asyncio.to_thread(years.make, old, evenings=evenings, orders=orders)
    first = await asyncio.to_thread(years.make, fresh, evenings=1, orders=orders)
    # best of two and worst of two, one after the other: the machine is the same for both
    rounds = [(await _of(old, world), await _of(fresh, world)) for _ in range(2)]
    year, new = [one for one, _ in rounds], [other for _, other in rounds]
    before = f"{evenings} evenings, {evenings * orders:,} orders, {evenings * years.PROMOTIONS:,} promotions"
    beside = "the first evening of a fresh room"

    def figure(what: str, name: str, unit: str, *bounds: Bound) -> Figure:
        mine, other = _best(year, name), _best(new, name)
        note = f"worst of two: {_worst(year, name)} to {_worst(new, name)}"
        return Figure(NAME, what, mine, unit, beside, other, against(mine, other), bounds, note)

    return [
        Figure(
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


async def _of(folder: Path, world: World) -> _Room:
    count = world.pick(40, 150)
    async with serving(folder) as engine:
        async with engine.wire("viewer") as wire:
            body, read = await _reads(wire, count)
            listed = len(msgspec.json.decode(await wire.ask("GET", "/v1/broadcasts")))
        asked = await _commands(engine, count)
        memory = resident(engine.pid)
        return _Room(engine.seconds_to_ready, memory, len(body) // 1024, read, asked, listed)


async def _reads(wire: Wire, count: int) -> tuple[bytes, float]:
    """The state, and milliseconds that half of the answers took at most."""
    body, took = b"", []
    for _ in range(count):
        began = time.perf_counter()
        body = await wire.ask("GET", "/v1/state")
        took.append((time.perf_counter() - began) * 1e3)
    return body, quantile(took, 0.5)


async def _commands(engine: Serving, count: int) -> float:
    """Milliseconds of half of the commands, while seats read the state after everything that happens."""
    async with AsyncExitStack() as seats:
        host = await seats.enter_async_context(engine.wire("host"))
        seq = int(msgspec.json.decode(await host.ask("GET", "/v1/health"))["seq"])
        tasks = []
        for _ in range(_SEATS):
            stream = Stream(engine.port, engine.tokens["viewer"])
            wire = await seats.enter_async_context(engine.wire("viewer"))
            await seats.enter_async_context(stream)
            await stream.begin(seq)
            tasks.append(spawn(_seat(stream, wire), name="bench seat"))
        took = []
        try:
            for n in range(count):
                began = time.perf_counter()
                await host.command(f"{engine.pid}-note-{n}", "note.put", {"text": f"{n}", "to": "host"})
                took.append((time.perf_counter() - began) * 1e3)
        finally:
            await cancel_all(tasks)
    return quantile(took, 0.5)


async def _seat(stream: Stream, wire: Wire) -> None:
    while True:
        await stream.frame()
        await wire.ask("GET", "/v1/state")
