"""Checkpoints and snapshots: away from deadlines, and the -wal file bounded all the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from liveconsole.bus.decode import read_events
from liveconsole.engine import folding, pace, upkeep
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.clock import Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.engine import Engine
from liveconsole.engine.upkeep import LATEST, Chore, chores
from liveconsole.messages.inputs import FactsInput, NotTaken
from liveconsole.store.cipher import PAGE
from liveconsole.store.errors import CannotWrite, StoreBroken
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store
from tests.contract.engine_process import BATCH, comment

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FAR = 60.0
POST = 200


def post(first: int) -> FactsInput:
    body = msgspec.json.encode([comment(str(first + n), "多少钱 " * 20) for n in range(POST)])
    return read_events(BATCH, body, simulated=False)


@dataclass
class Heap:
    """Work of which ``size`` has gathered."""

    size: float = 0.0
    done: list[float] = field(default_factory=list)

    def work(self) -> None:
        self.done.append(self.size)
        self.size = 0.0

    def chore(self, *, small: float = 1.0) -> Chore:
        made = Chore(lambda: self.size, self.work, seconds=0.02, latest=LATEST, small=small)
        made.look()
        return made


@pytest.mark.parametrize(
    ("size", "left", "is_time"),
    [
        (0.9, math.inf, False),
        (1.0, math.inf, True),
        (1.0, 0.021, True),
        (1.0, 0.019, False),
        (LATEST - 0.1, 0.0, False),
        (LATEST, 0.0, True),
    ],
)
def test_nothing_begins_that_would_still_run_at_the_deadline(size: float, left: float, is_time: bool) -> None:
    assert Heap(size).chore().is_time(left, idle=False) is is_time


@pytest.mark.parametrize(
    ("size", "left", "idle", "is_time"),
    [
        (0.25, math.inf, False, False),  # nobody is in a hurry: the same pages would be copied twice
        (0.25, math.inf, True, True),
        (0.25, 1.0, False, True),
        (0.25, 0.006, False, True),  # a quarter of the time as well
        (0.25, 0.004, False, False),
        (0.24, 1.0, True, False),
    ],
)
def test_a_small_part_is_done_where_there_is_little_time_or_nobody_waits(
    size: float, left: float, idle: bool, is_time: bool
) -> None:
    assert Heap(size).chore(small=0.25).is_time(left, idle=idle) is is_time


def test_a_slow_turn_is_believed_at_once_and_forgotten_slowly() -> None:
    heap = Heap(0.5)
    chore = heap.chore(small=0.25)
    chore.do()
    chore.took(0.05)
    chore.look()
    assert chore.lasts() == pytest.approx(0.025), "a quarter of what all of it takes"
    for _ in range(40):
        heap.size = 1.0
        chore.look()
        chore.do()
        chore.took(0.01)
    assert 0.01 < chore.lasts() * 4 < 0.02


def test_what_fails_is_tried_again_when_more_has_gathered() -> None:
    def fails() -> None:
        raise CannotWrite("disk_full", "")

    chore = Chore(lambda: 1.0, fails, seconds=0.01, latest=LATEST)
    chore.look()
    with pytest.raises(CannotWrite):
        chore.do()
    assert not chore.is_time(math.inf, idle=True)


# At a real store ------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(upkeep, "CHECKPOINT_PAGES", 100)
    opened = open_store(tmp_path / "room")
    yield opened
    opened.close()


def wal_pages(store: Store) -> int:
    return store.folder.joinpath("room.db-wal").stat().st_size // PAGE


def flood(store: Store, left: float, posts: int, *, kept_up: bool = True) -> tuple[int, RoomCore]:
    """Comments while there is always a deadline in ``left`` seconds; the longest that the -wal file was."""
    core, longest = RoomCore(store, now=NOW, chance=SystemChance()), 0
    found = chores(store, core)
    for number in range(posts):
        core.process([post(number * POST)], NOW)
        longest = max(longest, wal_pages(store))
        for chore in found if kept_up else ():
            chore.look()
            if chore.is_time(left, idle=False):
                chore.do()
    return longest, core


@pytest.mark.of_a_file
def test_under_a_flood_without_a_quiet_moment_the_wal_file_stays_bounded(store: Store) -> None:
    one = 60  # pages of one post, generously
    longest, core = flood(store, 0.0, 60)
    assert 100 * LATEST <= longest < 100 * LATEST + one, "not before it must, and not later"
    assert core.seq == store.last_seq() == 60 * POST


@pytest.mark.of_a_file
def test_between_deadlines_it_is_copied_in_small_parts(store: Store) -> None:
    assert flood(store, 1.0, 30)[0] < 100


@pytest.mark.of_a_file
def test_far_from_deadlines_it_is_worth_the_work_first(store: Store) -> None:
    assert 100 <= flood(store, math.inf, 30)[0] < 200


@pytest.mark.of_a_file
def test_twin_with_nobody_to_keep_it_up_the_file_grows_until_sqlite_steps_in(store: Store) -> None:
    longest, _ = flood(store, 0.0, 60, kept_up=False)
    assert longest >= 100 * (LATEST + 1)


@pytest.mark.of_a_file
def test_a_reader_makes_it_longer_and_lets_it_begin_anew(store: Store) -> None:
    reader = store.open_reader()
    with reader._file.reading() as c:
        c.exec_driver_sql("SELECT max(seq) FROM event").all()
        longest, core = flood(store, math.inf, 30)
    assert longest > 300, "nothing behind the reader can be copied away"
    assert store.pages_written() < 200, "and is not tried again and again"
    store.checkpoint()
    core.process([post(10**6)], NOW)
    assert store.pages_written() < 100, "it began anew"
    reader.close()


def test_a_snapshot_waits_for_its_moment_and_no_longer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "SNAPSHOT_EVERY", 2 * POST)
    assert folding.SNAPSHOT_LATEST == 2
    _, core = flood(store, 0.0, 3)
    assert core.unsaved == 3 * POST, "a deadline is always near"
    core.process([post(10**6)], NOW)
    assert core.unsaved == 0, "the core keeps one by itself: a start must not fold without end"
    other = RoomCore(store, now=NOW, chance=SystemChance())
    assert msgspec.msgpack.encode(other.room) == msgspec.msgpack.encode(core.room)


# In the engine --------------------------------------------------------------------------------------


@pytest.fixture
def engine(store: Store) -> Engine:
    clock = Clock(wall=lambda: 1_800_000_000 * 10**9, steady=lambda: 0)
    core = RoomCore(store, now=clock.now(), chance=SystemChance())
    return Engine(store, core, clock, state=lambda *_: b"", overlay=lambda *_: b"")


@pytest.mark.parametrize(("left", "least", "most"), [(0.0, 100 * LATEST, 500), (FAR, 100, 200)])
@pytest.mark.of_a_file
async def test_the_engine_checkpoints_between_commits_when_no_deadline_is_near(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, left: float, least: float, most: float
) -> None:
    store, found = engine._store, []
    checkpoint = store.checkpoint

    def seen() -> None:
        found.append(store.pages_written())
        checkpoint()

    monkeypatch.setattr(store, "checkpoint", seen)
    # The chore was made with the method as it was then.
    engine._chores = chores(store, engine._core)
    monkeypatch.setattr(engine, "_left", lambda: left)
    monkeypatch.setattr(pace, "_PASSED_OVER", 0)
    await engine.start()
    for number in range(60):
        assert (await engine.post(post(number * POST))).accepted == POST
    await engine.stop()
    assert found
    assert all(least <= pages < most for pages in found)


@pytest.mark.of_a_file
async def test_a_checkpoint_that_the_disk_refuses_is_only_put_off(
    engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine._store._file, "checkpoint", _fails(CannotWrite("disk_full", "")))
    await engine.start()
    for number in range(20):
        assert (await engine.post(post(number * POST))).accepted == POST
    assert engine.health()["ok"]
    await engine.stop()
    assert 1 <= caplog.text.count("not tidied up") < 10, "with every hundred pages, not with every commit"


@pytest.mark.of_a_file
async def test_a_checkpoint_that_the_disk_loses_ends_the_engine(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine._store._file, "checkpoint", _fails(StoreBroken("fsync")))

    async def posts() -> None:
        for number in range(20):
            await engine.post(post(number * POST))

    await engine.start()
    with pytest.raises(NotTaken, match="engine_stopped"):
        await posts()
    assert engine.fenced.is_set()
    await engine.stop()


def _fails(error: Exception) -> object:
    def checkpoint(*, wait_ms: int = 0) -> None:
        raise error

    return checkpoint
