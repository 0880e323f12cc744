"""Files of orders of the past, as shops and programs export them."""

from liveconsole.intake.orders.reading import (
    ORDER_ROWS,
    BadOrder,
    OrderTable,
    batches,
    is_orders,
    read_orders,
)
from liveconsole.intake.orders.words import COLUMN_NAMES

__all__ = ["COLUMN_NAMES", "ORDER_ROWS", "BadOrder", "OrderTable", "batches", "is_orders", "read_orders"]
