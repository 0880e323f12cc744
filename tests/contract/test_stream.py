"""`GET /v1/stream`: in order from any seq, then live; a slow one loses comments, a dead one harms nobody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from liveconsole.bus.client import Client, Denied, EngineGone
from liveconsole.tasks import spawn
from tests.contract.engine_process import EngineProcess, comment, event

Make = Callable[..., EngineProcess]


def client_of(running: EngineProcess, role: str = "viewer") -> Client:
    return Client(running.found["url"], running.tokens[role], running.found["proof_key"])


async def collect(running: EngineProcess, after: int, until: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with client_of(running) as client:
        async with asyncio.timeout(20):
            async for batch in client.stream(after):
                found.extend(batch)
                if found[-1]["seq"] >= until:
                    return found
    raise AssertionError("the stream ended")


async def test_from_any_seq_in_order_and_then_live(engine_of: Make) -> None:
    running = engine_of()
    await asyncio.to_thread(running.post, [comment(str(n)) for n in range(3000)])
    live = spawn(collect(running, 1500, 3010), name="collect")
    await asyncio.sleep(0)
    for n in range(10):
        await asyncio.to_thread(running.post, [comment(f"live-{n}")])
    found = await live
    assert [line["seq"] for line in found] == list(range(1501, 3011))
    logged = await asyncio.to_thread(running.log, 1500)
    assert found == logged[: len(found)]


async def test_a_stream_beyond_the_end_waits_for_its_seq(engine_of: Make) -> None:
    running = engine_of()
    await asyncio.to_thread(running.post, [comment("1")])
    waiting = spawn(collect(running, 2, 3), name="collect")
    await asyncio.sleep(0)
    await asyncio.to_thread(running.post, [comment("2"), comment("3")])
    assert [line["seq"] for line in await waiting] == [3]


async def test_a_slow_follower_loses_comments_only_and_is_told(engine_of: Make) -> None:
    running = engine_of()
    url = running.found["url"] + "/v1/stream?after=0"
    headers = {"Authorization": f"Bearer {running.tokens['viewer']}"}
    await asyncio.to_thread(running.post, [comment("first")])
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, headers=headers, max_msg_size=0) as slow,
    ):
        first = json.loads((await slow.receive()).data)
        assert [line["id"] for line in first] == ["first"]
        transport = slow._response.connection.transport  # type: ignore[union-attr]
        assert transport is not None
        transport.pause_reading()
        for block in range(80):
            facts = [comment(f"{block}-{n}", "x" * 400) for n in range(500)]
            order = event(f"order-{block}", "order.paid", {"order_id": f"o{block}", "paid_fen": 1})
            await asyncio.to_thread(running.post, [*facts, order])
        last = await asyncio.to_thread(running.seq)
        transport.resume_reading()
        got: list[dict[str, Any]] = []
        counted = 0
        async with asyncio.timeout(20):
            while True:
                batch = json.loads((await slow.receive()).data)
                for line in batch:
                    if line["type"] == "stream.skipped":
                        counted += sum(line["data"]["counts"].values())
                        assert set(line["data"]["counts"]) == {"comment.posted"}
                        assert line["data"]["from"] <= line["data"]["to"]
                        end = line["data"]["to"]
                    else:
                        got.append(line)
                        end = line["seq"]
                if end >= last:
                    break
    seqs = [line["seq"] for line in got]
    assert seqs == sorted(set(seqs))
    assert counted > 0
    assert len(got) + counted == last - 1
    paid = [line["data"]["order_id"] for line in got if line["type"] == "order.paid"]
    assert paid == [f"o{block}" for block in range(80)]


async def test_a_dead_follower_holds_nobody_up(engine_of: Make) -> None:
    running = engine_of()
    url = running.found["url"] + "/v1/stream?after=0"
    headers = {"Authorization": f"Bearer {running.tokens['viewer']}"}
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(url, headers=headers) for _ in range(5)]
        for socket in sockets:
            socket._response.connection.transport.abort()  # type: ignore[union-attr]
        answer = await asyncio.to_thread(running.post, [comment("1")])
        assert answer["accepted"] == 1
    assert [line["seq"] for line in await collect(running, 0, 1)] == [1]


async def test_follow_comes_back_after_a_kill_without_gap_or_repeat(engine_of: Make) -> None:
    first = engine_of()
    await asyncio.to_thread(first.post, [comment("1")])
    seen: list[int] = []
    async with client_of(first) as client:
        stream = client.follow(0)
        async with asyncio.timeout(30):
            seen += [line["seq"] for line in await anext(stream)]
            first.kill()
            second = EngineProcess(first.folder)
            await asyncio.to_thread(second.start)
            try:
                assert second.found["url"] == first.found["url"]
                await asyncio.to_thread(second.post, [comment("2"), comment("3")])
                while len(seen) < 3:
                    seen += [line["seq"] for line in await anext(stream)]
            finally:
                await stream.aclose()  # type: ignore[attr-defined]
                assert second.stop() == 0
    assert seen == [1, 2, 3]


async def test_the_client_tells_a_stranger_from_our_engine(engine: EngineProcess) -> None:
    async with Client(engine.found["url"], "token", "another key") as client:
        with pytest.raises(EngineGone):
            await client.state()
    async with Client(engine.found["url"], "token", engine.found["proof_key"]) as client:
        with pytest.raises(Denied):
            await client.state()
    async with Client("http://127.0.0.1:9", "token") as client:
        with pytest.raises(EngineGone):
            await client.health()


async def test_an_engine_that_stops_ends_its_streams(engine_of: Make) -> None:
    running = engine_of()
    await asyncio.to_thread(running.post, [comment("1")])
    async with client_of(running) as client:
        stream = client.stream(0)
        await anext(stream)
        running.process.terminate()
        with pytest.raises(EngineGone):
            async with asyncio.timeout(10):
                await anext(stream)
    assert await asyncio.to_thread(running.process.wait, 10) == 0
