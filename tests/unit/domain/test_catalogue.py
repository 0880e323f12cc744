"""Products, floors, stock, and the shelf."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.domain.desk import SALE, Desk, placed, product, request


def _put(desk: Desk, **more: Any) -> None:
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10) | more]})


def test_a_put_merges_by_product_and_keeps_what_is_not_sent() -> None:
    desk = Desk()
    _put(desk, floor_fen=5000, points=["软"], colour="驼色")
    _put(desk, price_fen=8900)
    scarf, hat = desk.state()["catalogue"]["products"]
    assert (scarf["price_fen"], scarf["floor_fen"], scarf["points"], scarf["colour"]) == (
        8900,
        5000,
        ["软"],
        "驼色",
    )
    assert hat["product_id"] == "hat"
    _put(desk, floor_fen=None)
    assert desk.room.skus["scarf"].floor_fen is None


def test_a_part_of_a_product_leaves_its_units_alone() -> None:
    desk = Desk()
    red = {"sku_id": "s-red", "title": "红", "price_fen": 9900, "stock": 3, "barcode": "69"}
    _put(desk, product_id="shawl", skus=[red])
    desk.ok("stock.add", {"sku_id": "s-red", "by": 2})
    desk.ok("catalogue.put", {"products": [{"product_id": "shawl", "floor_fen": 5000}]})
    desk.ok("catalogue.put", {"products": [{"product_id": "hat", "points": ["暖"]}]})
    _scarf, hat, shawl = desk.state()["catalogue"]["products"]
    assert (hat["points"], hat["stock"]) == (["暖"], 20)
    assert (shawl["floor_fen"], shawl["stock"]) == (5000, 5)
    (sku,) = shawl["skus"]
    assert (sku["sku_id"], sku["stock"], sku["floor_fen"], sku["barcode"]) == ("s-red", 5, 5000, "69")
    assert desk.no("catalogue.put", {"products": [{"product_id": "new", "price_fen": 1}]}) == "bad_shape"


def test_stock_is_units_on_hand_holds_included() -> None:
    desk = Desk()
    desk.ok("order.request", request("o1", quantity=4))
    refused = desk.refusal("catalogue.put", {"products": [product("scarf", 9900, 3)]})
    assert (refused.code, refused.params["committed"]) == ("stock_committed", 4)
    _put(desk, stock=4)
    assert desk.room.skus["scarf"].free == 0


def test_promised_units_are_not_taken_away() -> None:
    desk = Desk()
    desk.run_sale()
    desk.ok("order.request", request("o1", "ann", 2))
    assert desk.no("stock.add", {"sku_id": "scarf", "by": -6}) == "stock_committed"
    assert desk.ok("stock.add", {"sku_id": "scarf", "by": -5})["stock"] == 5
    desk.ok("stock.add", {"sku_id": "scarf", "by": 7}, "assistant")
    assert desk.room.skus["scarf"].on_hand == 12
    assert desk.no("stock.add", {"sku_id": "ghost", "by": 1}) == "unknown_sku"


def test_a_product_of_several_skus() -> None:
    desk = Desk()
    skus = [
        {"sku_id": "s-red", "title": "红", "price_fen": 9900, "stock": 3, "floor_fen": 4000},
        {"sku_id": "s-blue", "title": "蓝", "price_fen": 8900, "stock": 4},
    ]
    _put(desk, product_id="shawl", floor_fen=5000, skus=skus)
    assert desk.room.skus["s-red"].floor_fen == 4000
    assert desk.room.skus["s-blue"].floor_fen == 5000, "its product's"
    taken = {"products": [product("hat", 4900, 1, skus=[skus[0]])]}
    assert desk.no("catalogue.put", taken) == "sku_taken"
    desk.ok("order.request", request("o1", sku_id="s-red"))
    _put(desk, product_id="shawl", skus=[skus[0]])
    assert desk.no("order.request", request("o2", sku_id="s-blue")) == "sold_out", "it was left out"
    assert (
        desk.no("catalogue.put", {"products": [product("shawl", 9900, 5, skus=[skus[1]])]})
        == "stock_committed"
    )
    desk.fact("order.placed", placed("o3", sku_id="s-blue"))
    assert desk.room.skus["s-blue"].oversold == 1, "a platform still sold one"


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_fen": -1},
        {"price_fen": 1.5},
        {"stock": "many"},
        {"product_id": ""},
        {"skus": [{"sku_id": "x"}]},
    ],
)
def test_one_bad_product_and_nothing_is_put(wrong: dict[str, Any]) -> None:
    desk = Desk()
    products = [product("new", 100, 1), product("scarf", 1, 1) | wrong]
    assert desk.no("catalogue.put", {"products": products}) == "bad_shape"
    assert "new" not in desk.room.products


def test_a_price_under_its_floor_is_refused_and_a_floor_above_what_runs_rings() -> None:
    """Whoever raises a floor is not told to leave it wrong: what runs under it rings, with the key that ends
    it."""
    desk = Desk()
    desk.run_sale()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=6000)]})
    (alarm,) = [alarm for alarm in desk.shown().alarms if alarm.code == "floor_broken"]
    assert (alarm.params["final_fen"], alarm.params["floor_fen"]) == (5900, 6000)
    assert desk.no("order.request", request("o1")) == "below_price_floor"
    refused = desk.refusal("catalogue.put", {"products": [product("scarf", 5900, 10)]})
    assert (refused.code, refused.params["final_fen"]) == ("below_price_floor", 5900)
    assert (
        desk.no("catalogue.put", {"products": [product("hat", 100, 1, floor_fen=200)]}) == "below_price_floor"
    )
    _put(desk, floor_fen=5900)
    shop = {"shop_coupons": [{"off_fen": 100}]}
    assert desk.no("room.set", shop) == "below_price_floor"


def test_off_the_shelf_leaves_every_screen_at_once() -> None:
    desk = Desk()
    desk.run_sale()
    desk.ok("cart.pin", {"product_id": "scarf"})
    desk.ok("product.shelf", {"product_id": "scarf", "on": False})
    assert desk.state()["pinned"]["wanted"] is None
    assert (desk.cue().ended_because, desk.cue().reason) == ("stopped", "off_shelf")
    assert desk.no("order.request", request("o1")) == "off_shelf"
    assert desk.no("cart.pin", {"product_id": "scarf"}) == "off_shelf"
    desk.queue_sale("second")
    assert desk.no("cue.fire", {"cue_id": "second"}) == "off_shelf"
    assert desk.ok("product.shelf", {"product_id": "scarf", "on": False}) == {
        "product_id": "scarf",
        "on": False,
    }
    desk.ok("product.shelf", {"product_id": "scarf", "on": True})
    desk.ok("cue.fire", {"cue_id": "second"})


def test_the_floor_holds_for_every_spec_at_the_door() -> None:
    desk = Desk()
    _put(desk, floor_fen=6000)
    assert desk.no("cue.add", {"kind": "flash_sale", "spec": SALE}) == "below_price_floor"
    desk.ok("cue.add", {"kind": "flash_sale", "spec": SALE | {"price_fen": 6000}})


def test_conservation_over_a_life_of_stock() -> None:
    desk = Desk()
    desk.ok("stock.add", {"sku_id": "scarf", "by": 5})
    desk.ok("order.request", request("o1", quantity=3))
    desk.ok("order.request", request("o2", quantity=4))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 1})
    sku = desk.room.skus["scarf"]
    assert (sku.free, sku.held, sku.sold) == (8, 4, 3)
    desk.fact("order.closed", {"order_id": "o1", "reason": "退货"})
    assert (sku.free, sku.held, sku.sold) == (11, 4, 0)
