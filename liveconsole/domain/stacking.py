"""Every price and coupon that may meet in one order, and the lowest that a buyer can reach with them.

The model of 按已知优惠最低到手 (contract, facts of the rules). One unit of a SKU costs its own price or one
flash price; on the sum of what the buyer takes, after flash prices, stack

- at most one console coupon, as an order carries one ``coupon_id``. A platform that stacks coupons has goods
  coupons (with a scope) and shop coupons (without one; developers.weixin.qq.com,
  store/shop/guide/marketing/coupon) and does not say whether they exclude each other: one of each may meet;
- every coupon of ``settings.shop_coupons``, once each: nothing published says that they exclude each other.

Where the platform says nothing the lower price is taken: a guard may refuse too early, never too late. A
threshold is reached by one unit, by more units (up to ``per_buyer`` at a flash price) or with any other
goods of the scope, and the discount is shared by amount; so the lowest price per unit stands at the least
sum that reaches a threshold. Everything is integer 分; a part of a 分 goes against the buyer in an order
and in his favour in the guard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from msgspec import Struct

from liveconsole.domain.basket import least_sum
from liveconsole.domain.discount import discount_of, thousandths
from liveconsole.domain.kind import kind_of, kind_of_spec
from liveconsole.domain.platforms import can
from liveconsole.domain.room import Room
from liveconsole.messages.specs import CouponRule, Scope, Spec
from liveconsole.messages.wording import plain_yuan, taken_words

_MAY_STILL_RUN: Final = frozenset({"approved", "standby", "recallable", "firing", "unknown", "on_air"})


class Part(Struct, frozen=True):
    """One step of the way to a price: the price it starts from, or what a coupon takes off one unit."""

    what: str
    """``price``, ``shop_coupon``, or the kind of the promotion."""
    fen: int
    words: str
    words_en: str
    cue_id: str | None = None


class Lowest(Struct, frozen=True):
    fen: int
    combination: str
    """In Chinese, as "秒杀 39.00 + 满减 8.00"."""
    combination_en: str
    parts: list[Part]


class _Coupon(Struct, frozen=True):
    rule: CouponRule
    products: frozenset[str] | None
    """None: the whole shop."""
    cue_id: str | None = None
    kind: str = ""
    """Of the promotion that it comes from; empty: live in the shop."""


class _Price(Struct, frozen=True):
    fen: int
    per_buyer: int
    cue_id: str | None = None
    kind: str = ""
    """Of the promotion that makes it; empty: the SKU's own."""
    words: tuple[str, str] = ("原价", "regular price")


class Shop:
    """Every price and coupon that may meet, gathered once for all the SKUs of a question."""

    def __init__(self, room: Room, assume: Spec | None, without: str | None) -> None:
        self._room = room
        self._flash: dict[str, list[_Price]] = {}
        console: list[_Coupon] = []
        for cue in room.cues.values():
            reachable = cue.status in _MAY_STILL_RUN or kind_of(cue).outlasts(cue, room.at)
            if reachable and cue.cue_id != without:
                self._gather(cue.spec, cue.cue_id, console)
        if assume is not None:
            self._gather(assume, without, console)
        shop = [_Coupon(c.rule, products_of(c.scope)) for c in room.settings.shop_coupons]
        self._console, self._always = console, shop
        self._pieces: dict[frozenset[str] | None, dict[int, set[str]]] = {}

    def _gather(self, spec: Spec, cue_id: str | None, coupons: list[_Coupon]) -> None:
        kind = kind_of_spec(spec)
        offers = kind.offers(spec)
        for each in offers.prices:
            price = _Price(each.fen, each.per_buyer, cue_id, kind.NAME, offers.words)
            self._flash.setdefault(each.sku_id, []).append(price)
        for off in offers.rules:
            coupons.append(_Coupon(off.rule, products_of(off.scope), cue_id or "", kind.NAME))

    def lowest(self, sku_id: str) -> Lowest:
        best: Lowest | None = None
        for price in self._prices(sku_id):
            for chosen in self._stacks(sku_id):
                found = self._at(sku_id, price, chosen)
                if best is None or found.fen < best.fen:
                    best = found
        assert best is not None  # a SKU has a price of its own, and no coupon is one of the stacks
        return best

    def bound(self, sku_id: str) -> int:
        """A price that ``lowest`` is never under, found without baskets: thresholds taken as just reached."""
        low = None
        for price in self._prices(sku_id):
            for chosen in self._stacks(sku_id):
                off = sum(_most_off_unit(c.rule, price.fen) for c in chosen)
                low = price.fen - off if low is None else min(low, price.fen - off)
        return max(0, low or 0)

    def _prices(self, sku_id: str) -> list[_Price]:
        normal = _Price(self._room.skus[sku_id].price_fen, 1_000_000)
        return [normal, *self._flash.get(sku_id, ())]

    def _stacks(self, sku_id: str) -> Iterator[list[_Coupon]]:
        """The largest sets of coupons that one order can carry: one coupon more never raises a price."""
        owner = self._room.skus[sku_id].product_id
        fitting = [c for c in self._console if c.products is None or owner in c.products]
        always = [c for c in self._always if c.products is None or owner in c.products]
        if can(self._room).stacks_coupons:
            goods: list[_Coupon | None] = [c for c in fitting if c.products is not None]
            whole: list[_Coupon | None] = [c for c in fitting if c.products is None]
            for pair in product(goods or [None], whole or [None]):
                yield [*(c for c in pair if c is not None), *always]
        else:
            yield from ([c, *always] for c in fitting)
            if not fitting:
                yield always

    def _at(self, sku_id: str, price: _Price, chosen: list[_Coupon]) -> Lowest:
        parts = [_start(price)]
        by_scope: dict[frozenset[str] | None, list[_Coupon]] = {}
        for coupon in chosen:
            by_scope.setdefault(coupon.products, []).append(coupon)
        for scope, coupons in by_scope.items():
            # Coupons of one scope meet in one basket; different scopes are taken apart, each at its best.
            steps = sorted({s for c in coupons for s in _steps(c.rule, price.fen)})
            sums = {s: self._least(sku_id, price, scope, s) for s in steps}
            options = [[(c, _off_unit(c.rule, price.fen, s), s) for c in coupons] for s in sums.values() if s]
            best = max(options, key=lambda option: sum(off for _, off, _ in option), default=[])
            for coupon, off, basket in best:
                if off:
                    parts.append(_taken(coupon, off, basket, price.fen))
        return Lowest(
            fen=max(0, price.fen - sum(part.fen for part in parts[1:])),
            combination=" + ".join(part.words for part in parts),
            combination_en=" + ".join(part.words_en for part in parts),
            parts=parts,
        )

    def _least(self, sku_id: str, price: _Price, scope: frozenset[str] | None, threshold: int) -> int | None:
        """The least sum ≥ ``threshold`` of a basket in ``scope`` with this unit in it, if there is one."""
        if price.fen >= threshold:
            return price.fen
        others = tuple(
            sorted(
                fen for fen, owners in self._goods(scope).items() if len(owners) > 1 or sku_id not in owners
            )
        )
        return least_sum(price.fen, price.per_buyer, others, threshold)

    def _goods(self, scope: frozenset[str] | None) -> dict[int, set[str]]:
        """Unit prices of the goods in ``scope`` → who has them; a stock of 0 counts, as it can be filled."""
        found = self._pieces.get(scope)
        if found is None:
            found = self._pieces[scope] = {}
            for sku_id, sku in self._room.skus.items():
                if scope is None or sku.product_id in scope:
                    for price in self._prices(sku_id):
                        if price.fen:
                            found.setdefault(price.fen, set()).add(sku_id)
        return found


def products_of(scope: Scope | None) -> frozenset[str] | None:
    return frozenset(scope.product_ids) if scope is not None else None


def _steps(rule: CouponRule, price_fen: int) -> Iterable[int]:
    """Sums at which the discount of one unit can be at its greatest: where a step of the rule begins."""
    if rule.tiers is not None:
        return {max(price_fen, tier.threshold_fen) for tier in rule.tiers}
    if rule.zhe is not None:
        return (price_fen, price_fen + 1)
    return (max(price_fen, rule.threshold_fen or 0),)


def _off_unit(rule: CouponRule, price_fen: int, sum_fen: int) -> int:
    """What one unit can save in a basket of ``sum_fen``, a part of a 分 taken as a whole one."""
    if sum_fen == price_fen:
        return discount_of(rule, sum_fen)
    if rule.zhe is not None:
        return -(-price_fen * (1000 - thousandths(rule.zhe)) // 1000)
    return -(-discount_of(rule, sum_fen) * price_fen // sum_fen)


def _most_off_unit(rule: CouponRule, price_fen: int) -> int:
    return max(_off_unit(rule, price_fen, sum_fen) for sum_fen in _steps(rule, price_fen))


def _start(price: _Price) -> Part:
    fen, (zh, en) = plain_yuan(price.fen), price.words
    return Part(price.kind or "price", price.fen, f"{zh} {fen}", f"{en} {fen}", price.cue_id)


def _taken(coupon: _Coupon, off: int, basket: int, price_fen: int) -> Part:
    words, english = taken_words(coupon.rule, discount_of(coupon.rule, basket))
    if coupon.rule.zhe is None and basket != price_fen:
        sum_, each = plain_yuan(basket), plain_yuan(off)
        words += f"（凑到 {sum_}，每件摊 {each}）"
        english += f" (filled up to {sum_}, {each} of it on each)"
    if not coupon.kind:
        return Part("shop_coupon", off, f"店铺已有 {words}", f"{english}, live in the shop")
    return Part(coupon.kind, off, words, english, coupon.cue_id or None)
