"""Hard anchors as the state says them: how each stands, and what would keep one that slips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from liveconsole.domain import anchors
from liveconsole.domain.anchors import Anchor, Cut, Stop, Way
from liveconsole.domain.room import Room
from liveconsole.messages.state import AnchorState, CutState, ProblemState, WayState


def anchor_states(room: Room, now: datetime) -> list[AnchorState]:
    seen = anchors.as_of(room, now)
    there = anchors.stops(room, seen)
    return [_state(room, there, each, seen) for each in anchors.anchors(room, now)]


def _state(room: Room, there: Sequence[Stop], each: Anchor, now: datetime) -> AnchorState:
    slipping = each.standing == "slipping"
    refused = anchors.problem(room, each.segment_id) if slipping else None
    ways = anchors.ways(room, there, each.segment_id, now) if slipping else []
    return AnchorState(
        each.segment_id,
        each.at,
        each.standing,
        each.cue_id,
        each.arrives_at,
        round(each.slips) if slipping else 0,
        round(each.by) if each.by is not None else None,
        [_way(room, each, way) for way in ways],
        ProblemState(0, refused.code, refused.text, refused.params) if refused is not None else None,
    )


def _way(room: Room, anchor: Anchor, way: Way) -> WayState:
    segments = room.rundown.segments
    moved = [segments[id_].written for id_ in way.skips or way.swaps]
    shown = {s.written.product_id for id_, s in segments.items() if id_ not in way.skips}
    lost = dict.fromkeys(segments[id_].written.product_id for id_ in way.skips)
    return WayState(
        way.way,
        round(way.gains),
        anchor.at + timedelta(seconds=anchor.slips - way.gains),
        way.touches,
        [_cut(segments[cut.segment_id].written.minutes, cut) for cut in way.cuts],
        list(way.skips),
        list(way.swaps),
        [id_ for id_ in lost if id_ is not None and id_ not in shown],
        [template.kind for written in moved for template in written.cues],
    )


def _cut(minutes: float, cut: Cut) -> CutState:
    return CutState(cut.segment_id, round(minutes - cut.seconds / 60, 2), round(cut.seconds))
