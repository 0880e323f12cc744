"""Logs that older versions wrote, and how they are folded."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from liveconsole.domain.room import Room
from liveconsole.engine import folding
from liveconsole.store import open_store
from liveconsole.store.rows import EventRow, StoredEvent, Write
from liveconsole.store.tables import BOOKS

HERE = Path(__file__).resolve().parent
_ALL = sorted(path.name.removesuffix(".jsonl.gz") for path in HERE.glob("*.jsonl.gz"))
NAMES = [name for name in _ALL if "-" not in name]
"""One evening each; its file is named after the commit that wrote it."""
EVENINGS = [name for name in _ALL if name.endswith("-evenings")]
"""Several broadcasts each, with facts that came late."""


class Row(Struct, omit_defaults=True):
    """A line of an exhibit: what the store keeps of an event."""

    type: str
    at: datetime
    actor: str
    data: Raw
    source: str = ""
    id: str = ""
    time: str | None = None


def stored(name: str) -> Iterator[StoredEvent]:
    """The events of an exhibit, numbered as they were."""
    decode = msgspec.json.Decoder(Row).decode
    lines = gzip.decompress((HERE / f"{name}.jsonl.gz").read_bytes()).splitlines()
    for seq, row in enumerate(map(decode, lines), 1):
        yield StoredEvent(seq, row.type, row.at, row.actor, bytes(row.data), row.source, row.id, row.time)


def folded(name: str) -> Room:
    """The room that today's rules make of it."""
    return folding.onto(Room("rehearsal", simulated=True), map(folding.event_of, stored(name)))


def totals_of(room: Room) -> dict[str, Any]:
    """What must stay true of an evening, in names of the field that outlive our structs."""
    orders, audience = room.totals, room.audience
    return {
        "seq": room.seq,
        "title": room.broadcast.title,
        "orders": {
            "placed": orders.placed,
            "paid": orders.paid,
            "closed": orders.closed,
            "refunded": orders.refunded,
            "unpaid": orders.unpaid,
            "units": orders.units,
            "gmv_fen": orders.gmv_fen,
            "refund_fen": orders.refund_fen,
            "refund_owed_fen": orders.refund_owed_fen,
            "unmatched": orders.unmatched,
        },
        "audience": {
            "comments": audience.comments,
            "likes": audience.likes,
            "entered": audience.entered,
            "followed": audience.followed,
            "shared": audience.shared,
            "gifts": audience.gifts,
            "gift_value_fen": audience.gift_value_fen,
        },
        "stock": {sku_id: [sku.on_hand, sku.held, sku.sold] for sku_id, sku in room.skus.items()},
        "cart": [[item.number, item.product_id] for item in room.cart],
        "cues": {
            cue.cue_id: {
                "kind": cue.kind,
                "status": cue.status,
                "because": cue.ended_because,
                "given_fen": cue.given_fen,
                "claimed": cue.claimed,
                "used": cue.used,
                "units": sum(count.sold + count.held for count in cue.sale.values()),
                "winners": [] if cue.bag is None else [w.entry_id for w in cue.bag.winners],
            }
            for cue in room.cues.values()
        },
        "pledges": [pledge.text for pledge in room.pledges.values()],
    }


def stored_by_r0001(name: str, folder: Path) -> None:
    """A store in ``folder`` as the first schema had it, with the events of an exhibit in its log."""
    store = open_store(folder, room_id="rehearsal", simulated=True)
    rows = [EventRow(e.type, e.at, e.actor, e.data, e.source, e.id, e.time, b"digest") for e in stored(name)]
    store.commit(Write(0, events=rows))
    with store._file.writing() as c:
        for table in (*BOOKS, "picture", "card"):
            c.exec_driver_sql(f"DROP TABLE {table}")
        for index in ("event_late", "event_measured"):
            c.exec_driver_sql(f"DROP INDEX {index}")
        for column in ("link", "data_hash"):
            c.exec_driver_sql(f"ALTER TABLE event DROP COLUMN {column}")
        columns = "total_fen INTEGER NOT NULL, paid_fen INTEGER NOT NULL, refund_fen INTEGER NOT NULL"
        c.exec_driver_sql(
            "CREATE TABLE order_row (order_id TEXT NOT NULL, status TEXT NOT NULL, buyer TEXT NOT NULL,"
            f" {columns}, cue_id TEXT, placed_at INTEGER, seq INTEGER NOT NULL,"
            " CONSTRAINT order_row_pkey PRIMARY KEY (order_id)) STRICT"
        )
        c.exec_driver_sql("CREATE INDEX order_row_newest ON order_row (placed_at)")
        c.exec_driver_sql("INSERT INTO order_row VALUES ('o1-0', 'paid', 'p', 1, 1, 0, NULL, 1, 1)")
        c.exec_driver_sql("UPDATE alembic_version SET version_num = 'r0001'")
        c.exec_driver_sql("DELETE FROM meta WHERE name = 'books'")
    store.close()
