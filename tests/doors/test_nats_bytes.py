"""What a stolen key can do to everybody by one message that cannot be read: nothing.

A broker hands on headers and the subject of an answer as they came. Each of these is sent at a real broker by
a client that checks nothing, and a good message right behind it must be heard.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from liveconsole.bus.nats import dialing, steady_client
from liveconsole.bus.nats.dialing import BrokerAt, dial, hang_up
from liveconsole.bus.nats.folder import BrokerFiles, engine_seed_of, place_of
from liveconsole.bus.nats.keys import new_seed, public_of, read_seed
from liveconsole.bus.nats.steady_client import HEADERS_MOST
from liveconsole.bus.sharing.seats_kept import SeatRecord
from tests.brokers import Broker, needs_broker
from tests.contract.nats_room import no_one
from tests.doors.test_nats_attacks import NOW

ASK: Final = b"lc.r1.viewer.bb33.ask"
_MANY: Final = b"NATS/1.0\r\n" + b"".join(b"a%d: b\r\n" % n for n in range(200_000)) + b"\r\n"


def with_headers(headers: bytes) -> bytes:
    return b"HPUB %b _INBOX_bb33.t %d %d\r\n%b{}\r\n" % (ASK, len(headers), len(headers) + 2, headers)


def answered_on(reply: bytes) -> bytes:
    return b"PUB %b %b 2\r\n{}\r\n" % (ASK, reply)


BYTES: Final = {
    "a header block of eight bytes": with_headers(b"NATS/1.0"),
    "a header block of two": with_headers(b"NA"),
    "a status that is no text": with_headers(b"NATS/1.0 \xff\xff\xff\r\n\r\n"),
    "a status and words that are none": with_headers(b"NATS/1.0 503 \xff\xfe\r\n\r\n"),
    "headers that are none": with_headers(b"NATS/1.0\r\n\xff\xfe:\x00\x01\r\n\r\n"),
    "two hundred thousand headers": with_headers(_MANY),
    "an answer on no text": answered_on(b"_INBOX_bb33.\xff\xfe"),
    "an answer on a vertical tab": answered_on(b"_INBOX_bb33.\x0bx"),
    "an answer on a form feed": answered_on(b"_INBOX_bb33.\x0c"),
    "an answer on nothing": answered_on(b"_INBOX_bb33.\x00x"),
    "an answer on all subjects": answered_on(b"_INBOX_bb33.>"),
    "an answer on 3,000 letters": answered_on(b"_INBOX_bb33." + b"x" * 3_000),
}
DEAF: Final = {
    "a header block of eight bytes",
    "a status that is no text",
    "an answer on no text",
    "an answer on a vertical tab",
}


class Place:
    """A broker with one engine and one viewer whose key was stolen."""

    def __init__(self, broker: Broker, viewer: BrokerAt, engine: BrokerAt) -> None:
        self.broker, self.viewer, self.engine = broker, viewer, engine

    async def heard_behind(self, sent: bytes) -> tuple[list[bytes], Any]:
        """What an engine hears of bad bytes and of a good message behind them, and its connection."""
        heard: list[bytes] = []
        good = asyncio.Event()

        async def hear(message: Any) -> None:
            heard.append(message.data)
            if message.data == b"good":
                good.set()

        engine = await dial(self.engine, "_INBOX_none", refused=print, closed=no_one)
        thief = await dial(self.viewer, "_INBOX_bb33", refused=print, closed=no_one)
        try:
            await engine.subscribe("lc.r1.*.*.ask", cb=hear)
            await engine.flush()
            await thief._send_command(sent)
            await thief._flush_pending()
            await thief.publish(ASK.decode(), b"good", "_INBOX_bb33.u")
            await thief.flush()
            try:
                async with asyncio.timeout(1.5):
                    await good.wait()
            except TimeoutError:
                pass
            return heard, engine
        finally:
            await hang_up(thief)
            await hang_up(engine)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    needs_broker()
    data = tmp_path_factory.mktemp("room")
    broker = Broker(data, room="r1")
    kept = place_of(data)
    assert kept is not None
    files, seed = BrokerFiles(data, kept, "r1"), new_seed()
    record = SeatRecord(*("bb33", "viewer", "viewer", False, "desk", "", NOW), None, True, public_of(seed))
    files.write([record])
    broker.start()
    engine = read_seed(engine_seed_of(data))
    at = BrokerAt((broker.url,), seed, files.authority)
    yield Place(broker, at, at._replace(seed=engine))
    broker.stop()


@pytest.mark.parametrize("name", BYTES)
async def test_what_is_sent_behind_it_is_heard(place: Place, name: str) -> None:
    heard, engine = await place.heard_behind(BYTES[name])
    assert heard[-1:] == [b"good"]
    assert heard[:-1] in ([], [b"{}"])
    assert engine.unreadable == (1 if heard == [b"good"] else 0)


@pytest.mark.parametrize("name", sorted(DEAF))
async def test_the_library_s_own_client_would_be_deaf(
    place: Place, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    import nats.aio.client
    from nats.protocol import parser

    monkeypatch.setattr(dialing, "client_class", lambda: nats.aio.client.Client)
    to = rb"\s+([^\s]+)\s+([^\s]+)\s+(([^\s]+)[^\S\r\n]+)?"  # as it has them
    monkeypatch.setattr(parser, "MSG_RE", re.compile(rb"\AMSG" + to + rb"(\d+)\r\n"))
    monkeypatch.setattr(parser, "HMSG_RE", re.compile(rb"\AHMSG" + to + rb"([\d]+)\s+(\d+)\r\n"))
    heard, _ = await place.heard_behind(BYTES[name])
    assert b"good" not in heard


async def test_headers_are_read_up_to_a_bound_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in what is given to the library's reader of headers, which takes seconds for the largest."""
    needs_broker()
    made = steady_client.client_class()
    client: Any = made()
    read: list[int] = []

    async def headers(raw: bytes | None) -> None:
        read.append(len(raw or b""))

    monkeypatch.setattr(client, "_process_headers", headers)
    client._subs = {1: _Subscription()}
    for size in (10, HEADERS_MOST, HEADERS_MOST + 1, 4 * 1024 * 1024):
        await client._process_msg(1, b"s", b"r", b"", b"NATS/1.0\r\n".ljust(size, b"x"))
    assert read == [10, HEADERS_MOST, 0, 0]


class _Subscription:
    """As much of one as a message needs."""

    def __init__(self) -> None:
        self._received = self._max_msgs = self._pending_size = self._pending_bytes_limit = 0
        self._jsi = self._future = None
        self._pending_queue: asyncio.Queue[Any] = asyncio.Queue()
        self._id = 1
