"""Planted bugs of groups and bargains."""

from __future__ import annotations

from typing import Any

import msgspec

from liveconsole.domain import groups, helping
from liveconsole.domain.room_people import BuyerGroup
from tests.sim.mutants import planted


@planted((groups, "cannot_join"), (BuyerGroup, "people"))
def a_buyer_fills_a_group_alone(cannot_join: Any, people: Any) -> Any:
    """Orders are counted in the place of people."""
    return (lambda cue, buyer, group_id: None), (lambda self: {*self.orders, *self.told})


@planted((groups, "as_joining"))
def a_group_held_like_any(as_joining: Any) -> Any:
    """Its orders lapse by the room's hold, not at its end."""

    def usual(room: Any, order: Any, cue: Any, group_id: Any, ctx: Any) -> Any:
        joined = as_joining(room, order, cue, group_id, ctx)
        return msgspec.structs.replace(joined, hold_until=order.hold_until)

    return usual


@planted((helping, "help_on"))
def helpers_counted_every_time(help_on: Any) -> Any:
    """The same friend helps twice, and is two."""

    def every_time(room: Any, cue_id: str, helper: str, pid: str, *, most: int | None = None) -> None:
        found = room.cues.get(cue_id)
        had = len(found.helped.helpers.get(pid, ())) if found is not None and found.helped is not None else 0
        help_on(room, cue_id, f"{helper}/{had}", pid, most=most)

    return every_time
