"""What a program makes of a promotion is said before it is fired, where that is not what was written."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.advice.judged import AdviceFiles, judged
from tests.unit.domain.desk import SALE, Desk, product
from tests.unit.domain.test_connections import BY_HAND, COUPON, SHOP

ONE = {"sku_id": "scarf", "price_fen": 4900, "quantity": 5, "per_buyer": 5, "seconds": 60}
CODES = [
    "price_by_hand",
    "tiers_by_hand",
    "days_by_hand",
    "bundle_by_hand",
    "gift_by_hand",
]


@pytest.fixture
def desk() -> Desk:
    return Desk("wechat_shop", shop=SHOP)


def codes(desk: Desk, kind: str, spec: dict[str, Any]) -> list[str]:
    found = judged(AdviceFiles(), desk.room, "cue.add", {"kind": kind, "spec": spec}, desk.now, "host")
    assert all(one["zh"] and one["en"] for one in found["notices"])
    return [one["code"] for one in found["notices"]]


@pytest.mark.parametrize(
    ("kind", "spec", "code"),
    [(kind, spec, code) for (kind, spec), code in zip(BY_HAND, CODES, strict=True)],
)
def test_who_must_do_it_by_hand_is_said_first(desk: Desk, kind: str, spec: dict[str, Any], code: str) -> None:
    assert codes(desk, kind, spec)[0] == code
    assert code not in codes(Desk("manual"), kind, spec), "there it is by hand anyway"
    assert code not in codes(Desk(), kind, spec)


def test_a_limit_a_buyer_is_said_not_to_reach_the_shop(desk: Desk) -> None:
    assert codes(desk, "flash_sale", {**ONE, "per_buyer": 2}) == ["limit_not_asked"]
    assert codes(desk, "flash_sale", ONE) == [], "as many as there are is no limit"
    assert codes(desk, "coupon", COUPON) == [], "a coupon's reaches it"
    desk.ok("connection.told", {"name": "shop", "cannot": ["sales"], "code": "why"}, "platform")
    assert codes(desk, "flash_sale", {**ONE, "per_buyer": 2}) == [], "a person sets it with the task"


def test_a_coupon_that_says_nothing_of_its_validity_is_said_to_last_a_day(desk: Desk) -> None:
    assert codes(desk, "coupon", {**COUPON, "valid_seconds": None}) == ["day_by_program"]
    assert codes(Desk("manual"), "coupon", {**COUPON, "valid_seconds": None}) == []


def test_a_sale_of_more_products_than_a_program_starts(desk: Desk) -> None:
    ids = [f"p{n}" for n in range(9)]
    desk.ok("catalogue.put", {"products": [product(id_, 9900, 10) for id_ in ids]})
    skus = [{"sku_id": id_, "price_fen": 4900, "quantity": 1} for id_ in ids]
    sale = {"skus": skus, "per_buyer": 9, "seconds": 60}
    assert codes(desk, "flash_sale", sale) == ["products_by_program"]
    assert codes(desk, "flash_sale", {**sale, "skus": skus[:8], "per_buyer": 8}) == []


def test_a_sale_of_more_than_the_shop_says_it_has(desk: Desk) -> None:
    desk.fact("stock.measured", {"sku_id": "scarf", "on_hand": 3})
    assert codes(desk, "flash_sale", ONE) == ["shop_stock"]
    desk.fact("stock.measured", {"sku_id": "scarf", "on_hand": 5})
    assert codes(desk, "flash_sale", ONE) == []


@pytest.mark.parametrize(
    ("kind", "spec", "code"),
    [
        ("flash_sale", {**ONE, "price_fen": 9000}, "zhe_max"),
        ("flash_sale", {**ONE, "price_fen": 900}, "zhe_min"),
        ("flash_sale", {**ONE, "seconds": 86_460}, "hours_max"),
        ("coupon", {**COUPON, "name": "十个字以上的券名真的太长"}, "name_chars_max"),
        ("coupon", {**COUPON, "rule": {"off_fen": 20_100}}, "off_max_yuan"),
        ("coupon", {**COUPON, "rule": {"zhe": "1.5"}}, "zhe_min"),
        ("coupon", {**COUPON, "rule": {"zhe": "8.55"}}, "zhe_step"),
    ],
)
def test_the_shops_own_limits_are_held_against_it_at_the_dry_run_and_at_the_fire(
    desk: Desk, kind: str, spec: dict[str, Any], code: str
) -> None:
    assert code in codes(desk, kind, spec)
    desk.ok("cue.add", {"cue_id": "one", "kind": kind, "spec": spec})
    found = judged(AdviceFiles(), desk.room, "cue.fire", {"cue_id": "one"}, desk.now, "host")
    assert code in [one["code"] for one in found["notices"]]


def test_a_task_that_is_not_over_is_one_too_many(desk: Desk) -> None:
    desk.ok("cue.add", {"cue_id": "first", "kind": "flash_sale", "spec": SALE})
    assert "one_per_product" in codes(desk, "flash_sale", {**ONE, "price_fen": 5000})
