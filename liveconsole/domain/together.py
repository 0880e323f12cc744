"""Goods that are sold together for one price: what of it falls on each, and how many times they can be had.

The price of one bundle is shared over its goods by amount, at their own prices of the moment, the largest
remainders first; so many bundles are so many times that. What does not divide among the units of one SKU
stays in whole 分: some of them cost one more. Never dearer than the goods by themselves. Integer 分
throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from liveconsole.domain.discount import share
from liveconsole.domain.kind import TogetherPrice
from liveconsole.domain.room import Cue, Room


class Part(NamedTuple):
    """One SKU of a bundle: its units, and what of the price falls on them together."""

    sku_id: str
    product_id: str
    units: int
    fen: int

    @property
    def unit_fen(self) -> int:
        """The cheapest of its units."""
        return self.fen // self.units


def parts_of(room: Room, offer: TogetherPrice) -> list[Part]:
    """Return what one bundle comes to; nothing where the shop does not have all of it."""
    skus = [(room.skus.get(sku_id), units) for sku_id, units in offer.items]
    amounts = [sku.price_fen * units for sku, units in skus if sku is not None]
    if len(amounts) < len(skus):
        return []
    shares = share(min(offer.fen, sum(amounts)), amounts)
    return [
        Part(sku.sku_id, sku.product_id, units, fen)
        for (sku, units), fen in zip(skus, shares, strict=True)
        if sku is not None
    ]


def in_scope(parts: Sequence[Part], scope: frozenset[str] | None) -> int:
    """Return what of one bundle's price falls on goods of these products."""
    return sum([part.fen for part in parts if scope is None or part.product_id in scope])


def by_unit_price(part: Part, lots: int) -> list[tuple[int, int]]:
    """Return the units of so many bundles with their price: (units, 分 each), exact together."""
    low, dearer = divmod(part.fen, part.units)
    split = ((part.units - dearer) * lots, low), (dearer * lots, low + 1)
    return [(units, fen) for units, fen in split if units]


def whole(items: Sequence[tuple[str, int]], there: Mapping[str, int]) -> int:
    """Return how many bundles these units make."""
    return min((there.get(sku_id, 0) // units for sku_id, units in items), default=0)


def sells_lots(cue: Cue) -> bool:
    """Tell whether it sells by the lot and not by the unit."""
    return any(count.lot for count in cue.sale.values())


def lots_left(cue: Cue) -> int:
    """Return how many lots its tally still has."""
    return min((count.left // count.lot for count in cue.sale.values() if count.lot), default=0)


def short_of_a_lot(cue: Cue, sold: Mapping[str, int]) -> bool:
    """Tell whether no lot is left once these units are sold too: one of its goods is short."""
    return any(
        count.quantity - count.sold - sold.get(sku_id, 0) < count.lot for sku_id, count in cue.sale.items()
    )
