"""The desk: comments pouring in beside two other views, and how soon it can be used."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, Final

from liveconsole.bench.figures import Figure, against, most, quantile
from liveconsole.bench.flood import LAST, Flood, post_order
from liveconsole.bench.program import DeskProgram, desk_program
from liveconsole.bench.serving import serving
from liveconsole.bench.world import Asker, World, open_room, resident
from liveconsole.tasks import spawn

FEED: Final = "feed"
START: Final = "start"
RATE: Final = 10_000


async def feed(world: World) -> list[Figure]:
    """The real desk at a real engine, 10,000 comments a second."""
    seconds = world.pick(5, 40)
    async with serving(world.folder("feed")) as engine, engine.wire("host") as host:
        await open_room(Asker(host))
        token = engine.folder / "bench-token"
        token.write_text(engine.tokens["host"], "utf-8")
        flood = Flood(engine, RATE, seconds)
        words = ("flood", "--url", f"http://127.0.0.1:{engine.port}", "--token-file", str(token))
        async with DeskProgram(*words) as program:
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
    rivals = await desk_program("rivals", "--rate", str(RATE), "--seconds", str(world.pick(2, 5)))
    return [*_gaps(told, rivals), *_counts(told, flood), *_memory(early, late)]


def _gaps(told: dict[str, Any], rivals: dict[str, Any]) -> list[Figure]:
    gap, frame, screen = told["gap"], told["frame"], told["order_to_screen"]
    ours, edit, listed = (rivals[name]["gap"]["p99"] for name in ("ours", "text_edit", "list_view"))
    return [
        Figure(
            FEED,
            "desk at 10,000 comments/s: event loop away, 99 of 100 beats",
            gap["p99"],
            "ms",
            bounds=(most(16), most(10, goal=True)),
            note=f"{told['seconds']:.0f} s, {told['frames_per_second']:.0f} frames/s, ring full before",
        ),
        Figure(FEED, "the same, half of the beats", gap["p50"], "ms"),
        Figure(FEED, "the same, the longest", gap["max"], "ms", bounds=(most(50, goal=True),)),
        Figure(
            FEED,
            "work of a frame (taking in and painting), 99 of 100",
            frame["p99"],
            "ms",
            bounds=(most(17, goal=True),),
        ),
        Figure(
            FEED,
            "the feed alone, no engine: event loop away, 99 of 100",
            ours,
            "ms",
            "QPlainTextEdit, one append a frame, 5,000 lines",
            edit,
            against(edit, ours),
        ),
        Figure(
            FEED,
            "the same, beside a row model",
            ours,
            "ms",
            "QListView with a model, 5,000 rows",
            listed,
            against(listed, ours),
        ),
        Figure(FEED, "order posted → painted, half", screen["p50"], "ms", bounds=(most(40, goal=True),)),
        Figure(
            FEED, "order posted → painted, 99 of 100", screen["p99"], "ms", bounds=(most(120, goal=True),)
        ),
    ]


def _counts(told: dict[str, Any], flood: Flood) -> list[Figure]:
    lost = flood.comments - told["comments"] - told["skipped"]
    return [
        Figure(
            FEED,
            "orders that the desk did not get",
            flood.orders - told["orders"],
            "orders",
            bounds=(most(0),),
            note=f"of {flood.orders}",
        ),
        Figure(
            FEED,
            "comments lost without a word",
            lost,
            "comments",
            bounds=(most(0),),
            note=f"of {flood.comments:,}",
        ),
        Figure(FEED, "comments left out, and the desk says so", told["told_skipped"], "comments"),
    ]


def _memory(early: float | None, late: float | None) -> list[Figure]:
    return [
        Figure(
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


async def start(world: World) -> list[Figure]:
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
        Figure(
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
        Figure(
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


async def _round(world: World, compiled: Path) -> tuple[float, dict[str, Any]]:
    bare = await desk_program("bare", "--began", _now(), compiled=compiled)
    folder = str(world.folder("start"))
    desk = await desk_program("desk", "--began", _now(), "--data", folder, compiled=compiled)
    return bare["paint"], desk


def _now() -> str:
    return str(time.monotonic_ns())
