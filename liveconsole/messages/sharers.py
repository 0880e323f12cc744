"""Sharers, as ``GET /v1/sharers`` tells them. In 分; None is not known.

A sharer is told sums of his own: no buyer, no order and no product that somebody bought stands here.
"""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class SharerGoods(Struct, frozen=True):
    """One of the goods that he offers at a price of his own. ``percent``: his commission, as text."""

    sku_id: str
    title: str
    price_fen: int
    percent: str | None


class SharerRow(Struct, frozen=True):
    """``commission_fen`` None: no commission was agreed for goods that he brought orders of. ``amount_part``
    and the others are the percentiles of which ``influence`` is made, 0 to 100."""

    sharer: str
    """His outside id, or ``forgotten``."""
    name: str
    visits: int
    orders: int
    amount_fen: int
    days: int
    influence: float
    amount_part: float
    visits_part: float
    orders_part: float
    days_part: float
    commission_fen: int | None
    goods: list[SharerGoods]
    goods_until: datetime | None


class SharersPage(Struct, frozen=True):
    """The strongest first. ``since``: the first day that counts."""

    at: datetime
    since: date
    simulated: bool
    of: int
    """How many sharers brought somebody in these days."""
    rows: list[SharerRow]
