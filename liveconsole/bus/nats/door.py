"""The engine at a broker: the same calls as at its other doors, for seats that the broker let ask, and what
was committed, in batches, to all of them.

Who asks stands in the subject, on which the broker lets nobody else publish; what he may is looked at by the
calls themselves. An engine that may not be the leader any more says nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec
from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from liveconsole.bus.decode import BODY_LIMIT
from liveconsole.bus.errors import Denied, EngineGone
from liveconsole.bus.http import STILL, ErrorAnswer, Still, error_answer, not_taken
from liveconsole.bus.nats.broker_file import PAYLOAD_MOST
from liveconsole.bus.nats.calls import (
    EPOCH,
    FIRST,
    LAST,
    METHOD,
    PART,
    TARGET,
    parts_of,
    request_of,
)
from liveconsole.bus.nats.dialing import AGAIN_SECONDS, BrokerAt, dial, hang_up, listen, say
from liveconsole.bus.nats.here import SeatsHere
from liveconsole.bus.nats.subjects import (
    ASK,
    CMD,
    FACTS,
    HERE,
    MARK,
    SPEAKS,
    SeatSubject,
    beat,
    inbox,
    live,
    read_asked,
    rights_of_engine,
)
from liveconsole.bus.port import Follower, RoomPort
from liveconsole.bus.sharing.door import SeatCalls, here_alone
from liveconsole.bus.stream_pages import HEAD, LAG
from liveconsole.bus.turns import HEADER
from liveconsole.bus.visitors import AT_ONCE, Visitor
from liveconsole.bus.wire import NOW_HEADER
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.joining import CHECKPOINT, EVENTS
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.tasks import cancel_all, spawn

if TYPE_CHECKING:
    from nats.aio.client import Client as Broker

log = logging.getLogger(__name__)

COMMANDS: Final = "/v1/commands"
BEAT_SECONDS: Final = 0.5
LIVE_SECONDS: Final = 0.016
"""Between two batches for desks: a frame of theirs."""
PLAIN_SECONDS: Final = 0.05
STRANGER_SECONDS: Final = 5.0
"""A broker that does not know this engine's key is asked again so often."""
NO_INBOX: Final = "_INBOX_none"
"""An engine asks nobody."""
_LIVE: Final = replace(LAG, events=8_000)
"""What may wait for the broker before it is left to the log: nobody else's line is slower for it."""
_VIEWERS: Final = "/v1/viewers/"
_JSON: Final = "application/json"


class _Until(Struct):
    """Of a command, what makes it one that may come late."""

    expires_at: datetime | None = None


_until = msgspec.json.Decoder(_Until).decode
_encode = msgspec.json.Encoder().encode


def _nothing_of(_seat: str) -> None:
    """Nobody holds it off."""


class NatsDoor:
    """Serves one room at a broker for as long as `run` runs. Used on the loop.

    ``epoch``: of this leader. ``leads``: whether it may still be the leader. ``admits``: whether a seat has a
    role, as far as this engine knows (the broker asked before).
    """

    def __init__(
        self,
        at: BrokerAt,
        room: RoomPort,
        room_id: str,
        calls: SeatCalls,
        here: SeatsHere,
        *,
        epoch: int,
        leads: Callable[[], bool],
        admits: Callable[[str, str], bool],
        now: Callable[[], datetime],
        flooded: Callable[[str], None] = _nothing_of,
    ) -> None:
        """``flooded``: hears of a seat that says more than one has to say."""
        self._flooded = flooded
        self._at, self._room, self._room_id, self._calls, self._here = at, room, room_id, calls, here
        self._epoch, self._leads, self._admits, self._now = epoch, leads, admits, now
        self._busy: Counter[str] = Counter()
        self._answering: set[asyncio.Task[None]] = set()
        self._sent = 0
        self._refusals = _Refusals()
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Serve for ever; a broker that goes away is dialled until it is back."""
        told = ""
        while True:
            try:
                await self._serve()
                told = ""
                log.warning("the connection to the broker has ended")
            except (EngineGone, Denied) as error:
                said = str(error)
                if said != told:
                    log.warning("not at the broker: %s", said)
                told = said
                await asyncio.sleep(STRANGER_SECONDS if isinstance(error, Denied) else 0)
            except Exception:
                log.exception("serving at the broker failed with a bug")
                await asyncio.sleep(STRANGER_SECONDS)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _serve(self) -> None:
        ended = asyncio.Event()
        broker = await dial(
            self._at, NO_INBOX, refused=self._refusals.heard, closed=ended.set, flooded=self._flood
        )
        tasks: list[asyncio.Task[None]] = []
        try:
            for subject in rights_of_engine(self._room_id).subscribe:
                await listen(broker, subject, partial(self._hear, broker))
            self._sent = await self._room.moved(-1)
            tasks = [
                spawn(self._publish(broker, ended), name="live batches"),
                spawn(self._beat(broker, ended), name="beat"),
            ]
            log.info("at the broker, epoch %d", self._epoch)
            self.connected.set()
            await ended.wait()
        finally:
            self.connected.clear()
            self._here.all_left()
            await cancel_all([*tasks, *self._answering])
            await hang_up(broker)

    def _flood(self, subject: str) -> None:
        if (asked := read_asked(subject, self._room_id)) is not None:
            self._flooded(asked.seat)

    async def _beat(self, broker: Broker, ended: asyncio.Event) -> None:
        while True:
            if self._leads():
                headers = {EPOCH: str(self._epoch), HEAD: str(self._sent)}
                await self._say(broker, ended, beat(self._room_id), _encode({"now": self._now()}), headers)
            self._here.sweep()
            await asyncio.sleep(BEAT_SECONDS)

    async def _publish(self, broker: Broker, ended: asyncio.Event) -> None:
        plain = _Plain(self._sent)
        loop = asyncio.get_running_loop()
        plain_at = loop.time()
        follower: Follower = self._room.follow(self._sent, _LIVE)
        try:
            while (lines := await self._next(follower, plain)) is not None:
                if lines:
                    first, last = _first_of(lines), _last_of(lines)
                    body = b"[" + b",".join(lines) + b"]"
                    # What does not fit, and what a follower that fell behind left out, is read from the log.
                    if first == self._sent + 1 and len(body) < PAYLOAD_MOST and self._leads():
                        await self._live(broker, ended, "viewer", first, last, body)
                    plain.add(lines)
                    self._sent = last
                if plain.count and loop.time() - plain_at >= PLAIN_SECONDS and self._leads():
                    plain_at = loop.time()
                    first, last, body = plain.take()
                    await self._live(broker, ended, "screen", first, last, body)
                await asyncio.sleep(LIVE_SECONDS)
        except NotTaken as error:
            log.warning("live batches end: %s", error)
        finally:
            follower.close()
            ended.set()

    async def _next(self, follower: Follower, plain: _Plain) -> list[bytes] | None:
        """Return the next lines; none where those who see no names wait for what they are to hear."""
        if not plain.count:
            return await follower.batch()
        waiting = spawn(follower.batch(), name="next lines")
        done, _ = await asyncio.wait([waiting], timeout=PLAIN_SECONDS)
        if done:
            return waiting.result()
        waiting.cancel()
        return []

    async def _live(
        self, broker: Broker, ended: asyncio.Event, role: str, first: int, last: int, body: bytes
    ) -> None:
        headers = {EPOCH: str(self._epoch), FIRST: str(first), LAST: str(last)}
        await self._say(broker, ended, live(self._room_id, role), body, headers)

    async def _say(
        self, broker: Broker, ended: asyncio.Event, subject: str, body: bytes, headers: dict[str, str]
    ) -> None:
        try:
            await say(broker, subject, body, headers)
        except EngineGone:
            ended.set()

    async def _hear(self, broker: Broker, message: Any) -> None:
        asked = read_asked(message.subject, self._room_id)
        if asked is None or not self._leads():
            return
        admitted = self._admits(asked.seat, asked.role)
        if asked.kind == HERE:
            if admitted:
                self._here.said(asked.seat, asked.role, message.data)
            return
        # An answer goes to the seat's own inbox: it may not make us say something on a subject of ours.
        if not message.reply.startswith(f"{inbox(asked.seat)}."):
            return
        answering = spawn(self._answer(broker, message, asked, admitted), name="an answer over the broker")
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)

    async def _answer(self, broker: Broker, message: Any, asked: SeatSubject, admitted: bool) -> None:
        if self._busy[asked.seat] >= AT_ONCE:
            answer: web.StreamResponse = error_answer(
                ErrorAnswer(429, "inbox_full", headers={"Retry-After": "1"})
            )
        else:
            self._busy[asked.seat] += 1
            try:
                answer = await self._or_error(message, asked, admitted)
            finally:
                self._busy[asked.seat] -= 1
                if not self._busy[asked.seat]:
                    del self._busy[asked.seat]
        headers, parts = parts_of(answer)
        headers |= {EPOCH: str(self._epoch), NOW_HEADER: self._now().isoformat()}
        if not self._leads():
            return  # it took so long that another one may lead
        ended = asyncio.Event()
        for number, part in enumerate(parts, 1):
            headers[PART] = f"{number}/{len(parts)}"
            await self._say(broker, ended, message.reply, part, headers)
            if ended.is_set():
                return

    async def _or_error(self, message: Any, asked: SeatSubject, admitted: bool) -> web.StreamResponse:
        try:
            if not admitted:
                raise ErrorAnswer(401, "seat_removed")
            return await self._call(message, asked)
        except ErrorAnswer as error:
            return error_answer(error)
        except NotTaken as error:
            return error_answer(not_taken(error))
        except Exception:
            log.exception("a call over the broker failed with a bug")
            return error_answer(ErrorAnswer(500, "bug"))

    def _still(self, asked: SeatSubject) -> None:
        if not self._admits(asked.seat, asked.role):
            raise ErrorAnswer(401, "seat_removed")

    async def _call(self, message: Any, asked: SeatSubject) -> web.StreamResponse:
        headers = message.headers or {}
        kind = headers.get("Content-Type", "")
        if asked.kind != ASK and len(message.data) > BODY_LIMIT:
            raise ErrorAnswer(413, "too_large")  # before any of it is looked at
        if asked.kind not in SPEAKS[asked.role]:
            raise ErrorAnswer(403, "forbidden")
        if asked.kind == FACTS:
            request = request_of("POST", EVENTS, kind, message.data, headers.get(HEADER, ""))
        elif asked.kind == MARK:
            request = request_of("GET", headers.get(TARGET, ""), "", b"")
            if request.raw_path.partition("?")[0] != CHECKPOINT:
                raise ErrorAnswer(404, "not_found")
        elif asked.kind == CMD:
            request = request_of("POST", COMMANDS, kind or _JSON, message.data)
            _check_until(message.data)
        else:
            request = request_of(headers.get(METHOD, "GET"), headers.get(TARGET, ""), kind, message.data)
            path, written = request.path, request.raw_path.partition("?")[0]
            if path == COMMANDS or (written != path and not written.startswith(_VIEWERS)):
                raise ErrorAnswer(404, "not_found")  # a command says until when, on a subject of its own
            if here_alone(path):
                raise ErrorAnswer(403, "forbidden")
            if path == "/v1/health":
                return self._calls.health(request)
        request[STILL] = Still(partial(self._still, asked))
        label = self._here.label(asked.seat)
        Visitor(asked.seat, label, asked.role, (), set(), _nothing, by_message=True).enter(request)
        return await self._calls.call(request, asked.role)


class _Plain:
    """What was committed since, for who sees no names: how many of what, and nothing of it."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._first = last + 1
        self.count: Counter[str] = Counter()

    def add(self, lines: list[bytes]) -> None:
        for line in lines:
            head = _head(line)
            counts = head.data.counts if head.type == "stream.skipped" else {head.type: 1}
            self.count.update(counts)
        self._last = _last_of(lines)

    def take(self) -> tuple[int, int, bytes]:
        """Return first, last, and a body in the form of a stream's; begin anew."""
        first, last = self._first, self._last
        note = {"type": "stream.skipped", "data": {"from": first, "to": last, "counts": dict(self.count)}}
        self._first = last + 1
        self.count.clear()
        return first, last, _encode([note])


class _Skip(Struct, frozen=True):
    to: int = 0
    counts: dict[str, int] = {}
    from_: int = msgspec.field(name="from", default=0)


class _Head(Struct, frozen=True):
    type: str
    seq: int = 0
    data: _Skip = _Skip()


class _Bare(Struct):
    type: str
    seq: int = 0


_bare = msgspec.json.Decoder(_Bare).decode
_skip = msgspec.json.Decoder(_Head).decode


def _head(line: bytes) -> _Head:
    bare = _bare(line)
    return _skip(line) if bare.type == "stream.skipped" else _Head(bare.type, bare.seq)


def _first_of(lines: list[bytes]) -> int:
    """Return the first seq of a batch; 0 where something of it was left out."""
    if any(_head(line).type == "stream.skipped" for line in lines[:1]):
        return 0
    return _head(lines[0]).seq


def _last_of(lines: list[bytes]) -> int:
    ends = map(_head, (lines[0], lines[-1]))
    return max(head.data.to if head.type == "stream.skipped" else head.seq for head in ends)


def _check_until(body: bytes) -> None:
    """A command over a broker may come late: it says until when it counts."""
    try:
        if _until(body).expires_at is not None:
            return
    except UNREADABLE:
        return  # the call itself says what is wrong with it
    raise ErrorAnswer(400, "bad_shape", detail="expires_at")


class _Refusals:
    """Subjects that the broker lets this engine not use. It may be the one of an answer, and so of a seat's
    choosing: neither it nor how often it comes is let into the log."""

    def __init__(self) -> None:
        self._count = 0

    def heard(self, subject: str) -> None:
        self._count += 1
        if self._count in (1, 100, 10_000):
            what = "to answer somebody" if subject.startswith("_inbox") else "a subject of its own"
            log.error("the broker does not let this engine use %s, %d times so far", what, self._count)


def _nothing() -> None:
    """Nobody counts streams of who has none."""
