"""The way to an engine over a broker. See `bus.wire.Wire`.

A live batch is a hint that carries its seqs: what is missing is read from the log by asking. What an engine
of an earlier epoch says is dropped.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec

from liveconsole.bus.errors import Denied, EngineGone, Rejected, error_of
from liveconsole.bus.nats.calls import (
    ANSWER_MIB,
    EPOCH,
    FIRST,
    LAST,
    METHOD,
    PART,
    STATUS,
    TARGET,
    Joined,
    TooManyParts,
    number_in,
)
from liveconsole.bus.nats.dialing import BrokerAt, dial, hang_up, listen, say
from liveconsole.bus.nats.following import Beat, Epoch, LiveBatch, LogPlace, beyond, last_of
from liveconsole.bus.nats.keys import MISSING, NatsMissing
from liveconsole.bus.nats.subjects import (
    ASK,
    CMD,
    FACTS,
    HERE,
    MARK,
    PARTS_MOST,
    PRODUCER,
    asked_on,
    beat,
    inbox,
    live,
)
from liveconsole.bus.stream_pages import HEAD
from liveconsole.bus.wire import Json, WireAnswer, health_in
from liveconsole.messages.joining import EVENTS
from liveconsole.messages.refusals import word

if TYPE_CHECKING:
    from nats.aio.client import Client as Broker

_COMMANDS: Final = "/v1/commands"
_STREAM: Final = "/v1/stream"
ANSWER_SECONDS: Final = 6.0
"""For the first part of an answer, and between two."""
FACTS_SECONDS: Final = 20.0
"""For the answer to a post: it waits for its turn and for its commit."""
SILENT_SECONDS: Final = 2.0
"""No beat for so long: there is no engine."""
HERE_SECONDS: Final = 2.0
HURRY_SECONDS: Final = 0.5
"""Reading what was missed takes longer than this: comments of the past are left out, with their counts."""
_NO_RESPONDERS: Final = "503"


class _Asking:
    """One question that waits for its answer."""

    def __init__(self, subject: str, epoch: int) -> None:
        self.subject, self.epoch = subject.lower(), epoch
        self.joined = Joined()
        self.answer: asyncio.Future[WireAnswer] = asyncio.get_running_loop().create_future()
        self.moved = asyncio.Event()

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
        self.moved.set()


class NatsWire:
    """A seat at a broker; it dials when it is asked for something and there is no connection."""

    def __init__(self, at: BrokerAt, *, room: str, role: str, seat: str) -> None:
        """``role``: with which the seat is served (`rights.seat_role`)."""
        self._at, self._room, self._role, self._seat = at, room, role, seat
        self._broker: Broker | None = None
        self._dialing = asyncio.Lock()
        self._asking: dict[str, _Asking] = {}
        self._epoch = Epoch()
        self._followed: LogPlace | None = None
        self._heard_at = 0.0
        self._moved = asyncio.Event()
        self._said = b"{}"

    @property
    def url(self) -> str:
        return self._at.urls[0]

    @property
    def far(self) -> bool:
        return True

    async def close(self) -> None:
        broker, self._broker = self._broker, None
        await hang_up(broker)
        self._ended(broker)

    @property
    def late(self) -> bool:
        return True

    async def health(self) -> Json:
        answer = await self.call("GET", "/v1/health")
        if answer.status != 200:
            raise error_of(*answer)
        return health_in(answer.body)

    async def introduce(self, said: str) -> None:
        self._said = said.encode()
        if self._followed is not None and self._broker is not None:
            await self._say_here(self._broker)

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> WireAnswer:
        broker = await self._connected()
        body = data or b""
        if len(body) > broker.max_payload:
            raise Rejected("too_large", "", 413)
        target = f"{path}?{urlencode(params)}" if params else path
        sent = {METHOD: method, TARGET: target, **(headers or {})}
        subject = asked_on(self._room, self._role, self._seat, self._kind_of(path))
        token = secrets.token_hex(12)
        asking = self._asking[token] = _Asking(subject, self._epoch.newest)
        try:
            await say(broker, subject, body, sent, reply=f"{inbox(self._seat)}.{token}")
            return await self._answered(asking, FACTS_SECONDS if path == EVENTS else ANSWER_SECONDS)
        finally:
            del self._asking[token]

    def _kind_of(self, path: str) -> str:
        if self._role == PRODUCER:
            return FACTS if path == EVENTS else MARK
        return CMD if path == _COMMANDS else ASK

    async def _answered(self, asking: _Asking, patience: float) -> WireAnswer:
        loop = asyncio.get_running_loop()
        moved = loop.time()
        while not asking.answer.done():
            asking.moved.clear()
            silent = max(moved, self._heard_at) + SILENT_SECONDS
            try:
                async with asyncio.timeout_at(min(silent, moved + patience)):
                    await asking.moved.wait()
                moved = loop.time()
            except TimeoutError:
                if loop.time() >= moved + patience:
                    raise EngineGone(f"no engine answers over {self.url}") from None
                if loop.time() >= max(moved, self._heard_at) + SILENT_SECONDS:
                    raise EngineGone(f"no engine speaks over {self.url}") from None
        return asking.answer.result()

    async def stream(self, after: int) -> AsyncIterator[list[Json]]:
        broker = await self._connected()
        loop = asyncio.get_running_loop()
        followed = self._followed = LogPlace(after, self._epoch)
        self._heard_at = loop.time()
        listening = await listen(broker, live(self._room, self._role), self._on_live)
        said = loop.time()
        await self._say_here(broker)
        try:
            async for page in self._pages(followed):
                yield page
            while True:
                while (found := followed.next_live()) is not None:
                    batch, known = found
                    yield beyond(msgspec.json.decode(batch.body), known)
                if followed.behind:
                    async for page in self._pages(followed):
                        yield page
                    continue
                if loop.time() - said >= HERE_SECONDS:
                    said = loop.time()
                    await self._say_here(broker)
                await self._wait(broker, min(self._heard_at + SILENT_SECONDS, said + HERE_SECONDS))
        finally:
            if self._followed is followed:
                self._followed = None
            if not broker.is_closed:
                await listening.unsubscribe()

    async def _wait(self, broker: Broker, until: float) -> None:
        """Wait for news, for the next beat, or for the end."""
        if broker.is_closed:
            raise EngineGone(f"the connection to {self.url} has ended")
        loop = asyncio.get_running_loop()
        if loop.time() - self._heard_at >= SILENT_SECONDS:
            raise EngineGone(f"no engine speaks over {self.url}")
        self._moved.clear()
        try:
            async with asyncio.timeout_at(until):
                await self._moved.wait()
        except TimeoutError:
            pass

    async def _pages(self, followed: LogPlace) -> AsyncIterator[list[Json]]:
        """Read what is missing from the log; comments of what is long past are left out where it takes too
        long."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            params = {"after": str(followed.at)}
            if loop.time() - began > HURRY_SECONDS:
                params["hurry"] = "1"
            answer = await self.call("GET", _STREAM, params=params)
            if answer.status != 200:
                raise error_of(*answer)
            lines: list[Json] = msgspec.json.decode(answer.body)
            if not lines:
                followed.ended()
                return
            followed.wanted = max(followed.wanted, number_in(answer.headers, HEAD, 0))
            followed.read(max(map(last_of, lines)))
            yield lines
            if not followed.behind:
                return

    async def _connected(self) -> Broker:
        async with self._dialing:
            if self._broker is not None and not self._broker.is_closed:
                return self._broker
            broker: list[Broker] = []
            try:
                opened = await dial(
                    self._at,
                    inbox(self._seat),
                    refused=self._on_refused,
                    closed=lambda: self._ended(broker[0] if broker else None),
                )
            except NatsMissing as error:
                raise Rejected(MISSING, word(MISSING, {})) from error
            broker.append(opened)
            self._broker = opened
            await listen(opened, f"{inbox(self._seat)}.>", self._on_answer)
            await listen(opened, beat(self._room), self._on_beat)
            return opened

    async def _say_here(self, broker: Broker) -> None:
        await say(broker, asked_on(self._room, self._role, self._seat, HERE), self._said)

    async def _on_answer(self, message: Any) -> None:
        asking = self._asking.get(message.subject.rpartition(".")[2])
        if asking is None:
            return
        headers: Mapping[str, str] = message.headers or {}
        if headers.get("Status") == _NO_RESPONDERS:
            asking.fail(EngineGone(f"no engine listens over {self.url}"))
            return
        epoch = number_in(headers, EPOCH)
        if not self._epoch.holds(epoch):
            return  # an engine of the past; the one that leads answers as well, or nobody does
        asking.moved.set()
        try:
            body = asking.joined.add(epoch, headers.get(PART, ""), message.data, PARTS_MOST)
        except TooManyParts:
            asking.fail(Rejected("answer_too_large", word("answer_too_large", {"limit": ANSWER_MIB}), 413))
            return
        if body is not None and not asking.answer.done():
            asking.answer.set_result(WireAnswer(number_in(headers, STATUS, 502), body, headers))

    async def _on_live(self, message: Any) -> None:
        headers: Mapping[str, str] = message.headers or {}
        epoch, first, last = (number_in(headers, name) for name in (EPOCH, FIRST, LAST))
        batch = LiveBatch(epoch, first, last, message.data)
        if self._followed is not None:
            self._followed.hear(batch)
            self._moved.set()

    async def _on_beat(self, message: Any) -> None:
        headers: Mapping[str, str] = message.headers or {}
        said = Beat(number_in(headers, EPOCH), number_in(headers, HEAD))
        if not self._epoch.holds(said.epoch):
            return
        self._heard_at = asyncio.get_running_loop().time()
        for asking in list(self._asking.values()):
            if 0 < asking.epoch < said.epoch:  # who was asked leads no more: nobody waits for him
                asking.fail(EngineGone("another engine leads this room now"))
        if self._followed is not None:
            self._followed.beaten(said)
            self._moved.set()

    def _on_refused(self, subject: str) -> None:
        """The broker let a subject not pass: to who asked on it that would look like nobody's silence."""
        for asking in list(self._asking.values()):
            if asking.subject == subject:
                asking.fail(Denied("forbidden", "", 403))

    def _ended(self, broker: Broker | None) -> None:
        if broker is not None and self._broker is not None and broker is not self._broker:
            return
        for asking in list(self._asking.values()):
            asking.fail(EngineGone(f"the connection to {self.url} has ended"))
        self._moved.set()
