"""After-sales: kept with their order, counted while they wait for somebody, shown where orders are listed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from liveconsole.domain.take import take
from liveconsole.messages.order_list import OrdersSought
from liveconsole.views.order_list import page
from liveconsole.views.state.figures import orders_state
from tests.unit.domain.desk import START, Desk


def order(desk: Desk, order_id: str = "o1") -> None:
    line = {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 9900}
    buyer = {"id": "b", "name": ""}
    desk.fact("order.placed", {"order_id": order_id, "buyer": buyer, "lines": [line], "total_fen": 9900})
    desk.fact("order.paid", {"order_id": order_id, "paid_fen": 9900})


def told(desk: Desk, status: str, id_: str = "a1", order_id: str = "o1") -> Any:
    desk.fact(
        "aftersale.updated", {"aftersale_id": id_, "order_id": order_id, "kind": "refund", "status": status}
    )
    return orders_state(desk.room).aftersales


def sold() -> Desk:
    desk = Desk("manual")
    order(desk)
    return desk


def test_it_is_counted_while_it_waits_and_listed_as_it_stands() -> None:
    desk = sold()
    assert orders_state(desk.room).aftersales is msgspec.UNSET, "none is known"
    assert told(desk, "asked") == 1
    assert told(desk, "asked") == 1, "told again it is the same"
    assert told(desk, "buyer", "a2") == 2
    assert told(desk, "refunded") == 1
    (listed,) = page(desk.room, OrdersSought()).orders
    assert listed.aftersales == ["refunded", "buyer"]
    assert told(desk, "closed", "a2") is msgspec.UNSET


@pytest.mark.parametrize("status", ["补寄待商家发货", "SOMETHING_NEW"])
def test_a_status_that_nobody_knows_is_kept_as_sent_and_waits(status: str) -> None:
    desk = sold()
    assert told(desk, status) == 1
    (listed,) = page(desk.room, OrdersSought()).orders
    assert listed.aftersales == [status]


def test_it_moves_no_money_and_no_stock_and_makes_no_order() -> None:
    desk = sold()
    before = msgspec.structs.asdict(orders_state(desk.room)), desk.room.skus["scarf"].sold
    told(desk, "refunded")
    assert (msgspec.structs.asdict(orders_state(desk.room)), desk.room.skus["scarf"].sold) == before
    told(desk, "asked", "a9", "nobody's")
    assert "nobody's" not in desk.room.orders


def test_of_one_order_so_many_are_remembered() -> None:
    desk = sold()
    for n in range(30):
        told(desk, "asked", f"a{n}")
    assert orders_state(desk.room).aftersales == 20
    assert told(desk, "refunded", "a3") == 19


def test_freight_is_no_price_of_goods() -> None:
    """What the way costs makes an order neither dearer than promised nor unknown; the same for the goods
    does (the twin)."""
    line = {"sku_id": "scarf", "quantity": 1, "unit_price_fen": 9900}
    with_way = {"order_id": "o1", "buyer": {"id": "b", "name": ""}, "lines": [line], "total_fen": 10_900}
    desk = Desk("manual")
    desk.fact("order.placed", {**with_way, "freight_fen": 1_000})
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 10_900})
    found = desk.room.orders["o1"]
    assert (found.unmatched, found.off, found.paid_fen) == ([], None, 10_900)
    assert desk.room.totals.unmatched == 0
    desk.fact("order.placed", {**with_way, "order_id": "o2"})
    twin = desk.room.orders["o2"]
    assert twin.off is not None
    assert (twin.unmatched, twin.off.code) == (["total_fen"], "above_promise")
    desk.fact("order.placed", {**with_way, "order_id": "o3", "total_fen": 1_500, "freight_fen": 1_000})
    cheap = desk.room.orders["o3"].off
    assert cheap is not None, "what was paid for the way makes no goods dear enough"
    assert (cheap.code, cheap.asked_fen) == ("below_promise", 500)


def test_a_step_that_came_before_is_not_taken_after_a_later_one() -> None:
    """Facts come in any order: two readings of it may overtake each other."""
    desk = sold()
    for status, second in (("asked", 1), ("refunded", 9), ("platform", 5)):
        data = {"aftersale_id": "a1", "order_id": "o1", "kind": "refund", "status": status}
        at = START + timedelta(seconds=second)
        desk.fold(
            take(desk.room, [replace(desk.made("aftersale.updated", data), time=at)], desk.now, desk.chance)
        )
    assert desk.room.orders["o1"].aftersales == {"a1": "refunded"}
    assert orders_state(desk.room).aftersales is msgspec.UNSET
