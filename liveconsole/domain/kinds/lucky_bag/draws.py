"""Who enters a lucky bag, and one draw at the close.

Everything that decides the draw is fixed in ``cue.on_air`` before anybody can enter (``promise``): the
rules, the salt of the entry ids and the commitment of the random value. Nobody draws by hand and nothing is
drawn twice; a bag that is stopped before its close ends without a draw. What becomes of a drawn prize
stands in ``prizes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from msgspec import UNSET

from liveconsole.domain import audiences, draw, fire, first_comers
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.drand import round_at
from liveconsole.domain.keywords import matcher as _matcher
from liveconsole.domain.keywords import wanted as wanted
from liveconsole.domain.kinds.lucky_bag import prizes, series
from liveconsole.domain.kinds.lucky_bag.ends import is_open
from liveconsole.domain.kinds.lucky_bag.promise import BEACON_WAIT, draws_here
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_bags import Bag
from liveconsole.messages.bounds import WHOLE_ENTRIES
from liveconsole.messages.commands import BagHandOver, DrawBeacon
from liveconsole.messages.draws import (
    BagClosed,
    BagEntered,
    BagSource,
    CueDrawn,
    DrawPromise,
    PrizeHeld,
    Winner,
)
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import PersonByName, PersonMasked
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LuckyBagSpec

# Entering -------------------------------------------------------------------------------------------


def enter(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    """Return what a run of facts does to every bag that is open: at most one ``bag.entered`` for each.

    Only comments of one source count (`bag.source`): a change of capture tool lets nobody in twice.
    """
    events: list[Event] = []
    for cue_id in sorted(room.live):
        cue = room.cues[cue_id]
        if cue.bag is not None and cue.bag.promise is not None and is_open(cue, ctx):
            _enter_one(room, cue, cue.bag.promise, facts, ctx, events)
    return events


def _enter_one(
    room: Room, cue: Cue, promised: DrawPromise, facts: Sequence[Fact], ctx: Context, events: list[Event]
) -> None:
    bag = _bag(room, cue.cue_id)
    assert isinstance(cue.spec, LuckyBagSpec)
    takes, entries, source = _matcher(cue.spec.entry), bag.entries, bag.source
    excluded, stood_back = frozenset(cue.spec.exclude), frozenset(promised.rules.get("stood_back", ()))
    new: dict[str, str] = {}
    unverified: list[str] = []
    kept_out: list[str] = []
    for fact in facts:
        data = fact.data
        if type(data) is not CommentPosted or (source and fact.source != source):
            continue
        if isinstance(data.viewer, PersonMasked):
            continue  # one could be many, and nobody could be handed the prize
        if takes(data.text):
            if not source:
                source = fact.source
                events.append(ctx.event("bag.source", BagSource(cue.cue_id, source, series.number(bag))))
            pid = data.viewer.id
            if pid not in entries and pid not in new and pid not in excluded:
                uuid = draw.entry_id(promised.draw_id, promised.salt, pid)
                if uuid in stood_back:
                    continue
                if audiences.turned_away(room, cue, pid, ctx.pasts) is not None:
                    kept_out.append(pid)
                    continue
                new[pid] = uuid
                if isinstance(data.viewer, PersonByName):
                    unverified.append(pid)
    kept_out = [pid for pid in dict.fromkeys(kept_out) if pid not in bag.kept_out]
    if new or kept_out:
        entered = BagEntered(cue.cue_id, list(new.items()), unverified, series.number(bag), kept_out)
        events.append(ctx.event("bag.entered", entered))


def hand_over(room: Room, data: BagHandOver, ctx: Context) -> Decision | Refused:
    """Let another source bring the entrants from here on; those who are in stay in."""
    cue = room.cues.get(data.cue_id)
    if cue is None or cue.status == "removed":
        return Refused("unknown_cue", {"cue_id": data.cue_id})
    if cue.places is not None:
        return first_comers.hand_over(cue, cue.places, data, ctx)
    if not draws_here(cue):
        there = {"because": "drawn_there"} if isinstance(cue.spec, LuckyBagSpec) else {}
        return Refused("wrong_kind", {"kind": "lucky_bag", "cue_id": data.cue_id, **there})
    if cue.status != "on_air" or cue.bag is None:
        return Refused("not_running", {"cue_id": data.cue_id, "status": cue.status})
    if not is_open(cue, ctx):
        return Refused("too_late", {"cue_id": data.cue_id, "status": cue.status})
    result = {"cue_id": data.cue_id, "source": data.source}
    if cue.bag.source == data.source:
        return Decision([], result)
    source = BagSource(data.cue_id, data.source, series.number(cue.bag))
    return Decision([ctx.event("bag.source", source)], result)


# The close and the draw -----------------------------------------------------------------------------


def close(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """Return what is due at the close of a bag on air: the entrants frozen, and the draw where its value is
    there.

    A bag that the platform draws ends ``time_up`` and waits for ``bag.winners``; one that waits for a
    public value stays on air, closed, until ``draw.beacon`` or its fallback.
    """
    bag = cue.bag
    if cue.status != "on_air" or (bag is not None and bag.root):
        return []
    if bag is None or bag.promise is None:
        return [fire.end_untold(cue, ctx, "time_up")]
    ids = sorted(bag.entries.values())
    root = draw.entry_hash(bag.promise.draw_id, ((uuid, 1) for uuid in ids))
    many = len(ids) > WHOLE_ENTRIES
    frozen = BagClosed(cue.cue_id, [] if many else ids, root, len(ids) if many else UNSET, series.number(bag))
    closed = ctx.event("bag.closed", frozen)
    if bag.promise.source == "drand":
        return [closed]
    return [closed, *_draw_local(room, cue, bag, bag.promise, root, ctx)]


def due(cue: Cue) -> datetime | None:
    """Tell when the bag needs ``tick`` next: its close, its fallback draw, the next of its series, the end of
    a time to claim."""
    here = _due_on_air(cue) if cue.status == "on_air" else series.receipt_due(cue)
    return min((at for at in (here, prizes.due(cue)) if at is not None), default=None)


def _due_on_air(cue: Cue) -> datetime | None:
    bag = cue.bag
    if (at := series.due(cue)) is not None:
        return at
    if series.asked(cue):
        return None  # a person's word; nothing that time does
    if bag is not None and bag.root and bag.promise is not None:
        comes = round_at(bag.promise)
        if comes is not None:
            return comes + BEACON_WAIT
    return cue.ends_at


def tick(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """Everything that is due for this bag at ``ctx.now``."""
    moment = due(cue)
    if moment is None or ctx.now < moment:
        return []
    claims = prizes.due(cue)
    if claims is not None and claims <= ctx.now:
        return prizes.pass_over(cue, ctx)
    if cue.status != "on_air":
        return series.tell(cue, ctx)
    if (at := series.due(cue)) is not None:
        return series.go_on(room, cue, ctx) if at <= ctx.now else []
    bag = cue.bag
    if bag is not None and bag.root and bag.promise is not None:
        return _draw_local(room, cue, bag, bag.promise, bag.root, ctx)
    return close(room, cue, ctx)


def beacon(room: Room, data: DrawBeacon, ctx: Context) -> Decision | Refused:
    """Take the public value that a closed bag waits for. Its signature is hashed here; who fetched it has
    verified it."""
    cue = room.cues.get(data.cue_id)
    if cue is None:
        return Refused("unknown_cue", {"cue_id": data.cue_id})
    bag = cue.bag
    waits = cue.status == "on_air" and bag is not None and bool(bag.root) and bag.receipt is None
    if bag is None or bag.promise is None or not waits:
        return Refused("not_asked", {"cue_id": data.cue_id})
    value = sha256(bytes.fromhex(data.signature)).digest()
    comes = round_at(bag.promise)
    if comes is None or data.round != bag.promise.round or ctx.now < comes:
        return Refused("not_asked", {"cue_id": data.cue_id, "round": bag.promise.round})
    randomness = {
        "source": "drand",
        "commit": bag.promise.commit,
        "value": value.hex(),
        "chain": bag.promise.rules["randomness"]["chain"],
        "round": data.round,
        "signature": data.signature,
    }
    return Decision(_draw(room, cue, bag, bag.promise, bag.root, value, randomness, ctx), {})


def _draw_local(
    room: Room, cue: Cue, bag: Bag, promised: DrawPromise, root: str, ctx: Context
) -> list[Event]:
    value = ctx.chance.secret(promised.draw_id)
    if draw.commitment(value) != promised.commit:
        # Another value would be a draw that nobody was promised. The prize stays owed, and that is shown.
        return [fire.end_untold(cue, ctx, "stopped", "secret_lost")]
    randomness = {"source": "local", "commit": promised.commit, "value": value.hex()}
    if promised.source != "local":
        randomness["instead_of"] = promised.source
    return _draw(room, cue, bag, promised, root, value, randomness, ctx)


def _draw(
    room: Room,
    cue: Cue,
    bag: Bag,
    promised: DrawPromise,
    root: str,
    value: bytes,
    randomness: dict[str, Any],
    ctx: Context,
) -> list[Event]:
    """``cue.drawn``, and the end where no other bag comes. With no entrants it is drawn too: the receipt says
    so with empty lists. Who moved up to a prize of the same series meanwhile is passed over at once."""
    entries = [(uuid, 1) for uuid in sorted(bag.entries.values())]
    winners = int(promised.rules["winners"])
    seed = draw.compute_seed(root, value)
    picked = draw.fair_pick(entries, seed, winners + int(promised.rules["alternates"]))
    many = len(entries) > WHOLE_ENTRIES
    whole = [] if many else [{"id": uuid, "weight": weight} for uuid, weight in entries]
    receipt = {
        "v": draw.RECEIPT_VERSION,
        "algorithm": draw.ALGORITHM,
        "draw_id": promised.draw_id,
        "rules": promised.rules,
        "rules_sha256": promised.rules_sha256,
        **({"count": len(entries)} if many else {"entries": whole}),
        "root": root,
        "source": bag.source,
        "randomness": randomness,
        "seed": seed.hex(),
        "winners": picked[:winners],
        "alternates": picked[winners:],
    }
    pid_of = {uuid: pid for pid, uuid in bag.entries.items()}
    people = [Winner(pid_of[uuid], uuid) for uuid in picked]
    until = ctx.now + timedelta(seconds=int(promised.rules["claim"]["seconds"])) if people else None
    drawn = CueDrawn(cue.cue_id, receipt, people[:winners], people[winners:], until, series.number(bag))
    found = [ctx.event("cue.drawn", drawn), *prizes.won_already(cue, bag, drawn, ctx)]
    if cue.more_bags:
        return found
    cut = cue.series.cut_because if cue.series is not None else ""
    return [*found, fire.end(room, cue, ctx, "drawn", cut)]


# Folds ----------------------------------------------------------------------------------------------


def _source(room: Room, data: BagSource, _event: Event) -> None:
    if (places := room.cues[data.cue_id].places) is not None:
        places.source = data.source
        return
    _bag(room, data.cue_id).source = data.source


def _entered(room: Room, data: BagEntered, _event: Event) -> None:
    bag = _bag(room, data.cue_id)
    bag.entries.update(data.entries)
    bag.kept_out.update(dict.fromkeys(data.kept_out))
    bag.unverified.extend(data.unverified)


def _closed(room: Room, data: BagClosed, event: Event) -> None:
    bag = _bag(room, data.cue_id)
    bag.root, bag.closed_at = data.root, event.at


def _drawn(room: Room, data: CueDrawn, event: Event) -> None:
    bag = _bag(room, data.cue_id)
    bag.receipt, bag.winners, bag.alternates = data.receipt, list(data.winners), list(data.alternates)
    bag.drawn_at = event.at
    bag.receipt_code, bag.receipt_sha256 = draw.receipt_code(data.receipt), series.receipt_hash(data.receipt)
    won = (PrizeHeld(winner.viewer_id, data.cue_id, event.at, bag.number) for winner in data.winners)
    room.won = [*room.won, *won]  # a new list: `tick` folds onto a room that shares this one
    if data.claim_until is not None:
        bag.claim_until = {winner.viewer_id: data.claim_until for winner in data.winners}
    series.drawn(room.cues[data.cue_id], event.at)


def _bag(room: Room, cue_id: str) -> Bag:
    cue = room.cues[cue_id]
    if cue.bag is None:
        cue.bag = Bag()
    return cue.bag


COMMANDS: Final[dict[str, Rule]] = {"draw.beacon": beacon, "bag.source": hand_over, **prizes.COMMANDS}
FOLDS: Final[dict[str, Fold]] = {
    "bag.source": _source,
    "bag.entered": _entered,
    "bag.closed": _closed,
    "cue.drawn": _drawn,
    **prizes.FOLDS,
}
