"""接龙: who says a word first, in the order of the log, from one source.

The order is that in which comments were committed, never that of anybody's clock. A person comes once,
whatever he is called; who comes after the last place waits, and moves up when a person takes somebody off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from liveconsole.domain import audiences, draw
from liveconsole.domain.audience import loudest
from liveconsole.domain.context import Context, Decision
from liveconsole.domain.keywords import matcher, wanted
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_plays import Comer, PlaceList
from liveconsole.messages.commands import BagHandOver
from liveconsole.messages.draws import BagSource, DrawPromise
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import PersonByName, PersonMasked
from liveconsole.messages.plays import PlaceFree, PlaceFreed, PlacesClosed, PlacesTaken
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import Entry, FirstComeSpec
from liveconsole.messages.text import LETTERS_VERSION

ALGORITHM: Final = "first_come"
RECEIPT_VERSION: Final = 1


def entry_of(spec: FirstComeSpec) -> Entry:
    """Return how one enters, in the words of a bag."""
    return Entry(spec.keyword, spec.match)


def is_empty(spec: FirstComeSpec) -> bool:
    """Tell whether nothing of the keyword can be compared."""
    return not wanted(entry_of(spec))


def promise(room: Room, cue: Cue, spec: FirstComeSpec, ctx: Context) -> DrawPromise:
    """Return what goes into ``cue.on_air``: the rules and the salt of the entry ids. No chance is in it."""
    list_id, salt = draw.uuid_shaped(ctx.chance.fresh(16)), ctx.chance.fresh(16).hex()
    entry: dict[str, Any] = {"keyword": spec.keyword, "match": spec.match, "letters": LETTERS_VERSION}
    if source := loudest(room, ctx.now):
        entry["source"] = source
    if spec.audience is not None:
        entry["audience"] = spec.audience
    rules: dict[str, Any] = {
        "v": 1,
        "algorithm": ALGORITHM,
        "draw_id": list_id,
        "cue_id": cue.cue_id,
        "salt": salt,
        "places": spec.places,
        "entry": entry,
        "seconds": spec.seconds,
    }
    if spec.sku_id is not None:
        rules["price"] = {"sku_id": spec.sku_id, "price_fen": spec.price_fen}
    return DrawPromise(list_id, salt, rules, draw.rules_hash(rules), source="")


def is_open(cue: Cue, ctx: Context) -> bool:
    """Tell whether a comment can still take a place, or a place in the line behind them."""
    return cue.status == "on_air" and (cue.ends_at is None or ctx.now < cue.ends_at)


def come(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    """Return what a run of comments does to every open list: at most one ``places.taken`` for each."""
    found: list[Event] = []
    for cue_id in sorted(room.live):
        cue = room.cues[cue_id]
        if cue.places is not None and cue.places.promise is not None and is_open(cue, ctx):
            found += _come(cue, cue.places, cue.places.promise, _allowed(room, cue, facts, ctx), ctx)
    return found


def _allowed(room: Room, cue: Cue, facts: Sequence[Fact], ctx: Context) -> Sequence[Fact]:
    """Without the comments of those who are known not to be among whom the list is kept for."""
    if audiences.audience_of(cue.spec) is None:
        return facts
    said = [fact for fact in facts if isinstance(fact.data, CommentPosted)]
    return [f for f in said if audiences.turned_away(room, cue, _who(f), ctx.pasts) is None]


def _who(fact: Fact) -> str:
    assert isinstance(fact.data, CommentPosted)
    return fact.data.viewer.id


def _come(
    cue: Cue, there: PlaceList, promised: DrawPromise, facts: Sequence[Fact], ctx: Context
) -> list[Event]:
    assert isinstance(cue.spec, FirstComeSpec)
    takes, source = matcher(entry_of(cue.spec)), there.source
    found: list[Event] = []
    new: dict[str, str] = {}
    unverified: list[str] = []
    for fact in facts:
        data = fact.data
        if type(data) is not CommentPosted or (source and fact.source != source):
            continue
        if isinstance(data.viewer, PersonMasked):
            continue  # one could be many, and nobody could be handed the place
        if not takes(data.text):
            continue
        if not source:
            source = fact.source
            found.append(ctx.event("bag.source", BagSource(cue.cue_id, source)))
        pid = data.viewer.id
        if pid not in there.came and pid not in new:
            new[pid] = draw.entry_id(promised.draw_id, promised.salt, pid)
            if isinstance(data.viewer, PersonByName):
                unverified.append(pid)
    if new:
        found.append(ctx.event("places.taken", PlacesTaken(cue.cue_id, list(new.items()), unverified)))
    return found


def hand_over(cue: Cue, there: PlaceList, data: BagHandOver, ctx: Context) -> Decision | Refused:
    """Let another source bring who comes from here on; who is on the list stays on it."""
    if cue.status != "on_air":
        return Refused("not_running", {"cue_id": data.cue_id, "status": cue.status})
    if not is_open(cue, ctx):
        return Refused("too_late", {"cue_id": data.cue_id, "status": cue.status})
    result = {"cue_id": data.cue_id, "source": data.source}
    if there.source == data.source:
        return Decision([], result)
    return Decision([ctx.event("bag.source", BagSource(data.cue_id, data.source))], result)


def free(room: Room, data: PlaceFree, ctx: Context) -> Decision | Refused:
    """Take one off the list, on air or after it; the first who waits moves up."""
    cue = room.cues.get(data.cue_id)
    if cue is None or cue.status == "removed":
        return Refused("unknown_cue", {"cue_id": data.cue_id})
    if not isinstance(cue.spec, FirstComeSpec) or cue.places is None:
        return Refused("wrong_kind", {"kind": "first_come", "cue_id": data.cue_id})
    comer = cue.places.came.get(data.viewer_id)
    if comer is None:
        return Refused("not_in_list", {"cue_id": data.cue_id})
    if comer.freed:
        return Decision([], {"cue_id": data.cue_id})
    if cue.buyers.get(data.viewer_id):
        return Refused("place_bought", {"cue_id": data.cue_id})
    line = [pid for pid, _ in cue.places.in_line()]
    placed = data.viewer_id in line[: cue.spec.places]
    following = line[cue.spec.places] if placed and len(line) > cue.spec.places else None
    freed = PlaceFreed(data.cue_id, data.viewer_id, data.reason, following)
    return Decision([ctx.event("place.freed", freed)], {"cue_id": data.cue_id})


def has_place(cue: Cue, pid: str) -> bool:
    assert isinstance(cue.spec, FirstComeSpec)
    there = cue.places
    if there is None or (comer := there.came.get(pid)) is None or comer.freed:
        return False
    return comer.number <= cue.spec.places or any(one == pid for one, _ in there.placed(cue.spec.places))


# Folds ----------------------------------------------------------------------------------------------


def taken(room: Room, data: PlacesTaken, event: Event) -> None:
    there = room.cues[data.cue_id].places
    if there is not None:
        for pid, entry_id in data.entries:
            there.came[pid] = Comer(len(there.came) + 1, event.at, entry_id)
        there.unverified.extend(data.unverified)


def freed(room: Room, data: PlaceFreed, event: Event) -> None:
    there = room.cues[data.cue_id].places
    if there is not None and not there.came[data.viewer_id].freed:
        there.came[data.viewer_id].freed = True
        there.freed += 1


def closed(room: Room, data: PlacesClosed, event: Event) -> None:
    there = room.cues[data.cue_id].places
    if there is not None:
        there.receipt_code = draw.receipt_code(data.receipt)


# The receipt ----------------------------------------------------------------------------------------


def receipt(cue: Cue) -> dict[str, Any] | None:
    """Return the places as they stand: the rules that were fixed before anybody came, and who came
    in which order, named as a draw names entrants. None before it was on air."""
    there = cue.places
    if there is None or there.promise is None or not isinstance(cue.spec, FirstComeSpec):
        return None
    placed = there.placed(cue.spec.places)
    places = [{"id": comer.entry_id, "number": comer.number, "at": _moment(comer)} for _, comer in placed]
    said: dict[str, Any] = {
        "v": RECEIPT_VERSION,
        "algorithm": ALGORITHM,
        "draw_id": there.promise.draw_id,
        "rules": there.promise.rules,
        "rules_sha256": there.promise.rules_sha256,
        "source": there.source,
        "places": places,
        "waiting": there.waiting(cue.spec.places),
        "freed": [comer.entry_id for comer in there.came.values() if comer.freed],
    }
    return said


def _moment(comer: Comer) -> str:
    return comer.at.isoformat(timespec="milliseconds")
