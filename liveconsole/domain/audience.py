"""Counters of who is there and what they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain import proofs
from liveconsole.domain.context import Fold
from liveconsole.domain.figures import RecentCount, ToldFigure
from liveconsole.domain.room import Room
from liveconsole.messages import facts
from liveconsole.messages.envelope import DOUBLE, Event
from liveconsole.messages.gifts import adds
from liveconsole.messages.tally import more

HEARD_FOR: Final = timedelta(minutes=5)
"""How long it is remembered how much each source said."""
_SPAN: Final = 10
"""Seconds that are counted together."""
_SOURCES: Final = 50
"""Sources remembered in one span; who makes up a new one for every comment is no source of a room."""

FIGURES: Final = tuple(name for name in facts.RoomMeasured.__struct_fields__ if name != "recent")
_COUNTED: Final = frozenset({"online", "likes", "exposures", "clicks", "followers"})
_RECENT: Final = 50


def _comment(room: Room, data: facts.CommentPosted, event: Event) -> None:
    commented(room, {event.source: 1}, event.at, doubles=event.actor == DOUBLE)


def commented(room: Room, counts: Mapping[str, int], at: datetime, *, doubles: int = 0) -> None:
    """Count comments of one moment: source → how many, in the order in which they came. Those that two
    sources told count once for the room, and for each of its sources."""
    room.audience.comments += sum(counts.values()) - doubles
    span = int(at.timestamp()) // _SPAN
    heard = room.heard.get(span)
    if heard is None:
        oldest = span - int(HEARD_FOR.total_seconds()) // _SPAN
        for old in [old for old in room.heard if old < oldest]:
            del room.heard[old]
        heard = room.heard[span] = {}
    for source, count in counts.items():
        if source in heard or len(heard) < _SOURCES:
            heard[source] = heard.get(source, 0) + count
    for source in counts:
        proofs.heard(room, "comments", source, at)


def loudest(room: Room, now: datetime) -> str:
    """Return the source with the most comments in the last five minutes; "" where none said anything."""
    since = (now - HEARD_FOR).timestamp() / _SPAN
    told: Counter[str] = Counter()
    for span, heard in room.heard.items():
        if span >= since:
            told.update(heard)
    return min(told, key=lambda source: (-told[source], source), default="")


def _add(room: Room, name: str, count: int, source: str) -> None:
    """From the first fact of its kind on it is a count; before, nobody has told."""
    new = more(room.told_by.setdefault(name, {}), source, count)
    setattr(room.audience, name, (getattr(room.audience, name) or 0) + new)


def _entered(room: Room, data: facts.ViewerEntered, event: Event) -> None:
    _add(room, "entered", 1, event.source)


def _followed(room: Room, data: facts.ViewerFollowed, event: Event) -> None:
    _add(room, "followed", 1, event.source)
    room.followed[data.viewer.id] = None


def _joined_club(room: Room, data: facts.ViewerJoinedClub, event: Event) -> None:
    _add(room, "club", 1, event.source)
    room.in_club[data.viewer.id] = None


def _shared(room: Room, data: facts.ViewerShared, event: Event) -> None:
    _add(room, "shared", 1, event.source)


def _liked(room: Room, data: facts.ViewerLiked, event: Event) -> None:
    _add(room, "likes", data.count, event.source)


def _gift(room: Room, data: facts.GiftSent, event: Event) -> None:
    if adds(data):
        _add(room, "gifts", data.count, event.source)
        _add(room, "gift_value_fen", data.value_fen, event.source)


def _measured(room: Room, data: facts.RoomMeasured, event: Event) -> None:
    """The last one that told counts. What is counted here too keeps its own field, the rest stands among the
    figures alone."""
    audience = room.audience
    for name in FIGURES:
        if (value := getattr(data, name)) is not None:
            audience.measured[name] = ToldFigure(value, event.at, event.source)
            if name in _COUNTED:
                setattr(audience, name, value)
    for one in data.recent:
        if one.name in audience.recent or len(audience.recent) < _RECENT:
            audience.recent[one.name] = RecentCount(one.value, one.before, one.minutes, event.at)


FOLDS: Final[dict[str, Fold]] = {
    "comment.posted": _comment,
    "viewer.entered": _entered,
    "viewer.followed": _followed,
    "viewer.joined_club": _joined_club,
    "viewer.shared": _shared,
    "viewer.liked": _liked,
    "gift.sent": _gift,
    "room.measured": _measured,
}
