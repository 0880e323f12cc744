"""Connections at the door: what a person presses of one, and the secrets that they need.

``POST /v1/connections/NAME/ACTION`` · ``PUT /v1/secrets/NAME`` · ``GET /v1/secrets`` ·
``GET /v1/shop/differences``. A secret goes in and never comes out.
"""

from __future__ import annotations

import re
from typing import Any, Final, Protocol

import msgspec
from aiohttp import web

from liveconsole.bus import decode
from liveconsole.bus.http import ErrorAnswer, json_answer, read_body
from liveconsole.messages.connection_acts import ACTS, ConnectionSaid
from liveconsole.messages.differences import PAGE_MOST, DifferencePage
from liveconsole.messages.refusals import word

SECRETS: Final = "/v1/secrets"
ONE_SECRET: Final = f"{SECRETS}/"
ONE_CONNECTION: Final = "/v1/connections/"
DIFFERENCES: Final = "/v1/shop/differences"
_WORDS: Final = ("after", "limit", "kept")
_ACTION: Final = re.compile(r"/v1/connections/([a-z]{1,40})/([a-z_]{1,40})")
_encode = msgspec.json.Encoder().encode


class ConnectionsPort(Protocol):
    """The running connections. Each method raises LookupError for what there is not."""

    async def act(self, name: str, action: str, data: dict[str, Any]) -> ConnectionSaid:
        """Do what a person pressed (one of `ACTS`) and return what came of it, within its own bound of time.
        Raises `NotConnected` where the connection is not set."""

    async def differences(self, after: int, limit: int, *, kept: bool) -> DifferencePage:
        """Return a page of where the shop's goods and ours differ; ``kept``: with those that somebody let
        stand. Raises `NotConnected` where no shop is set."""

    async def secrets(self) -> dict[str, list[str]]:
        """Return which secrets are kept; no value."""

    async def keep_secret(self, name: str, values: dict[str, str]) -> str:
        """Keep secrets and return where; ValueError says what is wrong with them."""


class NotConnected(Exception):
    """The room has no such connection set."""


class NoConnections:
    """A room that is connected to nothing: one that is looked at again."""

    async def act(self, name: str, action: str, data: dict[str, Any]) -> ConnectionSaid:
        raise NotConnected(name)

    async def differences(self, after: int, limit: int, *, kept: bool) -> DifferencePage:
        raise NotConnected("shop")

    async def secrets(self) -> dict[str, list[str]]:
        return {}

    async def keep_secret(self, name: str, values: dict[str, str]) -> str:
        raise LookupError(name)


class ConnectionServer:
    """Answers for connections; who may ask was looked at before."""

    def __init__(self, connections: ConnectionsPort) -> None:
        self._connections = connections

    async def act(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Do one action of a connection; its JSON body is what the action needs."""
        found = _ACTION.fullmatch(request.path)
        if found is None or found[2] not in ACTS.get(found[1], ()):
            raise ErrorAnswer(404, "not_found")
        data = await _object(request)
        try:
            said = await self._connections.act(found[1], found[2], data)
        except NotConnected as error:
            raise ErrorAnswer(409, "not_connected", word("not_connected", {})) from error
        except LookupError as error:
            raise ErrorAnswer(404, "not_found") from error
        return json_answer(_encode(said))

    async def differences(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Answer a page of where the shop's goods and ours differ: ``?after=N&limit=≤500&kept=1``."""
        asked = {name: request.query[name] for name in _WORDS if name in request.query}
        if not all(text.isascii() and text.isdigit() and len(text) <= 9 for text in asked.values()):
            raise ErrorAnswer(400, "bad_shape")
        after, limit = int(asked.get("after", "0")), int(asked.get("limit", PAGE_MOST))
        try:
            found = await self._connections.differences(after, limit, kept=asked.get("kept") == "1")
            return json_answer(_encode(found))
        except NotConnected as error:
            raise ErrorAnswer(409, "not_connected", word("not_connected", {})) from error
        except TimeoutError as error:
            raise ErrorAnswer(504, "no_answer") from error

    async def secrets(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Say which secrets are kept."""
        return json_answer(_encode({"secrets": await self._connections.secrets()}))

    async def keep_secret(self, request: web.BaseRequest, role: str) -> web.StreamResponse:
        """Keep the secrets in the body (``{field: value}``; an empty value takes one away)."""
        values = await _object(request)
        if not all(isinstance(value, str) for value in values.values()):
            raise ErrorAnswer(400, "bad_shape")
        try:
            kept = await self._connections.keep_secret(request.path.removeprefix(ONE_SECRET), values)
        except LookupError as error:
            raise ErrorAnswer(404, "not_found") from error
        except ValueError as error:
            raise ErrorAnswer(400, "bad_shape", detail=str(error)) from error
        except OSError as error:
            raise ErrorAnswer(507, "cannot_write") from error
        return json_answer(_encode({"kept": kept}))


async def _object(request: web.BaseRequest) -> dict[str, Any]:
    body = await read_body(request)
    try:
        return decode.read_object(request.headers.get("Content-Type", ""), body)
    except decode.UnreadableBody as error:
        raise ErrorAnswer(400, error.code, error.text) from error
