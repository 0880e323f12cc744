"""The stream for who cannot hold a connection to the engine: the next page behind a seq, asked for."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from liveconsole.bus.http import ErrorAnswer, json_answer
from liveconsole.bus.port import RoomPort
from liveconsole.messages.bounds import LAG_BYTES, PAGED_BYTES, SHARED_LAG, Lag

HEAD: Final = "LC-Head"
"""Of a page: the last seq of the log."""
_SECONDS: Final = 5.0
_NEVER: Final = 1e9
LAG: Final = Lag(
    events=SHARED_LAG.events,
    bytes=LAG_BYTES,
    seconds=_NEVER,
    frame_bytes=PAGED_BYTES,
    catching_up=_NEVER,
)
_IN_HURRY: Final = Lag(SHARED_LAG.events, LAG_BYTES, _NEVER, PAGED_BYTES, -1.0)


async def stream_page(room: RoomPort, after: int, *, hurry: bool) -> web.StreamResponse:
    """Answer what a stream would bring next behind ``after``, at most `PAGED_BYTES` of it or one event; an
    empty page is the end. ``hurry``: of what is long past comments are left out, with their counts."""
    head = await room.moved(-1)
    if after >= head:
        return json_answer(b"[]", headers={HEAD: str(max(0, head))})
    follower = room.follow(after, _IN_HURRY if hurry else LAG)
    try:
        async with asyncio.timeout(_SECONDS):
            lines = await follower.batch()
    except TimeoutError as error:
        raise ErrorAnswer(503, "stopping") from error
    finally:
        follower.close()
    return json_answer(b"[" + b",".join(lines or []) + b"]", headers={HEAD: str(head)})
