"""The coupons that a product can meet, and which of them may bring a price under a floor."""

from __future__ import annotations

from collections.abc import Iterable

from liveconsole.domain.kind import GivenWith
from liveconsole.domain.most_off import Beside, OneOf, Taking, beside, none_of, totals
from liveconsole.messages.specs import CouponRule, Scope


class OfferedCoupon(Taking):
    """A rule that may apply, and where it comes from."""

    __slots__ = ("cue_id", "kind", "place", "products", "rule")

    def __init__(
        self,
        rule: CouponRule,
        products: frozenset[str] | None,
        cue_id: str | None = None,
        kind: str = "",
        place: int | None = None,
    ) -> None:
        super().__init__(rule)
        self.rule = rule
        self.place = place
        self.products = products
        """None: the whole shop."""
        self.cue_id = cue_id
        self.kind = kind
        """Of the promotion that it comes from; empty: live in the shop."""


class OfferedGift(OfferedCoupon):
    """A gift as what it takes off the goods that bring it.

    Args:
        value: its own price × its units.
        least: the least that a unit of the goods of 买赠 can be had for.
    """

    __slots__ = ("_in_all", "_least", "_units", "title", "value")

    def __init__(
        self, gift: GivenWith, value: int, least: int, title: str, cue_id: str | None, kind: str
    ) -> None:
        times = gift.per_buyer if gift.products is not None else 1
        self.title, self.value = title, value
        self._in_all, self._least = value * times, least
        self._units = gift.for_units * times if gift.products is not None else 0
        rule = CouponRule(off_fen=self._in_all, threshold_fen=gift.threshold_fen or None)
        super().__init__(rule, gift.products, cue_id, kind)
        if self._units:
            self.key = (-1, self._in_all, self._units, least)

    def most(self, price_fen: int) -> int:
        """Of 买赠 all the value of as many as there may be, on goods of which all others are the cheapest."""
        if not self._units:
            return super().most(price_fen)
        whole = price_fen + (self._units - 1) * min(self._least, price_fen)
        return min(price_fen, -(-self._in_all * price_fen // whole)) if whole else 0

    def sums(self, price_fen: int) -> Iterable[int]:
        return (price_fen,) if self._units else super().sums(price_fen)

    def off_unit(self, price_fen: int, sum_fen: int) -> int:
        """Whatever else is in the basket."""
        return self.most(price_fen) if self._units else super().off_unit(price_fen, sum_fen)


class Choice:
    """One of ``goods`` and one of ``whole`` may be chosen, those in ``always`` come besides."""

    __slots__ = ("always", "goods", "whole")

    def __init__(
        self, goods: list[OfferedCoupon], whole: list[OfferedCoupon], always: list[OfferedCoupon]
    ) -> None:
        self.goods, self.whole, self.always = goods, whole, always


class Fitting(Choice):
    """The coupons that one product can meet."""

    __slots__ = ("_alone", "_besides", "_choices", "_flat", "_part", "_totals")

    def __init__(
        self, goods: list[OfferedCoupon], whole: list[OfferedCoupon], always: list[OfferedCoupon]
    ) -> None:
        super().__init__(goods, whole, always)
        self._besides = {scope: beside(coupons) for scope, coupons in by_scope(always).items()}
        self._alone = beside(())
        self._choices: list[tuple[list[OfferedCoupon], OneOf]] = []
        for choice in (goods, whole):
            chain = none_of()
            for coupon in choice:
                chain = chain.and_(coupon, self._beside(coupon))
            self._choices.append((choice, chain))
        self._totals = totals(list(self._besides.values()), [chain for _, chain in self._choices])
        groups = [*([coupon] for coupon in always), goods, whole]
        self._part = sum(max((c.part for c in group), default=0) for group in groups)
        self._flat = sum(max((c.flat for c in group), default=0) for group in groups)

    def _beside(self, coupon: OfferedCoupon) -> Beside:
        return self._besides.get(coupon.products, self._alone)

    def under(self, fen: int, floor_fen: int) -> Choice | None:
        """Return the coupons that may bring the price under the floor, every sum taken as one that can be
        made; None: none of them does, and no basket need be looked at. What costs little is asked first."""
        left, whole_off = fen - floor_fen, self._totals.get(fen)
        if whole_off is not None and whole_off <= left:
            return None
        if self._flat + fen * self._part // 1000 < left:
            return None
        room = left
        for each in self._besides.values():
            left -= each.plain(fen)
        (goods, one), (whole, other) = self._choices
        if one.may_add(fen) + other.may_add(fen) <= left:
            return None
        most, most_other = one.adds(fen), other.adds(fen)
        self._totals[fen] = room - left + most + most_other
        if most + most_other <= left:
            return None
        return Choice(
            [c for c in goods if self._adds(c, fen) + most_other > left],
            [c for c in whole if self._adds(c, fen) + most > left],
            self.always,
        )

    def _adds(self, coupon: OfferedCoupon, fen: int) -> int:
        beside = self._beside(coupon)
        may = beside.may_add(coupon, fen)
        return min(may, beside.adds(coupon, fen)) if may > 0 else 0


def by_scope(coupons: Iterable[OfferedCoupon]) -> dict[frozenset[str] | None, list[OfferedCoupon]]:
    found: dict[frozenset[str] | None, list[OfferedCoupon]] = {}
    for coupon in coupons:
        found.setdefault(coupon.products, []).append(coupon)
    return found


def products_of(scope: Scope | None) -> frozenset[str] | None:
    return frozenset(scope.product_ids) if scope is not None else None
