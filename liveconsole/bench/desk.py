"""The desk: comments pouring in beside two other views, and how soon it can be used."""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from liveconsole.bench import books
from liveconsole.bench.figures import BenchRow, against, most, quantile
from liveconsole.bench.flood import LAST, Flood, post_order
from liveconsole.bench.program import DeskProgram, desk_program
from liveconsole.bench.serving import ServedEngine, serving
from liveconsole.bench.world import BenchHost, BenchRun, fill_room, open_room, resident
from liveconsole.tasks import cancel_all, spawn

FEED: Final = "feed"
PANELS: Final = "panels"
STORM: Final = "storm"
SHOP: Final = "shop"
START: Final = "start"
RATE: Final = 10_000
STORM_RATE: Final = 2_000
_WHERE: Final = {
    FEED: "desk at 10,000 comments/s",
    PANELS: "every panel open, and her own screen",
    STORM: "five capture tools, 2,000 comments/s together",
    SHOP: "a shop of years, its books asked, 10,000 comments/s",
}
ASKED: Final = {
    "orders": ("/v1/orders?all=1&limit=50&q=%E7%BE%8A%E7%BB%92", "/v1/orders?all=1&limit=50&state=to_ship"),
    "boards": ("/v1/boards", "/v1/boards?broadcast=1", "/v1/boards?from={first}&to={last}"),
    "customers": ("/v1/customers?limit=50",),
}
"""Book → what a seat asks of it, in turn."""
_EVERY: Final = 0.5
"""Seconds between an answer and the next question."""


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


async def shop(world: BenchRun) -> list[BenchRow]:
    """The desk under the flood, in a shop of very many orders whose books another seat goes on asking."""
    size = world.pick(20_000, 1_000_000)
    folder = world.folder("shop")
    last = await asyncio.to_thread(books.fill_shop, folder, size)
    came = await _flooded(world, world.seconds(5, 40), every_panel=False, shop=(folder, last))
    must = {"orders": 100, "boards": 300, "customers": 3_000}
    asked = [
        BenchRow(
            SHOP,
            f"{name} of {size:,} orders, asked at the door meanwhile, 95 of 100",
            quantile(took, 0.95),
            "ms",
            bounds=(most(must[name], goal=True),),
            note=f"{len(took)} times, {came.refused[name]} not answered in time",
        )
        for name, took in came.asked.items()
    ]
    return [*_gaps(SHOP, came.told), *_counts(SHOP, came), *asked]


class _Came:
    """What the desk and the flood told, and the desk's memory in MB after a quarter and at the end."""

    def __init__(self, told: dict[str, Any], flood: Flood, early: float | None, late: float | None) -> None:
        self.told, self.flood, self.early, self.late = told, flood, early, late
        self.asked: dict[str, list[float]] = {name: [] for name in ASKED}
        """Book → how long its answers took, in ms."""
        self.refused = dict.fromkeys(ASKED, 0)


async def _asking(engine: ServedEngine, came: _Came, last: date) -> None:
    """Ask each book in turn, for ever; days are the month up to ``last``."""
    for turn in itertools.count():
        await _ask_each(engine, came, last, turn)


async def _ask_each(engine: ServedEngine, came: _Came, last: date, turn: int) -> None:
    days = {"first": (last - timedelta(days=30)).isoformat(), "last": last.isoformat()}
    for name, questions in ASKED.items():
        async with engine.wire("assistant") as wire:  # the engine lets go of who is idle for 30 s
            began = time.perf_counter()
            question = questions[turn % len(questions)].format(**days)
            status, _ = await wire.try_("GET", question, b"", "application/json")
        came.asked[name].append((time.perf_counter() - began) * 1_000)
        came.refused[name] += status != 200
        await asyncio.sleep(_EVERY)


async def _flooded(
    world: BenchRun,
    seconds: float,
    *,
    every_panel: bool,
    storm: bool = False,
    shop: tuple[Path, date] | None = None,
) -> _Came:
    folder = shop[0] if shop else world.folder("storm" if storm else "flood")
    async with serving(folder) as engine, engine.wire("host") as host:
        ask = BenchHost(host)
        await open_room(ask)
        skus = await fill_room(ask) if every_panel else ["bench"]
        token = engine.folder / "bench-token"
        token.write_text(engine.tokens["host"], "utf-8")
        flood = Flood(engine, STORM_RATE if storm else RATE, seconds, skus, storm=storm)
        words = ["flood", "--url", f"http://127.0.0.1:{engine.port}", "--token-file", str(token)]
        came = _Came({}, flood, None, None)
        if shop:  # as the desk of a shop that was opened before: the books have been asked
            await _ask_each(engine, came, shop[1], 0)
            came.asked = {name: [] for name in ASKED}
            came.refused = dict.fromkeys(ASKED, 0)
        async with DeskProgram(*words, *["--every-panel"] * every_panel) as program:
            await program.said()
            pouring = spawn(flood.run(), name="bench flood")
            asking = [spawn(_asking(engine, came, shop[1]), name="bench asks the books")] if shop else []
            await asyncio.sleep(seconds / 4)
            came.early = resident(program.pid)
            await pouring
            came.late = resident(program.pid)
            await cancel_all(asking)
            async with engine.wire("producer") as producer:  # the engine lets go of who is idle for 30 s
                await post_order(producer, LAST)
            came.told = await program.said()
            await program.ended()
    return came


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
