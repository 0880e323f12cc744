"""`liveconsole serve` with one guard of its door taken away, or with shorter limits.

The attacks must get in where their guard is missing, else a test that finds them shut out proves nothing.
Run as ``python -m tests.doors.bent_engine [--without GUARD] [--limits JSON] -- SERVE WORDS``.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aiohttp import web
from msgspec.structs import replace

from liveconsole import cli
from liveconsole.bus import decode, facts, http, server
from liveconsole.domain.kinds.lucky_bag import draws
from liveconsole.engine import dry_runs, engine, followers
from liveconsole.messages import inputs
from liveconsole.messages.inputs import CommandInput
from tests import starter
from tests.contract.engine_process import ROOT, EngineProcess

BATCH = "application/cloudevents-batch+json"


class BentEngine(EngineProcess):
    """An engine of its own process, as `EngineProcess`, with a guard less or with limits of the test."""

    def __init__(
        self, folder: Path, *, without: str = "", limits: dict[str, float] | None = None, port: int = 0
    ) -> None:
        super().__init__(folder)
        self._bends = ["--without", without] if without else []
        self._bends += ["--limits", json.dumps(limits)] if limits else []
        self._port = port

    def start(self, *, ready: bool = True) -> BentEngine:
        env = {**os.environ, "LIVECONSOLE_KEYRING": "off", "PYTHONPATH": str(ROOT)}
        words = [*self._bends, "--", "--data", str(self.folder), "--port", str(self._port)]
        self._process = starter.start("tests.doors.bent_engine", words, env)
        assert self._process.stdout is not None
        self.first_line = self._process.stdout.readline()
        if not self.first_line:
            raise AssertionError(f"the engine did not start: {self._process.communicate()[1]!r}")
        self.found = json.loads((self.folder / "engine.json").read_bytes())
        return self


def _nothing(*_: object) -> None:
    """A check that lets everything pass."""


async def _everybody_is_host(door: object, request: web.BaseRequest, token: str | None) -> str:
    return "host"


def _any_token(request: web.BaseRequest) -> str | None:
    """Tokens wherever a careless server would look for them."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "basic", "token"):
        return token
    places = (
        request.query.get("token"),
        request.query.get("access_token"),
        request.headers.get("X-Api-Key"),
        request.headers.get("Sec-WebSocket-Protocol", "").split(",")[-1].strip(),
        request.cookies.get("token"),
    )
    return next((place for place in places if place), None)


async def _read_it_all(request: web.BaseRequest) -> bytes:
    request._client_max_size = 1 << 30
    return await request.read()


async def _unpacked(request: web.BaseRequest) -> bytes:
    body = await _read_it_all(request)
    match request.headers.get("Content-Encoding", "").lower():
        case "gzip" | "x-gzip":
            return gzip.decompress(body)
        case "deflate":
            return zlib.decompress(body)
        case _:
            return body


def _any_kind(read: Callable[..., Any], kind: str) -> Callable[..., Any]:
    return lambda _kind, body, *more, **words: read(kind, body, *more, **words)


def _cut_the_newcomer(self: Any, handler: Any, transport: asyncio.Transport) -> None:
    self._connections[handler] = transport
    if len(self._connections) > self._cap:
        self._loop.call_soon(transport.abort)


async def _on_the_writer(self: Any, type_: str, data: dict[str, Any], role: str) -> bytes:
    def run(core: Any) -> bytes:
        return json.dumps(self._judge(core.room, type_, data, self._now(), role)).encode()

    found: bytes = await self._view(run)
    return found


def take_away(guard: str) -> None:
    """Take a guard out of this process's door."""
    door: Any = server.BusServer
    names: Any = server
    posts: Any = facts
    match guard:
        case "host":
            door._check_host = _nothing
        case "origin":
            door._check_origin = _nothing
        case "token":
            door._role = _everybody_is_host
        case "place":
            names.bearer = _any_token
        case "overlay":
            known = names.role_of
            names.role_of = lambda tokens, token: known(tokens, token) and "host"
        case "kind":
            decode.read_events = _any_kind(decode.read_events, BATCH)
            decode.read_command = _any_kind(decode.read_command, "application/json")
        case "size":
            names.read_body = posts.read_body = _read_it_all
        case "packing":
            names.read_body = posts.read_body = _unpacked
        case "depth":
            decode.DEPTH_LIMIT = 200  # type: ignore[misc]
        case "frames":
            whole = web.WebSocketResponse

            def wide(*words: Any, **named: Any) -> web.WebSocketResponse:
                return whole(*words, **{**named, "max_msg_size": 0})

            names.web.WebSocketResponse = wide
        case "commanders":
            names._COMMANDERS = names._EVERYBODY
        case "asker":
            read = decode.read_command

            def for_anybody(kind: str, body: bytes, role: str) -> CommandInput:
                return replace(read(kind, body, "host"), role=role)

            decode.read_command = for_anybody  # type: ignore[assignment]
        case "unknown":
            decode.trimmed = lambda _known, sent, _who: sent  # type: ignore[assignment, attr-defined]
        case "strangers":
            http.Server.connection_made = _cut_the_newcomer  # type: ignore[method-assign]
        case "dry runs":
            dry_runs.DryRuns.ask = _on_the_writer  # type: ignore[method-assign]
        case "slowness":

            async def at_once(_seconds: float) -> None:
                """Waits for nothing."""

            floor: Any = http
            floor.asyncio = SimpleNamespace(**{**vars(asyncio), "sleep": at_once})
        case _:
            raise ValueError(f"no such guard: {guard}")


def main() -> int:
    """Bend, then serve."""
    words = argparse.ArgumentParser()
    words.add_argument("--without", action="append", default=[])
    words.add_argument("--limits", default="{}")
    words.add_argument("serve", nargs="*")
    asked = words.parse_args()
    for guard in (one for several in asked.without for one in several.split("+")):
        take_away(guard)
    for name, value in json.loads(asked.limits).items():
        places = (decode, inputs, http, server, engine, followers, draws)
        modules = [module for module in places if hasattr(module, name)]
        assert modules, name
        for module in modules:
            setattr(module, name, value)
    return cli.main(["serve", *asked.serve])


if __name__ == "__main__":
    sys.exit(main())
