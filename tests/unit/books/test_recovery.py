"""Complaints that were made good: whose buyer came back, or was content."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from liveconsole.books.boards.after import after_of
from liveconsole.books.boards.scope import scope_of
from liveconsole.books.reading import BookReader
from liveconsole.domain.aftersale import Figures
from liveconsole.domain.china import day_of
from liveconsole.store import open_store
from tests.unit.engine.evenings import Evenings

DAY = 86_400.0


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    found = Evenings(open_store(tmp_path / "data", room_id="room"))
    found.open()
    return found


def _made_good(evenings: Evenings, order_id: str, buyer: str) -> None:
    lines = [{"sku_id": "a", "quantity": 1, "unit_price_fen": 9900}]
    evenings.fact(
        "order.placed", order_id=order_id, buyer={"id": buyer, "name": ""}, lines=lines, total_fen=9900
    )
    evenings.paid(order_id, 9900)
    asked = evenings.ok("shop.answer", act="compensate", order_id=order_id, reason="破损", amount_fen=500)
    evenings.ok("shop.confirm", ask_id=asked["ask_id"], done=True)


def test_a_complaint_is_recovered_when_its_buyer_comes_back_or_is_content(
    evenings: Evenings,
) -> None:
    day = f"{day_of(evenings.now)}"

    def rate() -> tuple[int, int]:
        reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)
        scope = scope_of(reader, {"from": day, "to": f"{day_of(evenings.now + timedelta(days=100))}"})
        found = after_of(reader, scope, Figures()).rates["recovered"]
        reader.close()
        return found.part, found.whole

    for order_id, buyer in (("o1", "back"), ("o2", "content"), ("o3", "gone"), ("o4", "low")):
        _made_good(evenings, order_id, buyer)
    assert rate() == (0, 0), "nobody knows yet"
    evenings.wait(DAY)
    evenings.fact(
        "order.placed",
        order_id="again",
        buyer={"id": "back", "name": ""},
        lines=[{"sku_id": "a", "quantity": 1, "unit_price_fen": 9900}],
        total_fen=9900,
    )
    assert rate() == (0, 0), "it is not paid"
    evenings.paid("again", 9900)
    for stars, order_id in ((5, "o2"), (3, "o4")):
        evenings.fact("review.posted", product_id="a", stars=stars, text="", order_id=order_id)
    assert rate() == (2, 2)
    evenings.wait(31 * DAY)
    assert rate() == (2, 4), "of the others it is known now"
