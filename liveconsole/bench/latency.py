"""How long a comment is under way: posted, on disk, in a follower's hands."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import Any, Final

from liveconsole.bench import comments
from liveconsole.bench.figures import BenchRow, against, most, quantile
from liveconsole.bench.files import connect, made
from liveconsole.bench.serving import ServedEngine, serving
from liveconsole.bench.wire import BenchStream
from liveconsole.bench.world import BenchHost, BenchRun, open_room
from liveconsole.tasks import cancel_all, spawn

NAME: Final = "latency"
_RATES: Final = (100, 1_000, 10_000)
_POSTS: Final = 100
"""A second: what a capture tool would do with more comments is put more of them into each."""
_MARK: Final = b"@" * 19
_STAMP: Final = re.compile(rb'"text":"(\d{19}) ')


async def measure(world: BenchRun) -> list[BenchRow]:
    """At each rate; the limit is a commit of one row and a round trip over the loopback."""
    disk = await asyncio.to_thread(bare_commits, world.folder("bare"))
    trips = await _bare_trips()
    limit = [quantile(disk, share) + quantile(trips, share) for share in (0.5, 0.99)]
    figures: list[BenchRow] = []
    async with serving(world.folder("latency")) as engine, engine.wire("host") as host:
        await open_room(BenchHost(host))
        for rate in _RATES:
            figures += _figures(rate, await _at(engine, rate, world.pick(2, 5)), limit)
    return figures


def _figures(rate: int, late: list[float], limit: list[float]) -> list[BenchRow]:
    found = []
    for share, words, bare in ((0.5, "half", limit[0]), (0.99, "99 of 100", limit[1])):
        value = quantile(late, share)
        found.append(
            BenchRow(
                NAME,
                f"posted → committed → in the follower at {rate:,} events/s, {words}",
                value,
                "ms",
                "a commit of one row and a loopback round trip",
                bare,
                against(value, bare),
                (most(100, goal=True),) if share == 0.99 else (),
            )
        )
    return found


async def _at(engine: ServedEngine, rate: int, seconds: int) -> list[float]:
    """Milliseconds from the post to the frame, one figure a post."""
    each = max(1, rate // _POSTS)
    bodies = comments.bodies(rate * seconds, source=f"/bench/at{rate}", batch=each)
    marked = [body.replace(b'"text":"', b'"text":"' + _MARK + b" ", 1) for body in bodies]
    late: list[float] = []
    async with BenchStream(engine.port, engine.tokens["viewer"]) as stream, engine.wire("producer") as wire:
        after = await _last_seq(engine)
        await stream.begin(after)
        following = spawn(_follow(stream, rate * seconds, late), name="bench follower")
        began = time.perf_counter()
        for number, body in enumerate(marked):
            wait = began + number / _POSTS * (each * _POSTS / rate) - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            stamp = b"%019d" % time.monotonic_ns()
            await wire.post(body.replace(_MARK, stamp, 1), comments.TYPE)
        try:
            async with asyncio.timeout(20):
                await following
        finally:
            await cancel_all([following])
    return late


async def _follow(stream: BenchStream, count: int, late: list[float]) -> None:
    seen = 0
    while seen < count:
        frame = await stream.frame()
        now = time.monotonic_ns()
        seen += frame.count(b'"type":"comment.posted"')
        late += [(now - int(stamp)) / 1e6 for stamp in _STAMP.findall(frame)]


async def _last_seq(engine: ServedEngine) -> int:
    async with engine.wire("producer") as wire:
        answer: dict[str, Any] = await wire.post(b"[]", comments.TYPE)
        seq: int = answer["seq"]
        return seq


def bare_commits(folder: Path, times: int = 300) -> list[float]:
    """Milliseconds of one durable row each, by the driver."""
    raw = connect(made(folder))
    raw.execute("CREATE TABLE bare (n INTEGER PRIMARY KEY, data BLOB)")
    found = []
    for number in range(times):
        began = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO bare VALUES (?, ?)", (number, b"x" * 160))
        raw.execute("COMMIT")
        found.append((time.perf_counter() - began) * 1e3)
    raw.close()
    return found


async def _bare_trips(times: int = 1_000) -> list[float]:
    """Milliseconds of a line to a listener in this process and back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    found = []
    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for _ in range(times):
            began = time.perf_counter()
            writer.write(b"x" * 300 + b"\n")
            await reader.readline()
            found.append((time.perf_counter() - began) * 1e3)
        writer.close()
        await writer.wait_closed()
    return found
