"""The lowest price told the long way: every price, every stack of coupons, every step, each basket by itself.

What `stacking` and `basket` find with one table for a scope must be this, to the 分 and to the word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import gcd

from liveconsole.domain import price_steps, stacking
from liveconsole.domain.discount import discount_of
from liveconsole.domain.fitting import OfferedCoupon
from liveconsole.domain.price_steps import Lowest
from liveconsole.domain.room import Room
from liveconsole.domain.stacking import OffersThatMeet, _Price
from liveconsole.messages.specs import CouponRule, Spec


def plain_lowest(room: Room, sku_id: str, assume: Spec | None = None) -> Lowest:
    shop = OffersThatMeet(room, assume, None)
    best: Lowest | None = None
    for price in shop._prices(sku_id):
        for chosen in _stacks(shop, sku_id):
            found = _at(shop, sku_id, price, chosen)
            if best is None or found.fen < best.fen:
                best = found
    assert best is not None
    return best


def plain_bound(room: Room, sku_id: str, assume: Spec | None = None) -> int:
    shop = OffersThatMeet(room, assume, None)
    return min(
        max(0, price.fen - sum(_most(c.rule, price.fen) for c in chosen))
        for price in shop._prices(sku_id)
        for chosen in _stacks(shop, sku_id)
    )


def _stacks(shop: OffersThatMeet, sku_id: str) -> Iterator[list[OfferedCoupon]]:
    owner = shop._room.skus[sku_id].product_id
    fitting = [c for c in shop._console if c.products is None or owner in c.products]
    always = [c for c in shop._always if c.products is None or owner in c.products]
    if shop._room.settings.platform == "manual":
        goods: list[OfferedCoupon | None] = [c for c in fitting if c.products is not None]
        whole: list[OfferedCoupon | None] = [c for c in fitting if c.products is None]
        for pair in product(goods or [None], whole or [None]):
            yield [*(c for c in pair if c is not None), *always]
    else:
        yield from ([c, *always] for c in fitting)
        if not fitting:
            yield always


def _at(shop: OffersThatMeet, sku_id: str, price: _Price, chosen: list[OfferedCoupon]) -> Lowest:
    parts = [stacking._start(price)]
    by_scope: dict[frozenset[str] | None, list[OfferedCoupon]] = {}
    for coupon in chosen:
        by_scope.setdefault(coupon.products, []).append(coupon)
    for scope, coupons in by_scope.items():
        steps = sorted({s for c in coupons for s in _steps(c.rule, price.fen)})
        sums = {s: _least(shop, sku_id, price, scope, s) for s in steps}
        options = [[(c, _off_unit(c.rule, price.fen, s), s) for c in coupons] for s in sums.values() if s]
        best = max(options, key=lambda option: sum(off for _, off, _ in option), default=[])
        parts += [price_steps.taken_off(c, off, basket, price.fen) for c, off, basket in best if off]
    return Lowest(
        fen=max(0, price.fen - sum(part.fen for part in parts[1:])),
        combination=" + ".join(part.words for part in parts),
        combination_en=" + ".join(part.words_en for part in parts),
        parts=parts,
    )


def _least(
    shop: OffersThatMeet, sku_id: str, price: _Price, scope: frozenset[str] | None, threshold: int
) -> int | None:
    goods: dict[int, set[str]] = {}
    for other_id, sku in shop._room.skus.items():
        if scope is None or sku.product_id in scope:
            for other in shop._prices(other_id):
                if other.fen:
                    goods.setdefault(other.fen, set()).add(other_id)
    others = sorted(fen for fen, owners in goods.items() if owners != {sku_id})
    return least_sum(price.fen, price.per_buyer, tuple(others), threshold)


def least_sum(unit: int, most_units: int, others: tuple[int, ...], threshold: int) -> int | None:
    """The least sum ≥ ``threshold`` of 1 to ``most_units`` of ``unit``, and any number of ``others``."""
    if unit >= threshold:
        return unit
    step = gcd(unit, *others)
    if step == 0:
        return None
    size = -(-(threshold - unit) // step) + max(unit, *others, 0) // step
    sums = {n * unit // step for n in range(min(most_units - 1, size * step // unit) + 1)} if unit else {0}
    for piece in others:
        made = sorted(sums)
        for one in made:
            while (one := one + piece // step) <= size and one not in sums:
                sums.add(one)
    reached = [one * step for one in sums if unit + one * step >= threshold]
    return unit + min(reached) if reached else None


def _steps(rule: CouponRule, price_fen: int) -> Iterable[int]:
    if rule.tiers is not None:
        return {max(price_fen, tier.threshold_fen) for tier in rule.tiers}
    if rule.zhe is not None:
        return (price_fen, price_fen + 1)
    return (max(price_fen, rule.threshold_fen or 0),)


def _off_unit(rule: CouponRule, price_fen: int, sum_fen: int) -> int:
    if sum_fen == price_fen:
        return discount_of(rule, sum_fen)
    if rule.zhe is not None:
        whole, _, part = rule.zhe.partition(".")
        return -(-price_fen * (1000 - int(whole + part.ljust(2, "0"))) // 1000)
    return -(-discount_of(rule, sum_fen) * price_fen // sum_fen)


def _most(rule: CouponRule, price_fen: int) -> int:
    return max(_off_unit(rule, price_fen, sum_fen) for sum_fen in _steps(rule, price_fen))
