"""Prices: the lowest that can be reached, and the floor under it.

The model of 按已知优惠最低到手 stands in ``stacking``, the discounts in ``discount``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from liveconsole.domain.discount import discount_of, reached, share
from liveconsole.domain.fitting import products_of
from liveconsole.domain.kind import kind_of_spec
from liveconsole.domain.price_steps import Lowest, PriceStep
from liveconsole.domain.room import Room
from liveconsole.domain.stacking import OffersThatMeet
from liveconsole.messages.specs import Spec

__all__ = [
    "LABEL",
    "Lowest",
    "PriceStep",
    "discount_of",
    "exposure_fen",
    "floor_of",
    "lowest_among",
    "lowest_final",
    "reached",
    "share",
    "touched",
]

LABEL: Final = "按已知优惠最低到手"


def floor_of(room: Room, sku_id: str) -> int | None:
    """Return the floor that holds for the SKU: its own, else its product's."""
    sku = room.skus[sku_id]
    if sku.floor_fen is not None:
        return sku.floor_fen
    owner = room.products.get(sku.product_id)
    return owner.floor_fen if owner else None


def lowest_final(
    room: Room, sku_id: str, *, assume: Spec | None = None, without: str | None = None
) -> Lowest:
    """Return the lowest price of one unit that a buyer can reach: the model stands in `stacking`.

    Args:
        assume: a spec that is being judged, taken as if it ran.
        without: the cue that is being judged, whose own spec is left out.
    """
    return OffersThatMeet(room, assume, without).lowest(sku_id)


def lowest_among(
    room: Room, sku_ids: Sequence[str], *, assume: Spec | None = None, without: str | None = None
) -> tuple[str, Lowest] | None:
    """Return the SKU with the lowest price, and that price; one that can be had under its floor goes
    before."""
    if not sku_ids:
        return None
    shop = OffersThatMeet(room, assume, without)
    bounds = {sku_id: shop.bound(sku_id) for sku_id in sku_ids}
    for sku_id, bound in bounds.items():
        floor = floor_of(room, sku_id)
        if floor is not None and bound < floor and shop.lowest_fen(sku_id) < floor:
            return sku_id, shop.lowest(sku_id)
    best: tuple[str, int] | None = None
    for sku_id, bound in sorted(bounds.items(), key=lambda pair: pair[1]):
        if best is not None and bound >= best[1]:
            break
        fen = shop.lowest_fen(sku_id)
        if best is None or fen < best[1]:
            best = sku_id, fen
    return (best[0], shop.lowest(best[0])) if best is not None else None


def exposure_fen(room: Room, spec: Spec) -> int:
    """Return the most that the promotion can give away against the normal price."""
    return kind_of_spec(spec).exposure_fen(room, spec)


def touched(room: Room, spec: Spec) -> Iterator[str]:
    """SKUs whose price the promotion can change."""
    offers = kind_of_spec(spec).offers(spec)
    yield from dict.fromkeys(price.sku_id for price in offers.prices if price.sku_id in room.skus)
    for bundle in offers.together:
        yield from (sku_id for sku_id, _ in bundle.items if sku_id in room.skus)
    for gift in offers.gifts:
        for sku_id, sku in room.skus.items():
            if gift.products is None or sku.product_id in gift.products:
                yield sku_id
    for off in offers.rules:
        within = products_of(off.scope)
        for sku_id, sku in room.skus.items():
            if within is None or sku.product_id in within:
                yield sku_id
