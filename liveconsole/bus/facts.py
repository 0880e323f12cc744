"""Posts of facts, at whichever door they come, and up to where the log has a source."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from aiohttp import web

from liveconsole.bus import decode
from liveconsole.bus.http import ErrorAnswer, json_answer, read_body, still_may
from liveconsole.bus.port import RoomPort
from liveconsole.bus.turns import HEADER, Turn, Turns
from liveconsole.bus.visitors import visitor_of
from liveconsole.failpoints import failpoint
from liveconsole.messages.inputs import FactsAnswer, FactsInput, NotTaken
from liveconsole.tasks import spawn

_SOURCE_LONG: Final = 200
_encode = msgspec.json.Encoder().encode


class FactServer:
    """Answers for `joining.EVENTS` and `joining.CHECKPOINT`; who may ask was looked at before."""

    def __init__(self, room: RoomPort) -> None:
        self._room, self._turns = room, Turns()

    async def post(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Answer a post when what was accepted is on disk."""
        body = await read_body(request)
        failpoint("read")
        try:
            facts = decode.read_events(
                request.headers.get("Content-Type", ""), body, simulated=self._room.simulated
            )
        except decode.UnreadableBody as error:
            raise ErrorAnswer(400, error.code, error.text) from error
        failpoint("validated")
        visitor, order = visitor_of(request), request.headers.get(HEADER)
        if visitor is not None:
            facts = decode.without_own(facts)
        of = visitor.seat_id if visitor is not None else ""
        if order is None:
            answer = await self._room.post(facts)
        else:
            turn = await self._turns.wait(order, of)
            still_may(request)
            answer = await self._in_turn(facts, turn)
        failpoint("answering")
        return json_answer(_encode(answer))

    async def checkpoint(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Answer where the log ends of one source."""
        source = request.query.get("source", "")
        if not 1 <= len(source) <= _SOURCE_LONG:
            raise ErrorAnswer(400, "bad_shape", detail="source")
        return json_answer(_encode(await self._room.checkpoint(source)))

    async def _in_turn(self, facts: FactsInput, turn: Turn) -> FactsAnswer:
        """The next one of its line may go on as soon as this one waits for its commit."""
        posting = spawn(self._posted(facts), name="post in turn")
        await asyncio.sleep(0)
        if not posting.done() or isinstance(posting.result(), FactsAnswer):
            turn.over()
        answer = await posting
        if isinstance(answer, NotTaken):
            raise answer
        return answer

    async def _posted(self, facts: FactsInput) -> FactsAnswer | NotTaken:
        try:
            return await self._room.post(facts)
        except NotTaken as error:
            return error
