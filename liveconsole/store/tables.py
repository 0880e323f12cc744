"""The schema at head. ``migrations`` leads to the same from every older store (a test compares them).

One file holds one room, so ``event.seq`` as the row id *is* UNIQUE(room_id, seq): no second index, appended
at the end of one b-tree. UNIQUE(source_id, input_id) is the other law: facts are known for ever. Types
stand as small integers; those below ``FIRST_RARE_TYPE`` come by the thousand and are left out of
``event_rare``, with which a report finds the few orders and cues among a million comments.

Foreign keys are not declared: the one writer maintains them, and a check per row would be paid on every
comment.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, text

from liveconsole import versions
from liveconsole.store.columns import METADATA as METADATA
from liveconsole.store.columns import bytes_column as _bytes
from liveconsole.store.columns import integer_column as _integer
from liveconsole.store.columns import text_column as _text
from liveconsole.store.day_tables import TABLES as DAY_TABLES
from liveconsole.store.money_rows import TABLES as MONEY_TABLES

HEAD: Final = f"r{versions.SCHEMA:04d}"
"""The newest revision in ``migrations/versions``. Kept here so that an up-to-date store opens without
alembic."""

BOOKS_VERSION: Final = versions.BOOKS
"""Raise it when a read table gets a column: all are filled again from the first evening (`engine.refill`)."""

TAIL: Final = 4
"""Letters at the end of an order's id: what people read out."""
BOOKS: Final = (
    "order_row",
    "order_line",
    *DAY_TABLES,
    "shipment",
    "aftersale",
    "review",
    "goods_row",
    *MONEY_TABLES,
    "order_note",
    "member",
    "shop_ask",
    "case_step",
    "review_agreed",
    "cue_row",
    "broadcast",
)
"""The read tables, which the log fills again."""

FIRST_RARE_TYPE: Final = 32
NOISY: Final[dict[str, int]] = {
    "comment.posted": 1,
    "viewer.entered": 2,
    "viewer.liked": 3,
    "viewer.followed": 4,
    "viewer.shared": 5,
    "gift.sent": 6,
    "room.measured": 7,
    "bag.entered": 8,
}
"""Types with a number of their own, never changed; every other type gets the next free one from 32 up."""

meta: Final = Table(
    "meta",
    METADATA,
    _text("name", primary_key=True),
    _bytes("value"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
type_: Final = Table(
    "type", METADATA, _integer("id", primary_key=True), _text("name", unique=True), sqlite_strict=True
)
source: Final = Table(
    "source", METADATA, _integer("id", primary_key=True), _text("name", unique=True), sqlite_strict=True
)
event: Final = Table(
    "event",
    METADATA,
    _integer("seq", primary_key=True),
    _integer("type_id"),
    _integer("at"),
    _text("actor"),
    Column("source_id", Integer),
    Column("input_id", Text),
    Column("time", Text),
    _bytes("data"),
    Column("digest", LargeBinary),
    Column("link", LargeBinary),
    Column("data_hash", LargeBinary),
    sqlite_strict=True,
)
Index(
    "event_input",
    event.c.source_id,
    event.c.input_id,
    unique=True,
    sqlite_where=event.c.source_id.is_not(None),
)
Index("event_rare", event.c.type_id, sqlite_where=event.c.type_id >= FIRST_RARE_TYPE)
Index("event_measured", event.c.seq, sqlite_where=event.c.type_id == NOISY["room.measured"])
Index("event_late", event.c.actor, sqlite_where=event.c.actor > "producer@")

person: Final = Table(
    "person",
    METADATA,
    _text("pid", primary_key=True),
    _text("outside_id"),
    _text("name"),
    _integer("seen_seq"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
answer: Final = Table(
    "answer",
    METADATA,
    _text("command_id", primary_key=True),
    _bytes("body_hash"),
    _bytes("answer"),
    sqlite_strict=True,
)
denial: Final = Table(
    "denial",
    METADATA,
    _integer("id", primary_key=True),
    _text("role"),
    _text("type"),
    _integer("at"),
    _text("code"),
    sqlite_strict=True,
)
order_row: Final = Table(
    "order_row",
    METADATA,
    _text("order_id", primary_key=True),
    _text("status"),
    _text("buyer"),
    _integer("total_fen"),
    _integer("paid_fen"),
    _integer("refund_fen"),
    Column("cue_id", Text),
    Column("placed_at", Integer),
    _integer("seq"),
    _integer("broadcast"),
    _integer("units"),
    _integer("flags"),
    Column("paid_at", Integer),
    Column("scene", Text),
    Column("province", Text),
    Column("payment", Text),
    Column("past", Integer, nullable=False, server_default=text("0")),
    Column("ship", Text),
    Column("delivered_at", Integer),
    _text("tail"),
    Column("gift_units", Integer, nullable=False, server_default=text("0")),
    Column("shipped_at", Integer),
    Column("ship_told", Integer),
    Column("lines", Integer, nullable=False, server_default=text("0")),
    Column("only_product", Text),
    Column("only_units", Integer),
    Column("ship_own", Integer),
    Column("ship_usual", Integer, nullable=False, server_default=text("1")),
    sqlite_strict=True,
)
"""``past``: brought in from a file of earlier orders. ``tail``: the end of its id, by which people name it.
``gift_units``: those of ``units`` that nobody bought.

So that a list by states joins nothing, and a board reads the rows of its days and no page for each order
besides: ``ship``, ``delivered_at``, ``shipped_at`` and ``ship_told`` (the newest word) are its shipment's;
``lines`` is how many it has; ``only_product`` ("": nobody told it) and ``only_units`` (sold) are the only
one's; ``ship_own`` and ``ship_usual`` are until when it has to be sent (`ship_promises`)."""
Index("order_row_newest", order_row.c.placed_at)
Index(
    "order_row_broadcast",
    order_row.c.broadcast,
    order_row.c.placed_at,
    order_row.c.flags,
    order_row.c.paid_fen,
    order_row.c.refund_fen,
)
Index(
    "order_row_buyer",
    order_row.c.buyer,
    order_row.c.placed_at,
    order_row.c.flags,
    order_row.c.status,
    order_row.c.paid_fen,
    order_row.c.refund_fen,
    order_row.c.broadcast,
)
Index("order_row_tail", order_row.c.tail)
_OF_WAITING = (
    order_row.c.placed_at,
    order_row.c.broadcast,
    order_row.c.flags,
    order_row.c.refund_fen,
    order_row.c.paid_fen,
)
Index(
    "order_row_waiting",
    order_row.c.paid_at,
    *_OF_WAITING,
    order_row.c.ship_own,
    sqlite_where=text("shipped_at IS NULL AND paid_at IS NOT NULL AND past = 0 AND ship_usual = 1"),
)
Index(
    "order_row_promised",
    order_row.c.ship_own,
    *_OF_WAITING,
    sqlite_where=text("shipped_at IS NULL AND past = 0 AND ship_usual = 0"),
)
Index("order_row_open", order_row.c.past, order_row.c.status, order_row.c.ship, order_row.c.placed_at)
Index(
    "order_row_delivered",
    order_row.c.delivered_at,
    sqlite_where=order_row.c.delivered_at.is_not(None),
)
order_line: Final = Table(
    "order_line",
    METADATA,
    _text("order_id", primary_key=True),
    _integer("line", primary_key=True),
    Column("product_id", Text),
    _text("sku_id"),
    _integer("quantity"),
    Column("unit_price_fen", Integer),
    Column("ship_hours", Integer),
    Column("ships_on", Text),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index("order_line_sku", order_line.c.sku_id)
shipment: Final = Table(
    "shipment",
    METADATA,
    _text("order_id", primary_key=True),
    _text("status"),
    Column("carrier", Text),
    Column("waybill", Text),
    Column("eta", Text),
    Column("text", Text),
    _integer("at"),
    _integer("shipped_at"),
    Column("delivered_at", Integer),
    _integer("seq"),
    sqlite_strict=True,
)
Index("shipment_open", shipment.c.at, sqlite_where=text("status NOT IN ('delivered', 'returned')"))
aftersale: Final = Table(
    "aftersale",
    METADATA,
    _text("aftersale_id", primary_key=True),
    _text("order_id"),
    _text("kind"),
    _text("status"),
    Column("reason", Text),
    Column("amount_fen", Integer),
    _integer("asked_at"),
    Column("answered_at", Integer),
    Column("closed_at", Integer),
    Column("due_at", Integer),
    _integer("at"),
    _integer("seq"),
    Column("disputed_at", Integer),
    sqlite_strict=True,
)
Index("aftersale_order", aftersale.c.order_id)
Index("aftersale_asked", aftersale.c.asked_at, aftersale.c.closed_at, aftersale.c.at)
Index("aftersale_closed", aftersale.c.closed_at)
Index(
    "aftersale_open",
    aftersale.c.asked_at,
    sqlite_where=text("status NOT IN ('refunded', 'rejected', 'closed')"),
)
review: Final = Table(
    "review",
    METADATA,
    _integer("seq", primary_key=True),
    Column("order_id", Text),
    _text("product_id"),
    _integer("stars"),
    _text("text"),
    _integer("at"),
    sqlite_strict=True,
)
Index("review_product", review.c.product_id)
Index("review_at", review.c.at, review.c.stars)
Index("review_order", review.c.order_id)
goods_row: Final = Table(
    "goods_row",
    METADATA,
    _text("sku_id", primary_key=True),
    _text("product_id"),
    _text("title"),
    _text("sku_title"),
    Column("image", Text),
    Column("groups", Text),
    sqlite_strict=True,
)
Index("goods_row_product", goods_row.c.product_id)
shop_ask: Final = Table(
    "shop_ask",
    METADATA,
    _text("ask_id", primary_key=True),
    _text("order_id"),
    _text("aftersale_id"),
    _text("act"),
    _text("status"),
    _text("asked_by"),
    _integer("by_person"),
    Column("amount_fen", Integer),
    _integer("by_coupon"),
    _text("carrier"),
    _text("waybill"),
    _integer("at"),
    Column("settled_at", Integer),
    _integer("seq"),
    Column("settled_seq", Integer),
    sqlite_strict=True,
)
"""``seq`` and ``settled_seq`` are where on the log the words of it stand, so that they go with whom they
name."""
Index("shop_ask_order", shop_ask.c.order_id)
Index("shop_ask_at", shop_ask.c.at)
case_step: Final = Table(
    "case_step",
    METADATA,
    _text("case_id", primary_key=True),
    _text("step", primary_key=True),
    _text("done_by"),
    _integer("done"),
    _integer("at"),
    _integer("seq"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""Its note stands on the log, under ``seq``."""
Index("case_step_at", case_step.c.at)
review_agreed: Final = Table(
    "review_agreed",
    METADATA,
    _integer("review_id", primary_key=True),
    _integer("agreed"),
    _integer("at"),
    sqlite_strict=True,
)
settled_row: Final = Table(
    "settled_row",
    METADATA,
    _text("order_id", primary_key=True),
    _integer("settled_fen"),
    Column("fee_fen", Integer),
    Column("commission_fen", Integer),
    _integer("at"),
    _integer("seq"),
    sqlite_strict=True,
)
brought: Final = Table(
    "brought",
    METADATA,
    _text("cue_id", primary_key=True),
    _text("viewer", primary_key=True),
    _text("by", primary_key=True),
    _integer("at"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index("brought_by", brought.c.by, brought.c.at)
shelf_row: Final = Table(
    "shelf_row",
    METADATA,
    _text("product_id", primary_key=True),
    _text("sku_id", primary_key=True),
    _text("category"),
    _integer("price_fen"),
    _integer("on_shelf"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
noted: Final = Table(
    "noted",
    METADATA,
    _text("kind", primary_key=True),
    _text("key", primary_key=True),
    _integer("seq"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
order_note: Final = Table(
    "order_note",
    METADATA,
    _text("order_id", primary_key=True),
    Column("text_seq", Integer),
    Column("tags_seq", Integer),
    sqlite_strict=True,
)
"""Where on the log a note and its tags stand: what people typed is in one place alone."""
broadcast: Final = Table(
    "broadcast",
    METADATA,
    _integer("number", primary_key=True),
    _text("title"),
    _integer("opened_at"),
    Column("closed_at", Integer),
    _integer("opened_seq"),
    _integer("orders_known"),
    _integer("comments"),
    _integer("placed"),
    _integer("paid"),
    _integer("closed"),
    _integer("refunded"),
    _integer("unpaid"),
    _integer("units"),
    _integer("gmv_fen"),
    _integer("refund_fen"),
    _integer("refund_owed_fen"),
    _integer("unmatched"),
    Column("audience", LargeBinary),
    Column("gift_units", Integer, nullable=False, server_default=text("0")),
    sqlite_strict=True,
)
cue_row: Final = Table(
    "cue_row",
    METADATA,
    _text("cue_id", primary_key=True),
    _integer("broadcast"),
    _text("kind"),
    _text("status"),
    _bytes("body"),
    Column("measured", LargeBinary),
    sqlite_strict=True,
)
Index("cue_row_broadcast", cue_row.c.broadcast)
member: Final = Table(
    "member",
    METADATA,
    _text("pid", primary_key=True),
    _integer("joined_at"),
    Column("birthday", Text),
    _integer("signed"),
    _integer("spent"),
    _integer("balance_fen"),
    Column("checked_in", Text),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
snapshot: Final = Table(
    "snapshot",
    METADATA,
    _integer("seq", primary_key=True),
    _integer("fold_version"),
    _bytes("blob"),
    sqlite_strict=True,
)
secret: Final = Table(
    "secret",
    METADATA,
    _text("name", primary_key=True),
    _bytes("value"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
picture: Final = Table(
    "picture",
    METADATA,
    _text("sha256", primary_key=True),
    _integer("number"),
    _bytes("small"),
    _bytes("middle"),
    _bytes("whole"),
    sqlite_strict=True,
)
card: Final = Table(
    "card",
    METADATA,
    _integer("number", primary_key=True),
    _bytes("mark"),
    _bytes("body"),
    sqlite_strict=True,
)
