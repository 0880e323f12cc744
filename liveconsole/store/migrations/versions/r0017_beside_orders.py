"""What a board asks of an order, in its row: its parcel's moments, its only line. Each buyer's first order.

All of it stands on the log. The tables are filled when the engine starts next (``engine/refill.py``).
"""

import sqlalchemy as sa
from alembic import op

revision = "r0017"
down_revision = "r0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("shipped_at", sa.Integer),
        sa.Column("ship_told", sa.Integer),
        sa.Column("lines", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("only_product", sa.Text),
        sa.Column("only_units", sa.Integer),
    ):
        op.add_column("order_row", column)
    op.create_table(
        "buyer_first",
        sa.Column("buyer", sa.Text, nullable=False),
        sa.Column("placed_at", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("buyer", name=op.f("buyer_first_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
