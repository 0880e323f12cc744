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
from liveconsole.bus.nats.steady_client import HEADERS_MOST, SeatFlood
from liveconsole.bus.sharing.seats_kept import SeatRecord
from liveconsole.tasks import cancel_all, spawn
from tests.brokers import Broker, all_said, needs_broker
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

    async def heard_behind(self, sent: bytes, patience: float = 20.0) -> tuple[list[bytes], Any]:
        """What an engine hears of bad bytes and of a good message behind them, within so many seconds, and
        its connection."""
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
            await all_said(engine)
            await thief._send_command(sent)
            await thief._flush_pending()
            await thief.publish(ASK.decode(), b"good", "_INBOX_bb33.u")
            await all_said(thief)
            try:
                async with asyncio.timeout(patience):
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
    heard, _ = await place.heard_behind(BYTES[name], patience=1.5)
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


def test_what_is_more_than_one_seat_has_to_say_is_dropped_and_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a clock of the test's own: two seconds in a row of too much are a flood, one is a burst."""
    monkeypatch.setattr(steady_client, "A_SECOND", 10)
    monkeypatch.setattr(steady_client, "BYTES_A_SECOND", 1_000)
    at, told = [0.0], list[str]()
    flood = SeatFlood(told.append, lambda: at[0])

    def comes(messages: int, size: int = 1, subject: bytes = b"s") -> int:
        """How many of them are dropped."""
        return sum(flood.is_too_much(subject, size) for _ in range(messages))

    assert (comes(10), comes(5), comes(10, subject=b"other")) == (0, 5, 0)
    assert told == []
    at[0] = 1.1
    assert comes(12) == 2
    assert told == ["s"]
    comes(50)
    assert told == ["s"], "once a second"
    at[0] = 2.2
    assert (comes(3, 400), told) == (1, ["s", "s"]), "by its bytes too"
    at[0] = 9.0
    assert (comes(30), told) == (20, ["s", "s"]), "what was long ago is no flood with this"


async def test_a_flood_at_a_broker_is_noticed_and_others_are_heard(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady_client, "A_SECOND", 20)
    told = asyncio.Event()
    subjects: list[str] = []
    heard: list[bytes] = []

    def flooded(subject: str) -> None:
        subjects.append(subject)
        told.set()

    async def hear(message: Any) -> None:
        heard.append(message.data)

    engine = await dial(place.engine, "_INBOX_none", refused=print, closed=no_one, flooded=flooded)
    thief = await dial(place.viewer, "_INBOX_bb33", refused=print, closed=no_one)
    try:
        await engine.subscribe("lc.r1.*.*.here", cb=hear)
        await engine.subscribe("lc.r1.*.*.ask", cb=hear)
        await all_said(engine)
        async with asyncio.timeout(20):
            while not told.is_set():
                for _ in range(50):
                    await thief.publish("lc.r1.viewer.bb33.here", b"{}")
                await all_said(thief)
                await asyncio.sleep(0.05)
        await thief.publish(ASK.decode(), b"another subject", "_INBOX_bb33.u")
        await all_said(thief)
        async with asyncio.timeout(5):
            while b"another subject" not in heard:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert set(subjects) == {"lc.r1.viewer.bb33.here"}
        assert 0 < heard.count(b"{}") < 20 * 21
    finally:
        await hang_up(thief)
        await hang_up(engine)


async def test_others_get_their_turn_while_somebody_is_read() -> None:
    """Counted in turns of the loop: the library goes on for as long as something is there."""
    needs_broker()
    client: Any = steady_client.client_class()()
    client._subs = {1: _Subscription()}
    turns = 0

    async def another() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = spawn(another(), name="somebody else")
    await asyncio.sleep(0)
    turns = 0
    for _ in range(500):
        await client._process_msg(1, b"s", b"r", b"", None)
    assert turns >= 9
    await cancel_all([task])


class _Subscription:
    """As much of one as a message needs."""

    def __init__(self) -> None:
        self._received = self._max_msgs = self._pending_size = self._pending_bytes_limit = 0
        self._jsi = self._future = None
        self._pending_queue: asyncio.Queue[Any] = asyncio.Queue()
        self._id = 1
