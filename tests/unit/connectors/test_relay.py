"""The relay over real sockets: pushed, kept, fetched, let go; and everything in between that may die."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from liveconsole.connectors.relay import client, server
from liveconsole.connectors.relay.client import Pushes, PushKeys, RelayRefused
from liveconsole.connectors.relay.crypto import Wrapped, signature_of, wrapped
from liveconsole.connectors.relay.hints import Hint
from liveconsole.connectors.relay.inbox import REPEATED_FOR, PushInbox
from liveconsole.connectors.relay.server import RelayServer
from liveconsole.tasks import cancel_all, spawn
from tests.goals import within

TOKEN, KEY = "pushes-token", "the-rooms-key"
AES = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APPID = "wx0123456789abcdef"
KEYS = PushKeys(APPID, TOKEN, AES, KEY)
START = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def order(id_: str, event: str = "channels_ec_order_pay", created: int = 1) -> bytes:
    told = {"MsgType": "event", "Event": event, "CreateTime": created, "order_info": {"order_id": id_}}
    return json.dumps(told | {"FromUserName": "OPENID-OF-SOMEBODY"}).encode()


def signed(
    message: bytes, at: datetime = START, *, token: str = TOKEN, appid: str = APPID, nonce: str = "n"
) -> Wrapped:
    encrypt = wrapped(message, aes_key=AES, appid=appid, random=nonce.encode().ljust(16, b"."))
    stamp = str(int(at.timestamp()))
    return Wrapped(stamp, nonce, signature_of(token, stamp, nonce, encrypt), encrypt)


@asynccontextmanager
async def relay(folder: Path, clock: Clock, port: int = 0, **bounds: int) -> AsyncIterator[str]:
    inbox = PushInbox(folder, **bounds)
    await inbox.open()
    served = RelayServer(inbox, token=TOKEN, key=KEY, now=clock)
    try:
        yield f"http://127.0.0.1:{await served.open('127.0.0.1', port)}"
    finally:
        await served.close()
        await inbox.close()


async def push(base: str, one: Wrapped) -> tuple[int, str]:
    """Deliver as the platform does."""
    query = {"timestamp": one.timestamp, "nonce": one.nonce, "openid": "OPENID", "encrypt_type": "aes"}
    query |= {"signature": signature_of(TOKEN, one.timestamp, one.nonce), "msg_signature": one.signature}
    body = json.dumps({"ToUserName": "gh_1", "Encrypt": one.encrypt})
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{base}/push", params=query, data=body) as answer,
    ):
        return answer.status, await answer.text()


def kept_keys(*told: PushKeys) -> Callable[[], Awaitable[PushKeys]]:
    """One after the other; the last one stays."""
    left = list(told)

    async def read() -> PushKeys:
        return left.pop(0) if len(left) > 1 else left[0]

    return read


@asynccontextmanager
async def following(base: str, keys: PushKeys = KEYS) -> AsyncIterator[tuple[Pushes, list[Hint]]]:
    heard: list[Hint] = []

    async def hear(hint: Hint) -> None:
        heard.append(hint)

    async def soon(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.02))

    pushes = Pushes(base, kept_keys(keys), hear, sleep=soon)
    task = spawn(pushes.run(), name="pushes under test")
    try:
        yield pushes, heard
    finally:
        await cancel_all([task])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # a state of the client, which has no event to wait for
            await asyncio.sleep(0.005)


async def kept(base: str, path: str = "/fetch?after=0", key: str = KEY) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(base + path) as answer:
        return answer.status, json.loads(await answer.text())


async def test_a_push_is_heard_within_a_second_and_let_go(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base, following(base) as (pushes, heard):
        await until(lambda: pushes.code == "relay_waiting")
        await asyncio.sleep(0.05)  # it waits in its fetch now
        before = time.monotonic()
        assert await push(base, signed(order("3705115058471208928"))) == (200, "success")
        await until(lambda: bool(heard))
        within(time.monotonic() - before, 1.0)
        assert [(h.about, h.id) for h in heard] == [("order", "3705115058471208928")]
        await until(lambda: pushes.code == "relay_ok")
        assert (await kept(base))[1]["pushes"] == []


async def test_the_address_is_checked_by_the_platform(tmp_path: Path) -> None:
    stamp = str(int(START.timestamp()))
    good = {
        "timestamp": stamp,
        "nonce": "7",
        "signature": signature_of(TOKEN, stamp, "7"),
        "echostr": "12<b>",
    }
    async with relay(tmp_path, Clock()) as base, aiohttp.ClientSession() as session:
        async with session.get(f"{base}/push", params=good) as answer:
            assert (answer.status, await answer.text()) == (200, "12<b>")
            assert answer.content_type == "text/plain"
        async with session.get(f"{base}/push", params=good | {"nonce": "8"}) as answer:
            assert (answer.status, "12" in await answer.text()) == (403, False)


async def test_what_is_delivered_again_is_kept_once_and_heard_once(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base:
        one = signed(order("1"))
        for _ in range(10):
            assert (await push(base, one))[0] == 200
        # the platform may also wrap what it repeats anew
        assert (await push(base, signed(order("1"), nonce="m")))[0] == 200
        assert len((await kept(base))[1]["pushes"]) == 2
        async with following(base) as (pushes, heard):
            await until(lambda: pushes.again == 1)
            assert [h.id for h in heard] == ["1"]
            await push(base, one)
            await push(base, signed(order("1", created=2), nonce="o"))  # the order moved once more
            await until(lambda: len(heard) == 2)
            assert pushes.again == 1


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        (signed(order("1"), token="another"), 403),
        (signed(order("1"), START - REPEATED_FOR), 403),
        (signed(order("1"), START + timedelta(minutes=6)), 403),
        (Wrapped("-1", "n", signature_of(TOKEN, "-1", "n", "x"), "x"), 403),
        (Wrapped("", "n", signature_of(TOKEN, "", "n", "x"), "x"), 403),
    ],
)
async def test_what_the_platform_did_not_sign_now_is_not_kept(
    tmp_path: Path, bad: Wrapped, status: int
) -> None:
    async with relay(tmp_path, Clock()) as base:
        assert (await push(base, bad))[0] == status
        assert (await kept(base))[1]["pushes"] == []


async def test_a_push_written_down_is_worth_nothing_later(tmp_path: Path) -> None:
    clock = Clock()
    async with relay(tmp_path, clock) as base, aiohttp.ClientSession() as session:
        one = signed(order("1"))
        await push(base, one)
        headers = {"Authorization": f"Bearer {KEY}"}
        async with session.post(f"{base}/ack?upto=1", headers=headers) as answer:
            assert await answer.json() == {"gone": 1}
        clock.now += REPEATED_FOR - timedelta(seconds=1)
        assert (await push(base, one))[0] == 200  # a repeated delivery
        clock.now += timedelta(seconds=1)
        assert (await push(base, one))[0] == 403
        assert (await kept(base))[1]["pushes"] == []


async def test_what_the_poll_has_seen_long_since_is_let_go_without_a_call(tmp_path: Path) -> None:
    clock = Clock()
    product = {"MsgType": "event", "Event": "product_spu_update", "ProductSpuUpdate": {"product_id": "7"}}
    async with relay(tmp_path, clock) as base:
        await push(base, signed(order("1")))
        await push(base, signed(json.dumps(product).encode(), nonce="p"))
        clock.now += timedelta(minutes=3)
        await push(base, signed(order("2"), clock.now, nonce="m"))
        async with following(base) as (pushes, heard):
            await until(lambda: pushes.code == "relay_ok")
            assert ([h.id for h in heard], pushes.late) == (["7", "2"], 1)


async def test_another_shops_push_is_let_go_and_not_heard(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base:
        await push(base, signed(order("1"), appid="wxffffffffffffffff"))
        await push(base, signed(order("2"), nonce="m"))
        async with following(base) as (pushes, heard):
            await until(lambda: len(heard) == 1)
            assert (heard[0].id, pushes.refused) == ("2", 1)
            await until(lambda: pushes.code == "relay_ok")
        assert (await kept(base))[1]["pushes"] == []


async def test_a_relay_that_was_killed_still_has_what_it_said_yes_to(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base:
        for number in range(5):
            assert (await push(base, signed(order(str(number)), nonce=str(number))))[1] == "success"
        port = int(base.rsplit(":", 1)[1])
    async with following(base) as (pushes, heard):
        await until(lambda: pushes.code == "relay_away")
        async with relay(tmp_path, Clock(), port):
            await until(lambda: len(heard) == 5)
            assert [h.id for h in heard] == ["0", "1", "2", "3", "4"]
        await until(lambda: pushes.code == "relay_away")
        async with relay(tmp_path, Clock(), port):
            await push(base, signed(order("5"), nonce="5"))
            await until(lambda: len(heard) == 6)


async def test_a_room_that_ends_before_it_heard_is_told_again(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base:
        await push(base, signed(order("1")))

        async def never(_: Hint) -> None:
            await asyncio.Event().wait()

        deaf = spawn(Pushes(base, kept_keys(KEYS), never).run(), name="ends in the middle")
        await asyncio.sleep(0.1)
        await cancel_all([deaf])
        async with following(base) as (_, heard):
            await until(lambda: [h.id for h in heard] == ["1"])


async def test_a_relay_with_an_empty_file_goes_on_from_its_beginning(tmp_path: Path) -> None:
    async with relay(tmp_path / "a", Clock()) as base, following(base) as (_, heard):
        for number in range(3):
            await push(base, signed(order(str(number)), nonce=str(number)))
        await until(lambda: len(heard) == 3)
        port = int(base.rsplit(":", 1)[1])
        await asyncio.sleep(0.05)
        break_ = relay(tmp_path / "b", Clock(), port)
    pushes = Pushes(base, kept_keys(KEYS), _append(heard))
    pushes._after = 3
    async with break_, aiohttp.ClientSession() as session:
        await push(base, signed(order("9"), nonce="9"))
        assert await pushes.turn(session, 0) == 1
    assert heard[-1].id == "9"


def _append(heard: list[Hint]) -> Callable[[Hint], Awaitable[None]]:
    async def hear(hint: Hint) -> None:
        heard.append(hint)

    return hear


async def test_who_has_no_key_is_told_nothing(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base:
        await push(base, signed(order("1")))
        for key in ("", "x", KEY + "x", KEY[:-1]):
            status, told = await kept(base, key=key)
            assert (status, "pushes" in told) == (401, False)
        async with following(base, PushKeys(APPID, TOKEN, AES, "wrong")) as (pushes, heard):
            await until(lambda: pushes.code == "relay_key")
            assert heard == []
        assert len((await kept(base))[1]["pushes"]) == 1


async def test_a_key_that_is_put_in_later_is_taken(tmp_path: Path) -> None:
    heard: list[Hint] = []

    async def soon(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.02))

    keys = kept_keys(PushKeys(APPID, TOKEN, AES, ""), PushKeys(APPID, TOKEN, AES, "wrong"), KEYS)
    async with relay(tmp_path, Clock()) as base:
        await push(base, signed(order("1")))
        task = spawn(Pushes(base, keys, _append(heard), sleep=soon).run(), name="pushes under test")
        await until(lambda: [h.id for h in heard] == ["1"])
        await cancel_all([task])


@pytest.mark.parametrize(
    "address", ["http://relay.example", "http://10.0.0.5:8700", "ftp://relay.example", ""]
)
async def test_the_key_never_goes_over_an_open_line(address: str) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(RelayRefused, match="relay_plain"):
            await Pushes(address, kept_keys(KEYS), _append([])).turn(session, 0)


async def test_where_nobody_fetches_the_oldest_make_way_and_are_counted(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock(), most=20) as base:
        for number in range(50):
            assert (await push(base, signed(order(str(number)), nonce=str(number))))[0] == 200
        told = (await kept(base))[1]
        assert (len(told["pushes"]), told["dropped"], told["last"]) == (20, 30, 50)
        async with following(base) as (pushes, heard):
            await until(lambda: len(heard) == 20)
            assert (pushes.dropped, heard[0].id) == (30, "30")


async def test_the_file_has_a_bound_in_bytes_and_keeps_the_last(tmp_path: Path) -> None:
    inbox = PushInbox(tmp_path, most_bytes=10_000)
    await inbox.open()
    try:
        for number in range(100):
            await inbox.keep(Wrapped("1", str(number), "s", "x" * 1000), START)
        told = await inbox.after(0, 200)
        assert sum(len(one.push.encrypt) for one in told.pushes) <= 10_000
        assert (told.pushes[-1].id, len(told.pushes) + told.dropped) == (100, 100)
        await inbox.keep(Wrapped("1", "long", "s", "x" * 20_000), START)
        assert [one.id for one in (await inbox.after(0, 200)).pushes] == [101]
    finally:
        await inbox.close()


async def test_an_answer_has_a_bound_and_says_that_there_is_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liveconsole.connectors.relay.inbox.BATCH_BYTES", 3000)
    async with relay(tmp_path, Clock()) as base:
        for number in range(20):
            await push(base, signed(order(str(number)), nonce=str(number)))
        told = (await kept(base))[1]
        assert told["more"]
        assert 0 < len(told["pushes"]) < 20
        async with following(base) as (_, heard):
            await until(lambda: len(heard) == 20)


async def test_a_full_disk_says_no_so_that_the_platform_comes_again(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base:
        other = sqlite3.connect(tmp_path / "pushes.sqlite", isolation_level=None)
        other.execute("PRAGMA max_page_count=1")
        other.execute("DROP TABLE seen")  # what a damaged file does to every write
        other.close()
        assert (await push(base, signed(order("1"))))[0] == 503
        assert (await kept(base))[1]["pushes"] == []


async def test_a_storm_is_answered_within_what_the_platform_waits(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base, following(base) as (pushes, heard):
        before = time.monotonic()
        many = [push(base, signed(order(str(number)), nonce=str(number))) for number in range(200)]
        assert {status for status, _ in await asyncio.gather(*many)} == {200}
        within(time.monotonic() - before, server.ANSWER_SECONDS)
        await until(lambda: len(heard) == 200)
        assert pushes.again == 0


def test_what_lies_on_the_relays_disk_names_nobody(tmp_path: Path) -> None:
    async def once() -> None:
        async with relay(tmp_path, Clock()) as base:
            await push(base, signed(order("3705115058471208928")))

    asyncio.run(once())
    for path in tmp_path.iterdir():
        body = path.read_bytes()
        assert b"OPENID" not in body
        assert b"3705115058471208928" not in body
    assert (tmp_path / "pushes.sqlite").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [("/fetch?after=x", 400), ("/fetch?after=-1", 400), ("/fetch?wait=1e9", 400), ("/", 404), ("/ack", 405)],
)
async def test_what_is_no_question_is_answered_so(tmp_path: Path, path: str, status: int) -> None:
    async with relay(tmp_path, Clock()) as base:
        assert (await kept(base, path))[0] == status


async def test_a_fetch_waits_until_something_comes_or_its_time_is_over(tmp_path: Path) -> None:
    async with relay(tmp_path, Clock()) as base:
        waiting = spawn(kept(base, "/fetch?after=0&wait=5"), name="waits")
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await push(base, signed(order("1")))
        assert len((await waiting)[1]["pushes"]) == 1
        assert (await kept(base, "/fetch?after=1&wait=1"))[1]["pushes"] == []


async def test_twin_without_a_memory_of_deliveries_a_push_is_heard_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_HEARD_MOST", 0)
    async with relay(tmp_path, Clock()) as base, following(base) as (pushes, heard):
        await push(base, signed(order("1")))
        await push(base, signed(order("1"), nonce="m"))
        await until(lambda: len(heard) == 2)
        assert pushes.again == 0


_HEAD = b"Host: x\r\nConnection: close\r\n"
_ODD: list[bytes] = [
    b"GET /fetch?after=0 HTTP/1.1\r\n" + _HEAD + b"Authorization: Bearer \xff\xfe\r\n\r\n",
    b"GET /fetch?after=\xff HTTP/1.1\r\n" + _HEAD + b"Authorization: Bearer " + KEY.encode() + b"\r\n\r\n",
    b"GET /push?signature=\xff&timestamp=%ED%A0%80&nonce=%ff&echostr=1 HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"GET /push?" + b"a=" * 4000 + b" HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"POST /push?timestamp=1 HTTP/1.1\r\n"
    + _HEAD
    + b"Content-Length: 21\r\n\r\n"
    + b'{"Encrypt":"\\ud800x"}',
    b"POST /push HTTP/1.1\r\n" + _HEAD + b"Content-Length: 2\r\n\r\n[]",
    b"POST /push HTTP/1.1\r\n" + _HEAD + b"Content-Length: 3\r\n\r\n\xff\xfe\xfd",
    b"POST /push HTTP/1.1\r\n" + _HEAD + b"Content-Length: 99999999999\r\n\r\n",
    b"DELETE /push HTTP/1.1\r\n" + _HEAD + b"\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # who speaks TLS to it
]


@pytest.mark.parametrize("odd", _ODD)
async def test_whatever_a_stranger_sends_is_answered_with_a_no(
    tmp_path: Path, odd: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with relay(tmp_path, Clock()) as base:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(base.rsplit(":", 1)[1]))
        writer.write(odd)
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
        assert int(answer.split(b" ", 2)[1]) in range(400, 500)
        assert "bug" not in caplog.text
        assert (await kept(base))[1]["pushes"] == []
