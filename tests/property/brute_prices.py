"""What a buyer can really pay, told without the product's code: every basket of a few units, every price that
a SKU has, every choice of coupons, each discount shared out as a fraction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

MOST_UNITS = 4
Json = Mapping[str, Any]


class Price(NamedTuple):
    fen: int
    most: int


class Off(NamedTuple):
    """A coupon: its rule as sent, and the products that it is for; None: all."""

    rule: Json
    products: Sequence[str] | None


class Shop(NamedTuple):
    prices: Mapping[str, Sequence[Price]]
    """SKU → what one unit of it costs, the normal price first."""
    owners: Mapping[str, str]
    """SKU → product."""
    console: Sequence[Off]
    always: Sequence[Off]
    """Coupons of the shop: all of them at once."""
    stacks: bool
    """A coupon of goods and one of the whole shop may be used together."""


def lowest(shop: Shop, wanted: Sequence[str]) -> dict[str, Fraction]:
    """The lowest price of one unit of each SKU that any basket gives."""
    found: dict[str, Fraction] = {}
    skus = list(shop.prices)
    for prices in product(*(shop.prices[sku] for sku in skus)):
        for counts in product(*(range(min(price.most, MOST_UNITS) + 1) for price in prices)):
            amounts = {
                sku: count * price.fen
                for sku, price, count in zip(skus, prices, counts, strict=True)
                if count
            }
            for coupons in _choices(shop):
                shares = [(offed, _discount(shop, amounts, offed)) for offed in coupons]
                for sku, price in zip(skus, prices, strict=True):
                    if sku in wanted and sku in amounts:
                        paid = Fraction(price.fen)
                        for offed, (off, whole) in shares:
                            if off and _within(shop, sku, offed):
                                paid -= Fraction(off * price.fen, whole)
                        paid = max(Fraction(0), paid)
                        if sku not in found or paid < found[sku]:
                            found[sku] = paid
    return found


def _choices(shop: Shop) -> Iterator[list[Off]]:
    yield list(shop.always)
    if not shop.stacks:
        yield from ([one, *shop.always] for one in shop.console)
        return
    goods = [None, *(one for one in shop.console if one.products is not None)]
    whole = [None, *(one for one in shop.console if one.products is None)]
    for pair in product(goods, whole):
        yield [*(one for one in pair if one is not None), *shop.always]


def _within(shop: Shop, sku: str, off: Off) -> bool:
    return off.products is None or shop.owners[sku] in off.products


def _discount(shop: Shop, amounts: Mapping[str, int], off: Off) -> tuple[int, int]:
    """What it takes off the basket, and the sum that this is shared over."""
    whole = sum(amount for sku, amount in amounts.items() if _within(shop, sku, off))
    rule = off.rule
    if "zhe" in rule:
        paid = Fraction(rule["zhe"]) / 10
        return int(whole * (1 - paid)), whole
    steps = rule.get("tiers") or [{"threshold_fen": rule.get("threshold_fen", 0), "off_fen": rule["off_fen"]}]
    reached = [step["off_fen"] for step in steps if whole >= step["threshold_fen"]]
    return min(whole, max(reached, default=0)), whole
