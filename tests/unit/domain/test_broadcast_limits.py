"""本场上限: units of a SKU that one broadcast may sell, in all and to one buyer, in whatever it is sold."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from liveconsole.domain import broadcast_limits, order, stock
from liveconsole.domain.judge import judge
from tests.unit.domain.desk import SALE, Desk, placed, request
from tests.unit.domain.test_bundles import BUNDLE, buys

GIFT = {
    "buy": {"product_ids": ["hat"]}, "gift": {"sku_id": "scarf", "quantity": 2},
    "quantity": 4, "per_buyer": 4, "seconds": 600,
}  # fmt: skip


def limited(units: int | None = None, per_buyer: int | None = None, **more: Any) -> Desk:
    """scarf 99.00 × 10 and hat 49.00 × 20, the scarf bounded."""
    desk = Desk(recall_seconds=0, **more)
    bound(desk, units, per_buyer)
    return desk


def bound(desk: Desk, units: int | None = None, per_buyer: int | None = None) -> None:
    desk.ok("stock.limit", {"sku_id": "scarf", "units": units, "per_buyer": per_buyer}, "assistant")


def fire(desk: Desk, kind: str, spec: dict[str, Any], cue_id: str) -> None:
    desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
    desk.ok("cue.fire", {"cue_id": cue_id})


def test_a_buyer_has_no_more_over_all_promotions_and_the_shops_own_price() -> None:
    desk = limited(per_buyer=3)
    desk.ok("order.request", request("o1", "ann", 1), "producer")
    desk.run_sale(per_buyer=2)
    desk.ok("order.request", request("o2", "ann", 2), "producer")
    no = desk.refusal("order.request", request("o3", "ann", 1), "producer")
    assert (no.code, no.params["limit"], no.params["bought"]) == ("broadcast_buyer_limit", 3, 3)
    desk.ok("order.request", request("o4", "ben", 1), "producer")
    assert desk.refold() == desk.room


def test_all_that_a_broadcast_sells_stops_at_the_bound_and_every_screen_says_so() -> None:
    desk = limited(4)
    desk.ok("order.request", request("o1", "ann", 3), "producer")
    no = desk.refusal("order.request", request("o2", "ben", 2), "producer")
    assert (no.code, no.params["limit"], no.params["available"]) == ("broadcast_limit", 4, 1)
    desk.ok("order.request", request("o3", "ben", 1), "producer")
    sku = desk.shown().catalogue.products[0].skus[0]
    assert (sku.stock, sku.available, sku.limit.units, sku.limit.taken) == (10, 0, 4, 4)  # type: ignore[union-attr]
    assert desk.shown().catalogue.products[0].sold_out
    assert not desk.shown().catalogue.products[1].sold_out


def test_a_hold_that_lapses_gives_its_units_back_to_the_bound() -> None:
    desk = limited(2, 2, hold_seconds=60)
    desk.ok("order.request", request("o1", "ann", 2), "producer")
    assert desk.no("order.request", request("o2", "ben", 1), "producer") == "broadcast_limit"
    desk.wait(61)
    desk.ok("order.request", request("o2", "ann", 2), "producer")


def test_a_sale_of_more_than_the_broadcast_may_sell_is_told_at_the_form_and_does_not_start() -> None:
    desk = limited(4)
    desk.ok("order.request", request("o1", "ann", 1), "producer")
    said = judge(desk.room, "cue.add", {"kind": "flash_sale", "spec": SALE}, desk.now)
    assert said["at_start"]["code"] == "broadcast_limit"
    assert said["at_start"]["params"]["available"] == 3
    assert [fault["code"] for fault in said["skus"][0]["faults"]] == ["broadcast_limit"]
    assert said["repairs"][0]["fix"]["quantity"] == 3
    desk.queue_sale()
    no = desk.refusal("cue.fire", {"cue_id": "sale"})
    assert (no.code, no.params["limit"]) == ("broadcast_limit", 4)
    bound(desk, 6)
    desk.ok("cue.fire", {"cue_id": "sale"})


def test_goods_that_are_not_on_hand_are_told_as_such() -> None:
    desk = limited(1000)
    said = judge(desk.room, "cue.add", {"kind": "flash_sale", "spec": SALE | {"quantity": 11}}, desk.now)
    assert (said["ok"], said["code"]) == (False, "over_stock")


def test_what_runs_keeps_its_units_under_the_bound_from_whoever_buys_at_the_shops_price() -> None:
    desk = limited(7)
    fire(desk, "bundle", BUNDLE, "set")
    desk.ok("order.request", request("o1", "ann", 4), "producer")
    assert desk.no("order.request", request("o2", "ben", 1), "producer") == "sold_out"
    desk.ok("order.request", buys("o3", "ben", ("scarf", 2), ("hat", 4), cue_id="set"), "producer")


def test_a_gift_is_a_unit_like_others_and_what_the_bound_leaves_of_it_is_given() -> None:
    desk = limited(9, 4)
    fire(desk, "gift", GIFT, "free")
    desk.ok("order.request", request("o1", "ann", 1), "producer")
    said = desk.ok("order.request", request("o2", "ann", 3, sku_id="hat"), "producer")
    assert [(row["sku_id"], row["quantity"]) for row in said["lines"]] == [("hat", 3), ("scarf", 2)]
    assert said["gift_gone"] == ["free"]


def test_a_bundle_with_more_units_than_one_buyer_may_have_is_for_nobody() -> None:
    desk = limited(None, 1)
    spec = BUNDLE | {"items": [{"sku_id": "scarf", "quantity": 2}], "price_fen": 15_000}
    desk.ok("cue.add", {"cue_id": "set", "kind": "bundle", "spec": spec})
    assert desk.no("cue.fire", {"cue_id": "set"}) == "broadcast_buyer_limit"


def test_a_bound_is_never_set_below_what_is_sold_held_or_promised() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("order.request", request("o1", "ann", 2), "producer")
    desk.run_sale(quantity=3)
    no = desk.refusal("stock.limit", {"sku_id": "scarf", "units": 4})
    assert (no.code, no.params["committed"]) == ("limit_taken", 5)
    bound(desk, 5)
    assert desk.no("stock.limit", {"sku_id": "ghost", "units": 4}) == "unknown_sku"
    assert desk.no("stock.limit", {"sku_id": "scarf", "units": 0}) == "bad_shape"
    before = len(desk.log)
    bound(desk, 5)
    assert len(desk.log) == before, "what stands already is no event"


def test_a_bound_set_late_counts_what_was_sold_before_it_and_taken_away_binds_nobody() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("order.request", request("o1", "ann", 2), "producer")
    bound(desk, 10, 2)
    assert desk.no("order.request", request("o2", "ann", 1), "producer") == "broadcast_buyer_limit"
    bound(desk)
    desk.ok("order.request", request("o2", "ann", 1), "producer")
    assert "limit" not in desk.state()["catalogue"]["products"][0]["skus"][0]


def test_every_broadcast_begins_with_nothing_taken_and_a_hold_of_the_last_one_is_not_its_own() -> None:
    desk = limited(3, 2, hold_seconds=600)
    desk.ok("order.request", request("o1", "ann", 2), "producer")
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    desk.ok("order.request", request("o2", "ann", 2), "producer")
    desk.wait(300)
    desk.fact("order.closed", {"order_id": "o1", "reason": "timeout"})
    assert desk.no("order.request", request("o3", "ann", 1), "producer") == "broadcast_buyer_limit"
    assert broadcast_limits.taken(desk.room, "scarf") == 2
    assert desk.refold() == desk.room


def test_what_a_platform_sells_beyond_it_is_kept_and_counted() -> None:
    desk = limited(2, 1)
    desk.fact("order.placed", placed("p1", "ann", 3, 9900))
    assert (broadcast_limits.taken(desk.room, "scarf"), broadcast_limits.passed(desk.room, "scarf")) == (3, 1)
    assert desk.no("order.request", request("o1", "ben", 1), "producer") == "broadcast_limit"
    assert desk.shown().catalogue.products[0].skus[0].limit.taken == 3  # type: ignore[union-attr]


# Over random evenings ---------------------------------------------------------------------------------


def _counts(desk: Desk) -> tuple[int, dict[str, int]]:
    """What orders of this broadcast take of the scarf, counted without the room's own tally."""
    whole, buyers = 0, dict[str, int]()
    for each in desk.room.orders.values():
        if each.broadcast == desk.room.tonight and order.takes(each):
            units = sum(line.quantity for line in each.lines if line.sku_id == "scarf")
            whole += units
            buyers[each.buyer] = buyers.get(each.buyer, 0) + units
    return whole, {buyer: units for buyer, units in buyers.items() if units}


def _evening(seed: int) -> None:
    dice = Random(seed)
    desk = limited(9, 3, hold_seconds=120)
    orders = 0
    for _ in range(60):
        match dice.randrange(9):
            case 0:
                units = dice.choice([None, dice.randint(1, 10)])
                desk.ask("stock.limit", {"sku_id": "scarf", "units": units, "per_buyer": dice.choice([2, 3])})
            case 1 | 2:
                kind, spec = dice.choice([("flash_sale", SALE), ("bundle", BUNDLE), ("gift", GIFT)])
                cue_id = f"c{len(desk.room.cues)}-{desk.room.seq}"
                desk.ask("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
                desk.ask("cue.fire", {"cue_id": cue_id})
            case 3:
                running = [id_ for id_ in desk.room.live if desk.room.cues[id_].status == "on_air"]
                if running:
                    desk.ask("cue.stop", {"cue_id": dice.choice(running)})
            case 4 if desk.room.orders:
                order_id = dice.choice(list(desk.room.orders))
                done = dice.choice(["order.paid", "order.closed"])
                paid = {"order_id": order_id, "paid_fen": desk.room.orders[order_id].total_fen}
                desk.fact(done, paid if done == "order.paid" else {"order_id": order_id, "reason": "x"})
            case 5:
                desk.wait(dice.randint(1, 90))
            case 6 if dice.random() < 0.3:
                desk.ask("broadcast.close", {})
                desk.ask("broadcast.open", {})
            case _:
                orders += 1
                lines = [("scarf", dice.randint(1, 3)), ("hat", dice.randint(1, 4))]
                cues = [id_ for id_ in desk.room.live if desk.room.cues[id_].status == "on_air"]
                named = {"cue_id": dice.choice(cues)} if cues and dice.random() < 0.6 else {}
                some = dice.sample(lines, dice.randint(1, 2))
                desk.ask("order.request", buys(f"o{orders}", dice.choice("abc"), *some, **named), "producer")
        _holds(desk)
    assert desk.refold() == desk.room


def _holds(desk: Desk) -> None:
    limit = desk.room.limits.get("scarf")
    if limit is None:
        return
    whole, buyers = _counts(desk)
    assert (limit.taken, limit.buyers) == (whole, buyers)
    if limit.units is not None:
        assert whole + stock.promised(desk.room, "scarf") <= limit.units


def _buyers_hold(desk: Desk, most: int) -> None:
    assert all(units <= most for units in _counts(desk)[1].values())


@pytest.mark.parametrize("seed", range(25))
def test_no_evening_passes_its_bound_in_what_is_granted_and_promised(seed: int) -> None:
    _evening(seed)


def _of_few(seed: int) -> None:
    dice = Random(seed)
    desk = limited(None, 2)
    fire(desk, "gift", GIFT, "free")
    fire(desk, "flash_sale", SALE | {"quantity": 2}, "sale")
    for number in range(40):
        lines = [("scarf", dice.randint(1, 2)), ("hat", dice.randint(1, 3))]
        some = dice.sample(lines, dice.randint(1, 2))
        desk.ask("order.request", buys(f"o{number}", dice.choice("abcd"), *some), "producer")
        _buyers_hold(desk, 2)


@pytest.mark.parametrize("seed", range(10))
def test_no_buyer_passes_his_in_whatever_he_buys(seed: int) -> None:
    _of_few(seed)


def _many() -> None:
    for seed in range(25):
        _evening(seed)
        _of_few(seed)


def _nothing(*_: object, **__: object) -> None:
    return None


def _no_bound(*_: object) -> int:
    return broadcast_limits.UNBOUNDED


@pytest.mark.parametrize(
    ("name", "planted"),
    [("refusal", _nothing), ("weigh", _nothing), ("left", _no_bound)],
)
def test_each_part_of_the_rule_is_missed_where_it_is_taken_out(
    name: str, planted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast_limits, name, planted)
    with pytest.raises(AssertionError):
        _many()
