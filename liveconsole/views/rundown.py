"""排品表 as people look at it: plan against clock, what is next, 福利节点 of the hour, the mix of minutes.

`rundown_state` makes the ``rundown`` of the state; `pace`, `mix` and `benefits` read it at any moment, so
that a seat's clock runs on between two states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.domain import cue as cues
from liveconsole.domain.anchors import BENEFITS_LEAST, tag_of
from liveconsole.domain.kind import kind_of
from liveconsole.domain.room import Room, Segment
from liveconsole.domain.rundown import next_segment
from liveconsole.messages.refusals import Refused, word
from liveconsole.messages.rundown import Step
from liveconsole.messages.state import ProblemState, RundownState, SegmentState, StepState
from liveconsole.views.anchors import anchor_states

BENEFITS_WANTED: Final = (BENEFITS_LEAST, 5)
"""福利节点 that a live script wants in an hour."""
MIX_WANTED: Final = {"explain": 3, "proof": 5, "benefit": 2}
"""Minutes of 讲解, 证言 and 福利 that a live script wants, as parts of ten."""


class Pace(Struct, frozen=True):
    """``ahead_seconds``: how much earlier than planned the last segment will end; below 0 it is late.

    None before the first segment. ``starts``: when each segment begins if the rest takes what was planned,
    by id; one that is done is not in it.
    """

    ahead_seconds: int | None
    in_segment_seconds: int
    left_seconds: int
    """Planned minutes of the current segment that are left; below 0 it runs over."""
    starts: Mapping[str, datetime]
    ends_at: datetime | None


class Mix(Struct, frozen=True):
    """Minutes by tag: planned, and really spent."""

    planned: Mapping[str, float]
    spent: Mapping[str, float]


class Benefits(Struct, frozen=True):
    """福利节点 of the hour of the broadcast that began at ``since``; None off air."""

    since: datetime | None
    fired: int


def rundown_state(room: Room, now: datetime) -> RundownState:
    """Empty lists and None where there is no rundown."""
    coming = next_segment(room) if room.rundown.segments else None
    numbers = {item.product_id: item.number for item in room.cart}
    segments = list(room.rundown.segments.values())
    planned = _begun(segments)
    shown = []
    for segment in segments:
        shown.append(_segment(room, segment, numbers, planned, is_next=segment is coming))
        planned = planned + timedelta(minutes=segment.written.minutes) if planned is not None else None
    return RundownState(
        segments=shown,
        current=room.rundown.current,
        next=coming.written.segment_id if coming is not None else None,
        benefits=_benefits(room),
        anchors=anchor_states(room, now),
    )


def _segment(
    room: Room, segment: Segment, numbers: Mapping[str, int], planned: datetime | None, *, is_next: bool
) -> SegmentState:
    written = segment.written
    product = room.products.get(written.product_id or "")
    current = room.rundown.current == written.segment_id
    return SegmentState(
        segment_id=written.segment_id,
        product_id=written.product_id,
        title=written.title,
        script=written.script,
        minutes=written.minutes,
        cues=written.cues,
        conditions=written.conditions,
        tag=tag_of(written),
        tag_told=written.tag is not None,
        number=numbers.get(written.product_id or ""),
        product_title=product.title if product is not None else "",
        on_shelf=product.on_shelf if product is not None else None,
        by=segment.by,
        current=current,
        done=segment.ended_at is not None,
        started_at=segment.started_at,
        ended_at=segment.ended_at,
        spent_seconds=round(segment.spent_seconds),
        planned_start=planned,
        steps=[_step(room, step) for step in segment.steps],
        problems=_problems(room, segment) if current or is_next else [],
        anchor_at=written.anchor_at,
        least_minutes=written.least_minutes,
        skip=written.skip,
        planned_minutes=written.planned_minutes,
    )


def _step(room: Room, step: Step) -> StepState:
    """A step with what became of it: the status of its cue now, never a success that nobody read back."""
    cue = room.cues.get(step.cue_id)
    return StepState(
        **msgspec.structs.asdict(step),
        status=cue.status if cue is not None else None,
        reason=cue.reason if cue is not None else "",
        text=word(step.code, step.params) if step.code else "",
    )


def _problems(room: Room, segment: Segment) -> list[ProblemState]:
    """Which of its promotions the rules would not take as things stand."""
    found = []
    for place, template in enumerate(segment.written.cues):
        judged = cues.judged_spec(room, template.kind, template.spec, None)
        if isinstance(judged, Refused):
            found.append(ProblemState(place, judged.code, judged.text, judged.params))
    return found


def _benefits(room: Room) -> list[datetime]:
    """When each sale, coupon and bag of this broadcast went on air."""
    opened = room.broadcast.opened_at
    if opened is None or room.broadcast.status != "open":
        return []
    fired = (cue.on_air_at for cue in room.cues.values() if kind_of(cue).BENEFIT)
    return sorted(at for at in fired if at is not None and at >= opened)


def pace(rundown: RundownState, now: datetime) -> Pace:
    """Return the clock of a rundown at ``now``.

    The plan begins with the first segment's real start. What lies before the current segment and was not
    done counts as left out, which is time gained.
    """
    segments = rundown.segments
    begun = _begun(segments)
    place = next((n for n, s in enumerate(segments) if s.segment_id == rundown.current), None)
    at = now
    inside = left = 0.0
    starts: dict[str, datetime] = {}
    if place is not None and not segments[place].done:
        current = segments[place]
        inside = (now - (current.started_at or now)).total_seconds()
        left = current.minutes * 60 - inside
        at = now + timedelta(seconds=max(0.0, left))
    for segment in segments[0 if place is None else place + 1 :]:
        if not segment.done and not segment.skip and segment.on_shelf is not False:
            starts[segment.segment_id] = at
            at += timedelta(minutes=segment.minutes)
    if begun is None:
        return Pace(None, 0, 0, starts, at if segments else None)
    planned_end = begun + timedelta(minutes=sum(s.minutes for s in segments))
    over = segments[place].ended_at if place is not None and segments[place].done and not starts else None
    ends = over if over is not None else at
    return Pace(round((planned_end - ends).total_seconds()), round(inside), round(left), starts, ends)


def _begun(segments: Sequence[Segment] | Sequence[SegmentState]) -> datetime | None:
    return min((s.started_at for s in segments if s.started_at is not None), default=None)


def benefits(rundown: RundownState, opened_at: datetime | None, now: datetime) -> Benefits:
    """Sales, coupons and bags that went on air in this hour of the broadcast, counted from its opening;
    ``opened_at`` is None off air."""
    if opened_at is None:
        return Benefits(None, 0)
    since = opened_at + (now - opened_at) // timedelta(hours=1) * timedelta(hours=1)
    return Benefits(since, sum(since <= at <= now for at in rundown.benefits))


def mix(rundown: RundownState, now: datetime) -> Mix:
    """Minutes by tag, planned and really spent up to ``now``."""
    planned = dict.fromkeys(MIX_WANTED, 0.0)
    spent = dict.fromkeys(MIX_WANTED, 0.0)
    for segment in rundown.segments:
        planned[segment.tag] += segment.minutes
        spent[segment.tag] += segment.spent_seconds / 60
        if segment.started_at is not None and segment.ended_at is None:
            spent[segment.tag] += max(0.0, (now - segment.started_at).total_seconds()) / 60
    return Mix(
        {tag: round(minutes, 1) for tag, minutes in planned.items()},
        {tag: round(minutes, 1) for tag, minutes in spent.items()},
    )


def short_of(minutes: Mapping[str, float]) -> tuple[str, float]:
    """Return the tag whose minutes fall farthest behind its part of the whole, and by how many minutes;
    ``""`` where none does by three minutes and a tenth of the whole: a plan that is nearly so needs no
    advice."""
    whole, parts = sum(minutes.values()), sum(MIX_WANTED.values())
    lacks = {tag: whole * part / parts - minutes.get(tag, 0.0) for tag, part in MIX_WANTED.items()}
    tag = max(lacks, key=lambda name: lacks[name])
    return (tag, lacks[tag]) if lacks[tag] >= max(3.0, whole / 10) else ("", 0.0)
