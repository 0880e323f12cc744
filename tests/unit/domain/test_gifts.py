"""买赠 and 满赠: gift stock held and counted as its own, and its value taken off what brings it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from liveconsole.domain import order_request
from liveconsole.domain.given import of_cue
from liveconsole.domain.judge import judge
from liveconsole.domain.kind import Offers
from liveconsole.domain.kinds import gift
from liveconsole.domain.stock import available
from liveconsole.views.report import fold
from tests.unit.domain.desk import Desk, product
from tests.unit.domain.test_bundles import buys
from tests.unit.views.log_lines import lines_of

GIFT: dict[str, Any] = {
    "buy": {"product_ids": ["scarf"]}, "gift": {"sku_id": "hat", "quantity": 2},
    "quantity": 3, "per_buyer": 2, "seconds": 600,
}  # fmt: skip
FROM = GIFT | {"buy": {"threshold_fen": 19_900}, "gift": {"sku_id": "hat", "quantity": 1}}


def running(spec: dict[str, Any] = GIFT, **more: Any) -> Desk:
    """scarf 99.00 × 10 and hat 49.00 × 20; two hats with a scarf."""
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "g", "kind": "gift", "spec": spec | more}, "assistant")
    desk.ok("cue.fire", {"cue_id": "g"})
    return desk


def asks(desk: Desk, order_id: str, buyer: str, *lines: tuple[str, int], **more: Any) -> dict[str, Any]:
    return desk.ok("order.request", buys(order_id, buyer, *lines, **more), "producer")


def given(said: dict[str, Any]) -> list[tuple[str, int, int, int]]:
    return [
        (row["sku_id"], row["quantity"], row["unit_price_fen"], row["total_fen"])
        for row in said["lines"]
        if row.get("gift")
    ]


@pytest.mark.parametrize("named", [{}, {"cue_id": "g"}])
def test_gift_lines_come_in_the_answer_with_its_name_or_without(named: dict[str, str]) -> None:
    desk = running()
    said = asks(desk, "o1", "ann", ("scarf", 1), **named)
    assert (said["total_fen"], given(said), "gift_gone" in said) == (9_900, [("hat", 2, 0, 0)], False)
    assert (desk.room.skus["hat"].held, desk.seen("g")["held"], desk.seen("g")["left"]) == (2, 1, 2)
    assert desk.refold() == desk.room


def test_a_buyer_has_it_so_often_and_what_was_bought_stands_all_the_same() -> None:
    desk = running()
    assert given(asks(desk, "o1", "ann", ("scarf", 3))) == [("hat", 4, 0, 0)]
    said = asks(desk, "o2", "ann", ("scarf", 1))
    assert (given(said), "gift_gone" in said) == ([], False), "he has had his"


def test_what_does_not_bring_it_brings_none() -> None:
    desk = running(buy={"product_ids": ["scarf"], "units": 2})
    assert given(asks(desk, "o1", "ann", ("scarf", 1))) == []
    assert given(asks(desk, "o2", "ann", ("hat", 5))) == []
    assert given(asks(desk, "o3", "bob", ("scarf", 3))) == [("hat", 2, 0, 0)]


def test_a_sum_brings_it_once_an_order_before_coupons() -> None:
    desk = running(FROM)
    assert given(asks(desk, "o1", "ann", ("scarf", 2))) == []
    assert given(asks(desk, "o2", "ann", ("scarf", 4), ("hat", 1))) == [("hat", 1, 0, 0)]
    coupon = {"name": "券", "rule": {"off_fen": 900}, "quantity": 5, "per_buyer": 1, "seconds": 60}
    desk.ok("cue.add", {"cue_id": "k", "kind": "coupon", "spec": coupon})
    desk.ok("cue.fire", {"cue_id": "k"})
    claimed = desk.ok("coupon.claim", {"cue_id": "k", "viewer": {"id": "bob"}}, "producer")
    said = asks(desk, "o3", "bob", ("scarf", 1), ("hat", 3), coupon_id=claimed["coupon_id"])
    assert (said["total_fen"], given(said)) == (9_900 + 14_700 - 900, [("hat", 1, 0, 0)])


def test_its_stock_is_promised_held_sold_and_comes_back() -> None:
    desk = running()
    assert available(desk.room, "hat") == 14
    asks(desk, "o1", "ann", ("scarf", 1))
    asks(desk, "o2", "bob", ("scarf", 1))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 9_900})
    assert (desk.room.skus["hat"].sold, desk.room.skus["hat"].held) == (2, 2)
    desk.fact("order.closed", {"order_id": "o1", "reason": "x"})
    desk.fact("order.closed", {"order_id": "o2", "reason": "x"})
    assert (desk.room.skus["hat"].sold, desk.room.skus["hat"].held, desk.seen("g")["left"]) == (0, 0, 3)


def test_of_one_that_is_gone_the_answer_says_so_and_it_ends_when_the_last_is_paid() -> None:
    desk = running()
    asks(desk, "o1", "ann", ("scarf", 2))
    said = asks(desk, "o2", "bob", ("scarf", 2))
    assert (given(said), said["gift_gone"]) == ([("hat", 2, 0, 0)], ["g"]), "one of the two that he brought"
    said = asks(desk, "o3", "cy", ("scarf", 1))
    assert (given(said), said["gift_gone"], said["total_fen"]) == ([], ["g"], 9_900)
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 1})
    assert desk.cue("g").status == "on_air"
    desk.fact("order.paid", {"order_id": "o2", "paid_fen": 1})
    assert desk.cue("g").ended_because == "sold_out"
    assert asks(desk, "o4", "dee", ("scarf", 1), cue_id="g")["gift_gone"] == ["g"]
    desk.ok("cue.add", {"cue_id": "h", "kind": "gift", "spec": GIFT | {"gift": {"sku_id": "hat"}}})
    desk.ok("cue.fire", {"cue_id": "h"})
    desk.ok("cue.stop", {"cue_id": "h"})
    assert desk.no("order.request", buys("o5", "x", ("scarf", 1), cue_id="h"), "producer") == "not_on_air"


def test_a_platforms_lines_at_0_are_counted_to_it() -> None:
    desk = running()
    lines = [
        {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 9_900},
        {"sku_id": "hat", "quantity": 2, "unit_price_fen": 0},
    ]
    desk.ok("catalogue.put", {"products": [product("hat", 4_900, 20) | {"floor_fen": 4_000}]})
    placed = {"buyer": {"id": "x"}, "lines": lines, "total_fen": 9_900}
    desk.fact("order.placed", {"order_id": "p1", **placed})
    assert [line.cue_id for line in desk.room.orders["p1"].lines] == [None, "g"]
    assert desk.room.orders["p1"].off is None, "a gift stands at 0 against no floor"
    desk.fact("order.paid", {"order_id": "p1", "paid_fen": 9_900})
    assert desk.seen("g")["sold"] == 1
    for n in range(2, 4):
        desk.fact("order.placed", {"order_id": f"p{n}", **placed})
    assert desk.seen("g")["oversold"] == 2, "over what one buyer may have"
    assert desk.cue("g").ended_because == "stopped"
    assert desk.refold() == desk.room


@pytest.mark.parametrize(("late", "off"), [(5, ""), (15, "below_promise")])
def test_a_platform_tells_of_its_last_gifts_some_seconds_late(late: int, off: str) -> None:
    desk = running()
    desk.ok("catalogue.put", {"products": [product("hat", 4_900, 20) | {"floor_fen": 4_000}]})
    desk.wait(600 + late)
    assert desk.cue("g").status == "ended"
    lines = [
        {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 9_900},
        {"sku_id": "hat", "quantity": 2, "unit_price_fen": 0},
    ]
    placed = {"order_id": "p1", "buyer": {"id": "x"}, "lines": lines, "total_fen": 9_900}
    desk.fact("order.placed", placed)
    found = desk.room.orders["p1"].off
    assert (found.code if found is not None else "") == off
    assert (found is not None and found.floor is not None) == bool(off)


def test_what_it_gives_is_its_own_price() -> None:
    desk = running()
    asks(desk, "o1", "ann", ("scarf", 1))
    assert desk.seen("g")["discount"] == {"given_fen": 0, "held_fen": 9_800, "most_fen": 29_400}
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 9_900})
    assert desk.seen("g")["discount"]["given_fen"] == 9_800
    desk.wait(600)
    assert of_cue(desk.room, desk.cue("g"), desk.now).most_fen == 9_800
    (row,) = fold(lines_of(desk)).promotions
    assert (row.kind, row.sold, row.quantity, row.orders, row.discount_fen) == ("gift", 1, 3, 1, 9_800)


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({"buy": {"product_ids": ["x"]}}, "unknown_product"),
        ({"gift": {"sku_id": "x"}}, "unknown_sku"),
        ({"buy": {}}, "bad_spec"),
        ({"buy": {"product_ids": ["scarf"], "threshold_fen": 1}}, "bad_spec"),
        ({"quantity": 11}, "over_stock"),
        ({"per_buyer": 4}, "over_limit"),
    ],
)
def test_one_that_cannot_be(spec: dict[str, Any], code: str) -> None:
    assert Desk().no("cue.add", {"kind": "gift", "spec": GIFT | spec}) == code


def test_its_value_comes_off_what_brings_it_before_the_floor() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("scarf", 9_900, 10) | {"floor_fen": 1_000}]})
    no = desk.refusal("cue.add", {"kind": "gift", "spec": GIFT})
    assert (no.code, no.params["sku_id"], no.params["final_fen"]) == ("below_price_floor", "scarf", 100)
    assert "赠「hat」值 98.00" in no.params["combination"]
    one = GIFT | {"gift": {"sku_id": "hat", "quantity": 1}}
    assert judge(desk.room, "cue.add", {"kind": "gift", "spec": one}, desk.now)["lowest_fen"] == 5_000
    # 满 199 送: shared over the least sum that brings it, 5 × 49.00.
    found = judge(desk.room, "cue.add", {"kind": "gift", "spec": FROM}, desk.now)["lowest"]
    assert (found["sku_id"], found["fen"]) == ("hat", 4_900 - 980)


def test_a_dearer_gift_is_refused_where_it_would_break_a_floor_that_holds_now() -> None:
    desk = running(gift={"sku_id": "hat", "quantity": 1})
    desk.ok("catalogue.put", {"products": [product("scarf", 9_900, 10) | {"floor_fen": 5_000}]})
    assert desk.no("catalogue.put", {"products": [product("hat", 4_901, 20)]}) == "below_price_floor"
    sale = {"sku_id": "scarf", "price_fen": 9_899, "quantity": 1, "per_buyer": 1, "seconds": 60}
    assert desk.no("cue.add", {"kind": "flash_sale", "spec": sale}) == "below_price_floor"


def test_the_last_gate_grants_no_order_whose_gift_brings_it_under_its_floor() -> None:
    """The floor was raised while it ran, which no guard can refuse."""
    desk = running(gift={"sku_id": "hat", "quantity": 1})
    desk.ok("catalogue.put", {"products": [product("scarf", 9_900, 10) | {"floor_fen": 5_001}]})
    no = desk.refusal("order.request", buys("o1", "ann", ("scarf", 1)), "producer")
    assert (no.code, no.params["final_fen"]) == ("below_price_floor", 5_000)
    assert no.params["combination"] == "原价 99.00 + 赠「hat」值 49.00（每件摊 49.00）"


def test_a_draft_says_what_is_short_and_what_would_mend_it() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("scarf", 9_900, 10) | {"floor_fen": 1_000}]})
    judged = judge(desk.room, "cue.add", {"kind": "gift", "spec": GIFT | {"quantity": 30}}, desk.now)
    codes = {row["sku_id"]: [one["code"] for one in row["faults"]] for row in judged["skus"]}
    assert codes == {"scarf": ["below_price_floor"], "hat": ["over_stock"]}
    (repair,), mended = judged["repairs"], judged["mended"]
    assert (repair["fix"], mended["spec"]["quantity"], mended["quantity"]) == ({"quantity": 10}, 10, 10)
    one = mended["spec"] | {"gift": {"sku_id": "hat", "quantity": 1}}
    well = judge(desk.room, "cue.add", {"kind": "gift", "spec": one}, desk.now)
    assert (well["ok"], well["repairs"], well["mended"]) == (True, [], None)


def test_one_more_round_has_what_is_left() -> None:
    desk = running(quantity=8)
    for n in range(3):
        asks(desk, f"o{n}", f"v{n}", ("scarf", 2))
        desk.fact("order.paid", {"order_id": f"o{n}", "paid_fen": 1})
    desk.ok("cue.stop", {"cue_id": "g"})
    assert desk.cue(desk.ok("cue.again", {"cue_id": "g"})["cue_id"]).spec_sent["quantity"] == 4


def evening(seed: int) -> None:
    """Orders, payments, closings and lapses at random: no gift is ever promised twice."""
    dice, desk = Random(seed), running(quantity=5)
    ids: list[str] = []
    for n in range(60):
        deed = dice.random()
        if deed < 0.5:
            ids.append(f"o{n}")
            named = {"cue_id": "g"} if dice.random() < 0.3 else {}
            lines = [("scarf", dice.randint(1, 3))] + (
                [("hat", dice.randint(1, 4))] if dice.random() < 0.5 else []
            )
            desk.ask("order.request", buys(ids[-1], dice.choice("abcd"), *lines, **named), "producer")
        elif ids and deed < 0.75:
            desk.fact("order.paid", {"order_id": dice.choice(ids), "paid_fen": 1})
        elif ids and deed < 0.9:
            desk.fact("order.closed", {"order_id": dice.choice(ids), "reason": "x"})
        else:
            desk.wait(dice.choice([10, 120]))
        count = desk.cue("g").sale["hat"]
        assert count.held + count.sold <= count.quantity, (seed, n)
        assert all(had <= 4 for had in desk.cue("g").buyers.values()), (seed, n)
        assert all(sku.held <= sku.on_hand for sku in desk.room.skus.values()), (seed, n)
    assert desk.refold() == desk.room


def test_no_gift_is_promised_twice() -> None:
    for seed in range(12):
        evening(seed)


def test_twin_gifts_that_are_not_held_are_promised_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_request._Tally, "give", lambda tally, cue, offer, times: times)
    with pytest.raises(AssertionError):
        test_no_gift_is_promised_twice()


def test_twin_gifts_that_are_worth_nothing_let_a_floor_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gift, "offers", lambda spec: Offers())
    with pytest.raises(AssertionError):
        test_its_value_comes_off_what_brings_it_before_the_floor()


def test_a_paid_order_that_breaks_a_gift_and_empties_the_shop_ends_it_once() -> None:
    desk = running(FROM, quantity=2)
    desk.fact("order.paid", {"order_id": "p1", "paid_fen": 98_000})
    lines = [
        {"sku_id": "hat", "quantity": 20, "unit_price_fen": 4_900},
        {"sku_id": "hat", "quantity": 1, "unit_price_fen": 0},
    ]
    placed = {"order_id": "p1", "buyer": {"id": "ann"}, "lines": lines, "total_fen": 98_000, "cue_id": "g"}
    told = desk.fact("order.placed", placed)
    assert told.count("stock.oversold") == 1
    assert told.count("cue.ended") == 1
    assert (desk.cue("g").ended_because, desk.cue("g").reason) == ("stopped", "oversold")
    assert desk.refold() == desk.room
