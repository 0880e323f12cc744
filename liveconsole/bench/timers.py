"""Deadlines while comments pour in, and how soon a platform hears of a fire."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.bench.figures import BenchRow, against, most, quantile
from liveconsole.bench.flood import Flood
from liveconsole.bench.idle import beside
from liveconsole.bench.inside import inside
from liveconsole.bench.latency import bare_commits
from liveconsole.bench.serving import serving
from liveconsole.bench.wire import BenchStream
from liveconsole.bench.world import BenchHost, BenchRun, open_room
from liveconsole.domain.effects import Effect
from liveconsole.engine.dispatch import Dispatcher, PlatformSaid, promotions_of
from liveconsole.tasks import cancel_all, spawn

TIMERS: Final = "timers"
FIRE: Final = "fire"
RATE: Final = 10_000
_LEAD: Final = 2.0
"""Seconds until the first deadline, in which everything is planned and the flood begins."""
_LASTS: Final = 1
_SHARE: Final = 0.99

_decode = msgspec.json.Decoder().decode


async def timers(world: BenchRun) -> list[BenchRow]:
    """Flash sales that begin at a time and end a second later, all while 10,000 comments/s are committed."""
    return _figures([await _round(world) for _ in range(world.pick(1, 2))])


async def _round(world: BenchRun) -> _Round:
    seconds, count = world.pick(3, 15), world.pick(30, 200)
    idle = await _idle(count)
    async with beside() as meanwhile:
        watch = await _under_flood(world.folder("timers"), seconds, count)
    return _Round(watch.acted, watch.told, idle + await _idle(count), meanwhile)


class _Round(Struct):
    """Milliseconds: until the engine acts, until a follower has it, and those of timers that nothing
    disturbs, half of them before the flood and half behind it; and those of an idle program meanwhile, which
    tell of a machine that has more to do than this."""

    acted: list[float]
    told: list[float]
    idle: list[float]
    meanwhile: list[float]


async def _under_flood(folder: Path, seconds: int, count: int) -> _Watch:
    async with (
        serving(folder) as engine,
        engine.wire("host") as host,
        BenchStream(engine.port, engine.tokens["viewer"]) as stream,
    ):
        ask = BenchHost(host)
        await open_room(ask)
        flood = Flood(engine, RATE, seconds + _LEAD + _LASTS)
        watch = _Watch(await _plan(ask, count, seconds))
        await stream.begin(0)
        tasks = [spawn(watch.run(stream), name="bench deadlines"), spawn(flood.run(), name="bench flood")]
        try:
            async with asyncio.timeout(seconds + 40):
                await asyncio.gather(*tasks)
        finally:
            await cancel_all(tasks)
    return watch


async def _plan(ask: BenchHost, count: int, seconds: int) -> dict[str, datetime]:
    """Cue id → when it goes on air, spread evenly."""
    products = [
        {"product_id": f"t{n}", "title": f"商品 {n}", "price_fen": 9_900, "stock": 10} for n in range(count)
    ]
    await ask("catalogue.put", products=products)
    first = datetime.now(UTC) + timedelta(seconds=_LEAD)
    planned = {}
    for number in range(count):
        at = first + timedelta(milliseconds=round(number * seconds * 1000 / count))
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        spec = {
            "sku_id": f"t{number}",
            "price_fen": 5_900,
            "quantity": 5,
            "per_buyer": 1,
            "seconds": _LASTS,
        }
        cue = await ask("cue.add", kind="flash_sale", spec=spec, at=at.isoformat())
        await ask("cue.approve", cue_id=cue["cue_id"])
        planned[cue["cue_id"]] = at
    return planned


class _Watch:
    """Two deadlines a sale: milliseconds late by the engine's clock, and until a follower had the event."""

    def __init__(self, planned: dict[str, datetime]) -> None:
        self._planned = planned
        self._began: dict[str, datetime] = {}
        self._left = 2 * len(planned)
        self.acted: list[float] = []
        self.told: list[float] = []

    async def run(self, stream: BenchStream) -> None:
        while self._left:
            frame = await stream.frame()
            arrived = datetime.now(UTC)
            if b'"cue.on_air"' in frame or b'"cue.ended"' in frame:
                for event in _decode(frame):
                    self._event(event, arrived)

    def _event(self, event: dict[str, Any], arrived: datetime) -> None:
        kind = event["type"]
        if kind not in ("cue.on_air", "cue.ended") or event["data"]["cue_id"] not in self._planned:
            return
        cue_id, at = event["data"]["cue_id"], datetime.fromisoformat(event["at"])
        if kind == "cue.on_air":
            self._began[cue_id] = at
            due = self._planned[cue_id]
        else:
            due = self._began[cue_id] + timedelta(seconds=_LASTS)
        self._left -= 1
        self.acted.append((at - due) / timedelta(milliseconds=1))
        self.told.append((arrived - due) / timedelta(milliseconds=1))


def _figures(rounds: list[_Round]) -> list[BenchRow]:
    best, worst = min(rounds, key=_ratio), max(rounds, key=_ratio)
    late = quantile(worst.acted, _SHARE)
    return [
        BenchRow(
            TIMERS,
            f"deadline → the engine acts, 10,000 comments/s going on, 99 of 100 of {len(worst.acted)}",
            late,
            "ms",
            "an idle asyncio timer before and after, 99 of 100",
            quantile(worst.idle, _SHARE),
            _ratio(worst),
            (most(10, goal=True), most(4, "ratio", goal=True)),
            note=(
                f"the worse of {len(rounds)}; the best {quantile(best.acted, _SHARE):.1f} ms beside "
                f"{quantile(best.idle, _SHARE):.1f}, ratio {_ratio(best):.1f}"
            ),
        ),
        BenchRow(
            TIMERS,
            "the same, beside an idle program in the same seconds",
            late,
            "ms",
            "its timers, 99 of 100",
            quantile(worst.meanwhile, _SHARE),
            against(late, quantile(worst.meanwhile, _SHARE)),
        ),
        BenchRow(
            TIMERS, "the same until it is on disk and in a follower", quantile(worst.told, _SHARE), "ms"
        ),
        BenchRow(
            TIMERS,
            "deadlines kept too early",
            sum(late < 0 for one in rounds for late in one.acted),
            "",
            bounds=(most(0),),
        ),
    ]


def _ratio(one: _Round) -> float:
    return quantile(one.acted, _SHARE) / quantile(one.idle, _SHARE)


async def _idle(count: int) -> list[float]:
    """Milliseconds late, of timers that nothing disturbs."""
    loop = asyncio.get_running_loop()
    late: list[float] = []
    began = loop.time()
    dues = [began + 0.05 + number / count for number in range(count)]

    def rings(due: float) -> None:
        late.append((loop.time() - due) * 1e3)

    for due in dues:
        loop.call_at(due, rings, due)
    await asyncio.sleep(1.2)
    return late


class _Asked:
    """A platform that says yes at once, and when it was asked."""

    def __init__(self) -> None:
        self.at = 0.0
        self.asked = asyncio.Event()

    async def ask(self, effect: Effect) -> PlatformSaid:
        self.at = time.perf_counter()
        self.asked.set()
        return PlatformSaid("done")

    async def query(self, effect: Effect) -> PlatformSaid:
        return await self.ask(effect)


async def fire(world: BenchRun) -> list[BenchRow]:
    """From the command to the platform's program; the firing and the mark go to disk first."""
    platform, waits = _Asked(), []
    async with inside(world.folder("fire"), simulated=True) as room:
        dispatcher = Dispatcher(room.engine, {"rehearsal": platform})
        room.engine.on_owed = lambda platform, owed: dispatcher.owed(platform, promotions_of(owed))
        await room.must("broadcast.open")
        await room.must("room.set", platform="rehearsal")
        products = [
            {"product_id": name, "title": name, "price_fen": 9_900, "stock": 10} for name in ("a", "b")
        ]
        await room.must("catalogue.put", products=products)
        await room.must("cart.add", product_ids=["a", "b"])
        for number in range(world.pick(60, 300)):
            platform.asked.clear()
            began = time.perf_counter()
            await room.must("cart.pin", product_id="ab"[number % 2])
            await asyncio.wait_for(platform.asked.wait(), 10)
            waits.append((platform.at - began) * 1e3)
        await dispatcher.close()
    bare = await asyncio.to_thread(bare_commits, world.folder("bare"))
    return [
        BenchRow(
            FIRE,
            f"fired → the platform is asked, {words}",
            quantile(waits, share),
            "ms",
            "two commits of one row",
            2 * quantile(bare, share),
            against(quantile(waits, share), 2 * quantile(bare, share)),
        )
        for share, words in ((0.5, "half"), (0.99, "99 of 100"))
    ]
