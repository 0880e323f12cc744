"""How long the stock lasts, what was sold out, what does not sell, and what a week needs."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from liveconsole.messages.boards import BoardWhy


class StockRates(Struct, frozen=True):
    """None: not known, ``why`` says it."""

    turnover_days: float | None = None
    out_of_stock_rate: float | None = None
    unsold_rate: float | None = None
    at: datetime | None = None
    why: BoardWhy = BoardWhy("no_stock_told")
