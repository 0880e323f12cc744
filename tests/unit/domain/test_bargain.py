"""砍价: the price is for whom enough others have helped, each of them once, and nobody helps himself."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from liveconsole.domain import helping
from tests.unit.domain.desk import Desk, placed, product, request

BARGAIN = {"sku_id": "scarf", "price_fen": 4900, "friends": 3, "per_buyer": 1, "seconds": 60}


def running(platform: str = "own", **spec: Any) -> Desk:
    desk = Desk(platform, recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "k", "kind": "bargain", "spec": BARGAIN | spec})
    desk.ok("cue.fire", {"cue_id": "k"})
    if platform == "manual":
        desk.ok("cue.confirm", {"cue_id": "k", "step": "on_air", "done": True})
    assert desk.cue("k").status == "on_air"
    return desk


def help_(desk: Desk, helper: str, buyer: str) -> None:
    desk.fact("bargain.helped", {"cue_id": "k", "viewer": {"id": helper}, "for": {"id": buyer}})


def asked(buyer: str, order_id: str = "o1", **more: Any) -> dict[str, Any]:
    return request(order_id, buyer, cue_id="k", **more)


def test_the_price_is_given_when_enough_others_have_helped() -> None:
    desk = running()
    refused = desk.refusal("order.request", asked("ann"), "producer")
    assert (refused.code, refused.params["missing"]) == ("not_reached", 3)
    for helper in ("bob", "cat", "bob", "ann"):
        help_(desk, helper, "ann")
    refused = desk.refusal("order.request", asked("ann"), "producer")
    assert refused.params["missing"] == 1, "nobody helps himself, and twice is once"
    assert refused.text == "还差 1 个人"
    help_(desk, "dan", "ann")
    help_(desk, "dan", "bob")
    assert desk.seen("k")["helped"] == {"needed": 3, "people": 2, "helpers": 4, "reached": 1}
    assert desk.ok("order.request", asked("ann"), "producer")["total_fen"] == 4900
    assert desk.no("order.request", asked("ann", "o2"), "producer") == "buyer_limit"
    assert desk.no("order.request", asked("bob", "o3"), "producer") == "not_reached"
    assert desk.ok("order.request", request("plain", "ann"), "producer")["total_fen"] == 9900
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 4900})
    seen = desk.seen("k")
    assert (seen["sold"], seen.get("left"), seen["discount"]["given_fen"]) == (1, None, 5000)
    assert desk.wait(60) == ["cue.ended"]
    help_(desk, "late", "bob")
    assert desk.seen("k")["helped"]["helpers"] == 4, "over is over"
    assert desk.refold() == desk.room


def test_it_sets_nothing_aside_and_sells_what_no_other_was_promised() -> None:
    desk = running(friends=1, per_buyer=9)
    assert desk.shown().catalogue.products[0].skus[0].available == 10
    desk.queue_sale(quantity=8)
    desk.ok("cue.fire", {"cue_id": "sale"})
    help_(desk, "bob", "ann")
    assert desk.no("order.request", asked("ann", quantity=3), "producer") == "sold_out"
    desk.ok("order.request", asked("ann", quantity=2), "producer")
    assert desk.ok("order.request", request("o2", "eve", 2), "producer")["total_fen"] == 2 * 5900


def test_it_can_cost_what_every_unit_in_the_shop_would() -> None:
    desk = running(friends=1)
    assert desk.seen("k")["discount"] == {"given_fen": 0, "held_fen": 0, "most_fen": 50_000}
    help_(desk, "bob", "ann")
    desk.ok("order.request", asked("ann"), "producer")
    assert desk.seen("k")["discount"] == {"given_fen": 0, "held_fen": 5000, "most_fen": 50_000}
    desk.wait(60)
    assert desk.seen("k")["discount"]["most_fen"] == 5000


def test_it_counts_among_the_prices_that_floors_guard() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=6000)]})
    refused = desk.refusal("cue.add", {"kind": "bargain", "spec": BARGAIN})
    assert (refused.code, refused.params["combination"]) == ("below_price_floor", "砍价 49.00")


def test_where_a_person_does_it_nobody_tells_who_was_helped() -> None:
    desk = running("manual")
    seen = desk.seen("k")
    assert (seen["sold"], seen["helped"]) == (None, None)
    desk.ok("cue.measure", {"cue_id": "k", "sold": 4, "left": 3})
    assert (desk.seen("k")["sold"], desk.room.skus["scarf"].on_hand) == (4, 6), "what is left says nothing"
    desk.fact("order.placed", placed("o1", "ann", price_fen=4900))
    assert desk.room.orders["o1"].lines[0].cue_id == "k"
    assert not desk.room.off_orders


def test_what_is_told_beyond_the_bound_is_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping, "PAIRS_KEPT", 4)
    desk = running(friends=2)
    for helper in ("a", "b", "c"):
        for buyer in ("x", "y", "z"):
            help_(desk, helper, buyer)
    helped = desk.cue("k").helped
    assert helped is not None
    assert (helped.pairs, sum(map(len, helped.helpers.values()))) == (4, 4)
    assert helped.beyond > 0
    assert desk.seen("k")["helped"]["beyond"] == helped.beyond


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_it_is_told_the_same_people_have_the_price(seed: int) -> None:
    dice = Random(seed)
    pairs = [(f"h{dice.randrange(30)}", f"b{dice.randrange(12)}") for _ in range(150)]
    want = {b: {h for h, other in pairs if other == b and h != b} for _, b in pairs}
    reached = {b for b, helpers in want.items() if len(helpers) >= 3}
    for _ in range(2):
        desk = running()
        for helper, buyer in pairs:
            help_(desk, helper, buyer)
        helped = desk.cue("k").helped
        assert helped is not None
        assert {b for b in want if not helped.missing(b)} == reached
        assert all(len(by) <= 3 for by in helped.helpers.values()), "no more are kept than are needed"
        dice.shuffle(pairs)


def test_twin_a_helper_who_is_counted_twice_reaches_it_for_two(monkeypatch: pytest.MonkeyPatch) -> None:
    def every_time(room: Any, cue_id: str, helper: str, pid: str, *, most: int) -> None:
        by = room.cues[cue_id].helped.helpers.setdefault(pid, {})
        by[f"{helper}/{len(by)}"] = None

    monkeypatch.setattr(helping, "help_on", every_time)
    desk = running(friends=2)
    help_(desk, "bob", "ann")
    help_(desk, "bob", "ann")
    desk.ok("order.request", asked("ann"), "producer")
