from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from liveconsole.engine.followers import LAG_LIMIT, OTHERS_LIMIT, Follower, Tail
from liveconsole.engine.outcome import Committed


def chunk(first: int, types: list[str]) -> Committed:
    lines = [msgspec.json.encode({"seq": first + n, "type": type_}) for n, type_ in enumerate(types)]
    return Committed(first, types, lines)


class Log:
    """A log in memory that a tail pages from."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.pages = 0
        self.tail = Tail(self._page, 0)

    def commit(self, types: list[str]) -> None:
        committed = chunk(len(self.lines) + 1, types)
        self.lines += committed.lines
        self.tail.publish(committed)

    async def _page(self, after: int, limit: int) -> list[bytes]:
        self.pages += 1
        await asyncio.sleep(0)
        return self.lines[after : after + limit]


async def read(follower: Follower, until: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while not found or last(found) < until:
        lines = await follower.batch()
        assert lines is not None
        found += [msgspec.json.decode(line) for line in lines]
    return found


def last(found: list[dict[str, Any]]) -> int:
    return max(int(one["seq"] if "seq" in one else one["data"]["to"]) for one in found)


@pytest.mark.parametrize("after", [0, 1, 4_321, 19_999])
async def test_from_any_seq_through_pages_memory_and_live(after: int) -> None:
    log = Log()
    for _ in range(200):
        log.commit(["comment.posted"] * 100)
    follower = log.tail.follow(after)
    reading = asyncio.gather(read(follower, 20_300))
    for _ in range(3):
        await asyncio.sleep(0)
        log.commit(["comment.posted"] * 100)
    (found,) = await reading
    assert [one["seq"] for one in found] == list(range(after + 1, 20_301))


async def test_what_is_in_memory_is_not_read_from_disk() -> None:
    log = Log()
    log.commit(["comment.posted"] * 100)
    await read(log.tail.follow(0), 100)
    assert log.pages == 0


async def test_a_batch_is_bounded() -> None:
    log = Log()
    follower = log.tail.follow(0)
    log.commit(["comment.posted"] * 3_500)
    sizes: list[int] = []
    while sum(sizes) < 3_500:
        sizes.append(len(await follower.batch() or []))
    assert max(sizes) <= 1_000


async def test_who_falls_behind_loses_comments_only() -> None:
    log = Log()
    log.commit(["comment.posted"])
    follower = log.tail.follow(0)
    assert last(await read(follower, 1)) == 1
    for _ in range(100):
        log.commit([*["comment.posted"] * 99, "order.paid"])
    assert follower._queued <= LAG_LIMIT + OTHERS_LIMIT
    found = await read(follower, 10_001)
    skipped = [one for one in found if one["type"] == "stream.skipped"]
    seqs = [one["seq"] for one in found if "seq" in one]
    assert skipped
    assert seqs == sorted(set(seqs))
    counted = sum(one["data"]["counts"]["comment.posted"] for one in skipped)
    assert counted + len(seqs) == 10_000
    assert len([one for one in found if one["type"] == "order.paid"]) == 100
    log.commit(["comment.posted"])
    assert [one["seq"] for one in await read(follower, 10_002)] == [10_002]


async def test_a_reader_of_the_past_loses_nothing_however_slow() -> None:
    log = Log()
    for _ in range(30):
        log.commit(["comment.posted"] * 1_000)
    follower = log.tail.follow(0)
    found = [msgspec.json.decode(line) for line in await follower.batch() or []]
    for _ in range(30):
        log.commit(["comment.posted"] * 1_000)
    found += await read(follower, 60_000)
    assert [one["seq"] for one in found] == list(range(1, 60_001))


async def test_who_misses_too_much_else_is_cut_off() -> None:
    log = Log()
    log.commit(["comment.posted"])
    follower = log.tail.follow(0)
    await read(follower, 1)
    for _ in range(30):
        log.commit(["order.paid"] * 1_000)
    assert await follower.batch() is None


async def test_an_end_wakes_everybody() -> None:
    log = Log()
    follower = log.tail.follow(0)
    waiting = asyncio.gather(follower.batch(), log.tail.moved(0), return_exceptions=True)
    await asyncio.sleep(0)
    log.tail.end()
    batch, moved = await waiting
    assert batch is None
    assert isinstance(moved, asyncio.CancelledError)
