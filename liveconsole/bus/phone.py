"""The phone's part of the door: a stream of what its page shows, made by the engine for the seat's role.

The page may be cut off at any moment: it hears the engine once a second, so that it knows how old its last
word is. A look that is equal to the last one is not sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from aiohttp import WSMsgType, web

from liveconsole.bus.port import RoomPort
from liveconsole.bus.presence import Presence
from liveconsole.bus.sockets import until_closed, upgrade
from liveconsole.messages.inputs import NotTaken
from liveconsole.tasks import spawn

PHONE: Final = "/v1/phone"
PROTOCOL: Final = "liveconsole.seat"
"""A page cannot send a header with a WebSocket: its token comes as the other protocol's name."""
_BEAT: Final = 1.0
_PAUSE: Final = 0.25
"""Seconds between two looks at most, and at least."""

PhoneLook = Callable[[str, bool], Awaitable[tuple[bytes, datetime]]]
"""(role, english) → what the phone shows (`messages.phone.PhoneView` as JSON) and the engine's time."""


async def no_phone(role: str, english: bool) -> tuple[bytes, datetime]:
    """A room that is looked at again has no phones."""
    raise NotTaken("only_playback")


def page_token(request: web.BaseRequest) -> str | None:
    """Return the token that a page sent with its WebSocket; None where there is none."""
    offered = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    if offered[0] != PROTOCOL or len(offered) != 2:
        return None
    return offered[1] or None


class PhoneServer:
    """Answers for `PHONE`: ``{"now", "view"}``, without ``view`` where it is still the same."""

    def __init__(self, room: RoomPort, look: PhoneLook, present: Presence) -> None:
        self._room, self._look, self._present = room, look, present

    async def stream(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Send what the page shows until either side ends."""
        english = request.query.get("lang", "") == "en"
        body, now = await self._look(role, english)
        token = page_token(request)
        socket = await upgrade(request, protocols=(PROTOCOL, token) if token else ())
        here = self._present.come(role)
        listening = spawn(
            until_closed(socket, None, lambda said: self._present.say(here, said)), name="phone listener"
        )
        seq, sent = -1, b""
        try:
            while not socket.closed:
                view = b',"view":%b' % body if body != sent else b""
                await socket.send_frame(b'{"now":"%b"%b}' % (now.isoformat().encode(), view), WSMsgType.TEXT)
                sent = body
                if (seq := await self._waited(seq, listening)) < 0:
                    break
                body, now = await self._look(role, english)
        except (ConnectionError, RuntimeError, NotTaken):
            pass  # the other side went away, or the engine ends
        finally:
            self._present.leave(here)
            await socket.close(code=1001)
            listening.cancel()
        return socket

    async def _waited(self, seq: int, listening: asyncio.Task[None]) -> int:
        """Wait until the room has moved beyond ``seq``, a beat at most, and return where it is; -1 when
        either side has ended."""
        await asyncio.sleep(_PAUSE)
        moved = spawn(self._room.moved(seq), name="phone waits")
        done, _ = await asyncio.wait(
            {moved, listening}, timeout=_BEAT - _PAUSE, return_when=asyncio.FIRST_COMPLETED
        )
        if moved in done:
            return -1 if listening in done else moved.result()
        moved.cancel()
        return -1 if listening in done else max(seq, 0)
