"""排品表: the plan of a broadcast as segments, and 下一品, which goes on to the next of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from liveconsole.domain import authors, cart, fire
from liveconsole.domain import cue as cues
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kind import kind_of
from liveconsole.domain.law import gate, qualified
from liveconsole.domain.overrides import overridden
from liveconsole.domain.room import Cue, Room, Segment
from liveconsole.messages import commands, events
from liveconsole.messages import rundown as words
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rundown import SCRIPT_LIMIT, SEGMENTS_LIMIT, SegmentPut, SegmentWritten, Step
from liveconsole.messages.specs import parse_spec

SCRIPTS_LIMIT: Final = 200_000
"""Characters of all scripts of a rundown: every seat holds the whole of it."""
_OF_ITS_OWN: Final = frozenset({"segment_id", "anchor_at", "skip", "planned_minutes"})
"""What a copy of a segment does not have from it."""
WAITING: Final = frozenset({"queued", "approved", "standby", "rejected", "missed", "recalled", "refused"})
"""A segment's promotion in one of these was made before and has not run: it is taken again."""


def put(room: Room, data: words.RundownPut, ctx: Context) -> Decision | Refused:
    """Shapes are judged here; floors and stock when 下一品 makes cues of the promotions, as they change."""
    before = room.rundown.segments
    written: dict[str, SegmentWritten] = {}
    for place, sent in enumerate(data.segments):
        known = before.get(sent.segment_id) if isinstance(sent.segment_id, str) else None
        segment = _merged(sent, known.written if known is not None else None, ctx)
        at = segment.anchor_at
        if at is not None and at <= ctx.now and (known is None or known.written.anchor_at != at):
            return Refused("in_the_past", {"at": at.isoformat(), "index": place})
        if segment.segment_id in written:
            return Refused(
                "segment_twice", {"segment_id": segment.segment_id, "index": place} | _title(segment)
            )
        if (refused := _check(room, segment, place)) is not None:
            return refused
        written[segment.segment_id] = segment
    order = list(written) if data.replace else _with_new(list(before), list(written), data.before)
    kept = {**{id_: s.written for id_, s in before.items()}, **written}
    if len(order) > SEGMENTS_LIMIT:
        return Refused("over_limit", {"detail": f"segments: {len(order)} > {SEGMENTS_LIMIT}"})
    if (chars := sum(len(kept[id_].script) for id_ in order)) > SCRIPTS_LIMIT:
        return Refused("over_limit", {"detail": f"scripts: {chars} > {SCRIPTS_LIMIT}"})
    result = {"segment_ids": list(written)}
    changed = [s for s in written.values() if s.segment_id not in before or before[s.segment_id].written != s]
    if not changed and order == list(before):
        return Decision([], result)
    put_ = ctx.event("rundown.put", words.RundownChanged(changed, order))
    return Decision([put_, *overridden(ctx, "rundown.put", data.override)], result)


def _merged(sent: SegmentPut, known: SegmentWritten | None, ctx: Context) -> SegmentWritten:
    fields = {
        name: value
        for name in SegmentPut.__struct_fields__
        if not isinstance(value := getattr(sent, name), msgspec.UnsetType)
    }
    fields.setdefault("segment_id", f"s{ctx.chance.fresh(8).hex()}")
    if fields.get("anchor_at") is not None:
        fields["anchor_at"] = fields["anchor_at"].astimezone(UTC)
    if known is not None and fields.get("minutes", known.minutes) != known.minutes:
        fields["planned_minutes"] = None  # whoever says how long it is says so for good
    return msgspec.structs.replace(known or SegmentWritten(fields["segment_id"]), **fields)


def _title(segment: SegmentWritten) -> dict[str, str]:
    return {"segment": segment.title} if segment.title else {}


def _check(room: Room, segment: SegmentWritten, place: int) -> Refused | None:
    where = {"segment_id": segment.segment_id, "index": place}
    if segment.product_id is not None and segment.product_id not in room.products:
        return Refused("unknown_product", {"product_id": segment.product_id, **where})
    if len(segment.script) > SCRIPT_LIMIT:
        return Refused("too_long", {"field": f"segments.{place}.script", "limit": SCRIPT_LIMIT, **where})
    for number, template in enumerate(segment.cues):
        try:
            parse_spec(template.kind, template.spec)
        except msgspec.ValidationError as error:
            return Refused("bad_spec", {"detail": str(error), "cue": number, **where})
    return None


def _with_new(there: list[str], written: list[str], before: str | None) -> list[str]:
    new = [id_ for id_ in written if id_ not in there]
    place = there.index(before) if before in there else len(there)
    return there[:place] + new + there[place:]


def move(room: Room, data: words.SegmentMove, ctx: Context) -> Decision | Refused:
    order = list(room.rundown.segments)
    for segment_id in (data.segment_id, data.before):
        if segment_id is not None and segment_id not in room.rundown.segments:
            return Refused("unknown_segment", {"segment_id": segment_id})
    result = {"segment_id": data.segment_id}
    if data.before == data.segment_id or _moved_order(order, data.segment_id, data.before) == order:
        return Decision([], result)
    moved = words.SegmentMoved(data.segment_id, data.before)
    return Decision([ctx.event("rundown.moved", moved)], result)


def _moved_order(order: list[str], segment_id: str, before: str | None) -> list[str]:
    rest = [id_ for id_ in order if id_ != segment_id]
    place = rest.index(before) if before in rest else len(rest)
    return [*rest[:place], segment_id, *rest[place:]]


def remove(room: Room, data: words.RundownRemove, ctx: Context) -> Decision | Refused:
    """Segments that are gone already are passed over; cues that were made of them stay in the queue."""
    gone = [id_ for id_ in dict.fromkeys(data.segment_ids) if id_ in room.rundown.segments]
    found = [ctx.event("rundown.removed", words.SegmentsRemoved(gone))] if gone else []
    return Decision(found, {"segment_ids": gone})


def duplicate(room: Room, data: words.SegmentOnly, ctx: Context) -> Decision | Refused:
    """Put a copy behind the original, not yet done."""
    segment = room.rundown.segments.get(data.segment_id)
    if segment is None:
        return Refused("unknown_segment", {"segment_id": data.segment_id})
    order = list(room.rundown.segments)
    place = order.index(data.segment_id) + 1
    copied = SegmentPut(
        **{
            name: getattr(segment.written, name)
            for name in SegmentWritten.__struct_fields__
            if name not in _OF_ITS_OWN
        }
    )
    made = put(room, words.RundownPut([copied], before=order[place] if place < len(order) else None), ctx)
    if isinstance(made, Refused):
        return made
    segment_id = made.result["segment_ids"][0]
    wrote = {segment_id: authors.of_segment(segment)}
    copy_, *rest = made.events
    assert isinstance(copy_.data, words.RundownChanged)
    copy_ = msgspec.structs.replace(copy_, data=msgspec.structs.replace(copy_.data, authors=wrote))
    return Decision([copy_, *rest], {"segment_id": segment_id})


def next_segment(room: Room) -> Segment | None:
    """Return the first behind the current one that was not done and is not left out, whose product is on
    the shelf and lacks no qualification."""
    segments = list(room.rundown.segments.values())
    current = room.rundown.current
    place = next((n for n, s in enumerate(segments) if s.written.segment_id == current), -1)
    waits = (s for s in segments[place + 1 :] if s.ended_at is None and not s.written.skip)
    return next((s for s in waits if can_be_shown(room, s)), None)


def next_product_of(room: Room) -> str | None:
    """Return the product that 下一品 would pin; None where nothing comes next, or a segment without a
    product."""
    if room.rundown.segments:
        coming = next_segment(room)
        return coming.written.product_id if coming is not None else None
    item = cart.next_product(room)
    return item.product_id if item is not None else None


def can_be_shown(room: Room, segment: Segment) -> bool:
    product_id = segment.written.product_id
    if product_id is None:
        return True
    return room.products[product_id].on_shelf and qualified.passes(room, product_id)


def go_next(room: Room, data: commands.GoNext, ctx: Context) -> Decision | Refused:
    """On to the next segment; without a rundown, to the next product of the cart. Fires no money.

    A seat that asks for the segment which is already there has pressed twice, or second: nothing happens.
    """
    rundown = room.rundown
    if not rundown.segments:
        return cart.go_next(room, data, ctx)
    if room.broadcast.status != "open":
        return Refused("not_open")
    current = rundown.segments.get(rundown.current or "")
    if data.to is not None:
        if data.to not in rundown.segments:
            return Refused("unknown_segment", {"segment_id": data.to})
        if current is not None and data.to == rundown.current:
            return Decision([], _there(room, current, already=True))
    coming = rundown.segments[data.to] if data.to is not None else next_segment(room)
    if data.expect is not None and data.to is None and (coming is None or not _is(coming, data.expect)):
        if current is not None and _is(current, data.expect):
            return Decision([], _there(room, current, already=True))
        if coming is not None:
            written = coming.written
            return Refused("changed", {"segment_id": written.segment_id, "product_id": written.product_id})
    if coming is None:
        return Refused("nothing_next")
    product_id = coming.written.product_id
    if product_id is not None and (refused := fire.cannot_show(room, product_id, ctx)) is not None:
        return refused
    if (refused := gate.cannot_read_out(room, coming.written.segment_id)) is not None:
        return refused
    return _go(room, coming, ctx)


def _is(segment: Segment, expected: dict[str, Any] | str) -> bool:
    written = segment.written
    if isinstance(expected, str):
        return expected in {written.segment_id, written.product_id}
    return all(
        expected[name] == getattr(written, name) for name in ("segment_id", "product_id") if name in expected
    )


def _there(room: Room, segment: Segment, *, already: bool) -> dict[str, Any]:
    product_id = segment.written.product_id
    item = cart.item(room, product_id) if product_id is not None else None
    return {
        "segment_id": segment.written.segment_id,
        "product_id": product_id,
        "number": item.number if item is not None else None,
        "already": already,
    }


def _go(room: Room, segment: Segment, ctx: Context) -> Decision:
    pin_id, found, steps = _pin(room, segment, ctx)
    steps.append(Step("prompter", True))
    made, armed, arming, then = _arm(room, segment, ctx)
    found += made
    steps += arming
    if segment.written.product_id is not None:
        more, others, left_out = cart.arm(then, segment.written.product_id, ctx, without=armed)
        found += more
        armed += others
        steps += [Step("arm", True, id_, room.cues[id_].kind) for id_ in others]
        steps += [Step("arm", False, o["cue_id"], room.cues[o["cue_id"]].kind, o["code"]) for o in left_out]
    found += _in_front(room, armed, found, ctx)
    went = words.RundownWent(segment.written.segment_id, steps)
    found.append(ctx.event("rundown.went", went))
    result = {
        **_there(room, segment, already=False),
        "cue_id": pin_id,
        "armed": [s.cue_id for s in steps if s.step == "arm" and s.ok],
        "not_armed": [{"cue_id": s.cue_id, "code": s.code} for s in steps if s.step == "arm" and not s.ok],
        "steps": msgspec.to_builtins(steps),
    }
    return Decision(found, result)


def _pin(room: Room, segment: Segment, ctx: Context) -> tuple[str | None, list[Event], list[Step]]:
    """The old pin ends and the new begins; a product that is explained already goes on being explained."""
    running = fire.pins(room)
    product_id = segment.written.product_id
    if product_id is not None and room.pinned.wanted == product_id and room.pinned.cue_id is not None:
        return room.pinned.cue_id, [], [Step("pin", True, room.pinned.cue_id, "pin")]
    steps = [Step("unpin", True, cue.cue_id, "pin") for cue in running]
    if product_id is None:
        return None, cart.unpin_events(room, ctx, "no_product"), steps
    pin_id, found = cart.pin_events(room, product_id, ctx)
    return pin_id, found, [*steps, Step("pin", True, pin_id, "pin")]


def _arm(room: Room, segment: Segment, ctx: Context) -> tuple[list[Event], list[str], list[Step], Room]:
    """The segment's promotions as cues, approved where the rules allow it; made once, taken again later. Each
    is judged beside those that were approved before it: the room with them comes last."""
    then = room
    found: list[Event] = []
    armed: list[str] = []
    steps: list[Step] = []
    for template in segment.written.cues:
        if template.kind == "pin" and template.spec.get("product_id") == segment.written.product_id:
            continue  # it is pinned by coming here
        cue = _made_before(room, segment, template, armed)
        if cue is None:
            made = _draft(room, segment, template, ctx)
            if isinstance(made, Refused):
                steps.append(Step("arm", False, "", template.kind, made.code, made.params))
                continue
            cue = made
            queued = events.CueQueued(
                cue.cue_id,
                cue.kind,
                cue.spec_sent,
                proposed_by=cue.proposed_by,
                segment_id=segment.written.segment_id,
                authors=cue.authors,
            )
            found.append(ctx.event("cue.queued", queued))
        armed.append(cue.cue_id)
        refused = cues.approval(then, cue, ctx) if cue.status not in {"approved", "standby"} else None
        if refused is not None:
            steps.append(Step("arm", False, cue.cue_id, cue.kind, refused.code, refused.params))
            continue
        if cue.status not in {"approved", "standby"}:
            found.append(ctx.event("cue.approved", events.CueOnlyEvent(cue.cue_id)))
            then = cues.with_approved(then, cue)
        steps.append(Step("arm", True, cue.cue_id, cue.kind))
    return found, armed, steps, then


def _made_before(
    room: Room, segment: Segment, template: words.CueTemplate, taken: Iterable[str]
) -> Cue | None:
    for cue in map(room.cues.__getitem__, room.queue):
        if (
            cue.segment_id == segment.written.segment_id
            and cue.status in WAITING
            and cue.kind == template.kind
            and cue.spec_sent == template.spec
            and cue.cue_id not in taken
        ):
            return cue
    return None


def _draft(room: Room, segment: Segment, template: words.CueTemplate, ctx: Context) -> Cue | Refused:
    spec = cues.judged_spec(room, template.kind, template.spec, None)
    if isinstance(spec, Refused):
        return spec
    cue_id = f"c{ctx.chance.fresh(8).hex()}"
    wrote = authors.of_segment(segment)
    cue = Cue(cue_id, template.kind, spec, template.spec, "queued", ctx.now, wrote[-1], authors=wrote)
    kind_of(cue).shape(cue)
    return cue


def _in_front(room: Room, cue_ids: list[str], made: list[Event], ctx: Context) -> list[Event]:
    """Moves that bring these to the front of the queue, in this order, as it is after ``made``."""
    new = [e.data.cue_id for e in made if isinstance(e.data, events.CueQueued)]
    queue = [*room.queue, *(cue_id for cue_id in new if cue_id in cue_ids)]
    if queue[: len(cue_ids)] == cue_ids:
        return []
    rest = [cue_id for cue_id in room.queue if cue_id not in cue_ids]
    before = rest[0] if rest else None
    return [ctx.event("cue.moved", events.CueMoved(cue_id, before)) for cue_id in cue_ids]


def restart(room: Room) -> None:
    """Another broadcast begins with the same plan, and nothing of it done: nothing cut or left out for an
    earlier one, and no anchor of it."""
    room.rundown.current = None
    for segment in room.rundown.segments.values():
        whole = segment.written.planned_minutes
        segment.written = msgspec.structs.replace(
            segment.written,
            minutes=segment.written.minutes if whole is None else whole,
            planned_minutes=None,
            skip=False,
            anchor_at=segment.written.anchor_at if segment.anchored >= room.broadcast.number else None,
        )
        segment.started_at = segment.ended_at = None
        segment.spent_seconds = 0.0
        segment.steps = []


def leave(room: Room, at: datetime) -> None:
    """The current segment is over."""
    segment = room.rundown.segments.get(room.rundown.current or "")
    if segment is not None and segment.started_at is not None and segment.ended_at is None:
        segment.ended_at = at
        segment.spent_seconds += max(0.0, (at - segment.started_at).total_seconds())


def _put(room: Room, data: words.RundownChanged, event: Event) -> None:
    segments = room.rundown.segments
    for written in data.segments:
        known = segments.get(written.segment_id)
        before = known.written.anchor_at if known is not None else None
        if known is None:
            wrote = data.authors.get(written.segment_id, [event.actor])
            segments[written.segment_id] = Segment(written, event.actor, list(wrote))
        else:
            if not authors.same(known.written.cues, written.cues):
                known.authors = authors.edited(authors.of_segment(known), event.actor)
            else:
                known.authors = authors.of_segment(known)
            known.written, known.by = written, event.actor
        if written.anchor_at is not None and written.anchor_at != before:
            opens = room.broadcast.status != "open"
            segments[written.segment_id].anchored = room.broadcast.number + opens
    _order(room, data.order)


def _order(room: Room, order: list[str]) -> None:
    room.rundown.segments = {id_: room.rundown.segments[id_] for id_ in order}
    if room.rundown.current not in room.rundown.segments:
        room.rundown.current = None


def _moved(room: Room, data: words.SegmentMoved, event: Event) -> None:
    _order(room, _moved_order(list(room.rundown.segments), data.segment_id, data.before))


def _removed(room: Room, data: words.SegmentsRemoved, event: Event) -> None:
    _order(room, [id_ for id_ in room.rundown.segments if id_ not in data.segment_ids])


def _went(room: Room, data: words.RundownWent, event: Event) -> None:
    leave(room, event.at)
    segment = room.rundown.segments[data.segment_id]
    segment.started_at, segment.ended_at, segment.steps = event.at, None, data.steps
    room.rundown.current = data.segment_id


COMMANDS: Final[dict[str, Rule]] = {
    "rundown.put": put,
    "rundown.move": move,
    "rundown.remove": remove,
    "rundown.duplicate": duplicate,
    "go.next": go_next,
}
FOLDS: Final[dict[str, Fold]] = {
    "rundown.put": _put,
    "rundown.moved": _moved,
    "rundown.removed": _removed,
    "rundown.went": _went,
}
