"""The other side of the door at the least cost: kept-alive HTTP and the stream's frames on plain sockets.

A client library would take as much of two cores as the engine that is measured.
"""

from __future__ import annotations

import asyncio
import base64
import os
from types import TracebackType
from typing import Any, Self

import msgspec

_HEAD_LIMIT = 64 * 1024
_READ = 4 * 1024 * 1024


class Unexpected(Exception):
    """The engine said something that a measurement cannot go on from."""


class BenchConnection:
    """One kept-alive connection with one token."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=_READ)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def head(self, call: str, more: str = "") -> bytes:
        """The head of a request; ``more``: further header lines, each with its line end."""
        host = f"Host: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {self._token}\r\n"
        return f"{call} HTTP/1.1\r\n{host}{more}\r\n".encode()

    async def ask(self, method: str, path: str, body: bytes = b"", type_: str = "application/json") -> bytes:
        """The body of a 200.

        Raises:
            Unexpected: any other status.
        """
        status, said = await self.try_(method, path, body, type_)
        if status != 200:
            raise Unexpected(f"{path}: {status} {said[:200]!r}")
        return said

    async def try_(self, method: str, path: str, body: bytes, type_: str) -> tuple[int, bytes]:
        """Status and body."""
        more = f"Content-Type: {type_}\r\nContent-Length: {len(body)}\r\n"
        self._writer.write(self.head(f"{method} {path}", more) + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head[9:12]), await self._reader.readexactly(length)

    async def post(self, body: bytes, type_: str) -> dict[str, Any]:
        """Post events; waits and posts again where the inbox is full."""
        while True:
            status, said = await self.try_("POST", "/v1/events", body, type_)
            if status == 200:
                answer: dict[str, Any] = msgspec.json.decode(said)
                return answer
            if status != 429:
                raise Unexpected(f"/v1/events: {status} {said[:200]!r}")
            await asyncio.sleep(0.05)

    async def command(self, id_: str, type_: str, data: dict[str, Any]) -> dict[str, Any]:
        """A command's result; a refusal is `Unexpected`."""
        body = msgspec.json.encode({"id": id_, "type": type_, "data": data})
        said = msgspec.json.decode(await self.ask("POST", "/v1/commands", body))
        if not said["ok"]:
            raise Unexpected(f"{type_}: {said['code']} {said['text']}")
        result: dict[str, Any] = said["result"]
        return result


class BenchStream(BenchConnection):
    """One follower: the payloads of the frames of ``/v1/stream``, undecoded."""

    async def begin(self, after: int) -> None:
        """Join behind ``after``."""
        key = base64.b64encode(os.urandom(16)).decode()
        more = (
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        )
        self._writer.write(self.head(f"GET /v1/stream?after={after}", more))
        said = await self._reader.readuntil(b"\r\n\r\n")
        if not said.startswith(b"HTTP/1.1 101"):
            raise Unexpected(said[:200].decode("ascii", "replace"))

    async def frame(self) -> bytes:
        """The next payload of text. The server's pings need no answer for as long as a bench takes."""
        while True:
            first, length = await self._reader.readexactly(2)
            if length == 126:
                length = int.from_bytes(await self._reader.readexactly(2), "big")
            elif length == 127:
                length = int.from_bytes(await self._reader.readexactly(8), "big")
            payload = await self._reader.readexactly(length)
            if first & 0x0F == 1:
                return payload
            if first & 0x0F == 8:
                raise Unexpected("the stream ended")
