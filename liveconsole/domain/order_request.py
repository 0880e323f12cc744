"""A shop that asks the console whether an order may stand (``order.request``): all lines are granted and
held, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from liveconsole.domain import (
    audiences,
    broadcast_limits,
    floors,
    groups,
    member_prices,
    pricing,
    sales,
    stacking,
    stock,
)
from liveconsole.domain.context import Context, Decision, Rule
from liveconsole.domain.gifts import Bought, CameWith, brought, off_lines, worth
from liveconsole.domain.kind import GivenWith, TogetherPrice, kind_of
from liveconsole.domain.kinds import coupon
from liveconsole.domain.member_prices import MemberOff
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.together import by_unit_price, parts_of, whole
from liveconsole.messages import commands, events
from liveconsole.messages.facts import Discount
from liveconsole.messages.fields import FEN_MOST
from liveconsole.messages.refusals import Refused


def request(room: Room, data: commands.OrderRequest, ctx: Context) -> Decision | Refused:
    """Decide where the shop lets the console: all lines are granted and held, or none."""
    if data.order_id in room.orders:
        return Refused("order_exists", {"order_id": data.order_id})
    named, gone = None, []
    if data.cue_id is not None:
        found = sales.named(room, data.cue_id, ctx.now)
        if not isinstance(found, Refused):
            named = found
        elif _given_away(room, data.cue_id):
            gone = [data.cue_id]
        else:
            return found
    if (
        named is not None
        and (refused := audiences.turned_away(room, named, data.buyer.id, ctx.pasts)) is not None
    ):
        return refused
    tally = _Tally(room, data.buyer.id)
    if (refused := _not_sold(room, data)) is not None:
        return refused
    found_lots = _lots(room, data, named, tally)
    if isinstance(found_lots, Refused):
        return found_lots
    granted, lines = found_lots
    for line in lines:
        sale = named if named is not None and sales.by_unit(named, line.sku_id) else None
        if sale is None:
            sale = _running(room, line.sku_id, data.buyer.id, ctx)
        if sale is not None and (refused := kind_of(sale).cannot_buy(room, sale, data, ctx)) is not None:
            return refused
        refused = tally.take(line.sku_id, line.quantity, sale)
        if refused is not None:
            return refused
        price = room.skus[line.sku_id].price_fen
        if sale is not None:  # never dearer than the shop
            price = min(price, sale.sale[line.sku_id].price_fen)
        cue_id = sale.cue_id if sale is not None else None
        granted.append(events.GrantedLine(line.sku_id, line.quantity, price, price * line.quantity, cue_id))
    if sum(line.total_fen for line in granted) > FEN_MOST:
        return Refused("amount_too_large")
    if named is not None and not _gives(named) and all(line.cue_id != named.cue_id for line in granted):
        return Refused("unknown_sku", {"sku_id": data.lines[0].sku_id, "cue_id": named.cue_id})
    given, short = _gifts(room, data, granted, tally, ctx)
    member = member_prices.of_order(room, data.buyer.id, _amounts(granted), ctx.pasts)
    if data.coupon_id is not None:
        discounted = _discounted(room, data, granted, ctx)
        if isinstance(discounted, Refused):
            return discounted
        granted = discounted
    if member is not None:
        granted, member = _less(granted, member)
    if (refused := _under_floor(room, data.coupon_id, member, granted, given)) is not None:
        return refused
    return _grant(room, data, granted, given, [*gone, *short], named, member, ctx)


def _amounts(granted: Sequence[events.GrantedLine]) -> list[tuple[str, int]]:
    return [(line.sku_id, line.unit_price_fen * line.quantity) for line in granted]


def _less(granted: list[events.GrantedLine], member: MemberOff) -> tuple[list[events.GrantedLine], MemberOff]:
    """Take the member's discount off what a coupon left of each line, and never more than that."""
    shares = [min(off, line.total_fen) for off, line in zip(member.shares, granted, strict=True)]
    lines = [replace(line, total_fen=line.total_fen - off) for line, off in zip(granted, shares, strict=True)]
    return lines, replace(member, shares=shares)


def _gives(cue: Cue) -> bool:
    return bool(kind_of(cue).offers(cue.spec).gifts)


def _given_away(room: Room, cue_id: str) -> bool:
    """Tell whether it was a gift of which nothing is left: the goods are to be had all the same."""
    cue = room.cues.get(cue_id)
    return cue is not None and cue.ended_because == "sold_out" and _gives(cue)


def _gifts(
    room: Room, data: commands.OrderRequest, granted: list[events.GrantedLine], tally: _Tally, ctx: Context
) -> tuple[list[CameWith], list[str]]:
    """Return what comes with the order, and of which gifts there were fewer than it brings."""
    lines = [_bought(line) for line in granted]
    found: list[CameWith] = []
    gone: list[str] = []
    for cue in sales.running_lots(room, ctx.now):
        for offer in kind_of(cue).offers(cue.spec).gifts:
            had = sales.bought(cue, data.buyer.id) // offer.units
            times = min(brought(room, offer, lines), offer.per_buyer - had)
            if times <= 0 or kind_of(cue).cannot_buy(room, cue, data, ctx) is not None:
                continue
            if audiences.turned_away(room, cue, data.buyer.id, ctx.pasts) is not None:
                continue
            there = tally.give(cue, offer, times)
            if there:
                found.append(CameWith(cue.cue_id, offer, there))
            if there < times:
                gone.append(cue.cue_id)
    return found, gone


def _bought(line: events.GrantedLine) -> Bought:
    return Bought(line.sku_id, line.quantity, line.unit_price_fen * line.quantity)


def _running(room: Room, sku_id: str, buyer: str, ctx: Context) -> Cue | None:
    """The sale that runs for this buyer: who is known not to be among those for whom it is kept has the
    shop's price."""
    sale = sales.running(room, sku_id, ctx.now)
    if sale is not None and audiences.turned_away(room, sale, buyer, ctx.pasts) is not None:
        return None
    return sale


def _not_sold(room: Room, data: commands.OrderRequest) -> Refused | None:
    for line in data.lines:
        sku = room.skus.get(line.sku_id)
        if sku is None:
            return Refused("unknown_sku", {"sku_id": line.sku_id})
        if not room.products[sku.product_id].on_shelf:
            return Refused("off_shelf", {"product_id": sku.product_id})
    return None


_Lots = tuple[list[events.GrantedLine], Sequence[commands.RequestLine]]


def _lots(room: Room, data: commands.OrderRequest, named: Cue | None, tally: _Tally) -> _Lots | Refused:
    """Return the lines of as many whole bundles of the named promotion as the order's lines make, and what is
    over them, which costs what it costs by itself."""
    offers = kind_of(named).offers(named.spec).together if named is not None else ()
    if named is None or not offers:
        return [], data.lines
    (offer,) = offers
    there: dict[str, int] = {}
    for line in data.lines:
        there[line.sku_id] = there.get(line.sku_id, 0) + line.quantity
    lots = whole(offer.items, there)
    if not lots:
        short = next(sku_id for sku_id, units in offer.items if there.get(sku_id, 0) < units)
        return Refused("not_whole", {"sku_id": short, "cue_id": named.cue_id})
    refused = tally.take_lots(named, offer, lots)
    if refused is not None:
        return refused
    granted = [
        events.GrantedLine(part.sku_id, units, fen, units * fen, named.cue_id)
        for part in parts_of(room, offer)
        for units, fen in by_unit_price(part, lots)
    ]
    for sku_id, units in offer.items:
        there[sku_id] -= units * lots
    return granted, [commands.RequestLine(sku_id, units) for sku_id, units in there.items() if units]


def _grant(
    room: Room,
    data: commands.OrderRequest,
    bought: list[events.GrantedLine],
    given: list[CameWith],
    gone: list[str],
    named: Cue | None,
    member: MemberOff | None,
    ctx: Context,
) -> Decision:
    gifts = [events.GrantedLine(g.offer.sku_id, g.offer.units * g.times, 0, 0, g.cue_id) for g in given]
    granted = bought + gifts
    until = ctx.now + timedelta(seconds=room.settings.hold_seconds)
    total = sum(line.total_fen for line in granted)
    order = events.OrderGranted(data.order_id, data.buyer, granted, total, until, data.coupon_id)
    order = groups.as_joining(room, order, named, data.group_id, ctx)
    layers = _layers(room, data.coupon_id, bought, member)
    if member is not None:
        order = replace(order, discounts=layers)
    found = [ctx.event("order.granted", order)]
    if data.coupon_id is not None:
        found.append(ctx.event("coupon.used", events.CouponUsed(data.coupon_id, data.order_id)))
    found += groups.granted(room, named, order, ctx)
    lines = [*_told(bought), *({**row, "gift": True} for row in _told(gifts))]
    result: dict[str, Any] = {"order_id": data.order_id, "lines": lines, "total_fen": total}
    for line in granted:
        if line.cue_id is not None:
            result |= audiences.said(room, room.cues[line.cue_id], data.buyer.id, ctx.pasts)
    if member is not None:
        result["discounts"] = msgspec.to_builtins(layers)
    return Decision(found, result | ({"gift_gone": gone} if gone else {}))


def _layers(
    room: Room, coupon_id: str | None, bought: Sequence[events.GrantedLine], member: MemberOff | None
) -> list[Discount]:
    """Return what was taken off the order, a coupon and a member's discount apart."""
    off = sum(fen for _, fen in _amounts(bought)) - sum(line.total_fen for line in bought)
    of_member = member.fen if member is not None else 0
    found = []
    if coupon_id is not None:
        found.append(Discount(coupon.NAME, off - of_member, room.coupons[coupon_id].cue_id))
    if member is not None:
        found.append(Discount("member", of_member))
    return found


def _told(granted: list[events.GrantedLine]) -> list[dict[str, Any]]:
    """Units of a bundle whose share does not divide stand in two lines, and are told as one, at the lower
    price."""
    rows: list[dict[str, Any]] = []
    before: events.GrantedLine | None = None
    for line in granted:
        split = (
            before is not None
            and (before.sku_id, before.cue_id) == (line.sku_id, line.cue_id)
            and line.unit_price_fen == before.unit_price_fen + 1
        )
        if split:
            rows[-1]["quantity"] += line.quantity
            rows[-1]["total_fen"] += line.total_fen
        else:
            rows.append(
                {
                    "sku_id": line.sku_id,
                    "quantity": line.quantity,
                    "unit_price_fen": line.unit_price_fen,
                    "total_fen": line.total_fen,
                    "cue_id": line.cue_id,
                }
            )
        before = line
    return rows


def _discounted(
    room: Room, data: commands.OrderRequest, granted: list[events.GrantedLine], ctx: Context
) -> list[events.GrantedLine] | Refused:
    assert data.coupon_id is not None
    amounts = _amounts(granted)
    off = coupon.use_for_order(room, data.coupon_id, data.buyer.id, amounts, ctx.now)
    if isinstance(off, Refused):
        return off
    shares = coupon.spread(room, data.coupon_id, amounts)
    return [
        events.GrantedLine(g.sku_id, g.quantity, g.unit_price_fen, g.total_fen - share, g.cue_id)
        for g, share in zip(granted, shares, strict=True)
    ]


def _under_floor(
    room: Room,
    coupon_id: str | None,
    member: MemberOff | None,
    granted: list[events.GrantedLine],
    given: list[CameWith],
) -> Refused | None:
    """The last gate: whatever let it come so far, no unit is granted under the floor of its SKU, less what
    comes with it."""
    offs = off_lines(room, given, [_bought(line) for line in granted])
    for place, (line, off) in enumerate(zip(granted, offs, strict=True)):
        floor = pricing.floor_of(room, line.sku_id)
        paid = max(0, line.total_fen - off)
        if floor is not None and paid < floor * line.quantity:
            found = coupon.cue_and_sum(room, coupon_id, _amounts(granted)) if coupon_id is not None else None
            sale = room.cues[line.cue_id] if line.cue_id is not None else None
            each = [off_lines(room, [one], [_bought(g) for g in granted])[place] for one in given]
            gifts = [
                (
                    room.cues[one.cue_id],
                    room.skus[one.offer.sku_id].title,
                    worth(room, one.offer),
                    fen // line.quantity,
                )
                for one, fen in zip(given, each, strict=True)
            ]
            his = (member, member.shares[place] // line.quantity) if member is not None else None
            lowest = stacking.way_to(line.unit_price_fen, paid // line.quantity, sale, found, his, gifts)
            return Refused("below_price_floor", floors.told(line.sku_id, floor, lowest))
    return None


class _Tally:
    """What the lines of one request have taken so far, against what is there."""

    def __init__(self, room: Room, buyer: str) -> None:
        self._room, self._buyer = room, buyer
        self._units: dict[str, int] = {}
        self._bought: dict[str, int] = {}

    def take_lots(self, cue: Cue, offer: TogetherPrice, lots: int) -> Refused | None:
        in_one = sum(units for _, units in offer.items)
        bought = sales.bought(cue, self._buyer) // in_one
        if bought + lots > offer.per_buyer:
            limit = {"limit": offer.per_buyer, "bought": bought, "cue_id": cue.cue_id}
            return Refused("buyer_limit", limit)
        for sku_id, units in offer.items:
            if (refused := self._beyond(sku_id, units * lots)) is not None:
                return refused
            left = min(cue.sale[sku_id].left, self._room.skus[sku_id].free)
            if units * lots > left:
                return _short(sku_id, left // units * units, cue.cue_id)
            self._units[sku_id] = units * lots
        self._bought[cue.cue_id] = in_one * lots
        return None

    def give(self, cue: Cue, offer: GivenWith, times: int) -> int:
        """Take as many gifts as there are, and tell how many times that is."""
        taken = self._units.get(offer.sku_id, 0)
        left = min(cue.sale[offer.sku_id].left, self._room.skus[offer.sku_id].free - taken)
        left = min(left, self._room_for(offer.sku_id))
        there = min(times, max(0, left) // offer.units)
        self._units[offer.sku_id] = taken + there * offer.units
        return there

    def take(self, sku_id: str, quantity: int, sale: Cue | None) -> Refused | None:
        taken = self._units.get(sku_id, 0)
        if (refused := self._beyond(sku_id, quantity)) is not None:
            return refused
        if sale is None:
            available = stock.available(self._room, sku_id) - taken
            if quantity > available:
                return _short(sku_id, available, None)
        else:
            most = sales.limit(sale)
            count = sale.sale[sku_id]
            there = self._room.skus[sku_id].free if count.set_aside else stock.available(self._room, sku_id)
            left = min(count.left, there) - taken
            if quantity > left:
                return _short(sku_id, left, sale.cue_id)
            bought = sales.bought(sale, self._buyer) + self._bought.get(sale.cue_id, 0)
            if bought + quantity > most:
                limit = {"limit": most, "bought": bought, "cue_id": sale.cue_id}
                return Refused("buyer_limit", limit)
            self._bought[sale.cue_id] = self._bought.get(sale.cue_id, 0) + quantity
        self._units[sku_id] = taken + quantity
        return None

    def _beyond(self, sku_id: str, quantity: int) -> Refused | None:
        before = self._units.get(sku_id, 0)
        return broadcast_limits.refusal(self._room, sku_id, quantity, self._buyer, before=before)

    def _room_for(self, sku_id: str) -> int:
        """Units that the bounds of the broadcast leave to this order."""
        most = min(
            broadcast_limits.left(self._room, sku_id),
            broadcast_limits.left_for(self._room, sku_id, self._buyer),
        )
        return most - self._units.get(sku_id, 0)


def _short(sku_id: str, available: int, cue_id: str | None) -> Refused:
    params: dict[str, Any] = {"sku_id": sku_id, "available": max(0, available)}
    if cue_id is not None:
        params["cue_id"] = cue_id
    if available > 0:
        params["because"] = "stock_short"
    return Refused("sold_out", params)


COMMANDS: Final[dict[str, Rule]] = {"order.request": request}
