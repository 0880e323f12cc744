"""What a commit takes when a deadline is near: the writer is free when it comes, and comments go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from liveconsole.engine import pace
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.clock import Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.engine import Engine
from liveconsole.store.opening import open_store
from tests.unit.engine.test_inbox import command, comments


class Room:
    """An engine that nobody started, and a clock that stands."""

    def __init__(self, folder: Path) -> None:
        clock = Clock(wall=lambda: 1_800_000_000 * 10**9, steady=lambda: 0)
        store = open_store(folder)
        core = RoomCore(store, now=clock.now(), chance=SystemChance())
        self._now = clock.now()
        self.engine = Engine(store, core, clock, state=lambda *_: b"", overlay=lambda *_: b"")

    def due_in(self, seconds: float) -> None:
        self.engine._due = self._now + timedelta(seconds=seconds)

    def takes(self) -> list[int]:
        return [waiting.weight for waiting in self.engine._drain()]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "room")
    yield made
    made.engine._writer.shutdown()
    made.engine._reading.shutdown()
    made.engine._reader.close()
    made.engine._store.close()


async def post(room: Room, *sizes: int) -> None:
    for size in sizes:
        room.engine._inbox.put(comments(size))


async def test_far_from_a_deadline_a_commit_takes_what_is_there(room: Room) -> None:
    await post(room, 500, 500, 500)
    room.due_in(60)
    assert room.takes() == [500, 500, 500]


async def test_before_a_deadline_it_takes_what_it_can_finish(room: Room) -> None:
    await post(room, 500, 500, 500, 500)
    room.due_in(pace._COMMIT + 1_200 * pace._PACE)
    assert room.takes() == [500, 500]


async def test_in_the_last_moments_comments_wait_and_commands_do_not(room: Room) -> None:
    await post(room, 500)
    room.engine._inbox.put(command())
    room.due_in(pace._COMMIT + 400 * pace._PACE)
    assert room.takes() == [1]
    room.due_in(0)
    assert room.takes() == []
    room.due_in(60)
    assert room.takes() == [500]


async def test_a_command_that_comes_too_late_to_be_first_goes_with_what_is_due(room: Room) -> None:
    room.engine._inbox.put(command())
    room.due_in(pace._COMMIT - 0.001)
    assert room.takes() == []
    room.due_in(0)
    assert room.takes() == [1]


async def test_slow_commits_are_reckoned_with_at_once_and_waited_for_no_longer_than_so(room: Room) -> None:
    await post(room, 500)
    room.due_in(0.015)
    room.engine._pace.learn(1, 0.016)
    assert room.takes() == [], "the last one took longer than there is time"
    room.engine._pace.learn(1, 10.0)
    room.due_in(pace._LONGEST + 0.001)
    room.engine._inbox.put(command())
    assert room.takes() == [1], "a disk that hangs must not hold up everybody before every deadline"
    for _ in range(60):
        room.engine._pace.learn(1, 0.002)
    room.due_in(0.018)
    assert room.takes() == [500]


async def test_deadlines_that_never_end_do_not_keep_comments_waiting(room: Room) -> None:
    await post(room, 500)
    taken = []
    for _ in range(pace._PASSED_OVER + 1):
        room.due_in(0)
        taken.append(room.takes())
    assert taken == [[]] * pace._PASSED_OVER + [[500]]


async def test_what_is_due_and_held_back_by_a_full_disk_holds_nobody_up(room: Room) -> None:
    await post(room, 500)
    room.due_in(-1)
    room.engine._hold_until = float("inf")
    assert room.takes() == [500]


async def test_the_last_commit_takes_everything(room: Room) -> None:
    await post(room, 500, 500)
    room.due_in(0)
    room.engine._stopping = True
    assert room.takes() == [500, 500]
