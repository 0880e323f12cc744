"""Members as the books read them; orders by their buyer with what a sum over all buyers needs beside him, so
that no order has to be looked up for it.

Nobody can have been a member before: nothing is filled again.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0011"
down_revision = "r0013"
OF_BUYERS = ["buyer", "placed_at", "flags", "status", "paid_fen", "refund_fen"]
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("order_row_buyer", "order_row")
    op.create_index("order_row_buyer", "order_row", OF_BUYERS)
    op.create_table(
        "member",
        sa.Column("pid", sa.Text, nullable=False),
        sa.Column("joined_at", sa.Integer, nullable=False),
        sa.Column("birthday", sa.Text),
        sa.Column("signed", sa.Integer, nullable=False),
        sa.Column("spent", sa.Integer, nullable=False),
        sa.Column("balance_fen", sa.Integer, nullable=False),
        sa.Column("checked_in", sa.Text),
        sa.PrimaryKeyConstraint("pid", name=op.f("member_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
