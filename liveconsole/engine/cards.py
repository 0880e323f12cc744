"""A report in short, as the page of past broadcasts shows it, and why a figure of it is in doubt."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.broadcasts import BroadcastCard, FigureDoubt, SoldProduct
from liveconsole.views.report import Report

CARD_VERSION: Final = 1
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
        doubts=_doubts(report),
    )


def _turnover(report: Report) -> list[int] | None:
    if not report.orders_known:
        return None
    each = -(-len(report.minutes) // BARS) or 1
    fen = [minute.gmv_fen or 0 for minute in report.minutes]
    return [sum(fen[start : start + each]) for start in range(0, len(fen), each)]


def _doubts(report: Report) -> list[FigureDoubt]:
    found = []
    if report.totals.online_peak is None:
        found.append(FigureDoubt("online_peak", "no_audience_told"))
    if not report.orders_known:
        return [*found, *(FigureDoubt(name, "no_orders_told") for name in ("gmv_fen", "paid", "given_fen"))]
    more = [d for d in report.differences if d.code == "measured" and (d.shown or 0) > (d.wanted or 0)]
    if any(d.what == "sold" for d in more):
        found += [FigureDoubt(name, "platform_sold_more") for name in ("gmv_fen", "paid")]
    untold = any(coupon.unused is None for coupon in report.handover.coupons)
    if untold or any(d.what in ("claimed", "used") for d in more):
        found.append(FigureDoubt("given_fen", "coupons_untold"))
    elif any(d.what == "sold" for d in more):
        found.append(FigureDoubt("given_fen", "platform_sold_more"))
    return found
