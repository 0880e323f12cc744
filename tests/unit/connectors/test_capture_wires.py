"""douyin_grab, dycast and Bilibili against their real wire, and against who only looks like it."""

from __future__ import annotations

import asyncio
import json
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import brotli
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.connectors.bilibili import packets
from liveconsole.connectors.bilibili.packets import BadPacket
from liveconsole.connectors.bilibili.source import BilibiliSource
from liveconsole.connectors.douyin_grab.source import DouyinGrabSource
from liveconsole.connectors.dycast.source import DycastSource
from tests.unit.connectors.test_sources import Engine, running, until


def frame(message: int) -> str:
    user = {"Id": 9, "Nickname": "甲"}
    return json.dumps(
        {
            "Type": 1,
            "Data": json.dumps({"MsgId": message, "RoomId": "8", "User": user, "Content": f"{message}"}),
        }
    )


async def test_douyin_grab_is_listened_to_and_never_spoken_to() -> None:
    heard: list[Any] = []

    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for one in (frame(1), "no json", frame(2)):
            await socket.send_str(one)
        async for said in socket:
            heard.append(said)
        return socket

    async with served(handle) as port:
        engine = Engine()
        source = DouyinGrabSource(f"ws://127.0.0.1:{port}", first_wait=0.01)
        async with running(source, engine):
            await engine.wait_for(2)
            assert [event["data"]["text"] for event in engine.events] == ["1", "2"]
            assert (source.health.state, source.health.broken) == ("connected", 1)
    assert heard == [], "what is sent to the tool controls it"
    assert source.health.state == "off"


@asynccontextmanager
async def served(handle: Any, path: str = "/{any:.*}") -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_route("*", path, handle)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


# dycast ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def dycast(engine: Engine) -> AsyncIterator[tuple[DycastSource, aiohttp.ClientSession]]:
    source = DycastSource(0)
    async with running(source, engine), aiohttp.ClientSession() as session:
        await until(lambda: source.health.state == "listening")
        yield source, session


def chat(id_: int) -> dict[str, Any]:
    user = {"id": "u1", "name": "甲"}
    return {"id": f"7{id_}", "method": "WebcastChatMessage", "user": user, "content": f"{id_}"}


async def test_dycast_takes_one_message_or_an_array_of_them() -> None:
    engine = Engine()
    async with dycast(engine) as (source, session):
        url = f"ws://127.0.0.1:{source.port}/"
        async with session.ws_connect(url, headers={"Origin": "http://localhost:5173"}) as page:
            await page.send_json(chat(1))
            await page.send_json([chat(2), chat(2), {"method": 1}])
            await engine.wait_for(3)
            assert source.health.state == "connected"
            assert source.health.broken == 1
        await until(lambda: source.health.state == "listening")
    assert engine.events[1] == engine.events[2], "told twice it is one by its id"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://localhost.evil.example"}, 403),
        ({"Origin": "http://127.0.0.1.evil.example:80"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "file://"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "localhost"}, 403),
        ({}, None),
        ({"Origin": "http://127.0.0.1:5173"}, None),
        ({"Origin": "https://tools.example"}, None),
    ],
)
async def test_only_pages_of_this_computer_speak_to_dycasts_port(
    headers: dict[str, str], status: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVECONSOLE_DYCAST_ORIGINS", "https://tools.example, https://other.example")
    engine = Engine()
    async with dycast(engine) as (source, session):
        url = f"ws://127.0.0.1:{source.port}/"
        if status is None:
            async with session.ws_connect(url, headers=headers) as page:
                await page.send_json(chat(1))
                await engine.wait_for(1)
            return
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url, headers=headers)
        assert refused.value.status == status
    assert engine.events == []


async def test_too_many_pages_and_too_large_a_frame() -> None:
    engine = Engine()
    async with dycast(engine) as (source, session):
        url = f"ws://127.0.0.1:{source.port}/"
        pages = [await session.ws_connect(url) for _ in range(8)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url)
        assert refused.value.status == 429
        await pages[0].send_str(" " * (2 << 20))
        assert (await pages[0].receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        await pages[1].send_json(chat(1))
        await engine.wait_for(1)
        async with session.get(f"http://127.0.0.1:{source.port}/") as answer:
            assert answer.status in (400, 429)
        for page in pages:
            await page.close()


# Packets --------------------------------------------------------------------------------------------


def packet(body: bytes, version: int = 0, operation: int = packets.MESSAGE) -> bytes:
    return struct.pack(">I2H2I", 16 + len(body), 16, version, operation, 0) + body


def bodies(frame: bytes) -> list[bytes]:
    return [one.body for one in packets.packets(frame)]


def test_packets_within_packets_in_order() -> None:
    inner = packet(b"1") + packet(b"2")
    both = packet(zlib.compress(inner), 2) + packet(brotli.compress(inner + packet(b"3")), 3) + packet(b"4")
    assert bodies(both) == [b"1", b"2", b"1", b"2", b"3", b"4"]
    assert bodies(packet(brotli.compress(packet(zlib.compress(packet(b"x")), 2)), 3)) == [b"x"]
    assert bodies(packet(b"\x00\x00\x00\x2a", 1, packets.HEARTBEAT_REPLY)) == [b"\x00\x00\x00\x2a"]
    assert packets.packets(packets.packed(packets.HEARTBEAT))[0].operation == packets.HEARTBEAT


def nested(depth: int) -> bytes:
    made = packet(b"x")
    for _ in range(depth):
        made = packet(zlib.compress(made), 2)
    return made


@pytest.mark.parametrize(
    "frame",
    [
        packet(zlib.compress(bytes(packets.PLAIN_LIMIT + 1)), 2),
        packet(brotli.compress(bytes(packets.PLAIN_LIMIT + 1)), 3),
        packet(brotli.compress(bytes(packets.PLAIN_LIMIT // 2 + 16)), 3) * 2,
        packet(zlib.compress(packet(b"x") * (packets.PACKETS_LIMIT + 1)), 2),
        nested(packets.DEPTH_LIMIT + 1),
        packet(zlib.compress(b"x" * 999)[:-5], 2),
        packet(brotli.compress(b"abc" * 999)[:-3], 3),
        packet(b"no zlib", 2),
        packet(b"no brotli", 3),
        b"\x00\x00\x00\x10",
        struct.pack(">I2H2I", 9, 16, 0, 5, 0),
        struct.pack(">I2H2I", 16, 0, 0, 5, 0),
        struct.pack(">I2H2I", 99, 16, 0, 5, 0),
    ],
)
def test_what_unfolds_to_too_much_or_to_nothing_is_left(frame: bytes) -> None:
    assert bodies(nested(packets.DEPTH_LIMIT)) == [b"x"]
    with pytest.raises(BadPacket):
        packets.packets(frame)


def test_a_bomb_is_not_unfolded_further_than_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets, "PLAIN_LIMIT", 1000)
    asked: list[int] = []
    real = brotli.Decompressor

    class Watched:
        def __init__(self) -> None:
            self._real = real()

        def process(self, data: bytes, output_buffer_limit: int) -> bytes:
            part: bytes = self._real.process(data, output_buffer_limit=output_buffer_limit)
            asked.append(len(part))
            return part

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    monkeypatch.setattr(brotli, "Decompressor", Watched)
    with pytest.raises(BadPacket):
        packets.packets(packet(brotli.compress(bytes(20 << 20)), 3))
    assert sum(asked) < 1 << 20


@given(st.binary(max_size=80), st.integers(0, 4))
def test_no_frame_raises_but_a_bad_packet(data: bytes, version: int) -> None:
    for frame in (data, packet(data, version), packet(packet(data, version) + data, 2)):
        try:
            packets.packets(frame)
        except BadPacket:
            continue


# Bilibili -------------------------------------------------------------------------------------------

SECRETS = {"access_key": "k", "access_secret": "s", "app_id": "1", "code": "C"}


class FakeBilibili:
    """The two services and their socket; remembers what it was asked."""

    def __init__(self, refuse: int = 0) -> None:
        self.refuse = refuse
        self.asked: list[str] = []
        self.auth: list[Any] = []
        self.beats = 0
        self.port = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/sub"):
            return await self._socket(request)
        self.asked.append(request.path.rpartition("/")[2])
        if self.refuse:
            return web.json_response({"code": self.refuse, "message": "no"})
        if request.path.endswith("getDanmuInfo"):
            data: Any = {"token": "T", "host_list": [{"host": "127.0.0.1", "wss_port": self.port}]}
        elif request.path.endswith("start"):
            assert request.headers["Authorization"]
            link = f"ws://127.0.0.1:{self.port}/sub"
            data = {"game_info": {"game_id": "g"}, "anchor_info": {"room_id": 46},
                    "websocket_info": {"auth_body": '{"key":1}', "wss_link": [link]}}  # fmt: skip
        else:
            data = {}
        return web.json_response({"code": 0, "data": data})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        first = packets.packets((await socket.receive()).data)[0]
        assert first.operation == packets.AUTH
        self.auth.append(json.loads(first.body))
        await socket.send_bytes(packet(b'{"code":0}', 1, packets.AUTH_REPLY))
        said = [
            {
                "cmd": "LIVE_OPEN_PLATFORM_DM",
                "data": {"msg_id": f"m{n}", "uname": "甲", "open_id": "o", "msg": f"{n}"},
            }
            for n in range(3)
        ]
        raw = [packet(json.dumps(one).encode()) for one in said]
        await socket.send_bytes(raw[0])
        await socket.send_bytes(packet(b"no zlib", 2))
        await socket.send_bytes(packet(zlib.compress(raw[1]), 2))
        await socket.send_bytes(packet(brotli.compress(raw[2]), 3))
        async for frame in socket:
            if packets.packets(frame.data)[0].operation == packets.HEARTBEAT:
                self.beats += 1
                await socket.send_bytes(packet(b"\x00\x00\x00\x01", 1, packets.HEARTBEAT_REPLY))
        return socket


@asynccontextmanager
async def bilibili(
    fake: FakeBilibili, secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[BilibiliSource, Engine]]:
    async with served(fake.handle) as port:
        fake.port = port
        for name in ("LIVECONSOLE_BILIBILI_OPEN", "LIVECONSOLE_BILIBILI_WEB"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        engine = Engine()
        source = BilibiliSource(secrets=lambda: secrets, first_wait=0.02, beat_seconds=0.02)
        async with running(source, engine):
            yield source, engine


async def test_the_official_service_of_bilibili(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeBilibili()
    async with bilibili(fake, SECRETS, monkeypatch) as (source, engine):
        await engine.wait_for(3)
        assert [event["data"]["text"] for event in engine.events] == ["0", "1", "2"]
        assert engine.events[0]["source"] == "/bilibili/46"
        assert (source.health.state, source.health.broken) == ("connected", 1)
        await until(lambda: fake.beats >= 2)
    assert fake.auth == [{"key": 1}]
    assert fake.asked == ["start", "end"], "it is told that we left"


async def test_a_refusal_of_bilibili_is_said_and_not_hammered(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeBilibili(refuse=-352)
    async with bilibili(fake, {"room": "46"}, monkeypatch) as (source, engine):
        await until(lambda: source.health.state == "refused")
        await asyncio.sleep(0.2)
    assert fake.asked == ["getDanmuInfo"]
    assert engine.events == []


async def test_without_secrets_bilibili_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeBilibili()
    async with bilibili(fake, {"access_key": "k"}, monkeypatch) as (source, _):
        await until(lambda: source.health.state == "no_secret")
    assert fake.asked == []
