"""What came after the orders: shipped in time, returned, reviewed, solved. Formulas: seller.md's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from liveconsole.books.boards.figures import AfterFigures
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import PAID_FOR
from liveconsole.books.reading import BookReader
from liveconsole.store.rows import moment

_HOUR: Final = 3_600_000_000
GOOD_STARS: Final = 4


ORDERS_MOST: Final = 50_000
"""Orders that are gone through one by one for a board: of more it has its sums and its buyers, and says that
the rest is told of fewer days."""


class AfterRate(Struct, frozen=True):
    """``part`` of ``whole``; a whole of 0 has its ``why``. ``at``: when a source told of any last."""

    part: int
    whole: int
    source: str
    at: datetime | None
    why: str


class AfterRates(Struct, frozen=True):
    rates: Mapping[str, AfterRate]


def after_of(reader: BookReader, scope: BoardScope, figures: AfterFigures, orders: int) -> AfterRates:
    """Return the rates of the orders of a scope; reviews and cases of days are those of the days."""
    if orders > ORDERS_MOST:
        return AfterRates(
            {name: AfterRate(0, 0, source, None, "too_many") for name, source in _SOURCES.items()}
        )
    values = scope.values | {"ship": figures.ship_hours * _HOUR, "solve": figures.solve_hours * _HOUR}
    return AfterRates(
        {
            "shipped_in_time": _rate(reader, _SHIPPED, scope, values, "shipment", "shipments", "none_due"),
            "returned": _rate(reader, _RETURNED, scope, values, "shipment", "shipments", "none_due"),
            "good_reviews": _rate(reader, _REVIEWS, scope, values, "review", "reviews", "no_reviews"),
            "solved": _rate(reader, _SOLVED, scope, values, "aftersale", "aftersales", "none_due"),
        }
    )


_SOURCES: Final = {
    "shipped_in_time": "shipments",
    "returned": "shipments",
    "good_reviews": "reviews",
    "solved": "aftersales",
}
_SHIPPED: Final = (
    "SELECT coalesce(sum(s.shipped_at <= o.paid_at + :ship), 0), count(*), max(s.at) FROM order_row o"
    " LEFT JOIN shipment s ON s.order_id = o.order_id WHERE {orders}"
    f" AND {PAID_FOR} AND o.paid_at IS NOT NULL"
    " AND (s.shipped_at IS NOT NULL OR (o.paid_at + :ship <= :now AND o.refund_fen < o.paid_fen))"
)
"""Due: those that were shipped, and those whose time is over and that were not given back unshipped."""
_RETURNED: Final = (
    "SELECT coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM aftersale a WHERE a.order_id = o.order_id"
    " AND a.kind = 'return' AND a.status IN ('returned', 'refunded')) OR s.status = 'returned'"
    " THEN o.units END), 0), coalesce(sum(o.units), 0), max(s.at) FROM order_row o"
    " JOIN shipment s ON s.order_id = o.order_id WHERE {orders}"
    " AND (s.delivered_at IS NOT NULL OR s.status = 'returned')"
)
_REVIEWS: Final = (
    f"SELECT coalesce(sum(r.stars >= {GOOD_STARS}), 0), count(*), max(r.at) FROM review r WHERE "
    + "{reviews}"
)
_SOLVED: Final = (
    "SELECT coalesce(sum(a.closed_at <= a.asked_at + :solve), 0), count(*), max(a.at)"
    " FROM aftersale a WHERE {cases}"
    " AND (a.closed_at IS NOT NULL OR a.asked_at + :solve <= :now)"
)


def _rate(
    reader: BookReader,
    sql: str,
    scope: BoardScope,
    values: Mapping[str, object],
    table: str,
    source: str,
    empty: str,
) -> AfterRate:
    if not reader.rows(f"SELECT 1 FROM {table} LIMIT 1"):
        return AfterRate(0, 0, source, None, f"no_{source}")
    of_orders = "{0} IN (SELECT o.order_id FROM order_row o WHERE o.broadcast = :number)"
    days = "{0} >= :start AND {0} < :until"
    one = scope.number is not None
    part, whole, at = reader.rows(
        sql.format(
            orders=scope.where,
            reviews=of_orders.format("r.order_id") if one else days.format("r.at"),
            cases=of_orders.format("a.order_id") if one else days.format("a.asked_at"),
        ),
        dict(values),
    )[0]
    return AfterRate(part, whole, source, None if at is None else moment(at), empty)
