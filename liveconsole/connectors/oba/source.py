"""The WebSocket client of oba-live-tool.

Its server is there only while 开始监听 is on, so a refused connection is the usual state of things and is
tried again for ever. There is no replay: what was said while nobody was connected is not to be had.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import msgspec

from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.oba.mapping import is_known, map_message
from liveconsole.connectors.source import BATCH, Health, Post, deliver
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

DEFAULT_URL: Final = "ws://127.0.0.1:12354"
ENV: Final = "LIVECONSOLE_OBA_URL"
FRAME_LIMIT: Final = 1 << 20
_QUEUE: Final = 10_000
"""Facts that wait for the engine; when it is full the connection is read no further."""
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0


class ObaSource:
    """``url`` defaults to ``$LIVECONSOLE_OBA_URL``, else the tool's own default address."""

    name = "oba"

    def __init__(self, url: str | None = None, *, first_wait: float = _FIRST_WAIT) -> None:
        self.url = url or os.environ.get(ENV) or DEFAULT_URL
        self.source = f"/oba/{urlsplit(self.url).netloc}"
        self.health = Health()
        self._first_wait = first_wait

    async def run(self, post: Post) -> None:
        queue: asyncio.Queue[CloudEvent] = asyncio.Queue(_QUEUE)
        poster = spawn(_post_all(queue, post), name="oba: post")
        try:
            await self._connect_for_ever(queue)
        finally:
            self.health.state = "off"
            await cancel_all([poster])

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
                    log.debug("oba is not there: %s", why)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, queue: asyncio.Queue[CloudEvent]) -> None:
        async for frame in socket:
            if frame.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                break
            self.health.heard()
            for event in self._facts(frame.data):
                await queue.put(event)

    def _facts(self, data: str | bytes) -> list[CloudEvent]:
        try:
            message = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self.health.broken += 1
            return []
        facts: list[CloudEvent] = []
        for each in message if isinstance(message, list) else [message]:
            made = map_message(each, self.source)
            if made:
                facts += made
            elif is_known(each):
                self.health.passed_over += 1
            else:
                self.health.broken += 1
        self.health.facts += len(facts)
        return facts


async def _post_all(queue: asyncio.Queue[CloudEvent], post: Post) -> None:
    while True:
        batch = [await queue.get()]
        while len(batch) < BATCH and not queue.empty():
            batch.append(queue.get_nowait())
        await deliver(post, batch)
