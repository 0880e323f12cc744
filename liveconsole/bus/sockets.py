"""WebSockets that only the engine speaks on."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import WSMsgType, web

from liveconsole.bus.http import ErrorAnswer
from liveconsole.bus.port import Follower


async def until_closed(
    socket: web.WebSocketResponse, follower: Follower | None, said: Callable[[str], None] | None = None
) -> None:
    """Read what the other side says until it closes: pings are answered, a close is noticed. Without ``said``
    nothing is heard of it."""
    async for message in socket:
        if said is not None and message.type is WSMsgType.TEXT:
            said(message.data)
    if follower is not None:
        follower.close()


async def upgrade(
    request: web.BaseRequest, protocols: tuple[str, ...] = (), *, waiting: int = 64 * 1024
) -> web.WebSocketResponse:
    """Make a WebSocket of a request; one that asked for none is `ErrorAnswer`. ``waiting``: after so many
    bytes a frame waits for the ones before it."""
    socket = web.WebSocketResponse(
        heartbeat=20, max_msg_size=4096, compress=False, protocols=protocols, writer_limit=waiting
    )
    if not socket.can_prepare(request):
        raise ErrorAnswer(400, "unreadable", "This is a WebSocket")
    await socket.prepare(request)
    return socket
