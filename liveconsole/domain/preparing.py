"""Before the day: broadcasts that are planned, and the ticks of what is to be done for each.

A tick without a plan is for the broadcast that comes next. An opening takes the plan whose time has come:
it leaves the room, and stands in the books beside its broadcast.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.domain.room_prepare import Planned
from liveconsole.messages.envelope import Event
from liveconsole.messages.preparing import (
    NEXT,
    PlanDrop,
    PlanDropped,
    PlanPut,
    PlanWritten,
    PrepareTick,
    PrepareTicked,
    RivalsPut,
)
from liveconsole.messages.refusals import Refused

PLANS_LIMIT: Final = 50
ITEMS_LIMIT: Final = 100
"""Of one plan that were ever ticked."""
NEAR: Final = timedelta(hours=12)
"""A broadcast that opens so near to a plan is the planned one."""
STALE: Final = timedelta(days=30)
"""A plan whose time is so long past was never held; the next opening drops it."""
SPAN: Final = timedelta(days=3 * 366)
"""How far ahead one plans."""


def plan(room: Room, data: PlanPut, ctx: Context) -> Decision | Refused:
    """Put a new one, or write one that is there anew. What was ticked before anybody planned is of the first
    plan."""
    if data.plan_id is not None and (data.plan_id == NEXT or data.plan_id not in room.prepare):
        return Refused("unknown_plan", {"plan_id": data.plan_id})
    if data.plan_id is None and len(room.prepare) >= PLANS_LIMIT:
        return Refused("over_limit", {"detail": f"plans: {len(room.prepare) + 1} > {PLANS_LIMIT}"})
    if data.at <= ctx.now:
        return Refused("in_the_past")
    if data.at > ctx.now + SPAN:
        return Refused("over_limit", {"detail": f"at: > {SPAN.days} d"})
    plan_id = data.plan_id or f"b{ctx.chance.fresh(8).hex()}"
    written = PlanWritten(plan_id, data.at, data.title.strip(), data.campaign, data.goals, data.reserved)
    found = [ctx.event("prepare.planned", written)]
    if data.plan_id is None and NEXT in room.prepare:
        done = [item for item, done in room.prepare[NEXT].done.items() if done]
        found += [ctx.event("prepare.ticked", PrepareTicked(plan_id, item, True)) for item in done]
        found.append(ctx.event("prepare.dropped", PlanDropped(NEXT)))
    return Decision(found, {"plan_id": plan_id})


def drop(room: Room, data: PlanDrop, ctx: Context) -> Decision | Refused:
    if data.plan_id not in room.prepare:
        return Refused("unknown_plan", {"plan_id": data.plan_id})
    return Decision([ctx.event("prepare.dropped", PlanDropped(data.plan_id))], {"plan_id": data.plan_id})


def tick(room: Room, data: PrepareTick, ctx: Context) -> Decision | Refused:
    if data.plan_id is not None and data.plan_id not in room.prepare:
        return Refused("unknown_plan", {"plan_id": data.plan_id})
    plan_id = data.plan_id or coming(room, ctx.now) or NEXT
    done = room.prepare[plan_id].done if plan_id in room.prepare else {}
    if data.item not in done and len(done) >= ITEMS_LIMIT:
        return Refused("over_limit", {"detail": f"items: {len(done) + 1} > {ITEMS_LIMIT}"})
    result = {"plan_id": plan_id, "item": data.item, "done": data.done}
    if done.get(data.item, False) == data.done:
        return Decision([], result)
    ticked = PrepareTicked(plan_id, data.item, data.done)
    return Decision([ctx.event("prepare.ticked", ticked)], result)


def rivals(room: Room, data: RivalsPut, ctx: Context) -> Decision | Refused:
    """Kept for the books; no rule ever looks at them."""
    rows = [msgspec.structs.replace(row, shop=row.shop.strip(), title=row.title.strip()) for row in data.rows]
    for place, row in enumerate(rows):
        if not row.shop or not row.title:
            return Refused("bad_shape", {"detail": f"rows[{place}].{'title' if row.shop else 'shop'}"})
    written = RivalsPut(data.week - timedelta(days=data.week.weekday()), rows)
    return Decision([ctx.event("rivals.put", written)], {"week": str(written.week), "rows": len(rows)})


def coming(room: Room, now: datetime) -> str | None:
    """Return the plan of the broadcast that is next: of those with a time the first that is not long past,
    else what was ticked without one."""
    times = [(one.at, id_) for id_, one in room.prepare.items() if one.at is not None and one.at > now - NEAR]
    return min(times)[1] if times else NEXT if NEXT in room.prepare else None


def held(room: Room, at: datetime) -> str | None:
    """Return the plan that a broadcast opening at ``at`` is the holding of."""
    times = [
        (abs(one.at - at), id_)
        for id_, one in room.prepare.items()
        if one.at is not None and abs(one.at - at) <= NEAR
    ]
    return min(times)[1] if times else NEXT if NEXT in room.prepare else None


def opened(room: Room, at: datetime) -> None:
    """Part of the fold of an opening: what is held leaves, and what nobody will hold any more."""
    begun = held(room, at)
    room.prepare = {
        id_: one
        for id_, one in room.prepare.items()
        if id_ != begun and (one.at is None or one.at > at - STALE)
    }


def _planned(room: Room, data: PlanWritten, event: Event) -> None:
    room.prepare.setdefault(data.plan_id, Planned()).at = data.at


def _dropped(room: Room, data: PlanDropped, event: Event) -> None:
    room.prepare.pop(data.plan_id, None)


def _ticked(room: Room, data: PrepareTicked, event: Event) -> None:
    room.prepare.setdefault(data.plan_id, Planned()).done[data.item] = data.done


def _kept(room: Room, data: RivalsPut, event: Event) -> None:
    """It is read from the log."""


COMMANDS: Final[dict[str, Rule]] = {
    "prepare.plan": plan,
    "prepare.drop": drop,
    "prepare.tick": tick,
    "rivals.put": rivals,
}
FOLDS: Final[dict[str, Fold]] = {
    "prepare.planned": _planned,
    "prepare.dropped": _dropped,
    "prepare.ticked": _ticked,
    "rivals.put": _kept,
}
