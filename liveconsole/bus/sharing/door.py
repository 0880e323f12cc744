"""The shared door: the same calls as on loopback, over TLS, for seats that the host allowed.

Its own rules come before: one Host, no Origin but its own, a seat's token and no other, and what is for this
computer alone is not there. Without a token there are the way in, its page and the studio's certificate.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections import Counter
from datetime import datetime
from functools import partial
from typing import Final, Protocol, TypeVar

import msgspec
from aiohttp import web

from liveconsole.bus.http import (
    STILL,
    Connection,
    ErrorAnswer,
    Still,
    bearer,
    json_answer,
    one_host,
    read_body,
    wrong_token,
)
from liveconsole.bus.keys import KEYS
from liveconsole.bus.metrics import METRICS
from liveconsole.bus.nats.keys import is_signed, owner_words
from liveconsole.bus.sharing.asks import NotLetIn, SeatAsk
from liveconsole.bus.sharing.pages import page
from liveconsole.bus.sharing.register import SeatRegister
from liveconsole.bus.sharing.seats_kept import SeatRecord
from liveconsole.bus.visitors import AT_ONCE, CHANGED, SeatStream, Visitor
from liveconsole.messages.joining import (
    CERTIFICATE,
    CHECKPOINT,
    EVENTS,
    JOIN,
    JOIN_PAGE,
    NATS_KEY,
    OF_TOOLS,
    PHONE_PAGE,
    TRUST,
    WAIT_SECONDS,
    JoinAnswer,
    JoinAsk,
    JoinAsked,
    JoinReveal,
    JoinShown,
    NatsKey,
    NatsOffer,
    TrustAsked,
    TrustWord,
)
from liveconsole.messages.sharing import SHARE
from liveconsole.messages.unreadable import UNREADABLE

log = logging.getLogger(__name__)

T = TypeVar("T")

WORD: Final = "/word"
WORD_SECONDS: Final = 60.0
_WORDS_MOST: Final = 64
_ONE_JOIN: Final = re.compile(r"/v1/join/([0-9a-f]{32})")
_BODY_MOST: Final = 4_096
"""Of what comes without a token."""
_WAITING_MOST: Final = 16
"""Long polls of the way in at once."""
_PROTOCOL: Final = "liveconsole.seat"
_STREAMS: Final = ("/v1/stream", "/v1/phone")
"""A browser sends no header with these."""
HERE_ALONE: Final = (SHARE, KEYS, METRICS, EVENTS, CHECKPOINT, "/v1/stop", "/v1/secrets", "/overlay")
"""What begins so is for programs and people at this computer; `OF_TOOLS` also for a tool's seat, to which
everything else is closed."""
_TOKEN_LONG: Final = 64
_HTML: Final = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_encode = msgspec.json.Encoder().encode


class SeatCalls(Protocol):
    """The calls behind the door (`server.BusServer`)."""

    async def call(self, request: web.BaseRequest, role: str) -> web.StreamResponse: ...

    def health(self, request: web.BaseRequest) -> web.StreamResponse: ...


class WayIn(Protocol):
    """Who may come in (`share.Sharing`)."""

    @property
    def certificate(self) -> bytes:
        """The studio's certificate, DER."""

    @property
    def word_address(self) -> str:
        """Where the word of trust is: ``https://ADDRESS:PORT``."""

    def ask(self, asked: JoinAsk, address: str) -> JoinAsked: ...

    def reveal(self, secret: str, said: JoinReveal) -> SeatAsk: ...

    async def answer(self, secret: str, seconds: float) -> JoinAnswer: ...

    async def enrol(self, seat: SeatRecord, asked: NatsKey) -> NatsOffer | None: ...

    def moved(self) -> None:
        """What the state says of it has changed."""

    def now(self) -> datetime: ...


class SharedDoor:
    """Answers what comes over TLS."""

    def __init__(self, calls: SeatCalls, register: SeatRegister, entrance: WayIn) -> None:
        self._calls, self._register, self._entrance = calls, register, entrance
        self._own = ""
        self._streams: dict[str, set[SeatStream]] = {}
        self._words: dict[str, float] = {}
        self._busy: Counter[str] = Counter()
        self._guessing = asyncio.Lock()
        self._polls = 0

    def opened(self, address: str, port: int) -> None:
        """It listens there from now on: no other Host is served."""
        self._own = f"{address}:{port}"

    def here(self, seat_id: str) -> bool:
        """Tell whether a seat follows the room now."""
        return bool(self._streams.get(seat_id))

    def end(self, seat_id: str, code: int, word: bytes) -> None:
        """End the streams of a seat, with a word."""
        for stream in list(self._streams.get(seat_id, ())):
            stream.end(code, word)

    def end_all(self) -> None:
        """End every stream."""
        for seat_id in list(self._streams):
            self.end(seat_id, 1001, b"closed")

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; `ErrorAnswer` and `NotTaken` say no."""
        one_host(request, (self._own,))
        origin = request.headers.get("Origin")
        if origin is not None and origin.lower() != f"https://{self._own}":
            raise ErrorAnswer(403, "bad_origin")
        path = request.path
        if request.raw_path.partition("?")[0] != path and not path.startswith("/v1/viewers/"):
            raise ErrorAnswer(404, "not_found")
        if path in (JOIN_PAGE, PHONE_PAGE):
            _only(request, "GET")
            return self._page()
        if path == CERTIFICATE:
            _only(request, "GET")
            return self._certificate()
        if path == JOIN:
            _only(request, "POST")
            return await self._ask(request)
        if (one := _ONE_JOIN.fullmatch(path)) is not None:
            return await self._ask_on(request, one[1])
        seat, protocols = await self._seat(request)
        if path == NATS_KEY:
            return await self._enrol(request, seat)
        if seat.kind == "tool" and path not in OF_TOOLS:
            raise ErrorAnswer(403, "forbidden")
        if path == TRUST:
            return await self._trust(request, seat)
        if seat.kind != "tool" and here_alone(path):
            raise ErrorAnswer(403, "forbidden")
        if path == "/v1/health":
            _only(request, "GET")
            return self._calls.health(request)
        request[STILL] = Still(partial(self._still, seat))
        streams = self._streams.setdefault(seat.id, set())
        Visitor(seat.id, seat.label, seat.right, protocols, streams, self._entrance.moved).enter(request)
        if path in _STREAMS:
            return await self._calls.call(request, seat.right)
        if self._busy[seat.id] >= AT_ONCE:
            raise ErrorAnswer(429, "inbox_full", headers={"Retry-After": "1"})
        self._busy[seat.id] += 1
        try:
            return await self._calls.call(request, seat.right)
        finally:
            self._busy[seat.id] -= 1
            if not self._busy[seat.id]:
                del self._busy[seat.id]

    async def _seat(self, request: web.BaseRequest) -> tuple[SeatRecord, tuple[str, ...]]:
        """Return whose token came, and the protocols that a browser's stream answers with: a browser can send
        no header with a WebSocket, its token comes as a protocol's name."""
        token = bearer(request)
        protocols: tuple[str, ...] = ()
        if not token and request.path in _STREAMS:
            offered = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
            token = next((name for name in offered if name and name != _PROTOCOL), "")
            protocols = (_PROTOCOL,) if _PROTOCOL in offered else ()
        connection = request.protocol
        assert isinstance(connection, Connection)
        if token and len(token) <= _TOKEN_LONG:
            seat = self._register.of_token(token)
            if seat is not None:
                connection.trust()
                if not self.here(seat.id):
                    self._entrance.moved()
                self._register.heard(seat.id, self._entrance.now())
                return seat, protocols
            if self._register.was_removed(token):
                raise await wrong_token(connection, token, "seat_removed")
        raise await wrong_token(connection, token or None)

    def _still(self, seat: SeatRecord) -> None:
        """A body may come slowly: who was taken away while it came is out, and what it asks is not done."""
        if self._register.seat(seat.id) is None:
            raise ErrorAnswer(401, "seat_removed", headers={"Connection": "close"})

    async def _ask(self, request: web.BaseRequest) -> web.StreamResponse:
        asked = await _read(request, JoinAsk)
        try:
            return json_answer(_encode(self._entrance.ask(asked, request.remote or "")))
        except NotLetIn as error:
            async with self._guessing:  # one wrong code after the other, whoever tries
                await asyncio.sleep(0.5)
            raise ErrorAnswer(403, error.code) from error

    async def _ask_on(self, request: web.BaseRequest, secret: str) -> web.StreamResponse:
        if request.method == "POST":
            said = await _read(request, JoinReveal)
            try:
                ask = self._entrance.reveal(secret, said)
            except NotLetIn as error:
                raise ErrorAnswer(403, error.code) from error
            seconds = (ask.until - self._entrance.now()).total_seconds()
            return json_answer(_encode(JoinShown(ask.digits, max(0, round(seconds)))))
        _only(request, "GET")
        if self._polls >= _WAITING_MOST:
            raise ErrorAnswer(429, "too_many_asks", headers={"Retry-After": "2"})
        self._polls += 1
        try:
            return json_answer(_encode(await self._entrance.answer(secret, WAIT_SECONDS)))
        finally:
            self._polls -= 1

    async def _trust(self, request: web.BaseRequest, seat: SeatRecord) -> web.StreamResponse:
        where = self._entrance.word_address
        if request.method == "GET":
            return json_answer(_encode(TrustAsked(f"{where}{WORD}", seat.proved)))
        _only(request, "POST")
        said = await _read(request, TrustWord)
        until = self._words.pop(said.word, 0.0)
        if until <= asyncio.get_running_loop().time():
            raise ErrorAnswer(403, "forbidden")
        if not seat.proved:
            try:
                await self._register.prove(seat.id)
            except OSError as error:
                raise ErrorAnswer(507, "cannot_write") from error
            self.end(seat.id, CHANGED, b"changed")
            self._entrance.moved()
        return json_answer(_encode(TrustAsked(f"{where}{WORD}", True)))

    async def _enrol(self, request: web.BaseRequest, seat: SeatRecord) -> web.StreamResponse:
        _only(request, "POST")
        if seat.kind == "phone":
            raise ErrorAnswer(403, "forbidden")
        asked = await _read(request, NatsKey)
        if not is_signed(asked.key, owner_words(seat.id), asked.proof):
            raise ErrorAnswer(400, "bad_shape", detail="key")
        try:
            offer = await self._entrance.enrol(seat, asked)
        except OSError as error:
            raise ErrorAnswer(507, "cannot_write") from error
        if offer is None:
            raise ErrorAnswer(409, "no_broker")
        return json_answer(_encode(offer))

    async def handle_word(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer at the second address: a word for whoever trusts the certificate there."""
        one_host(request, (self._entrance.word_address.removeprefix("https://"),))
        if request.headers.get("Origin", "").lower() != f"https://{self._own}":
            raise ErrorAnswer(403, "bad_origin")
        if request.path != WORD:
            raise ErrorAnswer(404, "not_found")
        _only(request, "GET")
        now = asyncio.get_running_loop().time()
        self._words = {word: until for word, until in self._words.items() if until > now}
        if len(self._words) >= _WORDS_MOST:
            raise ErrorAnswer(429, "too_many_asks", headers={"Retry-After": "5"})
        word = secrets.token_urlsafe(24)
        self._words[word] = now + WORD_SECONDS
        headers = {"Access-Control-Allow-Origin": f"https://{self._own}", "Vary": "Origin"}
        return json_answer(_encode(TrustWord(word)), headers=headers)

    def _page(self) -> web.StreamResponse:
        body, policy = page(self._own, self._entrance.word_address)
        headers = {"Content-Security-Policy": policy, **_HTML}
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)

    def _certificate(self) -> web.StreamResponse:
        return web.Response(
            body=self._entrance.certificate, content_type="application/x-x509-ca-cert", headers=_HTML
        )


def here_alone(path: str) -> bool:
    """Tell whether an address is for programs and people at the engine's computer."""
    return any(path == head or path.startswith(f"{head}/") for head in HERE_ALONE)


def _only(request: web.BaseRequest, method: str) -> None:
    if request.method != method:
        raise ErrorAnswer(405, "wrong_method", headers={"Allow": method})


async def _read(request: web.BaseRequest, shape: type[T]) -> T:
    """Read a small JSON body of somebody who has shown nothing yet."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise ErrorAnswer(400, "unreadable")
    body = await read_body(request, _BODY_MOST)
    try:
        return msgspec.json.decode(body, type=shape)
    except UNREADABLE as error:
        raise ErrorAnswer(400, "bad_shape", detail=type(error).__name__) from error
