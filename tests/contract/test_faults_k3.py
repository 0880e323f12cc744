"""K3 at a real engine: the third broadcast has nothing of the first two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contract.engine_process import EngineProcess, comment, event

Make = Callable[..., EngineProcess]
HAT = {"product_id": "hat", "title": "帽子", "price_fen": 4_900, "stock": 90}


def evening(running: EngineProcess, number: int, orders: int) -> None:
    """Opened, told of comments and paid orders, closed."""
    assert running.done("broadcast.open")["number"] == number
    facts: list[dict[str, Any]] = [comment(f"c-{number}-{n}", viewer=f"u{n}") for n in range(7)]
    for n in range(orders):
        order_id = f"o-{number}-{n}"
        line = {"sku_id": "hat", "quantity": 1, "unit_price_fen": 4_900}
        placed = {"order_id": order_id, "buyer": {"id": f"u{n}"}, "lines": [line], "total_fen": 4_900}
        facts.append(event(f"{order_id}+", "order.placed", placed))
        facts.append(event(f"{order_id}=", "order.paid", {"order_id": order_id, "paid_fen": 4_900}))
    assert running.post(facts)["accepted"] == len(facts)
    running.done("broadcast.close")


def test_the_third_broadcast_opens_with_nothing_and_the_second_has_its_own(engine_of: Make) -> None:
    """K3.1: it opened with the totals of the first two, and the 交接单 of the second said ¥0."""
    running = engine_of()
    running.done("catalogue.put", products=[HAT])
    evening(running, 1, 3)
    evening(running, 2, 5)
    assert running.done("broadcast.open")["number"] == 3
    state = running.state()
    orders, audience = state["orders"], state["audience"]
    figures = ("placed", "paid", "units", "gmv_fen", "refund_fen")
    assert [orders[name] for name in figures] == [0] * len(figures)
    assert audience["comments"] == 0
    totals = [running.call("GET", f"/v1/broadcasts/{n}").json["totals"] for n in (1, 2)]
    assert [(each["gmv_fen"], each["placed"]) for each in totals] == [(14_700, 3), (24_500, 5)]
    # The twin: the whole log, as it was counted once, comes to all of them together.
    assert sum(line["data"]["paid_fen"] for line in running.log(types="order.paid")) == 39_200
