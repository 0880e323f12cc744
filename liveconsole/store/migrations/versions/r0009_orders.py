"""What comes after an order: its lines, its shipment, after-sales, reviews; where and how it was bought.

All of it stands on the log. The tables are filled when the engine starts next (``engine/refill.py``).
"""

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _orders()
    op.create_table(
        "order_line",
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("product_id", sa.Text),
        sa.Column("sku_id", sa.Text, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price_fen", sa.Integer),
        sa.PrimaryKeyConstraint("order_id", "line", name=op.f("order_line_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("order_line_sku", "order_line", ["sku_id"])
    op.create_table(
        "shipment",
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("carrier", sa.Text),
        sa.Column("waybill", sa.Text),
        sa.Column("eta", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("shipped_at", sa.Integer, nullable=False),
        sa.Column("delivered_at", sa.Integer),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("shipment_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "aftersale",
        sa.Column("aftersale_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("amount_fen", sa.Integer),
        sa.Column("asked_at", sa.Integer, nullable=False),
        sa.Column("answered_at", sa.Integer),
        sa.Column("closed_at", sa.Integer),
        sa.Column("due_at", sa.Integer),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("aftersale_id", name=op.f("aftersale_pkey")),
        sqlite_strict=True,
    )
    op.create_index("aftersale_order", "aftersale", ["order_id"])
    op.create_index("aftersale_asked", "aftersale", ["asked_at"])
    op.create_table(
        "review",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("order_id", sa.Text),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("stars", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("review_pkey")),
        sqlite_strict=True,
    )
    op.create_index("review_product", "review", ["product_id"])
    op.create_table(
        "goods_row",
        sa.Column("sku_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("sku_title", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sku_id", name=op.f("goods_row_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "order_note",
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("text_seq", sa.Integer),
        sa.Column("tags_seq", sa.Integer),
        sa.PrimaryKeyConstraint("order_id", name=op.f("order_note_pkey")),
        sqlite_strict=True,
    )


def _orders() -> None:
    for index in ("order_row_newest", "order_row_broadcast", "order_row_buyer"):
        op.drop_index(index, "order_row")
    op.drop_table("order_row")
    op.create_table(
        "order_row",
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("buyer", sa.Text, nullable=False),
        sa.Column("total_fen", sa.Integer, nullable=False),
        sa.Column("paid_fen", sa.Integer, nullable=False),
        sa.Column("refund_fen", sa.Integer, nullable=False),
        sa.Column("cue_id", sa.Text),
        sa.Column("placed_at", sa.Integer),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("broadcast", sa.Integer, nullable=False),
        sa.Column("units", sa.Integer, nullable=False),
        sa.Column("flags", sa.Integer, nullable=False),
        sa.Column("paid_at", sa.Integer),
        sa.Column("scene", sa.Text),
        sa.Column("province", sa.Text),
        sa.Column("payment", sa.Text),
        sa.Column("past", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("ship", sa.Text),
        sa.Column("delivered_at", sa.Integer),
        sa.Column("tail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("order_row_pkey")),
        sqlite_strict=True,
    )
    op.create_index("order_row_newest", "order_row", ["placed_at"])
    op.create_index("order_row_broadcast", "order_row", ["broadcast"])
    op.create_index("order_row_buyer", "order_row", ["buyer"])
    op.create_index("order_row_tail", "order_row", ["tail"])
    op.create_index("order_row_open", "order_row", ["past", "status", "ship", "placed_at"])
    op.create_index(
        "order_row_delivered",
        "order_row",
        ["delivered_at"],
        sqlite_where=sa.text("delivered_at IS NOT NULL"),
    )
