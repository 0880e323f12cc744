"""What the room knows of a person, for whoever asks by name or id. Used on the reading thread only."""

from __future__ import annotations

import json
from typing import Final

import msgspec

from liveconsole.store.reader import Reader

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


def card(reader: Reader, pid: str, *, orders_known: bool) -> bytes | None:
    """Return id, name, orders with their sums, and what he said lately, as JSON; None where nobody has this
    pid. Where nobody reports orders and none of his is on the books, the sums are null: unknown, not 0."""
    who = reader.names([pid]).get(pid)
    if who is None:
        return None
    orders, counted = reader.orders_by(pid, ORDERS)
    sums = counted if orders or orders_known else dict.fromkeys(counted)
    said = [{"seq": row.seq, "text": json.loads(row.data)["text"]} for row in reader.comments_by(pid, ORDERS)]
    shown = [
        {
            "order_id": row.order_id,
            "status": row.status,
            "total_fen": row.total_fen,
            "placed_at": row.placed_at,
            "broadcast": row.broadcast,
        }
        for row in orders
    ]
    return _encode({"viewer_id": who[0], "name": who[1], **sums, "orders": shown, "comments": said})
