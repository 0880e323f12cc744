"""Figures that somebody else counted: each with the moment at which it was told, and by whom."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class ToldFigure(Struct, frozen=True):
    value: int
    at: datetime
    source: str = ""


class RecentCount(Struct, frozen=True):
    """``value`` came in the last ``minutes``, ``before`` in as many before them."""

    value: int
    before: int | None
    minutes: int
    at: datetime


class ShopStock(Struct, frozen=True):
    """Units that the shop says it has, beside what our own sums said at that moment: free ones, without those
    that orders hold. ``ours`` is None where somebody has changed the stock since: the two say nothing of each
    other any more."""

    units: int
    at: datetime
    ours: int | None
