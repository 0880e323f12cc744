"""What the room keeps of sharers: which goods one may offer at which price, and until when."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class OwnPrices(Struct, frozen=True):
    """``prices``: SKU id → 分."""

    until: datetime
    prices: dict[str, int]
