"""Who comes through the shared door, as the calls behind it see them: a seat, its label, its streams."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import web

from liveconsole.bus.client import SEAT_REMOVED
from liveconsole.bus.port import Follower, RoomPort
from liveconsole.messages.bounds import SHARED_LAG

SEND_SECONDS: Final = 10.0
"""A seat that takes nothing for so long is cut off, and comes back from its seq."""
AT_ONCE: Final = 16
"""Calls of one seat that are answered at the same time, by each way that it may come; beyond, it is told to
wait (429). Its streams are none of them."""
END_SECONDS: Final = 1.0
"""So long a stream that was ended has to take the word of it."""
REMOVED: Final = SEAT_REMOVED
"""A stream ends with this code and ``removed`` when its seat was taken away, with ``changed`` (4002) when it
may do something else from now on."""
CHANGED: Final = 4002


class Visitor:
    """One request of a shared seat. ``role``: with which it is served. ``protocols``: of its WebSocket."""

    def __init__(
        self,
        seat_id: str,
        label: str,
        role: str,
        protocols: tuple[str, ...],
        streams: set[SeatStream],
        moved: Callable[[], None],
        *,
        by_message: bool = False,
    ) -> None:
        """``by_message``: no connection is behind it, and a stream is read by pages."""
        self.by_message = by_message
        self.seat_id, self.label, self.role, self.protocols = seat_id, label, role, protocols
        self._streams, self._moved = streams, moved

    def enter(self, request: web.BaseRequest) -> None:
        """Let the calls behind the door see who it is."""
        request[_KEY] = self

    def follow(self, room: RoomPort, after: int, request: web.BaseRequest) -> SeatStream:
        """Return what it follows the log by."""
        return self.hold(room.follow(after, SHARED_LAG), request)

    def hold(self, follower: Follower, request: web.BaseRequest) -> SeatStream:
        """Count what it follows by, until it is closed; the host may end it before."""
        stream = SeatStream(follower, request, self._gone)
        self._streams.add(stream)
        self._moved()
        return stream

    def _gone(self, stream: SeatStream) -> None:
        if stream in self._streams:
            self._streams.discard(stream)
            self._moved()


class SeatStream:
    """A follower that somebody else may end, with a word."""

    def __init__(
        self, follower: Follower, request: web.BaseRequest, closed: Callable[[SeatStream], object]
    ) -> None:
        self._follower, self._request, self._closed = follower, request, closed
        self.code, self.word = 1001, b""

    async def batch(self) -> list[bytes] | None:
        """Return the next lines; None when it is over."""
        return await self._follower.batch()

    def close(self) -> None:
        """Stop following."""
        self._follower.close()
        self._closed(self)

    def end(self, code: int, word: bytes) -> None:
        """Close it with a code and a word; who takes neither is cut off, whatever frame he is in."""
        self.code, self.word = code, word
        self.close()
        asyncio.get_running_loop().call_later(END_SECONDS, self.cut)

    def cut(self) -> None:
        """End the connection, whatever still waits in it."""
        if self._request.transport is not None:
            self._request.transport.abort()


_KEY: Final = web.RequestKey("liveconsole.visitor", Visitor)


def visitor_of(request: web.BaseRequest) -> Visitor | None:
    """Return who it is that came through the shared door; None: it came over loopback."""
    return request.get(_KEY)
