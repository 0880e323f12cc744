"""Read tables that hold the years: broadcasts with totals, orders under their broadcast, cues that left.

They are filled from the log when the engine starts next (``engine/refill.py``), not here: what an order came
to is for the rules to say.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("order_row_newest", "order_row")
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
        sa.PrimaryKeyConstraint("order_id", name=op.f("order_row_pkey")),
        sqlite_strict=True,
    )
    op.create_index("order_row_newest", "order_row", ["placed_at"])
    op.create_index("order_row_broadcast", "order_row", ["broadcast"])
    op.create_table(
        "broadcast",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("opened_at", sa.Integer, nullable=False),
        sa.Column("closed_at", sa.Integer),
        sa.Column("opened_seq", sa.Integer, nullable=False),
        sa.Column("orders_known", sa.Integer, nullable=False),
        sa.Column("comments", sa.Integer, nullable=False),
        sa.Column("placed", sa.Integer, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False),
        sa.Column("closed", sa.Integer, nullable=False),
        sa.Column("refunded", sa.Integer, nullable=False),
        sa.Column("unpaid", sa.Integer, nullable=False),
        sa.Column("units", sa.Integer, nullable=False),
        sa.Column("gmv_fen", sa.Integer, nullable=False),
        sa.Column("refund_fen", sa.Integer, nullable=False),
        sa.Column("refund_owed_fen", sa.Integer, nullable=False),
        sa.Column("unmatched", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("broadcast_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "cue_row",
        sa.Column("cue_id", sa.Text, nullable=False),
        sa.Column("broadcast", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("measured", sa.LargeBinary),
        sa.PrimaryKeyConstraint("cue_id", name=op.f("cue_row_pkey")),
        sqlite_strict=True,
    )
    op.create_index("event_late", "event", ["actor"], sqlite_where=sa.text("actor > 'producer@'"))
    op.create_index("cue_row_broadcast", "cue_row", ["broadcast"])
