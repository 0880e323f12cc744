"""Past broadcasts, and the one that is open, as ``GET /v1/broadcasts`` lists them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class BroadcastSummary(Struct, frozen=True):
    """What one broadcast came to, late facts included. Money in 分.

    Where nobody told of any order (``orders_known`` false) the figures of orders are None: not known, which
    is not nought.
    """

    number: int
    title: str
    opened_at: datetime
    closed_at: datetime | None
    simulated: bool
    orders_known: bool
    comments: int
    placed: int | None
    paid: int | None
    closed: int | None
    refunded: int | None
    unpaid: int | None
    units: int | None
    gmv_fen: int | None
    refund_fen: int | None
    refund_owed_fen: int | None
    unmatched: int
    """Orders with goods, a sale or an amount that the room does not know."""
