"""The listener that wxlivespy posts to: ``POST /forward`` on 127.0.0.1:8000, apart from the engine's door.

The tool can send no token, so this port trusts whoever runs on this machine: it takes comments, viewers
and gifts, never orders, and nothing that a web page could send (Host and Origin are checked, and the
content type must be JSON). It is off until the room turns it on.
"""

from __future__ import annotations

import asyncio
import zlib
from typing import Final

import msgspec
from aiohttp import web

from liveconsole.connectors.own_port import HOST, TRY_AGAIN, listen, port_of
from liveconsole.connectors.source import Health, Post, deliver
from liveconsole.connectors.wxlivespy.mapping import map_forward
from liveconsole.messages.unreadable import UNREADABLE

DEFAULT_PORT: Final = 8000
ENV: Final = "LIVECONSOLE_WXLIVESPY_PORT"
BODY_LIMIT: Final = 1 << 20
"""Bytes as sent."""
PLAIN_LIMIT: Final = 8 << 20
"""Bytes after gzip is undone: the tool sends one poll's messages, a few hundred KB at most."""
_WAITING: Final = 64


class WxlivespySource:
    """``port`` defaults to ``$LIVECONSOLE_WXLIVESPY_PORT``, else the tool's own; 0 takes a free one."""

    name = "wxlivespy"

    def __init__(self, port: int | None = None, *, try_again: float = TRY_AGAIN) -> None:
        self.port = port_of(ENV, DEFAULT_PORT) if port is None else port
        self.health = Health()
        self._try_again = try_again
        self._order = asyncio.Lock()
        self._waiting = 0

    async def run(self, post: Post) -> None:
        app = web.Application(client_max_size=BODY_LIMIT)

        async def forward(request: web.Request) -> web.Response:
            return await self._forward(request, post)

        app.router.add_post("/forward", forward)
        runner = web.AppRunner(app, auto_decompress=False, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        try:
            self.port = await listen(runner, self.port, self.health, self.name, self._try_again)
            await asyncio.get_running_loop().create_future()  # until cancelled
        finally:
            self.health.state = "off"
            await runner.cleanup()

    async def _forward(self, request: web.Request, post: Post) -> web.Response:
        """200 once the facts are on disk. The tool only logs the answer and never sends again by itself."""
        hosts = {f"{name}:{self.port}" for name in (HOST, "localhost")}
        if request.headers.get("Host", "") not in hosts:
            return _no(403, "bad_host")
        if "Origin" in request.headers:
            return _no(403, "bad_origin")
        if request.content_type != "application/json":
            return _no(415, "unreadable")
        if self._waiting >= _WAITING:
            return _no(429, "inbox_full")
        self.health.heard()
        plain = _plain(await request.read(), request.headers.get("Content-Encoding", ""))
        if plain is None:
            self.health.broken += 1
            return _no(413, "too_large")
        try:
            body = msgspec.json.decode(plain)
        except UNREADABLE:
            self.health.broken += 1
            return _no(400, "unreadable")
        forwarded = map_forward(body)
        self.health.passed_over += forwarded.passed_over
        self.health.broken += forwarded.broken
        self.health.facts += len(forwarded.events)
        if forwarded.live is not None:
            self.health.live = forwarded.live
        self._waiting += 1
        try:
            async with self._order:
                await deliver(post, forwarded.events)
        finally:
            self._waiting -= 1
        return web.json_response({"taken": len(forwarded.events)})


def _plain(sent: bytes, encoding: str) -> bytes | None:
    """The body without its gzip; None when it would be over the limit (b"" when it is no gzip)."""
    if encoding.strip().lower() != "gzip":
        return sent
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(sent, PLAIN_LIMIT)
    except zlib.error:
        return b""
    return None if unpack.unconsumed_tail else plain


def _no(status: int, code: str) -> web.Response:
    return web.json_response({"code": code, "text": code}, status=status)
