"""The phone's part of the door: a stream of what its page shows, made by the engine for the seat's role.

The page may be cut off at any moment: it hears the engine once a second, so that it knows how old its last
word is. A look that is equal to the last one is not sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from aiohttp import WSMsgType, web

from liveconsole.bus.port import Follower, RoomPort
from liveconsole.bus.presence import Presence
from liveconsole.bus.sockets import until_closed, upgrade
from liveconsole.bus.visitors import SEND_SECONDS, visitor_of
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.rights import actor_of
from liveconsole.tasks import spawn

PHONE: Final = "/v1/phone"
_BEAT: Final = 1.0
_PAUSE: Final = 0.25
"""Seconds between two looks at most, and at least."""

PhoneLook = Callable[[str, bool], Awaitable[tuple[bytes, datetime]]]
"""(role, english) → what the phone shows (`messages.phone.PhoneView` as JSON) and the engine's time."""


async def no_phone(role: str, english: bool) -> tuple[bytes, datetime]:
    """Refuse: a room that is looked at again has no phones."""
    raise NotTaken("only_playback")


class _Open:
    """What keeps a stream open until somebody closes it (`port.Follower`)."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def batch(self) -> list[bytes] | None:
        """Wait for the end."""
        await self.closed.wait()
        return None

    def close(self) -> None:
        self.closed.set()


class PhoneServer:
    """Answers for `PHONE`: ``{"now", "view"}``, without ``view`` where it is still the same."""

    def __init__(self, room: RoomPort, look: PhoneLook, present: Presence, streams: set[Follower]) -> None:
        self._room, self._look, self._present, self._streams = room, look, present, streams

    async def stream(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Send what the page shows until either side ends, or the host takes the seat away."""
        english = request.query.get("lang", "") == "en"
        first = await self._look(role, english)
        visitor = visitor_of(request)
        socket = await upgrade(request, protocols=visitor.protocols if visitor is not None else ())
        ends, name = _Open(), visitor.label if visitor is not None else ""
        here = self._present.come(actor_of(role), name)
        held = visitor.hold(ends, request) if visitor is not None else None
        self._streams.add(held or ends)
        listening = spawn(until_closed(socket, ends), name="phone listener")
        try:
            async with asyncio.timeout(None) as patience:
                await self._pump(socket, role, english, first, ends, patience)
        except (ConnectionError, RuntimeError, NotTaken):
            pass  # the other side went away, or the engine ends
        except TimeoutError:
            if held is not None:
                held.cut()  # it takes nothing: it comes back when it can
        finally:
            self._present.leave(here)
            self._streams.discard(held or ends)
            code, word = (held.code, held.word) if held is not None else (1001, b"")
            if held is not None:
                held.close()
            await socket.close(code=code, message=word)
            listening.cancel()
        return socket

    async def _pump(
        self,
        socket: web.WebSocketResponse,
        role: str,
        english: bool,
        first: tuple[bytes, datetime],
        ends: _Open,
        patience: asyncio.Timeout,
    ) -> None:
        (body, now), sent, seq = first, b"", -1
        loop = asyncio.get_running_loop()
        while not socket.closed and not ends.closed.is_set():
            view = b',"view":%b' % body if body != sent else b""
            patience.reschedule(loop.time() + SEND_SECONDS)
            await socket.send_frame(b'{"now":"%b"%b}' % (now.isoformat().encode(), view), WSMsgType.TEXT)
            patience.reschedule(None)
            sent = body
            if (seq := await self._waited(seq, ends)) < 0:
                return
            body, now = await self._look(role, english)

    async def _waited(self, seq: int, ends: _Open) -> int:
        """Wait until the room has moved beyond ``seq``, a beat at most, and return where it is; -1 when
        the stream or the engine has ended."""
        over = spawn(ends.batch(), name="phone ends")
        moved = spawn(self._room.moved(seq), name="phone waits")
        try:
            done, _ = await asyncio.wait({over}, timeout=_PAUSE)
            if not done:
                both: set[asyncio.Task[Any]] = {over, moved}
                await asyncio.wait(both, timeout=_BEAT - _PAUSE, return_when=asyncio.FIRST_COMPLETED)
            if over.done():
                return -1
            return moved.result() if moved.done() else max(seq, 0)
        finally:
            over.cancel()
            moved.cancel()
