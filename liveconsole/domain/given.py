"""What promotions give away: so far, what unpaid orders would add, and at most. The one rule that the state
and the report count with.

A line of a sale gives its SKU's own price of the moment in which the order came, less its unit price; a
coupon gives what it took off the order. Given is what paid orders hold that are not closed; what waits for
its payment stands apart. Prizes of a lucky bag are no discount: they count for the bag itself and in no sum.
Integer 分 throughout.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from liveconsole.domain import pricing
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import CouponSpec, LuckyBagSpec

_AHEAD: Final = frozenset({"queued", "approved", "standby", "missed", "recalled", "refused", "rejected"})
_RUNNING: Final = frozenset({"recallable", "firing", "unknown", "on_air"})


class Given(Struct, frozen=True):
    """分. ``most_fen`` is never below what is given or held already."""

    given_fen: int
    held_fen: int
    """Of orders that wait for their payment: given when they pay, nothing when they lapse."""
    most_fen: int


def off_price(regular_fen: int, unit_price_fen: int, units: int) -> int:
    """What a line of a sale gives. Above the regular price nothing was given, and nothing is taken back."""
    return max(0, regular_fen - unit_price_fen) * units


def off_coupon(amounts_fen: Iterable[int], total_fen: int) -> int:
    """What a coupon took off an order: its lines at their unit prices, less what the order costs."""
    return sum(amounts_fen) - total_fen


def of_cue(room: Room, cue: Cue, now: datetime) -> Given:
    """One promotion: what it gave, and the most that it can come to."""
    if isinstance(cue.spec, LuckyBagSpec):
        return _prizes(cue, cue.spec)
    so_far = cue.given_fen + cue.given_held_fen
    if cue.status in _AHEAD or cue.status in _RUNNING:
        most = pricing.exposure_fen(room, cue.spec)
    elif isinstance(cue.spec, CouponSpec):
        most = so_far + _still_usable(room, cue, cue.spec, now)
    else:
        most = so_far
    return Given(cue.given_fen, cue.given_held_fen, max(most, so_far))


def of_broadcast(room: Room, now: datetime) -> Given:
    """Sales and coupons that were fired in this broadcast; ``most_fen`` as if all that runs were used up."""
    opened = room.broadcast.opened_at
    given = held = most = 0
    for cue in room.cues.values():
        began = cue.on_air_at
        if cue.kind in ("flash_sale", "coupon") and (began is None or opened is None or began >= opened):
            one = of_cue(room, cue, now) if cue.status not in _AHEAD else None
            given += cue.given_fen
            held += cue.given_held_fen
            most += one.most_fen if one is not None else cue.given_fen + cue.given_held_fen
    return Given(given, held, most)


def _prizes(cue: Cue, spec: LuckyBagSpec) -> Given:
    """Prizes drawn are given; those who passed theirs on without an alternate after them cost nothing."""
    whole = spec.prize.value_fen * spec.winners
    bag = cue.bag
    names = [*bag.winners, *bag.platform_names] if bag is not None else []
    given = spec.prize.value_fen * len(names)
    return Given(given, 0, given if cue.status == "ended" else max(whole, given))


def _still_usable(room: Room, cue: Cue, spec: CouponSpec, now: datetime) -> int:
    """Coupons of an ended cue that are in somebody's hands and valid, each at the most that one takes off."""
    unused = cue.claimed - cue.used
    valid = timedelta(seconds=spec.valid_seconds) if spec.valid_seconds is not None else None
    # The last one was claimed at the end, so none is valid any longer than this.
    if unused <= 0 or (valid is not None and cue.ended_at is not None and now >= cue.ended_at + valid):
        return 0
    return pricing.exposure_fen(room, spec) // spec.quantity * unused
