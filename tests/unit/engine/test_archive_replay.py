"""An evening boundary cut off, replayed and filled again: always the same room and the same books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.domain.evolve import evolve
from liveconsole.domain.room import Room
from liveconsole.engine import core as core_module
from liveconsole.engine import folding, refill
from liveconsole.messages.inputs import Input
from liveconsole.store import Store, open_store
from liveconsole.store import store as store_module
from tests.unit.engine.evenings import Evenings, encoded, tables


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def shop(store: Store) -> Evenings:
    return Evenings(store)


# the fold


def test_a_replay_may_begin_at_an_opening(shop: Evenings) -> None:
    """With the standing things only (goods, cart, queue, settings): what is owed comes out of the event."""
    shop.open()
    shop.coupon("week", valid_seconds=7 * 86_400)
    mine = shop.claim("week", "v")
    shop.wait(120)
    shop.request("o1", coupon_id=mine)
    shop.placed("unpaid")
    shop.ok("cue.add", cue_id="tomorrow", kind="pin", spec={"product_id": "a"})
    shop.close()
    standing = msgspec.msgpack.decode(encoded(shop.room), type=Room)
    standing.cues = {cue_id: standing.cues[cue_id] for cue_id in standing.queue}
    standing.orders, standing.coupons, standing.holds, standing.hold_heap = {}, {}, {}, []
    standing.live, began = [], shop.room.seq
    shop.open()
    shop.wait(90)
    shop.paid("unpaid")
    for event in map(folding.event_of, shop.store.events_after(began)):
        evolve(standing, event)
    assert encoded(standing) == encoded(shop.room)


def test_the_tables_filled_again_are_what_they_were(shop: Evenings) -> None:
    shop.first_evening()
    shop.open()
    shop.fact("order.refunded", order_id="back", refund_fen=9900)
    shop.placed("o2")
    shop.paid("seen")
    shop.close()
    shop.open()
    shop.placed("seen")
    shop.paid("o2")
    shop.fact("promotion.measured", cue_id="sale-1", sold=2)
    shop.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text="好看")
    before, room = tables(shop.store), encoded(shop.room)
    assert all(before.values())
    again = refill.refill(shop.store)
    assert tables(shop.store) == before
    assert encoded(again) == room


def test_a_fill_that_was_cut_off_begins_anew(shop: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.first_evening()
    shop.pass_by(3)
    before = tables(shop.store)
    monkeypatch.setattr(refill, "_PAGE", 7)
    fill, left = shop.store.fill_books, [4]

    def cut(write: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        fill(write)

    monkeypatch.setattr(shop.store, "fill_books", cut)
    with pytest.raises(KeyboardInterrupt):
        refill.refill(shop.store)
    assert not refill.is_done(shop.store)
    monkeypatch.setattr(shop.store, "fill_books", fill)
    shop.restart()
    assert refill.is_done(shop.store)
    assert tables(shop.store) == before


@pytest.mark.parametrize("snapshot", [False, True])
def test_cut_at_every_event_of_a_boundary(tmp_path: Path, snapshot: bool) -> None:
    """Whatever was on disk when it broke off, with a snapshot of that moment or none: the same room."""
    store = open_store(tmp_path / "whole")
    shop = Evenings(store)
    shop.first_evening()
    shop.open()
    shop.coupon("week", valid_seconds=7 * 86_400)
    shop.claim("week", "v")
    shop.request("held")
    shop.fact("order.refunded", order_id="back", refund_fen=100)
    shop.wait(61)
    shop.close()
    shop.open()
    shop.fact("order.refunded", order_id="back", refund_fen=9900)
    whole = encoded(shop.room)
    events = list(store.events_after(0))
    for cut in range(1, len(events)):
        room = Room(store.meta.room_id)
        for event in map(folding.event_of, events[:cut]):
            evolve(room, event)
        if snapshot:
            room = msgspec.msgpack.decode(encoded(room), type=Room)
        for event in map(folding.event_of, events[cut:]):
            evolve(room, event)
        assert encoded(room) == whole, cut
    store.close()


class Killed(BaseException):
    """The process is gone."""


class Dying(Evenings):
    """Each commit is cut off once at ``place``; another engine reads the store and is asked again."""

    place = ""
    armed = False
    killed = 0

    def process(self, *inputs: Input) -> list[Any]:
        self.armed = bool(self.place)
        try:
            return super().process(*inputs)
        except Killed:
            self.killed += 1
            self.restart()
            assert encoded(self.core.room) == encoded(self.refolded())
            return super().process(*inputs)

    def reached(self, place: str, types: object = None) -> None:
        if self.armed and place == self.place:
            self.armed = False
            raise Killed


def boundaries(shop: Evenings) -> None:
    """Two evening boundaries with everything that goes over one."""
    shop.open()
    shop.sale("sale-1")
    shop.coupon("week", valid_seconds=7 * 86_400)
    mine = shop.claim("week", "v")
    shop.placed("o1", "sale-1")
    shop.paid("o1")
    shop.placed("unpaid")
    shop.wait(61)
    shop.request("held", coupon_id=mine)
    shop.close()
    shop.open()
    shop.paid("unpaid")
    shop.fact("order.refunded", order_id="o1", refund_fen=100)
    shop.fact("order.refunded", order_id="o1", refund_fen=9900)
    shop.wait(90)
    shop.request("o2", coupon_id=mine)
    shop.paid("o2", 18900)
    shop.close()
    shop.open()
    shop.fact("order.closed", order_id="o2", reason="退货")
    shop.placed("o1", "sale-1")


@pytest.mark.parametrize("every", [1, 20_000])
@pytest.mark.parametrize("place", ["decided", "in transaction", "committed"])
def test_killed_once_in_every_commit_of_two_boundaries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, every: int
) -> None:
    calm_store, store = open_store(tmp_path / "calm"), open_store(tmp_path / "dying")
    calm, shop = Evenings(calm_store), Dying(store)
    boundaries(calm)
    monkeypatch.setattr(folding, "SNAPSHOT_EVERY", every)
    monkeypatch.setattr(core_module, "failpoint", shop.reached)
    monkeypatch.setattr(store_module, "failpoint", shop.reached)
    shop.place = place
    boundaries(shop)
    assert shop.killed > 20
    assert [row._replace(opened_seq=0) for row in store.broadcasts()] == [
        row._replace(opened_seq=0) for row in calm_store.broadcasts()
    ]
    assert [event["type"] for event in shop.log()] == [event["type"] for event in calm.log()]
    before = tables(store)
    refill.refill(store)
    assert tables(store) == before
    calm_store.close()
    store.close()
