"""What becomes of a drawn prize: settled by a person or by a follow, or passed over to the next alternate.

The receipt stays as drawn. Whoever moves up is the next of the same permutation: there is no second draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain import fire
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Bag, Cue, Room
from liveconsole.messages.commands import BagSettle, BagWinners
from liveconsole.messages.envelope import Event, Fact
from liveconsole.messages.events import BagNameSettled, BagPlatformWinners, BagSettled, PrizeHeld
from liveconsole.messages.facts import ViewerFollowed
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import LuckyBagSpec

CLAIM_OVER: Final = "claim_over"
"""``bag.settled.reason`` when the clock passed a winner over."""
FOLLOWED: Final = "followed"
"""``bag.settled.reason`` when a source told that the winner follows now."""


def due(cue: Cue) -> datetime | None:
    """Tell when the first unsettled winner's time to claim ends."""
    if cue.bag is None:
        return None
    until = cue.bag.claim_until
    return min((until[w.viewer_id] for w in cue.bag.unsettled if w.viewer_id in until), default=None)


def settle(room: Room, data: BagSettle, ctx: Context) -> Decision | Refused:
    cue = room.cues.get(data.cue_id)
    if cue is None:
        return Refused("unknown_cue", {"cue_id": data.cue_id})
    if not isinstance(cue.spec, LuckyBagSpec):
        return Refused("wrong_kind", {"kind": "lucky_bag", "cue_id": data.cue_id})
    bag = cue.bag or Bag()
    if cue.spec.draw == "platform":
        return _settle_name(data, bag, ctx)
    if data.viewer_id is None:
        return Refused("bad_shape", {"detail": "viewer_id"})
    until = bag.claim_until.get(data.viewer_id)
    late = until is not None and ctx.now >= until
    settled = bag.settled.get(data.viewer_id)
    if settled is not None:
        return Refused("claim_over" if late and not settled and data.ok else "already_settled")
    if data.viewer_id not in {winner.viewer_id for winner in bag.winners}:
        return Refused("not_a_winner")
    if late and data.ok:
        return Refused("claim_over")
    if data.ok:
        return Decision(
            [ctx.event("bag.settled", BagSettled(data.cue_id, data.viewer_id, True, data.reason))], {}
        )
    return Decision(_pass(cue, bag, [data.viewer_id], data.reason, ctx), {})


def _settle_name(data: BagSettle, bag: Bag, ctx: Context) -> Decision | Refused:
    """A winner of the platform's draw, by the name that was typed in: nobody here knows his id."""
    if data.name is None:
        return Refused("bad_shape", {"detail": "name"})
    places = [place for place, name in enumerate(bag.platform_names) if name == data.name]
    waiting = [place for place in places if str(place) not in bag.platform_settled]
    if not places:
        return Refused("not_a_winner")
    if not waiting:
        return Refused("already_settled")
    if len(waiting) > 1 and not data.ok:
        return Refused("two_of_that_name", {"count": len(waiting), "name": data.name})
    settled = BagNameSettled(data.cue_id, waiting[0], data.ok, data.reason)
    return Decision([ctx.event("bag.name_settled", settled)], {})


def pass_over(cue: Cue, ctx: Context) -> list[Event]:
    """Give the prize of every winner whose time to claim is over to the next alternate."""
    bag = cue.bag
    if bag is None:
        return []
    late = [w.viewer_id for w in bag.unsettled if ctx.now >= bag.claim_until.get(w.viewer_id, ctx.now)]
    return _pass(cue, bag, late, CLAIM_OVER, ctx)


def followed(room: Room, facts: Sequence[Fact], ctx: Context) -> list[Event]:
    """Winners who must follow to claim, settled by a ``viewer.followed`` within their time."""
    who = {fact.data.viewer.id for fact in facts if isinstance(fact.data, ViewerFollowed)}
    events: list[Event] = []
    for cue_id in sorted(room.live) if who else ():
        cue = room.cues[cue_id]
        if cue.bag is not None and isinstance(cue.spec, LuckyBagSpec) and cue.spec.claim.followed:
            for winner in cue.bag.unsettled:
                pid = winner.viewer_id
                if pid in who and ctx.now < cue.bag.claim_until.get(pid, ctx.now):
                    events.append(ctx.event("bag.settled", BagSettled(cue_id, pid, True, FOLLOWED)))
    return events


def _pass(cue: Cue, bag: Bag, late: Sequence[str], reason: str, ctx: Context) -> list[Event]:
    assert isinstance(cue.spec, LuckyBagSpec)
    until = ctx.now + timedelta(seconds=cue.spec.claim.seconds)
    free = iter(bag.alternates)
    events = []
    for pid in late:
        up = next(free, None)
        settled = BagSettled(cue.cue_id, pid, False, reason)
        if up is not None:
            settled = BagSettled(cue.cue_id, pid, False, reason, up.viewer_id, until)
        events.append(ctx.event("bag.settled", settled))
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


def _settled(room: Room, data: BagSettled, event: Event) -> None:
    if not data.ok:
        gone = (data.cue_id, data.viewer_id)
        moved_up = [PrizeHeld(data.next, data.cue_id, event.at)] if data.next is not None else []
        room.won = [*(won for won in room.won if (won.cue_id, won.viewer_id) != gone), *moved_up]
    cue = room.cues.get(data.cue_id)
    if cue is None:  # an older log: it has left the room
        return
    bag = cue.bag
    assert bag is not None
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
    bag = cue.bag = cue.bag or Bag()
    before = {bag.platform_names[int(place)]: ok for place, ok in bag.platform_settled.items()}
    bag.corrected = cue.ended_because == "platform"
    bag.platform_names = list(data.names)
    bag.platform_settled = {
        str(place): before.pop(name) for place, name in enumerate(data.names) if name in before
    }
    if cue.status == "ended":
        cue.ended_because = "platform"  # its time was up; what it waited for has come


def _name_settled(room: Room, data: BagNameSettled, _event: Event) -> None:
    cue = room.cues.get(data.cue_id)
    if cue is not None and cue.bag is not None:
        cue.bag.platform_settled[str(data.place)] = data.ok


COMMANDS: Final[dict[str, Rule]] = {"bag.settle": settle, "bag.winners": platform_winners}
FOLDS: Final[dict[str, Fold]] = {
    "bag.settled": _settled,
    "bag.winners": _typed,
    "bag.name_settled": _name_settled,
}
