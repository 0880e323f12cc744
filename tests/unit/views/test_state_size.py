"""A full evening: how much of the state there is, and how little of it one order makes anew."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from liveconsole.views.state import room, rows
from liveconsole.views.state.inputs import StateInputs
from liveconsole.views.state.sections import Sections
from tests.state_reader import NoNames, StateReader
from tests.unit.domain.desk import Desk, product, request

PRODUCTS = 60
ENDED, WAITING, RUNNING = 29, 8, 3


def evening() -> Desk:
    """60 products, 40 promotions, a pin a product that was sold, some hundred orders."""
    desk = Desk(recall_seconds=0)
    desk.ok("catalogue.put", {"products": [_product(n) for n in range(PRODUCTS - 2)]})
    desk.ok("cart.add", {"product_ids": [f"p{n}" for n in range(PRODUCTS - 2)]})
    for n in range(ENDED):
        _sale(desk, n, 300)
        desk.ok("cue.fire", {"cue_id": f"sale{n}"})
        for buyer in range(4):
            order_id = f"o{n}-{buyer}"
            desk.ok("order.request", request(order_id, f"b{buyer}", sku_id=f"p{n}"))
            desk.fact("order.paid", {"order_id": order_id, "paid_fen": 8900})
        desk.wait(301)
        desk.ok("cart.pin", {"product_id": f"p{n}"})
    for n in range(ENDED, ENDED + WAITING + RUNNING):
        _sale(desk, n, 3600)
    for n in range(ENDED, ENDED + RUNNING):
        desk.ok("cue.fire", {"cue_id": f"sale{n}"})
    return desk


def _product(n: int) -> dict[str, Any]:
    return product(f"p{n}", 9900 + n * 100, 1000, floor_fen=3000, points=["羊毛，很软，不起球", "三个颜色"])


def _sale(desk: Desk, n: int, seconds: int) -> None:
    spec = {"sku_id": f"p{n}", "price_fen": 8900, "quantity": 50, "per_buyer": 2, "seconds": seconds}
    data = {"cue_id": f"sale{n}", "kind": "flash_sale", "spec": spec}
    desk.ok("cue.add", data, "assistant")


def test_the_whole_is_small_and_an_order_is_tiny_and_makes_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = evening()
    sections, readers = Sections("log"), [StateReader(role) for role in ("host", "operator", "assistant")]

    def look() -> list[int]:
        answers = [
            sections.answer(StateInputs(desk.room, desk.now, NoNames(), {}), reader.role, reader.have)
            for reader in readers
        ]
        for reader, answer in zip(readers, answers, strict=True):
            reader.take(answer)
        return [len(answer) for answer in answers]

    assert look()[0] <= 80 * 1024
    calls: Counter[str] = Counter()
    for owner, name in ((rows, "cue_row"), (room, "product_row"), (rows, "lowest_of"), (rows, "can_state")):
        monkeypatch.setattr(owner, name, _counted(getattr(owner, name), calls, name))
    begun = len(desk.log)
    desk.ok("order.request", request("o", "b", sku_id=f"p{ENDED}"))
    sections.mark(event.type for event in desk.log[begun:])
    assert max(look()) <= 4 * 1024
    assert calls == {"cue_row": 1, "product_row": 1}, "of three seats together"
    assert max(look()) <= 512, "and nothing where nothing happened"


def _counted(call: Any, calls: Counter[str], name: str) -> Any:
    def counted(*args: Any, **kwargs: Any) -> Any:
        calls[name] += 1
        return call(*args, **kwargs)

    return counted
