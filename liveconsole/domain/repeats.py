"""整点秒杀: a promotion that comes again on a beat. Each time is a cue of its own, judged anew at its start.

The next one is queued as soon as the one before it has gone out, was skipped, or was fired by hand: so one of
a plan waits at most, and to take that one out ends the plan. A time that passed while nobody let it run is
none of the plan's; one that the rules skip is, and says why.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from liveconsole.domain import authors, fire
from liveconsole.domain.context import Context
from liveconsole.domain.kind import kind_named
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import events
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.repeats import Repeat
from liveconsole.messages.specs import Spec
from liveconsole.messages.statuses import TURNED_BACK


def cannot(kind: str, spec: Spec, repeat: Repeat | None, window: int) -> Refused | None:
    """Tell why such a promotion cannot come again on this beat; ``window``: seconds in which one can be taken
    back."""
    if repeat is None:
        return None
    if not kind_named(kind).KEYED:
        return Refused("cannot_repeat")
    seconds = (kind_named(kind).seconds(spec) or 0) + window
    if repeat.minutes * 60 <= seconds:
        return Refused("repeat_too_close", {"minutes": repeat.minutes, "seconds": seconds})
    return None


def first(repeat: Repeat | None, at: datetime | None, now: datetime) -> datetime | None:
    """Return the first time: what was asked for, or the next full hour."""
    if repeat is None or at is not None:
        return at
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def next_time(room: Room, cue: Cue, now: datetime) -> datetime | None:
    """Return when it fires once approved: a plan whose time has passed meanwhile is on its beat again."""
    if cue.repeat is None or cue.at is None or cue.at > now or _went_on(room, cue):
        return cue.at
    beat = timedelta(minutes=cue.repeat.minutes)
    return cue.at + ((now - cue.at) // beat + 1) * beat


def following(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """Return the next of its plan, queued and, where this one was approved, on standby; nothing behind the
    last one, or where the plan has gone on or was ended already. Earlier ones that were turned back leave the
    queue: nobody has taken them up by now."""
    repeat, at = cue.repeat, cue.at
    if repeat is None or at is None or cue.status in TURNED_BACK or _went_on(room, cue):
        return []
    ctx = Context(ctx.now, "clock", ctx.chance)  # nobody says yes to it: whoever fires this one does not
    found = [ctx.event("cue.removed", events.CueOnlyEvent(id_)) for id_ in _turned_back(room, cue)]
    if cue.nth >= repeat.times:
        return found
    cue_id = f"c{ctx.chance.fresh(8).hex()}"
    at += timedelta(minutes=repeat.minutes)
    queued = events.CueQueued(
        cue_id,
        cue.kind,
        cue.spec_sent,
        at,
        proposed_by=cue.proposed_by,
        segment_id=cue.segment_id,
        authors=authors.of_cue(cue),
        repeat=repeat,
        plan_id=cue.plan_id,
        nth=cue.nth + 1,
        only_after=cue.only_after,
    )
    found.append(ctx.event("cue.queued", queued))
    # Four eyes that are wanted meanwhile are wanted of what comes from now on.
    own = room.settings.four_eyes and cue.approved_by in authors.of_cue(cue)
    if cue.approved_by is not None and not own:
        found.append(ctx.event("cue.approved", events.CueOnlyEvent(cue_id)))
        found.append(ctx.event("cue.standby", events.CueStandby(cue_id, at)))
    return found


def in_the_way(room: Room, cue: Cue) -> Refused | None:
    """Two of one plan never run at once, whatever their kind would allow."""
    if cue.repeat is None:
        return None
    for other in map(room.cues.__getitem__, room.live):
        runs = other.status in fire.RUNNING or other.status == "recallable"
        if runs and other.plan_id == cue.plan_id and other.cue_id != cue.cue_id:
            return Refused("overlap", {"cue_id": other.cue_id})
    return None


def at_the_close(room: Room, ctx: Context) -> list[Event]:
    """End the plans that have begun; one that has not waits for the next broadcast."""
    return [
        ctx.event("cue.removed", events.CueOnlyEvent(cue.cue_id))
        for cue in map(room.cues.__getitem__, room.queue)
        if cue.repeat is not None and (cue.nth > 1 or _went_on(room, cue))
    ]


def before(room: Room, plan_id: str, nth: int) -> Cue | None:
    """Return the time of a plan before this one, while the room still has it."""
    if not plan_id:
        return None
    return next((c for c in room.cues.values() if c.plan_id == plan_id and c.nth == nth - 1), None)


def _turned_back(room: Room, cue: Cue) -> list[str]:
    waiting = map(room.cues.__getitem__, room.queue)
    return [
        c.cue_id for c in waiting if c.plan_id == cue.plan_id and c.nth < cue.nth and c.status in TURNED_BACK
    ]


def _went_on(room: Room, cue: Cue) -> bool:
    return any(c.plan_id == cue.plan_id and c.nth > cue.nth for c in room.cues.values())
