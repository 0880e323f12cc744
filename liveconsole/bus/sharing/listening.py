"""A TLS listener that strangers in the network can reach: every step of a connection has a bound.

Connections are taken by hand, because asyncio's own server neither counts nor times those whose handshake is
not done: enough of them would use up the files that the store needs.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
import sys
from collections import Counter
from typing import Final

from aiohttp.web_protocol import RequestHandler

from liveconsole.bus.http import Handler, Server, bound
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

CONNECTIONS_MOST: Final = 256
"""Over all seats and strangers; the oldest stranger gives way."""
OF_ONE_ADDRESS: Final = 48
"""Of one computer, whoever it is."""
HANDSHAKES_MOST: Final = 64
HANDSHAKE_SECONDS: Final = 5.0
_SHUTDOWN_SECONDS: Final = 1.0
_IN_PROGRAM: Final = 4 * 1024
_UNSENT: Final = 8 * 1024
"""Bytes that may wait in buffers of the program and of the system: what waits before them can still be left
out."""
_SENT_BUFFER: Final = 64 * 1024
_BACKLOG: Final = 64
_NOTSENT_LOWAT: Final = {"linux": 25, "darwin": 0x201}


class TlsServer(Server):
    """Connections whose handshake is done, each with the address that it came from."""

    def __init__(self, handler: Handler) -> None:
        super().__init__(handler, cap=CONNECTIONS_MOST)
        self._from: dict[RequestHandler, str] = {}
        self._of: Counter[str] = Counter()

    def of(self, address: str) -> int:
        """Return how many connections an address has, those in their handshake too."""
        return self._of[address]

    def coming(self, address: str) -> RequestHandler:
        """Count one that was taken, and return what will handle it."""
        handler = self()
        self._from[handler] = address
        self._of[address] += 1
        return handler

    def gone(self, handler: RequestHandler) -> None:
        """It has ended, or its handshake failed; to say it twice does no harm."""
        address = self._from.pop(handler, None)
        if address is not None:
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        _keep_little_in(transport)
        super().connection_made(handler, transport)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self.gone(handler)


class TlsListener:
    """One address. `open` may be called once."""

    def __init__(self, handler: Handler) -> None:
        self._web = TlsServer(handler)
        self._accepting: asyncio.Task[None] | None = None
        self._socket: socket.socket | None = None
        self._handshakes: set[asyncio.Task[None]] = set()

    def open(self, address: str, port: int, context: ssl.SSLContext) -> int:
        """Listen and return the port: ``port`` where it is free, else another one.

        Raises:
            OSError: it is none of this computer's addresses.
        """
        try:
            listening = bound(address, port)
        except OSError:
            if port == 0:
                raise
            listening = bound(address, 0)
        try:
            listening.listen(_BACKLOG)
            listening.setblocking(False)
        except OSError:
            listening.close()
            raise
        self._socket = listening
        self._accepting = spawn(self._accept(listening, context), name="shared door")
        return int(listening.getsockname()[1])

    async def close(self) -> None:
        """Listen no more, and end every connection."""
        await cancel_all([*([self._accepting] if self._accepting else []), *self._handshakes])
        if self._socket is not None:
            self._socket.close()
        self._web.pre_shutdown()
        await self._web.shutdown(_SHUTDOWN_SECONDS)

    async def _accept(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, (address, *_) = await loop.sock_accept(listening)
            except OSError as error:  # the other side went, or no file is left: others are still served
                log.warning("a connection could not be taken: %s", type(error).__name__)
                await asyncio.sleep(0.1)
                continue
            if self._web.of(address) >= OF_ONE_ADDRESS or len(self._handshakes) >= HANDSHAKES_MOST:
                connection.close()
                continue
            handler = self._web.coming(address)
            task = spawn(self._take(connection, handler, context), name="shared handshake")
            self._handshakes.add(task)
            task.add_done_callback(self._handshakes.discard)

    async def _take(
        self, connection: socket.socket, handler: RequestHandler, context: ssl.SSLContext
    ) -> None:
        taken = False
        try:
            connection.setblocking(False)
            with contextlib.suppress(OSError):
                _keep_little_waiting(connection)
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: handler,
                connection,
                ssl=context,
                ssl_handshake_timeout=HANDSHAKE_SECONDS,
                ssl_shutdown_timeout=_SHUTDOWN_SECONDS,
            )
            taken = True
        except OSError:  # no TLS, of too old a version, too slow: all of them are kinds of it
            pass
        finally:
            if not taken:
                connection.close()
                self._web.gone(handler)


def _keep_little_in(transport: asyncio.Transport) -> None:
    """Let next to nothing wait between the room and the wire: TLS has a buffer, and what is below it."""
    transport.set_write_buffer_limits(high=_IN_PROGRAM, low=_IN_PROGRAM // 4)
    below = getattr(getattr(transport, "_ssl_protocol", None), "_transport", None)
    if below is not None:  # asyncio has no other way to it; without it 64 KiB wait there
        below.set_write_buffer_limits(high=_IN_PROGRAM, low=_IN_PROGRAM // 4)


def _keep_little_waiting(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    option = _NOTSENT_LOWAT.get(sys.platform)
    if option is not None:
        connection.setsockopt(socket.IPPROTO_TCP, option, _UNSENT)
    else:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SENT_BUFFER)
