"""What the boards read besides orders: who was there in a broadcast, the measurements among its lines, sums
of orders by day and entrance; and a buyer's orders in their order.

All of it stands on the log. The tables are filled when the engine starts next (``engine/refill.py``).
"""

import sqlalchemy as sa
from alembic import op

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None

_SUMS = (
    "placed",
    "paid",
    "closed",
    "refunded",
    "unpaid",
    "units",
    "gmv_fen",
    "refund_fen",
    "nameless",
    "orders",
)


def upgrade() -> None:
    op.add_column("broadcast", sa.Column("audience", sa.LargeBinary))
    op.create_index("event_measured", "event", ["seq"], sqlite_where=sa.text("type_id = 7"))
    op.create_table(
        "order_day",
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("scene", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _SUMS),
        sa.Column("newest", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "scene", name=op.f("order_day_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.drop_index("order_row_buyer", "order_row")
    op.create_index("order_row_buyer", "order_row", ["buyer", "placed_at", "flags"])
