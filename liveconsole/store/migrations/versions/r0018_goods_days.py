"""Sums of goods and of parcels by day, which boards of many orders read; who waits for his parcel, and when
after-sales were solved, out of an index alone.

All of it stands on the log. The tables are filled when the engine starts next (``engine/refill.py``).
"""

import sqlalchemy as sa
from alembic import op

revision = "r0018"
down_revision = "r0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _by_day(
        "product_day",
        sa.Column("product_id", sa.Text, nullable=False),
        ("paid", "units", "gmv_fen", "refund_fen", "orders"),
    )
    _by_day(
        "parcel_day",
        sa.Column("hours", sa.Integer, nullable=False),
        ("orders", "delivered_units", "returned_units", "told"),
    )
    op.create_index(
        "order_row_waiting",
        "order_row",
        ["paid_at", "placed_at", "flags", "refund_fen", "paid_fen"],
        sqlite_where=sa.text("shipped_at IS NULL AND paid_at IS NOT NULL"),
    )
    op.drop_index("aftersale_asked", "aftersale")
    op.create_index("aftersale_asked", "aftersale", ["asked_at", "closed_at", "at"])


def _by_day(table: str, key: sa.Column[object], sums: tuple[str, ...]) -> None:
    op.create_table(
        table,
        sa.Column("day", sa.Integer, nullable=False),
        key,
        *(sa.Column(name, sa.Integer, nullable=False) for name in sums),
        sa.PrimaryKeyConstraint("day", key.name, name=op.f(f"{table}_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
