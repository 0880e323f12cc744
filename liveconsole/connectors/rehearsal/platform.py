"""The simulated platform: a process of its own with its own ledger, so that an engine can lose it, wait for
it and ask it after a crash, as it would a real one.

``python -m liveconsole rehearsal-platform --data DIR`` serves ``/ask`` and ``/query`` on loopback and writes
DIR/platform.json (its owner's alone) and DIR/platform.ledger.jsonl.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hmac
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from aiohttp import web
from filelock import FileLock, Timeout
from msgspec import Struct

from liveconsole.connectors.rehearsal import scenario, settings
from liveconsole.connectors.rehearsal.ledger import FileLedger, SimulatedPlatform
from liveconsole.exits import Exit
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.paths import data_folder, own_folder, write_own

FILE: Final = "platform.json"
LEDGER: Final = "platform.ledger.jsonl"
_BODY_LIMIT: Final = 64 * 1024
_SILENCE: Final = 60.0
"""How long a question that is never answered is kept open."""


class PlatformAddress(Struct, frozen=True):
    url: str
    pid: int
    token: str


class PlatformAsk(Struct, frozen=True):
    key: str
    cue_id: str = ""
    step: str = ""
    kind: str = ""
    silent: float | None = None
    """In a drill: it is carried out, and for so many seconds nobody learns of it."""


class PlatformAnswer(Struct, frozen=True):
    """It names its question, since an answer may come twice."""

    key: str
    outcome: Literal["done", "refused", "unknown", "absent"]


def look_up(folder: Path) -> PlatformAddress | None:
    """What platform.json says; stale after a kill."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=PlatformAddress)
    except (OSError, *UNREADABLE):
        return None


def run(argv: Sequence[str]) -> int:
    """0: ended as asked; 3: another platform runs on the folder."""
    words = argparse.ArgumentParser(prog="liveconsole rehearsal-platform")
    words.add_argument("--data", type=Path)
    words.add_argument("--until-eof", action="store_true", help="end when stdin ends: with the engine")
    args = words.parse_args(argv)
    folder = own_folder(data_folder(args.data))
    lock = FileLock(folder / "platform.lock")
    try:
        lock.acquire(timeout=2)
    except Timeout:
        sys.stderr.write(f"another platform runs on {folder}\n")
        return Exit.TAKEN
    try:
        asyncio.run(_serve(folder, until_eof=args.until_eof))
    finally:
        lock.release()
    return Exit.OK


async def _serve(folder: Path, *, until_eof: bool) -> None:
    rehearsal = settings.of(folder)
    book = FileLedger(folder / LEDGER)
    behaviour = scenario.load(rehearsal.scenario).platform
    door = _PlatformServer(SimulatedPlatform(behaviour, rehearsal.seed, book), secrets.token_urlsafe(24))
    runner = web.AppRunner(door.app(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    stopped = asyncio.Event()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        door.port = runner.addresses[0][1]
        found = PlatformAddress(f"http://127.0.0.1:{door.port}", os.getpid(), door.token)
        write_own(folder / FILE, msgspec.json.encode(found))
        _stop_on(stopped.set, until_eof=until_eof)
        await stopped.wait()
    finally:
        (folder / FILE).unlink(missing_ok=True)
        await runner.cleanup()
        book.close()


class _PlatformServer:
    def __init__(self, platform: SimulatedPlatform, token: str) -> None:
        self.token = token
        self.port = 0
        self._platform = platform

    def app(self) -> web.Application:
        app = web.Application(client_max_size=_BODY_LIMIT)
        app.router.add_post("/ask", self._ask)
        app.router.add_post("/query", self._query)
        return app

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        question = await self._question(request)
        reply = self._platform.ask(
            datetime.now(UTC),
            key=question.key,
            cue_id=question.cue_id,
            step=question.step,
            kind=question.kind,
            silent=question.silent,
        )
        if reply.after is None:
            await asyncio.sleep(_SILENCE)
            raise web.HTTPGatewayTimeout
        await asyncio.sleep(reply.after)
        return await _said(request, PlatformAnswer(question.key, reply.outcome), twice=reply.twice)

    async def _query(self, request: web.Request) -> web.StreamResponse:
        question = await self._question(request)
        answer = PlatformAnswer(question.key, self._platform.query(datetime.now(UTC), question.key))
        return await _said(request, answer, twice=False)

    async def _question(self, request: web.Request) -> PlatformAsk:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.headers.get("Host") != f"127.0.0.1:{self.port}" or "Origin" in request.headers:
            raise web.HTTPForbidden
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            raise web.HTTPUnauthorized
        try:
            return msgspec.json.decode(await request.read(), type=PlatformAsk)
        except UNREADABLE as why:
            raise web.HTTPBadRequest from why


async def _said(request: web.Request, answer: PlatformAnswer, *, twice: bool) -> web.StreamResponse:
    body = msgspec.json.encode(answer)
    response = web.Response(body=body, content_type="application/json")
    if twice and request.transport is not None:
        # The same answer once more on the same connection, unasked: what a confused proxy does.
        await response.prepare(request)
        await response.write_eof()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with contextlib.suppress(ConnectionError):
            request.transport.write(head.encode() + body)
    return response


def _stop_on(stop: Callable[[], None], *, until_eof: bool) -> None:
    loop = asyncio.get_running_loop()

    def from_outside(*_: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            loop.call_soon_threadsafe(stop)

    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), from_outside)
    if until_eof:
        threading.Thread(target=_wait_for_eof, args=(from_outside,), daemon=True, name="stdin").start()


def _wait_for_eof(then: Callable[[], None]) -> None:
    """Without Python's buffer: a daemon thread that holds its lock at exit aborts the interpreter."""
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    then()
