"""Facts: kept whatever they say, each with what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from liveconsole.domain import order_facts, stories
from liveconsole.domain.context import Chance, Context, Pasts
from liveconsole.domain.evolve import evolve
from liveconsole.domain.kind import kinds
from liveconsole.domain.room import Room
from liveconsole.messages.envelope import DOUBLE, Event, Fact, late_for
from liveconsole.messages.facts import ORDER_FACTS

ACTOR: Final = "producer"
_UNASKED: Final[Pasts] = {}


def take(
    room: Room, facts: Sequence[Fact], now: datetime, chance: Chance, pasts: Pasts = _UNASKED
) -> list[Event]:
    """Return the events of the facts, in their order; the room is only read. ``pasts``: what the books have
    of whom they are about.

    Facts that touch no stock go in one run: their own events first, then what follows (entries, claims).
    An order fact is judged on the room as the ones before it left it: cheap where it comes alone, as the
    engine gives them; among others a copy of the room is folded on the way.
    """
    if len(facts) == 1 or ORDER_FACTS.isdisjoint({fact.type for fact in facts}):
        return _run(room, facts, now, chance, pasts)
    scratch = msgspec.msgpack.decode(msgspec.msgpack.encode(room), type=Room)
    found: list[Event] = []
    start = 0
    for place, fact in enumerate(facts):
        if fact.type in ORDER_FACTS:
            runs = [facts[start:place], facts[place : place + 1]]
            start = place + 1
        elif place == len(facts) - 1:
            runs = [facts[start:]]
        else:
            continue
        for run in runs:
            events = _run(scratch, run, now, chance, pasts)
            for event in events:
                evolve(scratch, event)
            found += events
    return found


def late(fact: Fact, now: datetime, number: int) -> Event:
    """Return the event of a fact about what has left the room: it goes to the books of broadcast ``number``.

    It is kept as it was sent, and nothing follows from it.
    """
    f = fact
    return Event(f.type, now, late_for(number), f.data, 0, f.source, f.id, f.time, f.kept)


def _run(room: Room, facts: Sequence[Fact], now: datetime, chance: Chance, pasts: Pasts) -> list[Event]:
    found = [
        Event(f.type, now, DOUBLE if f.double else ACTOR, f.data, 0, f.source, f.id, f.time, f.kept)
        for f in facts
    ]
    ctx = Context(now, "clock", chance, pasts=pasts)
    if room.live and facts:
        for kind in kinds():
            found += kind.follow(room, facts, ctx)
    found += stories.follow(room, facts, ctx)
    if len(facts) == 1 and facts[0].type in ORDER_FACTS:
        found += order_facts.follow(room, facts[0].data, ctx)
    return found
