"""A recording behind the door of a room: whoever joins sees the room of that moment, and can change nothing.

Its time runs only while it plays. What is folded, and what is read, is done on one thread of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

import msgspec

from liveconsole import __version__
from liveconsole.engine import history, viewers
from liveconsole.engine.draws import Draws
from liveconsole.engine.recording import Recording
from liveconsole.engine.shown import ShownState
from liveconsole.messages.bounds import FRAME_BYTES, PAGE_BYTES, Lag
from liveconsole.messages.inputs import CommandAnswer, CommandInput, FactsAnswer, FactsInput, NotTaken
from liveconsole.messages.joining import Checkpoint
from liveconsole.messages.measures import RoomMeasures
from liveconsole.messages.order_list import OrdersSought
from liveconsole.messages.playback import PLAYBACK, SOUGHT, SPEEDS, Pause, Play, PlaybackState, Seek, Speed
from liveconsole.messages.refusals import word
from liveconsole.store.errors import StoreError
from liveconsole.store.reader import Reader
from liveconsole.store.rows import Meta
from liveconsole.tasks import cancel_all, spawn
from liveconsole.views import order_list
from liveconsole.views.report import NoBroadcast

T = TypeVar("T")
NO: Final = "only_playback"
_STEP: Final = 0.05
_PAGE: Final = 1_000
_SIZES: Final = {96: "small", 480: "middle", 0: "whole"}
_encode = msgspec.json.Encoder().encode


class NoBooks:
    """A recording has one evening, and no books."""

    async def ask(self, name: str, query: Mapping[str, str]) -> bytes:
        raise NotTaken(NO)


class Playback:
    """The room port of a recording. ``clock`` and ``sleep`` are real time unless a test brings its own."""

    def __init__(
        self,
        reader: Reader,
        meta: Meta,
        number: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        mine = next(
            (row for row in reader.broadcasts(before=number + 1, limit=1) if row.number == number), None
        )
        if mine is None:
            raise NoBroadcast(f"there is no broadcast {number}")
        self._reader, self._meta, self._number = reader, meta, number
        self._clock, self._sleep = clock, sleep
        self._recording = Recording(reader, meta, mine)
        self._draws = Draws(reader)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="playback")
        self._speed, self._playing = 1, False
        self._at, self._since = self._recording.start, clock()
        self.turn = 0
        """How often it was moved to another moment."""
        self._waiting: set[asyncio.Future[None]] = set()
        self._show_anew()
        self.ended = False
        self._tasks: list[asyncio.Task[None]] = []
        self.pictures = KeptPictures(self._on_thread, reader)
        self.books = NoBooks()

    def _show_anew(self) -> None:
        self._shown = ShownState(self._recording, f"{self._meta.store_id}:{self._number}:{self.turn}")

    # Its time --------------------------------------------------------------------------------------

    @property
    def simulated(self) -> bool:
        return self._meta.simulated

    @property
    def seq(self) -> int:
        """Of the last event up to now."""
        return self._recording.seq

    def now(self) -> datetime:
        """Return the moment of the recording."""
        if not self._playing:
            return self._at
        gone = timedelta(seconds=(self._clock() - self._since) * self._speed)
        return min(self._at + gone, self._recording.end)

    def state_of_it(self) -> PlaybackState:
        """Return what the state says of it."""
        recording = self._recording
        return PlaybackState(self._number, self._playing, self._speed, recording.start, recording.end)

    async def start(self) -> None:
        """Begin; it stands at its first moment until somebody plays it."""
        self._tasks = [spawn(self._run(), name="playback")]

    async def stop(self) -> None:
        """Let go of everything but the store."""
        self.ended = True
        await cancel_all(self._tasks)
        self.wake()
        self._thread.shutdown()

    async def _run(self) -> None:
        while True:
            await self._sleep(_STEP)
            if self._playing:
                await self.step()

    async def step(self) -> None:
        """Fold what the moment has reached."""
        now, before = self.now(), self.seq
        await self._on_thread(partial(self._recording.to, now))
        if now >= self._recording.end:
            self._stand(self._recording.end)
        if self.seq != before:
            self.wake()

    def _stand(self, at: datetime, *, playing: bool = False) -> None:
        self._at, self._since, self._playing = at, self._clock(), playing

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait until it is ready, or ends; asked again whenever there is something new."""
        while not (self.ended or ready()):
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await future
            finally:
                self._waiting.discard(future)

    def wake(self) -> None:
        """Somebody may be ready now."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    # What is asked of it ---------------------------------------------------------------------------

    async def ask(self, command: CommandInput) -> CommandAnswer:
        shape = PLAYBACK.get(command.type)
        if shape is None:
            return _no(NO)
        try:
            asked = msgspec.convert(command.data, shape)
        except msgspec.ValidationError as error:
            return _no("bad_shape", detail=str(error))
        if isinstance(asked, Speed) and asked.times not in SPEEDS:
            return _no("bad_shape", detail="times")
        if isinstance(asked, Seek) and asked.at.tzinfo is None:
            return _no("bad_shape", detail="at")
        await self._do(asked)
        return CommandAnswer(True, _encode({"ok": True, "result": self.state_of_it()}))

    async def _do(self, asked: msgspec.Struct) -> None:
        if isinstance(asked, Seek):
            await self._seek(asked.at)
        elif isinstance(asked, Speed):
            self._stand(self.now(), playing=self._playing)
            self._speed = asked.times
        elif isinstance(asked, Pause):
            self._stand(self.now())
            await self.step()
        elif isinstance(asked, Play):
            if self.now() >= self._recording.end:
                await self._seek(self._recording.start)
            self._stand(self.now(), playing=True)

    async def _seek(self, at: datetime) -> None:
        recording = self._recording
        at = min(max(at, recording.start), recording.end)
        self._stand(at, playing=self._playing and at < recording.end)

        def go() -> None:
            recording.seek(at)
            self.turn += 1
            self._show_anew()

        await self._on_thread(go)
        self.wake()

    async def post(self, facts: FactsInput) -> FactsAnswer:
        raise NotTaken(NO)

    async def checkpoint(self, source: str) -> Checkpoint:
        raise NotTaken(NO)

    async def denied(self, role: str, what: str) -> None:
        """A recording is never written to."""

    async def judge(self, type: str, data: dict[str, Any], role: str) -> bytes:
        return _no(NO).body

    # What it shows ---------------------------------------------------------------------------------

    async def measures(self) -> RoomMeasures:
        raise NotTaken(NO)

    async def state(self, role: str, have: str) -> tuple[bytes, datetime]:
        now = self.now()
        health = {**self.health(), "playback": self.state_of_it()}

        def look() -> bytes:
            self._recording.to(now)
            return self._shown.answer(now, health, role, have)

        return await self._on_thread(look), now

    async def overlay(self) -> bytes:
        raise NotTaken(NO)  # viewers see no old prices

    async def log(self, after: int, limit: int, types: Sequence[str]) -> list[bytes]:
        return await self._read(after, limit, types, PAGE_BYTES)

    async def _read(self, after: int, limit: int, types: Sequence[str], most_bytes: int) -> list[bytes]:
        """Nothing of another evening, and nothing that is still to come."""
        after, last = max(after, self._recording.first - 1), self.seq
        limit = min(limit, last - after)
        if limit <= 0:
            return []
        lines = await self._on_thread(partial(self._reader.read, after, limit, types, most_bytes=most_bytes))
        return [line for line in lines if _seq_of(line) <= last] if types else lines

    async def search(self, text: str, before: int, limit: int) -> bytes:
        before = min(before or self.seq + 1, self.seq + 1)
        found = await self._on_thread(partial(self._reader.search, text, before, limit))
        return b'{"events":[%b],"before":%d,"at":"%b"}' % (b",".join(found.lines), found.before, found.at)

    async def broadcasts(self) -> bytes:
        return await self._on_thread(
            lambda: _encode(history.summaries(self._reader, simulated=self.simulated))
        )

    async def past_broadcasts(self, before: int, limit: int) -> bytes:
        raise NotTaken(NO)

    async def broadcast(self, number: int) -> bytes | None:
        read = partial(history.report, self._reader, number, simulated=self.simulated)
        try:
            return await self._on_thread(lambda: _encode(read()))
        except NoBroadcast:
            return None

    async def draw_entries(self, id: str, after: str) -> bytes | None:
        return await self._on_thread(partial(self._draws.entries, id, after))

    async def orders(self, sought: OrdersSought) -> bytes:
        return await self._on_thread(lambda: order_list.encoded(self._recording.room, sought))

    async def questions(self) -> bytes:
        return b'{"questions":[],"left_out":0}'

    async def viewers(self, text: str) -> bytes:
        return await self._on_thread(partial(viewers.search, self._reader, text))

    async def viewer(self, id: str) -> bytes | None:
        seen = viewers.in_room(self._recording.room, self._recording.people.inside(id))
        return await self._on_thread(partial(viewers.card, self._reader, seen))

    def follow(self, after: int, lag: Lag | None = None) -> PlaybackFollower:
        return PlaybackFollower(self, after)

    async def moved(self, beyond: int) -> int:
        turn = self.turn
        await self.until(lambda: self.seq > beyond or self.turn != turn)
        return -1 if self.ended else self.seq

    async def page(self, after: int) -> list[bytes]:
        """Return lines behind a seq for one frame; none behind now."""
        return await self._read(after, _PAGE, (), FRAME_BYTES - 1)

    def health(self) -> dict[str, Any]:
        return {
            "ok": True,
            "trouble": "",
            "version": __version__,
            "room": self._meta.room_id,
            "simulated": self.simulated,
            "seq": self.seq,
            "clock_ahead_seconds": 0,
            "waiting": 0,
            "sources": {},
        }

    async def _on_thread(self, look: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, look)
        except StoreError as error:
            raise NotTaken("log_unreadable", str(error)) from error


class PlaybackFollower:
    """One reader of the log as it is played; moved to another moment, it is told where it stands."""

    def __init__(self, playback: Playback, after: int) -> None:
        self._playback, self._at, self._turn = playback, after, playback.turn
        self._closed = False

    async def batch(self) -> list[bytes] | None:
        """Return the next lines; None when it is over."""
        playback = self._playback
        while True:
            await playback.until(
                lambda: self._closed or playback.turn != self._turn or playback.seq > self._at
            )
            if self._closed or playback.ended:
                return None
            if playback.turn != self._turn:
                self._turn, self._at = playback.turn, playback.seq
                return [_encode({"type": SOUGHT, "seq": self._at, "data": {}})]
            lines = await playback.page(self._at)
            if playback.turn == self._turn and lines:
                self._at = _seq_of(lines[-1])
                return lines

    def close(self) -> None:
        self._closed = True
        self._playback.wake()


class KeptPictures:
    """Pictures as they were kept; none is taken."""

    def __init__(self, on_thread: Callable[[Callable[[], Any]], Awaitable[Any]], reader: Reader) -> None:
        self._on_thread, self._reader = on_thread, reader

    async def take(self, body: bytes) -> str:
        raise NotTaken(NO)

    async def take_from(self, url: str) -> str:
        raise NotTaken(NO)

    async def of(self, sha256: str, side: int) -> bytes | None:
        found: bytes | None = await self._on_thread(
            lambda: self._reader.picture(sha256, _SIZES[side])  # type: ignore[arg-type]
        )
        return found


class _Seq(msgspec.Struct):
    seq: int


_decode_seq = msgspec.json.Decoder(_Seq).decode


def _seq_of(line: bytes) -> int:
    return _decode_seq(line).seq


def _no(code: str, **params: Any) -> CommandAnswer:
    body = {"ok": False, "code": code, "params": params, "text": word(code, params)}
    return CommandAnswer(False, _encode(body), code)
