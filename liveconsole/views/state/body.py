"""The whole body of ``GET /v1/state`` from the room in memory, made anew. Pure.

`sections` serves it: kept, with revisions, and only what changed is made again. Both make it of the same
parts, and what `sections` serves is at every moment what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from liveconsole.domain.room import Room
from liveconsole.messages.sharing import NOT_SHARED, sharing_for
from liveconsole.messages.state import CatalogueState, CueState, Revisions, State
from liveconsole.messages.state.body import SECTIONS
from liveconsole.views.kinds.kind import People, TurnedAway
from liveconsole.views.rundown import rundown_state
from liveconsole.views.state import alarms, broken_floors, comment_desk, figures
from liveconsole.views.state import room as rooms
from liveconsole.views.state.can import can_state
from liveconsole.views.state.cues import (
    cue_row,
    cue_state,
    in_order,
    lowest_of,
    with_can,
    words_of,
)
from liveconsole.views.state.inputs import WordLists
from liveconsole.views.state.law import law_state
from liveconsole.views.state.order_prices import off_prices

_encode = msgspec.json.Encoder().encode


def state_of(
    room: Room,
    now: datetime,
    role: str = "host",
    *,
    people: People | None = None,
    health: Mapping[str, Any] | None = None,
    turned_away: TurnedAway | None = None,
    words: WordLists | None = None,
) -> State:
    """Make everything that stands now, for a role; its revisions say nothing.

    Args:
        people: for the winners' outside ids and names; without it their pids stand there, unnamed.
        health: the engine's own account of its sources.
        turned_away: requests for which a sale had nothing, and since when they were counted.
        words: the lists that texts are marked by; without them nothing is.
    """
    promised = rooms.promised(room)
    told = figures.health_state(health or {}, room, now)
    return State(
        seq=room.seq,
        revisions=Revisions("", *(0 for _ in SECTIONS)),
        room=rooms.room_state(room),
        broadcast=rooms.broadcast_state(room),
        catalogue=CatalogueState(
            [rooms.product_state(room, product, promised, now) for product in room.products.values()]
        ),
        cart=rooms.cart_state(room),
        pinned=rooms.pinned_state(room),
        cues=_cues(room, now, role, people or {}, turned_away, words),
        unknown_cues=figures.unknown_cues_state(room),
        orders=figures.orders_state(room),
        audience=figures.audience_state(room),
        rundown=rundown_state(room, now),
        notes=figures.notes_state(room),
        muted=comment_desk.muted_state(room, people or {}),
        answers=comment_desk.answers_state(room),
        drafts=comment_desk.drafts_state(room),
        stories=comment_desk.stories_state(room, people or {}),
        pledges=figures.pledges_state(room),
        discount=figures.discount_state(room, now),
        law=law_state(room, now, words.rules if words is not None else None),
        alarms=alarms.shown(
            alarms.alarms(
                room,
                now,
                told,
                broken=broken_floors.broken(room),
                priced=off_prices(room),
                beyond=alarms.oversold(room),
            ),
            role,
        ),
        health=told,
        sharing=sharing_for(role, (health or {}).get("sharing", NOT_SHARED)),
    )


def _cues(
    room: Room,
    now: datetime,
    role: str,
    people: People,
    turned_away: TurnedAway | None,
    words: WordLists | None,
) -> list[CueState]:
    return [
        cue_state(
            room,
            cue,
            now,
            can_state(room, cue, role, now),
            people=people,
            turned_away=turned_away,
            lowest=lowest_of(room, cue),
            words=words_of(room, cue, words),
        )
        for cue in in_order(room)
    ]


def wire(room: Room, state: State) -> dict[str, Any]:
    """Return the body as it goes out: rows carry what was sent with them, and the fields of their own kind
    only."""
    body: dict[str, Any] = {name: getattr(state, name) for name in State.__struct_fields__}
    products = [
        msgspec.Raw(rooms.product_row(room.products[shown.product_id], shown))
        for shown in state.catalogue.products
    ]
    body["catalogue"] = {"products": products}
    body["cues"] = [msgspec.Raw(with_can(cue_row(cue), _encode(cue.can))) for cue in state.cues]
    return body
