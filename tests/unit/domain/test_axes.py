"""Colours × sizes, read off what shops call their SKUs."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.domain.axes import Axes, axes_of
from liveconsole.messages.state import AxisState, ProductState
from liveconsole.views.state import state_of
from liveconsole.views.state.room import product_row, product_state
from tests.unit.domain.desk import Desk

COLOURS = ("燕麦", "驼色", "黑色")
SIZES = ("S", "M", "L", "XL")
WRITTEN = (
    "{c} {s}",
    "{c}/{s}",
    "{c}{s}",
    "{c}-{s}",
    "{c},{s}",
    "{c}（{s}）",
    "{s}/{c}",
    "颜色:{c};尺码:{s}",
    "尺码：{s}，颜色：{c}",
    "圆领毛衣 {c} {s}",
)


@pytest.mark.parametrize("written", WRITTEN)
def test_colours_and_sizes_are_read_however_the_shop_writes_them(written: str) -> None:
    pairs = [(c, s) for c in COLOURS for s in SIZES]
    pairs.remove(("驼色", "XL"))
    found = axes_of("圆领毛衣", [written.format(c=c, s=s) for c, s in pairs])
    assert found.values == (COLOURS, SIZES)
    assert found.places == tuple(pairs)
    assert found.names == (("颜色", "尺码") if "颜色" in written else ("", ""))


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (["L", "S", "M"], (("S", "M", "L"),)),
        (["38", "36", "37.5"], (("36", "37.5", "38"),)),
        (["50ml", "30ml"], (("30ml", "50ml"),)),
        (["165/88A", "170/92A"], (("165/88A", "170/92A"),)),
        (["黑 165/88A", "黑 170/92A", "白 165/88A"], (("黑", "白"), ("165/88A", "170/92A"))),
        (["黑2XL", "黑XL", "白2XL", "白XL"], (("黑", "白"), ("XL", "2XL"))),
        (["红 大号", "红 小号", "蓝 小号"], (("红", "蓝"), ("小号", "大号"))),
        (["深 蓝 M", "黑 M", "黑 L"], (("深 蓝", "黑"), ("M", "L"))),
        (["红 2条装", "红 5条装", "蓝 2条装"], (("红", "蓝"), ("2条装", "5条装"))),
        (["驼色 厚 M", "驼色 厚 L", "黑 薄 M"], (("驼色 厚", "黑 薄"), ("M", "L"))),
        (["红", "蓝"], (("红", "蓝"),)),
        (["驼色 M", "黑色"], (("驼色 M", "黑色"),)),
        (["经典款 A1", "新品 B2", "限定 C3"], (("经典款 A1", "新品 B2", "限定 C3"),)),
        (["A100", "A200"], (("A100", "A200"),)),
        (["红", "红"], ()),
        (["驼色 M"], ()),
        ([], ()),
    ],
)
def test_one_axis_two_or_none(names: list[str], values: tuple[tuple[str, ...], ...]) -> None:
    assert axes_of("", names).values == values


@given(st.text(max_size=8), st.lists(st.text("红蓝SMLX/ ;:1", max_size=9), max_size=12))
def test_no_place_holds_two_skus_and_every_place_is_on_its_axis(title: str, names: list[str]) -> None:
    found = axes_of(title, names)
    assert len(found.names) == len(found.values) <= 2
    if found == Axes():
        return
    assert len(found.places) == len(set(found.places)) == len(names)
    for place in found.places:
        assert all(value in axis for value, axis in zip(place, found.values, strict=True))


def test_a_long_list_of_long_names_is_read_in_time() -> None:
    names = [f"{'驼色加厚 ' * 38}{n}" for n in range(300)]
    random.Random(1).shuffle(names)
    assert len(axes_of("", names).values[0]) == 300


def test_the_state_carries_them_and_what_was_put_does_not_stand_in_for_them() -> None:
    desk = Desk()
    skus = [
        {"sku_id": f"S{n}", "title": title, "price_fen": 100, "stock": 1, "values": ["made up"]}
        for n, title in enumerate(("驼色 M", "驼色 L", "黑色 M"))
    ]
    put = {"product_id": "P", "title": "毛衣", "price_fen": 100, "stock": 3, "skus": skus, "axes": "made up"}
    desk.ok("catalogue.put", {"products": [put]})
    shown = next(p for p in state_of(desk.room, desk.now).catalogue.products if p.product_id == "P")
    assert shown.axes == [AxisState("", ["驼色", "黑色"]), AxisState("", ["M", "L"])]
    assert [sku.values for sku in shown.skus] == [["驼色", "M"], ["驼色", "L"], ["黑色", "M"]]
    product = desk.room.products["P"]
    row = product_row(product, product_state(desk.room, product, {}))
    assert msgspec.json.decode(row, type=ProductState) == shown
