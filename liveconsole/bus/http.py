"""The HTTP floor of the door: connections, limits, and answers as JSON bodies. Knows no room."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Awaitable, Callable, Container, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from liveconsole.bus.decode import BODY_LIMIT
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.refusals import word

log = logging.getLogger(__name__)

CONNECTION_CAP: Final = 4000
"""Above it the oldest connection that showed no right token gives way, or where there is none the new one;
lower where the system allows fewer open files."""
BACKLOG: Final = 4096
_FILES_KEPT: Final = 200
"""Open files that are left for the store and the log."""
IDLE_SECONDS: Final = 30.0
"""A connection that has not sent a whole request head for this long is closed."""
BODY_SECONDS: Final = 10.0
_LINGER_SECONDS: Final = 2.0
_END_SECONDS: Final = 2.0
_GUESSES: Final = 20
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class ErrorAnswer(Exception):
    """Ends the handling of a request with an error body ``{"code", "text"}``."""

    def __init__(
        self,
        status: int,
        code: str,
        text: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text or word(code, params)
        self.headers = dict(headers or {})


def json_answer(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return a JSON body, never cached."""
    return web.Response(
        body=body, status=status, content_type="application/json", headers={**_HEADERS, **(headers or {})}
    )


def error_answer(error: ErrorAnswer) -> web.Response:
    """Return the error body of the contract."""
    body = msgspec.json.encode({"code": error.code, "text": error.text})
    answer = json_answer(body, error.status, error.headers)
    if "Connection" in error.headers:
        answer.force_close()
    return answer


def not_taken(error: NotTaken) -> ErrorAnswer:
    """Return the status and body for what the room took nothing of."""
    if error.code == "inbox_full":
        return ErrorAnswer(429, error.code, headers={"Retry-After": str(max(1, round(error.retry_after)))})
    if error.code == "bad_query":
        return ErrorAnswer(400, "bad_shape", detail=error.detail)
    status = {"cannot_write": 507, "only_playback": 409}.get(error.code, 503)
    return ErrorAnswer(status, error.code, word(error.code, {"detail": error.detail}))


class Still:
    """Of a request of somebody whose right may be taken away. ``look`` raises `ErrorAnswer` where it was."""

    def __init__(self, look: Callable[[], None]) -> None:
        self.look = look


STILL: Final = web.RequestKey("liveconsole.still", Still)


def still_may(request: web.BaseRequest) -> None:
    """Look again whether who asks may, after something was waited for. Raises `ErrorAnswer`."""
    if (still := request.get(STILL)) is not None:
        still.look()


async def read_body(
    request: web.BaseRequest,
    most: int | None = None,
    too_large: Callable[[], ErrorAnswer] | None = None,
) -> bytes:
    """Read the body, at most ``most`` bytes of it (else `BODY_LIMIT`) and within `BODY_SECONDS`; nothing is
    decompressed, and no more than that is ever in memory. ``too_large``: says so in other words.

    Raises:
        ErrorAnswer: 413, or 400 for a body that is compressed or comes too slowly; 401 where who sent it was
            taken away meanwhile.
    """
    most = BODY_LIMIT if most is None else most
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ErrorAnswer(400, "unreadable", "Content-Encoding is not taken: send the body as it is")
    if (request.content_length or 0) > most:
        raise too_large() if too_large else ErrorAnswer(413, "too_large")
    if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.content.iter_any():
                body += part
                if len(body) > most:
                    raise too_large() if too_large else ErrorAnswer(413, "too_large")
    except (TimeoutError, web.RequestPayloadError) as error:
        raise ErrorAnswer(400, "unreadable", headers={"Connection": "close"}) from error
    still_may(request)
    return bytes(body)


def one_host(request: web.BaseRequest, ours: Container[str]) -> None:
    """Take a request with one Host that is ours; `ErrorAnswer` otherwise.

    ``request.host`` is not asked: without that header it may look the machine's name up, and block.
    """
    named = request.headers.getall("Host", [])
    if len(named) != 1 or named[0].lower() not in ours:
        raise ErrorAnswer(403, "bad_host")


def bearer(request: web.BaseRequest) -> str:
    """Return the token that a request came with; empty: none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class Connection(RequestHandler):
    """aiohttp's connection with our error bodies, for what is no HTTP at all.

    ``guesses``: wrong tokens that came over it.
    """

    __slots__ = ("_server", "guesses")

    def __init__(self, server: Server, *, loop: asyncio.AbstractEventLoop, **settings: Any) -> None:
        super().__init__(server, loop=loop, **settings)
        self._server = server
        self.guesses = 0

    def trust(self) -> None:
        """A right token came over it: it gives way to nobody."""
        self._server.strangers.pop(self, None)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= 500:
            log.error("request failed with a bug", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun already")
        code = "unreadable" if status < 500 else "bug"
        answer = error_answer(ErrorAnswer(status, code))
        answer.force_close()
        return answer


async def wrong_token(connection: Connection, token: str | None, code: str = "unauthorized") -> ErrorAnswer:
    """Return the no to a wrong token: slower with each on its connection, which ends with the twentieth."""
    headers = {"WWW-Authenticate": "Bearer"}
    if token:
        connection.guesses += 1
        guesses = connection.guesses
        if guesses in (1, _GUESSES):
            log.warning("wrong token, %d on this connection", guesses)
        await asyncio.sleep(min(2.0, 0.05 * 2**guesses))
        if guesses >= _GUESSES:
            headers["Connection"] = "close"
    return ErrorAnswer(401, code, headers=headers)


class Server(web.Server):
    """A listener with a cap on its connections; ``strangers`` showed no token, the oldest first."""

    def __init__(self, handler: Handler, *, cap: int | None = None) -> None:
        """``handler`` may raise `ErrorAnswer` and `NotTaken`."""
        super().__init__(
            partial(_answered, handler),
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=_LINGER_SECONDS,
            auto_decompress=False,
            access_log=None,
        )
        self._cap = min(CONNECTION_CAP if cap is None else cap, _open_files() - _FILES_KEPT)
        self.strangers: dict[RequestHandler, asyncio.Transport] = {}

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self.strangers[handler] = transport
        if len(self._connections) > self._cap and self.strangers:
            oldest = self.strangers.pop(next(iter(self.strangers)))
            # Not at once: aiohttp's handler must have begun, or its end leaves a trace in the log.
            self._loop.call_soon(oldest.abort)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self.strangers.pop(handler, None)

    def __call__(self) -> RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)


async def _answered(handler: Handler, request: web.BaseRequest) -> web.StreamResponse:
    try:
        return await handler(request)
    except ErrorAnswer as error:
        return error_answer(error)
    except NotTaken as error:
        return error_answer(not_taken(error))


class Listener:
    """One address in the clear: of this computer alone, or behind a web server. `open` may be called once."""

    def __init__(self, handler: Handler, *, cap: int | None = None) -> None:
        self._handler, self._cap = handler, cap
        self._runner: web.ServerRunner | None = None

    async def open(self, host: str, port: int, *, or_any: bool = False) -> int:
        """Listen and return the port; ``or_any``: another one where that is taken. Raises OSError."""
        try:
            listening = bound(host, port)
        except OSError:
            if not or_any:
                raise
            log.warning("port %d is taken, another one serves", port)
            listening = bound(host, 0)
        self._runner = web.ServerRunner(Server(self._handler, cap=self._cap), shutdown_timeout=_END_SECONDS)
        await self._runner.setup()
        await web.SockSite(self._runner, listening, backlog=BACKLOG).start()
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Listen no more; running calls may finish."""
        if self._runner is not None:
            await self._runner.cleanup()


def bound(host: str, port: int) -> socket.socket:
    """Return a TCP socket on that address and nobody else's, closed again where it is taken (OSError).

    On Windows another program may bind a port that is in use and take its connections, unless the first
    one forbids it; elsewhere SO_REUSEADDR only lets us have our own port back at once after a restart.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def _open_files() -> int:
    """How many files this process may open, raised as far as it may; Windows sets sockets no such limit."""
    try:
        import resource
    except ImportError:
        return CONNECTION_CAP + _FILES_KEPT
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTION_CAP + _FILES_KEPT
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else soft
