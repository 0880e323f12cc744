"""What the shop says beside what we have: a measured stock moves none of ours, and what a person lets stand
is remembered until the shop says otherwise."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from liveconsole.domain import puts, shop
from liveconsole.domain.room import Room
from liveconsole.domain.shop import place_of
from liveconsole.views.state.figures import audience_state
from liveconsole.views.state.room import product_state
from tests.unit.domain.desk import Desk, placed, product


def sku(desk: Desk, sku_id: str) -> Any:
    return next(
        one
        for each in desk.room.products.values()
        for one in product_state(desk.room, each, {}).skus
        if one.sku_id == sku_id
    )


def test_a_measured_stock_stands_beside_ours_with_its_moment() -> None:
    desk = Desk()
    assert sku(desk, "scarf").measured is msgspec.UNSET
    desk.fact("stock.measured", {"sku_id": "scarf", "on_hand": 7})
    shown = sku(desk, "scarf")
    assert (shown.stock, shown.available) == (10, 10)
    assert (shown.measured.on_hand, shown.measured.ours) == (7, 10)
    assert shown.measured.at == desk.room.at


def test_no_order_is_taken_off_twice() -> None:
    """The shop has counted an order that is still on its way to us."""
    desk = Desk()
    desk.fact("stock.measured", {"sku_id": "scarf", "on_hand": 7})
    desk.fact("order.placed", placed("o1", quantity=3))
    shown = sku(desk, "scarf")
    assert (shown.stock, shown.held, shown.available) == (10, 3, 7)
    assert shown.measured.ours == 10  # as it was when the shop said 7
    desk.fact("stock.measured", {"sku_id": "scarf", "on_hand": 7})
    assert sku(desk, "scarf").measured.ours == 7


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("stock.add", {"sku_id": "scarf", "by": 2}),
        ("catalogue.put", {"products": [{"product_id": "scarf", "stock": 30}]}),
    ],
)
def test_what_a_person_changed_since_is_compared_with_nothing(type_: str, data: dict[str, Any]) -> None:
    desk = Desk()
    desk.fact("stock.measured", {"sku_id": "scarf", "on_hand": 7})
    desk.ok("catalogue.put", {"products": [{"product_id": "scarf", "title": "围巾"}]})
    assert sku(desk, "scarf").measured.ours == 10
    desk.ok(type_, data)
    assert (sku(desk, "scarf").measured.on_hand, sku(desk, "scarf").measured.ours) == (7, None)


def test_an_unknown_sku_is_no_trouble() -> None:
    desk = Desk()
    desk.fact("stock.measured", {"sku_id": "nobody's", "on_hand": 7})
    assert "nobody's" not in desk.room.skus


def test_what_is_let_stand_is_remembered_once() -> None:
    desk = Desk()
    data = {"product_id": "scarf", "field": "title", "value": "真丝围巾"}
    desk.ok("shop.keep", data, "operator")
    assert desk.room.kept == {place_of("scarf", None, "title"): "真丝围巾"}
    seq = desk.room.seq
    desk.ok("shop.keep", data)
    assert desk.room.seq == seq
    desk.ok("shop.keep", {**data, "value": "羊绒围巾"})
    assert list(desk.room.kept.values()) == ["羊绒围巾"]
    assert desk.no("shop.keep", data, "assistant") == "forbidden"


def test_no_two_places_are_taken_for_one() -> None:
    assert place_of("a", "b:c", "f") != place_of("a:b", "c", "f")
    assert place_of("1:a", None, "f") != place_of("a", "1", "f")


def test_what_is_let_stand_has_a_bound_and_the_oldest_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "KEPT_MOST", 3)
    desk = Desk()
    for number in range(5):
        desk.ok("shop.keep", {"product_id": str(number), "field": "title", "value": "x"})
    assert list(desk.room.kept) == [place_of(str(n), None, "title") for n in (2, 3, 4)]


def _two_skus() -> Desk:
    desk = Desk()
    skus = [
        {"sku_id": "red", "title": "红", "price_fen": 9900, "stock": 5, "floor_fen": 5000, "shop_code": "R1"},
        {"sku_id": "blue", "title": "蓝", "price_fen": 8900, "stock": 6},
    ]
    desk.ok("catalogue.put", {"products": [product("silk", 8900, 0, skus=skus)]})
    return desk


def test_a_sku_keeps_what_a_put_leaves_unsaid_of_it() -> None:
    desk = _two_skus()
    desk.fact("order.placed", placed("o1", sku_id="red", quantity=2, price_fen=9900))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 19800})
    skus = [{"sku_id": "red"}, {"sku_id": "blue", "price_fen": 7900}]
    desk.ok("catalogue.put", {"products": [{"product_id": "silk", "skus": skus}]})
    red, blue = sku(desk, "red"), sku(desk, "blue")
    assert (red.title, red.price_fen, red.stock, red.floor_fen) == ("红", 9900, 3, 5000)
    assert (blue.title, blue.price_fen, blue.stock) == ("蓝", 7900, 6)
    assert desk.room.products["silk"].sent["skus"][0]["shop_code"] == "R1"
    assert desk.no("catalogue.put", {"products": [{"product_id": "silk", "skus": [{"sku_id": "new"}]}]}) == (
        "bad_shape"
    )
    below = [{"sku_id": "red", "price_fen": 4999}, {"sku_id": "blue"}]
    assert desk.no("catalogue.put", {"products": [{"product_id": "silk", "skus": below}]}) == (
        "below_price_floor"
    )


def test_twin_without_it_a_sku_put_by_its_id_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(puts, "_in_full", lambda room, known, sent: sent)
    desk = _two_skus()
    skus = [{"sku_id": "red"}, {"sku_id": "blue", "price_fen": 7900}]
    assert desk.no("catalogue.put", {"products": [{"product_id": "silk", "skus": skus}]}) == "bad_shape"


def test_twin_where_a_measured_stock_moved_ours_the_order_would_count_twice() -> None:
    desk = Desk()
    desk.room.skus["scarf"].on_hand = 7  # what setting it would have done
    desk.fact("order.placed", placed("o1", quantity=3))
    assert sku(desk, "scarf").available == 4


def test_every_figure_has_its_own_moment_and_what_nobody_told_is_not_there() -> None:
    desk = Desk()
    desk.fact("room.measured", {"online": 300, "gmv_fen": 0, "buyers": 4})
    first = desk.room.at
    desk.wait(30)
    recent = [{"name": "gmv_fen", "value": 900, "before": 1200}, {"name": "热度", "value": 3}]
    desk.fact("room.measured", {"online": 320, "recent": recent})
    told = audience_state(desk.room)
    assert (told.measured["online"].value, told.online) == (320, 320)
    assert told.measured["gmv_fen"].value == 0
    assert (told.measured["buyers"].at, told.measured["online"].at) == (first, desk.room.at)
    assert "watched" not in told.measured
    assert (told.recent["gmv_fen"].value, told.recent["gmv_fen"].before) == (900, 1200)
    assert told.recent["热度"].before is None


def test_the_figures_are_of_this_broadcast_and_have_a_bound() -> None:
    desk = Desk()
    for number in range(3):
        recent = [{"name": f"{number}-{n}", "value": n} for n in range(40)]
        desk.fact("room.measured", {"buyers": 1, "recent": recent})
    assert len(desk.room.audience.recent) == 50
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    assert (desk.room.audience.measured, desk.room.audience.recent) == ({}, {})


def test_a_snapshot_holds_all_of_it() -> None:
    desk = Desk()
    desk.fact("stock.measured", {"sku_id": "scarf", "on_hand": 7})
    desk.fact("room.measured", {"buyers": 1, "recent": [{"name": "buyers", "value": 1}]})
    desk.ok("shop.keep", {"product_id": "scarf", "field": "title", "value": "x"})
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(desk.room), type=Room)
    assert again == desk.room
