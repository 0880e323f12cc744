"""The wall's own door on loopback: a page, and the rooms that the asker's token may see.

Nothing can be done there.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

import msgspec
from aiohttp import web
from msgspec import Struct

from liveconsole.bus.http import (
    Connection,
    ErrorAnswer,
    Listener,
    bearer,
    json_answer,
    one_host,
    wrong_token,
)
from liveconsole.bus.rooms.listed import RoomList
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.messages.wall import Wall
from liveconsole.paths import write_own
from liveconsole.respath import resources

log = logging.getLogger(__name__)

FILE: Final = "wall.json"
WALL: Final = "/wall"
ROOMS_CALL: Final = "/wall/rooms"
_LOOPBACK: Final = "127.0.0.1"
_CONNECTIONS: Final = 200
_PAGE: Final = {
    WALL: ("page.html", "text/html"),
    f"{WALL}/page.css": ("page.css", "text/css"),
    f"{WALL}/page.js": ("page.js", "text/javascript"),
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_encode = msgspec.json.Encoder().encode


class WallAccess(Struct, frozen=True):
    """Content of wall.json, its owner's alone: a watcher → his token."""

    tokens: dict[str, str] = {}
    port: int = 0

    def __repr__(self) -> str:
        return f"WallAccess({len(self.tokens)} watchers, port={self.port})"  # a log gets no token


def wall_access(folder: Path, watchers: Mapping[str, object], port: int | None = None) -> WallAccess:
    """Return the tokens of the watchers, made at the first time; who is no watcher any more loses his."""
    try:
        known = msgspec.json.decode((folder / FILE).read_bytes(), type=WallAccess)
    except (FileNotFoundError, *UNREADABLE):
        known = WallAccess()
    tokens = {name: known.tokens.get(name) or secrets.token_urlsafe(32) for name in watchers}
    found = WallAccess(tokens, known.port if port is None else port)
    if found != known:
        write_own(folder / FILE, _encode(found))
    return found


class SeenRooms(Protocol):
    """The rooms as they stand: `watching.WatchedRooms`, `database.RoomsInDatabase`."""

    def wall(self, may: frozenset[str] | None = None) -> Wall:
        """Return the rooms that a watcher may see (None: all)."""


class WallServer:
    """Serves until `close`. ``folder``: where wall.json lies."""

    def __init__(self, folder: Path, listed: RoomList, rooms: SeenRooms) -> None:
        self._folder, self._listed, self._rooms = folder, listed, rooms
        self._watchers: Mapping[str, frozenset[str] | None] = {}
        self._access = WallAccess()
        self._files = {
            path: ((resources() / "wall" / name).read_bytes(), kind) for path, (name, kind) in _PAGE.items()
        }
        self._hosts: frozenset[str] = frozenset()
        self._listener = Listener(self._answer, cap=_CONNECTIONS)

    async def open(self, port: int | None = None) -> int:
        """Listen on 127.0.0.1 and return the port: ``port``, else the one that it had before, else a free
        one. Raises `BadRooms`."""
        self.refresh()
        wanted = self._access.port if port is None else port
        got = await self._listener.open(_LOOPBACK, wanted, or_any=not port)
        self._hosts = frozenset(f"{name}:{got}" for name in (_LOOPBACK, "localhost"))
        self._access = wall_access(self._folder, self._watchers, got)
        return got

    async def close(self) -> None:
        """Stop listening."""
        await self._listener.close()

    def refresh(self) -> None:
        """Read again who may see what; who was taken out sees nothing from now on. Raises `BadRooms`."""
        watchers = self._listed.watchers()
        if watchers != self._watchers:
            self._watchers = watchers
            self._access = wall_access(self._folder, watchers)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self._check_asker(request)
        path = request.raw_path.partition("?")[0]
        if path not in self._files and path != ROOMS_CALL:
            raise ErrorAnswer(404, "not_found")
        if request.method != "GET":
            raise ErrorAnswer(405, "wrong_method", headers={"Allow": "GET"})
        if (file := self._files.get(path)) is not None:
            body, kind = file
            return web.Response(body=body, content_type=kind, charset="utf-8", headers=_HEADERS)
        may = self._watchers[await self._watcher(request)]
        return json_answer(_encode(self._rooms.wall(may)))

    def _check_asker(self, request: web.BaseRequest) -> None:
        """One Host, and it is ours; from no page but our own."""
        one_host(request, self._hosts)
        origin = request.headers.get("Origin")
        if origin is not None and origin.lower() not in {f"http://{host}" for host in self._hosts}:
            raise ErrorAnswer(403, "bad_origin")

    async def _watcher(self, request: web.BaseRequest) -> str:
        given = bearer(request)
        found = [
            name
            for name, known in self._access.tokens.items()
            if hmac.compare_digest(known.encode(), given.encode("utf-8", "surrogateescape"))
        ]
        connection = request.protocol
        assert isinstance(connection, Connection)
        if not given or not found or found[0] not in self._watchers:
            raise await wrong_token(connection, given)
        connection.trust()
        return found[0]
