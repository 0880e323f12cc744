"""The whole body of ``GET /v1/state`` from the room in memory. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.domain.room import Room
from liveconsole.messages.state import Capabilities, CatalogueState, CueState, Revisions, State
from liveconsole.messages.state.body import SECTIONS
from liveconsole.views.rundown import rundown_state
from liveconsole.views.state import figures
from liveconsole.views.state import room as rooms
from liveconsole.views.state.can import can_state
from liveconsole.views.state.cues import People, cue_state, cue_wire, in_order

_CAPABILITIES: Final = {
    "own": Capabilities("us", "us", "us", "us", True, False),
    "manual": Capabilities("person", "person", "person", "person", False, True),
    "rehearsal": Capabilities("program", "program", "program", "program", True, False),
}


def capabilities_of(room: Room) -> Capabilities:
    """What the room's platform can."""
    return _CAPABILITIES[room.settings.platform]


def state_of(
    room: Room,
    now: datetime,
    role: str = "host",
    *,
    people: People | None = None,
    health: Mapping[str, Any] | None = None,
    turned_away: tuple[Mapping[str, int], datetime] | None = None,
) -> State:
    """Everything that stands now, for a role.

    Args:
        people: for the winners' outside ids and names; without it their pids stand there, unnamed.
        health: the engine's own account of its sources.
        turned_away: requests for which a sale had nothing, and since when they were counted.
    """
    able = capabilities_of(room)
    promised = rooms.promised(room)
    return State(
        seq=room.seq,
        revisions=Revisions("", *(0 for _ in SECTIONS)),
        room=rooms.room_state(room, able),
        broadcast=rooms.broadcast_state(room),
        catalogue=CatalogueState(
            [rooms.product_state(room, product, promised) for product in room.products.values()]
        ),
        cart=rooms.cart_state(room),
        pinned=rooms.pinned_state(room),
        cues=[
            _told_turned_away(
                cue_state(
                    room,
                    cue,
                    now,
                    can_state(room, cue, role, now),
                    capabilities=able,
                    people=people or {},
                ),
                turned_away,
            )
            for cue in in_order(room)
        ],
        unknown_cues=figures.unknown_cues_state(room),
        orders=figures.orders_state(room, able),
        audience=figures.audience_state(room),
        rundown=rundown_state(room),
        notes=figures.notes_state(room),
        pledges=figures.pledges_state(room),
        discount=figures.discount_state(room, now, able),
        alarms=[],
        health=figures.health_state(health or {}, simulated=room.simulated),
    )


def wire(room: Room, state: State) -> dict[str, Any]:
    """The body as it goes out: rows carry what was sent with them, and the fields of their own kind only."""
    body: dict[str, Any] = msgspec.to_builtins(state)
    body["catalogue"]["products"] = [
        rooms.product_wire(room.products[shown.product_id], shown) for shown in state.catalogue.products
    ]
    body["cues"] = [cue_wire(cue) for cue in state.cues]
    return body


def _told_turned_away(shown: CueState, turned_away: tuple[Mapping[str, int], datetime] | None) -> CueState:
    """``refused_since`` stands where the sale began before the counting."""
    if turned_away is None or shown.kind != "flash_sale":
        return shown
    counts, since = turned_away
    older = shown.on_air_at is not None and shown.on_air_at < since
    return msgspec.structs.replace(
        shown, refused_count=counts.get(shown.cue_id, 0), refused_since=since if older else None
    )
