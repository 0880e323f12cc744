"""Units that came along with an order beside those that were bought: only these count as sold.

All of it stands on the log. The tables are filled when the engine starts next (``engine/refill.py``).
"""

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("order_row", "broadcast"):
        op.add_column(table, sa.Column("gift_units", sa.Integer, nullable=False, server_default=sa.text("0")))
