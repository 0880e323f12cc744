"""Orders: granted by the console, told by a platform, in any order and any number of times."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import msgspec
import pytest

from liveconsole.domain.room import Room
from liveconsole.domain.take import take
from tests.unit.domain.desk import Desk, placed, request


def test_a_sale_of_five_two_per_buyer() -> None:
    desk = Desk()
    count = desk.run_sale()
    answer = desk.ok("order.request", request("o1", "ann", 2, cue_id="sale"), "producer")
    assert answer["lines"][0]["unit_price_fen"] == 5900
    assert answer["total_fen"] == 11800
    refused = desk.refusal("order.request", request("o2", "ann", 1, cue_id="sale"), "producer")
    assert (refused.code, refused.params["limit"]) == ("buyer_limit", 2)
    desk.ok("order.request", request("o3", "bob", 2), "producer")
    refused = desk.refusal("order.request", request("o4", "cat", 2, cue_id="sale"), "producer")
    assert (refused.code, refused.params["available"]) == ("sold_out", 1)
    assert "1" in refused.text, "one is left: the sentence says so"
    desk.ok("order.request", request("o5", "cat"), "producer")
    assert desk.no("order.request", request("o6", "dan"), "producer") == "sold_out"
    assert (count.held, count.left) == (5, 0)
    assert desk.cue().status == "on_air", "a lapsed unit may come back"


def test_a_lapsed_hold_gives_its_units_back() -> None:
    desk = Desk(hold_seconds=10)
    count = desk.run_sale(quantity=1, per_buyer=1)
    desk.ok("order.request", request("o1", "ann"))
    desk.now = desk.now.replace(second=5)
    assert desk.no("order.request", request("o2", "bob")) == "sold_out"
    assert desk.wait(5) == ["order.lapsed"]
    assert count.left == 1
    desk.ok("order.request", request("o2", "bob"))


def test_a_hold_lives_past_the_end_of_its_sale() -> None:
    desk = Desk(hold_seconds=100)
    count = desk.run_sale()
    desk.ok("order.request", request("o1", "ann", 2))
    assert desk.wait(60) == ["cue.ended"]
    assert count.held == 2
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 11800})
    assert (count.held, count.sold) == (0, 2)
    assert desk.wait(60) == []
    assert desk.no("order.request", request("o2", cue_id="sale")) == "not_on_air"
    assert desk.ok("order.request", request("o2"))["lines"][0]["unit_price_fen"] == 9900


def test_the_end_is_judged_by_the_clock_and_not_by_its_tick() -> None:
    desk = Desk()
    desk.run_sale()
    desk.now = desk.now.replace(minute=1)
    assert desk.cue().status == "on_air"
    assert desk.no("order.request", request("o1", cue_id="sale")) == "not_on_air"


def test_the_last_unit_paid_ends_the_sale() -> None:
    desk = Desk()
    desk.run_sale(quantity=2, per_buyer=2)
    desk.ok("order.request", request("o1", "ann", 2))
    assert desk.fact("order.paid", {"order_id": "o1", "paid_fen": 11800}) == ["order.paid", "cue.ended"]
    assert desk.cue().ended_because == "sold_out"


def test_paid_after_the_hold_lapsed_takes_a_free_unit() -> None:
    desk = Desk(hold_seconds=10)
    count = desk.run_sale(quantity=1, per_buyer=1)
    desk.ok("order.request", request("o1", "ann"))
    desk.wait(10)
    paid = desk.fact("order.paid", {"order_id": "o1", "paid_fen": 5900})
    assert paid == ["order.paid", "order.counted", "cue.ended"]
    assert (count.sold, count.oversold) == (1, 0)


def test_paid_after_the_hold_lapsed_and_nothing_is_free_is_oversold_and_stops_the_sale() -> None:
    desk = Desk(hold_seconds=10)
    count = desk.run_sale(quantity=1, per_buyer=1)
    desk.ok("order.request", request("o1", "ann"))
    desk.wait(10)
    desk.ok("order.request", request("o2", "bob"))
    paid = desk.fact("order.paid", {"order_id": "o1", "paid_fen": 5900})
    assert paid == ["order.paid", "order.counted", "stock.oversold", "cue.ended"]
    assert count.oversold == 1
    seen = desk.seen()
    assert (seen["sold"], seen["held"], seen["left"], seen["oversold"]) == (1, 0, 0, 1)
    assert (seen["ended_because"], seen["reason_text"]) == ("stopped", "超卖")
    assert desk.state()["orders"]["oversold"] == 1


def test_a_platforms_order_counts_to_the_sale_of_its_sku_at_the_sales_price() -> None:
    desk = Desk()
    count = desk.run_sale()
    desk.fact("order.placed", placed("o1", quantity=2))
    desk.fact("order.placed", placed("o2", "bob", price_fen=9900))
    assert (count.held, desk.room.skus["scarf"].held) == (2, 3)
    desk.wait(30 * 86_400)
    assert count.held == 2, "a platform's order waits for its platform, not for our clock"
    desk.fact("order.placed", placed("o3", "cat"))
    assert count.held == 2, "the sale is over"
    desk.fact("order.placed", placed("o4", "dan", cue_id="sale"))
    assert count.held == 3, "but who names it knows better"


def test_a_platforms_order_beyond_the_quantity_is_kept_rings_and_stops_the_sale() -> None:
    desk = Desk()
    count = desk.run_sale()
    for n in range(4):
        desk.fact("order.placed", placed(f"o{n}", f"b{n}"))
    assert desk.fact("order.placed", placed("o9", "b9", 2)) == [
        "order.placed",
        "order.counted",
        "stock.oversold",
        "cue.ended",
    ]
    assert (count.left, count.oversold, desk.cue().ended_because) == (0, 1, "stopped")
    desk.fact("order.closed", {"order_id": "o0", "reason": "取消"})
    assert count.oversold == 0, "a unit came back: the promise can be kept"


def test_a_platforms_order_over_the_buyers_limit_is_oversold_too() -> None:
    desk = Desk()
    desk.run_sale()
    assert "stock.oversold" in desk.fact("order.placed", placed("o1", "ann", 3))
    assert desk.seen()["oversold"] == 1


def test_orders_beyond_the_stock_are_oversold_without_a_sale() -> None:
    desk = Desk()
    desk.fact("order.placed", placed("o1", quantity=12, price_fen=9900))
    assert (desk.room.skus["scarf"].oversold, desk.room.skus["scarf"].free) == (2, 0)
    assert desk.state()["orders"]["oversold"] == 2
    assert desk.state()["catalogue"]["products"][0]["available"] == 0


def test_placed_for_a_requested_order_is_the_same_order_counted_once() -> None:
    desk = Desk()
    count = desk.run_sale()
    desk.ok("order.request", request("o1", "ann", 2))
    assert desk.fact("order.placed", placed("o1", "ann", 2, cue_id="sale")) == ["order.placed"]
    assert (count.held, desk.room.totals.placed) == (2, 1)
    assert desk.no("order.request", request("o1", "ann")) == "order_exists"


@pytest.mark.parametrize("console", [True, False])
def test_the_facts_of_an_order_end_in_the_same_state_whatever_their_order(console: bool) -> None:
    told: list[tuple[str, dict[str, Any]]] = [
        ("order.placed", placed("o1", "ann", 2, cue_id="sale")),
        ("order.paid", {"order_id": "o1", "paid_fen": 11800}),
        ("order.closed", {"order_id": "o1", "reason": "退款"}),
        ("order.refunded", {"order_id": "o1", "refund_fen": 5000}),
        ("order.paid", {"order_id": "o1", "paid_fen": 11800}),
    ]
    for facts in (told, told[:2], [told[0], told[2]], told[:3]):
        ends = []
        for way in permutations(facts):
            desk = Desk()
            desk.run_sale()
            if console:
                desk.ok("order.request", request("o1", "ann", 2))
            for type_, data in way:
                desk.fact(type_, data)
            ends.append(
                (desk.room.orders, desk.room.totals, desk.room.skus, desk.cue().sale, desk.cue().buyers)
            )
        assert all(end == ends[0] for end in ends), facts


def test_paid_and_closed_is_closed_with_a_refund_owed() -> None:
    desk = Desk()
    desk.fact("order.placed", placed("o1", price_fen=9900))
    desk.fact("order.closed", {"order_id": "o1", "reason": "超时"})
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 9900})
    orders = desk.state()["orders"]
    assert (orders["closed"], orders["paid"], orders["refund_owed_fen"]) == (1, 0, 9900)
    assert desk.room.skus["scarf"].free == 10
    desk.fact("order.refunded", {"order_id": "o1", "refund_fen": 9900})
    assert desk.state()["orders"]["refund_owed_fen"] == 0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (placed("o1", sku_id="ghost"), "ghost"),
        (placed("o1", cue_id="no-such-cue"), "no-such-cue"),
        (placed("o1") | {"total_fen": 99999}, "total_fen"),
    ],
)
def test_what_nobody_knows_is_kept_and_flagged(data: dict[str, Any], why: str) -> None:
    desk = Desk()
    desk.fact("order.placed", data)
    assert desk.room.orders["o1"].unmatched == [why]
    assert desk.state()["orders"]["unmatched"] == 1


def test_a_payment_for_an_order_that_nobody_told_of_is_unmatched_until_it_comes() -> None:
    desk = Desk()
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 9900})
    assert (desk.room.totals.unmatched, desk.room.totals.paid) == (1, 0)
    desk.fact("order.placed", placed("o1", price_fen=9900))
    assert (desk.room.totals.unmatched, desk.room.totals.paid, desk.room.skus["scarf"].sold) == (0, 1, 1)


def test_an_order_request_is_all_or_nothing_and_shares_its_coupon() -> None:
    desk = Desk(recall_seconds=0)
    spec = {
        "name": "满 100 减 10",
        "rule": {"threshold_fen": 10000, "off_fen": 1000},
        "quantity": 5,
        "per_buyer": 1,
        "seconds": 600,
    }
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": spec})
    desk.ok("cue.fire", {"cue_id": "c"})
    coupon_id = desk.ok("coupon.claim", {"cue_id": "c", "viewer": {"id": "ann"}}, "producer")["coupon_id"]
    both = {
        "order_id": "o1",
        "buyer": {"id": "ann"},
        "lines": [{"sku_id": "scarf", "quantity": 1}, {"sku_id": "hat", "quantity": 1}],
        "coupon_id": coupon_id,
    }
    assert desk.no("order.request", both | {"buyer": {"id": "bob"}}) == "coupon_not_yours"
    too_many = both | {"lines": [{"sku_id": "scarf", "quantity": 1}, {"sku_id": "hat", "quantity": 99}]}
    assert desk.no("order.request", too_many) == "sold_out"
    answer = desk.ok("order.request", both)
    assert [line["total_fen"] for line in answer["lines"]] == [9900 - 669, 4900 - 331]
    assert answer["total_fen"] == 13800
    assert desk.no("order.request", both | {"order_id": "o2"}) == "coupon_used"
    assert desk.fact("order.closed", {"order_id": "o1", "reason": ""}) == ["order.closed", "coupon.returned"]
    desk.ok("order.request", both | {"order_id": "o3"})
    assert desk.wait(900) == ["cue.ended", "order.lapsed", "coupon.returned"]
    assert desk.room.coupons[coupon_id].order_id is None


def test_the_same_sku_in_two_lines_is_counted_together() -> None:
    desk = Desk()
    desk.run_sale()
    lines = [{"sku_id": "scarf", "quantity": 2}, {"sku_id": "scarf", "quantity": 1}]
    assert desk.no("order.request", {"order_id": "o1", "buyer": {"id": "a"}, "lines": lines}) == "buyer_limit"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (request("o1", sku_id="ghost"), "unknown_sku"),
        (request("o1", cue_id="ghost"), "unknown_cue"),
        (request("o1", sku_id="hat", cue_id="sale"), "unknown_sku"),
        (request("o1", coupon_id="ghost"), "unknown_coupon"),
        (request("o1", quantity=0), "bad_shape"),
        (request("o1") | {"lines": []}, "bad_shape"),
    ],
)
def test_a_request_that_cannot_be_granted(data: dict[str, Any], code: str) -> None:
    desk = Desk()
    desk.run_sale()
    assert desk.no("order.request", data) == code


def test_ordinary_orders_leave_what_a_sale_has_promised() -> None:
    desk = Desk()
    desk.ok("room.set", {"recall_seconds": 3})
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    refused = desk.refusal("order.request", request("o1", quantity=6))
    assert refused.params["available"] == 5, "promised from the recall window on"


def test_several_orders_in_one_run_are_judged_one_after_the_other() -> None:
    desk = Desk()
    desk.run_sale(quantity=2, per_buyer=1)
    facts = [desk.made("order.placed", placed(f"o{n}", f"b{n}")) for n in range(3)]
    facts.insert(1, desk.made("comment.posted", {"viewer": {"id": "v"}, "text": "抢到了"}))
    before = msgspec.msgpack.encode(desk.room)
    events = take(desk.room, facts, desk.now, desk.chance)
    assert msgspec.msgpack.encode(desk.room) == before
    desk.fold(events)
    kinds = [e.type for e in events]
    assert kinds.count("stock.oversold") == 1
    assert [k for k in kinds if "." in k and k.startswith(("order.placed", "comment"))] == [
        f.type for f in facts
    ]
    alone = Desk()
    alone.run_sale(quantity=2, per_buyer=1)
    for n in range(3):
        alone.fact("order.placed", placed(f"o{n}", f"b{n}"))
    assert alone.room.orders == desk.room.orders


def test_the_room_comes_back_from_its_snapshot_and_from_its_log() -> None:
    desk = Desk(hold_seconds=10)
    desk.run_sale()
    desk.ok("order.request", request("o1", "ann", 2))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 11800})
    desk.ok("order.request", request("o2", "bob", 2))
    desk.wait(15)
    blob = msgspec.msgpack.encode(desk.room)
    assert msgspec.msgpack.encode(msgspec.msgpack.decode(blob, type=Room)) == blob
    assert msgspec.msgpack.encode(desk.refold()) == blob
