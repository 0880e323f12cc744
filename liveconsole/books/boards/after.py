"""What came after the orders: shipped in time, returned, reviewed, solved. Formulas: seller.md's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import days_of, kept_of
from liveconsole.books.reading import BookReader
from liveconsole.domain.aftersale import Figures
from liveconsole.store.parcel_days import FIRST_TOLD, IS_WAITING, KEPT, NEITHER
from liveconsole.store.rows import moment
from liveconsole.store.ship_promises import HOUR_US

GOOD_STARS: Final = 4


class AfterRate(Struct, frozen=True):
    """``part`` of ``whole``; a whole of 0 has its ``why``. ``at``: when a source told of any last."""

    part: int
    whole: int
    source: str
    at: datetime | None
    why: str


class AfterRates(Struct, frozen=True):
    rates: Mapping[str, AfterRate]


def after_of(reader: BookReader, scope: BoardScope, figures: Figures) -> AfterRates:
    """Return the rates of the orders of a scope; reviews and cases of days are those of the days. Parcels are
    read from the sums that the store keeps of each day and broadcast, however many there are."""
    one = scope.number is not None
    values = (
        scope.values
        | ({} if one else days_of(scope))
        | {
            "hours": figures.ship_hours,
            "ship": figures.ship_hours * HOUR_US,
            "solve": figures.solution_hours * HOUR_US,
            "again": figures.recovery_days * 24 * HOUR_US,
            "stars": figures.recovery_stars,
        }
    )
    return AfterRates(
        {
            "shipped_in_time": _shipped_in_time(reader, scope, values),
            "returned": _rate(reader, _RETURNED, scope, values, *_PARCELS, "none_delivered"),
            "good_reviews": _rate(reader, _REVIEWS, scope, values, "review", "reviews", "no_reviews"),
            "solved": _rate(reader, _SOLVED, scope, values, "aftersale", "aftersales", "none_due"),
            "recovered": _rate(reader, _RECOVERED, scope, values, "shop_ask", "aftersales", "none_due"),
        }
    )


def _shipped_in_time(reader: BookReader, scope: BoardScope, values: Mapping[str, object]) -> AfterRate:
    """Of what had to be sent before any source told of a parcel nobody knows whether it was."""
    told = reader.rows(FIRST_TOLD)
    first = {"told_from": told[0][0] if told else 0}
    rate = _rate(reader, _SHIPPED, scope, dict(values) | first, *_PARCELS, "none_due")
    if (
        rate.whole
        or not told
        or not reader.rows(_BEFORE_ANY.format(orders=scope.where), dict(values) | first)
    ):
        return rate
    return replace(rate, why="no_shipments")


_PARCELS: Final = ("shipment", "shipments")
_OF: Final = "FROM parcel_day WHERE {sums} AND orders > 0"
_NOT_YET: Final = (
    f"(SELECT count(*) FROM order_row o INDEXED BY order_row_waiting WHERE {{orders}} AND {IS_WAITING}"
    " AND o.ship_usual = 1 AND o.paid_at > :now - :ship AND (o.ship_own IS NULL OR o.ship_own > :now))"
    f" + (SELECT count(*) FROM order_row o INDEXED BY order_row_promised WHERE {{orders}} AND {IS_WAITING}"
    " AND o.ship_usual = 0 AND o.ship_own > :now)"
)
_UNKNOWN: Final = (
    f"(SELECT count(*) FROM order_row o INDEXED BY order_row_waiting WHERE {{orders}} AND {IS_WAITING}"
    " AND o.ship_usual = 1 AND o.paid_at <= :told_from - :ship)"
    f" + (SELECT count(*) FROM order_row o INDEXED BY order_row_waiting WHERE {{orders}} AND {IS_WAITING}"
    " AND o.ship_usual = 1 AND o.paid_at > :told_from - :ship AND o.paid_at < :told_from"
    " AND o.ship_own <= :told_from)"
    f" + (SELECT count(*) FROM order_row o INDEXED BY order_row_promised WHERE {{orders}} AND {IS_WAITING}"
    " AND o.ship_usual = 0 AND o.ship_own <= :told_from)"
)
_BEFORE_ANY: Final = (
    f"SELECT 1 FROM order_row o WHERE {{orders}} AND {IS_WAITING} AND o.paid_at < :told_from LIMIT 1"
)
_SHIPPED: Final = (
    f"SELECT coalesce(sum(CASE WHEN hours >= 0 AND hours <= :hours OR hours = {KEPT} THEN orders END), 0),"
    f" coalesce(sum(CASE WHEN hours <> {NEITHER} THEN orders END), 0) - ({_NOT_YET}) - ({_UNKNOWN}),"
    f" nullif(max(told), 0) {_OF}"
)
"""Due: those that were sent, and those whose time is over, though not before any parcel was told of, and that
were not given back unsent. Who waits and is not due is looked for in indexes of those who wait."""
_RETURNED: Final = (
    f"SELECT coalesce(sum(returned_units), 0), coalesce(sum(delivered_units), 0), nullif(max(told), 0) {_OF}"
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

_RECOVERED: Final = (
    "SELECT coalesce(sum(good), 0), coalesce(sum(good OR at + :again <= :now), 0), max(at) FROM"
    " (SELECT a.at, EXISTS (SELECT 1 FROM order_row p WHERE p.buyer = o.buyer AND o.buyer <> ''"
    " AND p.order_id <> o.order_id AND p.placed_at > a.at AND p.placed_at <= a.at + :again"
    " AND p.status = 'paid') OR EXISTS"
    " (SELECT 1 FROM review r WHERE r.order_id = a.order_id AND r.at > a.at AND r.stars >= :stars) AS good"
    " FROM (SELECT order_id, min(settled_at) AS at FROM shop_ask WHERE act = 'compensate'"
    " AND status = 'done' GROUP BY order_id) a"
    " JOIN order_row o ON o.order_id = a.order_id WHERE {asks}) AS asked"
)
"""挽回, ours where guides give no formula: of the complaints that were made good with 补偿, those whose buyer
paid another order within `Figures.recovery_days` of it, or whose review of the order has `recovery_stars`.
One whose days are not over, and who has done neither yet, is not counted: nobody knows."""


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
            sums=kept_of(scope),
            reviews=of_orders.format("r.order_id") if one else days.format("r.at"),
            asks=scope.where if one else days.format("a.at"),
            cases=of_orders.format("a.order_id") if one else days.format("a.asked_at"),
        ),
        dict(values),
    )[0]
    return AfterRate(part, whole, source, None if at is None else moment(at), empty)
