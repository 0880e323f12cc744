"""What a room's platform can, and who does it there. Rules ask this, never the platform's name.

Asked is per kind of promotion: on one platform a person may set the pins and a program the sales.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.domain.kind import kind_named, kind_of
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.connections import CONNECTIONS, ConnectionName, Part
from liveconsole.messages.specs import Announced
from liveconsole.messages.state.room import Capabilities, Doer


class Platform(Struct, frozen=True):
    can: Capabilities
    simulated: bool = False
    """It serves rehearsals only; a real room cannot be set to it."""
    connections: Mapping[Part, ConnectionName] = {}
    """What a connection of the room does, and which one."""
    products_max: int | None = None
    """So many products a program starts in one sale: each is asked for on its own, all in one question."""


PLATFORMS: Final[dict[str, Platform]] = {
    "own": Platform(
        Capabilities(
            pins="us",
            sales="us",
            coupons="us",
            bags="us",
            reports_orders=True,
            stacks_coupons=False,
            plays="us",
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
        ),
        connections={"orders": "shop"},
    ),
    "rehearsal": Platform(
        Capabilities(
            pins="program",
            sales="program",
            coupons="program",
            bags="program",
            reports_orders=True,
            stacks_coupons=False,
            plays="program",
        ),
        simulated=True,
    ),
    "wechat_shop": Platform(
        Capabilities(
            pins="person",
            sales="program",
            coupons="program",
            bags="person",
            reports_orders=True,
            stacks_coupons=True,
        ),
        connections={"pins": "browser", "sales": "shop", "coupons": "shop", "orders": "shop"},
        products_max=8,
    ),
    "browser": Platform(
        Capabilities(
            pins="program",
            sales="person",
            coupons="person",
            bags="person",
            reports_orders=False,
            stacks_coupons=True,
        ),
        connections={"pins": "browser", "orders": "shop"},
    ),
}
"""``room.set platform`` → what it is. One is never taken out: old logs name it."""


def can(room: Room) -> Capabilities:
    """Return what the room's platform can as the room is connected now."""
    settings = room.settings
    if not (named := PLATFORMS[settings.platform]).connections:  # asked for every promotion at every event
        return named.can
    connected = [name for name in CONNECTIONS if getattr(settings, name) is not None]
    return can_with(settings.platform, connected, room.cannot)


def can_with(
    platform: str, connected: Collection[str], cannot: Mapping[str, Collection[str]]
) -> Capabilities:
    """Return what a platform can with these connections. What the one in charge does not do, for it is not
    set or told that it cannot, is a person's; its orders are not known then."""
    named = PLATFORMS[platform]
    if not named.connections:
        return named.can
    found = msgspec.structs.asdict(named.can)
    for part, name in named.connections.items():
        does = name in connected and part not in cannot.get(name, ())
        if part == "orders":
            found["reports_orders"] = does
        else:
            found[part] = "program" if does else "person"
    return Capabilities(**found)


def connection_for(room: Room, part: str) -> ConnectionName | None:
    """Return which connection does a part on the room's platform, set or not."""
    return PLATFORMS[room.settings.platform].connections.get(part)  # type: ignore[call-overload,no-any-return]


def is_simulated(room: Room) -> bool:
    """Tell whether what the room asks for is done by a platform that serves rehearsals only."""
    return PLATFORMS[room.settings.platform].simulated


def is_elsewhere(room: Room) -> bool:
    """Tell whether viewers sit at a platform where a person has to do what is not of a promotion (禁言)."""
    return not is_simulated(room) and can(room).bags != "us"


def doer(room: Room, kind: str) -> Doer:
    """Tell who starts and ends promotions of this kind at the platform: a person, a program, or us."""
    found: Doer = getattr(can(room), kind_named(kind).DONE_AS)
    return found


def does(room: Room, cue: Cue) -> Doer:
    """Tell who starts and ends this one: a person also where the program that does its kind cannot be told of
    it."""
    return does_spec(room, cue.kind, cue.spec)


def does_spec(room: Room, kind: str, spec: object) -> Doer:
    """Tell the same of one that is no cue yet."""
    found = doer(room, kind)
    if (
        found == "program"
        and connection_for(room, kind_named(kind).DONE_AS) is not None
        and by_hand(kind, spec)
    ):
        return "person"
    return found


def by_hand(kind: str, spec: object) -> str:
    """Tell why a platform's interface cannot be told of it, as a code; empty where it can. None of them can
    be told for whom a promotion is kept."""
    if isinstance(spec, Announced) and spec.audience is not None:
        return "audience_by_hand"
    return kind_named(kind).by_hand(spec)


def books_whole(room: Room) -> bool:
    """Tell whether every order of the shop there ever was is on our books: it sells through us alone. Else
    who is not on them may still have bought."""
    return can(room).sales == "us" or is_simulated(room)


def orders_known(room: Room) -> bool:
    """Tell whether figures of orders mean anything: the platform reports them all, or a source told of one in
    this broadcast. Else they are not 0 but unknown."""
    return can(room).reports_orders or room.orders_seen_at is not None


def tells_claims(room: Room, cue: Cue) -> bool:
    """Tell whether each claim of a coupon is told to us; what a person or a connection started is claimed at
    the platform."""
    return does(room, cue) != "person" and connection_for(room, kind_of(cue).DONE_AS) is None


def claims_known(room: Room, cue: Cue) -> bool:
    """Tell whether a coupon's claims reach us."""
    return tells_claims(room, cue) or cue.claimed > 0
