"""A sale that a person runs, of which more than all was taken: when what was too much comes to nothing, all
of it is sold, and it ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liveconsole.domain import order_facts
from tests.unit.domain.desk import Desk, request


def too_much() -> Desk:
    """Two units on air; both are held for one buyer, and the platform sold two to another."""
    desk = Desk("manual", hold_seconds=15)
    desk.queue_sale(quantity=2, per_buyer=2)
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.wait(10)
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    desk.ok("order.request", request("held", "a", 2) | {"cue_id": "sale"}, "producer")
    lines = [{"sku_id": "scarf", "quantity": 2, "unit_price_fen": 4900}]
    placed = {"order_id": "sold", "buyer": {"id": "b"}, "lines": lines, "total_fen": 9800, "cue_id": "sale"}
    desk.fact("order.placed", placed)
    desk.fact("order.paid", {"order_id": "sold", "paid_fen": 9800})
    assert desk.cue("sale").status == "on_air", "a person is asked whether the platform was given more"
    return desk


def closed(desk: Desk) -> None:
    desk.fact("order.closed", {"order_id": "held", "reason": ""})


def lapsed(desk: Desk) -> None:
    desk.wait(16)


@pytest.mark.parametrize("comes_to_nothing", [closed, lapsed])
def test_it_ends_when_what_was_too_much_is_gone(comes_to_nothing: Callable[[Desk], None]) -> None:
    desk = too_much()
    comes_to_nothing(desk)
    cue = desk.cue("sale")
    assert (cue.status, cue.ended_because) == ("ended", "sold_out")


@pytest.mark.parametrize("comes_to_nothing", [closed, lapsed])
def test_twin_without_it_the_sale_stays_on_air_with_nothing_left(
    comes_to_nothing: Callable[[Desk], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_facts, "sold_out_without", lambda room, orders, ctx: [])
    desk = too_much()
    comes_to_nothing(desk)
    assert desk.cue("sale").status == "on_air"


def test_one_that_is_too_much_still_goes_on() -> None:
    desk = too_much()
    lines = [{"sku_id": "scarf", "quantity": 1, "unit_price_fen": 4900}]
    more = {"order_id": "more", "buyer": {"id": "c"}, "lines": lines, "total_fen": 4900, "cue_id": "sale"}
    desk.fact("order.placed", more)
    closed(desk)
    assert desk.cue("sale").status == "on_air"
