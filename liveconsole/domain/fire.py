"""From 开抢 to on air, and off again: the steps that a seat, the clock and the platform share.

Each step gives the events that follow from the room as it stands; nothing here changes it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from liveconsole.domain import audiences, broadcast_limits, budget, stock
from liveconsole.domain.context import Context
from liveconsole.domain.kind import kind_of
from liveconsole.domain.law import gate
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import events
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused

RUNNING: Final = frozenset({"firing", "unknown", "on_air"})
"""The platform was asked, or said yes."""

LATE_AFTER: Final = timedelta(seconds=30)
"""More than this late to start is missed: a person decides (contract)."""


def recall_window(room: Room, cue: Cue) -> timedelta:
    """Tell how long a fired cue can be taken back: as long as viewers see it count down, else as the room has
    it; some kinds have no such window."""
    if (count := audiences.countdown(cue.spec)) is not None:
        return timedelta(seconds=count)
    return timedelta(seconds=room.settings.recall_seconds if kind_of(cue).RECALLABLE else 0)


def refusal(room: Room, cue: Cue, ctx: Context) -> Refused | None:
    """Tell why the cue could not start now: what changed since its spec was judged alone."""
    if (unchecked := audiences.unchecked(room, cue.kind, cue.spec)) is not None:
        return unchecked
    if (broken := budget.refusal(room, cue, ctx.now)) is not None:
        return broken
    if (refused := kind_of(cue).cannot_start(room, cue, cue.spec, ctx.now)) is not None:
        return stock.limited(room, refused)
    if (refused := _for_nobody(room, cue)) is not None:
        return refused
    return gate.cannot_start(room, cue, ctx.now)


def _for_nobody(room: Room, cue: Cue) -> Refused | None:
    """What goes by the lot, and a lot has more units than one buyer may have in a broadcast."""
    offers = kind_of(cue).offers(cue.spec)
    lots = [dict(bundle.items) for bundle in offers.together]
    lots += [{gift.sku_id: gift.units} for gift in offers.gifts]
    found = (broadcast_limits.cannot_be_had(room, lot) for lot in lots)
    return next((refused for refused in found if refused is not None), None)


def cannot_show(room: Room, product_id: str, ctx: Context) -> Refused | None:
    """Tell why a product cannot be explained now."""
    return off_shelf(room, [product_id]) or gate.cannot_show(room, product_id, ctx.now)


def not_shown_yet(room: Room, cue: Cue) -> Refused | None:
    """讲到 9 号才能开抢: tell that the product which has to be explained first was not, in this broadcast."""
    if not cue.only_after:
        return None
    tonight = (c for c in room.cues.values() if c.kind == "pin" and c.broadcast == room.tonight)
    if any(c.on_air_at is not None and cue.only_after in kind_of(c).goods(room, c.spec) for c in tonight):
        return None
    return Refused("not_shown_yet", {"product_id": cue.only_after})


def off_shelf(room: Room, product_ids: list[str]) -> Refused | None:
    for product_id in product_ids:
        product = room.products.get(product_id)
        if product is None:
            return Refused("unknown_product", {"product_id": product_id})
        if not product.on_shelf:
            return Refused("off_shelf", {"product_id": product_id})
    return None


def begin(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """Begin the recall window, or where it has none the firing itself."""
    window = recall_window(room, cue)
    if not window:
        return go(room, cue, ctx)
    return [ctx.event("cue.recallable", events.CueRecallable(cue.cue_id, ctx.now + window))]


def go(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """Ask the platform; where the promotion lives here, this commit is its yes."""
    found = [ctx.event("cue.firing", events.CueFiring(cue.cue_id, ctx.chance.fresh(16).hex()))]
    for other in kind_of(cue).makes_way(room, cue):
        found.append(_ended(other, ctx, "stopped", "replaced"))
    if does(room, cue) == "us":
        found.append(on_air(room, cue, ctx))
    return found


def on_air(room: Room, cue: Cue, ctx: Context, remaining_seconds: int | None = None) -> Event:
    """Say yes to a start. ``remaining_seconds`` is what a person read off the platform's own countdown."""
    kind = kind_of(cue)
    whole = kind.seconds(cue.spec)
    ends_at = None
    if whole is not None:
        seconds = whole if remaining_seconds is None else remaining_seconds
        ends_at = ctx.now + timedelta(seconds=seconds)
    promise = kind.promises(room, cue, ctx, closes=ends_at)
    return ctx.event("cue.on_air", events.CueOnAir(cue.cue_id, ends_at, promise))


class EndsOtherwise(Exception):
    """Something would have ended a promotion in a way that its kind forbids; a bug of whoever did not ask."""


def cannot_end(cue: Cue, ctx: Context, because: events.EndedBecause, reason: str = "") -> Refused | None:
    """Tell why it cannot end like this; asked before `end` by whatever may be told no."""
    return kind_of(cue).cannot_end(cue, because, reason, ctx)


def end(room: Room, cue: Cue, ctx: Context, because: events.EndedBecause, reason: str = "") -> Event:
    """End it, with a key when the platform must be told (and a price restored)."""
    key = ctx.chance.fresh(16).hex() if _owes_an_end(room, cue, because) else ""
    return _ended(cue, ctx, because, reason, key)


def end_untold(cue: Cue, ctx: Context, because: events.EndedBecause, reason: str = "") -> Event:
    """End what ends at the platform by itself, at the same moment."""
    return _ended(cue, ctx, because, reason)


def _ended(cue: Cue, ctx: Context, because: events.EndedBecause, reason: str, key: str = "") -> Event:
    if (refused := cannot_end(cue, ctx, because, reason)) is not None:
        raise EndsOtherwise(f"{cue.cue_id}: {because}, {refused.code}")
    return ctx.event("cue.ended", events.CueEnded(cue.cue_id, because, key, reason))


def _owes_an_end(room: Room, cue: Cue, because: events.EndedBecause) -> bool:
    by = does(room, cue)
    if by == "us" or because in {"drawn", "platform"}:
        return False
    never_asked = cue.status == "firing" and cue.owed is not None and not cue.owed.sent
    # Nobody can know whether a person has pressed it already.
    return by == "person" or not never_asked


def pins(room: Room) -> list[Cue]:
    """Pins that are on their way or there; one, but for the moment of a change."""
    return [c for c in map(room.cues.__getitem__, room.live) if c.kind == "pin" and c.status in RUNNING]
