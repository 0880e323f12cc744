"""What is to be done next about each world outside: connect it, mend it, prove it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from liveconsole.domain.platforms import can, connection_for
from liveconsole.domain.room import Room
from liveconsole.messages.connection_words import WELL, is_well
from liveconsole.messages.connections import ConnectionName, ConnectionState
from liveconsole.messages.state.figures import SourceState
from liveconsole.messages.worlds import WORLDS, World, WorldState, WorldStep

SOURCES: Final = "sources"
_SERVED_BY: Final[dict[World, ConnectionName]] = {
    "orders": "shop",
    "pins": "browser",
    "coupons": "shop",
    "sales": "shop",
    "picture": "obs",
    "figures": "shop",
}
"""World → the connection that would serve it; comments have sources."""
_DONE: Final = frozenset({"pins", "coupons", "sales"})
"""Worlds in which somebody does a thing: who, the platform says."""


def worlds_state(
    room: Room,
    connections: Mapping[str, ConnectionState],
    sources: list[SourceState],
    capture: Mapping[str, Mapping[str, object]],
) -> dict[str, WorldState]:
    """Return every world, in their order."""
    found = {}
    for world in WORLDS:
        if world == "comments":
            step = _of_comments(room, connections, sources, capture)
            via: str = SOURCES
        else:
            via = connection_for(room, world) or _SERVED_BY[world]
            step = _of_connection(room, world, via, connections.get(via))
        proof = room.proved.get(world)
        if step == "prove" and proof is not None:
            step = "done"
        if room.simulated and (world != "picture" or step == "prove"):
            step = "none"
        at, by = (proof.at, proof.by) if proof is not None else (None, "")
        found[str(world)] = WorldState(step, via, at, by)
    return found


def _of_comments(
    room: Room,
    connections: Mapping[str, ConnectionState],
    sources: list[SourceState],
    capture: Mapping[str, Mapping[str, object]],
) -> WorldStep:
    """One source that speaks is enough; a capture that is turned on and hears nothing is looked after."""
    browser = connections.get("browser")
    if any(one.comments is True for one in sources) or (browser is not None and is_well("browser", browser)):
        return "prove"
    states = {one.get("state") for name, one in capture.items() if room.settings.sources.get(name)}
    if states or browser is not None:
        return "prove" if "connected" in states else "mend"
    return "connect"


def _of_connection(room: Room, world: World, via: str, one: ConnectionState | None) -> WorldStep:
    able = can(room)
    if world in _DONE:
        doer = getattr(able, world)
        if doer == "us":
            return "none"
        if one is None or connection_for(room, world) is None:
            return "connect"
        return "prove" if doer == "program" and _works(one, world) else "mend"
    if world == "orders" and able.reports_orders and connection_for(room, world) is None:
        return "none"  # they are decided here
    if one is None:
        # Any program may tell of orders and figures: where one did, nothing has to be connected.
        return "done" if world in room.proved and world != "picture" else "connect"
    return "prove" if (is_well(via, one) if world == "picture" else _works(one, world)) else "mend"


def _works(one: ConnectionState, world: World) -> bool:
    """Tell whether a connection does this much: what it cannot do besides leaves the rest as it is."""
    return one.state == WELL and world not in one.cannot
