"""What came after the orders: shipped in time, returned, reviewed, solved. Formulas: seller.md's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import PAID_FOR, days_of
from liveconsole.books.reading import BookReader
from liveconsole.domain.aftersale import Figures
from liveconsole.store.parcel_days import BACK, IS_WAITING, RETURNED, WAITING
from liveconsole.store.rows import moment

_HOUR: Final = 3_600_000_000
GOOD_STARS: Final = 4


ORDERS_MOST: Final = 100_000
"""Orders that are gone through one by one for a board, in 0.3 s of processor at most: of more a broadcast has
its sums and its buyers, and says that the rest is too much. Days are read from the sums of `parcel_days`."""
PROMISED_MOST: Final = 5_000
"""Units of goods with a promise of their own whose orders are looked for beside the sums: they are sent in
time by other hours than the rest."""
LOOKED_FOR: Final = 10
"""Orders of the days that are read in their order in the time in which one is looked for."""


class AfterRate(Struct, frozen=True):
    """``part`` of ``whole``; a whole of 0 has its ``why``. ``at``: when a source told of any last."""

    part: int
    whole: int
    source: str
    at: datetime | None
    why: str


class AfterRates(Struct, frozen=True):
    rates: Mapping[str, AfterRate]


def after_of(reader: BookReader, scope: BoardScope, figures: Figures, orders: int) -> AfterRates:
    """Return the rates of the orders of a scope; reviews and cases of days are those of the days."""
    if scope.number is not None and orders > ORDERS_MOST:
        return AfterRates({name: _too_many(source) for name, source in _SOURCES.items()})
    ship = figures.ship_hours * _HOUR
    first, promises = reader.rows(_SURELY, {"hour": _HOUR, "ship": ship})[0]
    shipped = _SHIPPED.replace("{until}", _UNTIL if promises else "o.paid_at + :ship")
    one = scope.number is not None
    values = (
        scope.values
        | ({} if one else days_of(scope))
        | {
            "surely": min(first, ship),
            "ship": ship,
            "hour": _HOUR,
            "solve": figures.solution_hours * _HOUR,
            "again": figures.recovery_days * 24 * _HOUR,
            "stars": figures.recovery_stars,
        }
    )
    return AfterRates(
        {
            "shipped_in_time": _shipped_in_time(reader, scope, shipped, values, figures.ship_hours, orders),
            "returned": _rate(
                reader, _RETURNED if one else _RETURNED_OF_DAYS, scope, values, *_PARCELS, "none_delivered"
            ),
            "good_reviews": _rate(reader, _REVIEWS, scope, values, "review", "reviews", "no_reviews"),
            "solved": _rate(reader, _SOLVED, scope, values, "aftersale", "aftersales", "none_due"),
            "recovered": _rate(reader, _RECOVERED, scope, values, "shop_ask", "aftersales", "none_due"),
        }
    )


def _shipped_in_time(
    reader: BookReader,
    scope: BoardScope,
    shipped: str,
    values: Mapping[str, object],
    hours: int,
    orders: int,
) -> AfterRate:
    """Of days those of `_IN_DAYS`, and of goods with promises of their own what these make of it."""
    one = scope.number is not None
    sold = 0 if one else reader.rows(f"SELECT coalesce(sum(units), 0) {_SOLD}")[0][0]
    if one or sold > PROMISED_MOST or orders <= min(LOOKED_FOR * sold, ORDERS_MOST):
        if orders > ORDERS_MOST:
            return _too_many("shipments")
        return _rate(reader, shipped, scope, values, *_PARCELS, "none_due")
    rate = _rate(reader, _IN_DAYS, scope, dict(values) | {"hours": hours}, *_PARCELS, "none_due")
    if not sold or rate.why != "none_due":
        return rate
    other = _rate(reader, _OTHERWISE, scope, values, *_PARCELS, "none_due")
    return replace(rate, part=rate.part + other.part, whole=rate.whole + other.whole)


def _too_many(source: str) -> AfterRate:
    return AfterRate(0, 0, source, None, "too_many")


_PARCELS: Final = ("shipment", "shipments")
_SOURCES: Final = {
    "shipped_in_time": "shipments",
    "returned": "shipments",
    "good_reviews": "reviews",
    "solved": "aftersales",
    "recovered": "aftersales",
}
_DAY_ENDS: Final = "(unixepoch(g.ships_on) * 1000000 + 16 * :hour)"
"""The end of a day of China."""
_UNTIL: Final = (
    "coalesce((SELECT min(CASE WHEN g.ships_on IS NULL THEN o.paid_at + coalesce(g.ship_hours * :hour, :ship)"
    f" WHEN {_DAY_ENDS} > o.paid_at THEN {_DAY_ENDS} ELSE o.paid_at + :ship END)"
    " FROM order_line l LEFT JOIN goods_row g ON g.sku_id = l.sku_id"
    " WHERE l.order_id = o.order_id), o.paid_at + :ship)"
)
"""`domain.shipping.ship_until`: of several goods the earliest of their promises."""
_SURELY: Final = (
    "SELECT CASE WHEN count(ships_on) > 0 THEN 0 ELSE coalesce(min(ship_hours) * :hour, :ship) END,"
    " count(ships_on) + count(ship_hours) FROM goods_row"
)
"""µs after the payment before which no promise of any goods ends; how many goods have one of their own."""
_SHIPPED: Final = (
    "SELECT coalesce(sum(CASE WHEN o.shipped_at <= o.paid_at + :surely THEN true"
    " ELSE o.shipped_at <= {until} END), 0), count(*), max(o.ship_told)"
    " FROM order_row o WHERE {orders}"
    f" AND {PAID_FOR} AND o.paid_at IS NOT NULL"
    " AND (o.shipped_at IS NOT NULL OR ({until} <= :now AND o.refund_fen < o.paid_fen))"
)
"""Due: those that were shipped, and those whose time is over and that were not given back unshipped. What an
order holds is looked for where it decides: most are shipped before any promise ends."""
_WITH_ONE: Final = "(g.ships_on IS NOT NULL OR g.ship_hours IS NOT NULL)"
_SOLD: Final = (
    f"FROM goods_row g CROSS JOIN sku_day d ON d.sku_id = g.sku_id AND d.units > 0 WHERE {_WITH_ONE}"
)
_DUE: Final = "(shipped_at IS NOT NULL OR ({until} <= :now AND open))"
_OTHERWISE: Final = (
    "SELECT coalesce(sum(shipped_at <= own), 0) - coalesce(sum(shipped_at <= usual), 0),"
    f" coalesce(sum({_DUE.format(until='own')}), 0) - coalesce(sum({_DUE.format(until='usual')}), 0),"
    " max(ship_told) FROM (SELECT o.shipped_at, o.ship_told, o.refund_fen < o.paid_fen AS open,"
    f" o.paid_at + :ship AS usual, {_UNTIL} AS own FROM order_row o"
    " WHERE o.order_id IN (SELECT l.order_id FROM goods_row g CROSS JOIN order_line l ON l.sku_id = g.sku_id"
    f" WHERE {_WITH_ONE}) AND {{orders}} AND {PAID_FOR} AND o.paid_at IS NOT NULL) AS promised"
)
"""How many more of those with a promise of their own are in time, and due, by it than by the usual hours."""
_OF_DAYS: Final = "FROM parcel_day WHERE day >= :first AND day < :behind AND orders > 0"
_IN_DAYS: Final = (
    f"SELECT coalesce(sum(CASE WHEN hours >= 0 AND hours <= :hours THEN orders END), 0),"
    f" coalesce(sum(CASE WHEN hours >= {WAITING} THEN orders END), 0)"
    " - (SELECT count(*) FROM order_row o INDEXED BY order_row_waiting WHERE {orders}"
    f" AND o.paid_at > :now - :ship AND {IS_WAITING}), nullif(max(told), 0) {_OF_DAYS}"
)
"""By the usual hours, without those whose time is not over. Of what waits only the newest is looked for."""
_RETURNED: Final = (
    f"SELECT coalesce(sum(CASE WHEN {RETURNED} THEN o.units END), 0), coalesce(sum(o.units), 0),"
    f" max(o.ship_told) FROM order_row o WHERE {{orders}} AND {BACK}"
)
_RETURNED_OF_DAYS: Final = (
    "SELECT coalesce(sum(returned_units), 0), coalesce(sum(delivered_units), 0), nullif(max(told), 0)"
    f" {_OF_DAYS}"
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
            reviews=of_orders.format("r.order_id") if one else days.format("r.at"),
            asks=scope.where if one else days.format("a.at"),
            cases=of_orders.format("a.order_id") if one else days.format("a.asked_at"),
        ),
        dict(values),
    )[0]
    return AfterRate(part, whole, source, None if at is None else moment(at), empty)
