"""The capture sources against their real wire: a WebSocket server as oba's, posts as wxlivespy's."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from liveconsole.bus.errors import Busy, EngineCannotWrite, EngineGone, Rejected
from liveconsole.connectors.oba.source import ObaSource
from liveconsole.connectors.source import Source, deliver
from liveconsole.connectors.sources import SOURCES, Sources
from liveconsole.connectors.wxlivespy.source import PLAIN_LIMIT, WxlivespySource
from liveconsole.tasks import cancel_all, spawn

START = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)


class Engine:
    """Remembers what it was given; ``wait_for`` returns once there is as much as asked for."""

    def __init__(self, busy: int = 0) -> None:
        self.events: list[dict[str, Any]] = []
        self.busy = busy
        self._more = asyncio.Condition()

    async def post(self, events: list[dict[str, Any]]) -> object:
        if self.busy:
            self.busy -= 1
            raise Busy("inbox_full", "", 429, 0.0)
        async with self._more:
            self.events += events
            self._more.notify_all()
        return None

    async def wait_for(self, count: int) -> list[dict[str, Any]]:
        async with self._more, asyncio.timeout(10):
            await self._more.wait_for(lambda: len(self.events) >= count)
        return self.events


@asynccontextmanager
async def running(source: Source, engine: Engine) -> AsyncIterator[None]:
    task = spawn(source.run(engine.post), name="source under test")
    try:
        yield
    finally:
        await cancel_all([task])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110  # a state of the source, which has no event to wait for
            await asyncio.sleep(0.005)


@asynccontextmanager
async def oba_server(frames: list[str], port: int = 0) -> AsyncIterator[int]:
    """Sends its frames to whoever connects, then closes."""

    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for frame in frames:
            await socket.send_str(frame)
        await socket.close()
        return socket

    app = web.Application()
    app.router.add_get("/", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def comment(n: int) -> str:
    return json.dumps(
        {"msg_type": "comment", "msg_id": str(n), "nick_name": "a", "content": f"{n}", "time": n}
    )


async def test_oba_is_followed_over_restarts_and_odd_frames(shared: Path) -> None:
    order = (shared / "samples/capture/oba-ws-live_order.constructed.json").read_text("utf-8")
    engine = Engine(busy=2)
    async with oba_server([comment(1), "no json", order, '{"msg_type":"new"}', comment(2)]) as port:
        source = ObaSource(f"ws://127.0.0.1:{port}", first_wait=0.01)
        async with running(source, engine):
            await engine.wait_for(2)
            assert [e["data"]["text"] for e in engine.events[:2]] == ["1", "2"]
            assert engine.events[0]["source"] == f"/oba/127.0.0.1:{port}"
            await engine.wait_for(4)  # it closed on us, we came again
            health = source.health
            assert health.received >= 5
            assert health.passed_over >= 1
            assert health.broken >= 2
    assert source.health.state == "off"


async def test_oba_waits_for_a_tool_that_is_not_there_yet() -> None:
    async with oba_server([]) as port:
        pass
    engine, source = Engine(), ObaSource(f"ws://127.0.0.1:{port}", first_wait=0.01)
    async with running(source, engine):
        await until(lambda: source.health.state == "waiting")
        async with oba_server([comment(1)], port):
            await engine.wait_for(1)


@asynccontextmanager
async def wxlivespy(engine: Engine) -> AsyncIterator[tuple[WxlivespySource, aiohttp.ClientSession, str]]:
    source = WxlivespySource(0)
    async with running(source, engine), aiohttp.ClientSession() as session:
        await until(lambda: source.health.state == "listening")
        yield source, session, f"http://127.0.0.1:{source.port}/forward"


async def test_wxlivespy_bodies_are_taken_plain_and_gzipped(shared: Path) -> None:
    engine = Engine()
    plain = (shared / "samples/capture/wxlivespy-forward-comment.json").read_bytes()
    packed = gzip.compress((shared / "samples/capture/wxlivespy-forward-combogift.json").read_bytes())
    async with wxlivespy(engine) as (source, session, url):
        as_json = {"Content-Type": "application/json"}
        async with session.post(url, data=plain, headers=as_json) as answer:
            assert answer.status == 200
        async with session.post(url, data=packed, headers={**as_json, "Content-Encoding": "gzip"}) as answer:
            assert answer.status == 200
        async with session.post(url, data=plain, headers=as_json) as answer:
            assert answer.status == 200
    types = [event["type"] for event in engine.events]
    assert types == ["comment.posted", "room.measured", "gift.sent", "room.measured", *types[:2]]
    assert engine.events[0] == engine.events[4], "sent again, it is the same event by its id"
    assert source.health.live is True


JSON = {"Content-Type": "application/json"}
PACKED = {**JSON, "Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (b"{}", {"Content-Type": "application/json", "Origin": "http://127.0.0.1:8000"}, 403),
        (b"{}", {"Content-Type": "application/json", "Host": "evil.example"}, 403),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{", JSON, 400),
        (b"no gzip", PACKED, 400),
        (gzip.compress(b" " * (PLAIN_LIMIT + 1)), PACKED, 413),
        (b" " * (2 << 20), JSON, 413),
        (b"[]", JSON, 200),
    ],
)  # fmt: skip
async def test_what_wxlivespy_does_not_send_is_turned_away(
    data: bytes, headers: dict[str, str], status: int
) -> None:
    engine = Engine()
    async with wxlivespy(engine) as (_, session, url):
        async with session.post(url, data=io.BytesIO(data), headers=headers) as answer:
            assert answer.status == status
        async with session.get(url) as answer:
            assert answer.status == 405
    assert engine.events == []


async def test_a_taken_port_is_told_and_tried_again() -> None:
    engine = Engine()
    async with wxlivespy(engine) as (first, _, _):
        port = first.port
        second = WxlivespySource(port, try_again=0.01)
        task = spawn(second.run(engine.post), name="second")
        await until(lambda: second.health.state == "port_taken")
    await until(lambda: second.health.state == "listening")
    await cancel_all([task])


async def test_sources_run_only_while_the_room_wants_them() -> None:
    engine = Engine()
    made: list[WxlivespySource] = []

    def make() -> Source:
        made.append(WxlivespySource(0))
        return made[-1]

    sources = Sources(engine.post, makers={"wxlivespy": make})
    assert sources.health(START)["wxlivespy"]["state"] == "off"
    await sources.turn({"wxlivespy": True, "of tomorrow": True})
    await until(lambda: sources.health(START)["wxlivespy"]["state"] == "listening")
    await sources.turn({"wxlivespy": True})
    assert len(made) == 1
    await sources.turn({})
    assert sources.health(START)["wxlivespy"]["state"] == "off"
    assert made[0].health.state == "off"


def test_every_source_is_off_at_first() -> None:
    assert set(SOURCES) == {"oba", "wxlivespy", "douyin_grab", "dycast", "bilibili"}
    assert all(make().health.state == "off" for make in SOURCES.values())


async def test_a_full_disk_is_waited_for_and_a_rejection_is_not() -> None:
    answers: list[Exception | None] = [
        EngineCannotWrite("cannot_write", "", 507),
        EngineGone("restarts"),
        None,
    ]

    async def post(events: list[dict[str, Any]]) -> object:
        answer = answers.pop(0)
        if answer is not None:
            raise answer
        return None

    await deliver(post, [{"id": "1"}])
    assert answers == []
    answers.append(Rejected("too_large", "", 413))
    with pytest.raises(Rejected):
        await deliver(post, [{"id": "1"}])


async def test_the_moment_of_the_last_message_is_reckoned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[WxlivespySource] = []

    def make() -> Source:
        made.append(WxlivespySource(0))
        return made[-1]

    sources = Sources(Engine().post, makers={"wxlivespy": make})
    await sources.turn({"wxlivespy": True})

    def last_at(now: datetime) -> Any:
        return sources.health(now)["wxlivespy"]["last_at"]

    assert last_at(START) is None
    made[0].health.last = time.monotonic() - 2
    first = last_at(START)
    assert abs(first - (START - timedelta(seconds=2))) < timedelta(seconds=1)
    assert last_at(START + timedelta(seconds=0.3)) == first, "two clocks read anew would give another moment"
    assert "age" not in sources.health(START)["wxlivespy"]
    await sources.close()
