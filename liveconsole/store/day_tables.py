"""Read tables that have a row for each day, and each buyer's first order (`order_days`, `goods_days`,
`parcel_days`)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Table

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

order_day: Final = Table(
    "order_day",
    METADATA,
    _integer("day", primary_key=True),
    _text("scene", primary_key=True),
    *(_integer(name) for name in SUMS),
    _integer("newest"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""Orders by the day of China and the entrance; ``newest``: the last seq that told of any of them."""
product_day: Final = Table(
    "product_day",
    METADATA,
    _integer("day", primary_key=True),
    _text("product_id", primary_key=True),
    *(_integer(name) for name in goods_days.SUMS),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""What each product brought, "" where nobody told of which an order was, by the day of China on which it was
placed."""
parcel_day: Final = Table(
    "parcel_day",
    METADATA,
    _integer("day", primary_key=True),
    _integer("hours", primary_key=True),
    *(_integer(name) for name in parcel_days.SUMS),
    _integer("told"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""Orders by the day of China on which they were placed and the hours in which they were sent (`parcel_days`);
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
