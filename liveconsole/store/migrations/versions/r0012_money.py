"""What shops have settled, who brought whom, the shelf with its categories, and where people's notes for the
books stand. All of it stands on the log: the tables are filled at the next start (``engine/refill.py``).
"""

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision = "r0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settled_row",
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("settled_fen", sa.Integer, nullable=False),
        sa.Column("fee_fen", sa.Integer),
        sa.Column("commission_fen", sa.Integer),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("settled_row_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "brought",
        sa.Column("cue_id", sa.Text, nullable=False),
        sa.Column("viewer", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("cue_id", "viewer", "by", name=op.f("brought_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("brought_by", "brought", ["by", "at"])
    op.create_table(
        "shelf_row",
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("sku_id", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("price_fen", sa.Integer, nullable=False),
        sa.Column("on_shelf", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("product_id", "sku_id", name=op.f("shelf_row_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "noted",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("noted_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
