"""What the room keeps of the prices that were asked; the rules on it are in `asked`."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field


class AskedDay(Struct, frozen=True, array_like=True):
    """A day of China on which a price changed or a sale ran: its lowest price, the own price at its end."""

    day: int
    lowest_fen: int | None
    close_fen: int | None


class Asked(Struct, frozen=True):
    """What was asked for one SKU (`asked`); bounded, the log has it all."""

    since: datetime
    """Since when its own price is ``fen``."""
    fen: int | None = None
    """Its own price; None while it is off the shelf."""
    highest_fen: int = 0
    before_fen: int | None = None
    """七日最低价 before its own price became what it is; None: nothing was asked on an earlier day."""
    days: list[AskedDay] = field(default_factory=list)
    """Those of the last `asked.DAYS`, and the one before them."""
