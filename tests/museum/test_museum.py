"""A log of an older version folds to what that version recorded, for ever."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.domain.evolve import FOLDS
from liveconsole.engine import refill
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.engine.folding import event_of, fold
from liveconsole.messages.events import EVENTS
from liveconsole.store import open_store
from liveconsole.store.migrate import revision_of
from liveconsole.store.tables import HEAD
from tests.museum.exhibits import EVENINGS, HERE, NAMES, folded, stored, stored_by_r0001, totals_of


def recorded(name: str) -> Any:
    return msgspec.json.decode((HERE / f"{name}.json").read_bytes())


def test_the_museum_has_its_first_exhibit() -> None:
    assert "d4352dd" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_evening_folds_to_what_it_came_to(name: str) -> None:
    assert totals_of(folded(name)) == recorded(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_type_in_it_resolves_and_the_exhibit_shows_nearly_all_there_are(name: str) -> None:
    seen = Counter(event.type for event in stored(name))
    assert set(seen) <= set(EVENTS) & set(FOLDS)
    for event in stored(name):
        assert event_of(event).data is not None
    assert len(seen) >= 50


def test_the_twin_a_rule_that_counts_otherwise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = FOLDS["order.paid"]

    def twice(room: Any, data: Any, event: Any) -> None:
        counted(room, data, event)
        room.totals.gmv_fen += 1

    monkeypatch.setitem(FOLDS, "order.paid", twice)
    assert totals_of(folded("d4352dd")) != recorded("d4352dd")


@pytest.mark.parametrize("name", EVENINGS)
def test_a_room_of_before_is_brought_up_with_all_its_broadcasts(name: str, tmp_path: Path) -> None:
    """Its tables are filled from the log, its late facts found where nothing marks them, and the room holds
    one broadcast; figures as that version's own report told them."""
    stored_by_r0001(name, tmp_path)
    store = open_store(tmp_path, create=False)
    assert revision_of(store._file) == HEAD
    assert not refill.is_done(store)
    last = list(store.events_after(0))[-1].at
    core = RoomCore(store, now=last, chance=SystemChance(), simulated=True)
    assert refill.is_done(store)
    wanted = recorded(name)
    rows = store.broadcasts()
    assert [row.number for row in rows] == list(range(1, len(wanted) + 1))
    for row, told in zip(rows, wanted, strict=True):
        assert {"comments": row.comments, **row.sums._asdict()}.items() >= told.items(), row.number
        assert row.orders_known
    mine = {order.order_id for order in store.orders() if order.broadcast == len(wanted)}
    assert mine <= set(core.room.orders), "of the last one, which no other has followed"
    assert core.room.broadcast.number == len(wanted)
    assert {cue.broadcast for cue in core.room.cues.values()} == {len(wanted)}
    bodies = [body for number in range(1, len(wanted)) for body in store.cue_bodies(number)]
    assert sum(b"measured_later" in body for body in bodies) == len(wanted) - 1
    with store._file.writing() as c:
        c.exec_driver_sql("DELETE FROM snapshot")
    again, began = fold(store)
    assert began == 0
    assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(core.room)
    store.close()
