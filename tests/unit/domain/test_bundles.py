"""组合价: shared over its goods, held by the lot, sold out as soon as one of them is short."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from liveconsole.domain import order_request
from liveconsole.domain.given import of_cue
from liveconsole.domain.judge import judge
from liveconsole.domain.kind import Offers
from liveconsole.domain.kinds import bundle
from liveconsole.domain.stock import available
from liveconsole.views.report import fold
from tests.unit.domain.desk import Desk, product
from tests.unit.views.log_lines import lines_of

BUNDLE: dict[str, Any] = {
    "items": [{"sku_id": "scarf", "quantity": 1}, {"sku_id": "hat", "quantity": 2}],
    "price_fen": 14_001, "quantity": 3, "per_buyer": 2, "seconds": 600,
}  # fmt: skip


def running(**spec: Any) -> Desk:
    """scarf 99.00 × 10 and hat 49.00 × 20, 196.99 apart; a bundle of them on air."""
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "set", "kind": "bundle", "spec": BUNDLE | spec}, "assistant")
    desk.ok("cue.fire", {"cue_id": "set"})
    return desk


def buys(order_id: str, buyer: str, *lines: tuple[str, int], **more: Any) -> dict[str, Any]:
    asked = [{"sku_id": sku_id, "quantity": units} for sku_id, units in lines]
    return {"order_id": order_id, "buyer": {"id": buyer}, "lines": asked, **more}


def whole(order_id: str, buyer: str, count: int = 1) -> dict[str, Any]:
    return buys(order_id, buyer, ("scarf", count), ("hat", 2 * count), cue_id="set")


def left(desk: Desk) -> int | None:
    found: int | None = desk.seen("set")["left"]
    return found


def test_its_price_is_shared_over_its_goods_to_the_fen() -> None:
    desk = running()
    said = desk.ok("order.request", whole("o1", "ann", 2), "producer")
    assert said["total_fen"] == 28_002
    told = [
        (row["sku_id"], row["quantity"], row["unit_price_fen"], row["total_fen"]) for row in said["lines"]
    ]
    assert told == [("scarf", 2, 7036, 14_072), ("hat", 4, 3482, 13_930)]
    assert {row["cue_id"] for row in said["lines"]} == {"set"}
    order = desk.room.orders["o1"]
    assert sum(line.unit_price_fen * line.quantity for line in order.lines) == order.total_fen == 28_002
    assert desk.refold() == desk.room


def test_what_is_over_whole_bundles_costs_what_it_costs_by_itself() -> None:
    desk = running()
    said = desk.ok("order.request", buys("o1", "ann", ("scarf", 1), ("hat", 3), cue_id="set"), "producer")
    assert said["total_fen"] == 14_001 + 4_900
    assert [row["cue_id"] for row in said["lines"]] == ["set", "set", None]


def test_goods_that_make_no_whole_bundle_are_refused_by_what_is_missing() -> None:
    desk = running()
    no = desk.refusal("order.request", buys("o1", "ann", ("scarf", 3), ("hat", 1), cue_id="set"), "producer")
    assert (no.code, no.params["sku_id"]) == ("not_whole", "hat")


def test_the_same_goods_without_its_name_cost_what_they_cost() -> None:
    desk = running()
    said = desk.ok("order.request", buys("o1", "ann", ("scarf", 1), ("hat", 2)), "producer")
    assert said["total_fen"] == 19_700


def test_a_buyer_has_so_many_bundles_over_all_his_orders() -> None:
    desk = running()
    desk.ok("order.request", whole("o1", "ann"), "producer")
    no = desk.refusal("order.request", whole("o2", "ann", 2), "producer")
    assert (no.code, no.params["limit"], no.params["bought"]) == ("buyer_limit", 2, 1)
    desk.ok("order.request", whole("o2", "ann"), "producer")
    assert desk.no("order.request", whole("o3", "ann"), "producer") == "buyer_limit"


def test_its_units_are_promised_to_it_and_come_back_when_it_ends() -> None:
    desk = running()
    assert (available(desk.room, "scarf"), available(desk.room, "hat")) == (7, 14)
    assert desk.no("stock.add", {"sku_id": "hat", "by": -15}) == "stock_committed"
    desk.ok("order.request", whole("o1", "ann"), "producer")
    assert (available(desk.room, "hat"), desk.room.skus["hat"].held) == (14, 2)
    desk.ok("cue.stop", {"cue_id": "set"})
    assert available(desk.room, "hat") == 18


def test_it_is_sold_out_when_one_of_its_goods_is_short_and_not_before() -> None:
    desk = running(quantity=2)
    for n, who in enumerate("ab"):
        desk.ok("order.request", whole(f"o{n}", who), "producer")
    assert left(desk) == 0
    assert desk.no("order.request", whole("o9", "cy"), "producer") == "sold_out"
    desk.wait(1)
    assert desk.cue("set").status == "on_air", "held is not sold: it may come back"
    desk.fact("order.closed", {"order_id": "o0", "reason": "x"})
    assert left(desk) == 1
    desk.ok("order.request", whole("o0b", "dee"), "producer")
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 14_001})
    assert "cue.ended" in desk.fact("order.paid", {"order_id": "o0b", "paid_fen": 14_001})
    assert desk.cue("set").ended_because == "sold_out"


def test_it_ends_when_a_platform_sells_its_last_goods_to_others() -> None:
    desk = running()
    line = {"sku_id": "scarf", "quantity": 10, "unit_price_fen": 9900}
    desk.fact("order.placed", {"order_id": "p", "buyer": {"id": "x"}, "lines": [line], "total_fen": 99_000})
    assert desk.cue("set").status == "on_air"
    desk.fact("order.paid", {"order_id": "p", "paid_fen": 99_000})
    assert desk.cue("set").ended_because == "sold_out"


def test_a_platforms_order_of_its_goods_at_its_price_is_counted_to_it() -> None:
    desk = running()
    lines: list[dict[str, Any]] = [
        {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 7001},
        {"sku_id": "hat", "quantity": 2, "unit_price_fen": 3500},
    ]
    placed = {"buyer": {"id": "x"}, "lines": lines, "total_fen": 14_001}
    desk.fact("order.placed", {"order_id": "p1", **placed})
    assert [line.cue_id for line in desk.room.orders["p1"].lines] == ["set", "set"]
    assert desk.room.orders["p1"].off is None
    assert left(desk) == 2
    dear = [line | {"unit_price_fen": int(str(line["unit_price_fen"])) + 1000} for line in lines]
    desk.fact("order.placed", {"order_id": "p2", **placed, "lines": dear, "total_fen": 17_001})
    assert [line.cue_id for line in desk.room.orders["p2"].lines] == [None, None]
    for n in range(3, 5):  # over his two, and over the three that there are
        desk.fact("order.placed", {"order_id": f"p{n}", **placed})
    assert desk.cue("set").ended_because == "stopped"
    assert desk.seen("set")["oversold"] == 3
    assert desk.refold() == desk.room


@pytest.mark.parametrize(("late", "off"), [(5, ""), (15, "below_promise")])
def test_a_platform_tells_of_its_last_orders_some_seconds_late(late: int, off: str) -> None:
    desk = running()
    desk.wait(600 + late)
    lines = [
        {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 7_037},
        {"sku_id": "hat", "quantity": 2, "unit_price_fen": 3_482},
    ]
    placed = {"order_id": "p1", "buyer": {"id": "x"}, "lines": lines, "total_fen": 14_001}
    desk.fact("order.placed", placed)
    found = desk.room.orders["p1"].off
    assert (found.code if found is not None else "") == off


def test_what_it_gives_is_the_goods_by_themselves_less_its_price() -> None:
    desk = running()
    judged = judge(desk.room, "cue.add", {"kind": "bundle", "spec": BUNDLE}, desk.now)
    assert judged["exposure_fen"] == 3 * (19_700 - 14_001)
    desk.ok("order.request", whole("o1", "ann"), "producer")
    assert desk.seen("set")["discount"] == {"given_fen": 0, "held_fen": 5_699, "most_fen": 17_097}
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 14_001})
    assert desk.seen("set")["discount"]["given_fen"] == 5_699
    desk.wait(600)
    assert of_cue(desk.room, desk.cue("set"), desk.now).most_fen == 5_699
    (row,) = fold(lines_of(desk)).promotions
    assert (row.kind, row.sold, row.quantity, row.gmv_fen, row.discount_fen) == (
        "bundle",
        1,
        3,
        14_001,
        5_699,
    )


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({"price_fen": 19_701}, "dearer_together"),
        ({"items": [{"sku_id": "hat", "quantity": 1}]}, "bad_spec"),
        ({"items": [{"sku_id": "hat", "quantity": 1}] * 2}, "bad_spec"),
        ({"items": [{"sku_id": "hat", "quantity": 1}, {"sku_id": "x", "quantity": 1}]}, "unknown_sku"),
        ({"quantity": 11}, "over_stock"),
        ({"per_buyer": 4}, "over_limit"),
    ],
)
def test_one_that_cannot_be(spec: dict[str, Any], code: str) -> None:
    desk = Desk()
    assert desk.no("cue.add", {"kind": "bundle", "spec": BUNDLE | spec}) == code


def test_each_of_its_goods_keeps_its_floor() -> None:
    """The sum is over both floors together, and the hat is not."""
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("hat", 4_900, 20) | {"floor_fen": 3_600}]})
    no = desk.refusal("cue.add", {"kind": "bundle", "spec": BUNDLE})
    assert (no.code, no.params["sku_id"], no.params["final_fen"]) == ("below_price_floor", "hat", 3_482)
    assert no.params["combination"] == "组合价 34.82"
    judged = judge(desk.room, "cue.add", {"kind": "bundle", "spec": BUNDLE | {"quantity": 30}}, desk.now)
    fixes = {each["code"]: each["fix"] for each in judged["repairs"]}
    assert fixes["over_stock"] == {"quantity": 10}
    mended = judged["mended"]["spec"]
    assert mended["price_fen"] == fixes["below_price_floor"]["price_fen"]
    assert judge(desk.room, "cue.add", {"kind": "bundle", "spec": mended}, desk.now)["ok"]
    cheaper = mended | {"price_fen": mended["price_fen"] - 10}
    assert not judge(desk.room, "cue.add", {"kind": "bundle", "spec": cheaper}, desk.now)["ok"]


def test_a_coupon_and_a_price_that_would_bring_its_goods_under_are_refused_while_it_runs() -> None:
    desk = running()
    desk.ok("catalogue.put", {"products": [product("hat", 4_900, 20) | {"floor_fen": 3_000}]})
    coupon = {"name": "券", "quantity": 5, "per_buyer": 1, "seconds": 60}
    rule = {"rule": {"threshold_fen": 14_000, "off_fen": 2_000}}
    assert desk.no("cue.add", {"kind": "coupon", "spec": coupon | rule}) == "below_price_floor"
    desk.ok(
        "cue.add", {"kind": "coupon", "spec": coupon | {"rule": {"threshold_fen": 14_000, "off_fen": 1900}}}
    )
    dearer = product("scarf", 19_900, 10)  # more of the bundle falls on it, and less on the hat
    assert desk.no("catalogue.put", {"products": [dearer]}) == "below_price_floor"


def test_goods_are_not_put_cheaper_than_a_bundle_of_them_that_runs() -> None:
    desk = running()
    no = desk.refusal("catalogue.put", {"products": [product("hat", 2_050, 20)]})
    assert (no.code, no.params["price"], no.params["apart"]) == ("dearer_together", "140.01", "140.00")
    desk.ok("catalogue.put", {"products": [product("hat", 2_051, 20)]})
    said = desk.ok("order.request", whole("o1", "ann"), "producer")
    assert said["total_fen"] == 14_001


def test_one_more_round_has_what_is_left() -> None:
    desk = running(quantity=10)
    for n in range(4):
        desk.ok("order.request", whole(f"o{n}", f"v{n}", 2), "producer")
        desk.fact("order.paid", {"order_id": f"o{n}", "paid_fen": 28_002})
    desk.ok("cue.stop", {"cue_id": "set"})
    again = desk.ok("cue.again", {"cue_id": "set"})["cue_id"]
    assert desk.cue(again).spec_sent["quantity"] == 2


def evening(seed: int) -> None:
    """Orders, payments, closings and lapses at random: no good is ever promised twice."""
    dice, desk = Random(seed), running(quantity=4)
    ids: list[str] = []
    for n in range(60):
        deed = dice.random()
        if deed < 0.5:
            ids.append(f"o{n}")
            goods = [("scarf", dice.randint(0, 3)), ("hat", dice.randint(0, 6))]
            lines = [(sku, units) for sku, units in goods if units]
            named = {"cue_id": "set"} if dice.random() < 0.8 else {}
            if lines:
                desk.ask("order.request", buys(ids[-1], dice.choice("abcd"), *lines, **named), "producer")
        elif ids and deed < 0.75:
            desk.fact("order.paid", {"order_id": dice.choice(ids), "paid_fen": 1})
        elif ids and deed < 0.9:
            desk.fact("order.closed", {"order_id": dice.choice(ids), "reason": "x"})
        else:
            desk.wait(dice.choice([10, 120]))
        for sku_id, count in desk.cue("set").sale.items():
            assert count.held + count.sold <= count.quantity, (seed, n, sku_id)
        assert all(sku.held <= sku.on_hand for sku in desk.room.skus.values()), (seed, n)
    assert desk.refold() == desk.room


def test_nothing_is_promised_twice() -> None:
    for seed in range(12):
        evening(seed)


def test_twin_one_that_takes_its_units_unasked_promises_them_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_request._Tally, "take_lots", lambda *_: None)
    with pytest.raises(AssertionError):
        test_nothing_is_promised_twice()


def test_twin_a_bundle_that_makes_no_price_reachable_lets_a_floor_break(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bundle, "offers", lambda spec: Offers())
    with pytest.raises(AssertionError):
        test_each_of_its_goods_keeps_its_floor()
