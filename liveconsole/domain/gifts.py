"""Gifts that come with an order: how many it brings, and what they are worth to the goods that bring them.

What brings them is asked of prices before coupons, as a coupon's own threshold is. Integer 分 throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from liveconsole.domain.discount import share
from liveconsole.domain.kind import GivenWith
from liveconsole.domain.room import Room


class Bought(NamedTuple):
    sku_id: str
    units: int
    fen: int
    """Of the whole line, before coupons."""


class CameWith(NamedTuple):
    """So many times a gift, in an order."""

    cue_id: str
    offer: GivenWith
    times: int


def brought(room: Room, offer: GivenWith, lines: Sequence[Bought]) -> int:
    """Return how many times these lines bring the gift, whatever is left of it."""
    if offer.products is None:
        return int(sum(line.fen for line in lines) >= offer.threshold_fen)
    units = sum(line.units for line in lines if room.skus[line.sku_id].product_id in offer.products)
    return units // offer.for_units


def worth(room: Room, offer: GivenWith) -> int:
    """Return the value of one time: the SKU's own price of the moment × its units."""
    sku = room.skus.get(offer.sku_id)
    return sku.price_fen * offer.units if sku is not None else 0


def off_lines(room: Room, given: Sequence[CameWith], lines: Sequence[Bought]) -> list[int]:
    """Return what the gifts are worth to each line: shared by amount over those that bring them."""
    offs = [0] * len(lines)
    for one in given:
        amounts = [
            line.fen
            if one.offer.products is None or room.skus[line.sku_id].product_id in one.offer.products
            else 0
            for line in lines
        ]
        shares = share(min(worth(room, one.offer) * one.times, sum(amounts)), amounts)
        offs = [off + more for off, more in zip(offs, shares, strict=True)]
    return offs
