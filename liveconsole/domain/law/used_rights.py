"""The rights list: licences of music, pictures and the like that the broadcasts use, and when they end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from liveconsole.domain.china import begin_of
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.domain.room_law import Right
from liveconsole.messages.envelope import Event
from liveconsole.messages.law import (
    RIGHTS_LIMIT,
    RightPut,
    RightRemove,
    RightRemoved,
    RightWritten,
)
from liveconsole.messages.refusals import Refused

SOON: Final = timedelta(days=14)
"""A licence that ends within so long is said beforehand."""
OWN_LEAST: Final = 70
"""Percent of the content that is to be one's own."""


def put(room: Room, data: RightPut, ctx: Context) -> Decision | Refused:
    """Put a new one, or write one that is there already anew."""
    rights = room.law.rights
    if data.right_id is None and len(rights) >= RIGHTS_LIMIT:
        return Refused("over_limit", {"detail": f"rights: {len(rights) + 1} > {RIGHTS_LIMIT}"})
    if data.right_id is not None and data.right_id not in rights:
        return Refused("unknown_right", {"right_id": data.right_id})
    right_id = data.right_id or f"r{ctx.chance.fresh(8).hex()}"
    fields = {**msgspec.structs.asdict(data), "right_id": right_id, "title": data.title.strip()}
    written = RightWritten(**fields)
    if not written.title:
        return Refused("bad_shape", {"detail": "title"})
    known = rights.get(right_id)
    if known is not None and msgspec.structs.asdict(known) == msgspec.structs.asdict(written):
        return Decision([], {"right_id": right_id})
    return Decision([ctx.event("right.put", written)], {"right_id": right_id})


def remove(room: Room, data: RightRemove, ctx: Context) -> Decision | Refused:
    if data.right_id not in room.law.rights:
        return Refused("unknown_right", {"right_id": data.right_id})
    return Decision([ctx.event("right.removed", RightRemoved(data.right_id))], {"right_id": data.right_id})


def over(room: Room, today: date) -> list[Right]:
    """Return those that have ended, the first to end first."""
    return _sorted(one for one in room.law.rights.values() if one.until is not None and one.until < today)


def ending(room: Room, today: date) -> list[Right]:
    """Return those that end within `SOON`."""
    rights = room.law.rights.values()
    return _sorted(one for one in rights if one.until is not None and today <= one.until <= today + SOON)


def ends(room: Room) -> Iterator[datetime]:
    """Yield the midnights of the two weeks before a licence ends, and the one that ends it."""
    for one in room.law.rights.values():
        if one.until is not None:
            for days in range(SOON.days + 2):
                yield begin_of(one.until - timedelta(days=days - 1))


def _sorted(found: Iterable[Right]) -> list[Right]:
    return sorted(found, key=lambda one: (one.until or date.max, one.title))


def _put(room: Room, data: RightWritten, event: Event) -> None:
    room.law.rights[data.right_id] = Right(**msgspec.structs.asdict(data))


def _removed(room: Room, data: RightRemoved, event: Event) -> None:
    room.law.rights.pop(data.right_id, None)


COMMANDS: Final[dict[str, Rule]] = {"right.put": put, "right.remove": remove}
FOLDS: Final[dict[str, Fold]] = {"right.put": _put, "right.removed": _removed}
