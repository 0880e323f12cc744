"""The WebSocket server that dycast's page connects to: 127.0.0.1 only, apart from the engine's door.

The page can send no token. So that no other web page can speak here, the Host must be this server's own and
the Origin, which a browser always names, must be a page of this computer or one that
``$LIVECONSOLE_DYCAST_ORIGINS`` names (with commas between). Nothing of money is taken.
"""

from __future__ import annotations

import asyncio
import os
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.dycast.mapping import map_message
from liveconsole.connectors.own_port import TRY_AGAIN, listen, port_of
from liveconsole.connectors.socket_source import FRAME_LIMIT, QUEUE, post_all
from liveconsole.connectors.source import Health, Post
from liveconsole.connectors.streaks import Streaks
from liveconsole.connectors.wire import decoded
from liveconsole.tasks import cancel_all, spawn

DEFAULT_PORT: Final = 8877
ENV_PORT: Final = "LIVECONSOLE_DYCAST_PORT"
ENV_ORIGINS: Final = "LIVECONSOLE_DYCAST_ORIGINS"
_OWN: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PAGES: Final = 8
"""Pages that are listened to at once."""
_MESSAGES: Final = 2_000
"""Of one frame."""


class DycastSource:
    """``port`` defaults to ``$LIVECONSOLE_DYCAST_PORT``, else `DEFAULT_PORT`; 0 takes a free one."""

    name = "dycast"

    def __init__(self, port: int | None = None, *, try_again: float = TRY_AGAIN) -> None:
        self.port = port_of(ENV_PORT, DEFAULT_PORT) if port is None else port
        self.health = Health()
        self._origins = frozenset(o.strip() for o in os.environ.get(ENV_ORIGINS, "").split(",") if o.strip())
        self._try_again = try_again
        self._streaks = Streaks()
        self._open: set[web.WebSocketResponse] = set()

    async def run(self, post: Post) -> None:
        queue: asyncio.Queue[CloudEvent] = asyncio.Queue(QUEUE)
        app = web.Application()

        async def follow(request: web.Request) -> web.StreamResponse:
            return await self._follow(request, queue)

        app.router.add_get("/{any:.*}", follow)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        poster = spawn(post_all(queue, post), name="dycast: post")
        try:
            self.port = await listen(runner, self.port, self.health, self.name, self._try_again)
            await asyncio.get_running_loop().create_future()  # until cancelled
        finally:
            self.health.state = "off"
            for socket in list(self._open):
                await socket.close()
            await runner.cleanup()
            await cancel_all([poster])

    async def _follow(self, request: web.Request, queue: asyncio.Queue[CloudEvent]) -> web.StreamResponse:
        if request.headers.get("Host", "") not in {f"{name}:{self.port}" for name in _OWN}:
            return web.json_response({"code": "bad_host", "text": "bad_host"}, status=403)
        if not self._may_come(request.headers.get("Origin")):
            return web.json_response({"code": "bad_origin", "text": "bad_origin"}, status=403)
        if len(self._open) >= _PAGES:
            return web.json_response({"code": "inbox_full", "text": "inbox_full"}, status=429)
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=FRAME_LIMIT)
        if not socket.can_prepare(request).ok:
            return web.json_response({"code": "unreadable", "text": "unreadable"}, status=400)
        await socket.prepare(request)
        self._open.add(socket)
        self.health.state = "connected"
        try:
            async for frame in socket:
                if frame.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                    break
                self.health.heard()
                for event in self._facts(frame.data):
                    await queue.put(event)
        finally:
            self._open.discard(socket)
            if not self._open and self.health.state == "connected":
                self.health.state = "listening"
        return socket

    def _may_come(self, origin: str | None) -> bool:
        """Tell whether this Origin is one of ours; a program that is no browser names none."""
        if origin is None or origin in self._origins:
            return True
        try:
            parts = urlsplit(origin)
            host = parts.hostname
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and host in ("127.0.0.1", "localhost", "::1")

    def _facts(self, data: str | bytes) -> list[CloudEvent]:
        message = decoded(data)
        facts: list[CloudEvent] = []
        for each in message[:_MESSAGES] if isinstance(message, list) else [message]:
            mapped = map_message(each, self._streaks)
            self.health.mapped(mapped)
            facts += mapped.events
        return facts
