"""What a room's platform can, and who does it there. Rules ask this, never the platform's name.

Asked is per kind of promotion: on one platform a person may set the pins and a program the sales.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from liveconsole.domain.kind import kind_named
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.state.room import Capabilities, Doer


class Platform(Struct, frozen=True):
    can: Capabilities
    simulated: bool = False
    """It serves rehearsals only; a real room cannot be set to it."""


PLATFORMS: Final[dict[str, Platform]] = {
    "own": Platform(
        Capabilities(
            pins="us", sales="us", coupons="us", bags="us", reports_orders=True, stacks_coupons=False
        )
    ),
    "manual": Platform(
        Capabilities(
            pins="person",
            sales="person",
            coupons="person",
            bags="person",
            reports_orders=False,
            stacks_coupons=True,
        )
    ),
    "rehearsal": Platform(
        Capabilities(
            pins="program",
            sales="program",
            coupons="program",
            bags="program",
            reports_orders=True,
            stacks_coupons=False,
        ),
        simulated=True,
    ),
}
"""``room.set platform`` → what it is. One is never taken out: old logs name it."""


def can(room: Room) -> Capabilities:
    return PLATFORMS[room.settings.platform].can


def is_simulated(room: Room) -> bool:
    """Tell whether what the room asks for is done by a platform that serves rehearsals only."""
    return PLATFORMS[room.settings.platform].simulated


def doer(room: Room, kind: str) -> Doer:
    """Tell who starts and ends promotions of this kind at the platform: a person, a program, or us."""
    found: Doer = getattr(can(room), kind_named(kind).DONE_AS)
    return found


def orders_known(room: Room) -> bool:
    """Tell whether figures of orders mean anything: the platform reports them all, or a source told of one in
    this broadcast. Else they are not 0 but unknown."""
    return can(room).reports_orders or room.orders_seen_at is not None


def claims_known(room: Room, cue: Cue) -> bool:
    """Tell whether a coupon's claims reach us; what a person started at the platform is claimed there."""
    return doer(room, cue.kind) != "person" or cue.claimed > 0
