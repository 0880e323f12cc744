"""A paced flood of comments with an order now and then, and who counts what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from liveconsole.bench import comments
from liveconsole.bench.serving import ServedEngine
from liveconsole.bench.wire import BenchConnection
from liveconsole.tasks import spawn

ORDER: Final = "bench-"
"""An order of the bench says in its id when it was posted: nanoseconds of the clock that all share."""
LAST: Final = "bench-last"
_GROUPS_A_SECOND: Final = 50
_CONNECTIONS: Final = 2
_ORDERS_A_SECOND: Final = 10
_AHEAD: Final = 60
"""So many seconds of comments are encoded before any clock runs; a longer flood would not fit in memory."""
_encode = msgspec.json.Encoder().encode


def order(order_id: str, sku_id: str = "bench") -> bytes:
    """An order of one unit as a platform tells it; nobody has put up what is sold unless it is named."""
    line = {"sku_id": sku_id, "quantity": 1, "unit_price_fen": 9_900}
    data = {
        "order_id": order_id,
        "buyer": {"id": "wxbuyer", "name": "买家"},
        "lines": [line],
        "total_fen": 9_900,
    }
    who = {"specversion": "1.0", "id": order_id, "source": "/bench/orders", "type": "order.placed"}
    return _encode([{**who, "data": data}])


class Flood:
    """``rate`` comments a second for ``seconds``, never ahead of time; what is late is caught up. Orders buy
    ``skus`` in turn. ``storm``: they come from five capture tools."""

    def __init__(
        self,
        engine: ServedEngine,
        rate: int,
        seconds: float,
        skus: Sequence[str] = ("bench",),
        *,
        storm: bool = False,
    ) -> None:
        self._skus = itertools.cycle(skus)
        self._engine, self._rate, self._seconds = engine, rate, seconds
        group, source = max(1, rate // _GROUPS_A_SECOND), f"/bench/{time.time_ns()}"
        self._bodies: Iterable[bytes] = (
            comments.storm(round(rate * seconds), batch=group)
            if storm
            else comments.bodies(round(rate * seconds), source=source, batch=group)
            if seconds <= _AHEAD
            else itertools.islice(comments.endless(source, group), round(rate * seconds / group))
        )
        self._each = group / rate
        self._over = asyncio.Event()
        self.comments = 0
        self.orders = 0
        self.took = 0.0

    async def run(self) -> None:
        """Post it all; every comment and order that was answered is counted."""
        began = time.perf_counter()
        work = iter(enumerate(self._bodies))
        ordering = spawn(self._orders(), name="bench orders")
        await asyncio.gather(*(self._comments(work, began) for _ in range(_CONNECTIONS)))
        self.took = time.perf_counter() - began
        # Not cancelled: an order that is under way would be on disk and in nobody's count.
        self._over.set()
        await ordering

    async def _comments(self, work: Any, began: float) -> None:
        async with self._engine.wire("producer") as wire:
            for number, body in work:
                wait = began + number * self._each - time.perf_counter()
                if wait > 0:
                    await asyncio.sleep(wait)
                answer = await wire.post(body, comments.TYPE)
                self.comments += answer["accepted"]

    async def _orders(self) -> None:
        async with self._engine.wire("producer") as wire:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1 / _ORDERS_A_SECOND):
                        await self._over.wait()
                if self._over.is_set():
                    return
                accepted = await post_order(wire, f"{ORDER}{time.monotonic_ns()}", next(self._skus))
                self.orders += accepted


async def post_order(wire: BenchConnection, order_id: str, sku_id: str = "bench") -> int:
    """Post an order; 1 when it is on disk."""
    accepted: int = (await wire.post(order(order_id, sku_id), comments.TYPE))["accepted"]
    return accepted
