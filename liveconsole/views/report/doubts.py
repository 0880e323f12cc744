"""Which figures of a report are not the whole truth, and why: for its first page and every list of it."""

from __future__ import annotations

from liveconsole.messages.broadcasts import FigureDoubt
from liveconsole.views.report.model import Report

_SALES = ("gmv_fen", "paid", "units")


def doubts_of(report: Report) -> list[FigureDoubt]:
    """Return one for a figure at most; a figure that is None is unknown, any other the least it can be."""
    found = []
    if report.skipped:
        found.append(FigureDoubt("comments", "comments_left_out"))
    elif report.silences and report.totals.comments is not None:
        found.append(FigureDoubt("comments", "comments_gap"))
    if report.totals.online_peak is None:
        found.append(FigureDoubt("online_peak", "no_audience_told"))
    if not report.orders_known:
        return [
            *found,
            *(FigureDoubt(name, "no_orders_told") for name in (*_SALES, "refund_fen", "given_fen")),
        ]
    more = [d for d in report.differences if d.code == "measured" and (d.shown or 0) > (d.wanted or 0)]
    if any(d.what == "sold" for d in more):
        found += [FigureDoubt(name, "platform_sold_more") for name in _SALES]
    untold = any(coupon.unused is None for coupon in report.handover.coupons)
    if untold or any(d.what in ("claimed", "used") for d in more):
        found.append(FigureDoubt("given_fen", "coupons_untold"))
    elif any(d.what == "sold" for d in more):
        found.append(FigureDoubt("given_fen", "platform_sold_more"))
    return found
