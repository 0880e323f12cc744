"""What follows from a platform's word about an order: units counted, promises found broken, sales ended.

The room that is read is the one before the fact; each function gives the events after the fact's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from liveconsole.domain import fire, sales
from liveconsole.domain.context import Context
from liveconsole.domain.first_orders import judged
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_orders import Line, Order
from liveconsole.domain.together import sells_lots, short_of_a_lot, whole
from liveconsole.messages import events, facts
from liveconsole.messages.envelope import Event

_COUNTS_FOR: frozenset[str] = frozenset({"firing", "unknown", "on_air", "ended"})
"""An order that names its sale counts to it from the moment the platform was asked, also after the end."""


def follow(room: Room, data: Any, ctx: Context) -> list[Event]:
    """Return what an order fact brings with it."""
    order = room.orders.get(data.order_id)
    if isinstance(data, facts.OrderPlaced):
        return [] if order is not None and order.counted else _count(room, data, order, ctx)
    if order is None or not order.counted or order.closed:
        return []
    if isinstance(data, facts.OrderPaid) and not order.paid:
        return _pay(room, order, ctx)
    if isinstance(data, facts.OrderClosed) and not order.paid:
        return [*returned_coupon(room, order, ctx), *sold_out_without(room, [order], ctx)]
    return []


def returned_coupon(room: Room, order: Order, ctx: Context) -> list[Event]:
    """Return the coupon of an order that came to nothing, if the order still has it; an order that was paid
    with it in the meantime takes it at once."""
    coupon = room.coupons.get(order.coupon_id) if order.coupon_id is not None else None
    if coupon is None or coupon.order_id != order.order_id:
        return []
    found = [ctx.event("coupon.returned", events.CouponReturned(coupon.coupon_id, order.order_id))]
    owed_to = [id_ for id_, of in room.coupons_over.items() if of == coupon.coupon_id]
    if owed_to:
        found.append(ctx.event("coupon.used", events.CouponUsed(coupon.coupon_id, owed_to[0])))
    return found


def _retaken_coupon(room: Room, order: Order, ctx: Context) -> list[Event]:
    """The coupon of an order that is paid after its hold: taken again, or told to be another order's."""
    coupon = room.coupons.get(order.coupon_id) if order.coupon_id is not None else None
    if coupon is None or coupon.order_id == order.order_id:
        return []
    if coupon.order_id is None:
        return [ctx.event("coupon.used", events.CouponUsed(coupon.coupon_id, order.order_id))]
    over = events.CouponOverused(coupon.coupon_id, order.order_id, coupon.order_id)
    return [ctx.event("coupon.overused", over)]


def _count(room: Room, data: facts.OrderPlaced, order: Order | None, ctx: Context) -> list[Event]:
    unmatched: list[str] = []
    named = room.cues.get(data.cue_id) if data.cue_id is not None else None
    if data.cue_id is not None and (named is None or named.status not in _COUNTS_FOR):
        unmatched.append(data.cue_id)
        named = None
    lines: list[Line] = []
    together = _together(room, data, named, ctx)
    for place, line in enumerate(data.lines):
        if line.sku_id not in room.skus:
            unmatched.append(line.sku_id)
            continue
        if place in together:
            lines.append(Line(line.sku_id, line.quantity, line.unit_price_fen, together[place]))
            continue
        if (gift := _gift(room, line, named, ctx)) is not None:
            lines.append(Line(line.sku_id, line.quantity, line.asked_fen, gift.cue_id))
            continue
        sale = named if named is not None and sales.by_unit(named, line.sku_id) else None
        if sale is None:
            sale = sales.at_price(room, line.sku_id, line.unit_price_fen, ctx.now)
        cue_id = sale.cue_id if sale is not None else None
        lines.append(Line(line.sku_id, line.quantity, line.asked_fen, cue_id))
    if data.goods_fen > sum(line.unit_price_fen * line.quantity for line in data.lines):
        unmatched.append("total_fen")
    closed = order is not None and order.closed
    over = _Over(room, data.buyer.id) if not closed else None
    off = judged(room, data, lines, named, ctx.now) or UNSET
    found = _counted(data.order_id, lines, unmatched, over, ctx, off=off)
    if over is not None:
        paid = order is not None and order.paid
        found += _consequences(room, data.order_id, lines, over, ctx, paid=paid)
    return found


def _gift(room: Room, line: facts.OrderLine, named: Cue | None, ctx: Context) -> Cue | None:
    """The promotion that a line came with which cost nothing: the one that the order names, else on air."""
    if line.asked_fen:
        return None
    cues = [*([named] if named is not None else []), *sales.running_lots(room, ctx.now)]
    return next((cue for cue in cues if _gives(cue, line.sku_id)), None)


def _gives(cue: Cue, sku_id: str) -> bool:
    return any(offer.sku_id == sku_id for offer in kind_of(cue).offers(cue.spec).gifts)


def _together(room: Room, data: facts.OrderPlaced, named: Cue | None, ctx: Context) -> dict[int, str]:
    """Return which lines were bought in a bundle, by their places: the one that the order names, or one on
    air whose goods they are, for its price or under it by a coupon."""
    open_ = [cue for cue in sales.running_lots(room, ctx.now) if cue is not named]
    for cue in [*([named] if named is not None else []), *open_]:
        for offer in kind_of(cue).offers(cue.spec).together:
            ids = {sku_id for sku_id, _ in offer.items}
            places = [place for place, line in enumerate(data.lines) if line.sku_id in ids]
            units: dict[str, int] = {}
            for place in places:
                line = data.lines[place]
                units[line.sku_id] = units.get(line.sku_id, 0) + line.quantity
            lots = whole(offer.items, units)
            asked = sum(data.lines[place].unit_price_fen * data.lines[place].quantity for place in places)
            exact = lots > 0 and all(units[sku_id] == count * lots for sku_id, count in offer.items)
            if lots and (cue is named or (exact and asked <= offer.fen * lots)):
                return dict.fromkeys(places, cue.cue_id)
    return {}


def _pay(room: Room, order: Order, ctx: Context) -> list[Event]:
    if not order.lapsed:
        return _sold_out(room, order.lines, ctx)
    over = _Over(room, order.buyer)
    found = _counted(order.order_id, order.lines, [], over, ctx, retaken=True)
    found += _retaken_coupon(room, order, ctx)
    return found + _consequences(room, order.order_id, order.lines, over, ctx, paid=True)


def _counted(
    order_id: str,
    lines: list[Line],
    unmatched: list[str],
    over: _Over | None,
    ctx: Context,
    *,
    retaken: bool = False,
    off: events.OrderOff | UnsetType = UNSET,
) -> list[Event]:
    counted = [
        events.CountedLine(
            line.sku_id,
            line.quantity,
            line.cue_id,
            over.take(line) if over is not None else 0,
            line.unit_price_fen,
        )
        for line in lines
    ]
    return [ctx.event("order.counted", events.OrderCounted(order_id, counted, unmatched, retaken, off))]


class _Over:
    """How far the lines of one order go beyond stock, a sale's quantity and the buyer's limit."""

    def __init__(self, room: Room, buyer: str) -> None:
        self._room, self._buyer = room, buyer
        self._units: dict[tuple[str, str | None], int] = {}
        self._bought: dict[str, int] = {}
        self.found: dict[tuple[str, str | None], int] = {}
        """(sku id, cue id) → units beyond."""

    def take(self, line: Line) -> int:
        sku = self._room.skus[line.sku_id]
        of_sku = sum(units for (sku_id, _), units in self._units.items() if sku_id == line.sku_id)
        key = (line.sku_id, line.cue_id)
        cue = self._room.cues.get(line.cue_id or "")  # of a sale that has left only the stock is asked
        count = cue.sale.get(line.sku_id) if cue is not None else None
        # What was read off as gone has left the stock: an order that tells of it takes nothing more.
        there = sku.on_hand + (count.untold if count is not None else 0)
        over = _beyond(sku.held + of_sku, line.quantity, there)
        if cue is not None and count is not None:
            taken = count.held + count.sold + self._units.get(key, 0)
            bought = cue.buyers.get(self._buyer, 0) + self._bought.get(cue.cue_id, 0)
            over = max(
                over,
                _beyond(taken, line.quantity, count.quantity),
                _beyond(bought, line.quantity, sales.limit(cue)),
            )
            self._bought[cue.cue_id] = self._bought.get(cue.cue_id, 0) + line.quantity
        self._units[key] = self._units.get(key, 0) + line.quantity
        if over:
            self.found[key] = self.found.get(key, 0) + over
        return over


def _beyond(taken: int, more: int, bound: int) -> int:
    """Of ``more`` units, those past ``bound``."""
    return max(0, taken + more - bound) - max(0, taken - bound)


def _consequences(
    room: Room, order_id: str, lines: list[Line], over: _Over, ctx: Context, *, paid: bool
) -> list[Event]:
    found = [
        ctx.event("stock.oversold", events.Oversold(sku_id, units, order_id, cue_id))
        for (sku_id, cue_id), units in over.found.items()
    ]
    broken = {cue_id for _, cue_id in over.found if cue_id is not None}
    for cue_id in sorted(broken):
        cue = room.cues.get(cue_id)
        # What a person set up at the platform may have been given more there: that is asked first.
        if cue is not None and cue.status in fire.RUNNING and does(room, cue) != "person":
            found.append(fire.end(room, cue, ctx, "stopped", "oversold"))
    if paid:
        found += _sold_out(room, lines, ctx, broken)
    return found


def _sold_out(room: Room, lines: Iterable[Line], ctx: Context, broken: Collection[str] = ()) -> list[Event]:
    """The end of every sale of which these lines, paid now, are the last units, and of every lot that can no
    longer be made whole: one of its goods has left the shop. Those that the same lines have ``broken`` are
    over already, or wait for a person's answer."""
    by_sale: dict[str, dict[str, int]] = {}
    left: dict[str, int] = {}
    for line in lines:
        left[line.sku_id] = left.get(line.sku_id, room.skus[line.sku_id].on_hand) - line.quantity
        if line.cue_id is not None:
            sold = by_sale.setdefault(line.cue_id, {})
            sold[line.sku_id] = sold.get(line.sku_id, 0) + line.quantity
    gone = {
        cue.cue_id
        for cue in sales.running_lots(room, ctx.now)
        if any(left.get(sku_id, count.lot) < count.lot for sku_id, count in cue.sale.items())
    }
    found = []
    for cue_id in dict.fromkeys([*by_sale, *sorted(gone)]):
        cue = room.cues.get(cue_id)
        if cue is None or cue.status != "on_air" or cue_id in broken:
            continue
        if does(room, cue) == "person" and sales.oversold(cue):
            # Orders beyond the quantity have asked a person whether the platform was given more.
            continue
        if cue_id in gone or _is_gone(cue, by_sale[cue_id]):
            found.append(fire.end(room, cue, ctx, "sold_out"))
    return found


def sold_out_without(room: Room, orders: Iterable[Order], ctx: Context) -> list[Event]:
    """Return the end of every sale of a person of which all is sold, and was not ended because more than all
    was taken: these orders, which come to nothing now, were what was too much."""
    freed: dict[str, Counter[str]] = {}
    buyers: dict[str, Counter[str]] = {}
    for order in orders:
        if not order.counted or order.paid or order.closed or order.lapsed:
            continue
        for line in order.lines:
            if line.cue_id is not None:
                freed.setdefault(line.cue_id, Counter())[line.sku_id] += line.quantity
                buyers.setdefault(line.cue_id, Counter())[order.buyer] += line.quantity
    found = []
    for cue_id, units in freed.items():
        cue = room.cues.get(cue_id)
        if cue is None or not sales.is_open(cue, ctx.now) or does(room, cue) != "person":
            continue
        if not all(count.set_aside for count in cue.sale.values()):
            continue
        most = sales.limit(cue)
        over = cue.over_limit - sum(
            max(0, sales.bought(cue, buyer) - most) - max(0, sales.bought(cue, buyer) - left - most)
            for buyer, left in buyers[cue_id].items()
        )
        beyond = any(c.held - units[id_] + c.sold > c.quantity for id_, c in cue.sale.items())
        if over <= 0 and not beyond and sales.oversold(cue) and _is_gone(cue, {}):
            found.append(fire.end(room, cue, ctx, "sold_out"))
    return found


def _is_gone(cue: Cue, sold: Mapping[str, int]) -> bool:
    if sells_lots(cue):
        return short_of_a_lot(cue, sold)
    return all(count.sold + sold.get(sku_id, 0) >= count.quantity for sku_id, count in cue.sale.items())
