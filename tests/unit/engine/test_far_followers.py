"""A follower over a network: comments are left out by how long they wait, and nothing else ever is."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import msgspec

from liveconsole.engine.followers import LogFollower
from liveconsole.messages.bounds import SHARED_LAG, Lag
from tests.unit.engine.test_followers import Log, last, read

COMMENTS = ["comment.posted"] * 40
MIXED = [*COMMENTS, "order.placed", *COMMENTS, "cue.on_air"]
LAG = Lag(events=500, bytes=64 * 1024, seconds=0.12, frame_bytes=1_000, catching_up=0.5)


class Still:
    """Time that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def follower(self, log: Log) -> LogFollower:
        found = log.tail.follow(0, LAG)
        found._time = lambda: self.now
        found._began = self.now
        return found


def _told(found: list[dict[str, Any]]) -> tuple[list[int], int]:
    """The seqs that came, and how many comments were only counted."""
    skipped: Counter[str] = Counter()
    for one in found:
        if one["type"] == "stream.skipped":
            skipped.update(one["data"]["counts"])
    assert set(skipped) <= {"comment.posted"}
    return [one["seq"] for one in found if "seq" in one], skipped["comment.posted"]


def _whole(found: list[dict[str, Any]], log: Log) -> int:
    """Everything came once or was counted, and what is no comment came; the number of those left out."""
    seqs, skipped = _told(found)
    assert len(seqs) == len(set(seqs))
    assert len(seqs) + skipped == len(log.lines)
    others = [n for n, line in enumerate(log.lines, 1) if b"comment.posted" not in line]
    assert set(others) <= set(seqs)
    return skipped


async def _live(log: Log, clock: Still) -> LogFollower:
    follower = clock.follower(log)
    log.commit(["note.put"])
    await read(follower, 1)
    waiting = asyncio.gather(follower.batch())
    await asyncio.sleep(0)
    log.commit(["note.put"])
    await waiting
    return follower


async def test_what_is_taken_in_time_comes_whole_in_small_frames() -> None:
    log, clock = Log(), Still()
    follower = await _live(log, clock)
    for _ in range(5):
        log.commit(MIXED)
        clock.now += 0.02
    at = 2
    while at < 412:
        lines = await follower.batch() or []
        assert 1 + sum(len(line) + 1 for line in lines) <= LAG.frame_bytes
        assert [msgspec.json.decode(line)["seq"] for line in lines] == list(
            range(at + 1, at + 1 + len(lines))
        )
        at += len(lines)


async def test_comments_that_wait_too_long_are_left_out_and_nothing_else_is() -> None:
    log, clock = Log(), Still()
    follower = await _live(log, clock)
    for _ in range(5):  # within every bound of size, but nobody takes it
        log.commit(MIXED)
        clock.now += 0.05
    found = [{"seq": 1, "type": "note.put"}, {"seq": 2, "type": "note.put"}, *await read(follower, 412)]
    assert _whole(found, log) >= 160
    log.commit(MIXED)
    more = await read(follower, len(log.lines))
    assert _told(more)[1] == 0, "once it keeps up it has every comment again"


async def test_who_missed_much_has_comments_for_a_while_and_then_the_rest() -> None:
    log, clock = Log(), Still()
    for _ in range(300):
        log.commit(MIXED)
    follower = clock.follower(log)
    found: list[dict[str, Any]] = []
    while not found or last(found) < len(log.lines):
        found += [msgspec.json.decode(line) for line in await follower.batch() or []]
        clock.now += 0.1
        if len(found) % 7 == 0:
            log.commit(COMMENTS)  # the room goes on meanwhile
    left_out = _whole(found, log)
    assert 0 < left_out < len(log.lines) - 600, "the first half second, and the newest, it has whole"


async def test_one_beside_the_engine_waits_as_long_as_it_likes() -> None:
    log, clock = Log(), Still()
    follower = log.tail.follow(0)
    for _ in range(10):
        log.commit(MIXED)
        clock.now += 10
    assert _told(await read(follower, 820))[1] == 0


def test_the_bounds_of_a_shared_seat_are_tighter_than_one_frame_of_the_stream() -> None:
    assert SHARED_LAG.frame_bytes < SHARED_LAG.bytes
    assert SHARED_LAG.seconds < 0.2
