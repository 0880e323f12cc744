"""The door over a room that is made up: what the room says becomes the contract's status."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import msgspec
import pytest

from liveconsole.books import BOOKS
from liveconsole.bus import http, turns
from liveconsole.bus.client import Busy, Client, Denied, EngineCannotWrite, EngineGone, Rejected
from liveconsole.bus.presence import Presence
from liveconsole.bus.server import BusServer
from liveconsole.messages.bounds import SEATS
from liveconsole.messages.inputs import CommandAnswer, CommandInput, FactsAnswer, FactsInput, NotTaken
from liveconsole.messages.joining import Checkpoint
from liveconsole.messages.measures import RoomMeasures
from liveconsole.messages.order_list import OrdersSought
from liveconsole.tasks import spawn
from tests.contract.engine_process import comment

TOKENS = {role: f"token-of-{role}" for role in ("host", "assistant", "viewer", "producer", "overlay")}

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)


class NoPictures:
    async def take(self, body: bytes) -> str:
        raise NotImplementedError

    async def take_from(self, url: str) -> str:
        raise NotImplementedError

    async def of(self, sha256: str, side: int) -> bytes | None:
        return None


class FakeBooks:
    async def ask(self, name: str, query: Mapping[str, str]) -> bytes:
        if "wrong" in query:
            raise NotTaken("bad_query", "wrong")
        return msgspec.json.encode({"book": name, "query": query})


class FakeRoom:
    simulated = False
    pictures = NoPictures()
    books = FakeBooks()

    def __init__(self) -> None:
        self.error: NotTaken | None = None
        self.denials: list[tuple[str, str]] = []
        self.posted: list[str] = []
        self.commit = asyncio.Event()
        self.commit.set()

    async def post(self, facts: FactsInput) -> FactsAnswer:
        if self.error is not None:
            raise self.error
        self.posted += [fact.id for fact in facts.facts]
        await self.commit.wait()
        return FactsAnswer(len(facts.facts), 0, facts.problems, 1)

    async def checkpoint(self, source: str) -> Checkpoint:
        return Checkpoint(source, why="never")

    async def ask(self, command: CommandInput) -> CommandAnswer:
        if self.error is not None:
            raise self.error
        return CommandAnswer(True, b'{"ok":true}')

    async def denied(self, role: str, what: str) -> None:
        self.denials.append((role, what))

    async def judge(self, type: str, data: dict[str, Any], role: str) -> bytes:
        return b"{}"

    async def state(self, role: str, have: str) -> tuple[bytes, datetime]:
        return b'{"seq":1}', NOW

    async def log(self, after: int, limit: int, types: Any) -> list[bytes]:
        return [json.dumps({"after": after, "limit": limit, "types": list(types)}).encode()]

    async def search(self, text: str, before: int, limit: int) -> bytes:
        return json.dumps({"text": text, "before": before, "limit": limit}).encode()

    async def broadcasts(self) -> bytes:
        return b"[]"

    async def past_broadcasts(self, before: int, limit: int) -> bytes:
        return b"{}"

    async def broadcast(self, number: int) -> bytes | None:
        return b'{"broadcast":%d}' % number if number < 3 else None

    async def draw_entries(self, id: str, after: str) -> bytes | None:
        return None

    async def questions(self) -> bytes:
        return b"{}"

    async def orders(self, sought: OrdersSought) -> bytes:
        return msgspec.json.encode(sought)

    async def viewers(self, text: str) -> bytes:
        return json.dumps({"text": text}).encode()

    async def viewer(self, id: str) -> bytes | None:
        return json.dumps({"id": id}).encode()

    async def overlay(self) -> bytes:
        return b"{}"

    async def measures(self) -> RoomMeasures:
        raise NotTaken("engine_stopped")

    def follow(self, after: int, lag: Any = None) -> Any:
        raise NotImplementedError

    async def moved(self, beyond: int) -> int:
        return -1

    def health(self) -> dict[str, Any]:
        return {"ok": True}


@pytest.fixture
def room() -> FakeRoom:
    return FakeRoom()


Open = Callable[[], Any]


@pytest.fixture
def presence() -> Presence:
    return Presence(lambda: NOW)


@pytest.fixture
async def opened(room: FakeRoom, presence: Presence) -> AsyncIterator[Open]:
    doors: list[BusServer] = []

    async def open_door(port: int = 0) -> int:
        door = BusServer(
            room,
            tokens=TOKENS,
            proof_key="key",
            schema=lambda: b"{}",
            overlay_page=lambda _theme: (b"<!doctype html>", "default-src 'none'"),
            stop=lambda: None,
            present=presence,
        )
        doors.append(door)
        return await door.open(port)

    yield open_door
    for door in doors:
        await door.close()


def client(port: int, role: str) -> Client:
    return Client(f"http://127.0.0.1:{port}", TOKENS[role], "key")


async def test_a_full_inbox_is_429_with_a_time(room: FakeRoom, opened: Any) -> None:
    room.error = NotTaken("inbox_full", retry_after=2)
    async with client(await opened(), "producer") as asks:
        with pytest.raises(Busy) as error:
            await asks.post_events([comment("1")])
        assert (error.value.code, error.value.retry_after) == ("inbox_full", 2)
        room.error = None
        assert (await asks.post_events([comment("1")]))["accepted"] == 1


async def test_a_full_disk_is_507_and_a_stopping_engine_503(room: FakeRoom, opened: Any) -> None:
    async with client(await opened(), "host") as asks:
        room.error = NotTaken("cannot_write", "disk full")
        with pytest.raises(EngineCannotWrite, match="disk full"):
            await asks.command("cart.unpin", {})
        room.error = NotTaken("engine_stopped")
        with pytest.raises(Exception, match="正在停止") as error:
            await asks.command("cart.unpin", {})
        assert getattr(error.value, "status", 0) == 503


async def test_a_denial_at_the_door_is_kept(room: FakeRoom, opened: Any) -> None:
    port = await opened()
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {TOKENS['assistant']}"}
        async with session.post(f"http://127.0.0.1:{port}/v1/stop", headers=headers, json={}) as response:
            assert response.status == 403
    assert room.denials == [("assistant", "/v1/stop")]


async def test_the_log_is_bounded(room: FakeRoom, opened: Any) -> None:
    async with client(await opened(), "viewer") as asks:
        assert (await asks.log(5))[0] == {"after": 5, "limit": 1000, "types": []}
        assert (await asks.log(0, 1_000_000, ["a", "b"]))[0] == {
            "after": 0,
            "limit": 10_000,
            "types": ["a", "b"],
        }


async def test_a_taken_port_is_left_to_its_owner(opened: Any) -> None:
    first = await opened()
    second = await opened(first)
    assert second != first


async def test_a_head_that_never_ends_is_cut_off(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "IDLE_SECONDS", 0.1)
    port = await opened()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()


async def test_a_body_that_never_ends_is_400(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.1)
    port = await opened()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /v1/commands HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 100\r\n"
        f"Authorization: Bearer {TOKENS['host']}\r\nContent-Type: application/json\r\n\r\n"
    )
    writer.write(head.encode() + b'{"id":')
    async with asyncio.timeout(5):
        assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()


async def test_connections_have_a_cap(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECTION_CAP", 3)
    port = await opened()
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
    pairs.append(await asyncio.open_connection("127.0.0.1", port))
    async with asyncio.timeout(5):
        try:
            assert await pairs[0][0].read() == b"", "the oldest of those without a token gives way"
        except ConnectionResetError:
            pass
        for reader, writer in pairs[1:]:
            writer.write(f"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    for _, one in pairs:
        one.close()


async def test_wrong_tokens_are_slowed_on_their_own_connection_and_then_cut(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr("liveconsole.bus.server.asyncio.sleep", noted)
    port = await opened()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    wrong = (
        f"GET /v1/state HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer wrong\r\n\r\n".encode()
    )
    right = wrong.replace(b"wrong", TOKENS["host"].encode())
    async with asyncio.timeout(10):
        for _ in range(5):
            writer.write(wrong)
            assert b" 401 " in await _answer(reader)
        assert waits == sorted(waits)
        assert len(set(waits)) == 5
        writer.write(right)
        assert b" 200 " in await _answer(reader)
        assert len(waits) == 5, "a right token waits for nobody's guesses"
        other_reader, other = await asyncio.open_connection("127.0.0.1", port)
        other.write(right)
        assert b" 200 " in await _answer(other_reader)
        other.close()
        for _ in range(15):
            writer.write(wrong)
            assert b" 401 " in await _answer(reader)
        assert await reader.read() == b""
    assert max(waits) <= 2
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))
    return head.split(b"\r\n")[0]


async def test_a_connection_that_breaks_is_engine_gone(opened: Any) -> None:
    port = await opened()
    async with client(port, "host") as asks:
        assert await asks.schema() == {}
    async with client(port + 1 if port < 65535 else 1, "host") as asks:
        with pytest.raises(EngineGone):
            await asks.command("cart.unpin", {})


# Posts in turn ----------------------------------------------------------------------------------------


def _line(n: int) -> bytes:
    return json.dumps(comment(f"n{n}")).encode()


async def test_posts_of_one_line_are_taken_in_their_order(room: FakeRoom, opened: Any) -> None:
    """Whichever connection brings them, and each while the one before waits for its commit."""
    async with client(await opened(), "producer") as asks:
        room.commit.clear()
        first = spawn(asks.post_lines(_line(1), "tape/1"), name="asks")
        await _until(lambda: room.posted == ["n1"])
        rest = [spawn(asks.post_lines(_line(n), f"tape/{n}"), name="asks") for n in (4, 3)]
        await asyncio.sleep(0.1)
        assert room.posted == ["n1"]
        assert (await asyncio.wait_for(_without_waiting(room, asks, _line(9)), 5))["accepted"] == 1
        rest.append(spawn(asks.post_lines(_line(2), "tape/2"), name="asks"))
        await _until(lambda: room.posted == ["n1", "n9", "n2", "n3", "n4"])
        room.commit.set()
        assert [one["accepted"] for one in await asyncio.gather(first, *rest)] == [1] * 4


async def test_the_second_may_be_there_before_the_first(room: FakeRoom, opened: Any) -> None:
    async with client(await opened(), "producer") as asks:
        later = [spawn(asks.post_lines(_line(n), f"tape/{n}"), name="asks") for n in (3, 2)]
        await asyncio.sleep(0.1)
        assert room.posted == []
        await asks.post_lines(_line(1), "tape/1")
        await asyncio.gather(*later)
    assert room.posted == ["n1", "n2", "n3"]


async def test_a_line_that_was_forgotten_goes_on(
    room: FakeRoom, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.2)
    async with client(await opened(), "producer") as asks:
        rest = [spawn(asks.post_lines(_line(n), f"tape/{n}"), name="asks") for n in (51, 50)]
        await asyncio.gather(*rest, return_exceptions=True)
        assert room.posted[0] == "n50"


async def test_twin_without_their_order_they_are_taken_as_they_come(room: FakeRoom, opened: Any) -> None:
    async with client(await opened(), "producer") as asks:
        for n in (1, 4, 3, 2):
            await asks.post_lines(_line(n))
    assert room.posted == ["n1", "n4", "n3", "n2"]


async def test_those_behind_wait_for_one_that_is_sent_again(room: FakeRoom, opened: Any) -> None:
    async with client(await opened(), "producer") as asks:
        assert (await asks.post_lines(_line(1), "tape/1"))["accepted"] == 1
        room.error = NotTaken("inbox_full", retry_after=1)
        with pytest.raises(Busy):
            await asks.post_lines(_line(2), "tape/2")
        room.error = None
        third = spawn(asks.post_lines(_line(3), "tape/3"), name="asks")
        await asyncio.sleep(0.1)
        assert room.posted == ["n1"]
        await asks.post_lines(_line(2), "tape/2")
        await third
        assert room.posted == ["n1", "n2", "n3"]
        await asks.post_lines(_line(2), "tape/2")  # once more: its ids are known


async def test_waiting_for_a_turn_has_its_bounds(
    room: FakeRoom, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.2)
    async with client(await opened(), "producer") as asks:
        await asks.post_lines(_line(1), "tape/1")
        with pytest.raises(Busy):
            await asks.post_lines(_line(5), "tape/5")
        many = [asks.post_lines(_line(n), f"tape/{n}") for n in range(3, 40)]
        assert all(isinstance(one, Busy) for one in await asyncio.gather(*many, return_exceptions=True))
        for n in range(100):
            await asks.post_lines(_line(100 + n), f"tape-{n}/1")
        for order in ("tape", "tape/0", "tape/x", "a b/1", "t" * 65 + "/1", "tape/" + "1" * 30):
            with pytest.raises(Rejected):
                await asks.post_lines(_line(1), order)
    assert room.posted[0] == "n1"
    assert "n5" not in room.posted


async def _without_waiting(room: FakeRoom, asks: Client, line: bytes) -> Any:
    posting = spawn(asks.post_lines(line), name="asks")
    await _until(lambda: "n9" in room.posted)
    room.commit.set()
    answer = await posting
    room.commit.clear()
    return answer


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # a room that is made up tells nobody
            await asyncio.sleep(0.01)


def test_of_very_many_who_follow_the_first_are_named_and_the_rest_counted(presence: Presence) -> None:
    numbers = [presence.come("viewer") for _ in range(SEATS + 3)]
    assert (len(presence.seats), presence.more) == (SEATS, 3)
    presence.say(numbers[0], '{"name": "云朵"}')
    assert presence.seats[0].name == "云朵"
    for number in numbers[1:]:
        presence.leave(number)
    presence.leave(numbers[1])
    presence.say(numbers[1], '{"name": "gone"}')
    assert ([one.name for one in presence.seats], presence.more) == (["云朵"], 0)


async def test_books_are_for_seats_and_a_query_is_bounded(
    room: FakeRoom, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BOOKS, "boards", lambda reader, query: b"")
    monkeypatch.setitem(BOOKS, "orders", lambda reader, query: b"")
    port = await opened()
    async with client(port, "assistant") as asks:
        assert await asks.book("boards", broadcast=3) == {"book": "boards", "query": {"broadcast": "3"}}
        assert (await asks.book("orders", state="paid"))["query"] == {"state": "paid", "all": "1"}
        assert "book" not in await asks.orders("")
        for query in ({"wrong": "1"}, {"q": "x" * 500}, {f"f{n}": 1 for n in range(30)}):
            with pytest.raises(Rejected) as refused:
                await asks.book("boards", **query)
            assert refused.value.code == "bad_shape"
        with pytest.raises(Rejected):
            await asks.book("nothing_of_that_name")
    async with client(port, "viewer") as asks:
        with pytest.raises(Denied):
            await asks.book("boards")
