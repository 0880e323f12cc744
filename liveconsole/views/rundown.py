"""排品表 as people look at it: plan against clock, what is next, 福利节点 of the hour, the mix of minutes.

`rundown_body` makes the ``rundown`` of ``GET /v1/state``; `pace`, `mix` and `benefits_at` read that body
again at any later moment, so that a seat's clock runs on between two states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.domain import cue as cues
from liveconsole.domain.cue import wire_time
from liveconsole.domain.kind import kind_named, kind_of
from liveconsole.domain.room import Room, Segment
from liveconsole.domain.rundown import next_segment
from liveconsole.messages.refusals import Refused, word
from liveconsole.messages.rundown import SegmentWritten

BENEFITS_WANTED: Final = (3, 5)
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


def rundown_body(room: Room, now: datetime) -> dict[str, Any]:
    """``now`` is aware UTC. Empty lists and nulls where there is no rundown."""
    coming = next_segment(room) if room.rundown.segments else None
    current = room.rundown.current
    numbers = {item.product_id: item.number for item in room.cart}
    segments = room.rundown.segments.values()
    body: dict[str, Any] = {
        "segments": [_segment(room, s, numbers, is_next=s is coming) for s in segments],
        "current": current,
        "next": coming.written.segment_id if coming is not None else None,
        "hour_benefits": hour_benefits(room, now),
    }
    body["mix"] = mix(body, now)
    clock = pace(body, now)
    body["ahead_seconds"] = clock.ahead_seconds
    body["ends_at"] = wire_time(clock.ends_at) if clock.ends_at is not None else None
    begun = _begun(body["segments"])
    planned = begun
    for segment in body["segments"]:
        start = clock.starts.get(segment["segment_id"])
        segment["expected_start"] = wire_time(start) if start is not None else None
        segment["planned_start"] = wire_time(planned) if planned is not None else None
        planned = planned + timedelta(minutes=segment["minutes"]) if planned is not None else None
    return body


def _segment(room: Room, segment: Segment, numbers: Mapping[str, int], *, is_next: bool) -> dict[str, Any]:
    written = segment.written
    product = room.products.get(written.product_id or "")
    current = room.rundown.current == written.segment_id
    body: dict[str, Any] = {
        **msgspec.to_builtins(written),
        "tag": tag_of(written),
        "tag_told": written.tag is not None,
        "number": numbers.get(written.product_id or ""),
        "product_title": product.title if product is not None else "",
        "on_shelf": product.on_shelf if product is not None else None,
        "by": segment.by,
        "current": current,
        "done": segment.ended_at is not None,
        "started_at": wire_time(segment.started_at) if segment.started_at is not None else None,
        "ended_at": wire_time(segment.ended_at) if segment.ended_at is not None else None,
        "spent_seconds": round(segment.spent_seconds),
        "steps": [_step(room, step) for step in msgspec.to_builtins(segment.steps)],
    }
    if current or is_next:
        body["problems"] = _problems(room, segment)
    return body


def _step(room: Room, step: dict[str, Any]) -> dict[str, Any]:
    """A step with what became of it: the status of its cue now, never a success that nobody read back."""
    cue = room.cues.get(step.get("cue_id", ""))
    code = step.get("code", "")
    return {
        "cue_id": "",
        "kind": "",
        **step,
        "status": cue.status if cue is not None else None,
        "reason": cue.reason if cue is not None else "",
        "text": word(code, step.get("params", {})) if code else "",
    }


def _problems(room: Room, segment: Segment) -> list[dict[str, Any]]:
    """Which of its promotions the rules would not take as things stand."""
    found = []
    for place, template in enumerate(segment.written.cues):
        judged = cues.judged_spec(room, template.kind, template.spec, None)
        if isinstance(judged, Refused):
            found.append({"cue": place, "code": judged.code, "text": judged.text, "params": judged.params})
    return found


def pace(body: Mapping[str, Any], now: datetime) -> Pace:
    """The clock of a rundown body (of this module, or off the wire) at ``now``.

    The plan begins with the first segment's real start. What lies before the current segment and was not
    done counts as left out, which is time gained.
    """
    segments: Sequence[Mapping[str, Any]] = body["segments"]
    begun = _begun(segments)
    place = next((n for n, s in enumerate(segments) if s["segment_id"] == body["current"]), None)
    at = now
    inside = left = 0.0
    starts: dict[str, datetime] = {}
    if place is not None and not segments[place]["done"]:
        current = segments[place]
        inside = (now - _time(current["started_at"])).total_seconds()
        left = current["minutes"] * 60 - inside
        at = now + timedelta(seconds=max(0.0, left))
    for segment in segments[0 if place is None else place + 1 :]:
        if not segment["done"] and segment["on_shelf"] is not False:
            starts[segment["segment_id"]] = at
            at += timedelta(minutes=segment["minutes"])
    if begun is None:
        return Pace(None, 0, 0, starts, at if segments else None)
    planned_end = begun + timedelta(minutes=sum(s["minutes"] for s in segments))
    over = place is not None and segments[place]["done"] and not starts
    ends = _time(segments[place]["ended_at"]) if over and place is not None else at
    return Pace(round((planned_end - ends).total_seconds()), round(inside), round(left), starts, ends)


def _begun(segments: Sequence[Mapping[str, Any]]) -> datetime | None:
    return min((_time(s["started_at"]) for s in segments if s["started_at"] is not None), default=None)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def hour_benefits(room: Room, now: datetime) -> dict[str, Any]:
    """Sales, coupons and bags that went on air in this hour of the broadcast, counted from its opening."""
    low, high = BENEFITS_WANTED
    opened = room.broadcast.opened_at
    if opened is None or room.broadcast.status != "open":
        return {"since": None, "fired": 0, "low": low, "high": high}
    since = opened + (now - opened) // timedelta(hours=1) * timedelta(hours=1)
    fired = sum(
        kind_of(cue).BENEFIT and cue.on_air_at is not None and since <= cue.on_air_at <= now
        for cue in room.cues.values()
    )
    return {"since": wire_time(since), "fired": fired, "low": low, "high": high}


def benefits_at(hour: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """`hour_benefits` of a body at a later moment: in a new hour none has gone on air yet, or another state
    would have come."""
    if hour.get("since") is None:
        return dict(hour)
    passed = (now - _time(hour["since"])) // timedelta(hours=1)
    if passed < 1:
        return dict(hour)
    since = _time(hour["since"]) + passed * timedelta(hours=1)
    return {**hour, "since": wire_time(since), "fired": 0}


def tag_of(written: SegmentWritten) -> str:
    """What its minutes are for: as somebody said, else 福利 where it brings a sale, a coupon or a bag."""
    if written.tag is not None:
        return written.tag
    return "benefit" if any(kind_named(cue.kind).BENEFIT for cue in written.cues) else "explain"


def mix(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Minutes by tag of a rundown body: planned, really spent, and the wanted parts of ten."""
    planned = dict.fromkeys(MIX_WANTED, 0.0)
    spent = dict.fromkeys(MIX_WANTED, 0.0)
    for segment in body["segments"]:
        tag = segment["tag"]
        if tag not in planned:
            continue  # of a newer engine than this seat knows
        planned[tag] += segment["minutes"]
        spent[tag] += segment["spent_seconds"] / 60
        if segment["started_at"] is not None and segment["ended_at"] is None:
            spent[tag] += max(0.0, (now - _time(segment["started_at"])).total_seconds()) / 60
    return {
        "planned": {tag: round(minutes, 1) for tag, minutes in planned.items()},
        "spent": {tag: round(minutes, 1) for tag, minutes in spent.items()},
        "wanted": MIX_WANTED,
    }


def short_of(minutes: Mapping[str, float]) -> tuple[str, float]:
    """The tag whose minutes fall farthest behind its part of the whole, and by how many minutes; ``""`` where
    none does by three minutes and a tenth of the whole: a plan that is nearly so needs no advice."""
    whole, parts = sum(minutes.values()), sum(MIX_WANTED.values())
    lacks = {tag: whole * part / parts - minutes.get(tag, 0.0) for tag, part in MIX_WANTED.items()}
    tag = max(lacks, key=lambda name: lacks[name])
    return (tag, lacks[tag]) if lacks[tag] >= max(3.0, whole / 10) else ("", 0.0)
