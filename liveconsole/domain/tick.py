"""Time: what is due, and when the next thing is. Deadlines stand in the room; nobody keeps a timer."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from liveconsole.domain import audiences, fire, floors, groups, holds, order_facts, repeats
from liveconsole.domain.context import Chance, Context
from liveconsole.domain.drills import run as drill
from liveconsole.domain.evolve import evolve
from liveconsole.domain.kind import kind_of
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import events
from liveconsole.messages.envelope import Event


def next_due(room: Room) -> datetime | None:
    """Return the next moment at which `tick` has something to do; in the past when it has now."""
    moments = [*_proposal_ends(room).values(), *(end for end, _ in room.hold_heap[:1])]
    if (moment := drill.due(room)) is not None:
        moments.append(moment)
    soonest = min(moments, default=None)
    for cue_id in room.live:
        moment = due(room, room.cues[cue_id])
        if moment is not None and (soonest is None or moment < soonest):
            soonest = moment
    return soonest


def due(room: Room, cue: Cue) -> datetime | None:
    """Tell when the clock next moves this cue."""
    if cue.status == "standby" and cue.fires_at is not None:
        return cue.fires_at - fire.recall_window(room, cue)
    if cue.status == "recallable":
        return cue.fires_at
    if cue.status == "firing":
        # A person may not answer at all; of a program the dispatcher tells what became of its question.
        if cue.owed is None or does(room, cue) != "person":
            return None
        return cue.owed.since + kind_of(cue).SILENCE
    return kind_of(cue).due(cue) if cue.status in {"on_air", "ended"} else None


def tick(room: Room, now: datetime, chance: Chance) -> list[Event]:
    """Everything that is due at ``now``; the room is only read.

    Cues are taken in the order of their moments, each seeing what the ones before it did.
    """
    ctx = Context(now, "clock", chance)
    found = _lapses(room, ctx) + _expired_proposals(room, ctx) + drill.time_up(room, ctx)
    staged: Room | None = None
    while True:
        seen = staged or room
        waiting = [(moment, cue_id) for cue_id, moment in _moments(seen) if moment <= now]
        if not waiting:
            return found
        if staged is None:
            staged = seen = _stage(room)
        happened = _step(seen, seen.cues[min(waiting)[1]], ctx)
        if not happened:
            return found
        for event in happened:
            _fold(staged, room, event)
        found += happened


def proposal_ends(room: Room, cue: Cue) -> datetime | None:
    """Tell when an undecided proposal of the assistant is rejected by itself, where the room wants that.

    Only on air, counted from the opening for what was prepared before it; a cue with a time of its own
    is decided by that time.
    """
    seconds, opened_at = room.settings.proposal_seconds, room.broadcast.opened_at
    if seconds is None or room.broadcast.status != "open" or opened_at is None:
        return None
    if cue.status != "queued" or cue.proposed_by != "assistant" or cue.at is not None:
        return None
    return max(cue.proposed_at or cue.added_at, opened_at) + timedelta(seconds=seconds)


def _proposal_ends(room: Room) -> dict[str, datetime]:
    if room.settings.proposal_seconds is None:
        return {}
    ends = {cue_id: proposal_ends(room, room.cues[cue_id]) for cue_id in room.queue}
    return {cue_id: moment for cue_id, moment in ends.items() if moment is not None}


def _expired_proposals(room: Room, ctx: Context) -> list[Event]:
    return [
        ctx.event("cue.rejected", events.CueRejected(cue_id, "proposal_expired"))
        for cue_id, moment in _proposal_ends(room).items()
        if moment <= ctx.now
    ]


def _moments(room: Room) -> list[tuple[str, datetime]]:
    pairs = [(cue_id, due(room, room.cues[cue_id])) for cue_id in room.live]
    return [(cue_id, moment) for cue_id, moment in pairs if moment is not None]


def _lapses(room: Room, ctx: Context) -> list[Event]:
    if not room.hold_heap or room.hold_heap[0][0] > ctx.now:
        return []
    found = []
    gone = []
    for _, order_id in sorted({*_late_holds(room, ctx.now)}):  # one that was moved away and back stands twice
        order = room.orders[order_id]
        if groups.waits(room, order):
            found.append(groups.unfilled(order, ctx))
        else:
            found.append(ctx.event("order.lapsed", events.OrderLapsed(order_id)))
        found += order_facts.returned_coupon(room, order, ctx)
        gone.append(order)
    return found + order_facts.sold_out_without(room, gone, ctx)


def _late_holds(room: Room, now: datetime) -> Iterator[tuple[datetime, str]]:
    """The holds that are over, from the top of the heap: under one that is not there is no other."""
    heap, places = room.hold_heap, [0]
    while places:
        place = places.pop()
        if place < len(heap) and heap[place][0] <= now:
            if holds.stands(room, heap[place]):
                yield heap[place]
            places += (2 * place + 1, 2 * place + 2)


def _stage(room: Room) -> Room:
    """A room to fold cue events on with `_fold`; everything but its lists is the given one's own."""
    staged = copy.copy(room)
    staged.cues, staged.queue, staged.live = dict(room.cues), list(room.queue), list(room.live)
    staged.drill = None  # what happens here happens again, on the room itself
    staged.pinned, staged.asked = copy.copy(room.pinned), dict(room.asked)
    return staged


def _fold(staged: Room, room: Room, event: Event) -> None:
    """An event onto the stage. The cue that it moves is copied first, and no other: an evening has hundreds
    of them, and all of them copied at every deadline would keep the next deadline waiting."""
    cue_id: str = event.data.cue_id  # type: ignore[attr-defined]  # every event of `_step` has it
    cue = staged.cues.get(cue_id)
    if cue is not None and cue is room.cues.get(cue_id):
        # Who entered a bag is shared: time lets nobody in.
        shared: dict[int, Any] = {} if cue.bag is None else {id(cue.bag.entries): cue.bag.entries}
        if cue.places is not None:
            shared[id(cue.places.came)] = cue.places.came
        staged.cues[cue_id] = copy.deepcopy(cue, shared)
    evolve(staged, event)


def _step(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """The next thing that time does to a cue that is due."""
    if cue.status == "standby":
        return _start(room, cue, ctx)
    if cue.status == "recallable":
        return _go(room, cue, ctx)
    if cue.status == "firing":
        return [ctx.event("cue.unknown", events.CueOnlyEvent(cue.cue_id))]
    return kind_of(cue).time_up(room, cue, ctx)


def _start(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """The recall window of a planned cue begins, ending at its time, if it may still go."""
    assert cue.fires_at is not None
    found = repeats.following(room, cue, ctx)
    if _is_late(cue, ctx):
        return _missed(cue, ctx, "late") + found
    if room.broadcast.status != "open":
        return _missed(cue, ctx, "not_open") + found
    refused = repeats.in_the_way(room, cue) or fire.not_shown_yet(room, cue) or fire.refusal(room, cue, ctx)
    if refused is not None:
        return _missed(cue, ctx, refused.code) + found
    if not fire.recall_window(room, cue):
        return fire.go(room, cue, ctx) + found
    return [ctx.event("cue.recallable", events.CueRecallable(cue.cue_id, cue.fires_at)), *found]


def _go(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """The window is over. In it a floor may have been raised: nobody has bought yet, so nothing begins. While
    viewers saw it count down anything may have changed."""
    if _is_late(cue, ctx):
        return _missed(cue, ctx, "late")
    if audiences.countdown(cue.spec) is not None:
        refused = fire.refusal(room, replace(cue, at=None), ctx)
    else:
        refused = floors.of_spec(room, cue.spec, without=cue.cue_id)
    return _missed(cue, ctx, refused.code) if refused is not None else fire.go(room, cue, ctx)


def _is_late(cue: Cue, ctx: Context) -> bool:
    return cue.fires_at is not None and ctx.now - cue.fires_at > fire.LATE_AFTER


def _missed(cue: Cue, ctx: Context, reason: str) -> list[Event]:
    return [ctx.event("cue.missed", events.CueMissed(cue.cue_id, reason))]


__all__ = ["due", "next_due", "proposal_ends", "tick"]
