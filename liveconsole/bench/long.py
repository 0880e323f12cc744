"""A long evening: a log of a million events, who reads it from the start, and what stays in memory."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

from liveconsole.bench import comments
from liveconsole.bench.figures import BenchRow, against, least, most
from liveconsole.bench.files import connect
from liveconsole.bench.program import DeskProgram
from liveconsole.bench.serving import ServedEngine, serving
from liveconsole.bench.wire import BenchStream
from liveconsole.bench.world import BenchHost, BenchRun, open_room, resident

NAME: Final = "long"
_IN_FLIGHT: Final = 4
_BLOCK: Final = 20_000
_DESK: Final = 10_000_000


async def measure(world: BenchRun) -> list[BenchRow]:
    """The rows; the size of what was measured stands in each."""
    size = world.pick(60_000, 1_000_000)
    folder = world.folder("long")
    half, whole = await _write(folder, size)
    figures = [
        BenchRow(
            NAME,
            f"memory of the engine after {size:,} comments",
            whole,
            "MB",
            f"after {size // 2:,}",
            half,
            against(whole, half),
            (most(300), most(1.25, "ratio")),
        )
    ]
    async with serving(folder) as engine:
        figures.append(
            BenchRow(
                NAME,
                f"engine ready on a log of {size:,} events",
                engine.seconds_to_ready,
                "s",
                "ready on an empty folder",
                empty := await _ready(world.folder("empty")),
                against(engine.seconds_to_ready, empty),
                (most(1.5, goal=True),),
            )
        )
        rate = await _catch_up(engine, size)
    raw = await asyncio.to_thread(_scan, folder)
    figures.append(
        BenchRow(
            NAME,
            f"a follower reads those {size:,} events from the first",
            rate,
            "events/s",
            "SELECT of the same rows from the same file",
            raw,
            against(rate, raw),
            (least(10_000, goal=True),),
        )
    )
    return [*figures, await _desk(world.pick(500_000, _DESK))]


async def _write(folder: Path, size: int) -> tuple[float | None, float | None]:
    """Memory of the engine after half of the comments and after all."""
    async with serving(folder) as engine, engine.wire("host") as host:
        await open_room(BenchHost(host))
        half = None
        for first in range(0, size, _BLOCK):
            posts = comments.bodies(min(_BLOCK, size - first), source=f"/bench/{first}", seed=first)
            work = iter(posts)
            await asyncio.gather(*(_post(engine, work) for _ in range(_IN_FLIGHT)))
            if half is None and first + _BLOCK >= size // 2:
                half = resident(engine.pid)
        return half, resident(engine.pid)


async def _post(engine: ServedEngine, work: object) -> None:
    async with engine.wire("producer") as wire:
        for body in work:  # type: ignore[attr-defined]
            await wire.post(body, comments.TYPE)


async def _ready(folder: Path) -> float:
    async with serving(folder) as engine:
        return engine.seconds_to_ready


async def _catch_up(engine: ServedEngine, size: int) -> float:
    async with BenchStream(engine.port, engine.tokens["viewer"]) as stream:
        began = time.perf_counter()
        await stream.begin(0)
        seen = 0
        while seen < size:
            seen += (await stream.frame()).count(b'"type":"comment.posted"')
        return seen / (time.perf_counter() - began)


def _scan(folder: Path) -> float:
    raw = connect(folder)
    try:
        began, count = time.perf_counter(), 0
        for _ in raw.execute("SELECT * FROM event ORDER BY seq"):
            count += 1
        return count / (time.perf_counter() - began)
    finally:
        raw.close()


async def _desk(size: int) -> BenchRow:
    async with DeskProgram("memory", "--comments", str(size)) as program:
        memory = []
        for _ in range(2):
            await program.said()
            memory.append(resident(program.pid))
            await program.go_on()
        told = await program.said()
        await program.ended()
    half, whole = memory
    return BenchRow(
        NAME,
        f"memory of the desk's feed after {size:,} comments",
        whole,
        "MB",
        "after half of them",
        half,
        against(whole, half),
        (most(250), most(1.1, "ratio")),
        note=f"{size / told['seconds']:,.0f} comments/s decoded, folded and shown",
    )
