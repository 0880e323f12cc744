"""To bound what a broadcast may sell of a SKU (``stock.limit``), and to count anew what it has taken."""

from __future__ import annotations

from typing import Final

from liveconsole.domain import broadcast_limits, stock
from liveconsole.domain import order as orders
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.domain.room_limits import BroadcastLimit
from liveconsole.messages import commands, events
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused


def limit(room: Room, data: commands.StockLimit, ctx: Context) -> Decision | Refused:
    """Set the bound, or take it away: never below what is sold, held or promised already."""
    if data.sku_id not in room.skus:
        return Refused("unknown_sku", {"sku_id": data.sku_id})
    now = room.limits.get(data.sku_id)
    if data.units is not None:
        counted = now if now is not None else _counted(room, data.sku_id, BroadcastLimit())
        least = counted.taken + broadcast_limits.read_off(room, data.sku_id)
        least += stock.promised(room, data.sku_id)
        if data.units < least:
            return Refused("limit_taken", {"sku_id": data.sku_id, "committed": least, "limit": data.units})
    result = {"sku_id": data.sku_id, "units": data.units, "per_buyer": data.per_buyer}
    before = (now.units, now.per_buyer) if now is not None else (None, None)
    if before == (data.units, data.per_buyer):
        return Decision([], result)
    said = events.StockLimited(data.sku_id, data.units, data.per_buyer)
    return Decision([ctx.event("stock.limited", said)], result)


def begin(room: Room) -> None:
    """Begin a broadcast: what counts against its bounds is what its own orders take."""
    for sku_id, limit_ in room.limits.items():
        _counted(room, sku_id, limit_)


def _counted(room: Room, sku_id: str, limit_: BroadcastLimit) -> BroadcastLimit:
    limit_.taken, limit_.buyers = 0, {}
    for order in room.orders.values():
        if order.broadcast == room.tonight and orders.takes(order):
            for line in order.lines:
                if line.sku_id == sku_id:
                    broadcast_limits.add(limit_, order.buyer, line.quantity)
    return limit_


def _limited(room: Room, data: events.StockLimited, event: Event) -> None:
    if data.units is None and data.per_buyer is None:
        room.limits.pop(data.sku_id, None)
        return
    limit_ = room.limits.get(data.sku_id)
    if limit_ is None:
        limit_ = room.limits[data.sku_id] = _counted(room, data.sku_id, BroadcastLimit())
    limit_.units, limit_.per_buyer = data.units, data.per_buyer


COMMANDS: Final[dict[str, Rule]] = {"stock.limit": limit}
FOLDS: Final[dict[str, Fold]] = {"stock.limited": _limited}
