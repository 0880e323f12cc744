"""Orders of impossible size: whatever the door lets in is folded, kept, written down and read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.books import boards, orders, settlement
from liveconsole.books.reading import BookReader
from liveconsole.domain import amounts, first_orders, given
from liveconsole.engine import folding, refill
from liveconsole.messages.fields import FEN_MOST
from liveconsole.store import open_store
from liveconsole.views.state.body import state_of, wire
from tests.unit.engine.evenings import Evenings

GOODS = 30
MOST_UNITS = 1_000_000
FITS = 2**63


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    found = Evenings(open_store(tmp_path / "data", room_id="room"))
    dear = {"title": "金条", "price_fen": FEN_MOST, "stock": FEN_MOST}
    found.ok("catalogue.put", products=[{"product_id": f"g{n}", **dear} for n in range(GOODS)])
    found.open()
    return found


def sold_for_nothing(evenings: Evenings, order_id: str, *, unit_fen: int) -> None:
    """Every good, as many units as an order can have, and paid a hundred times over."""
    lines = [{"sku_id": f"g{n}", "quantity": MOST_UNITS, "unit_price_fen": unit_fen} for n in range(GOODS)]
    who = {"id": "v", "name": "小红"}
    evenings.fact("order.placed", order_id=order_id, buyer=who, lines=lines, total_fen=FEN_MOST)
    for n in range(5):
        evenings.fact("order.paid", order_id=order_id, paid_fen=FEN_MOST, payment_id=f"p{n}")
        evenings.fact("order.refunded", order_id=order_id, refund_fen=FEN_MOST, refund_id=f"r{n}")


def sale(evenings: Evenings) -> None:
    skus = [{"sku_id": f"g{n}", "price_fen": 1, "quantity": MOST_UNITS} for n in range(GOODS)]
    spec = {"skus": skus, "per_buyer": MOST_UNITS, "seconds": 3_600}
    cue_id = evenings.ok("cue.add", kind="flash_sale", spec=spec)["cue_id"]
    evenings.ok("cue.approve", cue_id=cue_id)
    evenings.ok("cue.fire", cue_id=cue_id)


def numbers(of: Any) -> list[int]:
    """Every whole number in a value of JSON."""
    if isinstance(of, dict):
        return [n for each in of.values() for n in numbers(each)]
    if isinstance(of, list):
        return [n for each in of for n in numbers(each)]
    return [of] if isinstance(of, int) else []


def test_a_room_with_them_is_kept_and_read_again(evenings: Evenings) -> None:
    sale(evenings)
    for order_id, unit_fen in (("in the sale", 1), ("dear", FEN_MOST), ("free", 0)):
        sold_for_nothing(evenings, order_id, unit_fen=unit_fen)
    folding.save(evenings.store, evenings.room)
    room, _ = folding.fold(evenings.store)
    assert room == evenings.room
    body = msgspec.json.decode(msgspec.json.encode(wire(room, state_of(room, evenings.now))))
    assert max(numbers(body["orders"])) < FITS
    assert {order.paid_fen for order in room.orders.values()} == {FEN_MOST}
    evenings.close()
    refill.refill(evenings.store)
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now)
    try:
        for book in (boards, orders, settlement):
            assert max(numbers(msgspec.json.decode(book.answer(reader, {})))) < FITS
    finally:
        reader.close()


@pytest.mark.parametrize("module", [amounts, first_orders, given])
def test_the_twin_without_a_bound_cannot_be_kept_and_goes_on_all_the_same(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch, module: Any
) -> None:
    """Nor does an engine end for a room that it cannot write down: the log has everything."""
    monkeypatch.setattr(module, "FEN_MOST", 10**40)
    if module is given:
        sale(evenings)
    if module is amounts:
        evenings.fact("order.paid", order_id="o", paid_fen=FEN_MOST)
        evenings.room.orders["o"].payments.told(10**30, None)  # as very many payments come to
    for n in range(10):
        sold_for_nothing(evenings, f"o{n}", unit_fen=1 if module is given else 5)
    with pytest.raises((OverflowError, msgspec.ValidationError)):
        folding.save(evenings.store, evenings.room)
    evenings.core.try_save()
    assert evenings.core.unsaved == 0, "it is tried again when as much more has gathered"
    evenings.ok("stock.add", sku_id="g0", by=1)


def test_a_shop_is_told_that_an_order_is_too_large(evenings: Evenings) -> None:
    lines = [{"sku_id": f"g{n}", "quantity": MOST_UNITS} for n in range(GOODS)]
    asked: dict[str, Any] = {"order_id": "o", "buyer": {"id": "v", "name": ""}}
    assert evenings.no("order.request", **asked, lines=lines) == "amount_too_large"
    assert (
        evenings.no("order.request", **asked, lines=[{"sku_id": "g0", "quantity": 2}]) == "amount_too_large"
    )
    one = evenings.ok("order.request", **asked, lines=[{"sku_id": "g0", "quantity": 1}])
    assert one["total_fen"] == FEN_MOST
