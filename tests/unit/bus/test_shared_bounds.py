"""Bounds of what strangers in the studio's network can take of the shared door, each reached."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from liveconsole.books import BOOKS
from liveconsole.bus import server as bus_server
from liveconsole.bus import visitors
from liveconsole.bus.joining import trusted
from liveconsole.bus.presence import Presence
from liveconsole.bus.server import BusServer
from liveconsole.bus.sharing import door as shared_door
from liveconsole.bus.sharing import listening
from liveconsole.bus.sharing.certificates import NoCertificate, StudioCertificates
from liveconsole.bus.sharing.register import NoSeatFree, SeatRegister
from liveconsole.bus.sharing.seats_kept import SeatsInFolder
from liveconsole.bus.sharing.share import Sharing
from liveconsole.messages.inputs import CommandAnswer
from liveconsole.messages.joining import read_code
from liveconsole.messages.sharing import SEATS_MOST, ShareKeep, ShareOpen, ShareRevoke
from liveconsole.tasks import cancel_all, spawn
from tests.unit.bus.test_server import FakeRoom

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Endless:
    """A follower that always has more."""

    closed = False
    given = 0

    async def batch(self) -> list[bytes] | None:
        self.given += 1
        return None if self.closed else [b'{"x":"%b"}' % (b"x" * 60_000)] * 8

    def close(self) -> None:
        self.closed = True


class FollowedRoom(FakeRoom):
    def __init__(self) -> None:
        super().__init__()
        self.followers: list[Endless] = []

    def follow(self, after: int, lag: Any = None) -> Any:
        assert lag is not None, "a seat over a network has a lag of its own"
        self.followers.append(Endless())
        return self.followers[-1]


Shared = tuple[FollowedRoom, Sharing, str, int]


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Shared]:
    room = FollowedRoom()
    sharing = Sharing(tmp_path, "room", lambda: NOW)
    calls = BusServer(
        room,
        tokens={},
        proof_key="key",
        schema=lambda: b"{}",
        overlay_page=lambda _host: (b"", ""),
        stop=lambda: None,
        present=Presence(lambda: NOW),
        sharing=sharing,
    )

    async def off_air() -> tuple[int, bool]:
        return 1, False

    sharing.serve(calls, off_air)
    opened = await sharing.act(ShareOpen("127.0.0.1"))
    assert opened.ok, opened
    yield room, sharing, "127.0.0.1", opened.sharing.port
    await sharing.close()


def _studio(tmp_path: Path) -> ssl.SSLContext:
    return trusted(StudioCertificates(tmp_path).pem)


async def _ended(reader: asyncio.StreamReader, within: float = 3.0) -> bool:
    """Whether the other side closed it."""
    try:
        async with asyncio.timeout(within):
            return await reader.read(1) == b""
    except OSError:
        return True
    except TimeoutError:
        return False


async def test_one_computer_has_so_many_connections_and_they_come_back(
    shared: Shared, tmp_path: Path
) -> None:
    _, _, address, port = shared
    context = _studio(tmp_path)
    opened = [
        await asyncio.open_connection(address, port, ssl=context) for _ in range(listening.OF_ONE_ADDRESS)
    ]
    reader, writer = await asyncio.open_connection(address, port)
    assert await _ended(reader)
    writer.close()
    for _, one in opened:
        one.transport.abort()
    for _ in range(100):
        with contextlib.suppress(OSError):
            _, one = await asyncio.open_connection(address, port, ssl=context)
            one.transport.abort()
            return
        await asyncio.sleep(0.02)
    raise AssertionError("what was left is not free again")


async def test_a_handshake_that_does_not_come_is_given_up_and_their_number_is_bounded(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, address, port = shared
    monkeypatch.setattr(listening, "HANDSHAKES_MOST", 4)
    monkeypatch.setattr(listening, "HANDSHAKE_SECONDS", 0.5)
    silent = [await asyncio.open_connection(address, port) for _ in range(4)]
    await asyncio.sleep(0.05)
    reader, one_more = await asyncio.open_connection(address, port)
    assert await _ended(reader, 0.3), "a fifth is closed at once"
    assert all([await _ended(reader) for reader, _ in silent])
    for writer in (one_more, *(writer for _, writer in silent)):
        writer.close()


async def test_a_seat_that_takes_nothing_is_cut_off(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, sharing, address, port = shared
    monkeypatch.setattr(bus_server, "SEND_SECONDS", 0.3)
    _, token = await sharing._register.add("x", "viewer", "desk", NOW, may_fire=False)
    reader, writer = await _follows(address, port, token, _studio(tmp_path))
    for _ in range(200):
        if room.followers and room.followers[0].closed:
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("it was waited for without end")
    assert sharing.shown.here == 0
    writer.transport.abort()
    del reader


async def _follows(
    address: str, port: int, token: str, context: ssl.SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream of a seat that reads nothing of it."""
    reader, writer = await asyncio.open_connection(address, port, ssl=context, limit=1_024)
    head = [
        "GET /v1/stream HTTP/1.1",
        f"Host: {address}:{port}",
        f"Authorization: Bearer {token}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ]
    writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
    return reader, writer


@pytest.mark.parametrize("cut", [True, False])
async def test_who_is_revoked_in_the_middle_of_a_frame_is_cut_off_there(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: bool
) -> None:
    """He reads nothing: by its patience alone the room would keep him for as long as he likes to be slow, as
    the twin shows."""
    room, sharing, address, port = shared
    monkeypatch.setattr(bus_server, "SEND_SECONDS", 1_000.0)
    monkeypatch.setattr(visitors, "END_SECONDS", 0.1 if cut else 1_000.0)
    seat, token = await sharing._register.add("slow", "viewer", "desk", NOW, may_fire=False)
    _, writer = await _follows(address, port, token, _studio(tmp_path))
    assert sharing._listeners is not None
    async with asyncio.timeout(5):
        while not room.followers or not sharing.shown.here:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        given = 0
        while given != room.followers[0].given or not given:  # until all that lies between them is full
            given = room.followers[0].given
            await asyncio.sleep(0.1)
    assert sharing._listeners[0]._web.connections
    assert (await sharing.act(ShareRevoke(seat.id))).ok
    if not cut:
        await asyncio.sleep(0.3)
        assert sharing._listeners[0]._web.connections
        writer.transport.abort()
    async with asyncio.timeout(5):
        while sharing._listeners[0]._web.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    writer.transport.abort()


async def test_one_seat_is_answered_so_much_at_once_and_others_beside_it(
    shared: Shared, tmp_path: Path
) -> None:
    """As over a broker: it has as many connections as its computer may have, and every call of them waits."""
    room, sharing, address, port = shared
    room.commit.clear()
    _, token = await sharing._register.add("one", "producer", "tool", NOW, may_fire=False)
    _, other = await sharing._register.add("two", "producer", "tool", NOW, may_fire=False)
    url = f"https://{address}:{port}/v1/events"
    connector = aiohttp.TCPConnector(ssl=_studio(tmp_path), limit=40)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def post(by: str) -> int:
            headers = {"Authorization": f"Bearer {by}", "Content-Type": "application/x-ndjson"}
            async with session.post(url, data=b"", headers=headers) as answer:
                return answer.status

        waiting = [spawn(post(token), name="a post") for _ in range(visitors.AT_ONCE + 3)]
        async with asyncio.timeout(5):
            while sum(one.done() for one in waiting) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        beside = spawn(post(other), name="another's")
        room.commit.set()
        assert await beside == 200
        assert sorted([await one for one in waiting]) == [200] * visitors.AT_ONCE + [429] * 3
        assert await post(token) == 200


async def test_long_polls_words_and_seats_are_counted(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sharing, address, port = shared
    monkeypatch.setattr(shared_door, "_WAITING_MOST", 0)
    monkeypatch.setattr(shared_door, "_WORDS_MOST", 2)
    url = f"https://{address}:{port}"
    connector = aiohttp.TCPConnector(ssl=_studio(tmp_path))
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(f"{url}/v1/join/{'0' * 32}") as answer:
            assert answer.status == 429
        statuses = []
        for _ in range(3):
            async with session.get(f"{sharing.word_address}/word", headers={"Origin": url}) as answer:
                statuses.append(answer.status)
        assert statuses == [200, 200, 429]
    for n in range(SEATS_MOST):
        await sharing._register.add(f"{n}", "viewer", "desk", NOW, may_fire=True)
    with pytest.raises(NoSeatFree):
        await sharing._register.add("one more", "viewer", "desk", NOW, may_fire=False)
    kept = list(SeatRegister(SeatsInFolder(tmp_path)).seats)
    assert not any(seat.may_fire for seat in kept), "who looks fires nothing"
    assert len(kept) == SEATS_MOST


async def test_what_is_added_and_removed_at_once_is_both(tmp_path: Path) -> None:
    """A seat that goes while another one is being written neither comes back nor takes it along."""
    register = SeatRegister(SeatsInFolder(tmp_path))
    gone, gone_token = await register.add("gone", "viewer", "desk", NOW, may_fire=False)
    (_, token), removed = await asyncio.gather(
        register.add("new", "viewer", "desk", NOW, may_fire=False), register.remove(gone.id)
    )
    assert removed
    for one in (register, SeatRegister(SeatsInFolder(tmp_path))):
        assert one.of_token(token) is not None
        assert one.of_token(gone_token) is None
        assert one.was_removed(gone_token)


async def test_a_disk_that_takes_nothing_lets_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = SeatRegister(SeatsInFolder(tmp_path))
    kept, token = await register.add("kept", "viewer", "desk", NOW, may_fire=False)

    def full(path: Path, content: bytes) -> None:
        raise OSError("no room")

    monkeypatch.setattr("liveconsole.bus.sharing.seats_kept.write_own", full)
    with pytest.raises(OSError, match="no room"):
        await register.add("x", "operator", "desk", NOW, may_fire=False)
    assert [seat.id for seat in register.seats] == [kept.id]
    with pytest.raises(OSError, match="no room"):
        await register.remove(kept.id)
    assert register.of_token(token) is None, "who was sent away is away, whatever the disk says"
    assert register.seat(kept.id) is None, "also where he comes by a key and shows no token"
    assert list(register.seats) == [], "the broker's file is written from these"
    assert not await register.enrol(kept.id, "U" + "A" * 55)
    assert bool(register.unsaved)
    monkeypatch.undo()
    assert SeatRegister(SeatsInFolder(tmp_path)).of_token(token) is not None, "on disk he is still there"
    await register.rest()
    assert register.unsaved is False
    assert SeatRegister(SeatsInFolder(tmp_path)).of_token(token) is None


async def test_what_the_disk_did_not_take_is_written_when_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who was sent away would be back with the next start."""
    monkeypatch.setattr("liveconsole.bus.sharing.share._LOOK_SECONDS", 0.01)
    sharing = Sharing(tmp_path, "room", lambda: NOW)
    gone, _ = await sharing._register.add("gone", "viewer", "desk", NOW, may_fire=False)
    with monkeypatch.context() as full:
        full.setattr("liveconsole.bus.sharing.seats_kept.write_own", _full)
        with pytest.raises(OSError, match="no room"):
            await sharing.act(ShareRevoke(gone.id))
    following = spawn(sharing.follow(), name="sharing")
    async with asyncio.timeout(5):
        while list(SeatRegister(SeatsInFolder(tmp_path)).seats):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await cancel_all([following])


def _full(path: Path, content: bytes) -> None:
    raise OSError("no room")


async def test_who_follows_over_a_broker_is_here_though_nothing_is_shared(tmp_path: Path) -> None:
    sharing = Sharing(tmp_path, "room", lambda: NOW)
    seat, _ = await sharing._register.add("fern", "viewer", "desk", NOW, may_fire=False)
    sharing.over_broker(frozenset({seat.id}))
    assert (sharing.shown.open, sharing.shown.here) == (False, 1)
    sharing.over_broker(frozenset())
    assert sharing.shown.here == 0


async def test_a_command_that_comes_slowly_is_not_done_where_its_seat_was_taken_away_meanwhile(
    shared: Shared, tmp_path: Path
) -> None:
    """Its token was looked at with the head; ten seconds may pass until the body is there."""
    room, sharing, address, port = shared
    asked: list[str] = []

    async def ask(command: Any) -> CommandAnswer:
        asked.append(command.id)
        return CommandAnswer(True, b'{"ok":true}')

    room.ask = ask  # type: ignore[method-assign]
    stays, kept = await sharing._register.add("stays", "operator", "desk", NOW, may_fire=True)
    gone, token = await sharing._register.add("gone", "operator", "desk", NOW, may_fire=True)
    answers = {}
    slow = {}
    for name, each in (("gone", token), ("stays", kept)):
        body = b'{"id":"%b","type":"note.put","data":{}}' % name.encode()
        head = (
            f"POST /v1/commands HTTP/1.1\r\nHost: {address}:{port}\r\nAuthorization: Bearer {each}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection(address, port, ssl=_studio(tmp_path))
        writer.write(head.encode() + body[:5])
        await writer.drain()
        slow[name] = (reader, writer, body[5:])
    until = asyncio.get_running_loop().time() + 5
    while any(sharing.seat(one).last_at is None for one in (stays.id, gone.id)):  # type: ignore[union-attr]
        assert asyncio.get_running_loop().time() < until, "the heads were not read"
        await asyncio.sleep(0.01)
    assert (await sharing.act(ShareRevoke(gone.id))).ok
    for name, (reader, writer, rest) in slow.items():
        writer.write(rest)
        answers[name] = (await asyncio.wait_for(reader.readline(), 5)).split()[1]
        writer.close()
    assert answers == {"gone": b"401", "stays": b"200"}
    assert asked == ["stays"]


def _broken(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize("break_", [_broken, lambda _: b"", lambda _: b"x" * 100_000])
def test_a_broken_certificate_is_not_made_anew_and_a_broken_register_lets_nobody_in(
    tmp_path: Path, break_: Callable[[bytes], bytes]
) -> None:
    """Every seat trusts the certificate that was; another one would send them all away without a word."""
    before = StudioCertificates(tmp_path)
    assert StudioCertificates(tmp_path).fingerprint == before.fingerprint
    path = tmp_path / "studio" / "studio.pem"
    path.write_bytes(break_(path.read_bytes()))
    with pytest.raises(NoCertificate):
        StudioCertificates(tmp_path)
    (tmp_path / "seats.json").write_bytes(b'{"seats": [{"id"')

    async def seats() -> list[Any]:
        return list(SeatRegister(SeatsInFolder(tmp_path)).seats)

    assert asyncio.run(seats()) == []


@pytest.mark.parametrize("address", ["", "0.0.0.0", "8.8.8.8", "10.255.3.99", "::", "studio"])
async def test_a_file_never_opens_it_where_a_person_could_not(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept for the next start is looked at again; an address that is gone for now is tried on."""
    monkeypatch.setattr("liveconsole.bus.sharing.share._AGAIN_SECONDS", 0.05)
    monkeypatch.setattr("liveconsole.bus.sharing.share._LOOK_SECONDS", 0.02)
    shared = {"address": address, "port": 0, "phone": True, "keep": True}
    (tmp_path / "seats.json").write_bytes(msgspec.json.encode({"shared": shared}))
    sharing = Sharing(tmp_path, "room", lambda: NOW)

    async def off_air() -> tuple[int, bool]:
        return 1, False

    sharing.serve(_no_calls(), off_air)
    following = spawn(sharing.follow(), name="sharing")
    await asyncio.sleep(0.3)
    assert not following.done(), "it goes on, also without an address"
    assert not sharing.is_open
    await cancel_all([following])
    await sharing.close()


async def test_what_was_never_shared_is_not_kept_for_the_next_start(tmp_path: Path) -> None:
    sharing = Sharing(tmp_path, "room", lambda: NOW)
    assert (await sharing.act(ShareKeep(True))).code == "not_shared"
    assert not sharing.shown.keep


def _no_calls() -> BusServer:
    return BusServer(
        FakeRoom(),
        tokens={},
        proof_key="key",
        schema=lambda: b"{}",
        overlay_page=lambda _host: (b"", ""),
        stop=lambda: None,
        present=Presence(lambda: NOW),
    )


async def test_the_code_leads_to_the_door(shared: Shared, tmp_path: Path) -> None:
    _, sharing, address, port = shared
    code = read_code(sharing.shown.link)
    assert (code.address, code.port) == (address, port)
    assert StudioCertificates(tmp_path).fingerprint.startswith(code.fingerprint)


def test_every_address_is_for_seats_or_for_this_computer_alone() -> None:
    """A call that is added is for other computers only where somebody said so."""
    here = {
        one for one in _no_calls().addresses if one in shared_door.HERE_ALONE or one.startswith("/v1/secrets")
    }
    assert here >= {"/metrics", "/v1/keys", "/v1/share", "/v1/events", "/v1/stop", "/v1/secrets"}
    assert _no_calls().addresses - here == {
        *("/v1/commands", "/v1/judge", "/v1/state", "/v1/log", "/v1/stream", "/v1/phone", "/v1/schema"),
        *(
            "/v1/search",
            "/v1/questions",
            "/v1/orders",
            "/v1/viewers",
            "/v1/viewers/",
            "/v1/images",
            "/v1/images/",
        ),
        *("/v1/broadcasts", "/v1/broadcasts/", "/v1/history", "/v1/connections/", "/v1/shop/differences"),
        *(f"/v1/{book}" for book in BOOKS),
    }
