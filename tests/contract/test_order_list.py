"""The orders of a broadcast at a real engine's door: the same for every seat, also after a restart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contract.engine_process import EngineProcess, event

Make = Callable[..., EngineProcess]


def placed(n: int, total_fen: int) -> Any:
    line = {"sku_id": "nobody-knows", "quantity": 1, "unit_price_fen": total_fen}
    data = {
        "order_id": f"o-{n:04}",
        "buyer": {"id": "wx-o9x77k", "name": "小明"},
        "lines": [line],
        "total_fen": total_fen,
    }
    return event(f"placed-{n}", "order.placed", data)


def test_every_seat_lists_all_orders_page_by_page_and_no_buyer(engine_of: Make) -> None:
    running = engine_of()
    running.done("broadcast.open")
    assert running.post([placed(n, 100 + n) for n in range(250)])["accepted"] == 250
    running.post([event("paid", "order.paid", {"order_id": "o-0007", "paid_fen": 107})])

    def listed(path: str, role: str = "host") -> Any:
        return running.call("GET", f"/v1/orders{path}", role=role).json

    first = listed("")
    assert [o["order_id"] for o in first["orders"][:2]] == ["o-0249", "o-0248"]
    assert (len(first["orders"]), first["placed"], first["unpaid"]) == (200, 250, 249)
    rest = listed(f"?before={first['before']}", "assistant")
    assert (len(rest["orders"]), rest["before"]) == (50, 0)
    assert [o["order_id"] for o in listed("?standing=paid", "operator")["orders"]] == ["o-0007"]
    assert [o["order_id"] for o in listed("?q=0123")["orders"]] == ["o-0123"]
    assert len(listed("?least_fen=345")["orders"]) == 5
    assert "小明" not in str(first)
    assert "wx-o9x77k" not in str(first)

    running.kill()
    again = engine_of(folder=running.folder)
    assert again.call("GET", "/v1/orders").json == first


def test_only_seats_ask_and_only_for_what_there_is(engine_of: Make) -> None:
    running = engine_of()
    assert running.call("GET", "/v1/orders").json["orders"] == []
    for role in ("viewer", "producer"):
        assert running.call("GET", "/v1/orders", role=role).status == 403
    for query in ("?standing=lost", "?before=-1", "?q=" + "x" * 41, "?limit=all"):
        assert running.call("GET", f"/v1/orders{query}").status == 400
