"""Slow and dead followers: memory stays bounded, comments are left out and counted, orders never."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import psutil
import pytest

from tests.contract.engine_process import comment, event
from tests.faults.harness.processes import Engine, until
from tests.faults.harness.rooms import PLACED, following

Start = Callable[..., Engine]
POSTS, IN_POST, TEXT = 200, 300, "慢" * 400
GROWTH = 130 << 20
"""The bound: the ring of 8,192 events (some 4 KB each while nobody has asked for their lines), 5,000 waiting
lines, and what the allocator keeps: 400 posts instead of 200 ended at 102 MiB. The flood is far more."""


@contextmanager
def stalled(engine: Engine) -> Iterator[tuple[list[dict[str, Any]], threading.Event]]:
    """A stream that is not read until the event is set; then all that it brings."""
    seen: list[dict[str, Any]] = []
    joined, go, leave = threading.Event(), threading.Event(), threading.Event()

    async def follow() -> None:
        headers = {"Authorization": f"Bearer {engine.tokens['viewer']}"}
        url = f"{engine.found['url']}/v1/stream?after={engine.seq()}"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.ws_connect(url, max_msg_size=0, autoping=True) as stream,
        ):
            joined.set()
            while not go.is_set():  # noqa: ASYNC110  # it is set from another thread
                await asyncio.sleep(0.01)
            while not leave.is_set():
                try:
                    message = await asyncio.wait_for(stream.receive(), 0.05)
                except TimeoutError:
                    continue
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return
                seen.extend(json.loads(message.data))

    thread = threading.Thread(target=lambda: asyncio.run(follow()), name="a stalled follower")
    thread.start()
    try:
        assert joined.wait(10)
        yield seen, go
    finally:
        go.set()
        leave.set()
        thread.join(10)


def flood(engine: Engine) -> None:
    """Comments by the thousand and an order in every post of them."""
    for n in range(POSTS):
        batch = [comment(f"{n}-{k}", TEXT) for k in range(IN_POST)]
        order = event(
            f"o{n}", "order.placed", {**PLACED, "order_id": f"o{n}", "cue_id": "no"}, source="/shop"
        )
        assert engine.post([*batch, order])["accepted"] == IN_POST + 1


def slow(start: Start, *bend: str) -> None:
    engine = start(bend=bend)
    memory = psutil.Process(engine.process.pid)
    with stalled(engine) as (seen, go):
        began, before = engine.seq(), memory.memory_info().rss
        flood(engine)
        grown = memory.memory_info().rss - before
        last = engine.seq()
        go.set()
        until(lambda: seen and max(line.get("seq", 0) for line in seen[-50:]) == last, 30)
    counts = Counter(line["type"] for line in seen)
    assert counts["stream.skipped"] > 0, "nobody was left behind"
    assert counts["order.placed"] == POSTS, "an order was dropped"
    skipped: Counter[str] = Counter()
    for line in seen:
        if line["type"] == "stream.skipped":
            assert set(line["data"]["counts"]) == {"comment.posted"}
            skipped.update(line["data"]["counts"])
    assert counts["comment.posted"] + skipped["comment.posted"] == POSTS * IN_POST, "uncounted"
    seqs = [line["seq"] for line in seen if "seq" in line]
    assert seqs == sorted(set(seqs))
    assert began < seqs[0]
    assert grown < GROWTH, f"grown by {grown >> 20} MiB"


def test_a_slow_follower_loses_comments_only_and_they_are_counted(start: Start) -> None:
    slow(start)


def test_twin_without_its_bound_nothing_is_left_out(start: Start) -> None:
    with pytest.raises(AssertionError, match="nobody was left behind"):
        slow(start, "wait_for_everybody")


def test_followers_that_die_are_dropped_and_the_others_feel_nothing(start: Start) -> None:
    engine = start()
    dead = [dying(engine) for _ in range(20)]
    with following(engine, engine.seq()) as seen:
        for n in range(10):
            assert engine.post([comment(f"{n}-{k}") for k in range(100)])["accepted"] == 100
            for one in dead[2 * n : 2 * n + 2]:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.close()  # a reset, as when the other machine has gone
        until(lambda: len(seen) == 1000)
    assert [line["id"] for line in seen] == [f"{n}-{k}" for n in range(10) for k in range(100)]
    open_now = psutil.Process(engine.process.pid).net_connections(kind="tcp")
    assert sum(one.status == "ESTABLISHED" for one in open_now) <= 1
    assert "Traceback" not in engine.errors()
    assert engine.stop() == 0


def dying(engine: Engine) -> socket.socket:
    """A stream by hand, on a socket that can be torn."""
    connection = socket.create_connection(("127.0.0.1", engine.port), timeout=10)
    head = (
        f"GET /v1/stream?after=0 HTTP/1.1\r\nHost: 127.0.0.1:{engine.port}\r\n"
        f"Authorization: Bearer {engine.tokens['viewer']}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    connection.sendall(head.encode())
    assert connection.recv(4096).startswith(b"HTTP/1.1 101")
    return connection
