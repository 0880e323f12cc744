"""The program at a public address: the platform pushes to it, the room fetches from it.

``GET /push`` answers the platform's check, ``POST /push`` keeps a push and answers when it is on disk.
``GET /fetch?after=ID&wait=SECONDS`` and ``POST /ack?upto=ID`` are the room's, under the key that both share.
It knows the token of the pushes and not the key that opens them.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec
from aiohttp import web
from msgspec import Struct

from liveconsole.bus.http import (
    Connection,
    ErrorAnswer,
    Listener,
    bearer,
    json_answer,
    read_body,
    wrong_token,
)
from liveconsole.connectors.relay.crypto import Wrapped, is_signed
from liveconsole.connectors.relay.inbox import REPEATED_FOR, PushInbox
from liveconsole.messages.unreadable import UNREADABLE

log = logging.getLogger(__name__)

PUSH: Final = "/push"
FETCH: Final = "/fetch"
ACK: Final = "/ack"
ANSWER_SECONDS: Final = 4.0
"""The platform waits five for 「success」, and then delivers once more."""
AHEAD: Final = timedelta(minutes=5)
"""How far a push's timestamp may lie in the future."""
PUSH_BYTES: Final = 256 * 1024
FETCH_MOST: Final = 200
WAIT_MOST: Final = 25.0
"""Seconds that a fetch may wait for something to come."""
_WAITING_MOST: Final = 16
_encode = msgspec.json.Encoder().encode


class _Body(Struct, frozen=True):
    Encrypt: str
    ToUserName: str = ""


class RelayServer:
    """``token`` is the platform's, ``key`` the room's; ``now`` the clock."""

    def __init__(self, inbox: PushInbox, *, token: str, key: str, now: Callable[[], datetime]) -> None:
        self._inbox = inbox
        self._token, self._key, self._now = token, key, now
        self._waiting = 0
        self._ending = False
        self._listener = Listener(self._answer)
        self.refused = 0
        """Pushes that were none."""

    async def open(self, host: str, port: int) -> int:
        """Listen and return the port; OSError where it is taken."""
        return await self._listener.open(host, port)

    async def close(self) -> None:
        self._ending = True
        async with self._inbox.arrived:
            self._inbox.arrived.notify_all()
        await self._listener.close()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        match (request.path, request.method):
            case ("/push", "GET"):
                return self._check(request)
            case ("/push", "POST"):
                return await self._push(request)
            case ("/fetch", "GET"):
                await self._admit(request)
                return await self._fetch(request)
            case ("/ack", "POST"):
                await self._admit(request)
                return await self._ack(request)
            case ("/push" | "/fetch" | "/ack", _):
                raise ErrorAnswer(405, "wrong_method")
            case _:
                raise ErrorAnswer(404, "not_found")

    def _check(self, request: web.BaseRequest) -> web.StreamResponse:
        """The platform asks once whether this address is the shop's: its word goes back as it came. Nothing
        is kept of it, so that an old one is worth nothing either."""
        query = request.query
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not is_signed(self._token, query.get("signature", ""), stamp, nonce):
            raise self._refusal("signature")
        echo = query.get("echostr", "")[:1000]
        return web.Response(text=echo, content_type="text/plain", headers={"Cache-Control": "no-store"})

    async def _push(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._inbox.keep(await self._signed(request), self._now())
        except (OSError, sqlite3.Error, TimeoutError) as error:
            log.warning("a push could not be kept: %s", type(error).__name__)
            raise ErrorAnswer(503, "cannot_write") from error
        return web.Response(text="success", content_type="text/plain")

    async def _signed(self, request: web.BaseRequest) -> Wrapped:
        """Return the push of a request; what is not signed, or was signed long ago, is read no further."""
        query = request.query
        body = await read_body(request, PUSH_BYTES)
        try:
            told = msgspec.json.decode(body, type=_Body)
        except UNREADABLE as error:
            raise self._refusal("shape", 400) from error
        push = Wrapped(
            query.get("timestamp", ""), query.get("nonce", ""), query.get("msg_signature", ""), told.Encrypt
        )
        if not is_signed(self._token, push.signature, push.timestamp, push.nonce, push.encrypt):
            raise self._refusal("signature")
        self._check_time(push.timestamp)
        return push

    def _check_time(self, stamp: str) -> None:
        """Within the hours in which a delivery is repeated, and remembered: so none is taken twice, and one
        that somebody wrote down is worth nothing later."""
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise self._refusal("timestamp")
        age = self._now().timestamp() - int(stamp)
        if not -AHEAD.total_seconds() <= age < REPEATED_FOR.total_seconds():
            raise self._refusal("timestamp")

    def _refusal(self, what: str, status: int = 403) -> ErrorAnswer:
        self.refused += 1
        if self.refused in (1, 10, 100) or self.refused % 1000 == 0:
            log.warning("a push was refused for its %s, %d so far", what, self.refused)
        return ErrorAnswer(status, "forbidden" if status == 403 else "unreadable")

    async def _admit(self, request: web.BaseRequest) -> None:
        """Let the room in: who has the key. Guesses are slowed on their own connection."""
        key = bearer(request)
        connection = request.protocol
        assert isinstance(connection, Connection)
        sent = key.encode("utf-8", "surrogateescape")  # a header may hold bytes that are no text
        if self._key and hmac.compare_digest(sent, self._key.encode()):
            connection.trust()
            return
        raise await wrong_token(connection, key)

    async def _fetch(self, request: web.BaseRequest) -> web.StreamResponse:
        after = _number(request.query.get("after", "0"), 2**62)
        wait = _number(request.query.get("wait", "0"), int(WAIT_MOST))
        if after > self._inbox.last:  # of a file that is no more
            after = 0
        if wait and self._waiting < _WAITING_MOST:
            await self._something(after, wait)
        batch = await self._inbox.after(after, FETCH_MOST)
        now = int(self._now().timestamp() * 1000)
        return json_answer(_encode(msgspec.structs.replace(batch, now=now)))

    async def _something(self, after: int, seconds: float) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds), self._inbox.arrived:
                await self._inbox.arrived.wait_for(lambda: self._inbox.last > after or self._ending)
        except TimeoutError:
            return
        finally:
            self._waiting -= 1

    async def _ack(self, request: web.BaseRequest) -> web.StreamResponse:
        gone = await self._inbox.let_go(_number(request.query.get("upto", "0"), 2**62))
        return json_answer(_encode({"gone": gone}))


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        raise ErrorAnswer(400, "unreadable")
    return min(int(text), most)
