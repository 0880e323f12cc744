"""What nobody told is unknown and not 0: tables of the figures that only orders and only comments tell, and
one pass over a report that takes them out where nobody reported any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from liveconsole.views.report.model import (
    Clip,
    Minute,
    Promotion,
    Report,
    ReportPledge,
    ReportProduct,
    ReportQuestion,
    Totals,
)

OF_ORDERS: Final[dict[type[Struct], tuple[str, ...]]] = {
    Totals: (
        "placed", "paid", "closed", "refunded", "unpaid", "unpaid_fen", "units", "gift_units", "gmv_fen",
        "refund_fen", "refund_owed_fen", "discount_fen", "member_off_fen",
    ),
    Minute: ("orders", "gmv_fen"),
    Promotion: (
        "orders", "gmv_fen", "discount_fen", "list_discount_fen", "before_fen", "during_fen", "burst",
    ),
    ReportProduct: ("units", "gift_units", "orders", "gmv_fen", "refund_fen"),
    Clip: ("orders", "gmv_fen"),
    ReportPledge: ("orders",),
    Report: ("other_gmv_fen",),
}  # fmt: skip
"""What of a report only orders can tell."""


OF_COMMENTS: Final[dict[type[Struct], tuple[str, ...]]] = {
    Totals: ("comments",),
    Minute: ("comments",),
    ReportProduct: ("comments",),
    Clip: ("comments",),
    ReportQuestion: ("comments",),
    Report: ("asking",),
}  # fmt: skip
"""What only a source of comments can tell."""


def without_orders(report: Report) -> None:
    """Take out what no source told of orders; what a person read off the platform stays, with its moment."""
    _take_out(report, OF_ORDERS)
    read = [p.sold for p in report.promotions if p.told in ("hand", "source") and p.sold is not None]
    report.totals.units_read = sum(read) if read else None


def without_comments(report: Report) -> None:
    """Take out what a source of comments would have told, had there been one."""
    _take_out(report, OF_COMMENTS)


def _take_out(report: Report, figures: Mapping[type[Struct], tuple[str, ...]]) -> None:
    rows: list[Sequence[Struct]] = [
        [report, report.totals, report.outside],
        report.minutes,
        report.promotions,
        report.products,
        report.clips,
        report.questions,
        report.pledges,
        report.handover.pledges,
    ]
    for row in (row for several in rows for row in several):
        for name in figures.get(type(row), ()):
            setattr(row, name, None)
