"""`liveconsole publish` from a pipe, beside the same comments posted by hand on four connections at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import msgspec

from liveconsole.bench import comments
from liveconsole.bench.figures import BenchRow, against, least, most
from liveconsole.bench.serving import environment, serving
from liveconsole.bench.wire import BenchConnection
from liveconsole.bench.world import BenchHost, BenchRun, open_room

NAME: Final = "pipe"
_IN_FLIGHT: Final = 4


async def measure(world: BenchRun) -> list[BenchRow]:
    """The row."""
    posts = comments.bodies(world.pick(60_000, 400_000))
    posted = await _posted(world.folder("posted"), posts)
    piped, told, in_order = await _piped(world.folder("piped"), posts)
    count = sum(body.count(b'"specversion"') for body in posts)
    return [
        BenchRow(
            NAME,
            "comments from a pipe, `liveconsole publish`",
            count / piped,
            "events/s",
            "the same, posted on four connections",
            count / posted,
            against(count / piped, count / posted),
            (least(20_000), least(50_000, goal=True), least(0.6, "ratio")),
            note=f"{count:,} lines in {piped:.1f} s, the start of the program in it",
        ),
        BenchRow(
            NAME,
            "lines that were not accepted, or stand in another order",
            count - told + (0 if in_order else count),
            "events",
            bounds=(most(0),),
        ),
    ]


async def _posted(folder: Path, posts: list[bytes]) -> float:
    async with serving(folder) as engine, engine.wire("host") as host:
        await open_room(BenchHost(host))
        work = iter(posts)

        async def hand() -> None:
            async with engine.wire("producer") as wire:
                for body in work:
                    await wire.post(body, comments.TYPE)

        began = time.perf_counter()
        await asyncio.gather(*(hand() for _ in range(_IN_FLIGHT)))
        return time.perf_counter() - began


async def _piped(folder: Path, posts: list[bytes]) -> tuple[float, int, bool]:
    """Seconds, how many were accepted, and whether the log has them in the order of the lines."""
    events: list[dict[str, Any]] = [event for body in posts for event in msgspec.json.decode(body)]
    lines = msgspec.json.Encoder().encode_lines(events)
    async with serving(folder) as engine, engine.wire("host") as host:
        await open_room(BenchHost(host))
        began = time.perf_counter()
        publish = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "liveconsole", "publish", "--data", str(folder),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(),
        )  # fmt: skip
        said, _ = await publish.communicate(lines)
        seconds = time.perf_counter() - began
        told: int = msgspec.json.decode(said)["accepted"]
        return seconds, told, await _in_order(host, [event["id"] for event in events])


async def _in_order(host: BenchConnection, ids: list[str]) -> bool:
    found: list[str] = []
    after = 0
    while page := await host.ask("GET", f"/v1/log?after={after}&limit=10000&type=comment.posted"):
        lines = msgspec.json.Decoder().decode_lines(page)
        found += [line["id"] for line in lines]
        after = lines[-1]["seq"]
    return found == ids
