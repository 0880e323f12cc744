"""本场上限: how many units of a SKU a broadcast may sell, in all and to one buyer, whatever they are sold in.

A bound stands until it is changed (`stock.limit`), and every broadcast begins with nothing taken. What the
console grants and what a promotion promises never pass it; what a platform sells can, and is counted.
"""

from __future__ import annotations

import sys
from typing import Final

from liveconsole.domain.room import Room
from liveconsole.domain.room_limits import BroadcastLimit
from liveconsole.domain.room_orders import Order
from liveconsole.messages.refusals import Refused

UNBOUNDED: Final = sys.maxsize


def taken(room: Room, sku_id: str) -> int:
    """Return the units of a bounded SKU that this broadcast has sold or holds."""
    return room.limits[sku_id].taken + read_off(room, sku_id)


def read_off(room: Room, sku_id: str) -> int:
    """Return the units that were read off a platform in this broadcast, and that no order has told of."""
    tonight = (cue for cue in room.cues.values() if cue.broadcast == room.tonight and sku_id in cue.sale)
    return sum(cue.sale[sku_id].untold for cue in tonight)


def left(room: Room, sku_id: str) -> int:
    """Return the units of the SKU that this broadcast may still sell."""
    limit = room.limits.get(sku_id)
    if limit is None or limit.units is None:
        return UNBOUNDED
    return max(0, limit.units - taken(room, sku_id))


def left_for(room: Room, sku_id: str, buyer: str) -> int:
    """Return the units of the SKU that this buyer may still have in this broadcast."""
    limit = room.limits.get(sku_id)
    if limit is None or limit.per_buyer is None:
        return UNBOUNDED
    return max(0, limit.per_buyer - limit.buyers.get(buyer, 0))


def passed(room: Room, sku_id: str) -> int:
    """Return by how many units a platform's orders have passed the bound."""
    limit = room.limits.get(sku_id)
    if limit is None or limit.units is None:
        return 0
    return max(0, taken(room, sku_id) - limit.units)


def refusal(room: Room, sku_id: str, units: int, buyer: str, *, before: int = 0) -> Refused | None:
    """Tell why a buyer cannot have so many more units; ``before``: what the same order takes besides."""
    limit = room.limits.get(sku_id)
    if limit is None:
        return None
    if units + before > (there := left(room, sku_id)):
        said = {"sku_id": sku_id, "limit": limit.units, "available": max(0, there - before)}
        return Refused("broadcast_limit", said)
    if units + before > left_for(room, sku_id, buyer):
        bought = limit.buyers.get(buyer, 0) + before
        return Refused(
            "broadcast_buyer_limit", {"sku_id": sku_id, "limit": limit.per_buyer, "bought": bought}
        )
    return None


def cannot_be_had(room: Room, lot: dict[str, int]) -> Refused | None:
    """Tell that nobody may have a whole lot of it, be he the first: more units than one buyer may have."""
    for sku_id, units in lot.items():
        limit = room.limits.get(sku_id)
        if limit is not None and limit.per_buyer is not None and units > limit.per_buyer:
            said = {"sku_id": sku_id, "limit": limit.per_buyer, "bought": 0}
            return Refused("broadcast_buyer_limit", said)
    return None


# Folds ----------------------------------------------------------------------------------------------


def weigh(room: Room, order: Order, sign: int) -> None:
    """Add what an order of this broadcast takes of bounded SKUs, or take it away again."""
    for line in order.lines if room.limits else ():
        limit = room.limits.get(line.sku_id)
        if limit is not None:
            add(limit, order.buyer, sign * line.quantity)


def add(limit: BroadcastLimit, buyer: str, units: int) -> None:
    limit.taken += units
    after = limit.buyers.get(buyer, 0) + units
    if after:
        limit.buyers[buyer] = after
    else:
        limit.buyers.pop(buyer, None)
