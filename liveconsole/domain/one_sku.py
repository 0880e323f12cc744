"""A promotion of one SKU at a price of its own, that only an order which names it has: what its spec must
hold, and what is in its way when it starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from msgspec.structs import replace

from liveconsole.domain import floors, stock
from liveconsole.domain.kind import BySku, Repair, SkuVerdict
from liveconsole.domain.pricing import floor_of
from liveconsole.domain.room import Room
from liveconsole.domain.stacking import OffersThatMeet
from liveconsole.messages.refusals import Refused

_ROUNDS: Final = 8
"""A price is raised so often at most: each may bring a coupon in that the lower one did not reach."""


class OneSku(Protocol):
    """What such a spec has."""

    @property
    def sku_id(self) -> str: ...
    @property
    def price_fen(self) -> int: ...


def check(room: Room, spec: Any, units: int, *, without: str | None = None) -> list[Refused]:
    """Return what is wrong with the spec alone, in the contract's order; ``units``: the most it promises."""
    sku = room.skus.get(spec.sku_id)
    if sku is None:
        return [Refused("unknown_sku", {"sku_id": spec.sku_id})]
    found: list[Refused] = []
    if spec.price_fen > sku.price_fen:
        found.append(_above_shop(spec))
    if (breach := floors.of_spec(room, spec, without=without)) is not None:
        found.append(breach)
    if units > (on_hand := max(0, sku.on_hand)):
        found.append(_over_stock(spec, units, on_hand))
    return found


def cannot_start(room: Room, cue_id: str, spec: Any, units: int, free: int) -> Refused | None:
    """Return what is in its way now. ``free``: the units that it could have."""
    sku = room.skus.get(spec.sku_id)
    if sku is None:
        return Refused("unknown_sku", {"sku_id": spec.sku_id})
    if not room.products[sku.product_id].on_shelf:
        return Refused("off_shelf", {"product_id": sku.product_id})
    if spec.price_fen > sku.price_fen:
        return floors.dearer_than_shop(cue_id, spec.sku_id, spec.price_fen, sku.price_fen)
    if (breach := floors.of_spec(room, spec, without=cue_id)) is not None:
        return breach
    return _over_stock(spec, units, free) if units > free else None


def free(room: Room, sku_id: str, *, later: bool, without: str | None) -> int:
    """Return the units that one could have; ``later``: what runs now has given its own back by then."""
    if sku_id not in room.skus:
        return 0
    return stock.free(room, sku_id) if later else stock.available(room, sku_id, without=without)


def rows(room: Room, spec: Any, units: int, there: int, *, without: str | None) -> BySku:
    """Return its one row as it is composed, and what would mend it."""
    sku = room.skus.get(spec.sku_id)
    if sku is None:
        unknown = Refused("unknown_sku", {"sku_id": spec.sku_id})
        return BySku([SkuVerdict(spec.sku_id, None, None, 0, [unknown])], [], None)
    floor = floor_of(room, spec.sku_id)
    lowest = OffersThatMeet(room, spec, without).lowest(spec.sku_id)
    faults, repairs = [], []
    if spec.price_fen > sku.price_fen:
        faults.append(_above_shop(spec))
        repairs.append(Repair(faults[-1], spec.sku_id, price_fen=sku.price_fen))
    if floor is not None and lowest.fen < floor:
        faults.append(Refused("below_price_floor", floors.told(spec.sku_id, floor, lowest)))
        if (price := _raised(room, spec, floor, sku.price_fen, without)) is not None:
            repairs.append(Repair(faults[-1], spec.sku_id, price_fen=price))
    at_start = False
    if units > there:
        faults.append(_over_stock(spec, units, there))
        repairs.append(Repair(faults[-1], spec.sku_id, quantity=there))
        at_start = units <= sku.on_hand
    row = SkuVerdict(spec.sku_id, lowest.fen, floor, there, faults, at_start)
    return BySku([row], repairs, _mended(spec, repairs), overlaps=True)


def _mended(spec: Any, repairs: Sequence[Repair]) -> Any:
    """The spec at the price that is ready; None where something else is in the way."""
    prices = [each.price_fen for each in repairs if each.price_fen is not None]
    return replace(spec, price_fen=max(prices)) if prices and len(prices) == len(repairs) else None


def _raised(room: Room, spec: Any, floor: int, most: int, without: str | None) -> int | None:
    """The price at which it is under the floor no longer; None where not even the shop's own helps."""
    fen: int = spec.price_fen
    for _ in range(_ROUNDS):
        lowest = OffersThatMeet(room, replace(spec, price_fen=fen), without).lowest_fen(spec.sku_id)
        if lowest >= floor:
            return fen
        fen += floor - lowest
        if fen > most:
            return None
    return None


def _above_shop(spec: OneSku) -> Refused:
    return Refused("bad_spec", {"detail": "price_fen: above the normal price", "sku_id": spec.sku_id})


def _over_stock(spec: OneSku, units: int, there: int) -> Refused:
    return Refused("over_stock", {"sku_id": spec.sku_id, "quantity": units, "available": there})


def goods(room: Room, spec: OneSku) -> set[str]:
    sku = room.skus.get(spec.sku_id)
    return {sku.product_id} if sku is not None else set()


def off_fen(room: Room, spec: OneSku) -> int:
    """Return what one unit of it gives away."""
    sku = room.skus.get(spec.sku_id)
    return max(0, sku.price_fen - spec.price_fen) if sku is not None else 0
