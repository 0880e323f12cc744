"""Lucky bags on the picture: which are still news, and where a series of them is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain.draw import PROMISE_LETTERS, short_code
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_bags import Bag

RESULT_SHOWN: Final = timedelta(seconds=60)
"""How long winners, or why a bag was voided, stand on the picture."""


def between(cue: Cue, bag: Bag, now: datetime) -> bool:
    """Whether the next bag of a series is what viewers wait for; the platform's is over by the clock."""
    over = bag.receipt is not None or (bag.promise is None and bag.ends_at is not None and now >= bag.ends_at)
    return cue.more_bags and over


def stands_back(how: str) -> str:
    """Which earlier winners do not take part, behind the condition."""
    if how.startswith("days:"):
        return f"，{how.removeprefix('days:')} 天内中过奖的不参加"
    return "，本场中过奖的不参加" if how == "broadcast" else ""


def root_code(bag: Bag | None) -> str:
    """Of the entrants, once they are frozen."""
    root = bag.root if bag is not None else ""
    return short_code(root, PROMISE_LETTERS) if root else ""


def just_ended(room: Room, now: datetime) -> list[tuple[Cue, Bag | None]]:
    """Bags whose end is still news, the latest first: drawn here or by the platform, or stopped."""
    found = [
        (at, cue.cue_id, cue, bag)
        for cue in room.cues.values()
        if cue.bag is not None
        for bag in _bags(cue)
        if (at := _over_at(cue, bag)) is not None and timedelta(0) <= now - at < RESULT_SHOWN
    ]
    found.sort(
        key=lambda each: (each[0], each[1], each[3].number if each[3] is not None else 0), reverse=True
    )
    return [(cue, bag) for _, _, cue, bag in found]


def _bags(cue: Cue) -> list[Bag | None]:
    return list(cue.bags) or [None]


def _over_at(cue: Cue, bag: Bag | None) -> datetime | None:
    """When a bag had a result that is shown: winners, or why nobody won."""
    if bag is not None and bag.receipt is not None and bag.drawn_at is not None:
        return bag.drawn_at
    if cue.status != "ended" or bag is not cue.bag:
        return None
    told = bag is not None and (bag.winners or bag.platform_names)
    return cue.ended_at if told or cue.ended_because in ("stopped", "halted", "drawn") else None
