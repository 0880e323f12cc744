"""No more of a body is ever in memory than may be, however it comes, on every listener that takes one."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from liveconsole.bus import http, http_wire, images
from liveconsole.bus.decode import BODY_LIMIT
from liveconsole.bus.errors import EngineGone
from liveconsole.bus.http import ErrorAnswer, read_body
from liveconsole.bus.joining import trusted
from liveconsole.bus.presence import Presence
from liveconsole.bus.server import BusServer
from liveconsole.bus.sharing import door
from liveconsole.bus.sharing.certificates import StudioCertificates
from liveconsole.bus.sharing.share import Sharing
from liveconsole.connectors.relay import server as relay
from liveconsole.connectors.relay.inbox import PushInbox
from liveconsole.messages.bounds import PICTURE_BYTES
from liveconsole.messages.sharing import ShareOpen
from tests.unit.bus.test_server import FakeRoom
from tests.unit.bus.test_shared_bounds import NOW

PART: Final = 64 * 1024


class Endless:
    """A body in chunks, without a length and without an end."""

    def __init__(self) -> None:
        self.given = 0

    async def iter_any(self) -> AsyncIterator[bytes]:
        while True:
            self.given += PART
            yield bytes(PART)

    def set_read_chunk_size(self, _size: int) -> None: ...

    async def readany(self) -> bytes:
        self.given += PART
        return bytes(PART) if self.given < 64 * BODY_LIMIT else b""


def endless() -> tuple[web.BaseRequest, Endless]:
    body = Endless()
    return make_mocked_request("POST", "/", payload=cast(Any, body)), body


@pytest.mark.parametrize("most", [1, 4_096, 256 * 1024, BODY_LIMIT])
async def test_what_has_no_end_is_left_where_it_is_too_much(most: int) -> None:
    request, body = endless()
    with pytest.raises(ErrorAnswer) as no:
        await read_body(request, most)
    assert (no.value.status, no.value.code) == (413, "too_large")
    assert body.given <= most + PART


async def test_a_bound_that_is_looked_at_afterwards_takes_in_what_it_should_not() -> None:
    """The twin: as it was read before, whole, and then measured."""
    request, body = endless()
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        await request.read()
    assert body.given > 4_096 + PART


async def test_to_the_byte_it_fits() -> None:
    for size, fits in ((100, True), (101, False)):
        payload = asyncio.StreamReader()
        payload.feed_data(bytes(size))
        payload.feed_eof()

        class Whole:
            async def iter_any(self, payload: asyncio.StreamReader = payload) -> AsyncIterator[bytes]:
                yield await payload.read()

        request = make_mocked_request("POST", "/", payload=cast(Any, Whole()))
        if fits:
            assert len(await read_body(request, 100)) == size
        else:
            with pytest.raises(ErrorAnswer):
                await read_body(request, 100)


class At(NamedTuple):
    """Where a body is taken. ``most``: its bound."""

    host: str
    port: int
    context: ssl.SSLContext | None
    head: tuple[str, ...]
    most: int


@pytest.fixture
async def listeners(tmp_path: Path) -> AsyncIterator[dict[str, At]]:
    """Every listener that takes a body, with who may send one there."""
    sharing = Sharing(tmp_path, "room", lambda: NOW)
    server = BusServer(
        FakeRoom(),
        tokens={"host": "h", "producer": "p"},
        proof_key="key",
        schema=lambda: b"{}",
        overlay_page=lambda _host: (b"", ""),
        stop=lambda: None,
        present=Presence(lambda: NOW),
        sharing=sharing,
    )

    async def off_air() -> tuple[int, bool]:
        return 1, False

    sharing.serve(server, off_air)
    port = await server.open(0)
    shared = (await sharing.act(ShareOpen("127.0.0.1"))).sharing
    _, token = await sharing._register.add("tool", "producer", "tool", NOW, may_fire=False)
    inbox = PushInbox(tmp_path)
    await inbox.open()
    pushes = relay.RelayServer(inbox, token="t", key="k", now=lambda: NOW)
    at_relay = await pushes.open("127.0.0.1", 0)
    context = trusted(StudioCertificates(tmp_path).pem)

    def here(line: str, token: str, most: int) -> At:
        return At(
            "127.0.0.1", port, None, (line, f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {token}"), most
        )

    def there(line: str, most: int, *more: str) -> At:
        return At("127.0.0.1", shared.port, context, (line, f"Host: 127.0.0.1:{shared.port}", *more), most)

    json = "Content-Type: application/json"
    yield {
        "facts": here("POST /v1/events HTTP/1.1", "p", BODY_LIMIT),
        "commands": here("POST /v1/commands HTTP/1.1", "h", BODY_LIMIT),
        "pictures": here("PUT /v1/images HTTP/1.1", "h", PICTURE_BYTES),
        "shared facts": there("POST /v1/events HTTP/1.1", BODY_LIMIT, f"Authorization: Bearer {token}"),
        "strangers who ask": there("POST /v1/join HTTP/1.1", door._BODY_MOST, json),
        "strangers who reveal": there(f"POST /v1/join/{'0' * 32} HTTP/1.1", door._BODY_MOST, json),
        "pushes": At("127.0.0.1", at_relay, None, ("POST /push HTTP/1.1", "Host: x"), relay.PUSH_BYTES),
    }
    await pushes.close()
    await inbox.close()
    await sharing.close()
    await server.close()


@pytest.mark.parametrize(
    "name",
    [
        *("facts", "commands", "pictures", "shared facts"),
        *("strangers who ask", "strangers who reveal", "pushes"),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
async def test_every_listener_says_413_beyond_its_bound(
    listeners: dict[str, At], name: str, chunked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what it says of its length, and by what comes where it says nothing."""
    at = listeners[name]
    held: list[int] = []
    _watch(monkeypatch, held.append)
    reader, writer = await asyncio.open_connection(at.host, at.port, ssl=at.context)
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {at.most + 1}"
    writer.write(("\r\n".join((*at.head, how)) + "\r\n\r\n").encode())
    if chunked:
        size = min(PART, at.most)
        for _ in range(at.most // size + 2):
            writer.write(b"%x\r\n%b\r\n" % (size, bytes(size)))
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert line.split()[1] == b"413"
    assert max(held, default=0) <= at.most + 2 * PART + 64 * 1024


def _watch(monkeypatch: pytest.MonkeyPatch, tell: Callable[[int], object]) -> None:
    """Hear how much of a body is held, each time that more of it came."""

    class Told(bytearray):
        def __iadd__(self, more: Any) -> Any:  # type: ignore[misc]
            super().extend(more)
            tell(len(self))
            return self

    monkeypatch.setattr(http, "bytearray", Told, raising=False)
    assert not hasattr(images, "_read"), "there is one way to read a body"


async def test_an_answer_without_an_end_is_left_where_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sits at a dead engine's port may say anything, before he has proved who he is."""
    monkeypatch.setattr(http_wire, "_ANSWER_MOST", 4 * PART)
    sent, over = 0, asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        with suppress(ConnectionError):
            while sent < 1_024 * PART:
                writer.write(bytes(PART))
                await writer.drain()
                sent += PART
        writer.close()
        over.set()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire = http_wire.HttpWire(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", "t", "key")
    with pytest.raises(EngineGone, match="more than an engine"):
        await wire.health()
    await wire.close()
    await over.wait()
    listening.close()
    assert sent < 1_024 * PART, "the twin would have read to the end"
