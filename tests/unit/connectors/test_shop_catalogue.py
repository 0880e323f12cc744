"""The shop's products beside ours: which is which, one row for each difference, and that taking it makes
the row go, by the rules and no other way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liveconsole.connectors.wechat_shop.catalogue import (
    ShopProduct,
    ShopSku,
    differences,
    our_products,
    paired,
    paired_skus,
    product_of,
    stock_of,
)
from liveconsole.messages.differences import ShopDifference
from tests.unit.domain.desk import Desk, product

SILK = ShopProduct(
    "silk", "真丝围巾", [ShopSku("red", "红", 9900, 5), ShopSku("blue", "蓝", 8900, 6)], True, "S1"
)


def sample(shared: Path, name: str) -> Any:
    return json.loads((shared / "samples/channels_ec_api" / name).read_text("utf-8"))


def room(*products: dict[str, Any]) -> Desk:
    desk = Desk()
    desk.ok("catalogue.put", {"products": list(products)})
    for id_ in ("scarf", "hat"):  # what the desk begins with is of no shop
        desk.ok("product.shelf", {"product_id": id_, "on": False})
    return desk


def silk(**more: Any) -> dict[str, Any]:
    skus = [
        {"sku_id": "red", "title": "红", "price_fen": 9900, "stock": 5},
        {"sku_id": "blue", "title": "蓝", "price_fen": 8900, "stock": 6},
    ]
    given = {"title": "真丝围巾", "skus": skus, "price_fen": 8900, **more}
    return product("silk", given.pop("price_fen"), 0, **given)


def rows(desk: Desk, *shop: ShopProduct, complete: bool = True, kept: bool = False) -> list[ShopDifference]:
    found = differences(shop, our_products(desk.room), desk.room.kept, complete=complete)
    return [one for one in found if kept or not one.kept]


def take(desk: Desk, one: ShopDifference) -> None:
    assert one.take is not None
    desk.ok(one.take.type, one.take.data, "operator")


def seen(found: Sequence[ShopDifference]) -> list[tuple[str, str, Any, Any]]:
    return [(one.sku_id, one.field, one.ours, one.shop) for one in found]


def test_the_documented_product_is_read(shared: Path) -> None:
    found = product_of(sample(shared, "product_get_response.json"))
    assert found is not None
    assert (found.product_id, found.code, found.on_sale) == ("123456789", "SPU_CODE_TEST", True)
    assert found.picture.startswith("https://mmecimage.cn/")
    (sku,) = found.skus
    assert (sku.sku_id, sku.price_fen, sku.stock, sku.code) == ("123456001", 1, 5, "SKU_CODE_TEST")
    assert "四川成都" in sku.title
    assert ";" in sku.title  # a value has blanks in it


def test_the_documented_stock_is_read(shared: Path) -> None:
    assert stock_of(sample(shared, "product_stock_batchget_response.json")) == {"764787449": 990}


@pytest.mark.parametrize("status", [6, 9])
def test_what_was_thrown_away_is_not_there(status: int) -> None:
    body = {"product": {"product_id": "1", "title": "a", "status": status, "skus": [{"sku_id": "s"}]}}
    assert product_of(body) is None


@pytest.mark.parametrize(
    "body",
    [
        {}, {"product": None}, {"product": {"product_id": "1", "title": "a", "skus": []}},
        {"product": {"product_id": "1", "title": "a", "skus": [{"sku_id": "s"}, {"sale_price": 3}]}},
        {"product": {"title": "a", "skus": [{"sku_id": "s"}]}}, {"product": {"product_id": "1", "skus": 3}},
    ],
)  # fmt: skip
def test_half_a_product_is_none(body: dict[str, Any]) -> None:
    assert product_of(body) is None


def test_a_price_or_a_stock_that_is_not_said_is_not_0() -> None:
    body = {"product": {"product_id": 7, "title": "a", "skus": [{"sku_id": 8, "sale_price": None}]}}
    found = product_of(body)
    assert found is not None
    assert (found.product_id, found.skus[0].sku_id) == ("7", "8")
    assert (found.skus[0].price_fen, found.skus[0].stock, found.on_sale) == (None, None, None)
    (one,) = rows(room(silk()), SILK, found)
    assert (one.field, one.take) == ("product", None)


def test_where_nothing_differs_nothing_is_said() -> None:
    assert rows(room(silk()), SILK) == []


def test_every_field_is_a_row_with_both_values_and_taking_it_makes_it_go() -> None:
    desk = room(silk(title="丝巾", price_fen=7900))
    shop = ShopProduct(
        "silk", "真丝围巾", [ShopSku("red", "大红", 9500, 5), ShopSku("green", "绿", 8900, 6)], False, "S1",
        "https://x.example/1.jpg",
    )  # fmt: skip
    found = rows(desk, shop)
    assert seen(found) == [
        ("", "title", "丝巾", "真丝围巾"),
        ("", "price_fen", 7900, 8900),
        ("", "on_shelf", True, False),
        ("", "image", None, "https://x.example/1.jpg"),
        ("red", "sku_title", "红", "大红"),
        ("red", "price_fen", 9900, 9500),
        ("blue", "sku", "蓝", None),
        ("green", "sku", None, "绿"),
    ]
    for one in found:
        left = rows(desk, shop)
        if one.field == "image":
            assert one.take is not None
            put = one.take.data["products"][0]  # the engine fetches it, and puts its hash there
            desk.ok("catalogue.put", {"products": [{**put, "image": "0" * 64}]})
        else:
            take(desk, next(two for two in left if seen([two]) == seen([one])))
        assert seen([one])[0] not in seen(rows(desk, shop))
    assert rows(desk, shop) == []
    assert [sku.sku_id for sku in our_products(desk.room)[-1].skus] == ["red", "green"]


def test_a_product_that_we_do_not_have_is_taken_whole() -> None:
    desk = room()
    (one,) = rows(desk, SILK)
    assert (one.ours, one.shop, one.product_id) == (None, "真丝围巾", "silk")
    take(desk, one)
    assert rows(desk, SILK) == []
    assert desk.room.skus["red"].on_hand == 5
    assert desk.room.products["silk"].price_fen == 8900


def test_a_product_that_the_shop_does_not_have_is_told_when_all_was_read() -> None:
    desk = room(silk())
    assert rows(desk, complete=False) == []
    (one,) = rows(desk)
    assert (one.field, one.ours, one.shop) == ("product", "真丝围巾", None)
    take(desk, one)
    assert not desk.room.products["silk"].on_shelf
    assert rows(desk) == []


def test_what_a_person_lets_stand_is_not_asked_until_the_shop_says_otherwise() -> None:
    desk = room(silk(title="丝巾"))
    (one,) = rows(desk, SILK)
    desk.ok(one.keep.type, one.keep.data)
    assert rows(desk, SILK) == []
    assert [two.kept for two in rows(desk, SILK, kept=True)] == [True]
    (again,) = rows(desk, msgspec.structs.replace(SILK, title="羊绒围巾"))
    assert again.shop == "羊绒围巾"


def test_a_floor_holds_against_the_shop() -> None:
    desk = room(silk(floor_fen=8000))
    cheap = msgspec.structs.replace(SILK, skus=[ShopSku("red", "红", 9900, 5), ShopSku("blue", "蓝", 100, 6)])
    found = [one for one in rows(desk, cheap) if one.sku_id == "blue"]
    assert len(found) == 1
    assert found[0].take is not None
    assert desk.no(found[0].take.type, found[0].take.data) == "below_price_floor"


def test_a_stock_is_taken_by_its_difference_so_that_nothing_sold_comes_back() -> None:
    desk = room(silk())
    desk.fact("stock.measured", {"sku_id": "red", "on_hand": 9})
    (one,) = rows(desk, SILK)
    assert (one.field, one.ours, one.shop, one.at) == ("stock", 5, 9, desk.room.at)
    line = [{"sku_id": "red", "quantity": 2, "unit_price_fen": 9900}]
    desk.fact(
        "order.placed",
        {"order_id": "o1", "buyer": {"id": "b", "name": ""}, "lines": line, "total_fen": 19800},
    )
    take(desk, rows(desk, SILK)[0])
    red = desk.room.skus["red"]
    assert (red.on_hand, red.held, red.free) == (9, 2, 7)
    assert rows(desk, SILK) == []  # nothing is compared until the shop says so again


def test_ids_that_differ_meet_by_code_and_by_name() -> None:
    desk = room(product("K-1", 9900, 3, code="S1", title="真丝围巾", skus=[
        {"sku_id": "K-1-R", "title": "颜色:红", "price_fen": 9900, "stock": 1},
        {"sku_id": "B", "title": "Blau", "price_fen": 8900, "stock": 1},
    ]))  # fmt: skip
    shop = ShopProduct(
        "100", "真丝围巾", [ShopSku("1", "红", 9900, 1), ShopSku("2", "蓝", 8900, 1, "B")], True, "S1"
    )
    (theirs, mine) = next(pair for pair in paired([shop], our_products(desk.room)) if pair[0] is not None)
    assert theirs is not None
    assert mine is not None
    assert mine.product_id == "K-1"
    assert {(a.sku_id, b.sku_id) for a, b in paired_skus(theirs, mine) if a and b} == {
        ("1", "K-1-R"),
        ("2", "B"),
    }
    found = rows(desk, shop)
    assert [one.shop_id for one in found] == ["100"] * len(found)
    for field in ("sku_id", "sku_id"):
        take(desk, next(one for one in rows(desk, shop) if one.field == field))
    assert [sku.sku_id for sku in our_products(desk.room)[-1].skus] == ["1", "2"]
    assert "sku_id" not in {one.field for one in rows(desk, shop)}


def test_a_code_that_two_have_joins_nobody() -> None:
    desk = room(product("a", 1000, 1, code="X"), product("b", 1000, 1, code="X"))
    shop = ShopProduct("9", "c", [ShopSku("9", "c", 1000, 1)], True, "X")
    assert [one.field for one in rows(desk, shop)] == ["product"] * 3


def test_a_plain_product_gives_way_to_the_shops_skus() -> None:
    desk = room(product("silk", 8900, 4, title="真丝围巾"))
    left = rows(desk, SILK)
    assert {one.field for one in left} == {"sku"}
    while left := rows(desk, SILK):
        take(desk, left[0])
    assert [sku.sku_id for sku in our_products(desk.room)[-1].skus] == ["red", "blue"]


def test_twin_where_a_put_names_only_its_own_sku_the_others_are_lost() -> None:
    desk = room(silk())
    desk.ok("catalogue.put", {"products": [{"product_id": "silk", "skus": [{"sku_id": "red"}]}]})
    assert ("blue", "sku") in {(one.sku_id, one.field) for one in rows(desk, SILK)}


_TITLES = st.text("红蓝绿黑SML 1", min_size=1, max_size=4).filter(str.strip)
_SKU = st.builds(ShopSku, st.sampled_from("abcde"), _TITLES, st.integers(1, 99), st.integers(0, 9))
_SHOP = st.lists(
    st.builds(
        ShopProduct, st.sampled_from("PQR"), _TITLES,
        st.lists(_SKU, min_size=1, max_size=4, unique_by=lambda sku: sku.sku_id), st.booleans(),
    ),
    max_size=3, unique_by=lambda one: one.product_id,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(_SHOP, _SHOP)
def test_taking_all_there_is_makes_the_room_as_the_shop_is(
    first: list[ShopProduct], then: list[ShopProduct]
) -> None:
    """Whatever the two look like: what is taken goes through the rules, is gone afterwards, and in the end
    nothing is left but what the rules refuse."""
    desk = room()
    for shop in (_own_skus(first), _own_skus(then)):
        tried: set[str] = set()
        for _ in range(200):
            left = [one for one in rows(desk, *shop) if one.take is not None and repr(one.take) not in tried]
            if not left:
                break
            tried.add(repr(left[0].take))
            answer = desk.ask(left[0].take.type, left[0].take.data, "host")  # type: ignore[union-attr]
            if not hasattr(answer, "code"):
                assert _place(left[0]) not in [_place(one) for one in rows(desk, *shop)]
        else:
            pytest.fail("it does not come to an end")


def _place(one: ShopDifference) -> tuple[str, ...]:
    return one.product_id, one.sku_id, one.field, repr(one.shop)


def _own_skus(shop: list[ShopProduct]) -> list[ShopProduct]:
    """No SKU is of two products."""
    return [
        msgspec.structs.replace(
            one, skus=[msgspec.structs.replace(s, sku_id=one.product_id + s.sku_id) for s in one.skus]
        )
        for one in shop
    ]
