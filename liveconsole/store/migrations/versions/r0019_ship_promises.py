"""What each line was promised when its order was told, and until when its order has to be sent by it; sums of
days also by broadcast, so that a board of very many orders reads them too.

All of it stands on the log. The tables are filled when the engine starts next (``engine/refill.py``).
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0019"
down_revision = "r0018"
branch_labels = None
depends_on = None

WHOLE: sa.types.TypeEngine[Any] = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
WORDS: sa.types.TypeEngine[Any] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
OF_WAITING = ("placed_at", "broadcast", "flags", "refund_fen", "paid_fen")


def upgrade() -> None:
    op.add_column("order_line", sa.Column("ship_hours", WHOLE))
    op.add_column("order_line", sa.Column("ships_on", WORDS))
    op.add_column("order_row", sa.Column("ship_own", WHOLE))
    op.add_column("order_row", sa.Column("ship_usual", WHOLE, nullable=False, server_default=sa.text("1")))
    for column in ("ship_hours", "ships_on"):
        op.execute(f"ALTER TABLE goods_row DROP COLUMN {column}")
    op.drop_index("order_row_broadcast", "order_row")
    _index("order_row_broadcast", ("broadcast", "placed_at", "flags", "paid_fen", "refund_fen"))
    op.drop_index("order_row_buyer", "order_row")
    of_buyer = ("buyer", "placed_at", "flags", "status", "paid_fen", "refund_fen", "broadcast")
    _index("order_row_buyer", of_buyer)
    op.drop_index("order_row_waiting", "order_row")
    waits = "shipped_at IS NULL AND past = 0 AND ship_usual = 0"
    _index("order_row_promised", ("ship_own", *OF_WAITING), waits)
    waits = "shipped_at IS NULL AND paid_at IS NOT NULL AND past = 0 AND ship_usual = 1"
    _index("order_row_waiting", ("paid_at", *OF_WAITING, "ship_own"), waits)
    counts = ("placed", "paid", "closed", "refunded", "unpaid", "units", "gmv_fen", "refund_fen")
    _by_day("order_day", sa.Column("scene", WORDS, nullable=False), (*counts, "nameless", "orders", "newest"))
    goods = ("paid", "units", "gmv_fen", "refund_fen", "orders")
    _by_day("product_day", sa.Column("product_id", WORDS, nullable=False), goods)
    parcels = ("orders", "delivered_units", "returned_units", "told")
    _by_day("parcel_day", sa.Column("hours", WHOLE, nullable=False), parcels)


def _is_shared() -> bool:
    """In a database every table has the rooms' number before all else."""
    return op.get_bind().dialect.name == "postgresql"


def _index(name: str, columns: Sequence[str], where: str | None = None) -> None:
    table = name.rpartition("_")[0]
    if _is_shared():
        listed = ", ".join(f"{c} NULLS FIRST" if c in _MAY_BE_NULL else c for c in ("room_id", *columns))
        op.execute(f"CREATE INDEX {name} ON {table} ({listed})" + (f" WHERE {where}" if where else ""))
    else:
        op.create_index(name, table, list(columns), sqlite_where=None if where is None else sa.text(where))


_MAY_BE_NULL = frozenset({"placed_at", "paid_at", "ship_own"})


def _by_day(name: str, key: sa.Column[Any], sums: Sequence[str]) -> None:
    op.drop_table(name)
    room: list[sa.Column[Any]] = []
    if _is_shared():
        own = sa.text("current_setting('liveconsole.room')::int")
        room = [sa.Column("room_id", sa.Integer, nullable=False, server_default=own)]
    op.create_table(
        name,
        *room,
        sa.Column("day", WHOLE, nullable=False),
        sa.Column("broadcast", WHOLE, nullable=False),
        key,
        *(sa.Column(each, WHOLE, nullable=False) for each in sums),
        sa.PrimaryKeyConstraint(
            *(column.name for column in room), "day", "broadcast", key.name, name=op.f(f"{name}_pkey")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _index(f"{name}_broadcast", ("broadcast",))
