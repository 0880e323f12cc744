"""首单核价: what an order came to beside what was promised, and beside the floor; judged once, as it comes.

Promised is a span. The dearest is the price in force of each line without a coupon; the cheapest is that
price with every coupon that may meet in one order, by the rules of `stacking`. Within `GRACE` of a start or
an end both prices are fair, for a platform tells of its orders some seconds late. What the platform pays
itself (`PLATFORM_PAID`) is no price of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from liveconsole.domain import sales
from liveconsole.domain.audiences import audience_of
from liveconsole.domain.discount import discount_of
from liveconsole.domain.fitting import products_of
from liveconsole.domain.kind import kind_of, kinds
from liveconsole.domain.pricing import floor_of
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_orders import Line, Order
from liveconsole.domain.stacking import RUNS, OffersThatMeet
from liveconsole.domain.together import parts_of
from liveconsole.messages.events import OrderOff, UnderFloor
from liveconsole.messages.facts import Discount, OrderPlaced
from liveconsole.messages.fields import FEN_MOST

GRACE: Final = timedelta(seconds=10)
PLATFORM_PAID: Final = frozenset({"platform", "subsidy", "points"})
"""Kinds of discount that are paid by the platform: they reach us in full."""
LAYERS_KEPT: Final = 5
"""Of an order's own discounts, the largest."""


class _Promised(Struct, frozen=True):
    """One line: the least and the most that its units may cost without coupons; by which sale."""

    low_fen: int
    high_fen: int
    sale: Cue | None


def judged(
    room: Room, data: OrderPlaced, lines: Sequence[Line], named: Cue | None, now: datetime
) -> OrderOff | None:
    """Return how an order differs from what was promised; None where it does not, or where its goods are not
    all known."""
    if not lines or len(lines) != len(data.lines):
        return None
    regular = sum(room.skus[line.sku_id].price_fen * line.quantity for line in lines)
    plain = data.goods_fen == regular and not data.discounts  # most are: nobody asks what ended before
    promised = [_promised(room, line, data.buyer.id, named, now, plain=plain) for line in lines]
    asked = data.goods_fen + sum(d.fen for d in data.discounts if d.kind in PLATFORM_PAID)
    coupon = _coupon_of(room, data)
    high = sum(line.high_fen for line in promised)
    if coupon is not None:
        high -= _takes_off(room, coupon, lines, promised)
    sale = next((line.sale for line in promised if line.sale is not None), None)
    if data.goods_fen > high:
        about = coupon or sale
        cue_id = about.cue_id if about is not None else None
        return OrderOff("above_promise", data.goods_fen - high, high, data.goods_fen, cue_id)
    low, offs = sum(line.low_fen for line in promised), [0] * len(lines)
    if asked < low or asked < sum(_amount(line) for line in lines):
        offers = OffersThatMeet(room, None, None, RUNS)
        offs = offers.off_order(
            [(room.skus[line.sku_id].product_id, p.low_fen) for line, p in zip(lines, promised, strict=True)]
        )
    low -= sum(offs)
    floor = _under_floor(room, lines, asked, offs, now)
    if asked >= low and floor is None:
        return None
    about = sale or coupon or _only_coupon(room)
    below = asked < low
    low, asked = min(low, FEN_MOST), min(asked, FEN_MOST)  # of very many units: no amount is larger
    return OrderOff(
        "below_promise" if below else "",
        max(0, low - asked),
        low,
        asked,
        about.cue_id if about is not None else None,
        _layers(data.discounts) if below else [],
        floor,
    )


def key(code: str, cue_id: str | None) -> str:
    """Return what an alarm of these orders goes by."""
    return f"{code} {cue_id or ''}"


def by_how_much(off: OrderOff, code: str) -> int:
    """Return by how many 分 an order is off; under a floor, one unit of it."""
    return off.floor.floor_fen - off.floor.fen if code == "floor_broken" and off.floor else off.by_fen


def stands(order: Order, code: str) -> bool:
    """Tell whether somebody still has to see to it: an order that came to nothing, or whose difference was
    given back, is mended."""
    off = order.off
    if off is None or code not in order.off_open or order.closed:
        return False
    if code == "above_promise":
        return order.refund_fen < off.by_fen
    return not order.paid or order.refund_fen < order.paid_fen


def _amount(line: Line) -> int:
    return line.quantity * line.unit_price_fen


def _promised(
    room: Room, line: Line, buyer: str, named: Cue | None, now: datetime, *, plain: bool
) -> _Promised:
    regular, units = room.skus[line.sku_id].price_fen, line.quantity
    counted = room.cues.get(line.cue_id or "")
    if counted is not None and line.sku_id in counted.sale and not sales.by_unit(counted, line.sku_id):
        low, high = _of_lot(room, counted, line)
        return _Promised(low, high if counted.status == "on_air" else max(high, regular * units), counted)
    if named is None and counted is not None and kind_of(counted).BY_NAME:
        named = counted
    if named is not None and sales.by_unit(named, line.sku_id):
        fen = min(regular, named.sale[line.sku_id].price_fen)
        # nobody knows yet whether it began, or whether this buyer is one of those for whom it is kept
        asked = named.status in ("firing", "unknown") or audience_of(named.spec) is not None
        return _Promised(fen * units, (regular if asked else fen) * units, named)
    sale = sales.running(room, line.sku_id, now)
    if sale is not None:
        count = sale.sale[line.sku_id]
        fen = min(regular, count.price_fen)
        begun = sale.on_air_at is not None and now - sale.on_air_at >= GRACE
        his = begun and audience_of(sale.spec) is None
        there = min(count.to_give, sales.limit(sale) - sales.bought(sale, buyer)) if his else 0
        in_sale = min(units, max(0, there))
        return _Promised(fen * units, fen * in_sale + regular * (units - in_sale), sale)
    lot = _lot_lately(room, line, now) if not plain else None
    if lot is not None:
        return _Promised(min(_of_lot(room, lot, line)[0], regular * units), regular * units, lot)
    last = _last(room, line.sku_id) if not plain else None
    if last is None:
        return _Promised(regular * units, regular * units, None)
    fair = last.status != "ended" or (last.ended_at is not None and now - last.ended_at < GRACE)
    fen = min(regular, last.sale[line.sku_id].price_fen) if fair else regular
    return _Promised(fen * units, regular * units, last)


def _of_lot(room: Room, cue: Cue, line: Line) -> tuple[int, int]:
    """What units cost that came in a bundle: their part of its price, in whole 分 down and up."""
    for offer in kind_of(cue).offers(cue.spec).together:
        for part in parts_of(room, offer):
            if part.sku_id == line.sku_id:
                fen = part.fen * line.quantity
                return fen // part.units, -(-fen // part.units)
    return 0, 0


def _lot_lately(room: Room, line: Line, now: datetime) -> Cue | None:
    """The bundle or gift that a line may be of though nothing says so: one that is being asked for, or that
    ended a moment ago."""
    if line.cue_id is not None:
        return None
    for cue in room.cues.values():
        if line.sku_id in cue.sale and not sales.by_unit(cue, line.sku_id):
            lately = cue.ended_at is not None and now - cue.ended_at < GRACE
            if cue.status in ("firing", "unknown") or (cue.status == "ended" and lately):
                return cue
    return None


def _last(room: Room, sku_id: str) -> Cue | None:
    """The sale of the SKU that was asked for and is not open: the latest, which an old price may be of."""
    found = [
        cue
        for cue in room.cues.values()
        if sales.by_unit(cue, sku_id) and cue.status in ("firing", "unknown", "on_air", "ended")
    ]
    return max(found, key=lambda cue: (cue.ended_at or cue.added_at, cue.cue_id), default=None)


def _coupon_of(room: Room, data: OrderPlaced) -> Cue | None:
    """The promotion of the coupon that the order says it was paid with."""
    handed_out = {kind.NAME for kind in kinds() if kind.HANDS_OUT}
    ids = [data.cue_id, *(d.id for d in data.discounts if d.kind in handed_out)]
    for id_ in ids:
        claimed = room.coupons.get(id_ or "")
        cue = room.cues.get(claimed.cue_id if claimed is not None else id_ or "")
        if cue is not None and kind_of(cue).HANDS_OUT and cue.on_air_at is not None:
            return cue
    return _only_coupon(room) if any(d.kind in handed_out for d in data.discounts) else None


def _only_coupon(room: Room) -> Cue | None:
    """The coupon that is being given out, where there is one only."""
    out = [cue for cue in room.cues.values() if kind_of(cue).HANDS_OUT and cue.status == "on_air"]
    return out[0] if len(out) == 1 else None


def _takes_off(room: Room, coupon: Cue, lines: Sequence[Line], promised: Sequence[_Promised]) -> int:
    found = 0
    for off in kind_of(coupon).offers(coupon.spec).rules:
        within = products_of(off.scope)
        whole = sum(
            price.high_fen
            for line, price in zip(lines, promised, strict=True)
            if within is None or room.skus[line.sku_id].product_id in within
        )
        found += discount_of(off.rule, whole)
    return found


def _under_floor(
    room: Room, lines: Sequence[Line], asked: int, offs: Sequence[int], now: datetime
) -> UnderFloor | None:
    """The line that is furthest under its floor. What was taken off an order falls on its lines as the known
    coupons share it, and beyond these by amount."""
    floors = [None if _came_along(room, line, now) else floor_of(room, line.sku_id) for line in lines]
    if all(floor is None for floor in floors):
        return None
    amounts = [_amount(line) for line in lines]
    whole, known = sum(amounts), sum(offs)
    taken = whole - asked
    worst: UnderFloor | None = None
    for line, amount, off, floor in zip(lines, amounts, offs, floors, strict=True):
        if floor is None:
            continue
        if 0 < taken <= known:
            share = off * taken // known
        else:
            share = off + (taken - known) * amount // whole if whole else 0
        fen = (amount - share) // line.quantity
        if amount - share < floor * line.quantity and (
            worst is None or fen - floor < worst.fen - worst.floor_fen
        ):
            worst = UnderFloor(line.sku_id, fen, floor)
    return worst


def _came_along(room: Room, line: Line, now: datetime) -> bool:
    """A gift stands at 0 against no floor."""
    cue = room.cues.get(line.cue_id or "")
    if cue is None and not line.unit_price_fen:
        cue = _lot_lately(room, line, now)
    return cue is not None and bool(kind_of(cue).offers(cue.spec).gifts)


def _layers(discounts: Sequence[Discount]) -> list[Discount]:
    """Our own, the largest first: one of them broke it."""
    ours = [d for d in discounts if d.fen and d.kind not in PLATFORM_PAID]
    return sorted(ours, key=lambda d: (-d.fen, d.kind))[:LAYERS_KEPT]
