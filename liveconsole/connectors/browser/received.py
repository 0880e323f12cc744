"""What the console's page itself receives → facts of the room, each once."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.source import Health, Post, deliver
from liveconsole.connectors.wire import Mapped
from liveconsole.messages.sources import OF_CONNECTIONS

log = logging.getLogger(__name__)

Told = Callable[[str, str, bytes, str], Mapped]
"""(platform, address, body, source) → what it holds; pure."""
Figures = Callable[[str, str, bytes], dict[str, int]]
"""(platform, address, body) → the fields of a ``room.measured``; pure."""
Body = Callable[[], Awaitable[bytes | None]]

_MEASURED_EVERY: Final = timedelta(minutes=1)
_WAITING_MOST: Final = 500
_KNOWN_MOST: Final = 20_000


class Received:
    """Takes what comes without making the page wait, and gives it to the room in order.

    A page asks again and again and is answered the same again: what was given is not given anew. The room
    would not take it twice either; this only spares it the reading.
    """

    def __init__(self, platform: str, told: Told, figures: Figures, page: str = "") -> None:
        self._platform = platform
        self._told, self._figures = told, figures
        self.source = f"{OF_CONNECTIONS['browser']}/{platform}/{page}".rstrip("/")
        self.health = Health("connected")
        self.given = 0
        self.missed = 0
        """What came while too much waited, or was too large."""
        self._measured_at: datetime | None = None
        self._waiting: asyncio.Queue[tuple[str, Body]] = asyncio.Queue(_WAITING_MOST)
        self._known: OrderedDict[str, None] = OrderedDict()

    def heard(self, address: str, body: Body) -> None:
        """Take one response or frame; ``body`` reads what it brought."""
        self.health.heard()
        try:
            self._waiting.put_nowait((address, body))
        except asyncio.QueueFull:
            self.missed += 1

    async def give(self, post: Post, now: Callable[[], datetime]) -> None:
        """Give what comes to the room, until cancelled; ``now`` is the room's time."""
        while True:
            address, body = await self._waiting.get()
            content = await body()
            if content is None:
                self.missed += 1
                continue
            events = self._new(address, content, now())
            if events:
                await deliver(post, events)
                self._known.update((_name(event), None) for event in events)
                self.given += len(events)
                while len(self._known) > _KNOWN_MOST:
                    self._known.popitem(last=False)

    def _new(self, address: str, content: bytes, now: datetime) -> list[CloudEvent]:
        try:
            mapped = self._told(self._platform, address, content, self.source)
            self.health.mapped(mapped)
            events = mapped.events
            if self._measured_at is None or now - self._measured_at >= _MEASURED_EVERY:
                events = [*events, *self._measure(address, content, now)]
        except Exception:  # whatever a platform sends tomorrow, the page stays read
            log.warning("what the console's page received could not be read", exc_info=True)
            self.health.broken += 1
            return []
        return [event for event in events if _name(event) not in self._known]

    def _measure(self, address: str, content: bytes, now: datetime) -> list[CloudEvent]:
        """The room's figures, once a minute: the page is told of them with every answer."""
        figures = self._figures(self._platform, address, content)
        if not figures:
            return []
        self._measured_at = now
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return [cloudevent(self.source, f"room/{at}", "room.measured", {**figures}, at)]


def _name(event: CloudEvent) -> str:
    return f"{event['source']}\n{event['id']}"
