"""What each SKU had and sold by day: how long stock lasts, and what a week needs.

All of it stands on the log. The tables are filled when the engine starts next (``engine/refill.py``).
"""

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _by_day("sku_day", sa.Column("units", sa.Integer, nullable=False))
    _by_day(
        "stock_day",
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("on_hand", sa.Integer, nullable=False),
        sa.Column("free", sa.Integer, nullable=False),
        sa.Column("on_shelf", sa.Integer, nullable=False),
    )


def _by_day(name: str, *columns: sa.Column[int] | sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("sku_id", sa.Text, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("sku_id", "day", name=op.f(f"{name}_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
