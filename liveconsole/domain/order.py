"""Orders: granted by the console, or told by a platform, in any order and any number of times.

What an order takes (nothing, a hold, sold units) follows from what is known of it alone: closed beats paid,
paid beats waiting. The stock and sale figures are sums of what orders take, moved in one place
(`_changing`), so facts of an order converge to the same figures whatever their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from liveconsole.domain import broadcast_limits, given, groups, holds, sales, untold
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.first_orders import by_how_much, key, stands
from liveconsole.domain.late import tonight
from liveconsole.domain.order_units import units_of
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.domain.room_orders import Line, OffBeyond, Order, OrderStatus, OrderTotals
from liveconsole.messages import commands, events, facts
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused

AFTERSALES_KEPT: Final = 20
"""After-sales that are remembered of one order."""
OFF_KEPT: Final = 1_000
"""Orders off their price that are looked at one by one; of more only how many, and by how much at most."""


# Folds ----------------------------------------------------------------------------------------------


def takes(order: Order) -> str:
    """``""``, ``held`` or ``sold``: what of the stock this order has."""
    if order.closed or not order.counted:
        return ""
    if order.paid:
        return "sold"
    return "" if order.lapsed else "held"


def _weigh(room: Room, order: Order, sign: int) -> None:
    """Adds what the order takes to every figure that it touches, or takes it away again."""
    taken = takes(order)
    if taken:
        for line in order.lines:
            _weigh_line(room, order.buyer, line, sign * line.quantity, sold=taken == "sold")
        if order.coupon_id is not None:
            _weigh_coupon(room, order, sign, sold=taken == "sold")
        groups.weigh(room, order, sign)
        if order.broadcast == room.tonight:
            broadcast_limits.weigh(room, order, sign)
    if order.broadcast == room.tonight:
        tally(room.totals, order, sign)


def tally(totals: OrderTotals, order: Order, sign: int) -> None:
    """Adds the order to the totals of its broadcast (``sign`` 1), or takes it out of them (-1)."""
    taken = takes(order)
    known = order.counted or order.placed
    totals.placed += sign * known
    totals.closed += sign * (known and order.closed)
    totals.unpaid += sign * (known and not order.closed and not order.paid)
    totals.unmatched += sign * is_unmatched(order)
    if order.aftersales:
        totals.aftersales += sign * sum(how not in facts.AFTERSALE_OVER for how in order.aftersales.values())
    if taken == "sold":
        totals.paid += sign
        units = units_of(order.lines)
        totals.units += sign * units.sold
        totals.gift_units += sign * units.gifts
    elif known and order.paid and not order.closed:
        totals.paid += sign
    if order.paid:
        totals.gmv_fen += sign * order.paid_fen
        if order.closed:
            totals.refund_owed_fen += sign * max(0, order.paid_fen - order.refund_fen)
    if order.refund_fen:
        totals.refunded += sign
        totals.refund_fen += sign * order.refund_fen


def _weigh_line(room: Room, buyer: str, line: Line, units: int, *, sold: bool) -> None:
    sku = room.skus[line.sku_id]
    cue = room.cues.get(line.cue_id) if line.cue_id is not None else None
    count = cue.sale.get(line.sku_id) if cue is not None else None
    if sold:
        sku.sold += units
        sku.on_hand -= units
    else:
        sku.held += units
    if cue is not None:
        _give(cue, given.off_price(line.regular_fen, line.unit_price_fen, units), sold=sold)
        if count is not None:
            _weigh_sale(cue, count, buyer, units, sold=sold)
            untold.reckon(room, cue)


def _weigh_coupon(room: Room, order: Order, sign: int, *, sold: bool) -> None:
    """Also of a coupon that was returned when the order lapsed, and was paid with all the same."""
    used = room.coupons.get(order.coupon_id or "")
    if used is not None:
        amounts = (line.quantity * line.unit_price_fen for line in order.lines)
        _give(
            room.cues[used.cue_id],
            sign * given.off_coupon(amounts, order.total_fen, order.member_off_fen),
            sold=sold,
        )


def _give(cue: Cue, fen: int, *, sold: bool) -> None:
    if sold:
        cue.given_fen += fen
    else:
        cue.given_held_fen += fen


def _weigh_sale(cue: Cue, count: SaleCount, buyer: str, units: int, *, sold: bool) -> None:
    if sold:
        count.sold += units
    else:
        count.held += units
    limit, before = sales.limit(cue), cue.buyers.get(buyer, 0)
    after = before + units
    cue.over_limit += max(0, after - limit) - max(0, before - limit)
    if after:
        cue.buyers[buyer] = after
    else:
        cue.buyers.pop(buyer, None)


def recount(room: Room, cue: Cue) -> None:
    """What orders have of a sale whose tally begins anew: one that was refused after a platform sold in it,
    and was edited then."""
    cue.buyers, cue.over_limit = {}, 0  # what was given stands in prices that no edit changes
    for order in room.orders.values():
        taken = takes(order)
        for line in order.lines if taken else ():
            count = cue.sale.get(line.sku_id) if line.cue_id == cue.cue_id else None
            if count is not None:
                _weigh_sale(cue, count, order.buyer, line.quantity, sold=taken == "sold")
    untold.reckon(room, cue)


def is_unmatched(order: Order) -> bool:
    """Tell whether a SKU, sale or amount in it is not one that the room knows of."""
    if order.unmatched or not (order.counted or order.placed):
        return bool(order.unmatched) or order.paid or order.refund_fen > 0
    return order.paid and (order.paid_fen > order.total_fen or order.refund_fen > order.paid_fen)


def release(room: Room, order: Order) -> None:
    """The order leaves the room: what it holds is free again, what it was sold stays sold."""
    if takes(order) == "held":
        for line in order.lines:
            _weigh_line(room, order.buyer, line, -line.quantity, sold=False)
        if order.coupon_id is not None:
            _weigh_coupon(room, order, -1, sold=False)
    groups.weigh(room, order, -1)
    room.off_orders.pop(order.order_id, None)
    del room.orders[order.order_id]


@contextmanager
def _changing(room: Room, event: Event) -> Iterator[Order]:
    """The order, known or new, with every figure moved by how it changes inside."""
    order_id: str = event.data.order_id  # type: ignore[attr-defined]
    order = room.orders.get(order_id)
    if order is None:
        order = room.orders[order_id] = Order(order_id, broadcast=room.tonight, told_at=event.at)
    _weigh(room, order, -1)
    yield order
    order.status = status(order)
    if order_id in room.off_orders and not any(stands(order, code) for code in order.off_open):
        del room.off_orders[order_id]  # it came to nothing, or the difference was given back
    if order.closed:
        room.coupons_over.pop(order_id, None)
    _weigh(room, order, 1)
    for line in order.lines:
        _calm(room, line.sku_id)
    groups.owe(room, order)
    if order.closed or order.lapsed or (order.paid and not groups.waits(room, order)):
        holds.let_go(room, order_id)


def _calm(room: Room, sku_id: str) -> None:
    """A SKU of which nothing is oversold any more forgets when it was: in whatever order it was told."""
    sku = room.skus[sku_id]
    if sku.oversold_at is None or sku.oversold:
        return
    if not any(sku_id in cue.sale and sales.oversold(cue) for cue in room.cues.values()):
        sku.oversold_at = None


def status(order: Order) -> OrderStatus:
    """Return the furthest that is known."""
    if order.closed:
        return "closed"
    if order.paid:
        return "paid"
    if order.placed:
        return "placed"
    return "held" if order.origin == "console" else "seen"


def _aftersale(room: Room, data: facts.AftersaleUpdated, event: Event) -> None:
    """Of an order that the room does not have it is on the log alone; so is a step that came before the one
    that is known."""
    order, id_ = room.orders.get(data.order_id), data.aftersale_id
    if order is None or (id_ not in order.aftersales and len(order.aftersales) >= AFTERSALES_KEPT):
        return
    known = order.aftersale_times.get(id_)
    if known is not None and event.time is not None and event.time < known:
        return
    with _changing(room, event):
        order.aftersales[id_] = data.status
        if event.time is not None:
            order.aftersale_times[id_] = event.time


def _granted(room: Room, data: events.OrderGranted, event: Event) -> None:
    room.orders[data.order_id] = order = Order(
        order_id=data.order_id,
        status="held",
        buyer=data.buyer.id,
        lines=[
            Line(g.sku_id, g.quantity, g.unit_price_fen, g.cue_id, room.skus[g.sku_id].price_fen)
            for g in data.lines
        ],
        total_fen=data.total_fen,
        origin="console",
        counted=True,
        hold_until=data.hold_until,
        coupon_id=data.coupon_id,
        member_off_fen=given.of_member(data.discounts or ()),
        group_id=data.group_id or None,
        placed_at=event.at,
        broadcast=room.tonight,
        told_at=event.at,
    )
    holds.hold(room, data.order_id, data.hold_until)
    room.orders_seen_at = event.at
    _weigh(room, order, 1)


def tell(order: Order, data: Any, at: datetime) -> None:
    """What a fact says of the order itself, in the room's memory and in the books alike."""
    match data:
        case facts.OrderPlaced():
            if not order.counted and not order.placed:
                order.buyer, order.total_fen, order.cue_id = data.buyer.id, data.total_fen, data.cue_id
                order.placed_at = at
            order.placed = True
        case facts.OrderPaid():
            order.payments.told(data.paid_fen, data.payment_id)
            order.paid, order.paid_fen = True, order.payments.fen
        case facts.OrderClosed():
            order.closed, order.close_reason = True, order.close_reason or data.reason
        case facts.OrderRefunded():
            order.refunds.told(data.refund_fen, data.refund_id)
            order.refund_fen = order.refunds.fen


def _told(room: Room, data: Any, event: Event) -> None:
    with _changing(room, event) as order:
        if isinstance(data, facts.OrderPlaced) and not (order.counted or order.placed):
            order.broadcast = room.tonight  # an earlier one knew of no more than its payment
        tell(order, data, event.at)
    if order.broadcast == room.tonight:
        room.orders_seen_at = event.at


def _lapsed(room: Room, data: events.OrderLapsed, event: Event) -> None:
    with _changing(room, event) as order:
        order.lapsed = True


def _counted(room: Room, data: events.OrderCounted, event: Event) -> None:
    with _changing(room, event) as order:
        if not order.counted:
            order.counted = True
            order.lines = [
                Line(c.sku_id, c.quantity, c.unit_price_fen, c.cue_id, room.skus[c.sku_id].price_fen)
                for c in data.lines
            ]
            order.unmatched = data.unmatched
            if isinstance(off := data.off, events.OrderOff):
                order.off = off
                _ring(room, order, off)


def settle(room: Room, data: commands.PricesSettle, ctx: Context) -> Decision | Refused:
    """Take a person's word that what the orders so far showed about a price is seen to."""
    found = [
        order_id
        for order_id in room.off_orders
        if (order := room.orders[order_id]).off is not None
        and order.off.cue_id == data.cue_id
        and data.code in order.off_open
    ]
    settled = events.PricesSettled(data.code, data.cue_id)
    beyond = room.off_beyond.get(key(data.code, data.cue_id))
    count = len(found) + (beyond.count if beyond is not None else 0)
    return Decision([ctx.event("prices.settled", settled)] if count else [], {"orders": count})


def _settled(room: Room, data: events.PricesSettled, event: Event) -> None:
    room.off_beyond.pop(key(data.code, data.cue_id), None)
    for order_id in list(room.off_orders):
        order = room.orders[order_id]
        if order.off is not None and order.off.cue_id == data.cue_id and data.code in order.off_open:
            order.off_open = [code for code in order.off_open if code != data.code]
            if not order.off_open:
                del room.off_orders[order_id]


def _ring(room: Room, order: Order, off: events.OrderOff) -> None:
    codes = [code for code in (off.code, off.floor and "floor_broken") if code]
    if len(room.off_orders) < OFF_KEPT:
        order.off_open = codes
        room.off_orders[order.order_id] = None
        return
    for code in codes:
        found = room.off_beyond.setdefault(key(code, off.cue_id), OffBeyond(code, 0, 0, order.order_id))
        found.count += 1
        found.most_fen = max(found.most_fen, by_how_much(off, code))


COMMANDS: Final[dict[str, Rule]] = {"prices.settle": settle}
FOLDS: Final[dict[str, Fold]] = {
    "order.granted": _granted,
    "order.placed": tonight(_told),
    "order.counted": tonight(_counted),
    "order.paid": tonight(_told),
    "order.closed": tonight(_told),
    "order.refunded": tonight(_told),
    "order.lapsed": _lapsed,
    "prices.settled": _settled,
    "aftersale.updated": tonight(_aftersale),
}
