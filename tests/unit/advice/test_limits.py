"""What the platform would not take, with the figure that is missing; and where a threshold should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.advice import limits
from liveconsole.advice.limits import BadLimits, Stocked, check
from liveconsole.advice.notices import LimitNotice
from liveconsole.advice.thresholds import threshold
from liveconsole.messages.specs import parse_spec
from liveconsole.views.money import parse_yuan

OURS = limits.load()
SHOP = Stocked(
    {"scarf": 10000, "hat": 1000, "glove": 5999},
    {"scarf": "scarf", "hat": "hat", "glove": "glove"},
    {"scarf": "围巾", "hat": "帽子", "glove": "手套"},
)


def found(kind: str, spec: dict[str, Any], shop: Stocked = SHOP, **more: Any) -> list[LimitNotice]:
    return check(OURS, parse_spec(kind, spec), shop, **more)


def sale(price_fen: int, sku_id: str = "scarf", **more: Any) -> dict[str, Any]:
    return {"sku_id": sku_id, "price_fen": price_fen, "quantity": 5, "per_buyer": 1, "seconds": 60, **more}


def coupon(rule: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "券", "rule": rule, "quantity": 5, "per_buyer": 1, "seconds": 60, **more}


@pytest.mark.parametrize(
    ("spec", "code", "zh", "missing"),
    [
        (sale(8700), "zhe_max", "最多 8.5 折，还需再降 2.00 元", "2.00"),
        (sale(5200, "glove"), "off_min_yuan", "至少便宜 10 元，还需再降 2.01 元", "2.01"),
        (sale(999), "zhe_min", "最低 1 折，还需再加 0.01 元", "0.01"),
        (sale(800, "hat"), "price_over_yuan", "原价要高于 10 元，现价 10.00，差 0.01 元", "0.01"),
        (sale(5000, seconds=90_000), "hours_max", "最长 24 小时，超出 1 小时", "1 小时"),
    ],
)
def test_a_sale_the_platform_would_not_take(spec: dict[str, Any], code: str, zh: str, missing: str) -> None:
    (notice,) = found("flash_sale", spec)
    assert (notice.code, notice.zh, notice.missing) == (code, zh, missing)
    assert notice.en
    assert notice.en != notice.zh


def test_the_tighter_of_two_limits_is_the_one_that_is_told() -> None:
    shop = Stocked({"sock": 2000}, {"sock": "sock"}, {"sock": "袜子"})
    (notice,) = found("flash_sale", sale(1500, "sock"), shop)
    assert (notice.code, notice.zh) == ("off_min_yuan", "至少便宜 10 元，还需再降 5.00 元")


@given(st.integers(1001, 10_000_000), st.integers(0, 100))
def test_a_price_that_was_mended_by_the_figure_is_taken(original: int, percent: int) -> None:
    shop = Stocked({"x": original}, {"x": "x"}, {"x": "x"})
    price = original * percent // 100
    for _ in range(2):
        notices = [n for n in found("flash_sale", sale(price, "x"), shop) if n.missing]
        if not notices:
            break
        step = parse_yuan(notices[0].missing)
        price += step if notices[0].code == "zhe_min" else -step
    left = [n.code for n in found("flash_sale", sale(price, "x"), shop)]
    assert left == [] or original < 1200, "under 12 yuan nothing fits between 1 折 and 10 yuan off"


def test_what_fits_says_nothing() -> None:
    assert found("flash_sale", sale(5000)) == []
    assert found("flash_sale", sale(9900, via="price")) == [], "a changed price is no task of the platform"
    assert found("coupon", coupon({"threshold_fen": 19900, "off_fen": 2000})) == []
    assert found("pin", {"product_id": "scarf"}) == []


def test_one_sale_of_a_product_and_not_too_early() -> None:
    shop = Stocked(SHOP.prices, SHOP.owners, SHOP.titles, {"scarf": "c1"})
    assert [n.code for n in found("flash_sale", sale(5000), shop)] == ["one_per_product"]
    early = found("flash_sale", sale(5000), ahead_seconds=366 * 86_400)
    assert [n.code for n in early] == ["days_ahead_max"]


def test_of_several_skus_the_one_is_named() -> None:
    skus = [
        {"sku_id": "scarf", "price_fen": 5000, "quantity": 1},
        {"sku_id": "glove", "price_fen": 5900, "quantity": 1},
    ]
    (notice,) = found("flash_sale", {"skus": skus, "per_buyer": 1, "seconds": 60})
    assert notice.zh.startswith("手套：")


@pytest.mark.parametrize(
    ("spec", "codes"),
    [
        (coupon({"zhe": "1.5"}), ["zhe_min"]),
        (coupon({"zhe": "8.55"}), ["zhe_step"]),
        (coupon({"off_fen": 25000, "threshold_fen": 99900}), ["off_max_yuan"]),
        (coupon({"off_fen": 900}), ["result_zhe_min"]),
        (coupon({"off_fen": 900}, scope={"product_ids": ["scarf"]}), []),
        (coupon({"threshold_fen": 1000, "off_fen": 900}), ["result_zhe_min"]),
        (coupon({"tiers": [{"threshold_fen": 9900, "off_fen": 100}]}), ["tiers"]),
        (coupon({"zhe": "8.5"}, name="一二三四五六七八九十一"), ["name_chars_max"]),
    ],
)
def test_coupons_the_platform_would_not_take(spec: dict[str, Any], codes: list[str]) -> None:
    assert [n.code for n in found("coupon", spec)] == codes


def test_a_bag_is_held_against_figures_that_somebody_filled_in() -> None:
    bag = {
        "prize": {"name": "围巾", "value_fen": 1},
        "winners": 5,
        "entry": {"keyword": "开心过冬"},
        "seconds": 30,
    }
    spec = parse_spec("lucky_bag", {**bag, "draw": "platform"})
    assert check(OURS, spec, SHOP) == [], "no figure is known"
    mine = limits.parse(
        "[lucky_bag]\nwinners_max = 3\nminutes_min = 1\nminutes_max = 15\nkeyword_chars_max = 2\n"
    )
    assert [(n.code, n.missing) for n in check(mine, spec, SHOP)] == [
        ("winners_max", "2"), ("minutes_min", "30 秒"), ("keyword_chars_max", "2"),
    ]  # fmt: skip
    many = {**bag, "draw": "platform", "series": {"count": 6, "gap_seconds": 9}}
    few = limits.parse("[lucky_bag]\nseries_max = 5\n")
    assert [n.code for n in check(few, parse_spec("lucky_bag", many), SHOP)] == ["series_max"]
    assert check(mine, parse_spec("lucky_bag", bag), SHOP) == [], "drawn here it is no bag of the platform"


GIFT: dict[str, Any] = {
    "buy": {"product_ids": ["scarf"]}, "gift": {"sku_id": "hat"},
    "quantity": 5, "per_buyer": 1, "seconds": 600,
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "zh"),
    [
        ({"seconds": 300}, "minutes_min", "最短 10 分钟，差 5 分钟"),
        ({"buy": {"threshold_fen": 19_900}}, "threshold", "平台的买赠只能指定商品，没有满多少送"),
    ],
)
def test_a_gift_the_platform_would_not_take(more: dict[str, Any], code: str, zh: str) -> None:
    assert found("gift", GIFT) == []
    (notice,) = found("gift", GIFT | more)
    assert (notice.code, notice.zh) == (code, zh)
    (early,) = found("gift", GIFT, ahead_seconds=31 * 86_400)
    assert early.code == "days_ahead_max"


def test_a_bundle_is_held_against_a_figure_that_somebody_filled_in() -> None:
    items = [{"sku_id": sku_id, "quantity": 1} for sku_id in ("scarf", "hat", "glove")]
    spec = {"items": items, "price_fen": 1, "quantity": 1, "per_buyer": 1, "seconds": 60}
    assert found("bundle", spec) == []
    (notice,) = check(limits.parse("[bundle]\nitems_max = 2"), parse_spec("bundle", spec), SHOP)
    assert (notice.code, notice.missing) == ("items_max", "1")


def test_a_figure_that_is_taken_out_is_not_checked() -> None:
    assert check(limits.parse(""), parse_spec("flash_sale", sale(9999)), SHOP) == []


@pytest.mark.parametrize(
    "text",
    [
        "[flash_sale", "[flash_sale]\nzhe_max = 'viel'", "[flash_sale]\noff_min_yuan = 'x'",
        "[flash_sale]\nzhe_maxx = 1",
        "[coupon]\noff_max_yuan = -1", "[coupon]\nzhe_min = nan", "[coupon]\nname_chars_max = 'x'",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_so(text: str) -> None:
    with pytest.raises(BadLimits, match=r"."):
        limits.parse(text)


def test_the_users_own_file_wins(tmp_path: Path) -> None:
    own = tmp_path / "limits" / "wechat.toml"
    own.parent.mkdir()
    own.write_text("name = '自己的'\n[flash_sale]\nzhe_max = 9\n", "utf-8-sig")
    assert limits.load(tmp_path).name == "自己的"
    assert limits.load(tmp_path / "nothing").name == "微信小店"


def test_a_threshold_at_60_to_70_percent_of_the_average_order() -> None:
    assert threshold(4, 100_000, 10_000) is None, "too few orders"
    assert threshold(10, 200_000, None) is None
    low, fits, high = (threshold(10, 200_000, fen) for fen in (9_900, 13_000, 19_900))
    assert low is not None
    assert fits is not None
    assert high is not None
    assert (fits.average_fen, fits.low_fen, fits.high_fen) == (20_000, 12_000, 14_000)
    assert [a.fits for a in (low, fits, high)] == [False, True, False]
    assert "偏低" in low.zh
    assert "偏高" in high.zh
    assert "120–140 元" in low.zh
