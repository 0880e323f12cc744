"""When time alone may change what the state says: what was made before stands until then. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from liveconsole.domain import anchors
from liveconsole.domain.kind import kind_of
from liveconsole.domain.law import qualified, used_rights
from liveconsole.domain.room import Cue, Room


def moments(room: Room) -> list[datetime]:
    """Return every moment on one side of which a rule may answer otherwise than on the other, past ones
    included."""
    planned: set[datetime] = set()
    lengths: set[int] = set()
    found: set[datetime] = set()
    for cue_id in {*room.queue, *room.live}:
        cue = room.cues[cue_id]
        planned.update(at for at in (cue.at, cue.fires_at) if at is not None)
        lengths.add(kind_of(cue).seconds(cue.spec) or 0)
        found.update(_of(cue))
    # Two sales overlap where one begins before the other's end, which moves with the clock while it waits.
    found.update(at - timedelta(seconds=seconds) for at in planned for seconds in lengths)
    found |= planned
    found.update(_lapses(room))
    found.update(qualified.ends(room))
    found.update(anchors.moments(room))
    found.update(used_rights.ends(room))
    return sorted(found)


def _of(cue: Cue) -> Iterator[datetime]:
    if cue.ends_at is not None:
        yield cue.ends_at
    for bag in cue.bags:
        yield from bag.claim_until.values()
    if cue.series is not None and cue.series.next_at is not None:
        yield cue.series.next_at


def _lapses(room: Room) -> Iterator[datetime]:
    """The end of what may still be in somebody's hands."""
    for cue in room.cues.values():
        if cue.ended_at is not None and kind_of(cue).HANDS_OUT:
            valid = kind_of(cue).valid_for(cue.spec)
            if valid is not None:
                yield (cue.off_at or cue.ended_at) + valid


class Horizon:
    """Until when what was made at ``now`` stands. A rule compares with the clock or with the time of the last
    event, and may do so with < or with ≤: at the moment itself nothing is certain."""

    def __init__(self, room: Room, now: datetime) -> None:
        self._made, self._made_at = now, room.at or now
        ahead = moments(room)
        self._due = next((moment for moment in ahead if moment >= self._made), None)
        self._due_at = next((moment for moment in ahead if moment >= self._made_at), None)

    def passed(self, room: Room, now: datetime) -> bool:
        at = room.at or now
        return (self._due is not None and self._made < now and self._due <= now) or (
            self._due_at is not None and self._made_at < at and self._due_at <= at
        )
