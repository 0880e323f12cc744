"""``GET /v1/keys``: the host's keys for a surface beside the desk, shown as they stand, pressed from there.

One look at the room serves all surfaces. What a press does is the state's to say, and the engine judges it
like any other command; a surface that shows something older is told so and nothing happens.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from aiohttp import WSMsgType, web

from liveconsole.bus.http import ErrorAnswer
from liveconsole.bus.port import RoomPort
from liveconsole.bus.presses import ROLE, Presses, refused
from liveconsole.bus.sockets import upgrade
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.key_surface import KeyAnswer, KeyPress
from liveconsole.messages.state import NothingKnown, State, decode_state, have, merged
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.tasks import spawn
from liveconsole.views.key_outcome import PressOutcome
from liveconsole.views.keys import LANGS, counts_down, keys_frame

log = logging.getLogger(__name__)

KEYS: Final = "/v1/keys"
SURFACES: Final = 8
"""Surfaces at once."""
PAUSE: Final = 0.1
"""Seconds between two frames at least: ten a second."""
BEAT: Final = 5.0
"""Seconds without a frame at most: a surface that hears nothing for longer is cut off."""
_TICK, _REST = 0.25, 1.0
"""Seconds until the room is looked at though nothing moved: while a key counts down, and else."""
_WAITED: Final = 32
"""Presses of one surface whose outcome it is still told of."""
_NO_TIME: Final = datetime.fromtimestamp(0, UTC)

_encode = msgspec.json.Encoder().encode
_read_press = msgspec.json.Decoder(KeyPress).decode


class KeysServer:
    """Answers for `KEYS`; who may ask was looked at before."""

    def __init__(self, room: RoomPort) -> None:
        self._feed = _Feed(room)

    async def serve(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Show the keys on a WebSocket and take presses, until the other side goes."""
        lang = request.query.get("lang", "zh")
        if lang not in LANGS:
            raise ErrorAnswer(400, "bad_shape", detail="lang")
        if len(self._feed.surfaces) >= SURFACES:
            raise ErrorAnswer(429, "too_many_surfaces", headers={"Retry-After": "5"}, limit=SURFACES)
        surface = _Surface(self._feed, lang)
        self._feed.join(surface)  # before anything is waited for: the count above is of all that come
        try:
            socket = await upgrade(request)
            await surface.run(socket)
        finally:
            self._feed.leave(surface)
        return socket

    async def close(self) -> None:
        """Let every surface go."""
        for surface in list(self._feed.surfaces):
            surface.end()
        await self._feed.presses.close()


class _Feed:
    """The room as the role sees it, looked at once for all surfaces and only while there is one."""

    def __init__(self, room: RoomPort) -> None:
        self._room = room
        self._now = _NO_TIME
        self._at = 0.0
        self._task: asyncio.Task[None] | None = None
        self._looking = asyncio.Lock()
        self.state: State | None = None
        self.surfaces: set[_Surface] = set()
        self.presses = Presses(room, self.look, self._tell)

    def join(self, surface: _Surface) -> None:
        self.surfaces.add(surface)
        if self._task is None or self._task.done():
            self._task = spawn(self._follow(), name="keys")

    def leave(self, surface: _Surface) -> None:
        self.surfaces.discard(surface)
        if not self.surfaces and self._task is not None:
            self._task.cancel()
            self._task, self.state = None, None

    @property
    def now(self) -> datetime:
        """The engine's time."""
        return self._now + timedelta(seconds=asyncio.get_running_loop().time() - self._at)

    async def look(self) -> tuple[State, datetime]:
        """Return the room as it stands, and the engine's time; what was answered before is in it."""
        async with self._looking:
            before = self.state
            body, now = await self._room.state(ROLE, have(before) if before is not None else "")
            try:
                state = merged(before, decode_state(body))
            except NothingKnown:
                body, now = await self._room.state(ROLE, "")
                state = merged(None, decode_state(body))
            self.state, self._now, self._at = state, now, asyncio.get_running_loop().time()
            return state, now

    async def _follow(self) -> None:
        while True:
            try:
                state, now = await self.look()
            except NotTaken as error:
                log.warning("the keys are not shown: %s", error)
                await asyncio.sleep(_REST)
                continue
            self.presses.settle(state)
            self._tell()
            ticks = counts_down(keys_frame(state, now, "zh"))
            await asyncio.sleep(PAUSE)
            try:
                async with asyncio.timeout(_TICK if ticks else _REST):
                    if await self._room.moved(state.seq) < 0:
                        return
            except TimeoutError:
                pass

    def _tell(self) -> None:
        for surface in self.surfaces:
            surface.news.set()


class _Surface:
    """One surface: its frames, and what it is told of its presses."""

    def __init__(self, feed: _Feed, lang: str) -> None:
        self._feed, self._lang = feed, lang
        self._told: dict[str, PressOutcome | None] = {}
        self._refusals: list[KeyAnswer] = []
        self._over = False
        self._told_all = asyncio.Event()
        self.news = asyncio.Event()

    def end(self) -> None:
        self._over = True
        self.news.set()

    async def run(self, socket: web.WebSocketResponse) -> None:
        """Show and listen until it goes or `end`."""
        listening = spawn(self._listen(socket), name="keys listener")
        listening.add_done_callback(lambda _task: self.end())
        try:
            await self._show(socket)
        except (ConnectionError, RuntimeError):
            pass  # the other side went away
        finally:
            await socket.close(code=1001)
            listening.cancel()

    async def _show(self, socket: web.WebSocketResponse) -> None:
        """Answers go at once, frames at their rate."""
        loop = asyncio.get_running_loop()
        sent, at = b"", loop.time() - BEAT
        while not self._over:
            self.news.clear()
            for answer in self._answers():
                await socket.send_frame(_encode(answer), WSMsgType.TEXT)
            wait = BEAT
            if self._feed.state is not None:
                frame = keys_frame(self._feed.state, self._feed.now, self._lang)
                face = _encode(msgspec.structs.replace(frame, at=_NO_TIME))
                wait = at + (BEAT if face == sent else PAUSE) - loop.time()
                if wait <= 0:
                    await socket.send_frame(_encode(frame), WSMsgType.TEXT)
                    sent, at = face, loop.time()
                    wait = BEAT
            try:
                async with asyncio.timeout(max(wait, 0.0)):
                    await self.news.wait()
            except TimeoutError:
                pass

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        """Every press is answered: who sends faster than he hears is not read on."""
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._heard(message.data)
            while len(self._refusals) >= _WAITED:
                self._told_all.clear()
                await self._told_all.wait()

    def _heard(self, said: str) -> None:
        try:
            press = _read_press(said)
        except UNREADABLE:
            self._say("", refused("bad_shape", detail="press"))
            return
        if len(self._told) >= _WAITED:
            self._say(press.id, refused("inbox_full"))
            return
        if (no := self._feed.presses.take(press)) is not None:
            self._say(press.id, no)
            return
        self._told[press.id] = None  # asked again, it is told again
        self.news.set()

    def _say(self, id_: str, found: PressOutcome) -> None:
        self._refusals.append(self._answer(id_, found))
        self.news.set()

    def _answers(self) -> list[KeyAnswer]:
        """What is new of its presses; what is settled is told once and then no more looked at."""
        news, self._refusals = self._refusals, []
        self._told_all.set()
        for id_, told in list(self._told.items()):
            one = self._feed.presses.of(id_)
            found = one.outcome if one is not None else None
            if found is not None and found != told:
                news.append(self._answer(id_, found))
                self._told[id_] = found
            if one is None or (found is not None and one.asked is None):
                del self._told[id_]
        return news

    def _answer(self, id_: str, found: PressOutcome) -> KeyAnswer:
        return KeyAnswer(id_, found.status, found.code, found.text[self._lang == "en"])
