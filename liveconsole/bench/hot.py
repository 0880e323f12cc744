"""One hot SKU and fifty buyers: the one writer beside fifty connections that each lock the file."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any, Final

from liveconsole.bench.figures import BenchRow, against, least, most, quantile
from liveconsole.bench.files import connect, made
from liveconsole.bench.inside import EngineInProcess, inside
from liveconsole.bench.world import BenchRun

NAME: Final = "hot"
BUYERS: Final = 50
SLOW: Final = 0.005
_TABLES: Final = (
    "CREATE TABLE hot_stock (sku TEXT PRIMARY KEY, available INTEGER NOT NULL)",
    "CREATE TABLE hot_order (order_id TEXT PRIMARY KEY, sku TEXT, buyer TEXT, units INTEGER)",
    "INSERT INTO hot_stock VALUES ('hot', 1000000)",
)


async def measure(world: BenchRun) -> list[BenchRow]:
    """Both disks."""
    figures: list[BenchRow] = []
    for delay, asked, at_least, slowest in (
        (0.0, world.pick(2_000, 30_000), 3.0, 20.0),
        (SLOW, world.pick(1_000, 15_000), 10.0, None),
    ):
        ours = await _ours(world.folder("hot"), delay, asked)
        seconds = world.pick(1, 4)
        rival = await asyncio.to_thread(_Rival(made(world.folder("rival")), delay).run, seconds)
        disk = f"fsync {delay * 1000:.0f} ms slower" if delay else "this disk"
        figures += _figures(disk, ours, rival, at_least, slowest)
    return figures


def _figures(disk: str, ours: _Came, rival: _Came, at_least: float, slowest: float | None) -> list[BenchRow]:
    p99, rivals = quantile(ours.waits, 0.99) * 1e3, quantile(rival.waits, 0.99) * 1e3
    longest = f"the longest {max(ours.waits) * 1e3:,.0f} ms; of the threads {max(rival.waits) * 1e3:,.0f} ms"
    return [
        BenchRow(
            NAME,
            f"orders decided and on disk, one SKU, 50 buyers, {disk}",
            ours.rate,
            "orders/s",
            "50 threads with BEGIN IMMEDIATE",
            rival.rate,
            against(ours.rate, rival.rate),
            (least(at_least, "ratio", goal=True),),
        ),
        BenchRow(
            NAME,
            f"the same: asked → answered, 99 of 100, {disk}",
            p99,
            "ms",
            "50 threads",
            rivals,
            against(rivals, p99),
            (most(slowest, goal=True),) if slowest is not None else (),
            note=longest,
        ),
        BenchRow(
            NAME, f"units wrong, {disk}", ours.wrong, "units", "50 threads", rival.wrong, bounds=(most(0),)
        ),
    ]


class _Came:
    """What came of one contest."""

    def __init__(self, rate: float, waits: list[float], wrong: int) -> None:
        self.rate, self.waits, self.wrong = rate, waits, wrong


async def _ours(folder: Path, delay: float, asked: int) -> _Came:
    """Fewer units than are asked for: the last ones must hear that it is sold out."""
    quantity = asked * 4 // 5
    async with inside(folder) as room:
        cue_id = await _sale(room, quantity)
        if delay:
            room.slow_disk(delay)
        waits: list[float] = []
        work = iter(range(asked))
        began = time.perf_counter()
        granted = sum(
            await asyncio.gather(*(_buyer(room, f"b{n}", cue_id, work, waits) for n in range(BUYERS)))
        )
        seconds = time.perf_counter() - began
        held = await room.engine.view(lambda core: core.room.cues[cue_id].sale["hot"].held)
    return _Came(asked / seconds, waits, abs(granted - quantity) + abs(held - granted))


async def _sale(room: EngineInProcess, quantity: int) -> str:
    await room.must("broadcast.open")
    await room.must("room.set", recall_seconds=0)
    product = {"product_id": "hot", "title": "爆款", "price_fen": 9_900, "stock": quantity}
    await room.must("catalogue.put", products=[product])
    spec = {
        "sku_id": "hot",
        "price_fen": 5_900,
        "quantity": quantity,
        "per_buyer": quantity,
        "seconds": 3_600,
    }
    cue = await room.must("cue.add", kind="flash_sale", spec=spec)
    await room.must("cue.fire", cue_id=cue["cue_id"])
    cue_id: str = cue["cue_id"]
    return cue_id


async def _buyer(room: EngineInProcess, name: str, cue_id: str, work: Any, waits: list[float]) -> int:
    granted = 0
    for number in work:
        began = time.perf_counter()
        answer = await room.ask(
            "order.request",
            "producer",
            order_id=f"o{number}",
            buyer={"id": name, "name": name},
            lines=[{"sku_id": "hot", "quantity": 1}],
            cue_id=cue_id,
        )
        waits.append(time.perf_counter() - began)
        granted += answer.ok
    return granted


class _Rival:
    """Fifty threads, a connection each, one transaction an order."""

    def __init__(self, folder: Path, delay: float) -> None:
        self._folder, self._delay = folder, delay
        self._ready = threading.Barrier(BUYERS + 1)
        self._until = 0.0
        self.waits: list[float] = []

    def run(self, seconds: float) -> _Came:
        raw = connect(self._folder)
        for statement in _TABLES:
            raw.execute(statement)
        threads = [threading.Thread(target=self._buyer, args=(f"b{n}",)) for n in range(BUYERS)]
        self._until = float("inf")
        for thread in threads:
            thread.start()
        self._ready.wait()
        began = time.perf_counter()
        self._until = began + seconds
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        (left,) = raw.execute("SELECT available FROM hot_stock").fetchone()
        (rows,) = raw.execute("SELECT count(*) FROM hot_order").fetchone()
        raw.close()
        return _Came(len(self.waits) / took, self.waits, abs(1_000_000 - left - rows))

    def _buyer(self, name: str) -> None:
        raw = connect(self._folder)
        self._ready.wait()
        number = 0
        while time.perf_counter() < self._until:
            began = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            changed = raw.execute(
                "UPDATE hot_stock SET available = available - 1 WHERE sku = 'hot' AND available > 0"
            )
            if changed.rowcount == 1:
                raw.execute("INSERT INTO hot_order VALUES (?, 'hot', ?, 1)", (f"{name}-{number}", name))
            if self._delay:
                time.sleep(self._delay)
            raw.execute("COMMIT")
            self.waits.append(time.perf_counter() - began)
            number += 1
        raw.close()
