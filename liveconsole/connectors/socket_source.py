"""A capture source that connects to a tool's WebSocket and listens, for ever.

The tools open theirs only while somebody runs them, so a refused connection is the usual state of things and
is tried again. They replay nothing: what was said while nobody was connected is not to be had.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Final

import aiohttp

from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.source import BATCH, Health, Post, deliver
from liveconsole.connectors.wire import Mapped, decoded
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

FRAME_LIMIT: Final = 1 << 20
QUEUE: Final = 10_000
"""Facts that wait for the engine; when it is full the connection is read no further."""
FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0


class SocketSource(ABC):
    """Of one address; a tool's own class says how its messages are read. Nothing is ever sent to it."""

    def __init__(self, name: str, url: str, *, first_wait: float = FIRST_WAIT) -> None:
        self.name = name
        self.url = url
        self.health = Health()
        self._first_wait = first_wait

    async def run(self, post: Post) -> None:
        queue: asyncio.Queue[CloudEvent] = asyncio.Queue(QUEUE)
        poster = spawn(post_all(queue, post), name=f"{self.name}: post")
        try:
            await self._connect_for_ever(queue)
        finally:
            self.health.state = "off"
            await cancel_all([poster])

    @abstractmethod
    def map_message(self, message: object) -> Mapped:
        """What one message holds; a frame may be one, or an array of them."""

    async def _connect_for_ever(self, queue: asyncio.Queue[CloudEvent]) -> None:
        wait = self._first_wait
        timeout = aiohttp.ClientTimeout(total=None, connect=5)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
            while True:
                self.health.state = "waiting"
                try:
                    async with session.ws_connect(self.url, heartbeat=20, max_msg_size=FRAME_LIMIT) as socket:
                        self.health.state, wait = "connected", self._first_wait
                        await self._read(socket, queue)
                except (aiohttp.ClientError, OSError, TimeoutError) as why:
                    log.debug("%s is not there: %s", self.name, why)
                self.health.state = "waiting"
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, queue: asyncio.Queue[CloudEvent]) -> None:
        async for frame in socket:
            if frame.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                break
            self.health.heard()
            for event in self.facts(frame.data):
                await queue.put(event)

    def facts(self, data: str | bytes) -> list[CloudEvent]:
        """What one frame holds, counted in the health."""
        message = decoded(data)
        facts: list[CloudEvent] = []
        for each in message if isinstance(message, list) else [message]:
            mapped = self.map_message(each)
            self.health.mapped(mapped)
            facts += mapped.events
        return facts


async def post_all(queue: asyncio.Queue[CloudEvent], post: Post) -> None:
    """Give what is queued to the engine, in order, until cancelled."""
    while True:
        batch = [await queue.get()]
        while len(batch) < BATCH and not queue.empty():
            batch.append(queue.get_nowait())
        await deliver(post, batch)
