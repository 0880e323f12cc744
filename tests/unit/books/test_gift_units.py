"""What came along with an order is no unit sold: in the state, the report, the boards and the books alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from liveconsole.domain import order as orders
from liveconsole.domain.order_units import OrderUnits
from liveconsole.engine import history, refill
from liveconsole.store import open_store
from liveconsole.views.state.figures import orders_state
from liveconsole.views.summary import Summary
from tests.unit.books.test_boards import page, values
from tests.unit.engine.evenings import START, Evenings


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    return Evenings(open_store(tmp_path / "data", room_id="room"))


def bought(evenings: Evenings, order_id: str, *lines: tuple[str, int, int, bool], pay: bool = True) -> None:
    """``lines``: SKU, units, what its shop writes as the price of one (分), whether it says that it is a
    gift."""
    total = sum(units * fen for _, units, fen, gift in lines if not gift)
    evenings.fact(
        "order.placed",
        order_id=order_id,
        buyer={"id": f"of {order_id}", "name": "小红"},
        lines=[
            {"sku_id": sku, "quantity": units, "unit_price_fen": fen} | ({"gift": True} if gift else {})
            for sku, units, fen, gift in lines
        ],
        total_fen=total,
    )
    if pay:
        evenings.paid(order_id, total)


def an_evening(evenings: Evenings) -> None:
    """Five units bought of three orders, four gifts; one more order is not paid."""
    evenings.open()
    bought(evenings, "o1", ("a", 2, 9900, False), ("b", 3, 0, False))
    bought(evenings, "o2", ("b", 1, 9900, False), ("a", 1, 19_900, True))
    bought(evenings, "o3", ("a", 2, 9900, False))
    bought(evenings, "o4", ("a", 1, 9900, False), ("b", 7, 0, False), pay=False)


def told(evenings: Evenings) -> dict[str, tuple[int | None, int | None]]:
    """Who says how many units: bought, and come along."""
    store = evenings.store
    report = history.report(store, 1, simulated=False)
    (row,) = [row for row in history.summaries(store, simulated=False) if row.number == 1]
    state = orders_state(evenings.room)
    return {
        "state": (state.units, state.gift_units),
        "past broadcasts": (row.units, row.gift_units),
        "report": (report.totals.units, report.totals.gift_units),
        "goods of it": (
            sum(p.units or 0 for p in report.products),
            sum(p.gift_units or 0 for p in report.products),
        ),
    }


def test_units_sold_are_those_that_were_bought_wherever_they_stand(evenings: Evenings) -> None:
    an_evening(evenings)
    assert set(told(evenings).values()) == {(5, 4)}, told(evenings)
    board = page(evenings)
    assert board.products is not None
    assert (values(board)["units"], values(board)["units_per_order"]) == (5, pytest.approx(5 / 3))
    assert {row.product_id: row.units for row in board.products.rows} == {"a": 4, "b": 1}
    lines = [json.loads(line) for line in evenings.store.read(0, 10_000)]
    assert Summary().add(lines).sold == 5
    left = {sku_id: sku.on_hand for sku_id, sku in evenings.room.skus.items()}
    assert left == {"a": 100_000 - 5, "b": 100_000 - 4}, "out of the stock they are all the same"


def test_a_gift_that_goes_back_late_and_a_refill_keep_the_count(evenings: Evenings) -> None:
    an_evening(evenings)
    evenings.close()
    evenings.open()
    evenings.fact("order.closed", order_id="o1", reason="不要了")
    row = next(row for row in history.summaries(evenings.store, simulated=False) if row.number == 1)
    assert (row.units, row.gift_units) == (3, 1)
    refill.refill(evenings.store)
    again = next(row for row in history.summaries(evenings.store, simulated=False) if row.number == 1)
    assert again == row


def test_lines_of_the_past_are_gifts_by_a_price_of_nothing_alone(evenings: Evenings) -> None:
    past = {"order_id": "p1", "placed_at": START.isoformat(), "total_fen": 500, "paid_fen": 500}
    free = {"sku_id": "b", "quantity": 9, "unit_price_fen": 0}
    evenings.ok("orders.import", orders=[{**past, "lines": [{"sku_id": "a", "quantity": 2}, free]}])
    found = {row.order_id: (row.units, row.gift_units) for row in evenings.store.orders()}
    assert found == {"p1": (11, 9)}


def test_the_twin_a_count_of_all_that_goes_out_is_seen(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_of_them(lines: Sequence[Any]) -> OrderUnits:
        return OrderUnits(sum(line.quantity for line in lines), 0)

    monkeypatch.setattr(orders, "units_of", all_of_them)
    an_evening(evenings)
    assert len(set(told(evenings).values())) > 1
