"""What the room knows of a person, for whoever asks by name or id. Used on the reading thread only."""

from __future__ import annotations

import json
from typing import Final, NamedTuple

import msgspec

from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Room
from liveconsole.messages.fields import NAME_ONLY
from liveconsole.messages.viewer_card import (
    CardBag,
    CardComment,
    CardMark,
    CardOrder,
    ViewerCard,
)
from liveconsole.store.reader import Reader
from liveconsole.views.kinds import WORDS

LISTED: Final = 50
"""People of one search."""
ORDERS: Final = 50
"""Of one person, the newest; the sums are over all of them."""
_encode = msgspec.json.Encoder().encode


def search(reader: Reader, text: str) -> bytes:
    """Return those in whose name or id ``text`` stands, the last ones to come first, as JSON; ``more``: there
    are others."""
    found = reader.people_with(text, LISTED + 1)
    people = [{"viewer_id": outside, "name": name} for outside, name in found[:LISTED]]
    return _encode({"viewers": people, "more": len(found) > LISTED})


class InRoom(NamedTuple):
    """What of a card stands in the room's memory."""

    pid: str
    orders_known: bool
    bags: list[CardBag]
    marks: list[CardMark]


def in_room(room: Room, pid: str) -> InRoom:
    """Look at one person between two commits."""
    places = [(cue, WORDS[cue.kind].standing(cue, pid)) for cue in room.cues.values() if cue.kind in WORDS]
    bags = [bag for _, bag in places if bag is not None]
    marks: list[CardMark] = []
    if any(bag.place == "kept_out" and cue.status != "ended" for cue, bag in places if bag is not None):
        marks.append("kept_out")
    if any(won.viewer_id == pid for won in room.won):
        marks.append("won")
    if pid in room.members:
        marks.append("member")
    return InRoom(pid, orders_known(room), bags, marks)


def card(reader: Reader, seen: InRoom) -> bytes | None:
    """Return what is known of him, as JSON; None where nobody has this pid. Where nobody reports orders and
    none of his is on the books, the sums are null: unknown, not 0."""
    who = reader.names([seen.pid]).get(seen.pid)
    if who is None:
        return None
    orders, counted = reader.orders_by(seen.pid, ORDERS)
    sums = counted if orders or seen.orders_known else dict.fromkeys(counted)
    only_name: list[CardMark] = ["name_only"] if who[0].startswith(NAME_ONLY) else []
    return _encode(
        ViewerCard(
            who[0],
            who[1],
            **sums,
            orders=[
                CardOrder(
                    row.order_id,
                    row.status,
                    row.total_fen,
                    row.placed_at,
                    row.broadcast,
                    row.paid_fen if row.status == "paid" else None,
                )
                for row in orders
            ],
            comments=[
                CardComment(row.seq, json.loads(row.data)["text"])
                for row in reader.comments_by(seen.pid, ORDERS)
            ],
            bags=seen.bags,
            marks=only_name + seen.marks,
        )
    )
