"""The floor of every SKU, judged at each command: 2,000 SKUs, 20 sales and 20 coupons that may all meet."""

from __future__ import annotations

import contextlib
import gc
import random
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from liveconsole.bench.figures import BenchRow, most, quantile
from liveconsole.bench.inside import EngineInProcess, inside
from liveconsole.bench.world import BenchRun
from liveconsole.domain.stacking import OffersThatMeet

NAME: Final = "floor"
SKUS: Final = 2_000
SALES: Final = 20
COUPONS: Final = 20
MOST_MS: Final = 20.0
_BATCH: Final = 500
_ENDINGS: Final = (0, 50, 80, 90)


async def measure(world: BenchRun) -> list[BenchRow]:
    """Both kinds of floors: far below, and exactly at the lowest price that can be reached now."""
    figures: list[BenchRow] = []
    for tight in (False, True):
        async with inside(world.folder("floor")) as room:
            await _fill(room, tight=tight)
            with _collector_as_served():
                waits = [wait async for wait in _commands(room, world.pick(12, 60))]
        words = "floors exactly at the lowest price" if tight else "floors far below"
        figures += [
            BenchRow(
                NAME,
                f"{SKUS:,} SKUs, {COUPONS} coupons, {SALES} sales, {words}: asked → answered, {share}",
                quantile(waits, part) * 1e3,
                "ms",
                bounds=(most(MOST_MS, goal=part > 0.9),),
                note=f"the longest {max(waits) * 1e3:,.1f} ms of {len(waits)}" if part > 0.9 else "",
            )
            for part, share in ((0.5, "half"), (0.99, "99 of 100"))
        ]
    return figures


@contextlib.contextmanager
def _collector_as_served() -> Iterator[None]:
    """What ``liveconsole serve`` tells the collector, for as long as is measured."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _fill(room: EngineInProcess, *, tight: bool) -> None:
    dice = random.Random(7)
    goods = [_good(f"p{n}", dice.randrange(19, 399) * 100 + dice.choice(_ENDINGS)) for n in range(SKUS)]
    await room.must("room.set", recall_seconds=0)
    await _put(room, goods)
    await room.must("broadcast.open")
    for n in range(SALES):
        skus = [
            {"sku_id": good["product_id"], "price_fen": good["price_fen"] * 4 // 5, "quantity": 2}
            for good in goods[n::SALES]
        ]
        await _run(room, f"s{n}", "flash_sale", {"skus": skus, "per_buyer": 2, "seconds": 36_000})
    for n in range(COUPONS):
        threshold = dice.randrange(99, 599) * 100
        spec = _coupon(threshold, threshold // dice.choice((8, 10, 15, 20)))
        if n % 2:
            spec["scope"] = {"product_ids": [good["product_id"] for good in goods[n::7]]}
        await _run(room, f"c{n}", "coupon", spec)
    coupons = [{"threshold_fen": 29_900, "off_fen": 1_000}, {"threshold_fen": 19_900, "off_fen": 500}]
    await room.must("room.set", shop_coupons=coupons)
    lowest = await room.engine.view(lambda core: _lowest(core.room))
    for good in goods:
        found = lowest[good["product_id"]]
        good["floor_fen"] = found if tight else found // 2
    await _put(room, goods)


def _lowest(room: Any) -> dict[str, int]:
    shop = OffersThatMeet(room, None, None)
    return {sku_id: shop.lowest_fen(sku_id) for sku_id in room.skus}


def _good(product_id: str, price_fen: int) -> dict[str, Any]:
    return {"product_id": product_id, "title": product_id, "price_fen": price_fen, "stock": 500}


def _coupon(threshold_fen: int, off_fen: int) -> dict[str, Any]:
    rule = {"threshold_fen": threshold_fen, "off_fen": off_fen}
    return {"name": "券", "rule": rule, "quantity": 100, "per_buyer": 1, "seconds": 36_000}


async def _put(room: EngineInProcess, goods: list[dict[str, Any]]) -> None:
    for start in range(0, len(goods), _BATCH):
        await room.must("catalogue.put", products=goods[start : start + _BATCH])


async def _run(room: EngineInProcess, cue_id: str, kind: str, spec: dict[str, Any]) -> None:
    await room.must("cue.add", cue_id=cue_id, kind=kind, spec=spec)
    await room.must("cue.fire", cue_id=cue_id)


async def _commands(room: EngineInProcess, rounds: int) -> AsyncIterator[float]:
    """Seconds that each took, after one round to begin with: a product put anew, one that fills baskets up,
    a coupon that takes too much, and one that is drafted, fired and stopped."""
    for n in range(-1, rounds):
        dear = _good(f"n{n}", 880_000 + n * 100)
        cheap = _good(f"m{n}", 101 + n)
        light = _coupon(90_000 + n * 100, 500)
        for type_, data in (
            ("catalogue.put", {"products": [dear | {"floor_fen": 100}]}),
            ("catalogue.put", {"products": [dear | {"price_fen": 870_000 + n * 100}]}),
            ("catalogue.put", {"products": [cheap]}),
            ("cue.add", {"cue_id": f"big{n}", "kind": "coupon", "spec": _coupon(50_000, 40_000)}),
            ("cue.add", {"cue_id": f"x{n}", "kind": "coupon", "spec": light}),
            ("cue.fire", {"cue_id": f"x{n}"}),
            ("cue.stop", {"cue_id": f"x{n}"}),
            ("cue.add", {"cue_id": f"y{n}", "kind": "flash_sale", "spec": _sale(f"n{n}")}),
            ("cue.fire", {"cue_id": f"y{n}"}),
        ):
            began = time.perf_counter()
            await room.ask(type_, **data)
            if n >= 0:
                yield time.perf_counter() - began


def _sale(sku_id: str) -> dict[str, Any]:
    return {"sku_id": sku_id, "price_fen": 800_000, "quantity": 5, "per_buyer": 1, "seconds": 60}
