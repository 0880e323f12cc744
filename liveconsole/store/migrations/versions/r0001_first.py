"""The first schema: the log, people, answers, read tables, snapshots, secrets."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("meta_pkey")),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    for words in ("type", "source"):
        op.create_table(
            words,
            sa.Column("id", sa.Integer, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"{words}_pkey")),
            sa.UniqueConstraint("name", name=op.f(f"{words}_name_key")),
            sqlite_strict=True,
        )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("type_id", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("source_id", sa.Integer),
        sa.Column("input_id", sa.Text),
        sa.Column("time", sa.Text),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary),
        sa.PrimaryKeyConstraint("seq", name=op.f("event_pkey")),
        sqlite_strict=True,
    )
    op.create_index(
        "event_input",
        "event",
        ["source_id", "input_id"],
        unique=True,
        sqlite_where=sa.text("source_id IS NOT NULL"),
    )
    op.create_index("event_rare", "event", ["type_id"], sqlite_where=sa.text("type_id >= 32"))
    op.create_table(
        "person",
        sa.Column("pid", sa.Text, nullable=False),
        sa.Column("outside_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("seen_seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("pid", name=op.f("person_pkey")),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "answer",
        sa.Column("command_id", sa.Text, nullable=False),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("command_id", name=op.f("answer_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "denial",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("denial_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "order_row",
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("buyer", sa.Text, nullable=False),
        sa.Column("total_fen", sa.Integer, nullable=False),
        sa.Column("paid_fen", sa.Integer, nullable=False),
        sa.Column("refund_fen", sa.Integer, nullable=False),
        sa.Column("cue_id", sa.Text),
        sa.Column("placed_at", sa.Integer),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("order_row_pkey")),
        sqlite_strict=True,
    )
    op.create_index("order_row_newest", "order_row", ["placed_at"])
    op.create_table(
        "snapshot",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("fold_version", sa.Integer, nullable=False),
        sa.Column("blob", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("snapshot_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("secret_pkey")),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
