"""The log as a chain: each event's link, and the hash of what its data were where they had to give way.

Older events get their links when the store is opened next (``store/linking.py``), page by page: how a line is
told is for the program to say, and a year of evenings is more than one transaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("link", sa.LargeBinary))
    op.add_column("event", sa.Column("data_hash", sa.LargeBinary))
