"""Every price and coupon that may meet in one order, and the lowest that a buyer can reach with them.

The model of 按已知优惠最低到手 (contract, facts of the rules). One unit of a SKU costs its own price or one
flash price; on the sum of what the buyer takes, after flash prices, stack

- at most one console coupon, as an order carries one ``coupon_id``. A platform that stacks coupons has goods
  coupons (with a scope) and shop coupons (without one; developers.weixin.qq.com,
  store/shop/guide/marketing/coupon) and does not say whether they exclude each other: one of each may meet;
- every coupon of ``settings.shop_coupons``, once each: nothing published says that they exclude each other.
  Of members' discounts (``member_from``) a buyer has one: of those in 折 on the whole shop the lowest counts;

Where the platform says nothing the lower price is taken: a guard may refuse too early, never too late. A
threshold is reached by one unit, by more units (up to ``per_buyer`` at a flash price) or with any other
goods of the scope, and the discount is shared by amount; so the lowest price per unit stands at the least
sum that reaches a threshold. Everything is integer 分; a part of a 分 goes against the buyer in an order
and in his favour in the guard.

A bundle (组合价) brings all of its goods into the basket at once: a unit of it has its share of the bundle's
price (`together`), starts from the sum that the whole bundle has in a coupon's scope, and fills up with
whatever a buyer may take besides, further bundles of it too. Other baskets are filled up by whole bundles.
How many a buyer may have bounds neither: too early, never too late.

A gift (买赠, 满赠) costs nothing, and its value is taken off what brings it: its own price of the moment ×
its units, shared by amount over the goods that were bought for it, before coupons. What a buyer pays less
that is held against the floor of what is bought. The gift itself stands at 0 against no floor: it is
given, and its value stands at the goods. 满赠 is thus as a coupon of the shop that everybody has. 买赠 goes
by units and not by sums, so it is taken at its best whatever coupons meet: as often as one buyer may have it,
with the cheapest of its goods. Gifts of several promotions come with one order all together.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from liveconsole.domain import time_limit
from liveconsole.domain.basket import MOST_WORK, Baskets, baskets_of
from liveconsole.domain.discount import discount_of, share
from liveconsole.domain.fitting import Choice, Fitting, OfferedCoupon, OfferedGift, by_scope, products_of
from liveconsole.domain.kind import GivenWith, TogetherPrice, kind_of, kind_of_spec
from liveconsole.domain.member_prices import MemberOff
from liveconsole.domain.most_off import make_room
from liveconsole.domain.platforms import can
from liveconsole.domain.price_steps import Lowest, PriceStep, gift_step, lowest_of, taken_off
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.together import Part, in_scope, parts_of
from liveconsole.messages.specs import ShopCoupon, Spec
from liveconsole.messages.wording import plain_yuan

MAY_STILL_RUN: Final = frozenset({"approved", "standby", "recallable", "firing", "unknown", "on_air"})
RUNS: Final = frozenset({"recallable", "firing", "unknown", "on_air"})


def is_there(room: Room, cue: Cue, statuses: frozenset[str] = MAY_STILL_RUN) -> bool:
    """Tell whether a buyer may meet it: in one of ``statuses``, over here but not yet at the platform, or
    handed out and still good."""
    return cue.status in statuses or _is_left(room, cue)


def _is_left(room: Room, cue: Cue) -> bool:
    return cue.status == "ended" and (cue.owed is not None or kind_of(cue).outlasts(cue, room.at))


class _Price(Struct, frozen=True, gc=False):
    fen: int
    per_buyer: int
    cue_id: str | None = None
    kind: str = ""
    """Of the promotion that makes it; empty: the SKU's own."""
    words: tuple[str, str] = ("原价", "list price")
    bundle: int | None = None
    """The place of the bundle that it comes in."""


_OF_SHARERS: Final = ("专属价", "a sharer's own price")


def _own(fen: int) -> _Price:
    return _Price(fen, 1_000_000)


class _Offered(Struct, frozen=True):
    prices: list[tuple[str, _Price]]
    coupons: list[OfferedCoupon]
    together: Sequence[TogetherPrice]
    gifts: Sequence[GivenWith]
    made_by: _Price
    """A price without a figure, for those that the room decides."""


_OFFERED: Final[dict[tuple[str | None, int], tuple[Spec, _Offered]]] = {}
_OFFERED_MOST: Final = 1_000


def _offered(spec: Spec, cue_id: str | None) -> _Offered:
    """Return the prices and coupons of a promotion: asked at every question, and the same as long as its spec
    is."""
    known = _OFFERED.get((cue_id, id(spec)))
    if known is not None and known[0] is spec:
        return known[1]
    kind = kind_of_spec(spec)
    offers = kind.offers(spec)
    prices = [
        (each.sku_id, _Price(each.fen, each.per_buyer, cue_id, kind.NAME, offers.words))
        for each in offers.prices
    ]
    rules = [OfferedCoupon(o.rule, products_of(o.scope), cue_id or "", kind.NAME) for o in offers.rules]
    made_by = _Price(0, 0, cue_id, kind.NAME, offers.words)
    found = _Offered(prices, rules, offers.together, offers.gifts, made_by)
    if len(_OFFERED) >= _OFFERED_MOST:
        _OFFERED.clear()
    _OFFERED[cue_id, id(spec)] = spec, found
    return found


def _passed_over(coupon: ShopCoupon, coupons: Sequence[ShopCoupon]) -> bool:
    """Tell whether another level's discount takes more off, or as much and stands before this one."""
    if coupon.member_from is None or coupon.rule.zhe is None or coupon.scope is not None:
        return False
    levels = [c for c in coupons if c.member_from is not None and c.rule.zhe is not None and c.scope is None]
    return min(levels, key=lambda one: Decimal(one.rule.zhe or 10)) is not coupon


class OffersThatMeet:
    """Every price and coupon that may meet, gathered once for all the SKUs of a question.

    Args:
        assume: a spec that is being judged, taken as if it ran.
        without: the cue that is being judged, whose own spec is left out.
        statuses: of the cues that count, besides what is left of ended ones.
    """

    def __init__(
        self,
        room: Room,
        assume: Spec | None,
        without: str | None,
        statuses: frozenset[str] = MAY_STILL_RUN,
    ) -> None:
        make_room()
        self._room = room
        self._flash: dict[str, list[_Price]] = {}
        self._bundles: list[list[Part]] = []
        self._bundled: dict[str, list[_Price]] = {}
        """Prices that a SKU has within a bundle, which nothing else is filled up with by itself."""
        self._gifts: list[tuple[GivenWith, _Price]] = []
        console: list[OfferedCoupon] = []
        for cue in room.cues.values():
            if cue.cue_id != without and is_there(room, cue, statuses):
                self._gather(cue.spec, cue.cue_id, console)
        for own in room.sharers.values():
            if room.at is None or room.at < own.until:
                for sku_id, fen in own.prices.items():
                    self._flash.setdefault(sku_id, []).append(_Price(fen, 1_000_000, words=_OF_SHARERS))
        if assume is not None:
            self._gather(assume, without, console)
        shop = [
            OfferedCoupon(coupon.rule, products_of(coupon.scope), place=place)
            for place, coupon in enumerate(room.settings.shop_coupons)
            if not _passed_over(coupon, room.settings.shop_coupons)
        ]
        shop += [gift for gift in map(self._gift, self._gifts) if gift is not None]
        self._console, self._always = console, shop
        self._highest: dict[frozenset[str] | None, int] = {}
        for coupon in (*console, *shop):
            for sum_, _ in coupon.steps:
                self._highest[coupon.products] = max(sum_, self._highest.get(coupon.products, 0))
        self._fits: dict[str, Fitting] = {}
        self._same_fit: dict[tuple[tuple[int, ...], tuple[int, ...]], Fitting] = {}
        self._of_product = _places(console), _places(shop)
        self._baskets: dict[frozenset[str] | None, Baskets] = {}
        self._by_product: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
        """Product → its SKUs, each with every price that it may have."""

    def _gather(self, spec: Spec, cue_id: str | None, coupons: list[OfferedCoupon]) -> None:
        offered = _offered(spec, cue_id)
        for sku_id, price in offered.prices:
            self._flash.setdefault(sku_id, []).append(price)
        coupons += offered.coupons
        for offer in offered.together:
            parts = parts_of(self._room, offer)
            for part in parts:
                one = replace(offered.made_by, fen=part.unit_fen, bundle=len(self._bundles))
                self._bundled.setdefault(part.sku_id, []).append(one)
            self._bundles.append(parts)
        self._gifts += [(gift, offered.made_by) for gift in offered.gifts]

    def _gift(self, offered: tuple[GivenWith, _Price]) -> OfferedGift | None:
        """What a gift takes off; None for one that the shop does not have."""
        gift, made_by = offered
        sku = self._room.skus.get(gift.sku_id)
        if sku is None:
            return None
        least = 0
        if gift.products is not None:
            fens = [
                price.fen
                for sku_id, one in self._room.skus.items()
                if one.product_id in gift.products
                for price in self._prices(sku_id)
            ]
            least = min(fens, default=0)
        value = sku.price_fen * gift.units
        return OfferedGift(gift, value, least, sku.title, made_by.cue_id, made_by.kind)

    def lowest(self, sku_id: str) -> Lowest:
        """Return the lowest price of one unit, and the way to it."""
        _, stack = self._best(sku_id)
        return self._at(sku_id, stack.price, stack.chosen())

    def lowest_fen(self, sku_id: str) -> int:
        """Return the same without its words."""
        return self._best(sku_id)[0]

    def _best(self, sku_id: str) -> tuple[int, _Stack]:
        time_limit.ask()
        fits = self._fitting(sku_id)
        best: tuple[int, _Stack] | None = None
        for price in self._prices(sku_id):
            if best is None or self._bound_at(fits, price.fen) < best[0]:
                stack = _Stack(self, sku_id, price, fits)
                fen = max(0, price.fen - stack.off)
                if best is None or fen < best[0]:
                    best = fen, stack
        assert best is not None  # a SKU has a price of its own
        return best

    def bound(self, sku_id: str) -> int:
        """Return a price that ``lowest`` is never under, found without baskets: thresholds taken as just
        reached."""
        time_limit.ask()
        fits = self._fitting(sku_id)
        low = self._bound_at(fits, self._room.skus[sku_id].price_fen)
        for price in self._promoted(sku_id):
            low = min(low, self._bound_at(fits, price.fen))
        return low

    def _bound_at(self, fits: Fitting, fen: int) -> int:
        off = sum([c.most(fen) for c in fits.always])
        for choice in (fits.goods, fits.whole):
            off += max([c.most(fen) for c in choice], default=0)
        return max(0, fen - off)

    def _prices(self, sku_id: str) -> list[_Price]:
        return [_own(self._room.skus[sku_id].price_fen), *self._promoted(sku_id)]

    def _promoted(self, sku_id: str) -> Sequence[_Price]:
        flash, bundled = self._flash.get(sku_id, ()), self._bundled.get(sku_id, ())
        return [*flash, *bundled] if bundled else flash

    def reaches_under(self, sku_id: str, floor_fen: int) -> bool:
        """Tell whether ``lowest`` is under the floor; baskets are looked at only where prices and rules do
        not say it, and with those coupons only that may bring it there."""
        time_limit.ask()
        fits = self._fitting(sku_id)
        few = fits.under(own := self._room.skus[sku_id].price_fen, floor_fen)
        if few is not None and own - _Stack(self, sku_id, _own(own), few).off < floor_fen:
            return True
        for price in self._promoted(sku_id):
            few = fits.under(price.fen, floor_fen)
            if few is not None and price.fen - _Stack(self, sku_id, price, few).off < floor_fen:
                return True
        return False

    def _fitting(self, sku_id: str) -> Fitting:
        owner = self._room.skus[sku_id].product_id
        found = self._fits.get(owner)
        if found is None:
            (everywhere, own), (always, also) = self._of_product
            key = own.get(owner, ()), also.get(owner, ())
            found = self._same_fit.get(key)
            if found is None:
                found = self._fit(sorted((*everywhere, *key[0])), sorted((*always, *key[1])))
                self._same_fit[key] = found
            self._fits[owner] = found
        return found

    def _fit(self, console: list[int], shop: list[int]) -> Fitting:
        fitting = [self._console[place] for place in console]
        always = [self._always[place] for place in shop]
        if not can(self._room).stacks_coupons:
            return Fitting(fitting, [], always)
        goods = [c for c in fitting if c.products is not None]
        return Fitting(goods, [c for c in fitting if c.products is None], always)

    def off_order(self, lines: Sequence[tuple[str, int]]) -> list[int]:
        """Return what the coupons that may meet in one order take off its lines at most.

        Args:
            lines: product id and amount in 分, after flash prices.
        """
        whole = [c for c in self._console if c.products is None]
        goods = [c for c in self._console if c.products is not None]
        console = [goods, whole] if can(self._room).stacks_coupons else [self._console]
        offs = [0] * len(lines)
        always = [coupon for coupon in self._always if not isinstance(coupon, OfferedGift)]
        for choice in (*console, *([coupon] for coupon in always)):
            best: list[int] = []
            for coupon in choice:
                amounts = [
                    fen if coupon.products is None or owner in coupon.products else 0 for owner, fen in lines
                ]
                shares = share(discount_of(coupon.rule, sum(amounts)), amounts)
                if sum(shares) > sum(best):
                    best = shares
            for place, more in enumerate(best):
                offs[place] = min(offs[place] + more, lines[place][1])
        return offs

    def _at(self, sku_id: str, price: _Price, chosen: list[OfferedCoupon]) -> Lowest:
        parts = [_start(price)]
        for coupons in by_scope(chosen).values():
            for coupon, off, basket in self._met(sku_id, price, coupons):
                if off:
                    parts.append(taken_off(coupon, off, basket, price.fen))
        return lowest_of(max(0, price.fen - sum(part.fen for part in parts[1:])), parts)

    def _met(
        self, sku_id: str, price: _Price, coupons: list[OfferedCoupon]
    ) -> list[tuple[OfferedCoupon, int, int]]:
        """Coupons of one scope meet in one basket, that in which they take off most together: each with what
        it takes off a unit there, and the sum. Different scopes are taken apart, each at its best."""
        best: list[tuple[OfferedCoupon, int, int]] = []
        most = -1
        for step in sorted({s for c in coupons for s in c.sums(price.fen)}):
            sum_ = self.least(sku_id, price, coupons[0].products, step)
            if sum_:
                option = [(c, c.off_unit(price.fen, sum_), sum_) for c in coupons]
                off = sum([off for _, off, _ in option])
                if off > most:
                    best, most = option, off
        return best

    def least(self, sku_id: str, price: _Price, scope: frozenset[str] | None, threshold: int) -> int | None:
        """Return the least sum ≥ ``threshold`` of a basket in ``scope`` with this unit in it, if there is
        one."""
        start, owner = price.fen, sku_id
        if price.bundle is not None:
            start, owner = in_scope(self._bundles[price.bundle], scope), f"bundle {price.bundle}"
        if start >= threshold:
            return start
        found = self._baskets.get(scope)
        if found is None:
            found = self._baskets[scope] = self._of_scope(scope)
        return found.least(owner, start, price.per_buyer, threshold)

    def _of_scope(self, scope: frozenset[str] | None) -> Baskets:
        """A stock of 0 counts, as it can be filled."""
        if not self._by_product:
            for sku_id, sku in self._room.skus.items():
                fens = (sku.price_fen, *(price.fen for price in self._flash.get(sku_id, ())))
                self._by_product.setdefault(sku.product_id, []).append((sku_id, fens))
        rows: list[tuple[str, tuple[int, ...]]] = []
        for product_id in self._by_product if scope is None else sorted(scope):
            rows += self._by_product.get(product_id, ())
        rows += [(f"bundle {place}", (in_scope(parts, scope),)) for place, parts in enumerate(self._bundles)]
        return baskets_of(tuple(rows), self._highest.get(scope, 0), MOST_WORK // max(1, len(self._highest)))


class _Stack:
    """The choice of coupons for one unit at one price: the first of the best, in the order of the queue.

    Coupons of different scopes do not touch one another, so what one coupon adds is found once and not once
    for each of the others. One coupon more never raises a price. ``off``: what all of them take off.
    """

    def __init__(self, shop: OffersThatMeet, sku_id: str, price: _Price, fits: Choice) -> None:
        self.price = price
        self._shop, self._sku_id, self._fits = shop, sku_id, fits
        self._always = by_scope(fits.always)
        self._steps = {
            scope: {step for c in coupons for step in c.sums(price.fen)}
            for scope, coupons in self._always.items()
        }
        self._sums: dict[tuple[frozenset[str] | None, int], int | None] = {}
        self._beside: dict[tuple[frozenset[str] | None, int], int] = {}
        self._added: dict[int, int] = {}
        self._plain = {scope: self._off(None, scope) for scope in self._always}
        self._left = price.fen - sum(self._plain.values())
        most = [self._most(fits.goods), self._most(fits.whole)]
        self._chosen = [coupon for coupon in most if coupon is not None]
        self.off = price.fen - self._left + sum(self._adds(c) for c in self._chosen)

    def chosen(self) -> list[OfferedCoupon]:
        """More than the price is not taken off: where it would be, the first that take all of it."""
        if self.off >= self.price.fen:
            for goods in [[c] for c in self._fits.goods] or [[]]:
                for whole in [[c] for c in self._fits.whole] or [[]]:
                    if sum(self._adds(c) for c in (*goods, *whole)) >= self._left:
                        return [*goods, *whole, *self._fits.always]
        return [*self._chosen, *self._fits.always]

    def _most(self, choice: list[OfferedCoupon]) -> OfferedCoupon | None:
        """The first that adds most; those that cannot add as much are not looked at."""
        fen = self.price.fen
        bounds = [(-c.most(fen) - self._joint(c, fen), place) for place, c in enumerate(choice)]
        best: tuple[int, int] | None = None
        for bound, place in sorted(bounds):
            if best is not None and bound > best[0]:
                break
            found = (-self._adds(choice[place]), place)
            if best is None or found < best:
                best = found
        return choice[best[1]] if best is not None else None

    def _joint(self, coupon: OfferedCoupon, fen: int) -> int:
        """What the coupons that come besides can save more in its basket than in one of their own."""
        beside = self._always.get(coupon.products)
        return sum([c.most(fen) for c in beside]) - self._plain[coupon.products] if beside else 0

    def _adds(self, coupon: OfferedCoupon) -> int:
        found = self._added.get(id(coupon))
        if found is None:
            found = self._off(coupon, coupon.products) - self._plain.get(coupon.products, 0)
            self._added[id(coupon)] = found
        return found

    def _off(self, coupon: OfferedCoupon | None, scope: frozenset[str] | None) -> int:
        """What this coupon and those that come besides in its scope take off in their best basket."""
        fen, most = self.price.fen, 0
        steps = self._steps.get(scope, set())
        for step in steps if coupon is None else steps.union(coupon.sums(fen)):
            key = (scope, step)
            if key not in self._sums:
                self._sums[key] = self._shop.least(self._sku_id, self.price, scope, step)
            if sum_ := self._sums[key]:
                off = self._besides(scope, sum_) if steps else 0
                if coupon is not None:
                    off += coupon.off_unit(fen, sum_)
                if off > most:
                    most = off
        return most

    def _besides(self, scope: frozenset[str] | None, sum_: int) -> int:
        found = self._beside.get((scope, sum_))
        if found is None:
            found = sum([c.off_unit(self.price.fen, sum_) for c in self._always[scope]])
            self._beside[scope, sum_] = found
        return found


def _places(coupons: list[OfferedCoupon]) -> tuple[list[int], dict[str, tuple[int, ...]]]:
    """Where those of the whole shop stand, and by product where its own do."""
    everywhere: list[int] = []
    own: dict[str, list[int]] = {}
    for place, coupon in enumerate(coupons):
        if coupon.products is None:
            everywhere.append(place)
        for product_id in coupon.products or ():
            own.setdefault(product_id, []).append(place)
    return everywhere, {product_id: tuple(places) for product_id, places in own.items()}


def way_to(
    price_fen: int,
    paid_fen: int,
    sale: Cue | None,
    coupon: tuple[Cue, int] | None,
    member: tuple[MemberOff, int] | None = None,
    gifts: Sequence[tuple[Cue, str, int, int]] = (),
) -> Lowest:
    """Return how one unit of an order comes to ``paid_fen``.

    Args:
        coupon: its promotion, and the sum that it was used on.
        member: the discount of the buyer's level, and what of it is a unit's.
        gifts: what came with it: its promotion, title, value, and what of that is a unit's.
    """
    price = _Price(price_fen, 1)
    if sale is not None:
        price = _Price(price_fen, 1, sale.cue_id, sale.kind, kind_of(sale).offers(sale.spec).words)
    parts = [_start(price)]
    worth = sum(off for _, _, _, off in gifts) + (member[1] if member is not None else 0)
    if coupon is not None and paid_fen + worth < price_fen:
        cue, sum_ = coupon
        (off,) = kind_of(cue).offers(cue.spec).rules
        taken = OfferedCoupon(off.rule, products_of(off.scope), cue.cue_id, cue.kind)
        parts.append(taken_off(taken, price_fen - paid_fen - worth, sum_, price_fen))
    if member is not None and member[1]:
        his, each = member
        level = OfferedCoupon(his.coupon.rule, products_of(his.coupon.scope), place=his.place)
        parts.append(taken_off(level, each, his.sum_fen, price_fen))
    parts += [gift_step(title, value, off, cue.kind, cue.cue_id) for cue, title, value, off in gifts]
    return lowest_of(paid_fen, parts)


def _start(price: _Price) -> PriceStep:
    fen, (zh, en) = plain_yuan(price.fen), price.words
    return PriceStep(price.kind or "price", price.fen, f"{zh} {fen}", f"{en} {fen}", price.cue_id)
