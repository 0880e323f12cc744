"""Prices: discounts, shares, the lowest that can be reached, and the floor under it."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from liveconsole.domain import basket, floors, most_off, pricing, stacking
from liveconsole.domain.basket import MOST_WORK, Baskets
from liveconsole.domain.judge import judge
from liveconsole.domain.room import Room
from liveconsole.messages.refusals import Refused, word
from liveconsole.messages.specs import CouponRule, Scope, ShopCoupon, Tier, parse_spec
from tests.goals import at_least, within
from tests.unit.domain.plain_prices import least_sum, plain_bound, plain_lowest
from tests.unit.domain.promo_rooms import T0, cue_in, room_of


def flash(price: int, sku: str = "cup", per_buyer: int = 1) -> dict[str, Any]:
    return {"sku_id": sku, "price_fen": price, "quantity": 50, "per_buyer": per_buyer, "seconds": 60}


def ticket(rule: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": "券", "rule": rule, "quantity": 100, "per_buyer": 1, "seconds": 60, **fields}


def lowest(room: Room, sku: str = "cup", **spec: Any) -> pricing.Lowest:
    return pricing.lowest_final(room, sku, **spec)


# Discounts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "whole", "off"),
    [
        (CouponRule(off_fen=500), 3900, 500),
        (CouponRule(off_fen=500), 300, 300),
        (CouponRule(off_fen=800, threshold_fen=3900), 3900, 800),
        (CouponRule(off_fen=800, threshold_fen=3900), 3899, 0),
        (CouponRule(tiers=[Tier(1000, 100), Tier(2000, 300)]), 999, 0),
        (CouponRule(tiers=[Tier(1000, 100), Tier(2000, 300)]), 1000, 100),
        (CouponRule(tiers=[Tier(1000, 100), Tier(2000, 300)]), 9000, 300),
        (CouponRule(zhe="8.5"), 3900, 585),
        (CouponRule(zhe="8.5"), 3990, 598),  # 598.5: the half stays with the shop
        (CouponRule(zhe="8.55"), 10000, 1450),
        (CouponRule(zhe="0.5"), 10000, 9500),
        (CouponRule(zhe="9"), 1, 0),
    ],
)
def test_what_a_rule_takes_off(rule: CouponRule, whole: int, off: int) -> None:
    assert pricing.discount_of(rule, whole) == off


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=20), st.data())
def test_shares_are_exact_and_near_the_proportion(amounts: list[int], data: st.DataObject) -> None:
    discount = data.draw(st.integers(0, sum(amounts)))
    shares = pricing.share(discount, amounts)
    assert sum(shares) == discount
    for part, amount in zip(shares, amounts, strict=True):
        assert 0 <= part <= amount
        assert abs(part * sum(amounts) - discount * amount) < max(1, sum(amounts))


def test_the_largest_remainder_gets_the_fen_that_is_left() -> None:
    assert pricing.share(100, [3333, 3333, 3334]) == [33, 33, 34]
    assert pricing.share(2, [1, 1, 1]) == [1, 1, 0]
    assert pricing.share(0, [0, 0]) == [0, 0]


@pytest.mark.parametrize(("discount", "amounts"), [(11, [10]), (-1, [10]), (1, []), (0, [-1, 1])])
def test_a_discount_over_the_sum_cannot_be_shared(discount: int, amounts: list[int]) -> None:
    with pytest.raises(ValueError):
        pricing.share(discount, amounts)


# The lowest price -----------------------------------------------------------------------------------


def test_the_combination_is_told_in_words() -> None:
    room = room_of(("cup", 5900, 3500))
    cue_in(room, "coupon", ticket({"threshold_fen": 3900, "off_fen": 800}), "approved")
    refused = floors.of_spec(room, parse_spec("flash_sale", flash(3900)))
    assert isinstance(refused, Refused)
    assert refused.code == "below_price_floor"
    assert refused.params == {
        "sku_id": "cup",
        "final_fen": 3100,
        "floor_fen": 3500,
        "final": "31.00",
        "floor": "35.00",
        "combination": "秒杀 39.00 + 满减 8.00",
        "combination_en": "flash sale 39.00 + coupon 8.00 off",
    }
    assert refused.text == "最低到手 31.00 元，低于底价 35.00 元（秒杀 39.00 + 满减 8.00）"
    english = word(refused.code, refused.params, english=True)
    assert english.endswith("¥35.00 (flash sale 39.00 + coupon 8.00 off)")


def test_the_floor_itself_is_no_breach() -> None:
    room = room_of(("cup", 5900, 3100))
    cue_in(room, "coupon", ticket({"threshold_fen": 3900, "off_fen": 800}))
    assert floors.of_spec(room, parse_spec("flash_sale", flash(3900))) is None
    assert floors.of_spec(room, parse_spec("flash_sale", flash(3899))) is None  # 39.00 is not reached
    assert floors.of_spec(room, parse_spec("flash_sale", flash(3000))) is not None


def test_a_coupon_is_judged_against_the_sale_that_stands() -> None:
    room = room_of(("cup", 5900, 3500), ("pen", 900, None))
    cue_in(room, "flash_sale", flash(3900), "standby", "sale")
    for rule in ({"off_fen": 401}, {"zhe": "8.9"}, {"tiers": [{"threshold_fen": 100, "off_fen": 500}]}):
        assert floors.of_spec(room, parse_spec("coupon", ticket(rule))) is not None
        elsewhere = ticket(rule, scope={"product_ids": ["pen"]})
        assert floors.of_spec(room, parse_spec("coupon", elsewhere)) is None
    assert floors.of_spec(room, parse_spec("coupon", ticket({"off_fen": 400}))) is None


@pytest.mark.parametrize("status", ["approved", "standby", "recallable", "firing", "unknown", "on_air"])
def test_whatever_may_run_counts(status: Any) -> None:
    room = room_of(("cup", 5900, None))
    cue_in(room, "coupon", ticket({"off_fen": 500}), status)
    assert lowest(room).fen == 5400


@pytest.mark.parametrize(
    "status", ["queued", "rejected", "refused", "missed", "recalled", "removed", "ended"]
)
def test_what_does_not_run_does_not_count(status: Any) -> None:
    room = room_of(("cup", 5900, None))
    cue_in(room, "coupon", ticket({"off_fen": 500}), status)
    assert lowest(room).fen == 5900


def test_coupons_still_in_hands_count_after_their_cue_has_ended() -> None:
    room = room_of(("cup", 5900, None))
    cue = cue_in(room, "coupon", ticket({"off_fen": 500}, valid_seconds=600), "ended")
    cue.ended_at, cue.claimed, cue.used = T0, 3, 2
    assert lowest(room).fen == 5400
    room.at = T0 + timedelta(seconds=600)  # the last of them has expired
    assert lowest(room).fen == 5900
    room.at, cue.used = T0, 3
    assert lowest(room).fen == 5900


def test_one_console_coupon_and_every_shop_coupon_stack() -> None:
    room = room_of(("cup", 10000, None))
    cue_in(room, "coupon", ticket({"off_fen": 500}))
    cue_in(room, "coupon", ticket({"off_fen": 700}, scope={"product_ids": ["cup"]}))
    assert lowest(room).fen == 9300
    room.settings.shop_coupons = [ShopCoupon(CouponRule(off_fen=100)), ShopCoupon(CouponRule(zhe="9"))]
    found = lowest(room, assume=parse_spec("flash_sale", flash(9000)))
    assert found.fen == 9000 - 700 - 100 - 900
    assert found.combination == "秒杀 90.00 + 直减 7.00 + 店铺已有 直减 1.00 + 店铺已有 9 折"
    assert [part.what for part in found.parts] == ["flash_sale", "coupon", "shop_coupon", "shop_coupon"]
    room.settings.platform = "manual"  # a goods coupon and a shop coupon may meet there
    assert lowest(room).fen == 10000 - 700 - 500 - 100 - 1000


def test_the_cue_that_is_judged_does_not_count_twice() -> None:
    room = room_of(("cup", 5900, None))
    cue = cue_in(room, "coupon", ticket({"off_fen": 500}), "approved")
    edited = parse_spec("coupon", ticket({"off_fen": 300}))
    assert lowest(room, assume=edited, without=cue.cue_id).fen == 5600
    assert lowest(room, assume=edited).fen == 5400


def test_thresholds_look_at_the_sum_after_flash_prices() -> None:
    room = room_of(("cup", 5900, None))
    cue_in(room, "coupon", ticket({"threshold_fen": 5000, "off_fen": 800}))
    # one unit at 39.00 does not reach 50.00, and one is all a buyer may have: the normal price does
    assert lowest(room, assume=parse_spec("flash_sale", flash(5100))).fen == 4300
    assert lowest(room, assume=parse_spec("flash_sale", flash(4900))).fen == 4900
    assert (
        lowest(room, assume=parse_spec("flash_sale", flash(4900, per_buyer=2))).fen == 4500
    )  # 98 − 8, by two


def test_other_goods_fill_the_basket() -> None:
    room = room_of(("cup", 5900, None), ("pen", 300, None))
    cue_in(room, "coupon", ticket({"threshold_fen": 5000, "off_fen": 800}))
    found = lowest(room, assume=parse_spec("flash_sale", flash(3900)))
    assert found.fen == 3900 - 612  # with 4 pens 51.00, and 8.00 · 39/51 = 6.117…
    assert found.combination == "秒杀 39.00 + 满减 8.00（凑到 51.00，每件摊 6.12）"
    room.skus["pen"].price_fen = 1100
    assert lowest(room, assume=parse_spec("flash_sale", flash(3900))).fen == 3900 - 624  # exactly 50.00
    scoped = ticket({"threshold_fen": 5000, "off_fen": 900}, scope={"product_ids": ["cup"]})
    room.cues.clear()
    cue_in(room, "coupon", scoped)
    assert (
        lowest(room, assume=parse_spec("flash_sale", flash(3900))).fen == 3900
    )  # pens are outside the scope


def test_a_price_is_never_below_nothing() -> None:
    room = room_of(("cup", 500, 0))
    cue_in(room, "coupon", ticket({"off_fen": 5000}))
    assert lowest(room).fen == 0
    assert floors.of_spec(room, parse_spec("coupon", ticket({"off_fen": 9000}))) is None


def test_the_floor_of_the_product_holds_for_its_skus() -> None:
    room = room_of(("cup", 5900, None))
    room.products["cup"].floor_fen = 5000
    assert floors.of_spec(room, parse_spec("flash_sale", flash(4000))) is not None
    room.skus["cup"].floor_fen = 4000
    assert floors.of_spec(room, parse_spec("flash_sale", flash(4000))) is None


@pytest.mark.parametrize(
    ("kind", "spec", "fen"),
    [
        ("flash_sale", flash(3900), 2000 * 50),
        ("coupon", ticket({"off_fen": 500}), 50000),
        (
            "coupon",
            ticket({"tiers": [{"threshold_fen": 1, "off_fen": 1}, {"threshold_fen": 9, "off_fen": 5}]}),
            500,
        ),
        ("coupon", ticket({"zhe": "9"}), 59000),
        ("pin", {"product_id": "cup"}, 0),
        (
            "lucky_bag",
            {"prize": {"name": "杯", "value_fen": 900}, "winners": 3, "entry": {}, "seconds": 60},
            2700,
        ),
    ],
)
def test_what_a_promotion_can_give_away(kind: str, spec: dict[str, Any], fen: int) -> None:
    assert pricing.exposure_fen(room_of(("cup", 5900, None)), parse_spec(kind, spec)) == fen


# Baskets --------------------------------------------------------------------------------------------


@given(
    st.integers(0, 30),
    st.integers(1, 4),
    st.lists(st.integers(1, 40), max_size=3, unique=True),
    st.integers(1, 120),
)
def test_the_least_basket_is_the_least_of_all(
    unit: int, most: int, others: list[int], threshold: int
) -> None:
    sums = {
        n * unit + sum(k * piece for k, piece in zip(counts, others, strict=True))
        for n in range(1, most + 1)
        for counts in product(*(range(threshold // piece + 2) for piece in others))
    }
    expected = min((s for s in sums if s >= threshold), default=None)
    assert least_sum(unit, most, tuple(sorted(others)), threshold) == expected


def _baskets(unit: int, others: list[int], threshold: int, work: int = MOST_WORK) -> Baskets:
    goods = {unit: {"cup"}} if unit else {}
    for n, fen in enumerate(others):
        goods.setdefault(fen, set()).add(f"other-{n}")
    return Baskets(goods, {"cup": [unit]}, threshold, work)


@given(
    st.integers(0, 40),
    st.integers(1, 4),
    st.lists(st.integers(1, 40), max_size=3, unique=True),
    st.integers(1, 120),
)
def test_a_table_finds_the_least_basket(unit: int, most: int, others: list[int], threshold: int) -> None:
    found = _baskets(unit, others, threshold).least("cup", unit, most, threshold)
    assert found == least_sum(unit, most, tuple(sorted(others)), threshold)


def test_a_threshold_too_far_to_count_is_taken_as_reached() -> None:
    assert _baskets(3, [7, 11], 10**12).least("cup", 3, 10**6, 10**12) == 10**12
    assert _baskets(3, [], 10**12).least("cup", 3, 5, 10**12) is None
    # So is one that would take more work than there is for it: never dearer than what is true.
    assert _baskets(601, [701, 801], 10_000, work=10).least("cup", 601, 9, 10_000) == 10_000
    assert _baskets(601, [701, 801], 10_000).least("cup", 601, 9, 10_000) == 10_013


RULES = st.one_of(
    st.builds(CouponRule, off_fen=st.integers(1, 900)),
    st.builds(CouponRule, off_fen=st.integers(1, 900), threshold_fen=st.integers(1, 2500)),
    st.builds(CouponRule, zhe=st.sampled_from(["9.9", "8.5", "5", "3.33", "0.1"])),
    st.builds(
        lambda a, b, c, d: CouponRule(tiers=[Tier(a, c), Tier(a + b, c + d)]),
        st.integers(1, 900), st.integers(1, 900), st.integers(1, 300), st.integers(1, 300),
    ),
)  # fmt: skip


@given(
    prices=st.lists(st.integers(1, 900), min_size=1, max_size=3),
    flash_price=st.integers(1, 900),
    per_buyer=st.integers(1, 3),
    console=st.lists(st.tuples(RULES, st.booleans()), max_size=2),
    shop=st.lists(RULES, max_size=2),
    counts=st.lists(st.integers(0, 4), min_size=3, max_size=3),
)
def test_no_basket_gets_a_unit_under_the_lowest_price(
    prices: list[int],
    flash_price: int,
    per_buyer: int,
    console: list[tuple[CouponRule, bool]],
    shop: list[CouponRule],
    counts: list[int],
) -> None:
    """What the guard says against what orders really share out, line by line."""
    room = room_of(*((f"g{i}", price, None) for i, price in enumerate(prices)))
    room.settings.shop_coupons = [ShopCoupon(rule) for rule in shop]
    cue_in(room, "flash_sale", flash(min(flash_price, prices[0]), "g0", per_buyer))
    unit = min(flash_price, prices[0])
    lines = [("g0", min(max(1, counts[0]), per_buyer), unit)]
    lines += [(f"g{i}", counts[i], prices[i]) for i in range(1, len(prices)) if counts[i]]
    amounts = [quantity * price for _, quantity, price in lines]
    for rule, scoped in console:
        cue = cue_in(room, "coupon", ticket({"off_fen": 1}))
        scope = Scope(["g0"]) if scoped else None
        cue.spec = structs.replace(cue.spec, rule=rule, scope=scope)
    bound = lowest(room, "g0").fen
    held: list[tuple[CouponRule | None, bool]] = [*console, (None, False)]
    for coupon, scoped in held:
        paid = amounts[0]
        for one, of_one in [(coupon, scoped), *((r, False) for r in shop)]:
            if one is not None:
                inside = [a if not of_one or i == 0 else 0 for i, a in enumerate(amounts)]
                paid -= pricing.share(pricing.discount_of(one, sum(inside)), inside)[0]
        assert max(0, paid) >= bound * lines[0][1]


PRICES = st.integers(1, 60) | st.sampled_from([10, 20, 30, 100])
SCOPES = st.none() | st.lists(st.sampled_from(["g0", "g1", "g2"]), min_size=1, unique=True)
SMALL_RULES = st.one_of(
    st.builds(CouponRule, off_fen=st.integers(1, 40)),
    st.builds(CouponRule, off_fen=st.integers(1, 60), threshold_fen=st.integers(1, 250)),
    st.builds(CouponRule, zhe=st.sampled_from(["9.9", "8.5", "5", "0.1"])),
    st.builds(
        lambda a, b, c, d: CouponRule(tiers=[Tier(a, c), Tier(a + b, c + d)]),
        st.integers(1, 90), st.integers(1, 90), st.integers(1, 30), st.integers(1, 30),
    ),
)  # fmt: skip


@settings(max_examples=400)
@given(
    platform=st.sampled_from(["own", "manual"]),
    goods=st.lists(PRICES, min_size=1, max_size=4),
    sales=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(1, 4)), max_size=4),
    console=st.lists(st.tuples(SMALL_RULES, SCOPES), max_size=4),
    shop=st.lists(st.tuples(SMALL_RULES, SCOPES), max_size=3),
)
def test_one_table_for_a_scope_tells_what_every_basket_by_itself_tells(
    platform: Any,
    goods: list[int],
    sales: list[tuple[int, int, int]],
    console: list[tuple[CouponRule, list[str] | None]],
    shop: list[tuple[CouponRule, list[str] | None]],
) -> None:
    room = room_of(*((f"g{n}", price, None) for n, price in enumerate(goods)))
    room.settings.platform = platform
    room.settings.shop_coupons = [ShopCoupon(r, scope=Scope(s) if s else None) for r, s in shop]
    for place, price, per_buyer in sales:
        cue_in(room, "flash_sale", flash(price, f"g{place % len(goods)}", per_buyer))
    for rule, scope in console:
        cue = cue_in(room, "coupon", ticket({"off_fen": 1}))
        cue.spec = structs.replace(cue.spec, rule=rule, scope=Scope(scope) if scope else None)
    every = stacking.OffersThatMeet(room, None, None)
    for sku_id in room.skus:
        plain = plain_lowest(room, sku_id)
        assert every.lowest(sku_id) == plain
        assert every.bound(sku_id) == plain_bound(room, sku_id) <= plain.fen


def test_goods_that_cost_what_a_sale_asks_fill_its_basket_up() -> None:
    """One unit a buyer at 1, and other goods that cost 1 as well: together they reach the threshold."""
    room = room_of(("g0", 2, None), ("g1", 1, None))
    room.settings.shop_coupons = [ShopCoupon(CouponRule(off_fen=1, threshold_fen=2))]
    cue_in(room, "flash_sale", flash(1, "g0", 1))
    assert stacking.OffersThatMeet(room, None, None).lowest("g0") == plain_lowest(room, "g0")
    assert pricing.lowest_final(room, "g0").fen == 0


def test_twin_prices_of_one_sku_that_may_meet_are_another_lowest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A buyer of the last flash unit at 30 cannot fill up with the same cup at 59."""
    room = room_of(("cup", 5900, None))
    cue_in(room, "flash_sale", flash(3000))
    cue_in(room, "coupon", ticket({"threshold_fen": 8900, "off_fen": 8000}))
    assert lowest(room).fen == plain_lowest(room, "cup").fen == 1900
    monkeypatch.setattr(Baskets, "least", _meeting)
    assert lowest(room).fen < 1900


def _meeting(self: Baskets, sku_id: str, unit: int, most_units: int, threshold: int) -> int | None:
    return unit if unit >= threshold else least_sum(unit, most_units, tuple(self._prices), threshold)


def test_twin_that_forgets_how_baskets_are_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    room = room_of(("cup", 5900, None), ("pen", 300, None))
    cue_in(room, "coupon", ticket({"threshold_fen": 5000, "off_fen": 800}))
    sale = parse_spec("flash_sale", flash(3900))
    paid = 3900 - pricing.share(800, [3900, 4 * 300])[0]
    assert paid >= lowest(room, assume=sale).fen
    monkeypatch.setattr(basket.Baskets, "least", lambda *asked: None)
    assert paid < lowest(room, assume=sale).fen


# Bounds ---------------------------------------------------------------------------------------------


def dear(count: int, floor: int | None) -> Room:
    """Goods of 7,000 to 12,000 yuan in odd prices: no common divisor, no sum that two share (K6.2)."""
    return room_of(*((f"s{n}", 700_001 + n * 7_919 * 2 % 500_000, floor) for n in range(count)))


FAR = {"threshold_fen": 1_000_000, "off_fen": 10_000}


def test_dear_goods_with_odd_prices_are_judged_in_a_moment() -> None:
    room = dear(600, 690_000)
    began = time.thread_time()
    found = judge(room, "cue.add", {"kind": "coupon", "spec": ticket(FAR)}, T0)
    took = time.thread_time() - began
    assert found["ok"]
    within(took, 0.5)
    # The twin: each basket by itself, for one of the goods.
    began = time.thread_time()
    plain = plain_lowest(room, "s0", assume=parse_spec("coupon", ticket(FAR)))
    at_least((time.thread_time() - began) * 600, 20 * took)
    assert pricing.lowest_final(room, "s0", assume=parse_spec("coupon", ticket(FAR))) == plain


def test_a_large_shop_with_all_that_may_meet_is_judged_in_a_moment() -> None:
    """2,000 SKUs, 20 coupons, 20 sales of 100 SKUs each: some 40 ms on the writer."""
    room = room_of(*((f"s{n}", 1_001 + n * 97, 300) for n in range(2_000)))
    for n in range(10):
        scope = {"scope": {"product_ids": [f"s{k}" for k in range(n, 2_000, 4)]}} if n % 2 else {}
        cue_in(room, "coupon", ticket({"threshold_fen": 20_001 + 9_999 * n, "off_fen": 100 + n}, **scope))
        shop = ShopCoupon(CouponRule(threshold_fen=30_001 + 9_999 * n, off_fen=50 + n))
        room.settings.shop_coupons.append(shop)
    for n in range(20):
        skus = [
            {"sku_id": f"s{k}", "price_fen": room.skus[f"s{k}"].price_fen * 4 // 5, "quantity": 5}
            for k in range(n * 90, n * 90 + 100)
        ]
        cue_in(room, "flash_sale", {"skus": skus, "per_buyer": 2, "seconds": 60})
    spec = parse_spec("coupon", ticket({"threshold_fen": 150_000, "off_fen": 500}))
    began = time.thread_time()
    assert floors.of_spec(room, spec) is None
    within(time.thread_time() - began, 0.5)
    began = time.thread_time()
    assert pricing.lowest_among(room, list(pricing.touched(room, spec)), assume=spec) is not None
    within(time.thread_time() - began, 2)


def test_what_is_remembered_of_prices_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is found anew, the same, when it was forgotten."""

    def under(room: Room) -> list[bool]:
        shop = stacking.OffersThatMeet(room, None, None)
        return [shop.reaches_under(sku_id, 900 + 3 * n) for n, sku_id in enumerate(room.skus)]

    most_off._memory.forget()
    room = room_of(*((f"s{n}", 1_001 + n, None) for n in range(40)))
    room.settings.shop_coupons = [
        ShopCoupon(CouponRule(threshold_fen=1_010 + n, off_fen=9)) for n in range(4)
    ]
    for n in range(8):
        cue_in(room, "coupon", ticket({"threshold_fen": 1_500 + n, "off_fen": 60 + n}))
    expected = under(room)
    assert True in expected
    assert False in expected
    once = most_off._memory.kept
    assert once > 100
    monkeypatch.setattr(most_off, "_KEPT", once)
    for fen in range(30):
        room.skus["s0"].price_fen = 2_000 + fen
        under(room)
        cue_in(room, "coupon", ticket({"threshold_fen": 9_000 + fen, "off_fen": 1}))
    assert most_off._memory.kept <= 4 * once
    monkeypatch.setattr(most_off, "_KEPT", 0)
    room.skus["s0"].price_fen = 1_001
    assert under(room) == expected
