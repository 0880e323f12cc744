"""What promotions give away: so far, on hold, at most; the same in state, judge and report."""

from __future__ import annotations

from typing import Any

from hypothesis import given as drawn
from hypothesis import strategies as st

from liveconsole.domain import given
from liveconsole.domain.judge import judge
from liveconsole.domain.room_orders import Order
from liveconsole.views.report import fold
from tests.unit.domain.desk import Desk, placed, product, request
from tests.unit.views.log_lines import lines_of

COUPON: dict[str, Any] = {
    "name": "券",
    "rule": {"threshold_fen": 4000, "off_fen": 500},
    "quantity": 3,
    "per_buyer": 1,
    "seconds": 60,
    "valid_seconds": 600,
}
BAG: dict[str, Any] = {
    "prize": {"name": "帽", "value_fen": 4900}, "winners": 2, "entry": {"keyword": "想要"}, "seconds": 60,
}  # fmt: skip


def figures(desk: Desk, cue_id: str) -> tuple[int, int, int]:
    found = desk.seen(cue_id)["discount"]
    return found["given_fen"], found["held_fen"], found["most_fen"]


def in_all(desk: Desk) -> tuple[int, int, int]:
    found = desk.state()["discount"]
    return found["given_fen"], found["held_fen"], found["most_fen"]


def buy(desk: Desk, order_id: str, buyer: str = "b", **more: Any) -> None:
    desk.ok("order.request", request(order_id, buyer, **more), "producer")


def pay(desk: Desk, order_id: str) -> None:
    desk.fact("order.paid", {"order_id": order_id, "paid_fen": desk.room.orders[order_id].total_fen})


def test_a_sale_gives_when_it_is_paid_and_holds_before() -> None:
    desk = Desk()
    desk.run_sale(price_fen=5900, quantity=4, per_buyer=2)
    assert figures(desk, "sale") == in_all(desk) == (0, 0, 4 * 4000)
    buy(desk, "o1")
    assert figures(desk, "sale") == (0, 4000, 16_000)
    pay(desk, "o1")
    buy(desk, "o2", "c", quantity=2)
    assert figures(desk, "sale") == in_all(desk) == (4000, 8000, 16_000)
    desk.ok("cue.stop", {"cue_id": "sale"})
    assert figures(desk, "sale") == in_all(desk) == (4000, 8000, 12_000)
    desk.wait(1000)  # the hold lapses
    assert figures(desk, "sale") == in_all(desk) == (4000, 0, 4000)
    desk.fact("order.closed", {"order_id": "o1", "reason": "退"})
    assert figures(desk, "sale") == (0, 0, 0)


def test_the_price_of_the_moment_counts_and_a_dearer_unit_takes_nothing_back() -> None:
    desk = Desk("rehearsal")
    desk.queue_sale(price_fen=5900, quantity=9, per_buyer=9)
    desk.ok("cue.approve", {"cue_id": "sale"})
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.fact("order.placed", placed("o1", price_fen=5900) | {"cue_id": "sale"})
    desk.ok("catalogue.put", {"products": [product("scarf", 7900, 10)]})
    desk.fact("order.placed", placed("o2", "c", price_fen=5900) | {"cue_id": "sale"})
    desk.fact("order.placed", placed("o3", "d", price_fen=9900) | {"cue_id": "sale"})
    assert desk.cue("sale").given_held_fen == 4000 + 2000


def test_a_coupon_gives_what_orders_took_off_and_at_most_what_is_still_in_hands() -> None:
    desk = Desk()
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    desk.ok("cue.fire", {"cue_id": "c"})
    for buyer in ("ann", "bob"):
        desk.ok("coupon.claim", {"cue_id": "c", "viewer": {"id": buyer}}, "producer")
    buy(desk, "o1", "ann", coupon_id="c-1")
    assert figures(desk, "c") == in_all(desk) == (0, 500, 1500)
    pay(desk, "o1")
    assert figures(desk, "c") == (500, 0, 1500)
    desk.wait(60)
    assert figures(desk, "c") == in_all(desk) == (500, 0, 1000)
    desk.wait(600)
    assert figures(desk, "c") == in_all(desk) == (500, 0, 500)


def test_prizes_count_for_their_bag_and_in_no_sum() -> None:
    desk = Desk()
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    assert figures(desk, "bag") == (0, 0, 9800)
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.fact("comment.posted", {"viewer": {"id": "ann"}, "text": "想要"})
    desk.wait(60)
    assert (figures(desk, "bag"), in_all(desk)) == ((4900, 0, 4900), (0, 0, 0))


def test_where_nobody_reports_orders_what_was_given_is_unknown() -> None:
    desk = Desk("manual")
    desk.queue_sale(price_fen=5900, quantity=4, per_buyer=2)
    assert desk.seen()["discount"] == {"given_fen": 0, "held_fen": 0, "most_fen": 16_000}
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    assert desk.seen()["discount"] == {"given_fen": None, "held_fen": None, "most_fen": 16_000}
    desk.fact("order.placed", placed("o1") | {"cue_id": "sale"})
    assert desk.seen()["discount"]["held_fen"] == 4000


def test_another_broadcast_begins_at_nothing() -> None:
    desk = Desk()
    desk.run_sale(price_fen=5900, quantity=1, per_buyer=1)
    buy(desk, "o1")
    pay(desk, "o1")
    assert in_all(desk) == (4000, 0, 4000)
    assert fold(lines_of(desk)).totals.discount_fen == 4000
    desk.ok("broadcast.close", {})
    desk.wait(5)
    desk.ok("broadcast.open", {})
    assert in_all(desk) == (0, 0, 0)
    desk.run_sale("again", price_fen=4900, quantity=1, per_buyer=1)
    buy(desk, "o2", "c")
    pay(desk, "o2")
    assert in_all(desk) == (5000, 0, 5000)
    assert fold(lines_of(desk)).totals.discount_fen == 5000
    assert fold(lines_of(desk), broadcast=1).totals.discount_fen == 4000


def test_folding_again_gives_the_same_sums() -> None:
    desk = Desk()
    desk.run_sale(price_fen=5900, quantity=4, per_buyer=2)
    buy(desk, "o1")
    pay(desk, "o1")
    buy(desk, "o2", "c")
    again = desk.refold()
    assert given.of_broadcast(again, desk.now) == given.of_broadcast(desk.room, desk.now)
    assert isinstance(again.orders["o1"], Order)


@drawn(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 50))
def test_weighing_and_taking_back_leave_nothing(regular: int, unit: int, units: int) -> None:
    assert given.off_price(regular, unit, units) + given.off_price(regular, unit, -units) == 0
    assert given.off_price(regular, unit, units) >= 0


def test_every_promotion_that_can_be_fired_says_the_lowest_price_and_the_most_it_costs() -> None:
    """开抢, 发券 and 发福袋; a coupon for the whole shop too. What is under its floor goes first."""
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=8000)]})
    whole = COUPON | {"rule": {"off_fen": 3000}}
    said = judge(desk.room, "cue.add", {"kind": "coupon", "spec": whole}, desk.now)
    assert (said["code"], said["lowest_fen"]) == ("below_price_floor", 6900)
    assert said["lowest"]["sku_id"] == "scarf"  # not the hat, which is cheaper and has no floor
    assert said["lowest"]["combination"] == said["params"]["combination"]
    mild = COUPON | {"rule": {"off_fen": 1000}}
    said = judge(desk.room, "cue.add", {"kind": "coupon", "spec": mild}, desk.now)
    assert (said["ok"], said["lowest"]["sku_id"], said["lowest_fen"]) == (True, "hat", 3900)
    assert said["exposure_fen"] == 3000
    said = judge(desk.room, "cue.add", {"kind": "lucky_bag", "spec": BAG}, desk.now)
    assert (said["ok"], said["lowest_fen"], said["exposure_fen"]) == (True, None, 9800)


def test_the_state_tells_the_lowest_price_while_it_waits_and_while_it_runs() -> None:
    desk = Desk()
    desk.queue_sale(price_fen=5900, quantity=4, per_buyer=2)
    assert (desk.seen()["lowest_fen"], desk.seen()["lowest"]["floor_fen"]) == (5900, None)
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.seen()["lowest_fen"] == 5900
    desk.ok("cue.stop", {"cue_id": "sale"})
    assert "lowest_fen" not in desk.seen()
