"""Who is asked about before the rules see an input: buyers and viewers of what is kept for some by our books.

Rules ask nothing on disk. Nothing is asked while no such promotion is on air, no discount of members stands
and nobody gives 积分.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from liveconsole.domain import audiences, member_prices
from liveconsole.domain.context import Past, Pasts
from liveconsole.domain.membership import reaches_level
from liveconsole.domain.room import Room
from liveconsole.engine.people import People
from liveconsole.messages.fields import MASKED, NAME_ONLY
from liveconsole.messages.inputs import CommandInput, FactsInput, Input
from liveconsole.messages.membership import MemberLevel
from liveconsole.store.reader import Reader

_SPENDS: Final = "member.spend"
_OF_LEVELS: Final = {"member.join", "room.set"}
_ORDERS: Final = "order.request"
_WHO: Final = {_ORDERS: "buyer", "coupon.claim": "viewer"}
"""Command → the field with the person whom it is about."""


def asked_of(
    room: Room, people: People, reader: Reader, inputs: Sequence[Input], levels: Sequence[MemberLevel] = ()
) -> Pasts:
    """Return what the books have of everybody whom these inputs would let in somewhere. Who is known by a
    name alone is not looked for: his orders stand under an id."""
    live = map(room.cues.__getitem__, room.live)  # what is due goes on air before the inputs are looked at
    open_ = [cue for cue in live if cue.status != "ended" and audiences.asks_books(cue)]
    spent = {id_ for one in inputs for id_ in _spender(one)}
    buyers = _members(room, people, inputs)
    if not (open_ or spent or buyers):
        return {}
    entered = any(cue.bag is not None or cue.places is not None for cue in open_)
    outside = {id_ for one in inputs for id_ in _people(one, comments=entered)} if open_ else set()
    pids = {people.pid(id_) for id_ in outside if not id_.startswith((NAME_ONLY, MASKED))}
    pids |= {people.inside(id_) for id_ in spent} | buyers
    if not pids:
        return {}
    return {
        pid: Past(told.orders, told.fen, reaches_level(told.fen, levels))
        for pid, told in reader.pasts_of(sorted(pids)).items()
    }


def _spender(one: Input) -> Iterator[str]:
    """Whoever gives 积分: they are what he paid, too."""
    data = one.data if isinstance(one, CommandInput) and one.type == _SPENDS else None
    if isinstance(data, dict) and isinstance(id_ := data.get("viewer_id"), str):
        yield id_


def _members(room: Room, people: People, inputs: Sequence[Input]) -> set[str]:
    """Members who ask for an order: what they paid is their level, and that may have a discount. Also who
    becomes one in this very commit, and whose level gets one in it."""
    commands = [one for one in inputs if isinstance(one, CommandInput)]
    changes = any(one.type in _OF_LEVELS for one in commands)
    if not changes and not (room.members and member_prices.are_on(room)):
        return set()
    outside = {id_ for one in commands if one.type == _ORDERS for id_ in _people(one, comments=False)}
    buyers = {people.pid(id_) for id_ in outside if not id_.startswith((NAME_ONLY, MASKED))}
    return buyers if changes else buyers & room.members.keys()


def _people(one: Input, *, comments: bool) -> Iterator[str]:
    if isinstance(one, CommandInput) and (field := _WHO.get(one.type)) is not None:
        who = one.data.get(field) if isinstance(one.data, dict) else None
        if isinstance(who, dict) and isinstance(id_ := who.get("id"), str):
            yield id_
    elif isinstance(one, FactsInput) and comments:
        for fact in one.facts:
            if fact.type == "comment.posted":
                yield fact.data.viewer.id  # type: ignore[union-attr]
