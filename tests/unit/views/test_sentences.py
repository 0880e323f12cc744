"""口播卡: the sentence of each kind, and the warning above two conditions."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.views.sentences import card, spoken
from tests.unit.intake.line_goods import GOODS

CASES: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "flash_sale",
        {"sku_id": "scarf", "price_fen": 9900, "quantity": 50, "per_buyer": 2, "seconds": 300},
        "3 号 羊毛围巾，秒杀价 99 元，限量 50 件，每人限购 2 件，5 分钟。",
        "no. 3 羊毛围巾 for ¥99, 50 pieces, 2 per buyer, for 5 min.",
    ),
    (
        "coupon",
        {"name": "暖冬", "rule": {"threshold_fen": 19900, "off_fen": 2000}, "quantity": 9, "per_buyer": 1,
         "seconds": 90},
        "优惠券「暖冬」，满 199 减 20，全场可用，共 9 张，每人限领 1 张，1 分钟 30 秒。",
        "Coupon 「暖冬」: 20 off from 199 on everything, 9 in all, 1 each, for 1 min 30 s.",
    ),
    (
        "lucky_bag",
        {"prize": {"name": "围巾", "value_fen": 19900}, "winners": 3, "entry": {"keyword": "暖冬"},
         "seconds": 180},
        "福袋：评论「暖冬」，抽 3 人送「围巾」，价值 199 元，3 分钟后开奖。",
        "Lucky bag: comment 「暖冬」; 3 win 「围巾」 worth ¥199, drawn in 3 min.",
    ),
    ("pin", {"product_id": "scarf"}, "现在讲解 3 号 羊毛围巾。", "Now: no. 3 羊毛围巾."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "spec", "zh", "en"), CASES)
def test_one_plain_sentence(kind: str, spec: dict[str, Any], zh: str, en: str) -> None:
    found = card(kind, spec, GOODS)
    assert (found.zh, found.en) == (zh, en)
    assert (found.warning_zh, found.warning_en) == ("", "")


def test_above_two_conditions_it_warns_and_names_them() -> None:
    spec = {
        "name": "x", "rule": {"threshold_fen": 19900, "off_fen": 2000}, "quantity": 9,
        "per_buyer": 1, "seconds": 60,
        "scope": {"product_ids": ["scarf"]},
    }  # fmt: skip
    assert card("coupon", spec, GOODS).warning_zh == ""
    found = card("coupon", {**spec, "valid_seconds": 86_400}, GOODS)
    assert len(found.conditions) == 3
    assert "满 199" in found.warning_zh
    assert "from 199" in found.warning_en


def test_a_name_from_outside_stays_on_its_line_and_between_its_marks() -> None:
    spec = {"name": "a\n「b」", "rule": {"off_fen": 100}, "quantity": 1, "per_buyer": 1, "seconds": 1}
    found = card("coupon", spec, GOODS)
    assert "\n" not in found.zh
    assert "「a 『b』」" in found.zh


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [(60, "1 分钟", "1 min"), (3661, "1 小时 1 分钟 1 秒", "1 h 1 min 1 s"), (86_400, "1 天", "1 d")],
)
def test_time_as_it_is_said(seconds: int, zh: str, en: str) -> None:
    assert (spoken(seconds), spoken(seconds, english=True)) == (zh, en)
