"""The second evening, the three hundredth, and what is told late of the first (faults K3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.domain import settled
from liveconsole.domain.evolve import evolve
from liveconsole.domain.room import Room
from liveconsole.engine import core as core_module
from liveconsole.engine import folding, refill
from liveconsole.messages.envelope import late_of
from liveconsole.messages.inputs import Input
from liveconsole.store import Store, open_store
from liveconsole.store import store as store_module
from liveconsole.views.state import state_body
from tests.unit.engine.evenings import Evenings, tables

LATE = [1, 300]
"""Broadcasts after its own in which something is told of an order."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def shop(store: Store) -> Evenings:
    return Evenings(store)


def first_evening(shop: Evenings) -> None:
    shop.open("第一场")
    shop.sale("sale-1")
    for order_id in ("kept", "back", "open", "shut"):
        shop.placed(order_id, "sale-1")
    for order_id in ("kept", "back", "shut"):
        shop.paid(order_id)
    shop.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text="好看")
    shop.wait(120)
    shop.close()
    shop.wait(8 * 86_400)


def encoded(room: Room) -> bytes:
    return msgspec.msgpack.encode(room)


def refolded(shop: Evenings) -> Room:
    """The whole log, by the rules alone: no snapshot, no table."""
    room = Room(shop.store.meta.room_id)
    for event in map(folding.event_of, shop.store.events_after(0)):
        evolve(room, event)
    return room


# K3.1: every figure belongs to its broadcast


def test_the_second_and_third_broadcast_open_with_nothing(shop: Evenings) -> None:
    first_evening(shop)
    assert (shop.room.totals.placed, shop.room.audience.comments) == (4, 1)
    for number in (2, 3):
        shop.open()
        assert shop.room.broadcast.number == number
        totals, audience = msgspec.to_builtins(shop.room.totals), msgspec.to_builtins(shop.room.audience)
        assert not any(totals.values()), totals
        assert not any(audience.values()), audience
        assert shop.room.orders_seen_at is None
        shop.close()
    assert shop.books(1).sums.gmv_fen == 3 * 9900
    assert shop.books(2).sums.gmv_fen == shop.books(3).sums.gmv_fen == 0


def test_what_was_told_before_the_first_opening_is_of_the_first_broadcast(shop: Evenings) -> None:
    shop.placed("early")
    shop.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text="好看")
    shop.open()
    assert (shop.room.totals.placed, shop.room.audience.comments) == (1, 1)
    assert (shop.books(1).sums.placed, shop.books(1).comments) == (1, 1)


def test_on_the_second_evening_the_cart_begins_at_its_first_number(shop: Evenings) -> None:
    """K2.1: the desk asked for what it had worked out, and was told `changed` for ever."""
    for _ in range(2):
        shop.open()
        assert shop.ok("go.next", expect="a")["number"] == 1
        assert shop.ok("go.next", expect="b")["number"] == 2
        shop.ok("cart.unpin")
        shop.close()
        shop.wait(60)


def test_what_was_oversold_last_evening_is_not_tonights(shop: Evenings) -> None:
    """The shop is still short of it, and goes on refusing; the figure begins at nought."""
    few = {"product_id": "few", "title": "少", "price_fen": 9900, "stock": 1}
    shop.ok("catalogue.put", products=[few])

    def sold(order_id: str, units: int) -> None:
        line = {"sku_id": "few", "quantity": units, "unit_price_fen": 9900}
        who = {"id": "b", "name": ""}
        shop.fact("order.placed", order_id=order_id, buyer=who, lines=[line], total_fen=9900 * units)

    def oversold() -> int:
        found: int = state_body(shop.room, shop.now)["orders"]["oversold"]
        return found

    shop.open()
    sold("o1", 3)
    shop.paid("o1", 29700)
    assert oversold() == 2
    shop.close()
    shop.open()
    assert (oversold(), shop.room.skus["few"].oversold) == (0, 2)
    sold("o2", 1)
    assert oversold() == 1


def test_the_state_shows_this_broadcast_and_what_is_owed(shop: Evenings) -> None:
    first_evening(shop)
    shop.open()
    shop.coupon("week", valid_seconds=7 * 86_400)
    shop.claim("week", "v")
    shop.ok("go.next")
    shop.wait(61)
    shop.close()
    shop.open("第三场")
    state = state_body(shop.room, shop.now)
    assert [cue["cue_id"] for cue in state["cues"]] == ["week"]
    assert (state["broadcast"]["number"], state["broadcast"]["title"]) == (3, "第三场")
    assert state["discount"] == {"given_fen": 0, "held_fen": 0, "most_fen": 0}


# what leaves, what stays


def test_what_has_ended_and_is_settled_leaves(shop: Evenings) -> None:
    first_evening(shop)
    shop.open()
    assert (shop.room.cues, shop.room.orders, shop.room.coupons) == ({}, {}, {})
    assert [row[0] for row in tables(shop.store)["cue_row"]] == ["sale-1"]
    assert shop.room.skus["a"].held == 0, "an order that nobody paid in a week holds nothing any more"
    assert shop.room.skus["a"].sold == 3


def test_what_waits_in_the_queue_stays_with_goods_cart_and_settings(shop: Evenings) -> None:
    shop.open()
    shop.ok("cue.add", cue_id="tomorrow", kind="pin", spec={"product_id": "a"})
    shop.ok("rundown.put", segments=[{"segment_id": "s1", "product_id": "a"}])
    before = shop.room.products, shop.room.cart, shop.room.settings
    shop.close()
    shop.open()
    assert shop.room.queue == list(shop.room.cues) == ["tomorrow"]
    assert list(shop.room.rundown.segments) == ["s1"]
    assert (shop.room.products, shop.room.cart, shop.room.settings) == before


def test_a_hold_and_an_unpaid_order_go_on_in_their_own_broadcast(shop: Evenings) -> None:
    shop.open()
    shop.request("held")
    shop.placed("unpaid")
    shop.close()
    shop.open()
    assert set(shop.room.orders) == {"held", "unpaid"}
    assert (shop.room.totals.placed, shop.books(1).sums.unpaid) == (0, 2)
    shop.paid("unpaid")
    shop.wait(90)
    assert shop.room.orders["held"].lapsed
    assert shop.room.skus["b"].held == 0
    assert shop.room.totals.placed == shop.room.totals.gmv_fen == 0
    assert (shop.books(1).sums.paid, shop.books(1).sums.gmv_fen, shop.books(2).sums.gmv_fen) == (1, 9900, 0)
    assert shop.room.skus["a"].sold == 1, "the unit is sold, whenever it was paid"
    assert encoded(refolded(shop)) == encoded(shop.room)


def test_a_coupon_that_is_valid_stays_and_one_that_is_not_leaves(shop: Evenings) -> None:
    shop.open()
    shop.coupon("week", valid_seconds=7 * 86_400)
    shop.coupon("hour", valid_seconds=3_600)
    shop.coupon("never")
    mine = {name: shop.claim(name, "v") for name in ("week", "hour", "never")}
    shop.wait(120)
    shop.close()
    shop.wait(86_400)
    shop.open()
    assert set(shop.room.cues) == {"week", "never"}
    shop.restart()
    assert shop.request("o1", coupon_id=mine["week"])["result"]["total_fen"] == 18900
    assert shop.request("o2", coupon_id=mine["never"])["ok"]
    assert shop.request("o3", coupon_id=mine["hour"])["code"] == "unknown_coupon"
    shop.close()
    shop.wait(8 * 86_400)
    shop.pass_by(2)
    assert set(shop.room.coupons) == {mine["never"]}, "returned when its order lapsed, and good for ever"


def test_an_order_may_lapse_with_its_coupon_after_the_next_opening(shop: Evenings) -> None:
    shop.open()
    shop.coupon("week", valid_seconds=7 * 86_400)
    mine = shop.claim("week", "v")
    shop.wait(120)
    shop.request("o1", coupon_id=mine)
    shop.close()
    shop.open()
    shop.wait(90)
    assert shop.room.coupons[mine].order_id is None
    assert (shop.room.cues["week"].used, shop.room.cues["week"].given_held_fen) == (0, 0)


def test_an_end_that_is_owed_stays_until_it_is_confirmed(tmp_path: Path) -> None:
    """The twin of it is the mutant 'archive forgets an owed price restore' of the simulation."""
    store = open_store(tmp_path / "manual")
    shop = Evenings(store, platform="manual")
    shop.open()
    shop.sale("sale-1", via="price")
    shop.ok("cue.confirm", cue_id="sale-1", step="on_air", done=True)
    shop.wait(61)
    owed = settled.owed(shop.room, shop.now)
    assert [cue["cue_id"] for cue in owed.cues] == ["sale-1"]
    store.close()


def test_a_bag_whose_winners_nobody_typed_in_waits_a_week(shop: Evenings) -> None:
    bag = {"prize": {"name": "杯子", "value_fen": 2900}, "winners": 1, "entry": {}, "seconds": 5}
    shop.open()
    shop.ok("cue.add", cue_id="bag", kind="lucky_bag", spec={**bag, "draw": "platform"})
    shop.ok("cue.fire", cue_id="bag")
    shop.wait(10)
    shop.close()
    shop.open()
    assert shop.ok("bag.winners", cue_id="bag", names=["小林"]) == {}
    shop.close()
    shop.open()
    assert "bag" not in shop.room.cues


def test_a_claim_clock_goes_on_and_the_entrants_stay_behind(shop: Evenings) -> None:
    bag = {"prize": {"name": "杯子", "value_fen": 2900}, "winners": 1, "entry": {}, "seconds": 5}
    shop.open()
    shop.ok("cue.add", cue_id="bag", kind="lucky_bag", spec=bag)
    shop.ok("cue.fire", cue_id="bag")
    for n in range(20):
        shop.fact("comment.posted", viewer={"id": f"v{n}", "name": f"v{n}"}, text="来了")
        shop.now = shop.now.replace(microsecond=0)
    shop.wait(10)
    entrants = len(shop.room.cues["bag"].bag.entries)
    assert entrants > 3
    shop.close()
    shop.open()
    cue = shop.room.cues["bag"]
    assert (cue.bag.entries, cue.bag.entrants, cue.bag.receipt["entries"]) == ({}, entrants, [])
    first = cue.bag.winners[0].viewer_id
    shop.wait(700)
    assert cue.bag.settled[first] is False, "who did not claim in time is passed over"
    assert encoded(refolded(shop)) == encoded(shop.room)


def test_what_stays_has_a_bound(shop: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled, "ORDERS_KEPT", 5)
    monkeypatch.setattr(settled, "COUPONS_KEPT", 3)
    monkeypatch.setattr(settled, "UNDATED_KEPT", 2)
    shop.open()
    for n in range(4):
        shop.coupon(f"c{n}")
        shop.claim(f"c{n}", "v")
        shop.claim(f"c{n}", "w")
    for n in range(9):
        shop.placed(f"o{n}")
    shop.request("held")
    shop.wait(61)
    shop.request("held-2")
    shop.close()
    shop.open()
    assert set(shop.room.orders) == {"held-2", "o5", "o6", "o7", "o8", "held"}
    assert set(shop.room.cues) == {"c2", "c3"}
    assert len(shop.room.coupons) == 3
    assert shop.room.skus["a"].held == 4
    assert encoded(refolded(shop)) == encoded(shop.room)


# late facts


@pytest.mark.parametrize("after", LATE)
@pytest.mark.parametrize("restart", [False, True])
def test_what_is_told_late_goes_to_the_books_of_its_broadcast(
    shop: Evenings, after: int, restart: bool
) -> None:
    first_evening(shop)
    shop.pass_by(after - 1)
    shop.open()
    if restart:
        shop.core.save()
        shop.restart()
    was = encoded(shop.room)
    shop.fact("order.refunded", order_id="back", refund_fen=9900)
    shop.placed("kept", "sale-1")
    shop.fact("order.closed", order_id="shut", reason="退货")
    shop.paid("open", 9000)
    shop.placed("never told of", "sale-1")
    shop.fact("promotion.measured", cue_id="sale-1", sold=4)
    if restart:
        shop.restart()
    sums = shop.books(1).sums
    assert (sums.placed, sums.paid, sums.closed, sums.unpaid) == (5, 3, 1, 1)
    assert (sums.gmv_fen, sums.refunded, sums.refund_fen) == (3 * 9900 + 9000, 1, 9900)
    assert sums.refund_owed_fen == 9900
    assert shop.order("back").refund_fen == 9900
    assert shop.order("open").status == "paid"
    assert shop.order("never told of").broadcast == 1
    assert b'"sold":4' in shop.store.cue_bodies(1)[0]
    assert shop.books(after + 1).sums == type(sums)()
    room = msgspec.msgpack.decode(was, type=Room)
    room.seq, room.at = shop.room.seq, shop.room.at
    assert encoded(room) == encoded(shop.room), "nothing of it has come into the room"
    assert encoded(refolded(shop)) == encoded(shop.room)


def test_a_late_fact_stands_on_the_log_as_it_was_sent(shop: Evenings) -> None:
    first_evening(shop)
    shop.open()
    sent = shop.event("order.refunded", {"order_id": "back", "refund_fen": 9900, "why": "大了"})
    sent["time"] = "2026-06-20T20:00:00+08:00"
    assert shop.post(sent).accepted == 1
    assert shop.post(sent).duplicates == 1
    (line,) = shop.log("order.refunded")
    assert {name: line[name] for name in ("source", "id", "type", "time", "data")} == {
        name: sent[name] for name in ("source", "id", "type", "time", "data")
    }
    assert line["seq"] == shop.room.seq
    assert late_of(line["actor"]) == 1


@pytest.mark.parametrize("after", LATE)
def test_an_id_of_before_is_no_new_order_and_no_new_promotion(shop: Evenings, after: int) -> None:
    first_evening(shop)
    shop.pass_by(after - 1)
    shop.open()
    shop.restart()
    assert shop.request("kept")["code"] == "order_exists"
    assert shop.answer("order.request", {"order_id": "kept"}, "assistant")["code"] == "forbidden"
    assert shop.no("cue.add", cue_id="sale-1", kind="pin", spec={"product_id": "a"}) == "cue_exists"
    assert shop.no("cue.measure", cue_id="sale-1", sold=1) == "unknown_cue"
    assert shop.request("new")["ok"]


def test_in_one_commit_with_the_opening(shop: Evenings) -> None:
    """What leaves at an opening is known to have left before it is on disk."""
    from liveconsole.bus.decode import read_events
    from liveconsole.messages.inputs import CommandInput

    shop.open()
    shop.placed("o1")
    shop.close()
    batch = "application/cloudevents-batch+json"

    def facts(*told: tuple[str, dict[str, Any]]) -> Any:
        return read_events(batch, msgspec.json.encode([shop.event(*one) for one in told]), simulated=False)

    shop.process(
        facts(("order.paid", {"order_id": "o1", "paid_fen": 9900})),
        CommandInput("open", "broadcast.open", {}, "host", b"open"),
        facts(("order.refunded", {"order_id": "o1", "refund_fen": 500})),
        CommandInput("close", "broadcast.close", {}, "host", b"close"),
        CommandInput("again", "broadcast.open", {}, "host", b"again"),
        facts(("order.refunded", {"order_id": "o1", "refund_fen": 700})),
    )
    assert (shop.books(1).sums.paid, shop.books(1).sums.refund_fen) == (1, 700)
    assert shop.books(2).sums == shop.books(3).sums == type(shop.books(2).sums)()
    assert encoded(refolded(shop)) == encoded(shop.room)


def test_what_is_told_of_an_order_in_the_room_is_never_late(shop: Evenings) -> None:
    shop.open()
    shop.paid("o1")  # the payment comes first
    shop.close()
    shop.open()
    assert "o1" in shop.room.orders
    assert shop.books(1).sums.gmv_fen == 9900
    shop.placed("o1")
    assert [e for e in shop.log("order.placed") if late_of(e["actor"]) is not None] == []
    assert shop.room.orders["o1"].lines
    # placed tonight: from now on it is tonight's, as the report has it
    assert (shop.books(1).sums.gmv_fen, shop.books(2).sums.gmv_fen, shop.books(2).sums.units) == (0, 9900, 1)


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
    first_evening(shop)
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
    first_evening(shop)
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
    first_evening(shop)
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
            assert encoded(self.core.room) == encoded(refolded(self))
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
