"""A door for the phone's page in front of a real engine: it can be cut off at any moment, and it counts."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from aiohttp import web

from liveconsole.bus.sharing.pages import page
from liveconsole.tasks import spawn

PROTOCOL = "liveconsole.seat"
TOKEN = "seat-token"


class PhoneDoor:
    """Serves the page and hands on what it asks, as ``role``. ``cut``: nobody gets through, in either
    direction; ``lost_answers``: so many commands are done and their answers never arrive."""

    def __init__(self, url: str, tokens: dict[str, str], role: str) -> None:
        self._url, self._tokens, self.role = url, tokens, role
        self.cut = False
        self.removed = False
        self.lost_answers = 0
        self.commands: list[dict[str, Any]] = []
        self._sockets: set[web.WebSocketResponse] = set()

    async def __aenter__(self) -> PhoneDoor:
        self._session = aiohttp.ClientSession()
        self._runner = web.ServerRunner(web.Server(self._handle))
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.lose()
        await self._runner.cleanup()
        await self._session.close()

    async def lose(self) -> None:
        """Cut it off."""
        self.cut = True
        for socket in list(self._sockets):
            await socket.close(code=1001)

    async def remove(self) -> None:
        """The host takes the seat away."""
        self.removed = True
        for socket in list(self._sockets):
            await socket.close(code=4001, message=b"removed")

    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[self.role]}"}

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if self.cut:
            assert request.transport is not None
            request.transport.abort()
            raise web.HTTPServiceUnavailable
        if request.path in ("/join", "/phone"):
            body, policy = page(self.host, "https://127.0.0.1:1")
            headers = {"Content-Security-Policy": policy.replace("wss:", "ws:")}
            return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)
        if self.removed:
            return web.json_response({"code": "seat_removed"}, status=401)
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._stream(request)
        return await self._call(request)

    async def _call(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/v1/phone":
            return web.json_response({"code": "unreadable"}, status=400)
        body = await request.read()
        if request.path == "/v1/commands":
            self.commands.append(await request.json())
        headers = self._auth() | {"Content-Type": request.content_type}
        async with self._session.request(
            request.method, self._url + request.path_qs, data=body, headers=headers
        ) as answer:
            found, status = await answer.read(), answer.status
        if request.path == "/v1/commands" and self.lost_answers:
            self.lost_answers -= 1
            assert request.transport is not None
            request.transport.abort()
        return web.Response(body=found, status=status, content_type=answer.content_type)

    async def _stream(self, request: web.BaseRequest) -> web.StreamResponse:
        assert TOKEN in request.headers["Sec-WebSocket-Protocol"]
        socket = web.WebSocketResponse(protocols=(PROTOCOL,))
        await socket.prepare(request)
        self._sockets.add(socket)
        async with self._session.ws_connect(self._url + request.path_qs, headers=self._auth()) as engine:
            reading = spawn(self._read(socket), name="phone's side")
            async for message in engine:
                if socket.closed:
                    break
                await socket.send_str(message.data)
            reading.cancel()
        self._sockets.discard(socket)
        return socket

    @staticmethod
    async def _read(socket: web.WebSocketResponse) -> None:
        async for _ in socket:
            pass


async def soon(done: Any, seconds: float = 5.0) -> None:
    """Wait until ``done()`` is true."""
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 — what is waited for is in another process
            await asyncio.sleep(0.02)
