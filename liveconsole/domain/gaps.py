"""Where a source has a gap: one rule for the alarm, the feed and the report. Pure; time is data.

A source that spoke in this broadcast has a gap from the moment its tool lost its connection or its port, or,
where it only falls silent, from its last word: after several times the longest pause that it used to make if
somebody else in the room still speaks, and after `SILENT_SECONDS` at least if nobody does. One that a person
turned off has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.envelope import Event
from liveconsole.messages.gaps import DOWN, LOST, REFUSED, SILENT, TAKEN, SourceGap

MOST: Final = 200
"""Gaps of one broadcast on the log; a source that comes and goes for hours fills it no further."""
SILENT_SECONDS: Final = 120
"""A source that spoke and says nothing for so long while on air has likely died."""
_PAUSES: Final = 4
"""So many times its longest pause of late is no pause any more."""
_SHORTEST: Final = 30.0
_LONGEST: Final = 600.0
_KNOWN: Final = 5
"""Pauses from which on a rhythm is known."""
_LOST_FOR: Final = timedelta(seconds=5)
"""A connection that is back sooner left no gap worth a line."""
_AT_ONCE: Final = timedelta(seconds=2)
"""What was under way when a connection was lost comes no later."""
_BEFORE: Final = timedelta(minutes=30)
"""A source that was last heard longer before the opening is none of this broadcast."""
_AWAY: Final = {
    "waiting": LOST,
    "no_secret": REFUSED,
    "refused": REFUSED,
    "port_taken": TAKEN,
}
"""State of a tool → why nothing comes from it."""


class HeardSource(Struct, frozen=True):
    """What is known of a source: its last word, its latest pauses in seconds, and how its tool does.

    ``state`` is "" where no tool of ours brings it; ``state_at``: since when it is so.
    """

    source: str
    last: datetime
    pauses: Sequence[float] = ()
    state: str = ""
    state_at: datetime | None = None
    comments: bool = False
    asked: bool = False
    """It is asked again and again and answers: that it tells nothing means that nothing happened."""


def patience(pauses: Sequence[float], *, others_speak: bool) -> timedelta:
    """Return how long a source with these pauses may be silent."""
    if len(pauses) < _KNOWN:
        return timedelta(seconds=SILENT_SECONDS)
    longest = min(max(_PAUSES * max(pauses), _SHORTEST), _LONGEST)
    return timedelta(seconds=longest if others_speak else max(longest, SILENT_SECONDS))


def gap_of(room: Room, one: HeardSource, heard: Iterable[HeardSource], now: datetime) -> SourceGap | None:
    """Return the gap that a source has now, in the broadcast that is on."""
    opened = room.broadcast.opened_at
    if room.broadcast.status != "open" or opened is None or one.state == "off":
        return None
    if one.last < opened - _BEFORE:
        return None
    why = _away(one)
    if why is not None and one.state_at is not None and now - one.state_at >= _LOST_FOR:
        return SourceGap(one.source, max(one.last, one.state_at, opened), None, why, one.comments)
    if one.asked:
        return None
    others_speak = any(other.source != one.source and other.last > one.last for other in heard)
    if now - one.last >= patience(one.pauses, others_speak=others_speak):
        return SourceGap(one.source, max(one.last, opened), None, SILENT, one.comments)
    return None


def _away(one: HeardSource) -> str | None:
    """Why nothing can come from a source; None where it spoke after its tool was seen to be away."""
    spoke_since = one.state_at is not None and one.last > one.state_at + _AT_ONCE
    return None if spoke_since else _AWAY.get(one.state)


def due(room: Room, heard: Sequence[HeardSource], now: datetime) -> list[SourceGap]:
    """Return what has to be told: gaps that began, and those that are over."""
    if room.broadcast.status != "open":
        return []
    told: list[SourceGap] = []
    for one in heard:
        gap, known = gap_of(room, one, heard, now), _open(room, one.source)
        if gap is not None and known is None and len(room.gaps) < MOST:
            told.append(gap)
        elif gap is None and known is not None and _away(one) is None:
            told.append(msgspec.structs.replace(known, until=_end(known, one, now)))
    return told


def interrupted(room: Room, now: datetime) -> list[SourceGap]:
    """Return the gaps that the engine itself made by not running, as it begins again: what the sources of
    comments said since its last event is lost."""
    if room.broadcast.status != "open" or room.at is None or now - room.at < _LOST_FOR:
        return []
    spoke = {source for heard in room.heard.values() for source in heard}
    return [
        SourceGap(source, room.at, None, DOWN, comments=True)
        for source in sorted(spoke)
        if _open(room, source) is None
    ]


def _end(known: SourceGap, one: HeardSource, now: datetime) -> datetime:
    """It ends with the source's word, or with the connection where nobody had a word for it yet."""
    if one.last > known.since:
        return one.last
    back = one.state_at if known.why != SILENT else None
    return max(known.since, back or now)


def _open(room: Room, source: str) -> SourceGap | None:
    return next((gap for gap in reversed(room.gaps) if gap.source == source and gap.until is None), None)


def told(room: Room, data: SourceGap, ctx: Context) -> Decision:
    """Take a gap once, and its end once."""
    known = _open(room, data.source)
    fits = known is None if data.until is None else known is not None and known.since == data.since
    full = data.until is None and len(room.gaps) >= MOST
    if room.broadcast.status != "open" or not fits or full:
        return Decision([], {})
    return Decision([ctx.event("source.gap", data)], {})


def _gap(room: Room, data: SourceGap, event: Event) -> None:
    if data.until is None:
        room.gaps.append(data)
        return
    for place, gap in enumerate(room.gaps):
        if gap.source == data.source and gap.since == data.since:
            room.gaps[place] = data


COMMANDS: Final[dict[str, Rule]] = {"source.gap": told}
FOLDS: Final[dict[str, Fold]] = {"source.gap": _gap}
