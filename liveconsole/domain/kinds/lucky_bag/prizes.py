"""What becomes of a drawn prize: settled by a person or by a follow, or passed over to the next alternate.

The receipt stays as drawn. Whoever moves up is the next of the same permutation: there is no second draw.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from liveconsole.domain import fire
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kinds.lucky_bag import series
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_bags import Bag
from liveconsole.messages.commands import BagSettle, BagWinners
from liveconsole.messages.draws import BagNameSettled, BagPlatformWinners, BagSettled, CueDrawn, PrizeHeld
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.facts import ViewerFollowed
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LuckyBagSpec

CLAIM_OVER: Final = "claim_over"
"""``bag.settled.reason`` when the clock passed a winner over."""
WON_ALREADY: Final = "won_already"
"""``bag.settled.reason`` of who has won another bag of a series that everybody wins once."""
FOLLOWED: Final = "followed"
"""``bag.settled.reason`` when a source told that the winner follows now."""


def due(cue: Cue) -> datetime | None:
    """Tell when the first unsettled winner's time to claim ends, of any of its bags."""
    return min((at for bag in cue.bags if (at := _due(bag)) is not None), default=None)


def _due(bag: Bag) -> datetime | None:
    until = bag.claim_until
    return min((until[w.viewer_id] for w in bag.unsettled if w.viewer_id in until), default=None)


def settle(room: Room, data: BagSettle, ctx: Context) -> Decision | Refused:
    cue = room.cues.get(data.cue_id)
    if cue is None:
        return Refused("unknown_cue", {"cue_id": data.cue_id})
    if not isinstance(cue.spec, LuckyBagSpec):
        return Refused("wrong_kind", {"kind": "lucky_bag", "cue_id": data.cue_id})
    if data.bag is not None and data.bag not in {bag.number for bag in cue.bags}:
        return Refused("not_a_winner")
    bags = [bag for bag in cue.bags if data.bag in (None, bag.number)]
    if cue.spec.draw == "platform":
        return _settle_name(data, bags, ctx)
    if data.viewer_id is None:
        return Refused("bad_shape", {"detail": "viewer_id"})
    return _settle_viewer(cue, data, _bag_of(bags, data.viewer_id), data.viewer_id, ctx)


def _bag_of(bags: Sequence[Bag], pid: str) -> Bag:
    """The bag whose prize he waits for; else one that he won at all."""
    waits = (bag for bag in bags if any(winner.viewer_id == pid for winner in bag.unsettled))
    won = (bag for bag in reversed(bags) if pid in bag.ever_won)
    return next(waits, None) or next(won, None) or Bag()


def _settle_viewer(cue: Cue, data: BagSettle, bag: Bag, pid: str, ctx: Context) -> Decision | Refused:
    until = bag.claim_until.get(pid)
    late = until is not None and ctx.now >= until
    settled = bag.settled.get(pid)
    if settled is not None:
        return Refused("claim_over" if late and not settled and data.ok else "already_settled")
    if pid not in {winner.viewer_id for winner in bag.winners}:
        return Refused("not_a_winner")
    if late and data.ok:
        return Refused("claim_over")
    if data.ok:
        settled_ = BagSettled(data.cue_id, pid, True, data.reason, bag=series.number(bag))
        return Decision([ctx.event("bag.settled", settled_)], {})
    return Decision(_pass(cue, bag, [pid], data.reason, ctx), {})


def _settle_name(data: BagSettle, bags: Sequence[Bag], ctx: Context) -> Decision | Refused:
    """A winner of the platform's draw, by the name that was typed in: nobody here knows his id."""
    if data.name is None:
        return Refused("bad_shape", {"detail": "name"})
    places = [(bag, n) for bag in bags for n, name in enumerate(bag.platform_names) if name == data.name]
    waiting = [(bag, n) for bag, n in places if str(n) not in bag.platform_settled]
    if not places:
        return Refused("not_a_winner")
    if not waiting:
        return Refused("already_settled")
    if len(waiting) > 1 and not data.ok:
        return Refused("two_of_that_name", {"count": len(waiting), "name": data.name})
    bag, place = waiting[0]
    settled = BagNameSettled(data.cue_id, place, data.ok, data.reason, series.number(bag))
    return Decision([ctx.event("bag.name_settled", settled)], {})


def pass_over(cue: Cue, ctx: Context) -> list[Event]:
    """Give the prize of every winner whose time to claim is over to the next alternate."""
    for bag in cue.bags:
        late = [w.viewer_id for w in bag.unsettled if ctx.now >= bag.claim_until.get(w.viewer_id, ctx.now)]
        if late:  # one bag at a time: who moves up in it has won when the next is looked at
            return _pass(cue, bag, late, CLAIM_OVER, ctx)
    return []


def won_already(cue: Cue, bag: Bag, drawn: CueDrawn, ctx: Context) -> list[Event]:
    """Pass over those drawn now who moved up to another prize of the series while they were in this bag."""
    won = series.won_elsewhere(cue, bag)
    twice = [winner.viewer_id for winner in drawn.winners if winner.viewer_id in won]
    return _pass(cue, replace(bag, alternates=list(drawn.alternates)), twice, WON_ALREADY, ctx)


def followed(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    """Winners who must follow to claim, settled by a ``viewer.followed`` within their time."""
    who = {fact.data.viewer.id for fact in facts if isinstance(fact.data, ViewerFollowed)}
    events: list[Event] = []
    for cue_id in sorted(room.live) if who else ():
        cue = room.cues[cue_id]
        if isinstance(cue.spec, LuckyBagSpec) and cue.spec.claim.followed:
            events += [event for bag in cue.bags for event in _followed(cue, bag, who, ctx)]
    return events


def _followed(cue: Cue, bag: Bag, who: Collection[str], ctx: Context) -> Iterator[Event]:
    for winner in bag.unsettled:
        pid = winner.viewer_id
        if pid in who and ctx.now < bag.claim_until.get(pid, ctx.now):
            settled = BagSettled(cue.cue_id, pid, True, FOLLOWED, bag=series.number(bag))
            yield ctx.event("bag.settled", settled)


def _pass(cue: Cue, bag: Bag, late: Sequence[str], reason: str, ctx: Context) -> list[Event]:
    """Give each prize to the next alternate; one who won elsewhere in the series moves up and is passed over
    in his turn, so that the log shows every place of the permutation."""
    assert isinstance(cue.spec, LuckyBagSpec)
    until = ctx.now + timedelta(seconds=cue.spec.claim.seconds)
    free, won = iter(bag.alternates), series.won_elsewhere(cue, bag)
    events = []
    for pid in late:
        leaves, why = pid, reason
        while True:
            up, number = next(free, None), series.number(bag)
            settled = BagSettled(cue.cue_id, leaves, False, why, bag=number)
            if up is not None:
                settled = BagSettled(cue.cue_id, leaves, False, why, up.viewer_id, until, number)
            events.append(ctx.event("bag.settled", settled))
            if up is None or up.viewer_id not in won:
                break
            leaves, why = up.viewer_id, WON_ALREADY
    return events


def platform_winners(room: Room, data: BagWinners, ctx: Context) -> Decision | Refused:
    """Take what the platform drew, as a person read it there; before or after the bag's time was up."""
    cue = room.cues.get(data.cue_id)
    if cue is None:
        return Refused("unknown_cue", {"cue_id": data.cue_id})
    if not isinstance(cue.spec, LuckyBagSpec):
        return Refused("wrong_kind", {"kind": "lucky_bag", "cue_id": data.cue_id})
    if cue.spec.draw != "platform":
        here = {"kind": "lucky_bag", "cue_id": data.cue_id, "because": "drawn_here"}
        return Refused("wrong_kind", here)
    planned = {"planned": cue.spec.winners, "names": len(data.names)}
    if cue.spec.series is not None:
        return _winners_of_series(cue, data, planned, ctx)
    if cue.ended_because == "platform":
        bag = cue.bag or Bag()
        if data.names == bag.platform_names:
            return Decision([], planned)
        if bag.corrected:
            return Refused("already_settled", {"cue_id": data.cue_id, "because": "corrected_once"})
    waits = cue.status == "ended" and cue.ended_because in ("time_up", "platform")
    if cue.status != "on_air" and not waits:
        return Refused("not_running", {"cue_id": data.cue_id})
    typed = ctx.event("bag.winners", BagPlatformWinners(data.cue_id, list(data.names)))
    if waits:
        return Decision([typed], planned)
    return Decision([typed, fire.end(room, cue, ctx, "platform")], planned)


def _winners_of_series(
    cue: Cue, data: BagWinners, planned: dict[str, Any], ctx: Context
) -> Decision | Refused:
    """Each bag has names of its own, and its clock goes on: typing them ends none."""
    bag = next((b for b in cue.bags if b.number == data.bag), None) if data.bag is not None else cue.bag
    opened = cue.status == "on_air" or (cue.status == "ended" and cue.on_air_at is not None)
    if bag is None or not opened:
        return Refused("not_running", {"cue_id": data.cue_id})
    planned = {**planned, "bag": bag.number}
    if bag.typed and data.names == bag.platform_names:
        return Decision([], planned)
    if bag.corrected:
        return Refused("already_settled", {"cue_id": data.cue_id, "because": "corrected_once"})
    typed = BagPlatformWinners(data.cue_id, list(data.names), series.number(bag))
    return Decision([ctx.event("bag.winners", typed)], planned)


def _settled(room: Room, data: BagSettled, event: Event) -> None:
    if not data.ok:
        gone = (data.cue_id, data.viewer_id, _which(data))
        moved_up = (
            [PrizeHeld(data.next, data.cue_id, event.at, _which(data))] if data.next is not None else []
        )
        room.won = [*(won for won in room.won if (won.cue_id, won.viewer_id, won.bag) != gone), *moved_up]
    cue = room.cues.get(data.cue_id)
    if cue is None:  # an older log: it has left the room
        return
    bag = _numbered(cue, _which(data))
    bag.settled[data.viewer_id] = data.ok
    if data.ok:
        return
    bag.winners = [w for w in bag.winners if w.viewer_id != data.viewer_id]
    for up in bag.alternates:
        if up.viewer_id == data.next:
            bag.winners.append(up)
    bag.alternates = [w for w in bag.alternates if w.viewer_id != data.next]
    if data.next is not None and data.claim_until is not None:
        bag.claim_until[data.next] = data.claim_until


def _typed(room: Room, data: BagPlatformWinners, _event: Event) -> None:
    cue = room.cues.get(data.cue_id)
    if cue is None:  # an older log: it has left the room
        return
    bag = _numbered(cue, _which(data))
    before = {bag.platform_names[int(place)]: ok for place, ok in bag.platform_settled.items()}
    bag.corrected = bag.typed if cue.series is not None else cue.ended_because == "platform"
    bag.typed = True
    bag.platform_names = list(data.names)
    bag.platform_settled = {
        str(place): before.pop(name) for place, name in enumerate(data.names) if name in before
    }
    if cue.status == "ended" and all(each.typed for each in cue.bags):
        cue.ended_because = "platform"  # its time was up; what it waited for has come


def _name_settled(room: Room, data: BagNameSettled, _event: Event) -> None:
    cue = room.cues.get(data.cue_id)
    if cue is not None and cue.bag is not None:
        _numbered(cue, _which(data)).platform_settled[str(data.place)] = data.ok


def _which(data: BagSettled | BagPlatformWinners | BagNameSettled) -> int:
    return data.bag if isinstance(data.bag, int) else 1


def _numbered(cue: Cue, number: int) -> Bag:
    if cue.bag is None:
        cue.bag = Bag()
    return next((bag for bag in cue.bags if bag.number == number), cue.bag)


COMMANDS: Final[dict[str, Rule]] = {"bag.settle": settle, "bag.winners": platform_winners}
FOLDS: Final[dict[str, Fold]] = {
    "bag.settled": _settled,
    "bag.winners": _typed,
    "bag.name_settled": _name_settled,
}
