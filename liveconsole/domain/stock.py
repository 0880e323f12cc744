"""Units: what is on hand, what is promised, and 加单."""

from __future__ import annotations

from typing import Final

import msgspec

from liveconsole.domain import broadcast_limits
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.figures import ShopStock
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Product, Room
from liveconsole.messages import commands, events, facts
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused

PROMISING: Final = frozenset({"recallable", "firing", "unknown", "on_air"})
"""Statuses in which a flash sale has its unsold units promised to whoever comes."""


def promised(room: Room, sku_id: str, *, without: str | None = None) -> int:
    """Units of the SKU that running sales still have to give; their holds are in ``Sku.held`` already."""
    units = 0
    for cue_id in room.live:
        if cue_id != without:
            cue = room.cues[cue_id]
            count = cue.sale.get(sku_id)
            if count is not None and cue.status in PROMISING:
                units += count.to_give
    return units


def committed(room: Room, sku_id: str) -> int:
    """Units that stock cannot go below: held by orders, or promised by a running sale."""
    return room.skus[sku_id].held + promised(room, sku_id)


def free(room: Room, sku_id: str) -> int:
    """Units that no order holds, and that this broadcast may still sell."""
    return min(room.skus[sku_id].free, broadcast_limits.left(room, sku_id))


def available(room: Room, sku_id: str, *, without: str | None = None) -> int:
    """Units that a new order or a new sale can have."""
    return max(0, free(room, sku_id) - promised(room, sku_id, without=without))


def limited(room: Room, refused: Refused) -> Refused:
    """Return the bound of the broadcast as the reason, where that is why there are not enough units, and not
    what is on hand."""
    sku = room.skus.get(refused.params.get("sku_id", ""))
    if refused.code != "over_stock" or sku is None:
        return refused
    there = refused.params.get("available")
    if broadcast_limits.left(room, sku.sku_id) >= sku.free or there is None or there >= sku.on_hand:
        return refused
    said = {"limit": room.limits[sku.sku_id].units, **refused.params}
    return Refused("broadcast_limit", said)


def sold_out(room: Room, product: Product) -> bool:
    """Tell whether nobody can have a unit of it now, in no SKU, at no price: every screen stops promising it.
    A hold that lapses brings it back.

    Where sales live here a SKU goes by its sale alone while that is on air (`order.request`); elsewhere the
    shop's own price stands beside it.
    """
    return not any(_to_be_had(room, sku_id) for sku_id in product.sku_ids)


def _to_be_had(room: Room, sku_id: str) -> int:
    there = free(room, sku_id)
    for cue in map(room.cues.__getitem__, room.live):
        if kind_of(cue).BY_NAME:
            continue
        if sku_id in cue.sale and cue.status == "on_air" and does(room, cue) == "us":
            return min(there, cue.sale[sku_id].to_give)
    return there


def add(room: Room, data: commands.StockAdd, ctx: Context) -> Decision | Refused:
    sku = room.skus.get(data.sku_id)
    if sku is None:
        return Refused("unknown_sku", {"sku_id": data.sku_id})
    bound = committed(room, data.sku_id)
    if data.by < 0 and sku.on_hand + data.by < bound:
        return Refused("stock_committed", {"sku_id": data.sku_id, "committed": bound, "stock": sku.on_hand})
    result = {"sku_id": data.sku_id, "stock": sku.on_hand + data.by}
    if data.by == 0:
        return Decision([], result)
    return Decision([ctx.event("stock.added", events.StockAdded(data.sku_id, data.by))], result)


def _added(room: Room, data: events.StockAdded, event: Event) -> None:
    sku = room.skus.get(data.sku_id)
    if sku is not None:
        sku.on_hand += data.by
        sku.measured = since_changed(sku.measured)
    if data.by > 0:
        for cue in map(room.cues.__getitem__, room.live):
            if data.sku_id in cue.sale:
                cue.asks_more = False  # 「加过单」 is one answer to the question


def _measured(room: Room, data: facts.StockMeasured, event: Event) -> None:
    """It stands beside our own sums and moves none: an order that the shop has counted may still be on its
    way to us, and it would be taken off twice. A person takes the difference, or does not (`stock.add`)."""
    sku = room.skus.get(data.sku_id)
    if sku is not None:
        sku.measured = ShopStock(data.on_hand, event.at, sku.on_hand - sku.held)


def since_changed(measured: ShopStock | None) -> ShopStock | None:
    """Return what is left of a measured stock once somebody has changed ours."""
    return msgspec.structs.replace(measured, ours=None) if measured is not None else None


def _oversold(room: Room, data: events.Oversold, event: Event) -> None:
    """The figures are in the order that was counted; a sale that a person set up asks before it stops."""
    sku = room.skus.get(data.sku_id)
    if sku is not None:
        sku.oversold_at = event.at
    cue: Cue | None = room.cues.get(data.cue_id) if data.cue_id else None
    if cue is not None and cue.status == "on_air" and does(room, cue) == "person":
        cue.asks_more = True


COMMANDS: Final[dict[str, Rule]] = {"stock.add": add}
FOLDS: Final[dict[str, Fold]] = {
    "stock.added": _added,
    "stock.measured": _measured,
    "stock.oversold": _oversold,
}
