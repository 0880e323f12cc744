"""拼团: who stands in which group, and what becomes of the orders of full ones and of those that are not."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest

from liveconsole.domain import groups, sales
from liveconsole.domain.order import takes
from liveconsole.domain.room import Room
from liveconsole.domain.room_people import BuyerGroup
from liveconsole.domain.take import take
from liveconsole.messages.facts import OrderClosed
from tests.unit.domain.desk import Desk, placed, product, request

GROUP = {"sku_id": "scarf", "price_fen": 5900, "size": 3, "groups": 2, "per_buyer": 1, "seconds": 60}


def running(platform: str = "own", cue_id: str = "g", **spec: Any) -> Desk:
    """One on air."""
    desk = Desk(platform, recall_seconds=0, hold_seconds=900)
    desk.ok("cue.add", {"cue_id": cue_id, "kind": "group_buy", "spec": GROUP | spec})
    desk.ok("cue.fire", {"cue_id": cue_id})
    if platform == "manual":
        desk.ok("cue.confirm", {"cue_id": cue_id, "step": "on_air", "done": True})
    assert desk.cue(cue_id).status == "on_air"
    return desk


def join(desk: Desk, buyer: str, group_id: str = "one", *, order_id: str = "", **more: Any) -> dict[str, Any]:
    return desk.ok("order.request", asked(buyer, group_id, order_id=order_id, **more), "producer")


def asked(buyer: str, group_id: str = "one", *, order_id: str = "", **more: Any) -> dict[str, Any]:
    return request(order_id or f"{buyer}-{group_id}", buyer, cue_id="g", group_id=group_id, **more)


def seen(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.seen("g")["groups"]
    return found


def test_a_group_that_is_full_has_its_price_and_its_orders_go_on_as_any() -> None:
    desk = running()
    assert join(desk, "ann")["lines"][0]["unit_price_fen"] == 5900
    assert desk.room.holds["ann-one"] == desk.cue("g").ends_at, "held to the end, not for hold_seconds"
    join(desk, "bob")
    desk.fact("order.paid", {"order_id": "bob-one", "paid_fen": 5900})
    assert seen(desk) == {"size": 3, "most": 2, "opened": 1, "filled": 0, "joined": 2, "places": 4}
    desk.wait(10)
    join(desk, "cat")
    assert [e.type for e in desk.log[-2:]] == ["order.granted", "group.filled"]
    assert seen(desk) == {"size": 3, "most": 2, "opened": 1, "filled": 1, "joined": 0, "places": 3}
    assert sorted(desk.room.holds) == ["ann-one", "cat-one"], "what is paid waits for nobody"
    assert {(until - desk.now).total_seconds() for until in desk.room.holds.values()} == {900.0}
    assert desk.wait(60) == ["cue.ended"], "its end takes nothing from a group that is full"
    desk.fact("order.paid", {"order_id": "ann-one", "paid_fen": 5900})
    assert (desk.wait(900), desk.room.skus["scarf"].sold) == (["order.lapsed"], 2)
    assert desk.refold() == desk.room


def test_a_group_that_is_not_full_lapses_at_the_end_and_what_was_paid_is_owed_back() -> None:
    desk = running()
    join(desk, "ann")
    join(desk, "bob")
    desk.fact("order.paid", {"order_id": "bob-one", "paid_fen": 5900})
    assert (desk.room.skus["scarf"].held, desk.room.skus["scarf"].sold) == (1, 1)
    assert desk.wait(59) == []
    assert desk.wait(1) == ["order.closed", "order.closed", "cue.ended"]
    sku = desk.room.skus["scarf"]
    assert (sku.held, sku.sold, sku.on_hand) == (0, 0, 10)
    assert {o.close_reason for o in desk.room.orders.values()} == {groups.UNFILLED}
    assert desk.state()["orders"]["refund_owed_fen"] == 5900
    assert (desk.seen("g")["sold"], desk.seen("g")["held"]) == (0, 0)
    desk.fact("order.paid", {"order_id": "ann-one", "paid_fen": 5900})
    assert desk.state()["orders"]["refund_owed_fen"] == 11_800, "paid too late: it is owed back as well"
    assert (desk.room.skus["scarf"].sold, desk.room.skus["scarf"].oversold) == (0, 0)
    (alarm,) = [a for a in desk.state()["alarms"] if a["code"] == "group_refunds"]
    assert (alarm["cue_id"], alarm["params"]["count"], alarm["params"]["fen"]) == ("g", 2, 11_800)
    assert alarm["text"] == "没成团：2 单付了 118.00 元，还没退"
    desk.fact("order.refunded", {"order_id": "bob-one", "refund_fen": 5900})
    assert desk.state()["orders"]["refund_owed_fen"] == 5900
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    (alarm,) = [a for a in desk.state()["alarms"] if a["code"] == "group_refunds"]
    assert alarm["params"]["fen"] == 5900, "it is owed in the next broadcast too"
    desk.fact("order.refunded", {"order_id": "ann-one", "refund_fen": 5900})
    assert not [a for a in desk.state()["alarms"] if a["code"] == "group_refunds"]
    assert desk.refold() == desk.room


@pytest.mark.parametrize(
    ("command", "data"),
    [
        ("cue.stop", {"cue_id": "g"}),
        ("room.halt", {}),
        ("product.shelf", {"product_id": "scarf", "on": False}),
    ],
)
def test_whatever_ends_it_ends_the_groups_that_are_not_full(command: str, data: dict[str, Any]) -> None:
    desk = running(size=2)
    join(desk, "ann", "full")
    join(desk, "bob", "full")
    join(desk, "cat", "short")
    desk.wait(5)
    desk.ok(command, data)
    assert desk.cue("g").status == "ended"
    assert desk.tick() == ["order.closed"]
    assert [o.order_id for o in desk.room.orders.values() if o.closed] == ["cat-short"]
    assert desk.refold() == desk.room


def test_the_same_person_is_no_second_member() -> None:
    desk = running()
    join(desk, "ann")
    assert desk.no("order.request", asked("ann", order_id="again"), "producer") == "already_joined"
    desk.fact("group.joined", {"cue_id": "g", "viewer": {"id": "ann"}, "group_id": "one"})
    assert seen(desk)["joined"] == 1
    assert desk.no("order.request", asked("ann", "two"), "producer") == "buyer_limit", "over all groups"


def test_no_group_is_larger_and_there_are_no_more_of_them_than_were_promised() -> None:
    desk = running(size=2, groups=3)
    for buyer in ("ann", "bob"):
        join(desk, buyer, "one")
    assert desk.no("order.request", asked("cat", "one"), "producer") == "group_full"
    join(desk, "cat", "two")
    join(desk, "dan", "three")
    refused = desk.refusal("order.request", asked("eve", "four"), "producer")
    assert (refused.code, refused.params["groups"]) == ("groups_taken", 3)
    assert desk.no("order.request", request("x", "eve", cue_id="g"), "producer") == "group_needed"


def test_when_every_group_is_full_it_is_over() -> None:
    desk = running(size=2, groups=1)
    join(desk, "ann")
    join(desk, "bob")
    assert (desk.cue("g").status, desk.cue("g").ended_because) == ("ended", "sold_out")
    assert desk.log[-1].actor == "clock"
    assert desk.tick() == []
    assert len(desk.room.holds) == 2


def test_who_leaves_before_it_is_full_gives_his_place_up() -> None:
    desk = running(size=2)
    join(desk, "ann")
    desk.fact("order.closed", {"order_id": "ann-one"})
    assert seen(desk) == {"size": 2, "most": 2, "opened": 0, "filled": 0, "joined": 0, "places": 4}
    join(desk, "bob")
    assert seen(desk)["joined"] == 1
    join(desk, "ann", order_id="again")
    assert seen(desk)["filled"] == 1


def test_an_order_that_does_not_name_it_costs_what_the_shop_asks() -> None:
    desk = running()
    assert desk.ok("order.request", request("plain", "ann"), "producer")["total_fen"] == 9900
    assert desk.ok("order.request", request("lost", "bob", group_id="one"), "producer")["total_fen"] == 9900
    assert (found := desk.cue("g").groups) is not None
    assert found.each == {}
    assert "skus" not in desk.seen("g"), "nor is its price told as the SKU's"


def test_twin_a_sale_that_is_found_by_its_sku_would_give_the_price_to_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = running()
    monkeypatch.setattr("liveconsole.domain.kinds.group_buy.BY_NAME", False)
    assert sales.running(desk.room, "scarf", desk.now) is desk.cue("g")
    assert desk.no("order.request", request("plain", "ann"), "producer") == "group_needed"


def test_who_a_source_tells_of_stands_in_it_once_and_never_beyond_a_place() -> None:
    desk = running(size=2, groups=2)

    def tell(who: str, group: str) -> list[str]:
        return desk.fact("group.joined", {"cue_id": "g", "viewer": {"id": who}, "group_id": group})

    assert tell("ann", "one") == ["group.joined"]
    assert tell("ann", "one") == ["group.joined"]
    assert tell("bob", "one") == ["group.joined", "group.filled"]
    assert tell("cat", "one") == ["group.joined"], "kept on the log, and has no place"
    tell("cat", "two")
    tell("dan", "three")
    assert seen(desk) == {"size": 2, "most": 2, "opened": 2, "filled": 1, "joined": 1, "places": 1}
    join(desk, "ann")
    assert desk.no("order.request", asked("eve", "one"), "producer") == "group_full"
    assert tell("eve", "two") == ["group.joined", "group.filled", "cue.ended"]
    assert desk.refold() == desk.room


def test_a_post_of_many_facts_fills_what_each_alone_would() -> None:
    desk = running(size=2, groups=2)
    made = [
        desk.made("group.joined", {"cue_id": "g", "viewer": {"id": who}, "group_id": group})
        for who, group in (("ann", "one"), ("bob", "one"), ("cat", "one"), ("dan", "two"), ("eve", "two"))
    ]
    events = take(desk.room, made, desk.now, desk.chance)
    assert [e.type for e in events][5:] == ["group.filled", "group.filled", "cue.ended"]
    desk.fold(events)
    found = desk.cue("g").groups
    assert found is not None
    assert {name: sorted(group.people()) for name, group in found.each.items()} == {
        "one": ["ann", "bob"], "two": ["dan", "eve"],
    }  # fmt: skip


def test_a_platforms_orders_for_its_sku_count_to_it_where_a_person_does_it() -> None:
    desk = running("manual")
    row = desk.seen("g")
    assert (row["sold"], row["left"], row["groups"]) == (None, None, None)
    desk.ok("cue.measure", {"cue_id": "g", "sold": 2, "left": 4})
    assert (desk.seen("g")["sold"], desk.seen("g")["left"]) == (2, 4)
    desk.fact("order.placed", placed("o1", "ann", price_fen=5900))
    desk.fact("order.placed", placed("o2", "bob", price_fen=9900))
    assert [desk.room.orders[o].lines[0].cue_id for o in ("o1", "o2")] == ["g", None]
    assert not desk.room.off_orders, "neither is off what was promised"


def test_it_counts_among_the_prices_that_floors_guard() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=6000)]})
    refused = desk.refusal("cue.add", {"kind": "group_buy", "spec": GROUP})
    assert (refused.code, refused.params["combination"]) == ("below_price_floor", "拼团 59.00")
    for spec, code in (
        ({"price_fen": 10_000}, "bad_spec"),
        ({"sku_id": "x"}, "unknown_sku"),
        ({"price_fen": 7000, "groups": 4}, "over_stock"),
        ({"size": 1}, "bad_spec"),
    ):
        assert desk.no("cue.add", {"kind": "group_buy", "spec": GROUP | spec}) == code


def test_one_more_round_has_as_many_groups_as_there_are_units_for() -> None:
    desk = running(groups=3)
    for buyer in ("a", "b", "c"):
        join(desk, buyer)
        desk.fact("order.paid", {"order_id": f"{buyer}-one", "paid_fen": 5900})
    desk.wait(60)
    again = desk.ok("cue.again", {"cue_id": "g"})
    assert desk.cue(again["cue_id"]).spec_sent == GROUP | {"groups": 2}


# Races -----------------------------------------------------------------------------------------------


def _holds_true(room: Room, spec: dict[str, Any]) -> None:
    """What must be so in every committed state."""
    cue = room.cues["g"]
    found = cue.groups
    assert found is not None
    assert len(found.each) <= spec["groups"]
    units: dict[str, int] = {}
    for group in found.each.values():
        buyers = [room.orders[order_id].buyer for order_id in group.orders]
        assert len(buyers) == len(set(buyers)), "nobody twice"
        assert len(group.people()) <= spec["size"]
    for order in room.orders.values():
        # Paid after its hold it takes a free unit, or is oversold: the contract of every sale.
        if order.group_id is not None and takes(order) and not order.lapsed:
            units[order.buyer] = units.get(order.buyer, 0) + sum(line.quantity for line in order.lines)
    assert all(n <= spec["per_buyer"] for n in units.values())
    assert sum(units.values()) <= spec["groups"] * spec["size"] * spec["per_buyer"]


def _race(seed: int, requests: int) -> Desk:
    """So many requests, payments and refusals in random order, over the whole length of one."""
    dice = Random(seed)
    spec = GROUP | {
        "size": dice.randint(2, 5), "groups": dice.randint(1, 20), "per_buyer": dice.randint(1, 3),
    }  # fmt: skip
    desk = Desk(recall_seconds=0, hold_seconds=20)
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 400)]})
    desk.ok("cue.add", {"cue_id": "g", "kind": "group_buy", "spec": spec})
    desk.ok("cue.fire", {"cue_id": "g"})
    for number in range(requests):
        buyer, group = f"b{dice.randrange(60)}", f"g{dice.randrange(25)}"
        quantity = dice.randint(1, 2)
        desk.ask("order.request", asked(buyer, group, order_id=f"o{number}", quantity=quantity), "producer")
        if desk.room.orders and dice.random() < 0.3:
            order_id = dice.choice(list(desk.room.orders))
            kind, data = dice.choice(
                [("order.paid", {"paid_fen": 5900}), ("order.closed", {}), ("order.paid", {"paid_fen": 5900})]
            )
            desk.fact(kind, {"order_id": order_id, **data})
        if dice.random() < 0.05:
            desk.fact("group.joined", {"cue_id": "g", "viewer": {"id": buyer}, "group_id": group})
        if number % 20 == 0:
            _holds_true(desk.room, spec)
            desk.wait(120 * 20 / requests * dice.random())
    desk.wait(120)
    _holds_true(desk.room, spec)
    return desk


@pytest.mark.parametrize("seed", range(3))
def test_races_break_no_promise_and_all_that_is_not_full_lapses_at_the_end(seed: int) -> None:
    desk = _race(seed, 250)
    cue = desk.cue("g")
    assert cue.status == "ended"
    found = cue.groups
    assert found is not None
    assert cue.ended_at is not None
    for group in found.each.values():
        assert group.filled_at is not None or not group.orders
    late = [e for e in desk.log if isinstance(e.data, OrderClosed) and e.data.reason == groups.UNFILLED]
    assert {e.at for e in late} <= {cue.ended_at}, "exactly at the end"
    assert not desk.room.holds
    assert desk.room.skus["scarf"].held == 0
    assert desk.refold() == desk.room


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(20))
def test_deep_two_thousand_requests(seed: int) -> None:
    desk = _race(1000 + seed, 2000)
    assert desk.cue("g").status == "ended"
    assert desk.refold() == desk.room


@pytest.mark.parametrize("seed", range(4))
def test_facts_in_any_order_and_twice_come_to_the_same(seed: int) -> None:
    told: list[tuple[str, dict[str, Any]]] = [
        ("order.paid", {"order_id": "a-one", "paid_fen": 5900}),
        ("order.paid", {"order_id": "b-one", "paid_fen": 5900}),
        ("order.closed", {"order_id": "b-one", "reason": "x"}),
        ("order.refunded", {"order_id": "b-one", "refund_fen": 900}),
        ("group.joined", {"cue_id": "g", "viewer": {"id": "z"}, "group_id": "two"}),
        ("group.joined", {"cue_id": "g", "viewer": {"id": "y"}, "group_id": "two"}),
        ("order.paid", {"order_id": "c-two", "paid_fen": 5900}),
    ]
    ends = []
    for order in (told, _shuffled(told, seed)):
        desk = running()
        join(desk, "a")
        join(desk, "b")
        join(desk, "c", "two")
        for kind, data in order:
            desk.fact(kind, data)
        desk.wait(60)
        desk.wait(900)
        cue = desk.cue("g")
        ends.append((desk.room.skus, desk.room.totals, cue.sale, cue.groups, cue.buyers))
    assert ends[0] == ends[1]


def _shuffled(told: list[Any], seed: int) -> list[Any]:
    found = told * 2
    Random(seed).shuffle(found)
    return found


# Twins -----------------------------------------------------------------------------------------------


def test_twin_who_is_counted_by_his_orders_fills_a_group_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "cannot_join", lambda *_: None)
    monkeypatch.setattr(BuyerGroup, "people", lambda self: {*self.orders, *self.told})
    desk = running(size=2, per_buyer=2)
    join(desk, "ann", order_id="first")
    join(desk, "ann", order_id="second")
    with pytest.raises(AssertionError, match="nobody twice"):
        _holds_true(desk.room, GROUP | {"size": 2, "per_buyer": 2})


def test_twin_held_for_hold_seconds_a_group_loses_its_orders_before_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def as_any(room: Room, order: Any, cue: Any, group_id: str | None, ctx: Any) -> Any:
        return msgspec.structs.replace(order, group_id=group_id or msgspec.UNSET)

    monkeypatch.setattr(groups, "as_joining", as_any)
    desk = Desk(recall_seconds=0, hold_seconds=20)
    desk.ok("cue.add", {"cue_id": "g", "kind": "group_buy", "spec": GROUP})
    desk.ok("cue.fire", {"cue_id": "g"})
    join(desk, "ann")
    desk.wait(60)
    (closed,) = [e for e in desk.log if e.type == "order.closed"]
    assert closed.at < desk.cue("g").ended_at  # type: ignore[operator]


def test_twin_a_hold_that_is_moved_and_not_let_go_would_lapse_at_its_old_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("liveconsole.domain.holds.stands", lambda room, entry: entry[1] in room.holds)
    desk = running(size=2)
    join(desk, "ann")
    join(desk, "bob")
    assert desk.sleep(61).count("order.lapsed") == 1, "at the end of the promotion, and not 900 s later"
