"""The second evening: what leaves the room, what stays, and that every figure is of its broadcast (K3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from liveconsole.domain import settled
from liveconsole.messages.state import BroadcastGivenState
from liveconsole.store import Store, open_store
from liveconsole.views.state import state_of
from tests.unit.engine.evenings import Evenings, encoded, tables


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def shop(store: Store) -> Evenings:
    return Evenings(store)


# K3.1: every figure belongs to its broadcast


def test_the_second_and_third_broadcast_open_with_nothing(shop: Evenings) -> None:
    shop.first_evening()
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
        return state_of(shop.room, shop.now).orders.oversold

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
    shop.first_evening()
    shop.open()
    shop.coupon("week", valid_seconds=7 * 86_400)
    shop.claim("week", "v")
    shop.ok("go.next")
    shop.wait(61)
    shop.close()
    shop.open("第三场")
    state = state_of(shop.room, shop.now)
    assert [cue.cue_id for cue in state.cues] == ["week"]
    assert (state.broadcast.number, state.broadcast.title) == (3, "第三场")
    assert state.discount == BroadcastGivenState(0, 0, 0)


# what leaves, what stays


def test_what_has_ended_and_is_settled_leaves(shop: Evenings) -> None:
    shop.first_evening()
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
    assert encoded(shop.refolded()) == encoded(shop.room)


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
    assert shop.ok("bag.winners", cue_id="bag", names=["小林"]) == {"planned": 1, "names": 1}
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
    assert encoded(shop.refolded()) == encoded(shop.room)


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
    assert encoded(shop.refolded()) == encoded(shop.room)
