"""What promotions give away: so far, what unpaid orders would add, and at most. The one rule that the state
and the report count with.

A line of a sale gives its SKU's own price of the moment in which the order came, less its unit price; a
coupon gives what it took off the order. Given is what paid orders hold that are not closed; what waits for
its payment stands apart. Prizes of a lucky bag are no discount: they count for the bag itself and in no sum.
The discount of a member's level is the shop's own price for him, whatever runs: it belongs to no promotion,
and stands in the report by itself.
Integer 分 throughout.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from liveconsole.domain import pricing
from liveconsole.domain.kind import Given, kind_of
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.facts import Discount
from liveconsole.messages.fields import FEN_MOST

_AHEAD: Final = frozenset({"queued", "approved", "standby", "missed", "recalled", "refused", "rejected"})
_RUNNING: Final = frozenset({"recallable", "firing", "unknown", "on_air"})


def off_price(regular_fen: int, unit_price_fen: int, units: int) -> int:
    """Return what a line of a sale gives, negative with its units. Above the regular price nothing was given,
    and nothing is taken back; one line gives `FEN_MOST` at most."""
    fen = max(0, regular_fen - unit_price_fen) * units
    return max(-FEN_MOST, min(fen, FEN_MOST))


def off_coupon(amounts_fen: Iterable[int], total_fen: int, member_off_fen: int) -> int:
    """Return what a coupon took off an order: its lines at their unit prices, less what the order costs, and
    less what the buyer's level took off."""
    return sum(amounts_fen) - total_fen - member_off_fen


def of_member(discounts: Iterable[Discount]) -> int:
    """Return what the discount of a member's level took off."""
    return sum(one.fen for one in discounts if one.kind == "member")


def of_cue(room: Room, cue: Cue, now: datetime) -> Given:
    """One promotion: what it gave, and the most that it can come to."""
    return kind_of(cue).gives(room, cue, now)


def counted(room: Room, cue: Cue, still_fen: int = 0) -> Given:
    """Return what its orders tell; ``still_fen``: what can yet come of one that is over."""
    so_far = cue.given_fen + cue.given_held_fen
    if cue.status in _AHEAD or cue.status in _RUNNING:
        most = pricing.exposure_fen(room, cue.spec)
    else:
        most = so_far + still_fen
    return Given(cue.given_fen, cue.given_held_fen, max(most, so_far))


def of_broadcast(room: Room, now: datetime, *, without: str | None = None) -> Given:
    """Sales and coupons that were fired in this broadcast; ``most_fen`` as if all that runs were used up, the
    most of ``without`` left out."""
    opened = room.broadcast.opened_at
    given = held = most = 0
    for cue in room.cues.values():
        began = cue.on_air_at
        if kind_of(cue).DISCOUNTS and (began is None or opened is None or began >= opened):
            one = of_cue(room, cue, now) if cue.status not in _AHEAD else None
            given += one.given_fen if one is not None else cue.given_fen
            held += cue.given_held_fen
            if one is None or cue.cue_id == without:
                most += cue.given_fen + cue.given_held_fen
            else:
                most += one.most_fen
    return Given(given, held, most)


def prizes_of_broadcast(room: Room, now: datetime) -> int:
    """Return what draws and packets that were fired in this broadcast gave away: no discount, in no sum."""
    opened = room.broadcast.opened_at
    return sum(
        of_cue(room, cue, now).given_fen
        for cue in room.cues.values()
        if not kind_of(cue).DISCOUNTS
        and cue.on_air_at is not None
        and (opened is None or cue.on_air_at >= opened)
    )
