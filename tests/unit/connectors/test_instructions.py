"""人工协助: each owed step of each kind says in one line what to press, with every figure in it."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.messages.specs import parse_spec
from liveconsole.views.instructions import Instruction, ProductNames, instruction

NAMES = ProductNames({"P3": "羊绒围巾", "P3-a": "羊绒围巾 驼色"}, {"P3": 3, "P3-a": 3}, {"P3-a": 19900})
SALE = {"sku_id": "P3-a", "price_fen": 9900, "quantity": 50, "per_buyer": 2, "seconds": 180}
COUPON: dict[str, Any] = {
    "name": "加购券", "rule": {"threshold_fen": 19900, "off_fen": 2000}, "quantity": 500, "per_buyer": 1,
    "seconds": 600,
}  # fmt: skip
BAG = {
    "prize": {"name": "手套", "value_fen": 9900},
    "winners": 3,
    "entry": {"keyword": "好看"},
    "seconds": 90,
}


@pytest.mark.parametrize(
    ("kind", "step", "spec", "words"),
    [
        ("pin", "on_air", {"product_id": "P3"}, ["3 号 羊绒围巾", "「讲解」"]),
        ("pin", "ended", {"product_id": "P3"}, ["3 号 羊绒围巾", "「结束讲解」"]),
        ("flash_sale", "on_air", SALE, ["限时抢购", "99.00 元 × 50 件", "每人限 2 件", "3 分钟"]),
        ("flash_sale", "ended", SALE, ["限时抢购", "「结束」", "驼色"]),
        ("flash_sale", "on_air", {**SALE, "via": "price"}, ["改价", "改成 99.00 元"]),
        ("flash_sale", "ended", {**SALE, "via": "price"}, ["改回 199.00 元"]),
        ("coupon", "on_air", COUPON, ["加购券", "满 199 减 20", "500 张", "每人 1 张", "10 分钟"]),
        ("coupon", "ended", COUPON, ["加购券", "停止发放"]),
        ("lucky_bag", "on_air", BAG, ["口播", "评论「好看」", "手套", "× 3", "90 秒"]),
        (
            "lucky_bag",
            "on_air",
            {**BAG, "draw": "platform"},
            ["福袋", "3 人中奖", "口令「好看」", "「发起」"],
        ),
        ("lucky_bag", "ended", {**BAG, "draw": "platform"}, ["福袋", "手套", "「结束」"]),
        ("lucky_bag", "ended", BAG, ["手套", "已结束"]),
    ],
)
def test_each_step_names_what_to_press(kind: str, step: str, spec: dict[str, Any], words: list[str]) -> None:
    parse_spec(kind, spec)
    told = instruction(kind, step, spec, NAMES)
    for word in words:
        assert word in told.zh
    assert told.en
    assert "\n" not in told.zh + told.en


def test_several_skus_are_each_named_and_an_unknown_price_is_not_invented() -> None:
    spec = {
        "skus": [
            {"sku_id": "P3-a", "price_fen": 9900, "quantity": 5},
            {"sku_id": "P3-b", "price_fen": 8900, "quantity": 6},
        ],
        "per_buyer": 1, "seconds": 45, "via": "price",
    }  # fmt: skip
    told = instruction("flash_sale", "ended", spec, NAMES)
    assert isinstance(told, Instruction)
    assert "P3-b 改回 ? 元" in told.zh


@pytest.mark.parametrize(
    ("rule", "zh"),
    [
        ({"off_fen": 550}, "直减 5.50"),
        ({"zhe": "8.5"}, "8.5 折"),
        ({"tiers": [{"threshold_fen": 100, "off_fen": 10}, {"threshold_fen": 20000, "off_fen": 3000}]},
         "满 1 减 0.10、满 200 减 30"),
    ],
)  # fmt: skip
def test_rules_read_as_shops_write_them(rule: dict[str, Any], zh: str) -> None:
    assert zh in instruction("coupon", "on_air", {**COUPON, "rule": rule}, NAMES).zh


@pytest.mark.parametrize(
    ("kind", "step", "spec", "cells"),
    [
        (
            "coupon", "on_air", COUPON,
            ["券名 加购券", "门槛 199 元", "减 20 元", "张数 500 张", "每人 1 张", "领取 10 分钟"],
        ),
        (
            "flash_sale", "on_air", SALE,
            ["商品 羊绒围巾 驼色", "秒杀价 99 元", "数量 50 件", "每人限 2 件", "时长 3 分钟"],
        ),
        ("flash_sale", "ended", {**SALE, "via": "price"}, ["商品 羊绒围巾 驼色", "改成 199 元"]),
        (
            "lucky_bag", "on_air", {**BAG, "draw": "platform"},
            ["奖品 手套", "中奖 3 人", "口令 好看", "时长 90 秒"],
        ),
        ("lucky_bag", "on_air", BAG, []),
        ("pin", "on_air", {"product_id": "P3"}, []),
    ],
)  # fmt: skip
def test_the_platform_s_form_is_field_by_field_and_the_path_leaves_the_values_to_it(
    kind: str, step: str, spec: dict[str, Any], cells: list[str]
) -> None:
    told = instruction(kind, step, spec, NAMES)
    said = [f"{field.label[0]} {field.value} {field.unit[0]}".strip() for field in told.fields]
    assert said == cells
    assert all(told.path) == bool(cells)
    assert all(field.label[1] for field in told.fields)
    assert not any(field.value in told.path[0] for field in told.fields)


def test_one_price_of_many_sizes_is_one_field_and_each_size_has_its_count() -> None:
    skus = [{"sku_id": f"P3-{n}", "price_fen": 9900, "quantity": n} for n in range(1, 9)]
    fields = instruction("flash_sale", "on_air", {"skus": skus, "per_buyer": 1, "seconds": 60}, NAMES).fields
    assert [field.value for field in fields] == ["99", *(str(n) for n in range(1, 9)), "1", "1"]
    assert [field.label[0] for field in fields[1:3]] == ["P3-1", "P3-2"]
