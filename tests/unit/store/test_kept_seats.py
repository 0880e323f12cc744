"""The seats of a room in a database: one sealed row, written by who leads and by nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liveconsole.store import CannotWrite, KeyUnavailable, backup, open_store
from liveconsole.store.errors import OtherLeader
from tests import services, stores

psycopg = pytest.importorskip("psycopg", reason="the extra postgresql is not installed")

from liveconsole.store.postgres.address import address_of  # noqa: E402
from liveconsole.store.postgres.leading import Leadership  # noqa: E402
from liveconsole.store.postgres.seats import MOST  # noqa: E402

SEATS = b'{"seats":["a hash that nobody may read"]}'


@pytest.fixture
def kind() -> stores.Kind:
    return stores.kind_of("postgresql")


def test_they_are_sealed_kept_and_nobody_elses(kind: stores.Kind, tmp_path: Path) -> None:
    one, two = kind.open(tmp_path / "1", room_id="one"), kind.open(tmp_path / "2", room_id="two")
    with one, two:
        here, there = one.seats(), two.seats()
        assert here is not None
        assert there is not None
        assert here.read() is None
        here.put(SEATS + b"1")
        here.put(SEATS)
        assert (here.read(), there.read()) == (SEATS, None)
        asked = services.postgres(durable=False).ask
        address = stores.address_for(tmp_path / "1")
        select = f"SELECT value FROM liveconsole.meta WHERE name = 'seats' AND room_id = {one.number}"  # type: ignore[attr-defined]
        ((kept,),) = asked(address, select)
        assert b"hash" not in kept
        # Another room's row in its place is no key of ours, and lets nobody in.
        moved = "INSERT INTO liveconsole.meta (room_id, name, value) VALUES"
        asked(address, f"{moved} ({two.number}, 'seats', '\\x{kept.hex()}')")  # type: ignore[attr-defined]
        with pytest.raises(KeyUnavailable):
            there.read()


def test_who_leads_no_more_changes_nothing_of_them(kind: stores.Kind, tmp_path: Path) -> None:
    """Frozen after it let somebody in or sent him away, it thaws when another leads."""
    with kind.open(tmp_path) as before:
        leader = Leadership(address_of(stores.address_for(tmp_path)), before.number, "two")  # type: ignore[attr-defined]
        old: Any = before.seats()
        old.put(SEATS)
        epoch = leader.try_to_lead()
        try:
            with pytest.raises(OtherLeader):
                old.put(b"{}")
            with kind.open(tmp_path, epoch=epoch) as after:
                new: Any = after.seats()
                assert new.read() == SEATS
                new.put(b"{}")
        finally:
            leader.give_up()
    with kind.open(tmp_path, read_only=True) as beside:
        assert beside.seats().read() == b"{}"  # type: ignore[union-attr]
        with pytest.raises(OtherLeader):
            beside.seats().put(SEATS)  # type: ignore[union-attr]


def test_a_store_that_was_let_go_takes_nothing_more(kind: stores.Kind, tmp_path: Path) -> None:
    with kind.open(tmp_path) as store:
        seats: Any = store.seats()
        store.let_go()
        with pytest.raises(CannotWrite):
            seats.put(SEATS)


def test_they_have_a_bound(kind: stores.Kind, tmp_path: Path) -> None:
    with kind.open(tmp_path) as store:
        seats: Any = store.seats()
        seats.put(b"x" * MOST)
        with pytest.raises(CannotWrite):
            seats.put(b"x" * (MOST + 1))
        assert seats.read() == b"x" * MOST


def test_no_backup_has_them(kind: stores.Kind, tmp_path: Path) -> None:
    """Or a restore would let in again whom somebody sent away since."""
    with kind.open(tmp_path / "a") as store:
        seats: Any = store.seats()
        seats.put(SEATS)
        code = backup(store, tmp_path / "b.lcbackup")
    kind.restore(tmp_path / "b.lcbackup", code, tmp_path / "c")
    with kind.open(tmp_path / "c") as store:
        assert store.seats().read() is None  # type: ignore[union-attr]


@pytest.mark.of_a_file
def test_those_of_a_room_that_is_a_file_lie_beside_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.seats() is None
