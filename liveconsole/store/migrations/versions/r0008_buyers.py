"""Orders by their buyer: whether somebody ever bought is asked while he waits for his answer."""

from alembic import op

revision = "r0008"
down_revision = "r0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("order_row_buyer", "order_row", ["buyer"])
