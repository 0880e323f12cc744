"""``GET`` and ``POST /v1/share``, on loopback: how the room is shared, and what the host does about it."""

from __future__ import annotations

from typing import Final, Protocol

import msgspec
from aiohttp import web

from liveconsole.bus.http import ErrorAnswer, json_answer, read_body
from liveconsole.messages.refusals import word
from liveconsole.messages.sharing import NOT_SHARED, ShareAct, ShareAnswer
from liveconsole.messages.unreadable import UNREADABLE

GET_OR_POST: Final = "GET, POST"
_decode = msgspec.json.Decoder(ShareAct).decode
_encode = msgspec.json.Encoder().encode


class SharingPort(Protocol):
    """What shares a room (`share.Sharing`)."""

    async def look(self) -> ShareAnswer:
        """Return how it is shared, with this computer's addresses."""

    async def act(self, asked: ShareAct) -> ShareAnswer:
        """Do what a host or operator asks; what is decided is on disk when this returns.

        Raises:
            OSError: it could not be written.
        """


class ShareServer:
    """Answers for the sharing of a room; ``sharing`` None: it cannot be shared (a playback)."""

    def __init__(self, sharing: SharingPort | None) -> None:
        self._sharing = sharing

    async def answer(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Answer a look or an act."""
        if self._sharing is None:
            return json_answer(_encode(refused("only_playback")))
        if request.method == "GET":
            return json_answer(_encode(await self._sharing.look()))
        if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise ErrorAnswer(400, "unreadable")
        try:
            asked = _decode(await read_body(request))
        except UNREADABLE as error:
            raise ErrorAnswer(400, "bad_shape", detail=str(error)[:200]) from error
        try:
            return json_answer(_encode(await self._sharing.act(asked)))
        except OSError as error:
            raise ErrorAnswer(507, "cannot_write") from error


def refused(code: str, sharing: object = NOT_SHARED, **params: str | int) -> ShareAnswer:
    """Return a no in words."""
    assert isinstance(sharing, type(NOT_SHARED))
    return ShareAnswer(False, sharing, code=code, text=word(code, dict(params)), params=params)
