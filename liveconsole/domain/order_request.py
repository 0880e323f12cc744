"""A shop that asks the console whether an order may stand (``order.request``): all lines are granted and
held, or none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from liveconsole.domain import audiences, floors, pricing, sales, stacking, stock
from liveconsole.domain.context import Context, Decision, Rule
from liveconsole.domain.kind import kind_of
from liveconsole.domain.kinds import coupon
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import commands, events
from liveconsole.messages.refusals import Refused


def request(room: Room, data: commands.OrderRequest, ctx: Context) -> Decision | Refused:
    """Decide where the shop lets the console: all lines are granted and held, or none."""
    if data.order_id in room.orders:
        return Refused("order_exists", {"order_id": data.order_id})
    named = None
    if data.cue_id is not None:
        found = sales.named(room, data.cue_id, ctx.now)
        if isinstance(found, Refused):
            return found
        named = found
        if (refused := audiences.turned_away(room, named, data.buyer.id, ctx.pasts)) is not None:
            return refused
    granted: list[events.GrantedLine] = []
    tally = _Tally(room, data.buyer.id)
    for line in data.lines:
        sku = room.skus.get(line.sku_id)
        if sku is None:
            return Refused("unknown_sku", {"sku_id": line.sku_id})
        if not room.products[sku.product_id].on_shelf:
            return Refused("off_shelf", {"product_id": sku.product_id})
        sale = named if named is not None and line.sku_id in named.sale else None
        if sale is None:
            sale = _running(room, line.sku_id, data.buyer.id, ctx)
        if sale is not None and (refused := kind_of(sale).cannot_buy(room, sale, data, ctx)) is not None:
            return refused
        refused = tally.take(line.sku_id, line.quantity, sale)
        if refused is not None:
            return refused
        price = sku.price_fen
        if sale is not None:  # never dearer than the shop
            price = min(price, sale.sale[line.sku_id].price_fen)
        cue_id = sale.cue_id if sale is not None else None
        granted.append(events.GrantedLine(line.sku_id, line.quantity, price, price * line.quantity, cue_id))
    if named is not None and all(line.cue_id != named.cue_id for line in granted):
        return Refused("unknown_sku", {"sku_id": data.lines[0].sku_id, "cue_id": named.cue_id})
    if data.coupon_id is not None:
        discounted = _discounted(room, data, granted, ctx)
        if isinstance(discounted, Refused):
            return discounted
        granted = discounted
    if (refused := _under_floor(room, data.coupon_id, granted)) is not None:
        return refused
    return _grant(room, data, granted, ctx)


def _running(room: Room, sku_id: str, buyer: str, ctx: Context) -> Cue | None:
    """The sale that runs for this buyer: who is known not to be among those for whom it is kept has the
    shop's price."""
    sale = sales.running(room, sku_id, ctx.now)
    if sale is not None and audiences.turned_away(room, sale, buyer, ctx.pasts) is not None:
        return None
    return sale


def _grant(
    room: Room, data: commands.OrderRequest, granted: list[events.GrantedLine], ctx: Context
) -> Decision:
    until = ctx.now + timedelta(seconds=room.settings.hold_seconds)
    total = sum(line.total_fen for line in granted)
    order = events.OrderGranted(data.order_id, data.buyer, granted, total, until, data.coupon_id)
    found = [ctx.event("order.granted", order)]
    if data.coupon_id is not None:
        found.append(ctx.event("coupon.used", events.CouponUsed(data.coupon_id, data.order_id)))
    lines = [
        {
            "sku_id": line.sku_id,
            "quantity": line.quantity,
            "unit_price_fen": line.unit_price_fen,
            "total_fen": line.total_fen,
            "cue_id": line.cue_id,
        }
        for line in granted
    ]
    result: dict[str, Any] = {"order_id": data.order_id, "lines": lines, "total_fen": total}
    for line in granted:
        if line.cue_id is not None:
            result |= audiences.said(room, room.cues[line.cue_id], data.buyer.id, ctx.pasts)
    return Decision(found, result)


def _discounted(
    room: Room, data: commands.OrderRequest, granted: list[events.GrantedLine], ctx: Context
) -> list[events.GrantedLine] | Refused:
    assert data.coupon_id is not None
    amounts = [(line.sku_id, line.total_fen) for line in granted]
    off = coupon.use_for_order(room, data.coupon_id, data.buyer.id, amounts, ctx.now)
    if isinstance(off, Refused):
        return off
    shares = coupon.spread(room, data.coupon_id, amounts)
    return [
        events.GrantedLine(g.sku_id, g.quantity, g.unit_price_fen, g.total_fen - share, g.cue_id)
        for g, share in zip(granted, shares, strict=True)
    ]


def _under_floor(room: Room, coupon_id: str | None, granted: list[events.GrantedLine]) -> Refused | None:
    """The last gate: whatever let it come so far, no unit is granted under the floor of its SKU."""
    for line in granted:
        floor = pricing.floor_of(room, line.sku_id)
        if floor is not None and line.total_fen < floor * line.quantity:
            amounts = [(g.sku_id, g.unit_price_fen * g.quantity) for g in granted]
            found = coupon.cue_and_sum(room, coupon_id, amounts) if coupon_id is not None else None
            sale = room.cues[line.cue_id] if line.cue_id is not None else None
            lowest = stacking.way_to(line.unit_price_fen, line.total_fen // line.quantity, sale, found)
            return Refused("below_price_floor", floors.told(line.sku_id, floor, lowest))
    return None


class _Tally:
    """What the lines of one request have taken so far, against what is there."""

    def __init__(self, room: Room, buyer: str) -> None:
        self._room, self._buyer = room, buyer
        self._units: dict[str, int] = {}
        self._bought: dict[str, int] = {}

    def take(self, sku_id: str, quantity: int, sale: Cue | None) -> Refused | None:
        taken = self._units.get(sku_id, 0)
        if sale is None:
            available = stock.available(self._room, sku_id) - taken
            if quantity > available:
                return _short(sku_id, available, None)
        else:
            most = sales.limit(sale)
            left = min(sale.sale[sku_id].left, self._room.skus[sku_id].free) - taken
            if quantity > left:
                return _short(sku_id, left, sale.cue_id)
            bought = sales.bought(sale, self._buyer) + self._bought.get(sale.cue_id, 0)
            if bought + quantity > most:
                limit = {"limit": most, "bought": bought, "cue_id": sale.cue_id}
                return Refused("buyer_limit", limit)
            self._bought[sale.cue_id] = self._bought.get(sale.cue_id, 0) + quantity
        self._units[sku_id] = taken + quantity
        return None


def _short(sku_id: str, available: int, cue_id: str | None) -> Refused:
    params: dict[str, Any] = {"sku_id": sku_id, "available": max(0, available)}
    if cue_id is not None:
        params["cue_id"] = cue_id
    if available > 0:
        params["because"] = "stock_short"
    return Refused("sold_out", params)


COMMANDS: Final[dict[str, Rule]] = {"order.request": request}
