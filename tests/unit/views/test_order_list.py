"""The orders of a broadcast as every seat lists them: whole, found by number, goods and standing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from liveconsole.messages.order_list import ListedOrder, OrdersSought
from liveconsole.views import order_list
from liveconsole.views.order_list import page
from tests.unit.domain.desk import Desk, product


def placed(desk: Desk, order_id: str, sku_id: str = "scarf", total_fen: int = 9900, units: int = 1) -> None:
    line = {"sku_id": sku_id, "quantity": units, "unit_price_fen": total_fen // units}
    desk.fact(
        "order.placed",
        {
            "order_id": order_id,
            "buyer": {"id": "u1", "name": "小明"},
            "lines": [line],
            "total_fen": total_fen,
        },
    )


def found(desk: Desk, **sought: Any) -> list[str]:
    """Ids, page by page."""
    ids: list[str] = []
    before = 0
    while True:
        told = page(desk.room, OrdersSought(before=before, **sought))
        ids += [order.order_id for order in told.orders]
        before = told.before
        if before == 0:
            return ids


def only(desk: Desk, order_id: str) -> ListedOrder:
    (order,) = page(desk.room, OrdersSought(order_id)).orders
    return order


@pytest.fixture
def desk() -> Desk:
    made = Desk("manual")
    placed(made, "o-1001")
    placed(made, "o-1002", "hat", 4900)
    placed(made, "o-1003", total_fen=198_00, units=2)
    made.fact("order.paid", {"order_id": "o-1002", "paid_fen": 4900})
    made.fact("order.paid", {"order_id": "o-1003", "paid_fen": 19800})
    made.fact("order.refunded", {"order_id": "o-1003", "refund_fen": 19800})
    placed(made, "o-1004", "hat", 4900)
    made.fact("order.closed", {"order_id": "o-1004", "reason": "cancelled"})
    return made


def test_newest_first_with_what_stands_of_each(desk: Desk) -> None:
    told = page(desk.room, OrdersSought())
    assert [(o.order_id, o.standing) for o in told.orders] == [
        ("o-1004", "closed"),
        ("o-1003", "refunded"),
        ("o-1002", "paid"),
        ("o-1001", "unpaid"),
    ]
    assert (told.known, told.placed, told.unpaid, told.before) == (True, 4, 1, 0)
    third = told.orders[1]
    assert (third.units, third.total_fen, third.paid_fen, third.refund_fen) == (2, 19800, 19800, 19800)
    assert (third.lines[0].number, third.lines[0].title) == (1, "scarf")


def test_found_by_number_goods_standing_and_amount(desk: Desk) -> None:
    assert found(desk, text="1003") == ["o-1003"]
    assert found(desk, text="HAT") == ["o-1004", "o-1002"]
    assert found(desk, text="2号") == found(desk, text="#2") == ["o-1004", "o-1002"]
    assert found(desk, standing="unpaid") == ["o-1001"]
    assert found(desk, standing="paid", text="hat") == ["o-1002"]
    assert found(desk, least_fen=10_000) == ["o-1003"]
    assert found(desk, text="nothing") == []


def test_no_buyer_is_in_it(desk: Desk) -> None:
    assert "小明" not in msgspec.json.encode(page(desk.room, OrdersSought())).decode()


def test_pages_are_bounded_and_leave_nothing_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(250):
        placed(desk, f"p{n:04}")
    everything = found(desk)
    assert len(everything) == len(set(everything)) == 254
    assert len(page(desk.room, OrdersSought(limit=10_000)).orders) == 200
    monkeypatch.setattr(order_list, "LOOKED_AT", 30)
    first = page(desk.room, OrdersSought("o-100"))
    assert (first.orders, first.before) == ([], 224), "it says where to go on instead of looking for long"
    assert found(desk, text="o-100") == ["o-1004", "o-1003", "o-1002", "o-1001"]


def test_one_that_comes_between_two_pages_moves_nothing(desk: Desk) -> None:
    first = page(desk.room, OrdersSought(limit=2))
    placed(desk, "o-1005")
    second = page(desk.room, OrdersSought(limit=2, before=first.before))
    assert [o.order_id for o in (*first.orders, *second.orders)] == ["o-1004", "o-1003", "o-1002", "o-1001"]


def test_what_the_room_does_not_know_is_not_made_up() -> None:
    desk = Desk("manual")
    desk.ok("catalogue.put", {"products": [product("shoe", 100, 1)]})
    desk.fact("order.paid", {"order_id": "early", "paid_fen": 500})
    placed(desk, "odd", "nobody-knows")
    assert (only(desk, "early").standing, only(desk, "early").total_fen) == ("paid", None)
    assert (only(desk, "odd").lines, only(desk, "odd").total_fen) == ([], 9900)


def test_without_a_source_of_orders_nothing_is_not_nought() -> None:
    told = page(Desk("manual").room, OrdersSought())
    assert not told.known
    assert (told.placed, told.unpaid, told.orders) == (None, None, [])
