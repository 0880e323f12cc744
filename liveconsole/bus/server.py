"""The door of the engine: the contract's calls over loopback HTTP and WebSocket.

Knows who may call what and how an answer looks; what happens in the room is behind `port.RoomPort`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from aiohttp import WSMsgType, web

from liveconsole.bus import decode
from liveconsole.bus.books import BookServer
from liveconsole.bus.client import NOW_HEADER, proof_of
from liveconsole.bus.connections import (
    DIFFERENCES,
    ONE_CONNECTION,
    ONE_SECRET,
    SECRETS,
    ConnectionServer,
    ConnectionsPort,
    NoConnections,
)
from liveconsole.bus.facts import FactServer
from liveconsole.bus.http import (
    Connection,
    ErrorAnswer,
    Listener,
    bearer,
    json_answer,
    one_host,
    read_body,
    wrong_token,
)
from liveconsole.bus.images import IMAGES, OF_OVERLAY, ONE_IMAGE, ImageServer
from liveconsole.bus.keys import KEYS, KeysServer
from liveconsole.bus.metrics import METRICS, MetricsServer
from liveconsole.bus.overlay import PAGE, STREAM, OverlayServer
from liveconsole.bus.phone import PHONE, PhoneLook, PhoneServer, no_phone
from liveconsole.bus.port import Follower, RoomPort
from liveconsole.bus.presence import Presence
from liveconsole.bus.presses import ROLE as KEYS_ROLE
from liveconsole.bus.sharing.calls import GET_OR_POST, ShareServer, SharingPort
from liveconsole.bus.sockets import until_closed, upgrade
from liveconsole.bus.stream_pages import stream_page
from liveconsole.bus.tokens import ROLES, role_of
from liveconsole.bus.visitors import SEND_SECONDS, SeatStream, Visitor, visitor_of
from liveconsole.failpoints import failpoint
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.joining import CHECKPOINT, EVENTS
from liveconsole.messages.order_list import PAGE_MOST, STANDINGS, TEXT_LONG, OrdersSought
from liveconsole.messages.rights import MAY, PLAIN, actor_of
from liveconsole.messages.sharing import SHARE
from liveconsole.tasks import spawn

log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
_LOG_LIMIT: Final = 10_000
_LOG_USUAL: Final = 1_000
_SEARCH_LIMIT: Final = 500
_SEARCH_USUAL: Final = 200
_SEARCH_LONG: Final = 40
_ONE_BROADCAST: Final = "/v1/broadcasts/"
_ONE_VIEWER: Final = "/v1/viewers/"
_HEADS: Final = (_ONE_BROADCAST, _ONE_VIEWER, ONE_IMAGE, ONE_CONNECTION, ONE_SECRET)
"""Addresses that go on behind these are answered by one call each."""
_OF_THIS_BROADCAST: Final = frozenset({"q", "standing", "least_fen", "before", "limit"})
"""What ``GET /v1/orders`` may say of the orders of this broadcast; any other word asks the books."""
_ID_LONG: Final = 200
_DRAW: Final = re.compile(r"/v1/draws/([A-Za-z0-9._~-]{1,200})/entries")
_READERS: Final = frozenset({"host", "operator", "assistant", "viewer"})
_SEATS: Final = frozenset({"host", "operator", "assistant"})
_COMMANDERS: Final = frozenset(role for role in ROLES if MAY[role]) - {KEYS_ROLE}
"""Who may give any command at all; of which, the rules say. Keys are pressed as they are shown."""
_FOR_PLAIN: Final = frozenset({"/v1/commands", PHONE, ONE_IMAGE})
"""What may be asked by who sees no names."""
_POSTERS: Final = frozenset({"host", "operator", "producer"})
_EVERYBODY: Final = frozenset({"host", "operator", "assistant", "producer", "viewer"})

_encode = msgspec.json.Encoder().encode
_Call = Callable[[web.BaseRequest, str], Awaitable[web.StreamResponse]]


class BusServer:
    """The server. ``schema`` is served so, and ``overlay_page`` (host:port → body, CSP); ``stop`` ends the
    engine; ``present`` knows who follows."""

    def __init__(
        self,
        room: RoomPort,
        *,
        tokens: dict[str, str],
        proof_key: str,
        schema: Callable[[], bytes],
        overlay_page: Callable[[str], tuple[bytes, str]],
        stop: Callable[[], None],
        present: Presence,
        connections: ConnectionsPort | None = None,
        sharing: SharingPort | None = None,
        phone: PhoneLook = no_phone,
    ) -> None:
        self._room = room
        self._tokens = tokens
        self._proof_key = proof_key
        self._schema = schema
        self._overlay = OverlayServer(room, self._role, overlay_page)
        self._images = ImageServer(room)
        self._books = BookServer(room)
        self._keys = KeysServer(room)
        metrics = MetricsServer(room)
        worlds = ConnectionServer(connections or NoConnections())
        share = ShareServer(sharing)
        facts = FactServer(room)
        self._stop = stop
        self._present = present
        self._listener = Listener(self._answer)
        self._hosts: frozenset[str] = frozenset()
        self._streams: set[Follower] = set()
        self._calls: dict[str, tuple[str, frozenset[str], _Call]] = {
            EVENTS: ("POST", _POSTERS, facts.post),
            CHECKPOINT: ("GET", _POSTERS, facts.checkpoint),
            "/v1/commands": ("POST", _COMMANDERS, self._command),
            "/v1/judge": ("POST", _SEATS, self._judge),
            "/v1/state": ("GET", _READERS, self._state),
            "/v1/log": ("GET", _READERS, self._log),
            "/v1/search": ("GET", _READERS, self._search),
            "/v1/broadcasts": ("GET", _READERS, self._broadcasts),
            "/v1/history": ("GET", _READERS, self._past),
            _ONE_BROADCAST: ("GET", _READERS, self._broadcast),
            "/v1/questions": ("GET", _READERS, self._questions),
            "/v1/orders": ("GET", _SEATS, self._orders),
            "/v1/viewers": ("GET", _SEATS, self._viewers),
            _ONE_VIEWER: ("GET", _SEATS, self._viewer),
            "/v1/stream": ("GET", _READERS, self._stream),
            PHONE: ("GET", _READERS, PhoneServer(room, phone, present, self._streams).stream),
            KEYS: ("GET", frozenset({KEYS_ROLE}), self._keys.serve),
            METRICS: ("GET", frozenset({"metrics", "viewer"}), metrics.get),
            "/v1/schema": ("GET", _EVERYBODY, self._schema_call),
            IMAGES: ("PUT", _SEATS, self._images.put),
            ONE_IMAGE: ("GET", _READERS, self._images.get),
            ONE_CONNECTION: ("POST", frozenset({"host", "operator"}), worlds.act),
            DIFFERENCES: ("GET", _SEATS, worlds.differences),
            SECRETS: ("GET", frozenset({"host", "operator"}), worlds.secrets),
            ONE_SECRET: ("PUT", frozenset({"host"}), worlds.keep_secret),
            SHARE: (GET_OR_POST, frozenset({"host", "operator"}), share.answer),
            "/v1/stop": ("POST", frozenset({"host"}), self._stop_call),
        }
        for address, call in self._books.calls.items():
            self._calls.setdefault(address, ("GET", _SEATS, call))

    @property
    def addresses(self) -> frozenset[str]:
        """What is answered to somebody with a token; ``/v1/draws/ID/entries`` besides."""
        return frozenset(self._calls)

    async def open(self, port: int) -> int:
        """Listen on 127.0.0.1 and return the port: ``port`` where it is free, another one otherwise."""
        got = await self._listener.open(LOOPBACK, port, or_any=port != 0)
        self._hosts = frozenset(f"{name}:{got}" for name in (LOOPBACK, "localhost", "[::1]"))
        return got

    async def close(self) -> None:
        """Stop listening, end the streams, let running calls finish."""
        for follower in list(self._streams):
            follower.close()
        await self._keys.close()
        await self._listener.close()

    @property
    def seats(self) -> int:
        """How many streams are open now."""
        return len(self._streams)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        self._check_host(request)
        self._check_origin(request, path)
        if _written(request) != path and not _written(request).startswith(_ONE_VIEWER):
            raise ErrorAnswer(404, "not_found")  # an address of ours is written in one way only
        if path in ("/v1/health", PAGE, STREAM):
            if request.method != "GET":
                raise ErrorAnswer(405, "wrong_method", headers={"Allow": "GET"})
            if path == "/v1/health":
                return self.health(request)
            return await (self._overlay.page(request) if path == PAGE else self._overlay.stream(request))
        if path.startswith(OF_OVERLAY):
            return await self._image_of_overlay(request)
        role = await self._role(request, bearer(request))
        if role == "overlay":
            raise ErrorAnswer(403, "forbidden")
        return await self.call(request, role)

    async def call(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Answer a call of somebody whose role is known; `ErrorAnswer` and `NotTaken` say no."""
        path = request.path
        one = next((head for head in _HEADS if path.startswith(head)), path)
        found = self._calls.get(one)
        if found is None and (asked := _DRAW.fullmatch(path)) is not None:
            found = ("GET", _READERS, partial(self._draw_entries, asked[1]))
        if found is None:
            raise ErrorAnswer(404, "not_found")
        method, roles, call = found
        if request.method not in method.split(", "):
            raise ErrorAnswer(405, "wrong_method", headers={"Allow": method})
        if actor_of(role) not in roles or (role in PLAIN and one not in _FOR_PLAIN):
            await self._room.denied(role, path)
            raise ErrorAnswer(403, "forbidden")
        return await call(request, role)

    async def _image_of_overlay(self, request: web.BaseRequest) -> web.StreamResponse:
        """A picture for the page that OBS shows: its token comes as a header or in the address."""
        if request.method != "GET":
            raise ErrorAnswer(405, "wrong_method", headers={"Allow": "GET"})
        role = await self._role(request, bearer(request) or request.query.get("token"))
        if role != "overlay":
            raise ErrorAnswer(403, "forbidden")
        return await self._images.get(request, role)

    def _check_host(self, request: web.BaseRequest) -> None:
        one_host(request, self._hosts)

    def _check_origin(self, request: web.BaseRequest, path: str) -> None:
        origin = request.headers.get("Origin")
        if origin is None:
            return
        own = origin.lower().removeprefix("http://")
        if (
            not (path in (PAGE, STREAM) or path.startswith(OF_OVERLAY))
            or own not in self._hosts
            or own == origin.lower()
        ):
            raise ErrorAnswer(403, "bad_origin")

    async def _role(self, request: web.BaseRequest, token: str | None) -> str:
        """The role of a token. Wrong ones are slowed and counted on their own connection only."""
        role = role_of(self._tokens, token) if token else None
        connection = request.protocol
        assert isinstance(connection, Connection)
        if role is not None:
            connection.trust()
            return role
        raise await wrong_token(connection, token)

    async def _command(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        body = await read_body(request)
        failpoint("read")
        try:
            command = decode.read_command(request.headers.get("Content-Type", ""), body, role)
            if (visitor := visitor_of(request)) is not None:
                command = msgspec.structs.replace(command, seat=visitor.seat_id)
        except decode.UnreadableBody as error:
            raise ErrorAnswer(400, error.code, error.text) from error
        answer = await self._room.ask(command)
        if answer.conflict:
            raise ErrorAnswer(409, answer.code)
        if answer.code == "forbidden":
            raise ErrorAnswer(403, "forbidden")
        return json_answer(answer.body)

    async def _judge(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        body = await read_body(request)
        try:
            fields = decode.read_object(request.headers.get("Content-Type", ""), body)
        except decode.UnreadableBody as error:
            raise ErrorAnswer(400, error.code, error.text) from error
        type_, data = fields.get("type"), fields.get("data", {})
        if not isinstance(type_, str) or not isinstance(data, dict):
            raise ErrorAnswer(400, "bad_shape", detail="type, data")
        return json_answer(await self._room.judge(type_, data, role))

    async def _state(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        body, now = await self._room.state(role, request.query.get("have", ""))
        answer = json_answer(body)
        answer.headers[NOW_HEADER] = now.isoformat()
        return answer

    async def _log(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        after = _number(request, "after", 0)
        limit = min(_number(request, "limit", _LOG_USUAL), _LOG_LIMIT)
        types = [name for name in request.query.get("type", "").split(",") if name]
        lines = await self._room.log(after, limit, types)
        failpoint("log read")
        body = b"".join(line + b"\n" for line in lines)
        answer = json_answer(body)
        answer.content_type = "application/x-ndjson"
        return answer

    async def _search(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        sought = request.query.get("q", "").strip()
        if not 1 <= len(sought) <= _SEARCH_LONG:
            raise ErrorAnswer(400, "bad_shape", detail="q")
        limit = max(1, min(_number(request, "limit", _SEARCH_USUAL), _SEARCH_LIMIT))
        return json_answer(await self._room.search(sought, _number(request, "before", 0), limit))

    async def _broadcasts(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        return json_answer(await self._room.broadcasts())

    async def _past(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        before, limit = _number(request, "before", 0), _number(request, "limit", 100)
        return json_answer(await self._room.past_broadcasts(before, limit))

    async def _broadcast(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        number = request.path.removeprefix(_ONE_BROADCAST)
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise ErrorAnswer(404, "not_found")
        body = await self._room.broadcast(int(number))
        if body is None:
            raise ErrorAnswer(404, "not_found")
        return json_answer(body)

    async def _questions(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        return json_answer(await self._room.questions())

    async def _orders(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        if not request.query.keys() <= _OF_THIS_BROADCAST:  # of all the years
            return await self._books.get("orders", request, role)
        text, standing = request.query.get("q", ""), request.query.get("standing", "")
        if len(text) > TEXT_LONG or standing not in ("", *STANDINGS):
            raise ErrorAnswer(400, "bad_shape", detail="standing" if len(text) <= TEXT_LONG else "q")
        least, before = _number(request, "least_fen", 0), _number(request, "before", 0)
        sought = OrdersSought(text, standing, least, before, _number(request, "limit", PAGE_MOST))
        return json_answer(await self._room.orders(sought))

    async def _viewers(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        sought = request.query.get("q", "").strip()
        if not 1 <= len(sought) <= _ID_LONG:
            raise ErrorAnswer(400, "bad_shape", detail="q")
        return json_answer(await self._room.viewers(sought))

    async def _viewer(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        id_ = unquote(_written(request).removeprefix(_ONE_VIEWER))
        body = await self._room.viewer(id_) if 1 <= len(id_) <= _ID_LONG else None
        if body is None:
            raise ErrorAnswer(404, "not_found")
        return json_answer(body)

    async def _draw_entries(self, id_: str, request: web.BaseRequest, role: str) -> web.StreamResponse:
        after = request.query.get("after", "")
        found = await self._room.draw_entries(id_, after[:_ID_LONG])
        if found is None:
            raise ErrorAnswer(404, "not_found")
        return json_answer(found)

    async def _schema_call(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        return json_answer(self._schema())

    async def _stop_call(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        asyncio.get_running_loop().call_soon(self._stop)
        return json_answer(b'{"ok":true}')

    def health(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer ``GET /v1/health``, with the proof of who answers for whoever sent a nonce."""
        body: dict[str, Any] = self._room.health()
        nonce = request.query.get("nonce")
        if nonce is not None:
            if len(nonce) > 200:
                raise ErrorAnswer(400, "bad_shape", detail="nonce")
            body["proof"] = proof_of(self._proof_key, nonce)
        return json_answer(_encode(body))

    async def _stream(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        after = _number(request, "after", 0)
        visitor = visitor_of(request)
        if visitor is not None and visitor.by_message:
            return await stream_page(self._room, after, hurry=_number(request, "hurry", 0) == 1)
        if visitor is not None:
            return await self._stream_of(visitor, request, after)
        socket = await upgrade(request)
        follower = self._room.follow(after)
        here = self._present.come(role)
        try:
            await self._pump(socket, follower, partial(self._present.say, here))
        finally:
            self._present.leave(here)
        return socket

    async def _stream_of(self, visitor: Visitor, request: web.BaseRequest, after: int) -> web.StreamResponse:
        """The stream of a shared seat: it is called what the host allowed it as, and may be taken away."""
        socket = await upgrade(request, visitor.protocols, waiting=0)
        stream = visitor.follow(self._room, after, request)
        here = self._present.come(actor_of(visitor.role), visitor.label)
        try:
            await self._pump(socket, stream, partial(self._present.say, here), visitor=stream)
        finally:
            self._present.leave(here)
        return socket

    async def _pump(
        self,
        socket: web.WebSocketResponse,
        follower: Follower,
        said: Callable[[str], None],
        visitor: SeatStream | None = None,
    ) -> None:
        self._streams.add(follower)
        listening = spawn(until_closed(socket, follower, said), name="stream listener")
        patience = SEND_SECONDS if visitor is not None else None
        try:
            while (lines := await follower.batch()) is not None:
                async with asyncio.timeout(patience):
                    await socket.send_frame(b"[" + b",".join(lines) + b"]", WSMsgType.TEXT)
        except TimeoutError:
            assert visitor is not None
            visitor.cut()
        except (ConnectionError, RuntimeError):
            pass  # the other side went away
        except NotTaken as error:
            log.warning("a stream ended: %s", error)
        finally:
            follower.close()
            self._streams.discard(follower)
            code, word = (visitor.code, visitor.word) if visitor is not None else (1001, b"")
            await socket.close(code=code, message=word)
            listening.cancel()


def _written(request: web.BaseRequest) -> str:
    """The address to the letter: an id in it may be of any letters."""
    return request.raw_path.partition("?")[0]


def _number(request: web.BaseRequest, name: str, usual: int) -> int:
    text = request.query.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ErrorAnswer(400, "bad_shape", detail=name)
    return int(text)
