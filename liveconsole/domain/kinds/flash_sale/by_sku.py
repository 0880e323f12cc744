"""A sale as it is composed, SKU by SKU: what each can be had for, what is in its way, and what would mend it.

Whoever composes sees every cell at once; the rules of a command name the first that is wrong. Both ask the
same functions. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from liveconsole.domain import floors
from liveconsole.domain.kind import BySku, Repair, SkuVerdict
from liveconsole.domain.pricing import floor_of
from liveconsole.domain.room import Room
from liveconsole.domain.stacking import OffersThatMeet
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import FlashSaleSpec

ROUNDS: Final = 8
"""Prices are raised so often at most: each may bring a coupon in that the lower one did not reach."""


def rows_of(room: Room, spec: FlashSaleSpec, free: Callable[[str], int], *, without: str | None) -> BySku:
    """Return a row a SKU in the order of the sale.

    Args:
        free: units of a SKU that the sale could have when it starts.
        without: the cue that is being judged.
    """
    shop = OffersThatMeet(room, spec, without)
    found = [_row(room, spec, shop, sku.sku_id, free) for sku in spec.skus]
    raised = _raised(room, spec, without) if any(row.lowest_fen is not None for row in found) else {}
    repairs = [_repair(room, row, refused, raised) for row in found for refused in row.faults]
    return BySku(found, repairs, mended(spec, repairs))


def mended(spec: FlashSaleSpec, repairs: list[Repair]) -> FlashSaleSpec | None:
    """Return the sale with all of them done; None where nothing is to be done or nothing would be left."""
    if not repairs:
        return None
    wanted = {sku.sku_id: sku for sku in spec.skus}
    for each in repairs:
        sku = wanted[each.sku_id]
        quantity = sku.quantity if each.quantity is None else min(sku.quantity, each.quantity)
        price = sku.price_fen if each.price_fen is None else each.price_fen
        wanted[each.sku_id] = replace(sku, quantity=quantity, price_fen=price)
    left = [sku for sku in wanted.values() if sku.quantity > 0]
    if not left:
        return None
    return replace(spec, skus=left, per_buyer=min(spec.per_buyer, sum(sku.quantity for sku in left)))


def over_stock(sku_id: str, quantity: int, free: int) -> Refused:
    return Refused("over_stock", {"sku_id": sku_id, "quantity": quantity, "available": free})


def above_shop(sku_id: str) -> Refused:
    return Refused("bad_spec", {"detail": "price_fen: above the normal price", "sku_id": sku_id})


def _row(
    room: Room, spec: FlashSaleSpec, shop: OffersThatMeet, sku_id: str, free: Callable[[str], int]
) -> SkuVerdict:
    said = next(sku for sku in spec.skus if sku.sku_id == sku_id)
    sku = room.skus.get(sku_id)
    if sku is None:
        return SkuVerdict(sku_id, None, None, 0, [Refused("unknown_sku", {"sku_id": sku_id})])
    floor, lowest, left = floor_of(room, sku_id), shop.lowest_fen(sku_id), free(sku_id)
    faults = []
    if said.price_fen > sku.price_fen:
        faults.append(above_shop(sku_id))
    if floor is not None and lowest < floor:
        faults.append(Refused("below_price_floor", floors.told(sku_id, floor, shop.lowest(sku_id))))
    on_hand = max(0, sku.on_hand)
    if said.quantity > on_hand:
        faults.append(over_stock(sku_id, said.quantity, min(on_hand, left)))
    elif said.quantity > left:
        return SkuVerdict(
            sku_id, lowest, floor, left, [*faults, over_stock(sku_id, said.quantity, left)], True
        )
    return SkuVerdict(sku_id, lowest, floor, left, faults)


def _repair(room: Room, row: SkuVerdict, refused: Refused, raised: dict[str, int]) -> Repair:
    """What mends one fault of a SKU; where nothing does it is taken out of the sale."""
    if refused.code == "over_stock":
        return Repair(refused, row.sku_id, quantity=int(refused.params["available"]))
    if refused.code == "bad_spec":
        return Repair(refused, row.sku_id, price_fen=room.skus[row.sku_id].price_fen)
    price = raised.get(row.sku_id) if refused.code == "below_price_floor" else None
    return Repair(refused, row.sku_id, price_fen=price, quantity=None if price is not None else 0)


def _raised(room: Room, spec: FlashSaleSpec, without: str | None) -> dict[str, int]:
    """Return for each SKU under its floor the price at which it no longer is, together with all the others;
    none for what even its own price cannot help."""
    prices = {sku.sku_id: sku.price_fen for sku in spec.skus if sku.sku_id in room.skus}
    found: dict[str, int] = {}
    for _ in range(ROUNDS):
        skus = [replace(s, price_fen=prices[s.sku_id]) for s in spec.skus if s.sku_id in prices]
        shop = OffersThatMeet(room, replace(spec, skus=skus), without)
        short = {
            sku_id: floor - shop.lowest_fen(sku_id)
            for sku_id in prices
            if (floor := floor_of(room, sku_id)) and shop.reaches_under(sku_id, floor)
        }
        if not short:
            return {sku_id: fen for sku_id, fen in found.items() if sku_id in prices}
        for sku_id, missing in short.items():
            found[sku_id] = prices[sku_id] = prices[sku_id] + missing
            if prices[sku_id] > room.skus[sku_id].price_fen:
                del prices[sku_id]
    return {sku_id: fen for sku_id, fen in found.items() if sku_id in prices and sku_id not in short}
