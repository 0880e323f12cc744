"""From 开抢 to on air, and off again: the steps that a seat, the clock and the platform share.

Each step gives the events that follow from the room as it stands; nothing here changes it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from liveconsole.domain import pricing
from liveconsole.domain.context import Context
from liveconsole.domain.kinds import flash_sale
from liveconsole.domain.kinds.lucky_bag import draws
from liveconsole.domain.platforms import doer
from liveconsole.domain.room import Cue, Room
from liveconsole.messages import events
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import CouponSpec, FlashSaleSpec, LuckyBagSpec, PinSpec

RUNNING: Final = frozenset({"firing", "unknown", "on_air"})
"""The platform was asked, or said yes."""

LATE_AFTER: Final = timedelta(seconds=30)
"""More than this late to start is missed: a person decides (contract)."""

SILENCE: Final = {"pin": timedelta(seconds=30)}
SILENCE_OTHERS: Final = timedelta(seconds=180)
"""A person who was asked: without an answer for so long an effect is ``unknown``."""


def silence(kind: str) -> timedelta:
    return SILENCE.get(kind, SILENCE_OTHERS)


def recall_window(room: Room, cue: Cue) -> timedelta:
    """How long a fired cue can be taken back; a pin has no such window."""
    return timedelta(seconds=0 if cue.kind == "pin" else room.settings.recall_seconds)


def refusal(room: Room, cue: Cue, ctx: Context) -> Refused | None:
    """Why the cue could not start now: what changed since its spec was judged alone."""
    spec = cue.spec
    if isinstance(spec, PinSpec):
        return off_shelf(room, [spec.product_id])
    if isinstance(spec, FlashSaleSpec):
        return flash_sale.cannot_start(room, cue, spec, ctx.now)
    if isinstance(spec, CouponSpec):
        return pricing.floor_breach(room, spec, without=cue.cue_id)
    return off_shelf(room, [spec.prize.product_id]) if spec.prize.product_id is not None else None


def off_shelf(room: Room, product_ids: list[str]) -> Refused | None:
    for product_id in product_ids:
        product = room.products.get(product_id)
        if product is None:
            return Refused("unknown_product", {"product_id": product_id})
        if not product.on_shelf:
            return Refused("off_shelf", {"product_id": product_id})
    return None


def begin(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """The recall window, or where it has none the firing itself."""
    window = recall_window(room, cue)
    if not window:
        return go(room, cue, ctx)
    return [ctx.event("cue.recallable", events.CueRecallable(cue.cue_id, ctx.now + window))]


def go(room: Room, cue: Cue, ctx: Context) -> list[Event]:
    """The platform is asked; where the promotion lives here, this commit is its yes."""
    found = [ctx.event("cue.firing", events.CueFiring(cue.cue_id, ctx.chance.fresh(16).hex()))]
    if cue.kind == "pin":
        # One product is explained at a time, and the platform's next pin takes the place of the last one.
        for other in pins(room):
            if other.cue_id != cue.cue_id:
                ended = events.CueEnded(other.cue_id, "stopped", reason="replaced")
                found.append(ctx.event("cue.ended", ended))
    if doer(room, cue.kind) == "us":
        found.append(on_air(room, cue, ctx))
    return found


def on_air(room: Room, cue: Cue, ctx: Context, remaining_seconds: int | None = None) -> Event:
    """The yes. ``remaining_seconds`` is what a person read off the platform's own countdown."""
    ends_at = promise = None
    if not isinstance(cue.spec, PinSpec):
        seconds = cue.spec.seconds if remaining_seconds is None else remaining_seconds
        ends_at = ctx.now + timedelta(seconds=seconds)
        if isinstance(cue.spec, LuckyBagSpec):
            promise = draws.promise(room, cue, ctx, closes=ends_at)
    return ctx.event("cue.on_air", events.CueOnAir(cue.cue_id, ends_at, promise))


def end(room: Room, cue: Cue, ctx: Context, because: events.EndedBecause, reason: str = "") -> Event:
    """The end, with a key when the platform must be told (and a price restored)."""
    key = ctx.chance.fresh(16).hex() if _owes_an_end(room, cue, because) else ""
    return ctx.event("cue.ended", events.CueEnded(cue.cue_id, because, key, reason))


def _owes_an_end(room: Room, cue: Cue, because: events.EndedBecause) -> bool:
    by = doer(room, cue.kind)
    if by == "us" or because in {"drawn", "platform"}:
        return False
    never_asked = cue.status == "firing" and cue.owed is not None and not cue.owed.sent
    # Nobody can know whether a person has pressed it already.
    return by == "person" or not never_asked


def pins(room: Room) -> list[Cue]:
    """Pins that are on their way or there; one, but for the moment of a change."""
    return [c for c in map(room.cues.__getitem__, room.live) if c.kind == "pin" and c.status in RUNNING]
