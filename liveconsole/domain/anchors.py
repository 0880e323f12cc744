"""Hard anchors: a segment that must begin at a moment, how far the clock slips against it, and what would
keep it: shorten, skip or swap, or where none is enough several together. Pure; `keep` does one of them.

A segment is anchored by its own ``anchor_at``, or by a planned promotion of its goods, which fires by itself
then. Nothing that was promised is skipped, no segment is shortened below what somebody said it needs, and an
anchor that holds goes on holding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final, Literal

import msgspec
from msgspec import Struct

from liveconsole.domain import cue as cues
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kind import kind_named, kind_of
from liveconsole.domain.room import Cue, Room, Segment
from liveconsole.domain.rundown import can_be_shown
from liveconsole.messages import rundown as words
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rundown import SegmentWritten, Tag, WayName

TOLERANCE: Final = timedelta(seconds=60)
"""Begun so much later it is kept; what slips by no more needs nobody."""
BENEFITS_LEAST: Final = 3
"""福利节点 that an hour keeps, whatever is skipped."""
SKIPS_MOST: Final = 3
"""More of them skipped is no way to keep an evening."""
NEAREST: Final = 24
"""Segments before an anchor that may be skipped: those next to it."""
COMBINED_NEAREST: Final = 8
"""Segments before an anchor that may be exchanged and skipped at once."""
TRIES: Final = 64
"""Sets of skips that are looked at for one exchange."""
STEP: Final = timedelta(seconds=15)
"""After so long the clock is looked at again."""
STEPS_MOST: Final = 240

Standing = Literal["ahead", "slipping", "kept", "missed"]


class Stop(Struct, frozen=True):
    """A segment that is still to be shown, or the rest of the one that is."""

    segment_id: str
    seconds: float
    least: float
    """What of them it needs."""
    product_id: str | None = None
    may_skip: bool = True
    may_move: bool = True
    anchor_at: datetime | None = None
    cue_id: str = ""
    """The promotion that anchors it."""
    benefit: bool = False


class Cut(Struct, frozen=True):
    segment_id: str
    seconds: float
    """What is taken off it."""


class Way(Struct, frozen=True):
    """One way to keep an anchor. ``order``: of the segments that are still to be shown, where it changes."""

    way: WayName
    cuts: tuple[Cut, ...] = ()
    skips: tuple[str, ...] = ()
    swaps: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    gains: float = 0.0
    """Seconds."""

    @property
    def touches(self) -> list[str]:
        """The segments that it changes."""
        return sorted({*(cut.segment_id for cut in self.cuts), *self.skips, *self.swaps})


class Anchor(Struct, frozen=True):
    """``arrives_at``: when it begins as the clock runs; None once it has begun or can no longer.

    ``by``: seconds by which it began late; below 0 it was over before.
    """

    segment_id: str
    at: datetime
    cue_id: str
    standing: Standing
    arrives_at: datetime | None = None
    slips: float = 0.0
    by: float | None = None


def tag_of(written: SegmentWritten) -> Tag:
    """Return what its minutes are for: as somebody said, else 福利 where it brings a sale, a coupon or a
    bag."""
    if written.tag is not None:
        return written.tag
    return "benefit" if any(kind_named(cue.kind).BENEFIT for cue in written.cues) else "explain"


# The clock ----------------------------------------------------------------------------------------------


def stops(room: Room, now: datetime) -> list[Stop]:
    """Return what is still to be shown, the rest of the current one first."""
    segments = list(room.rundown.segments.values())
    current = room.rundown.current
    place = next((n for n, s in enumerate(segments) if s.written.segment_id == current), -1)
    planned = _planned(room, segments[place + 1 :])
    pledged = {pledge.product_id for pledge in room.pledges.values() if pledge.product_id is not None}
    found = []
    if place >= 0 and segments[place].ended_at is None:
        found.append(_rest_of(segments[place], now))
    for segment in segments[place + 1 :]:
        if segment.ended_at is None and not segment.written.skip and can_be_shown(room, segment):
            found.append(_stop(segment, planned.get(segment.written.segment_id), pledged))
    return found


def _rest_of(segment: Segment, now: datetime) -> Stop:
    written = segment.written
    inside = (now - (segment.started_at or now)).total_seconds()
    left = max(0.0, written.minutes * 60 - inside)
    least = left if written.least_minutes is None else max(0.0, written.least_minutes * 60 - inside)
    return Stop(written.segment_id, left, min(left, least), written.product_id, False, False)


def _stop(segment: Segment, planned: Cue | None, pledged: Collection[str | None]) -> Stop:
    written = segment.written
    at, cue_id = written.anchor_at, ""
    if planned is not None and (at is None or (planned.at is not None and planned.at < at)):
        at, cue_id = planned.at, planned.cue_id
    whole = written.minutes * 60
    least = whole if written.least_minutes is None else min(whole, written.least_minutes * 60)
    free = at is None
    return Stop(
        written.segment_id,
        whole,
        least,
        written.product_id,
        free and written.product_id not in pledged,
        free,
        at,
        cue_id,
        tag_of(written) == "benefit",
    )


def _planned(room: Room, segments: Sequence[Segment]) -> dict[str, Cue]:
    """Segment → the promotion that fires by itself first among those of it, or of its goods."""
    waits = [room.cues[id_] for id_ in room.live if room.cues[id_].status == "standby"]
    found: dict[str, Cue] = {}
    for cue in sorted((c for c in waits if c.at is not None), key=lambda c: c.at or c.added_at):
        goods = kind_of(cue).goods(room, cue.spec)
        own = next((s for s in segments if s.written.segment_id == cue.segment_id), None)
        its = own or next((s for s in segments if s.written.product_id in goods), None)
        if its is not None:
            found.setdefault(its.written.segment_id, cue)
    return found


def arrivals(there: Sequence[Stop], now: datetime) -> list[datetime]:
    """Return when each begins, if the rest takes what was planned."""
    found = []
    for stop in there:
        found.append(now)
        now += timedelta(seconds=stop.seconds)
    return found


def anchors(room: Room, now: datetime) -> list[Anchor]:
    """Return the anchors of this broadcast in the order of the rundown, as they stand at ``now``."""
    if room.broadcast.status != "open":
        return []
    seen = as_of(room, now)
    ahead = stops(room, seen)
    waits = {stop.segment_id: (stop, at) for stop, at in zip(ahead, arrivals(ahead, seen), strict=True)}
    found = []
    for segment_id, segment in room.rundown.segments.items():
        stop, arrives = waits.get(segment_id, (None, now))
        if stop is not None and segment_id != room.rundown.current:
            if stop.anchor_at is not None:
                found.append(_ahead(stop, arrives, now))
        elif segment.written.anchor_at is not None:
            found.append(_over(segment, segment.written.anchor_at, now))
    return found


def _ahead(stop: Stop, arrives: datetime, now: datetime) -> Anchor:
    assert stop.anchor_at is not None
    if now >= stop.anchor_at + TOLERANCE:
        return Anchor(stop.segment_id, stop.anchor_at, stop.cue_id, "missed")
    slips = (arrives - stop.anchor_at).total_seconds()
    standing: Standing = "slipping" if slips >= TOLERANCE.total_seconds() else "ahead"
    return Anchor(stop.segment_id, stop.anchor_at, stop.cue_id, standing, arrives, slips)


def _over(segment: Segment, at: datetime, now: datetime) -> Anchor:
    """It has begun, was left out, or is off the shelf."""
    segment_id, begun, ended = segment.written.segment_id, segment.started_at, segment.ended_at
    if begun is None:
        return Anchor(segment_id, at, "", "missed" if now >= at + TOLERANCE else "ahead")
    if begun > at:
        late = (begun - at).total_seconds()
        return Anchor(segment_id, at, "", "kept" if begun <= at + TOLERANCE else "missed", by=late)
    if ended is not None and ended < at:
        return Anchor(segment_id, at, "", "missed", by=(ended - at).total_seconds())
    return Anchor(segment_id, at, "", "kept", by=0.0)


def as_of(room: Room, now: datetime) -> datetime:
    """Return the moment at which the clock is looked at: the last step since this segment began, so that what
    is said of it stands until the next, and what is taken is what was said."""
    current = room.rundown.segments.get(room.rundown.current or "")
    runs = current is not None and current.started_at is not None and current.ended_at is None
    base = current.started_at if runs and current is not None else room.broadcast.opened_at
    return now if base is None or base > now else base + (now - base) // STEP * STEP


def moments(room: Room) -> Iterator[datetime]:
    """Yield when time alone changes what is said of anchors: at every step, and as one passes."""
    if room.broadcast.status != "open" or room.at is None:
        return
    over = [stop.anchor_at + TOLERANCE for stop in stops(room, room.at) if stop.anchor_at is not None]
    over = [moment for moment in over if moment >= room.at]
    yield from over
    step = as_of(room, room.at)
    for _ in range(STEPS_MOST if over else 0):
        step += STEP
        if step > max(over):
            break
        yield step


# What would keep one ------------------------------------------------------------------------------------


def ways(room: Room, there: Sequence[Stop], segment_id: str, now: datetime) -> list[Way]:
    """Return what would bring this segment to its anchor, each as little as its kind allows; none where it
    does not slip, or where its own promotions could not run."""
    place = next((n for n, stop in enumerate(there) if stop.segment_id == segment_id), None)
    if room.broadcast.status != "open" or place is None or there[place].anchor_at is None:
        return []
    if problem(room, segment_id) is not None:
        return []
    at = there[place].anchor_at
    assert at is not None
    need = (arrivals(there, now)[place] - at).total_seconds()
    if need < TOLERANCE.total_seconds():
        return []
    made = (
        shorter(there[:place], need),
        skipped(room, there, place, need, now),
        swapped(there, place, now),
    )
    offered = [way for way in made if way is not None]
    if not offered and (together := combined(room, there, place, need, now)) is not None:
        offered = [together]
    found = []
    for way in offered:
        after = _after(there, way)
        begins = arrivals(after, now)[next(n for n, s in enumerate(after) if s.segment_id == segment_id)]
        found.append(msgspec.structs.replace(way, gains=need - (begins - at).total_seconds()))
    return found


def problem(room: Room, segment_id: str) -> Refused | None:
    """Tell why there would be nothing to keep: a promotion of it that the rules would not take."""
    for template in room.rundown.segments[segment_id].written.cues:
        judged = cues.judged_spec(room, template.kind, template.spec, None)
        if isinstance(judged, Refused):
            return judged
    return None


def shorter(before: Sequence[Stop], need: float) -> Way | None:
    """Return the cuts that take off exactly what is needed, from as few segments as can be: those with most
    to spare, of equals the one nearest the anchor."""
    spare = sorted(
        ((stop.seconds - stop.least, n, stop) for n, stop in enumerate(before) if stop.seconds > stop.least),
        key=lambda one: (-one[0], -one[1]),
    )
    cuts: list[Cut] = []
    for seconds, _, stop in spare:
        if need <= 0:
            break
        cuts.append(Cut(stop.segment_id, min(seconds, need)))
        need -= cuts[-1].seconds
    return Way("shorten", cuts=tuple(cuts)) if cuts and need <= 0 else None


def skipped(room: Room, there: Sequence[Stop], place: int, need: float, now: datetime) -> Way | None:
    """Return the fewest segments that make up for it, of so many those that lose the least, and of equals
    those nearest the anchor."""
    free = [stop for stop in reversed(there[:place]) if stop.may_skip and stop.seconds > 0][:NEAREST]
    hours = _hours(room, there, now)
    for count in range(1, SKIPS_MOST + 1):
        fit = [
            chosen
            for chosen in combinations(free, count)
            if sum(stop.seconds for stop in chosen) >= need and _leaves_benefits(chosen, hours)
        ]
        if fit:
            best = min(fit, key=lambda chosen: sum(stop.seconds for stop in chosen))
            return Way("skip", skips=tuple(stop.segment_id for stop in reversed(best)))
    return None


def _hours(room: Room, there: Sequence[Stop], now: datetime) -> dict[str, tuple[int, int]]:
    """Benefit that is still to come → its hour of the broadcast, and how many 福利 that hour has in all."""
    opened = room.broadcast.opened_at or now
    hour = timedelta(hours=1)
    count: dict[int, int] = {}
    for cue in room.cues.values():
        if kind_of(cue).BENEFIT and cue.on_air_at is not None and cue.on_air_at >= opened:
            there_ = (cue.on_air_at - opened) // hour
            count[there_] = count.get(there_, 0) + 1
    coming = {
        stop.segment_id: (at - opened) // hour
        for stop, at in zip(there, arrivals(there, now), strict=True)
        if stop.benefit
    }
    for number in coming.values():
        count[number] = count.get(number, 0) + 1
    return {segment_id: (number, count[number]) for segment_id, number in coming.items()}


def _leaves_benefits(chosen: Sequence[Stop], hours: dict[str, tuple[int, int]]) -> bool:
    gone: dict[int, int] = {}
    for stop in chosen:
        if stop.segment_id in hours:
            number, _ = hours[stop.segment_id]
            gone[number] = gone.get(number, 0) + 1
    return all(total - gone[number] >= BENEFITS_LEAST for number, total in hours.values() if number in gone)


def swapped(there: Sequence[Stop], place: int, now: datetime) -> Way | None:
    """Return the exchange with the last segment before it in whose place it would be on time, no other
    anchor being missed for it."""
    held = _held(there, now)
    for other in range(place - 1, -1, -1):
        if not there[other].may_move:
            continue
        order = list(there)
        order[other], order[place] = order[place], order[other]
        begins = arrivals(order, now)
        at = there[place].anchor_at
        if at is None or begins[other] > at:
            continue
        if held <= _held(order, now):
            ids = tuple(stop.segment_id for stop in order)
            swaps = (there[place].segment_id, there[other].segment_id)
            return Way("swap", swaps=swaps, order=ids)
    return None


def combined(room: Room, there: Sequence[Stop], place: int, need: float, now: datetime) -> Way | None:
    """Return what keeps it where no single way does: the fewest skips and the rest cut off what stays, or, if
    that is not enough, beside an exchange; of so many the nearest exchange, and what loses the least."""
    hours = _hours(room, there, now)
    for count in range(1, SKIPS_MOST + 1):
        for chosen in _sets(there[:place], count, need, hours, NEAREST):
            return Way("combine", cuts=_rest(there[:place], chosen, need), skips=_ids(chosen))
    at, held = there[place].anchor_at, _held(there, now)
    assert at is not None
    others = [n for n in range(place - 1, -1, -1) if there[n].may_move][:COMBINED_NEAREST]
    for count in range(SKIPS_MOST + 1):
        for other in others:
            order = list(there)
            order[other], order[place] = order[place], order[other]
            less = (arrivals(order, now)[other] - at).total_seconds()
            for chosen in _sets(order[:other], count, less, hours, COMBINED_NEAREST)[:TRIES]:
                skips = _ids(chosen)
                ids = tuple(stop.segment_id for stop in order if stop.segment_id not in skips)
                swaps = (there[place].segment_id, there[other].segment_id)
                way = Way("combine", _rest(order[:other], chosen, less), skips, swaps, ids)
                if held <= _held(_after(there, way), now):
                    return way
    return None


def _sets(
    before: Sequence[Stop], count: int, need: float, hours: dict[str, tuple[int, int]], nearest: int
) -> list[tuple[Stop, ...]]:
    """Return the sets of so many that may be skipped, and leave no more than can be cut off the rest; what
    loses the least first."""
    free = [stop for stop in reversed(before) if stop.may_skip and stop.seconds > 0][:nearest]
    spare = sum(stop.seconds - stop.least for stop in before)
    fit = [
        chosen
        for chosen in combinations(free, count)
        if spare + sum(stop.least for stop in chosen) >= need and _leaves_benefits(chosen, hours)
    ]
    return sorted(fit, key=lambda chosen: sum(stop.seconds for stop in chosen))


def _rest(before: Sequence[Stop], chosen: Sequence[Stop], need: float) -> tuple[Cut, ...]:
    """Return the cuts of what stays."""
    way = shorter(
        [stop for stop in before if stop not in chosen], need - sum(stop.seconds for stop in chosen)
    )
    return way.cuts if way is not None else ()


def _ids(chosen: Sequence[Stop]) -> tuple[str, ...]:
    return tuple(stop.segment_id for stop in reversed(chosen))


def _held(there: Sequence[Stop], now: datetime) -> set[str]:
    """Return the anchored ones that would be reached in time."""
    return {
        stop.segment_id
        for stop, begins in zip(there, arrivals(there, now), strict=True)
        if stop.anchor_at is not None and begins <= stop.anchor_at + TOLERANCE
    }


def _after(there: Sequence[Stop], way: Way) -> list[Stop]:
    """Return what is still to be shown once the way is taken."""
    cut = {one.segment_id: one.seconds for one in way.cuts}
    found = {
        stop.segment_id: msgspec.structs.replace(stop, seconds=stop.seconds - cut.get(stop.segment_id, 0.0))
        for stop in there
        if stop.segment_id not in way.skips
    }
    return [found[id_] for id_ in (way.order or tuple(found))]


# To take one --------------------------------------------------------------------------------------------


def keep(room: Room, data: words.AnchorKeep, ctx: Context) -> Decision | Refused:
    """Take one of the ways, as the state says it; where that touches other segments than the seat saw, none
    is."""
    if data.segment_id not in room.rundown.segments:
        return Refused("unknown_segment", {"segment_id": data.segment_id})
    seen = as_of(room, ctx.now)
    there = stops(room, seen)
    way = next((w for w in ways(room, there, data.segment_id, seen) if w.way == data.way), None)
    if way is None:
        return Refused("no_such_way", {"segment_id": data.segment_id})
    if data.expect is not None and sorted(data.expect) != way.touches:
        return Refused("changed", {"segment_id": data.segment_id})
    segments = room.rundown.segments
    cut = {one.segment_id: one.seconds / 60 for one in way.cuts}
    changed = [
        *(_cut(segments[id_].written, minutes) for id_, minutes in cut.items()),
        *(msgspec.structs.replace(segments[id_].written, skip=True) for id_ in way.skips),
    ]
    order = list(segments)
    if way.swaps:
        one, other = (order.index(id_) for id_ in way.swaps)
        order[one], order[other] = order[other], order[one]
    slips = next(a.slips for a in anchors(room, ctx.now) if a.segment_id == data.segment_id)
    kept = words.AnchorHeld(data.segment_id, way.way, round(slips), way.touches)
    found = [
        ctx.event("rundown.put", words.RundownChanged(changed, order)),
        ctx.event("rundown.kept", kept),
    ]
    result = {"segment_id": data.segment_id, "way": way.way, "segment_ids": way.touches}
    return Decision(found, {**result, "gains_seconds": round(way.gains)})


def _cut(written: SegmentWritten, minutes: float) -> SegmentWritten:
    """Take minutes off a segment for tonight; the plan's own come back with the next broadcast."""
    planned = written.minutes if written.planned_minutes is None else written.planned_minutes
    return msgspec.structs.replace(written, minutes=written.minutes - minutes, planned_minutes=planned)


def _kept(room: Room, data: words.AnchorHeld, event: Event) -> None:
    """What it changed stands in the ``rundown.put`` before it."""


COMMANDS: Final[dict[str, Rule]] = {"rundown.keep": keep}
FOLDS: Final[dict[str, Fold]] = {"rundown.kept": _kept}
