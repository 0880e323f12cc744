"""What leaves the room's memory when another broadcast opens, and what is still owed and stays.

Gone is what has ended and is settled: it stands on the log and in the read tables, and what is told of it
later goes to the books of its own broadcast (`late`). What stays has a bound in number or in time, so that
the room of the three hundredth evening is no larger than that of the second.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from heapq import heapify
from typing import Final, TypeVar

import msgspec

from liveconsole.domain import order as orders
from liveconsole.domain.first_orders import stands
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Coupon, Cue, Room
from liveconsole.domain.room_orders import Order
from liveconsole.messages.draws import PrizeHeld
from liveconsole.messages.events import CarriedOver

T = TypeVar("T", Order, Coupon, Cue)

OPEN_FOR: Final = timedelta(days=7)
"""So long an unpaid order, a refund owed or a bag without winners is waited for. A platform closes an order
that nobody pays within a day, and gives money back within a week."""
LAPSED_FOR: Final = timedelta(days=1)
"""A payment that was on its way when the hold lapsed has come by then."""
ORDERS_KEPT: Final = 1_000
"""Of those without a hold of ours, which always stay: the newest."""
COUPONS_KEPT: Final = 20_000
"""In people's hands: the newest."""
WON_FOR: Final = timedelta(days=30)
"""As long as a bag may let earlier winners stand back (``specs.StandBack``)."""
WON_KEPT: Final = 1_000
"""Winners of earlier broadcasts that are remembered: the newest."""
UNDATED_KEPT: Final = 10
"""Promotions whose coupons name no end of their validity: the newest."""


def owed(room: Room, at: datetime) -> CarriedOver:
    """Return what the next broadcast takes over from the ones before; the room is only read."""
    stay = _orders(room, at)
    coupons = _coupons(room, at, stay)
    cues = _cues(room, at, {coupon.cue_id for coupon in coupons})
    return CarriedOver(
        [msgspec.to_builtins(lighter(cue)) for cue in cues],
        [msgspec.to_builtins(order) for order in stay],
        [msgspec.to_builtins(coupon) for coupon in coupons],
        _stock(room, stay),
        _winners(room, at),
    )


def leave(room: Room, carried: CarriedOver) -> None:
    """Keep the queue and what is carried over; everything else leaves."""
    stay = _kept(carried.orders, "order_id", room.orders, Order)
    for order in [o for order_id, o in room.orders.items() if order_id not in stay]:
        orders.release(room, order)
    for sku_id, figures in carried.stock.items():
        sku = room.skus[sku_id]
        sku.on_hand, sku.held, sku.sold = figures[:3]
        sku.untold = figures[3] if len(figures) > 3 else 0
    room.orders = stay
    room.off_orders = {id_: None for id_, o in stay.items() if any(stands(o, code) for code in o.off_open)}
    room.coupons = _kept(carried.coupons, "coupon_id", room.coupons, Coupon)
    room.coupons_over = {
        order_id: coupon_id
        for order_id, coupon_id in room.coupons_over.items()
        if order_id in room.orders and coupon_id in room.coupons
    }
    room.won = list(carried.won)
    waiting = {cue_id: room.cues[cue_id] for cue_id in room.queue}
    over = _kept(carried.cues, "cue_id", room.cues, Cue)
    room.cues = {**waiting, **{cue_id: lighter(cue) for cue_id, cue in over.items()}}
    room.live = [cue_id for cue_id in room.live if cue_id in room.cues]
    room.holds = {o.order_id: o.hold_until for o in stay.values() if o.hold_until is not None and _holds(o)}
    room.hold_heap = [(until, order_id) for order_id, until in room.holds.items()]
    heapify(room.hold_heap)


def _winners(room: Room, at: datetime) -> list[PrizeHeld]:
    return [won for won in room.won if at - won.at <= WON_FOR][-WON_KEPT:]


def _stock(room: Room, stay: Iterable[Order]) -> dict[str, tuple[int, ...]]:
    """As it will stand: what orders that leave still hold is free again."""
    held = dict.fromkeys(room.skus, 0)
    for order in stay:
        for line in order.lines if orders.takes(order) == "held" else ():
            held[line.sku_id] += line.quantity
    return {
        sku.sku_id: (sku.on_hand, held[sku.sku_id], sku.sold, *((sku.untold,) if sku.untold else ()))
        for sku in room.skus.values()
        if sku.held or sku.sold or sku.untold
    }


def lighter(cue: Cue) -> Cue:
    """Return the cue without what only its own evening needed: a drawn bag's entrants, who claimed a
    coupon."""
    return kind_of(cue).lighter(cue) if cue.status == "ended" else cue


def _kept(
    carried: Iterable[dict[str, object]], id_: str, there: dict[str, T], type_: type[T]
) -> dict[str, T]:
    """Those that were carried, as the room has them; in a room that begins here, as the event has them."""
    found: dict[str, T] = {}
    for one in carried:
        key = str(one[id_])
        known = there.get(key)
        found[key] = known if known is not None else msgspec.convert(one, type_)
    return found


def _holds(order: Order) -> bool:
    return order.counted and not (order.paid or order.closed or order.lapsed)


def _orders(room: Room, at: datetime) -> list[Order]:
    waiting = frozenset(room.queue)
    open_ = [order for order in room.orders.values() if _is_open(order, at, waiting)]
    held = {order.order_id for order in open_ if order.order_id in room.holds}
    others = [order.order_id for order in open_ if order.order_id not in held]
    stay = held.union(others[-ORDERS_KEPT:])
    return [order for order in open_ if order.order_id in stay]


def _is_open(order: Order, at: datetime, waiting: Collection[str]) -> bool:
    """Whether the rules may still have to do with it: a hold, a payment or a refund to come; a sale that
    waits to be fired again and has sold it."""
    age = at - (order.told_at or at)
    if orders.takes(order) and any(line.cue_id in waiting for line in order.lines):
        return age < OPEN_FOR
    if order.closed:
        return order.paid and order.paid_fen > order.refund_fen and age < OPEN_FOR
    if order.paid:
        return not (order.counted or order.placed) and age < OPEN_FOR  # nobody has told what was paid for
    return age < (LAPSED_FOR if order.lapsed else OPEN_FOR)


def _coupons(room: Room, at: datetime, stay: Iterable[Order]) -> list[Coupon]:
    in_use = {order.coupon_id for order in stay if orders.takes(order) == "held"}
    undated = _undated(room)
    found = []
    for coupon in room.coupons.values():
        if coupon.coupon_id in in_use:
            found.append(coupon)
        elif coupon.order_id is None:
            until = coupon.valid_until
            if until > at if until is not None else coupon.cue_id in undated:
                found.append(coupon)
    surplus = len(found) - COUPONS_KEPT
    return [c for n, c in enumerate(found) if n >= surplus or c.coupon_id in in_use]


def _undated(room: Room) -> set[str]:
    """The newest promotions with coupons that never expire by themselves."""
    cues = []
    for cue in room.cues.values():
        kind = kind_of(cue)
        undated = kind.HANDS_OUT and kind.valid_for(cue.spec) is None and cue.on_air_at is not None
        if undated and (not _are_ours(room, cue) or cue.claimed > cue.used):
            cues.append(cue)
    newest = sorted(cues, key=lambda cue: (cue.on_air_at, cue.cue_id))[-UNDATED_KEPT:]
    return {cue.cue_id for cue in newest}


def _cues(room: Room, at: datetime, with_coupons: Collection[str]) -> list[Cue]:
    waiting, live, undated = set(room.queue), set(room.live), _undated(room)
    return [
        cue
        for cue_id, cue in room.cues.items()
        if cue_id not in waiting
        and (
            cue_id in live
            or cue_id in with_coupons
            or _waits(cue, at)
            or (cue.ended_at is not None and _is_valid(room, cue, cue.off_at or cue.ended_at, at, undated))
        )
    ]


def _waits(cue: Cue, at: datetime) -> bool:
    """A bag whose winners nobody has typed in, or whose draw could not be held: a person has to see to it."""
    return cue.ended_at is not None and at - cue.ended_at < OPEN_FOR and kind_of(cue).waits(cue)


def _are_ours(room: Room, cue: Cue) -> bool:
    """Whether every coupon of it is known one by one; those that a platform gives are not."""
    return (cue.done_by or does(room, cue)) == "us"


def _is_valid(room: Room, cue: Cue, ended_at: datetime, at: datetime, undated: Collection[str]) -> bool:
    """Whether coupons of it that a platform gave may still lower a price."""
    kind = kind_of(cue)
    if not kind.HANDS_OUT or cue.on_air_at is None or _are_ours(room, cue):
        return False
    valid = kind.valid_for(cue.spec)
    return cue.cue_id in undated if valid is None else ended_at + valid > at
