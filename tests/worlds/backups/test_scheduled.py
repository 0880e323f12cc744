"""Backups on a schedule: due when they should be, tried by a restore, so many kept, faults named."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole import credentials
from liveconsole.connectors.backups import scheduled
from liveconsole.connectors.backups.due import FIRST_AGAIN, LAST_AGAIN, KeptBackups, is_due
from liveconsole.connectors.backups.scheduled import WORK, RoomNow, ScheduledBackups
from liveconsole.messages.backups import BackupDone, BackupFailed, BackupPlan
from liveconsole.store import BackupDamaged, Store, Write, backup, codes, open_store, restore
from liveconsole.store.trial import tried
from liveconsole.tasks import spawn
from tests.unit.domain.desk import Desk
from tests.unit.store.conftest import comment  # noqa: F401
from tests.worlds.backups.servers import BUCKET, REGION, SECRET, USER, S3Server

NOON = datetime(2026, 11, 29, 12, 0).astimezone()
PLAN = BackupPlan("folder", "/somewhere", hour=5, keep=3)
QUICK = (
    "import json, sys; open(sys.argv[3], 'wb').write(b'x' * 1000);"
    "print(json.dumps({'bytes': 1000, 'events': 7, 'head': ''}))"
)
"""Stands in for the program where a backup's inside is not looked at."""
PROGRAM = [sys.executable, "-m", "liveconsole"]


def done(at: datetime, name: str = "b") -> BackupDone:
    return BackupDone(name, at, 1, 1)


def test_one_is_due_at_first_every_day_and_behind_every_broadcast() -> None:
    assert is_due(PLAN, KeptBackups(), 0, NOON)
    kept = KeptBackups("x", [done(NOON.replace(hour=5, minute=1))], broadcast=4)
    assert not is_due(PLAN, kept, 4, NOON)
    assert is_due(PLAN, kept, 5, NOON), "a broadcast has ended since"
    assert not is_due(msgspec.structs.replace(PLAN, after_broadcast=False), kept, 5, NOON)
    assert not is_due(PLAN, kept, 4, NOON + timedelta(hours=16, minutes=59))
    assert is_due(PLAN, kept, 4, NOON + timedelta(hours=17, seconds=1)), "it is five again"
    assert is_due(PLAN, kept, 4, NOON + timedelta(days=9)), "the computer was off, and it is made up for"


def test_after_a_failure_it_is_tried_again_each_time_later() -> None:
    kept = KeptBackups("x", [done(NOON - timedelta(hours=1))])
    for times, wait in ((1, FIRST_AGAIN), (2, 2 * FIRST_AGAIN), (3, 4 * FIRST_AGAIN), (60, LAST_AGAIN)):
        kept.failed = BackupFailed("unreachable", "", NOON, NOON, times)
        assert not is_due(PLAN, kept, 0, NOON + wait - timedelta(seconds=1))
        assert is_due(PLAN, kept, 0, NOON + wait)


class World:
    """A store, a plan, and a clock that is set by hand."""

    def __init__(self, kept: Store, plan: BackupPlan, program: list[str] = PROGRAM) -> None:
        self.folder, self.now = kept.folder, datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
        self.room = RoomNow(plan, False, 0)
        self.begun = asyncio.Event()
        self.looked = 0
        self.backups = self.again(program)

    def again(self, program: list[str] = PROGRAM) -> ScheduledBackups:
        made = ScheduledBackups(self.folder, "room-1234567", program, self.look, lambda: self.now)
        made._kept = scheduled._read(self.folder)
        return made

    async def look(self) -> RoomNow:
        self.looked += 1
        if self.looked >= 4:
            self.begun.set()
        return self.room


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "room")
    yield opened
    opened.close()


@pytest.fixture
def world(
    store: Store,
    comment: Callable[..., Any],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    store.commit(Write(0, [comment(n) for n in range(300)]))
    (tmp_path / "disk").mkdir()
    monkeypatch.setattr(scheduled, "LOOK_SECONDS", 0.05)
    credentials.keep(store.folder, "backup", {"code": codes.new_code()})
    return World(store, BackupPlan("folder", str(tmp_path / "disk"), keep=2))


def _files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "disk").iterdir())


async def test_it_is_made_by_a_program_tried_and_remembered(world: World, tmp_path: Path) -> None:
    await world.backups.step()
    said = world.backups.state()
    assert said is not None
    assert said.last is not None
    assert (said.failed, said.last.events) == (None, 300)
    (name,) = _files(tmp_path)
    assert name == said.last.name
    code = credentials.read(world.folder, "backup")["code"]
    restore(tmp_path / "disk" / name, code, tmp_path / "again")
    again = open_store(tmp_path / "again")
    assert len(list(again.events_after(0))) == 300
    again.close()
    assert not (world.folder / WORK).exists()
    assert world.again()._kept.done == [said.last]
    await world.backups.step()
    assert len(_files(tmp_path)) == 1, "nothing is due"


async def test_so_many_stay_and_what_is_not_ours_stays(world: World, tmp_path: Path) -> None:
    world.backups = world.again([sys.executable, "-c", QUICK])
    (tmp_path / "disk" / "照片.jpg").write_bytes(b"x")
    names = []
    for day in range(4):
        world.now += timedelta(days=1, seconds=day)
        await world.backups.step()
        last = world.backups.state().last  # type: ignore[union-attr]
        assert last is not None
        names.append(last.name)
    assert _files(tmp_path) == sorted([*names[-2:], "照片.jpg"])


async def test_without_a_code_that_somebody_wrote_down_none_is_made(world: World, tmp_path: Path) -> None:
    credentials.keep(world.folder, "backup", {"code": ""})
    await world.backups.step()
    failed = world.backups.state().failed  # type: ignore[union-attr]
    assert failed is not None
    assert failed.why == "no_code"
    assert "liveconsole backup --code" in failed.said(english=True)
    assert _files(tmp_path) == []
    credentials.keep(world.folder, "backup", {"code": codes.new_code()})
    world.backups._program = [sys.executable, "-c", QUICK]
    world.now += FIRST_AGAIN
    await world.backups.step()
    assert world.backups.state().failed is None  # type: ignore[union-attr]


async def test_on_air_none_is_begun_and_one_that_runs_is_broken_off(world: World, tmp_path: Path) -> None:
    plan = world.room.plan
    world.room = RoomNow(plan, True, 0)
    await world.backups.step()
    assert _files(tmp_path) == []
    slow = [sys.executable, "-c", "import time; time.sleep(600)"]
    world.backups, world.room = world.again(slow), RoomNow(plan, False, 0)
    step = spawn(world.backups.step(), name="a step")
    await asyncio.wait_for(world.begun.wait(), 10)
    assert world.backups.state().running  # type: ignore[union-attr]
    world.room = RoomNow(plan, True, 0)
    await asyncio.wait_for(step, 10)
    said = world.backups.state()
    assert said is not None
    assert (said.running, said.failed, said.last) == (False, None, None), "to wait is no failure"
    assert not (world.folder / WORK).exists()


async def test_a_program_that_ends_without_a_word_is_a_failure_with_a_reason(world: World) -> None:
    world.backups = world.again([sys.executable, "-c", "raise SystemExit(3)"])
    await world.backups.step()
    failed = world.backups.state().failed  # type: ignore[union-attr]
    assert failed is not None
    assert (failed.why, failed.detail, failed.times) == ("failed", "exit 3", 1)


async def test_a_disk_without_room_for_it_and_its_trial_is_left_alone(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduled, "LEFT_FREE", 1 << 62)
    await world.backups.step()
    failed = world.backups.state().failed  # type: ignore[union-attr]
    assert failed is not None
    assert (failed.why, int(failed.detail) > 1_000) == ("no_room", True)
    assert _files(tmp_path) == []


async def test_to_an_s3_service_and_back_when_the_service_keeps_less_than_it_was_sent(world: World) -> None:
    credentials.keep(world.folder, "backup", {"password": SECRET})
    world.backups = world.again([sys.executable, "-c", QUICK])
    server = S3Server()
    async with server.running() as url:
        plan = BackupPlan("s3", url, user=USER, bucket=BUCKET, region=REGION, keep=1)
        world.room = RoomNow(plan, False, 0)
        await world.backups.step()
        last = world.backups.state().last  # type: ignore[union-attr]
        assert last is not None
        assert list(server.files) == [f"/{BUCKET}/{last.name}"]
        server.cuts = True
        world.now += timedelta(days=1)
        await world.backups.step()
    failed = world.backups.state().failed  # type: ignore[union-attr]
    assert failed is not None
    assert failed.why == "differs"
    assert SECRET not in (world.folder / scheduled.FILE).read_text("utf-8")


def test_a_rehearsal_is_not_backed_up() -> None:
    desk = Desk("rehearsal")
    plan = {"to": "folder", "place": "/mnt/backup"}
    assert desk.no("room.set", {"backup": plan}) == "not_in_a_rehearsal"
    assert Desk().ok("room.set", {"backup": plan})["settings"]["backup"]["place"] == "/mnt/backup"


def test_a_backup_whose_log_was_changed_does_not_pass_its_trial(
    store: Store,
    comment: Callable[..., Any],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin of the trial: a file that opens, and whose chain does not hold."""
    store.commit(Write(0, [comment(n) for n in range(50)]))
    code = backup(store.folder, tmp_path / "good")
    assert tried(tmp_path / "good", code).whole == 50
    with store._file.writing() as c:
        c.exec_driver_sql("UPDATE event SET data = CAST(replace(data, '钱', '元') AS BLOB) WHERE seq = 20")
    backup(store.folder, tmp_path / "changed", code=code)
    with pytest.raises(BackupDamaged, match="event 20 is changed"):
        tried(tmp_path / "changed", code)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["changed", "good", "room"]
    trial = importlib.import_module("liveconsole.store.trial")
    monkeypatch.setattr(trial, "check_log", lambda *_: trial.LogCheck(50, ""))
    tried(tmp_path / "changed", code)
