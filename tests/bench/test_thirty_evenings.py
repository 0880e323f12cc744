"""After thirty evenings the room is as large as after three: in memory, on disk and on the wire."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from liveconsole.bench.years import ShopYears
from liveconsole.domain import settled
from liveconsole.domain.room import Room
from liveconsole.engine import folding
from liveconsole.engine.history import report
from liveconsole.store import open_store
from liveconsole.views.report import fold
from liveconsole.views.state import state_of, wire

ORDERS = 60
GROWING = (
    "orders",
    "cues",
    "coupons",
    "holds",
    "hold_heap",
    "live",
    "queue",
    "unknown_cues",
    "pledges",
    "notes",
)


def sizes(room: Room) -> dict[str, int]:
    assert room.at is not None
    return {
        "snapshot": len(msgspec.msgpack.encode(room)),
        "state": len(msgspec.json.encode(wire(room, state_of(room, room.at)))),
        **{name: len(getattr(room, name)) for name in GROWING},
    }


def after(folder: Path, evenings: int, *, measured_at: int) -> tuple[dict[str, int], dict[str, int]]:
    """Sizes while the ``measured_at``-th evening goes on, and in the last."""
    store = open_store(folder)
    try:
        store._file.pragma("synchronous=OFF")
        year = ShopYears(store)
        early: dict[str, int] = {}
        for number in range(1, evenings + 1):
            year.evening(number, ORDERS)
            if number == measured_at:
                early = sizes(year.room)
            if number < evenings:
                year.close()
        late = sizes(year.room)
        if evenings == 30:
            assert [row.number for row in store.broadcasts()] == list(range(1, 31))
            assert all(row.sums.placed == ORDERS for row in store.broadcasts())
            assert len(store.orders(10_000)) == 30 * ORDERS
            lines = [msgspec.json.decode(line) for line in store.read(0, 1_000_000)]
            for number in (2, 14, 30):
                ours = report(store, number, simulated=False)
                assert msgspec.json.encode(ours) == msgspec.json.encode(fold(lines, broadcast=number))
            folded, _ = folding.fold(store)
            assert msgspec.msgpack.encode(folded) == msgspec.msgpack.encode(year.room)
        return early, late
    finally:
        store.close()


@pytest.mark.timeout(180)
def test_thirty_evenings_are_no_more_than_three(tmp_path: Path) -> None:
    early, late = after(tmp_path, 30, measured_at=3)
    for name, size in late.items():
        assert size <= 1.1 * early[name] + 2, (name, early, late)
    assert early["orders"] >= ORDERS


@pytest.mark.timeout(180)
def test_the_twin_where_nothing_leaves_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled, "leave", lambda room, carried: None)
    early, late = after(tmp_path, 9, measured_at=3)
    assert late["snapshot"] > 2 * early["snapshot"]
    assert late["state"] > 1.5 * early["state"]
