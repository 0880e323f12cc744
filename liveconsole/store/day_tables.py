"""Read tables that have a row for each day, and each buyer's first order (`order_days`, `goods_days`,
`parcel_days`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Column, Index, Table

from liveconsole.store import goods_days, parcel_days
from liveconsole.store.columns import METADATA
from liveconsole.store.columns import integer_column as _integer
from liveconsole.store.columns import text_column as _text
from liveconsole.store.order_days import SUMS

TABLES: Final = (
    "order_day",
    "product_day",
    "parcel_day",
    "buyer_first",
    "sku_day",
    "stock_day",
)


def _by_day(name: str, second: Column[Any], sums: Iterable[str]) -> Table:
    """A table with a row for each day of China, each broadcast and one thing more, and sums in it."""
    table = Table(
        name,
        METADATA,
        _integer("day", primary_key=True),
        _integer("broadcast", primary_key=True),
        second,
        *(_integer(one) for one in sums),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    Index(f"{name}_broadcast", table.c.broadcast)
    return table


order_day: Final = _by_day("order_day", _text("scene", primary_key=True), (*SUMS, "newest"))
"""Orders by the day of China, the broadcast and the entrance; ``newest``: the last seq that told of any
of them."""
product_day: Final = _by_day("product_day", _text("product_id", primary_key=True), goods_days.SUMS)
"""What each product brought, "" where nobody told of which an order was, by the day of China on which it was
placed, and the broadcast."""
parcel_day: Final = _by_day("parcel_day", _integer("hours", primary_key=True), (*parcel_days.SUMS, "told"))
"""Orders by the day of China on which they were placed, the broadcast and the hours in which they were sent
(`parcel_days`);
``told``: the newest word of any of their parcels, 0 where there is none."""
buyer_first: Final = Table(
    "buyer_first",
    METADATA,
    _text("buyer", primary_key=True),
    _integer("placed_at"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""When each buyer placed the first of the orders that he has paid for."""
sku_day: Final = Table(
    "sku_day",
    METADATA,
    _text("sku_id", primary_key=True),
    _integer("day", primary_key=True),
    _integer("units"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""Units of paid orders by the day of China on which they were placed."""
stock_day: Final = Table(
    "stock_day",
    METADATA,
    _text("sku_id", primary_key=True),
    _integer("day", primary_key=True),
    _text("product_id"),
    _integer("on_hand"),
    _integer("free"),
    _integer("on_shelf"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""What a SKU had at the end of a day on which something moved it; on other days it has what it had."""
