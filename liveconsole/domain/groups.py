"""拼团: buyers who stand together in a group, and what becomes of their orders.

An order of a group holds its units to the end of the promotion. When as many different buyers as a group
wants have joined, all its orders go on as any other; a group that is not full at the end lapses, and its
orders with it: what was paid is owed back. Who has joined is read off the orders that hold or have units, and
off what a source told, so it is the same in whatever order that came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from liveconsole.domain import fire, holds
from liveconsole.domain.context import Context, Fold
from liveconsole.domain.late import tonight
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_orders import Order
from liveconsole.domain.room_people import BuyerGroup, BuyerGroups
from liveconsole.messages import events
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.facts import GroupJoined, OrderClosed
from liveconsole.messages.refusals import Refused

UNFILLED: Final = "group_unfilled"
"""Why the orders of a group are closed that was not full in time."""


def cannot_join(cue: Cue, buyer: str, group_id: str) -> Refused | None:
    """Tell why a buyer (a pid) has no place in a group."""
    groups = cue.groups
    assert groups is not None
    said = {"cue_id": cue.cue_id, "group_id": group_id}
    group = groups.each.get(group_id)
    if group is None:
        most = len(groups.each) >= groups.most
        return Refused("groups_taken", said | {"groups": groups.most}) if most else None
    if buyer in group.orders.values():
        return Refused("already_joined", said)
    if group.filled_at is None and (buyer in group.told or len(group.people()) < groups.size):
        return None
    # Who a source told of, and who made it full by that, has his place.
    if group.filled_at is not None and buyer in group.told:
        return None
    return Refused("group_full", said | {"size": groups.size})


def as_joining(
    room: Room, order: events.OrderGranted, cue: Cue | None, group_id: str | None, ctx: Context
) -> events.OrderGranted:
    """Return an order with the group that it joins, held to the end of the promotion where that is not full;
    ``cue``: what it asked for by name."""
    if cue is None or cue.groups is None or group_id is None:
        return order
    group = cue.groups.each.get(group_id)
    full = (group is not None and group.filled_at is not None) or _fills(cue.groups, group_id, order.buyer.id)
    until = order.hold_until if full or cue.ends_at is None else cue.ends_at
    return msgspec.structs.replace(order, group_id=group_id, hold_until=until)


def granted(room: Room, cue: Cue | None, order: events.OrderGranted, ctx: Context) -> list[Event]:
    """Return what follows from an order's joining its group."""
    if cue is None or cue.groups is None or not order.group_id:
        return []
    group = cue.groups.each.get(order.group_id)
    if (group is not None and group.filled_at) or not _fills(cue.groups, order.group_id, order.buyer.id):
        return []
    return _filled_events(room, cue, [order.group_id], msgspec.structs.replace(ctx, role="clock"))


def _fills(groups: BuyerGroups, group_id: str, pid: str) -> bool:
    group = groups.each.get(group_id)
    there = group.people() if group is not None else set()
    return len(there | {pid}) >= groups.size


def _filled_events(room: Room, cue: Cue, group_ids: Sequence[str], ctx: Context) -> list[Event]:
    """Groups that are full now; where none is left to be opened or joined the promotion is over."""
    until = ctx.now + timedelta(seconds=room.settings.hold_seconds)
    found = [
        ctx.event("group.filled", events.GroupFilled(cue.cue_id, group_id, until)) for group_id in group_ids
    ]
    assert cue.groups is not None
    if cue.groups.filled + len(group_ids) >= cue.groups.most and cue.status == "on_air":
        found.append(fire.end(room, cue, ctx, "sold_out"))
    return found


def follow(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    """Return the groups that a run of facts fills."""
    trial: dict[str, BuyerGroups] = {}
    filled: dict[str, list[str]] = {}
    for fact in facts:
        data = fact.data
        if not isinstance(data, GroupJoined) or (cue := _joinable(room, data.cue_id)) is None:
            continue
        assert cue.groups is not None
        if (groups := trial.get(cue.cue_id)) is None:
            groups = trial[cue.cue_id] = _copy(cue.groups)
        group = _join(groups, data.group_id, data.viewer.id)
        if group is not None and len(group.people()) >= groups.size:
            group.filled_at = ctx.now
            filled.setdefault(cue.cue_id, []).append(data.group_id)
    return [
        event
        for cue_id, group_ids in filled.items()
        for event in _filled_events(room, room.cues[cue_id], group_ids, ctx)
    ]


def _copy(groups: BuyerGroups) -> BuyerGroups:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(groups), type=BuyerGroups)


def _joinable(room: Room, cue_id: str) -> Cue | None:
    cue = room.cues.get(cue_id)
    return cue if cue is not None and cue.groups is not None and cue.status in fire.RUNNING else None


def _join(groups: BuyerGroups, group_id: str, pid: str) -> BuyerGroup | None:
    """Take in whom a source told of, where there is a place; a promise is not made larger by it."""
    group = groups.each.get(group_id)
    if group is None:
        if len(groups.each) >= groups.most:
            return None
        group = groups.each[group_id] = BuyerGroup()
    if group.filled_at is not None or (pid not in group.people() and len(group.people()) >= groups.size):
        return None
    group.told[pid] = None
    return group


# Their orders ---------------------------------------------------------------------------------------


def waits(room: Room, order: Order) -> bool:
    """Tell whether an order still waits for others to join its group."""
    group = _group_of(room, order)[1]
    return group is not None and group.filled_at is None


def _group_of(room: Room, order: Order) -> tuple[Cue | None, BuyerGroup | None]:
    for line in order.lines if order.group_id is not None else ():
        cue = room.cues.get(line.cue_id or "")
        if cue is not None and cue.groups is not None:
            return cue, cue.groups.each.get(order.group_id or "")
    return None, None


def weigh(room: Room, order: Order, sign: int) -> None:
    """Add an order that holds or has units to its group, or take it out again; an empty one that never was
    full is gone."""
    cue, group = _group_of(room, order)
    if cue is None or cue.groups is None or order.group_id is None:
        return
    if sign > 0:
        group = group or cue.groups.each.setdefault(order.group_id, BuyerGroup())
        group.orders[order.order_id] = order.buyer
    elif group is not None:
        group.orders.pop(order.order_id, None)
        if not group.orders and not group.told and group.filled_at is None:
            del cue.groups.each[order.group_id]


def owe(room: Room, order: Order) -> None:
    """A fold: keep what was paid for nothing, until it has gone back."""
    cue = _group_of(room, order)[0]
    if cue is None or cue.groups is None:
        return
    fen = order.paid_fen - order.refund_fen if order.closed and order.close_reason == UNFILLED else 0
    if fen > 0:
        cue.groups.owed[order.order_id] = fen
    else:
        cue.groups.owed.pop(order.order_id, None)


def unfilled(order: Order, ctx: Context) -> Event:
    """Return the end of an order whose group was not full in time."""
    return ctx.event("order.closed", OrderClosed(order.order_id, UNFILLED))


def over(room: Room, cue: Cue, at: datetime) -> None:
    """A fold: the promotion has ended, and what waits for a group is not held any longer."""
    for group in cue.groups.each.values() if cue.groups is not None else ():
        if group.filled_at is None:
            for order_id in group.orders:
                if order_id in room.holds and room.holds[order_id] > at:
                    _hold(room, room.orders[order_id], at)


def _hold(room: Room, order: Order, until: datetime) -> None:
    order.hold_until = until
    holds.hold(room, order.order_id, until)


# Folds ----------------------------------------------------------------------------------------------


def _joined(room: Room, data: GroupJoined, event: Event) -> None:
    cue = _joinable(room, data.cue_id)
    if cue is not None and cue.groups is not None:
        _join(cue.groups, data.group_id, data.viewer.id)


def _filled(room: Room, data: events.GroupFilled, event: Event) -> None:
    groups = room.cues[data.cue_id].groups
    if groups is None or (group := groups.each.get(data.group_id)) is None:
        return
    group.filled_at = event.at
    for order_id in group.orders:
        order = room.orders[order_id]
        if order.paid:
            holds.let_go(room, order_id)
        elif order_id in room.holds:
            _hold(room, order, data.hold_until)


FOLDS: Final[dict[str, Fold]] = {"group.joined": tonight(_joined), "group.filled": _filled}
