"""What the boards read besides orders: who was there in a broadcast, and the measurements among its lines."""

from alembic import op
from sqlalchemy import Column, LargeBinary, text

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("broadcast", Column("audience", LargeBinary))
    op.create_index("event_measured", "event", ["seq"], sqlite_where=text("type_id = 7"))
