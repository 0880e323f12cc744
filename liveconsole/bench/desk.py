"""The desk: comments pouring in beside two other views, and how soon it can be used."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, Final

from liveconsole.bench.figures import BenchRow, against, most, quantile
from liveconsole.bench.flood import LAST, Flood, post_order
from liveconsole.bench.program import DeskProgram, desk_program
from liveconsole.bench.serving import serving
from liveconsole.bench.world import BenchHost, BenchRun, fill_room, open_room, resident
from liveconsole.tasks import spawn

FEED: Final = "feed"
PANELS: Final = "panels"
STORM: Final = "storm"
START: Final = "start"
RATE: Final = 10_000
STORM_RATE: Final = 2_000
_WHERE: Final = {
    FEED: "desk at 10,000 comments/s",
    PANELS: "every panel open, and her own screen",
    STORM: "five capture tools, 2,000 comments/s together",
}


async def feed(world: BenchRun) -> list[BenchRow]:
    """The real desk at a real engine, 10,000 comments a second."""
    seconds = world.seconds(5, 40)
    came = await _flooded(world, seconds, every_panel=False)
    return [*_gaps(FEED, came.told), *_counts(FEED, came), *_memory(came.early, came.late)]


async def panels(world: BenchRun) -> list[BenchRow]:
    """The same with all open that can be open at once, in a room where everything happens."""
    came = await _flooded(world, world.seconds(4, 20), every_panel=True)
    return [*_gaps(PANELS, came.told), *_counts(PANELS, came)]


async def storm(world: BenchRun) -> list[BenchRow]:
    """The real desk while five capture tools tell of 2,000 comments a second, each looked for its double."""
    came = await _flooded(world, world.seconds(3, 20), every_panel=False, storm=True)
    return [*_gaps(STORM, came.told), *_counts(STORM, came)]


class _Came:
    """What the desk and the flood told, and the desk's memory in MB after a quarter and at the end."""

    def __init__(self, told: dict[str, Any], flood: Flood, early: float | None, late: float | None) -> None:
        self.told, self.flood, self.early, self.late = told, flood, early, late


async def _flooded(world: BenchRun, seconds: float, *, every_panel: bool, storm: bool = False) -> _Came:
    async with serving(world.folder("storm" if storm else "flood")) as engine, engine.wire("host") as host:
        ask = BenchHost(host)
        await open_room(ask)
        skus = await fill_room(ask) if every_panel else ["bench"]
        token = engine.folder / "bench-token"
        token.write_text(engine.tokens["host"], "utf-8")
        flood = Flood(engine, STORM_RATE if storm else RATE, seconds, skus, storm=storm)
        words = ["flood", "--url", f"http://127.0.0.1:{engine.port}", "--token-file", str(token)]
        async with DeskProgram(*words, *["--every-panel"] * every_panel) as program:
            await program.said()
            pouring = spawn(flood.run(), name="bench flood")
            await asyncio.sleep(seconds / 4)
            early = resident(program.pid)
            await pouring
            late = resident(program.pid)
            async with engine.wire("producer") as producer:  # the engine lets go of who is idle for 30 s
                await post_order(producer, LAST)
            told = await program.said()
            await program.ended()
    return _Came(told, flood, early, late)


def _gaps(row: str, told: dict[str, Any]) -> list[BenchRow]:
    gap, frame, screen = told["gap"], told["frame"], told["order_to_screen"]
    return [
        BenchRow(
            row,
            f"{_WHERE[row]}: event loop away, 99 of 100 beats",
            gap["p99"],
            "ms",
            bounds=(most(16), most(10, goal=True)),
            note=f"{told['seconds']:.0f} s, {told['frames_per_second']:.0f} frames/s, ring full before",
        ),
        BenchRow(row, "the same, half of the beats", gap["p50"], "ms"),
        BenchRow(row, "the same, the longest", gap["max"], "ms", bounds=(most(50, goal=True),)),
        BenchRow(
            row,
            "work of a frame (taking in and painting), 99 of 100",
            frame["p99"],
            "ms",
            bounds=(most(17, goal=True),),
        ),
        BenchRow(row, "order posted → painted, half", screen["p50"], "ms", bounds=(most(40, goal=True),)),
        BenchRow(
            row, "order posted → painted, 99 of 100", screen["p99"], "ms", bounds=(most(120, goal=True),)
        ),
    ]


def _counts(row: str, came: _Came) -> list[BenchRow]:
    told, flood = came.told, came.flood
    lost = flood.comments - told["comments"] - told["skipped"]
    return [
        BenchRow(
            row,
            "orders that the desk did not get",
            flood.orders - told["orders"],
            "orders",
            bounds=(most(0),),
            note=f"of {flood.orders}",
        ),
        BenchRow(
            row,
            "comments lost without a word",
            lost,
            "comments",
            bounds=(most(0),),
            note=f"of {flood.comments:,}",
        ),
        BenchRow(row, "comments left out, and the desk says so", told["told_skipped"], "comments"),
    ]


def _memory(early: float | None, late: float | None) -> list[BenchRow]:
    return [
        BenchRow(
            FEED,
            "memory of the desk at the end of the flood",
            late,
            "MB",
            "after a quarter of it",
            early,
            against(late, early),
            (most(250), most(1.1, "ratio")),
        )
    ]


async def start(world: BenchRun) -> list[BenchRow]:
    """From the start of the process. Both programs and the engine have their bytecode, as pip and the bundle
    leave it: a tree of sources that nobody has run yet is compiled by one round that does not count."""
    times = world.pick(3, 7)
    compiled = world.folder("bytecode")
    rounds = [await _round(world, compiled) for _ in range(times + 1)][1:]
    bare, desks = [bare for bare, _ in rounds], [desk for _, desk in rounds]
    window = quantile(bare, 0.5)
    paint, joined = (quantile([desk[name] for desk in desks], 0.5) for name in ("paint", "joined"))
    beside = "a bare QMainWindow to its first paint"
    return [
        BenchRow(
            START,
            f"desk to its first paint (median of {times})",
            paint,
            "ms",
            beside,
            window,
            against(paint, window),
            (most(2.5, "ratio", goal=True),),
            note="bytecode there, as installed",
        ),
        BenchRow(
            START,
            "desk joined to an engine that it had to start, and painted",
            joined,
            "ms",
            beside,
            window,
            against(joined, window),
            (most(2_000), most(8, "ratio", goal=True)),
        ),
    ]


async def _round(world: BenchRun, compiled: Path) -> tuple[float, dict[str, Any]]:
    bare = await desk_program("bare", "--began", _now(), compiled=compiled)
    folder = str(world.folder("start"))
    desk = await desk_program("desk", "--began", _now(), "--data", folder, compiled=compiled)
    return bare["paint"], desk


def _now() -> str:
    return str(time.monotonic_ns())
