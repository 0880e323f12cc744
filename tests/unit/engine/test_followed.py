"""A room folded as its log grows is the room that its whole log folds to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from liveconsole.domain.room import FOLD_VERSION
from liveconsole.engine import folding
from liveconsole.engine import followed as following
from liveconsole.engine.core import RoomCore
from liveconsole.engine.followed import FollowedRoom
from liveconsole.store import Store, open_store
from liveconsole.store.errors import CannotWrite
from tests.unit.engine.evenings import Evenings, encoded


@pytest.fixture
def leader(tmp_path: Path) -> Iterator[Evenings]:
    with open_store(tmp_path) as store:
        yield Evenings(store)


@pytest.fixture
def followed(leader: Evenings, tmp_path: Path) -> Iterator[FollowedRoom]:
    made = FollowedRoom(lambda: open_store(tmp_path, create=False), most=0.05)
    yield made
    made.end()


def until(what: Callable[[], bool]) -> None:
    limit = time.monotonic() + 10
    while not what():
        assert time.monotonic() < limit
        time.sleep(0.01)


def came(followed: FollowedRoom, leader: Evenings) -> None:
    until(lambda: followed.seq == leader.core.seq)


def test_it_is_the_room_of_the_log_and_takes_the_last_rows_along(
    leader: Evenings, followed: FollowedRoom
) -> None:
    leader.first_evening()
    came(followed, leader)
    leader.open()
    came(followed, leader)
    for n in range(30):
        leader.fact("comment.posted", viewer={"id": f"v{n}", "name": f"人{n}"}, text="多少钱")
    followed._stop.set()  # what comes now it has not seen when it takes over
    followed._thread.join()
    leader.sale("s1")
    leader.placed("o1", "s1")
    folded = followed.take(leader.store)
    assert folded is not None
    cold, _ = folding.fold(leader.store)
    assert encoded(folded.room) == encoded(cold) == encoded(leader.room)
    core = RoomCore(leader.store, now=leader.now, chance=leader.chance, folded=folded)
    assert core.room is folded.room
    assert core._snapshot_seq == leader.store.snapshot_seq(FOLD_VERSION)
    leader.core = core
    leader.paid("o1")
    assert encoded(core.room) == encoded(folding.fold(leader.store)[0]), "and it goes on"


def test_one_that_ends_while_the_store_is_being_opened_reads_nothing_of_it(
    leader: Evenings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who takes over waits for it, with a lease of three seconds: a long log takes longer to be folded."""
    began, opened, folds = threading.Event(), threading.Event(), list[Store]()
    monkeypatch.setattr(folding, "fold", folds.append)

    def slowly() -> Store:
        began.set()
        assert opened.wait(10)
        return open_store(tmp_path, create=False)

    followed = FollowedRoom(slowly)
    assert began.wait(10)
    ending = threading.Thread(target=followed.end)
    ending.start()
    until(followed._stop.is_set)
    opened.set()
    ending.join(10)
    assert not ending.is_alive()
    assert folds == []


@pytest.mark.parametrize("twin", [False, True])
def test_who_is_forgotten_is_forgotten_there_too(
    leader: Evenings, followed: FollowedRoom, monkeypatch: pytest.MonkeyPatch, twin: bool
) -> None:
    if twin:
        monkeypatch.setattr(following, "FORGOTTEN", "nobody is")
    leader.open()
    leader.ok("note.put", text="给王小明留一件")
    leader.fact("comment.posted", viewer={"id": "v1", "name": "王小明"}, text="王小明来了")
    leader.sale("s1")
    leader.request("o1", "v1")
    came(followed, leader)
    leader.ok("viewer.forget", viewer_id="v1")
    leader.core.save()
    came(followed, leader)
    folded = followed.take(leader.store)
    assert folded is not None
    assert ("王小明".encode() in encoded(folded.room)) is twin
    assert (encoded(folded.room) == encoded(leader.room)) is not twin


def test_a_lost_connection_costs_nothing_and_a_bug_the_head_start(
    leader: Evenings, followed: FollowedRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader.open()
    came(followed, leader)
    lost: list[bool] = []
    rows = Store.events_after

    def away(self: Store, seq: int) -> Iterator[object]:
        yield from list(rows(self, seq))[:3]
        if len(lost) < 3:
            lost.append(True)
            raise CannotWrite("io_error", "away")

    monkeypatch.setattr(Store, "events_after", away)
    leader.close()
    leader.first_evening()
    until(lambda: len(lost) == 3)
    monkeypatch.setattr(Store, "events_after", rows)
    came(followed, leader)
    folded = followed._folded
    assert folded is not None
    assert encoded(folded.room) == encoded(folding.fold(leader.store)[0])

    def bug(*_: object) -> None:
        raise ZeroDivisionError

    leader.placed("late")
    monkeypatch.setattr(folding, "onto", bug)
    assert followed.take(leader.store) is None, "then the whole log is folded"
