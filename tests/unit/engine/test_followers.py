from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from liveconsole.engine import followers
from liveconsole.engine.followers import LAG_LIMIT, OTHERS_LIMIT, LogFollower, Tail
from liveconsole.engine.outcome import Committed
from liveconsole.messages.bounds import FRAME_BYTES, LAG_BYTES, OTHERS_BYTES, RING_BYTES


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


async def read(follower: LogFollower, until: int) -> list[dict[str, Any]]:
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


def weigh(lines: list[bytes]) -> int:
    return len(b"[" + b",".join(lines) + b"]")


def heavy(first: int, sizes: list[int], type_: str) -> Committed:
    """Events of so many bytes."""
    bare = [msgspec.json.encode({"seq": first + n, "type": type_, "x": ""}) for n in range(len(sizes))]
    lines = [line[:-2] + b"x" * (size - len(line)) + b'"}' for line, size in zip(bare, sizes, strict=True)]
    assert [len(line) for line in lines] == sizes
    return Committed(first, [type_] * len(sizes), lines)


SIZES = [300_000, 300_000, 300_000, 300_000, 3 * FRAME_BYTES, 100, FRAME_BYTES - 2, FRAME_BYTES - 1, 50_000]


@pytest.mark.parametrize("how", ["from the ring", "live"])
async def test_a_frame_is_bounded_in_bytes_or_one_event(how: str) -> None:
    log = Log()
    follower = log.tail.follow(0)
    if how == "live":
        log.commit(["order.paid"])
        assert last(await read(follower, 1)) == 1
    first = log.tail.last + 1
    log.tail.publish(heavy(first, SIZES, "order.paid"))
    seqs: list[int] = []
    while len(seqs) < len(SIZES):
        lines = await follower.batch()
        assert lines
        assert weigh(lines) <= FRAME_BYTES or len(lines) == 1
        seqs += [msgspec.json.decode(line)["seq"] for line in lines]
    assert seqs == list(range(first, first + len(SIZES)))


async def test_what_waits_for_a_follower_is_bounded_in_bytes() -> None:
    """Comments give way first; what is left comes in frames, each with its own part of what was left out."""
    log = Log()
    log.commit(["comment.posted"])
    follower = log.tail.follow(0)
    await read(follower, 1)
    seq, held = 2, 0
    for n in range(60):
        log.tail.publish(heavy(seq, [500_000], "comment.posted"))
        log.tail.publish(heavy(seq + 1, [200_000 if n % 5 else 1_500_000], "order.paid"))
        seq += 2
        held = max(held, follower._bytes)
    assert held <= LAG_BYTES + OTHERS_BYTES
    at, paid, left_out = 1, 0, 0
    while at < seq - 1:
        lines = await follower.batch()
        assert lines
        found = [msgspec.json.decode(line) for line in lines]
        assert weigh(lines) <= FRAME_BYTES or len(lines) == 1
        for one in found:
            if one["type"] == "stream.skipped":
                assert one["data"]["from"] == at + 1
                left_out += one["data"]["counts"]["comment.posted"]
        paid += sum(one["type"] == "order.paid" for one in found)
        left_out += sum(one["type"] == "comment.posted" for one in found)
        # Whoever leaves after any frame comes back behind it and misses nothing.
        assert last(found) > at
        at = last(found)
    assert (paid, left_out) == (60, 60)
    assert follower._queued == follower._bytes == 0


async def test_who_misses_too_many_bytes_of_anything_else_is_cut_off() -> None:
    log = Log()
    log.commit(["comment.posted"])
    follower = log.tail.follow(0)
    await read(follower, 1)
    for n in range(40):
        log.tail.publish(heavy(2 + n, [1_000_000], "order.paid"))
    assert await follower.batch() is None


async def test_the_ring_is_bounded_in_bytes() -> None:
    log = Log()
    for n in range(40):
        log.tail.publish(heavy(1 + n, [2_000_000], "order.paid"))
    assert log.tail._bytes <= RING_BYTES
    assert log.tail._bytes == sum(held.size for held in log.tail._ring) > 0


async def test_twin_bounds_in_events_alone_let_the_bytes_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FRAME_BYTES", "LAG_BYTES", "OTHERS_BYTES", "RING_BYTES"):
        monkeypatch.setattr(followers, name, 1 << 40)
    log = Log()
    log.commit(["comment.posted"])
    follower = log.tail.follow(0)
    await read(follower, 1)
    for n in range(100):
        log.tail.publish(heavy(2 + n, [1_000_000], "comment.posted"))
    assert follower._bytes > LAG_BYTES + OTHERS_BYTES
    assert log.tail._bytes > RING_BYTES
    assert weigh(await follower.batch() or []) > FRAME_BYTES


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
