"""What people wrote beside orders, as it stands on the log now: who was forgotten is in none of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from liveconsole.books.reading import BookReader

_NOTES: Final = (
    "SELECT n.order_id, json_extract(CAST(t.data AS TEXT), '$.text'),"
    " json_extract(CAST(g.data AS TEXT), '$.tags') FROM json_each(?) j CROSS JOIN order_note n"
    " ON n.order_id = j.value LEFT JOIN event t ON t.seq = n.text_seq LEFT JOIN event g ON g.seq = n.tags_seq"
)


class WrittenBeside(Struct, frozen=True):
    note: str = ""
    tags: list[str] = []


def written_beside(reader: BookReader, order_ids: Sequence[str]) -> dict[str, WrittenBeside]:
    """Return what was written beside these; an order without a word has no entry."""
    rows = reader.rows(_NOTES, (json.dumps(order_ids),))
    return {
        order_id: WrittenBeside(note or "", json.loads(tags) if tags else []) for order_id, note, tags in rows
    }
