"""A report in short, as the page of past broadcasts shows it."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.broadcasts import BroadcastCard, FigureDoubt, SoldProduct
from liveconsole.views.report import Report
from liveconsole.views.report.doubts import doubts_of

CARD_VERSION: Final = 2
"""Raise it when a card tells something else of the same report: all are read again."""
BARS: Final = 32
_BEST, _GOODS = 4, 40

TOO_LONG: Final = BroadcastCard(
    doubts=[FigureDoubt(name, "too_long") for name in ("turnover", "online_peak", "given_fen")]
)
"""Of an evening that no report reads."""


def card_of(report: Report) -> BroadcastCard:
    """Return the report in short: the same figures, none of its own."""
    sold = [p for p in report.products if p.units]
    sold.sort(key=lambda p: (-(p.gmv_fen or 0), -(p.units or 0)))
    peak = report.totals.online_peak
    peak_at = next((m.at for m in report.minutes if peak is not None and m.online == peak), None)
    return BroadcastCard(
        best=[SoldProduct(p.product_id, p.title, p.units or 0) for p in sold[:_BEST]],
        goods=[p.title for p in sold[:_GOODS]],
        turnover=_turnover(report),
        online_peak=peak,
        online_peak_at=peak_at,
        given_fen=report.totals.discount_fen,
        segments=len(report.clips),
        doubts=doubts_of(report),
    )


def _turnover(report: Report) -> list[int] | None:
    if not report.orders_known:
        return None
    each = -(-len(report.minutes) // BARS) or 1
    fen = [minute.gmv_fen or 0 for minute in report.minutes]
    return [sum(fen[start : start + each]) for start in range(0, len(fen), each)]
