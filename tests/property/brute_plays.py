"""What a buyer can really pay where bundles and gifts meet sales and coupons, without the product's code:
every basket of a few units and bundles, every choice of coupons, each order with the gifts that it brings.

A unit's price is what it costs less its share, as a fraction, of the coupons' discounts and of the worth of
the gifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

Json = Mapping[str, Any]


class Unit(NamedTuple):
    sku: str
    fen: int


class Set(NamedTuple):
    """A bundle: goods by their units, what it costs, how many of it one order may have."""

    items: Mapping[str, int]
    fen: int
    most: int


class Free(NamedTuple):
    """A gift as sent: what it needs, and what it is worth."""

    buy: Json
    worth: int
    most: int


class Off(NamedTuple):
    rule: Json
    products: Sequence[str] | None


class Shop(NamedTuple):
    own: Mapping[str, int]
    """SKU → its own price; every SKU is a product of its own."""
    flash: Mapping[str, tuple[int, int]]
    """SKU → price, and how many one order may have."""
    sets: Sequence[Set]
    gifts: Sequence[Free]
    console: Sequence[Off]
    always: Sequence[Off]
    stacks: bool


def lowest(shop: Shop) -> dict[str, Fraction]:
    """The lowest price of one unit of each SKU over all the baskets."""
    found: dict[str, Fraction] = {}
    for basket in _baskets(shop):
        gifts = [(free, _brought(free, basket)) for free in shop.gifts]
        for coupons in _choices(shop):
            shares = [(off.products, *_taken(off, basket)) for off in coupons]
            for free, times in gifts:
                products = free.buy.get("product_ids")
                whole = _sum(basket, products)
                shares.append((products, min(free.worth * times, whole), whole))
            for unit in set(basket):
                paid = Fraction(unit.fen)
                for products, taken, whole in shares:
                    if taken and (products is None or unit.sku in products):
                        paid -= Fraction(taken * unit.fen, whole)
                paid = max(Fraction(0), paid)
                if unit.sku not in found or paid < found[unit.sku]:
                    found[unit.sku] = paid
    return found


def _baskets(shop: Shop) -> Iterator[list[Unit]]:
    skus = list(shop.own)
    most = 3 if len(skus) <= 3 else 2 if len(skus) == 4 else 1
    for way in product(*([(sku, False), *([(sku, True)] if sku in shop.flash else [])] for sku in skus)):
        tops = [min(shop.flash[sku][1], most) if flash else most for sku, flash in way]
        fens = [shop.flash[sku][0] if flash else shop.own[sku] for sku, flash in way]
        for counts in product(*(range(top + 1) for top in tops)):
            units = [
                Unit(sku, fen)
                for (sku, _), fen, count in zip(way, fens, counts, strict=True)
                for _ in range(count)
            ]
            for lots in product(*(range(min(each.most, 2) + 1) for each in shop.sets)):
                whole = [*units]
                for each, count in zip(shop.sets, lots, strict=True):
                    whole += shared(shop, each) * count
                if whole:
                    yield whole


def shared(shop: Shop, bundle: Set) -> list[Unit]:
    """The units of one bundle: its price over its goods by amount, whole 分, the largest remainders first."""
    amounts = [shop.own[sku] * count for sku, count in bundle.items.items()]
    price, all_ = min(bundle.fen, sum(amounts)), sum(amounts)
    parts = [price * amount // all_ for amount in amounts]
    rests = sorted(range(len(amounts)), key=lambda n: (-(price * amounts[n] % all_), n))
    for place in rests[: price - sum(parts)]:
        parts[place] += 1
    units: list[Unit] = []
    for (sku, count), part in zip(bundle.items.items(), parts, strict=True):
        low, more = divmod(part, count)
        units += [Unit(sku, low)] * (count - more) + [Unit(sku, low + 1)] * more
    return units


def _sum(basket: Sequence[Unit], products: Sequence[str] | None) -> int:
    return sum(unit.fen for unit in basket if products is None or unit.sku in products)


def _brought(free: Free, basket: Sequence[Unit]) -> int:
    threshold = free.buy.get("threshold_fen")
    if threshold is not None:
        return int(_sum(basket, None) >= threshold)
    units = sum(unit.sku in free.buy["product_ids"] for unit in basket)
    return min(units // int(free.buy.get("units", 1)), free.most)


def _choices(shop: Shop) -> Iterator[list[Off]]:
    yield list(shop.always)
    if not shop.stacks:
        yield from ([one, *shop.always] for one in shop.console)
        return
    goods = [None, *(one for one in shop.console if one.products is not None)]
    whole = [None, *(one for one in shop.console if one.products is None)]
    for pair in product(goods, whole):
        yield [*(one for one in pair if one is not None), *shop.always]


def _taken(off: Off, basket: Sequence[Unit]) -> tuple[int, int]:
    whole, rule = _sum(basket, off.products), off.rule
    if "zhe" in rule:
        return int(whole * (1 - Fraction(rule["zhe"]) / 10)), whole
    reached = whole >= rule.get("threshold_fen", 0)
    return (min(whole, rule["off_fen"]) if reached else 0), whole
