"""The overlay's part of the door: a page and its stream for OBS, by a token that opens nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import WSMsgType, web

from liveconsole.bus.http import ErrorAnswer
from liveconsole.bus.port import RoomPort
from liveconsole.bus.sockets import until_closed, upgrade
from liveconsole.tasks import spawn

PAGE: Final = "/overlay"
STREAM: Final = "/overlay/stream"
_PAUSE: Final = 0.25
_BEAT: Final = 0.25
"""With the pause the overlay hears the engine twice a second: it shows no figure older than one."""
_PROTOCOL: Final = "liveconsole.overlay"
_NOTHING: Final = b"<!doctype html><title>LiveConsole</title>"


class OverlayServer:
    """Answers for `PAGE` and `STREAM`. ``role`` tells a token's role or raises `ErrorAnswer`; ``made`` makes
    the page: host:port → body, CSP."""

    def __init__(
        self,
        room: RoomPort,
        role: Callable[[web.BaseRequest, str | None], Awaitable[str]],
        made: Callable[[str], tuple[bytes, str]],
    ) -> None:
        self._room, self._role, self._made = room, role, made

    async def page(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the page, or a blank one where a browser asks that may not have it."""
        try:
            if await self._role(request, request.query.get("token")) != "overlay":
                raise ErrorAnswer(403, "forbidden")
        except ErrorAnswer as error:
            if "text/html" not in request.headers.get("Accept", ""):
                raise
            # OBS puts on air whatever text comes.
            return _html(_NOTHING, "default-src 'none'", error.status, error.headers)
        return _html(*self._made(request.headers["Host"].lower()))

    async def stream(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send what the page shows, anew whenever the room moved; the token comes as a protocol's name."""
        offered = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        token = next((name for name in offered if name and name != _PROTOCOL), None)
        if await self._role(request, token) != "overlay":
            raise ErrorAnswer(403, "forbidden")
        socket = await upgrade(request, protocols=(_PROTOCOL, token or ""))
        listening = spawn(until_closed(socket, None), name="overlay listener")
        seq = -1
        try:
            while not socket.closed:
                await socket.send_frame(await self._room.overlay(), WSMsgType.TEXT)
                moved = spawn(self._room.moved(seq), name="overlay waits")
                waited = {moved, listening}
                done, _ = await asyncio.wait(waited, timeout=_BEAT, return_when=asyncio.FIRST_COMPLETED)
                if moved not in done:
                    moved.cancel()
                elif (seq := moved.result()) < 0:
                    break
                if listening in done:
                    break
                await asyncio.sleep(_PAUSE)
        except (ConnectionError, RuntimeError):
            pass
        finally:
            await socket.close(code=1001)
            listening.cancel()
        return socket


def _html(
    body: bytes, policy: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        body=body,
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **(headers or {}),
        },
    )
