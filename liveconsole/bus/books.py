"""The books at the door: ``GET /v1/NAME?…``, for seats."""

from __future__ import annotations

from functools import partial
from typing import Final

from aiohttp import web

from liveconsole.books import BOOKS
from liveconsole.bus.http import ErrorAnswer, json_answer
from liveconsole.bus.port import RoomPort

_FIELDS: Final = 24
_LONG: Final = 400


class BookServer:
    """Leads what is asked to the books of a room."""

    def __init__(self, room: RoomPort) -> None:
        self._room = room
        self.calls = {f"/v1/{name}": partial(self.get, name) for name in BOOKS}
        """Address → who answers there."""

    async def get(self, name: str, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Answer out of one book; a field that says nothing is as good as none."""
        if name not in BOOKS:
            raise ErrorAnswer(404, "not_found")
        query = dict(request.query)
        if len(query) != len(request.query) or len(query) > _FIELDS:
            raise ErrorAnswer(400, "bad_shape", detail="query")
        for field, value in query.items():
            if len(field) + len(value) > _LONG:
                raise ErrorAnswer(400, "bad_shape", detail=field[:_LONG])
        return json_answer(await self._room.books.ask(name, query))
