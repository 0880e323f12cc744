"""What was asked of the shop after the order, how far cases are, whose review may be shown.

All of it stands on the log. The tables are filled when the engine starts next (``engine/refill.py``).
"""

import sqlalchemy as sa
from alembic import op

revision = "r0014"
down_revision = "r0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("aftersale", sa.Column("disputed_at", sa.Integer))
    op.add_column("goods_row", sa.Column("image", sa.Text))
    op.add_column("goods_row", sa.Column("ship_hours", sa.Integer))
    op.add_column("goods_row", sa.Column("ships_on", sa.Text))
    op.add_column("goods_row", sa.Column("groups", sa.Text))
    op.create_index(
        "aftersale_open",
        "aftersale",
        ["asked_at"],
        sqlite_where=sa.text("status NOT IN ('refunded', 'rejected', 'closed')"),
    )
    op.create_index(
        "shipment_open",
        "shipment",
        ["at"],
        sqlite_where=sa.text("status NOT IN ('delivered', 'returned')"),
    )
    op.create_index("aftersale_closed", "aftersale", ["closed_at"])
    op.create_index("review_at", "review", ["at", "stars"])
    op.create_index("goods_row_product", "goods_row", ["product_id"])
    op.create_index("review_order", "review", ["order_id"])
    _asks()
    op.create_table(
        "case_step",
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "step", name=op.f("case_step_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("case_step_at", "case_step", ["at"])
    op.create_table(
        "review_agreed",
        sa.Column("review_id", sa.Integer, nullable=False),
        sa.Column("agreed", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("review_id", name=op.f("review_agreed_pkey")),
        sqlite_strict=True,
    )


def _asks() -> None:
    op.create_table(
        "shop_ask",
        sa.Column("ask_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("aftersale_id", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("by_person", sa.Integer, nullable=False),
        sa.Column("amount_fen", sa.Integer),
        sa.Column("by_coupon", sa.Integer, nullable=False),
        sa.Column("carrier", sa.Text, nullable=False),
        sa.Column("waybill", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("settled_at", sa.Integer),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("settled_seq", sa.Integer),
        sa.PrimaryKeyConstraint("ask_id", name=op.f("shop_ask_pkey")),
        sqlite_strict=True,
    )
    op.create_index("shop_ask_order", "shop_ask", ["order_id"])
    op.create_index("shop_ask_at", "shop_ask", ["at"])
