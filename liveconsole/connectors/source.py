"""What a capture source is to the engine that runs it: a name, a task, and an honest word on its health."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal, Protocol

import msgspec
from msgspec import Struct

from liveconsole.bus.errors import Busy, EngineCannotWrite, EngineGone
from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.wire import Mapped

log = logging.getLogger(__name__)

Post = Callable[[list[CloudEvent]], Awaitable[object]]
"""Takes events and returns once they are on disk. Raises `Busy`, `EngineCannotWrite` or `EngineGone` when
nothing was taken just now; the same events may be given again."""

BATCH: Final = 500
_LONGEST_WAIT: Final = 5.0
_ORDERS: Final = 20_000


class Health(Struct):
    """How a source does. ``passed_over``: messages without a fact; ``broken``: of no usable shape;
    ``orders``: different ones that it told of without an amount, None where it never told of any."""

    state: Literal["off", "waiting", "listening", "connected", "port_taken", "no_secret", "refused"] = "off"
    received: int = 0
    facts: int = 0
    passed_over: int = 0
    broken: int = 0
    last: float | None = None
    """`time.monotonic` of the last message."""
    live: bool | None = None
    """Whether the platform says that the room is live, where the source knows."""
    orders: int | None = None
    counted: OrderedDict[str, None] = msgspec.field(default_factory=OrderedDict)
    """Ids of the latest orders: paid, they are told of again."""

    def heard(self) -> None:
        self.received += 1
        self.last = time.monotonic()

    def mapped(self, mapped: Mapped) -> None:
        """Count what one message held."""
        self.facts += len(mapped.events)
        self.passed_over += mapped.passed_over
        self.broken += mapped.broken
        if mapped.live is not None:
            self.live = mapped.live
        for order_id in mapped.orders:
            if order_id not in self.counted:
                self.orders = (self.orders or 0) + 1
                self.counted[order_id] = None
        while len(self.counted) > _ORDERS:
            self.counted.popitem(last=False)

    def told(self) -> dict[str, Any]:
        """For the state of the room, without the moment of `last`, which is on another clock."""
        return {
            "state": self.state,
            "received": self.received,
            "facts": self.facts,
            "passed_over": self.passed_over,
            "broken": self.broken,
            "live": self.live,
            "orders": self.orders,
        }


class Source(Protocol):
    """Runs until it is cancelled; what it raises is a bug. It never ends because the other side is away."""

    name: str
    health: Health

    async def run(self, post: Post) -> None: ...


async def deliver(post: Post, events: list[CloudEvent]) -> None:
    """Give events to the engine until it has taken them, in requests of at most ``BATCH``.

    A capture tool sends nothing twice by itself, so a full inbox or disk is waited for, not skipped. What
    waiting does not mend (`Rejected`, `Denied`) is raised.
    """
    for start in range(0, len(events), BATCH):
        wait = 0.1
        while True:
            try:
                await post(events[start : start + BATCH])
                break
            except (Busy, EngineCannotWrite, EngineGone) as why:
                log.warning("the engine takes nothing just now (%s); trying again", why.code)
                await asyncio.sleep(why.retry_after if isinstance(why, Busy) else wait)
                wait = min(wait * 2, _LONGEST_WAIT)
