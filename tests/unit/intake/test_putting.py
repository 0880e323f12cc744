"""Rows on their way into the catalogue: in parts that the door takes, and round what is refused."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.bus.decode import BODY_LIMIT
from liveconsole.intake.batches import BODY, batches
from liveconsole.intake.products import ProductImport, compare, paste_products
from liveconsole.messages.refusals import Refused
from tests.unit.domain.desk import Desk, product


def _putting(rows: int) -> ProductImport:
    text = "\n".join(f"P{n},杯子 {n},9.9,{n}" for n in range(rows))
    return ProductImport(compare(paste_products(text), []))


@given(st.lists(st.text(max_size=30)), st.integers(1, 4), st.integers(10, 60))
def test_batches_are_all_there_in_order_and_within_bounds(things: list[str], most: int, room: int) -> None:
    made = list(batches(things, most, room))
    assert [thing for batch in made for thing in batch] == things
    for batch in made:
        assert 1 <= len(batch) <= most
        assert len(batch) == 1 or sum(len(msgspec.json.encode(thing)) + 1 for thing in batch) <= room


def test_the_largest_products_fit_through_the_door() -> None:
    largest = {
        "product_id": "号" * 200,
        "title": "名" * 500,
        "points": "卖" * 500,
        "price_fen": 1,
        "stock": 1,
    }
    for batch in batches([largest] * 500):
        assert len(msgspec.json.encode({"products": batch})) < BODY_LIMIT - 1000
    assert BODY < BODY_LIMIT


def test_ten_thousand_products_are_asked_for_in_parts() -> None:
    putting = _putting(1200)
    sizes = []
    while (data := putting.next()) is not None:
        sizes.append(len(data["products"]))
        assert putting.told(True, {}, "")
    assert (sizes, len(putting.taken), putting.total) == ([500, 500, 200], 1200, 1200)


def test_a_refused_product_is_left_out_and_the_rest_asked_for_again() -> None:
    putting = _putting(4)
    assert putting.next() is not None
    assert putting.told(False, {"sku_id": "P1", "committed": 9}, "已承诺")
    assert putting.told(False, {"product_id": "P3"}, "底价")
    assert putting.told(False, {"index": 0}, "字段")
    data = putting.next()
    assert data is not None
    assert [put["product_id"] for put in data["products"]] == ["P2"]
    assert not putting.told(False, {}, "写不进磁盘")
    assert putting.told(True, {}, "")
    assert putting.next() is None
    assert putting.refused == {"P1": "已承诺", "P3": "底价", "P0": "字段"}
    assert putting.for_cart(["P9"]) == [["P2"]]


def test_when_every_product_is_refused_nothing_is_left_to_ask_for() -> None:
    putting = _putting(1)
    assert putting.next() is not None
    assert putting.told(False, {"sku_id": "P0"}, "不")
    assert putting.next() is None
    assert putting.for_cart([]) == []


def test_what_is_the_same_is_not_asked_for_but_goes_into_the_cart() -> None:
    desk = Desk()
    products = paste_products("B1,杯,99,5\nB2,碗,9,1")
    desk.ok("catalogue.put", {"products": [products.good[0].product()]})
    putting = ProductImport(compare(products, desk.shown().catalogue.products))
    data = putting.next()
    assert data is not None
    assert [put["product_id"] for put in data["products"]] == ["B2"]
    putting.told(True, {}, "")
    assert putting.for_cart([]) == [["B1", "B2"]]


def test_a_row_that_would_break_the_floor_of_other_goods_is_left_out_and_the_rest_put() -> None:
    """The refusal names the goods that are reached; the row that lets them be reached is another."""
    desk = Desk(recall_seconds=0)
    desk.ok("catalogue.put", {"products": [product("hat", 4900, 20, floor_fen=3400)]})
    spec = {"rule": {"threshold_fen": 9000, "off_fen": 3000}, "name": "券", "quantity": 5}
    desk.ok(
        "cue.add",
        {"cue_id": "c", "kind": "coupon", "spec": spec | {"per_buyer": 1, "seconds": 60}},
    )
    desk.ok("cue.fire", {"cue_id": "c"})
    products = paste_products("hat,帽子,49,20\nX1,杯,41,5\nX2,碗,199,1")
    putting = ProductImport(compare(products, desk.shown().catalogue.products))
    while (data := putting.next()) is not None:
        answer = desk.ask("catalogue.put", data, "assistant")
        refused = isinstance(answer, Refused)
        assert putting.told(not refused, answer.params if isinstance(answer, Refused) else {}, "底价")
    assert putting.refused == {"X1": "底价"}
    assert "X2" in desk.room.products
