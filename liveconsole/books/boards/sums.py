"""What orders come to, in SQL. Every sum of a board (a whole, a minute, an entrance, ten minutes) is made of
`order_days.SUMS`: its parts add up.

Days and broadcasts are read from the sums that the store keeps of each; a part of a broadcast is counted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.reading import BookReader
from liveconsole.store.order_days import DAY_US, EAST_US, GMV, KNOWN, PAID_FOR, SUMS
from liveconsole.store.rows import moment

__all__ = ["GMV", "KNOWN", "PAID_FOR"]

MINUTE: Final = 60_000_000
_ONE_BY_ONE: Final = 60_000
_COUNTED: Final = ", ".join(f"coalesce(sum({each}), 0)" for each in SUMS.values())
_KEPT: Final = ", ".join(f"coalesce(sum({name}), 0)" for name in SUMS)
_BARS: Final = ("paid", "gmv_fen", "refund_fen")
_OF_BARS: Final = ", ".join(f"coalesce(sum({SUMS[name]}), 0)" for name in _BARS)
_KEPT_OF_BARS: Final = ", ".join(f"coalesce(sum({name}), 0)" for name in _BARS)
_BY_INDEX: Final = "INDEXED BY order_row_broadcast"


def kept_of(scope: BoardScope) -> str:
    """Return the condition on a table of sums by day and broadcast, with the names of a scope's values and
    of `days_of`."""
    return "broadcast = :number" if scope.number is not None else "day >= :first AND day < :behind"


class OrderSums(NamedTuple):
    placed: int = 0
    paid: int = 0
    closed: int = 0
    refunded: int = 0
    unpaid: int = 0
    units: int = 0
    gmv_fen: int = 0
    refund_fen: int = 0
    nameless: int = 0
    orders: int = 0

    @property
    def aov_fen(self) -> int | None:
        """GMV ÷ paid orders, to the nearest 分; None where none is paid."""
        return mean_fen(self.gmv_fen, self.paid)

    @property
    def units_per_order(self) -> float | None:
        """连带率: units ÷ paid orders."""
        return self.units / self.paid if self.paid else None


class PaidSums(NamedTuple):
    """The part of a sum that an index has, so that a minute of very many orders is summed up at once."""

    paid: int = 0
    gmv_fen: int = 0
    refund_fen: int = 0

    @property
    def aov_fen(self) -> int | None:
        """GMV ÷ paid orders, to the nearest 分; None where none is paid."""
        return mean_fen(self.gmv_fen, self.paid)


def mean_fen(fen: int, paid: int) -> int | None:
    """Return an amount ÷ paid orders, to the nearest 分; None where none is paid."""
    return (2 * fen + paid) // (2 * paid) if paid else None


def added(sums: list[OrderSums]) -> OrderSums:
    """Return what several come to together."""
    return OrderSums(*(sum(column) for column in zip(*sums, strict=True))) if sums else OrderSums()


def sums_of(reader: BookReader, scope: BoardScope, since: int = 0, before: int = 0) -> OrderSums:
    """Return what the orders of a scope come to; with ``before`` those of a broadcast that were placed
    between two moments."""
    if not before:
        return OrderSums(*_kept(reader, scope, f"SELECT {_KEPT} FROM order_day WHERE {kept_of(scope)}")[0])
    values = scope.values | {"since": since, "before": before}
    within = "o.placed_at >= :since AND o.placed_at < :before"
    return OrderSums(
        *reader.rows(f"SELECT {_COUNTED} FROM order_row o WHERE {scope.where} AND {within}", values)[0]
    )


def _kept(reader: BookReader, scope: BoardScope, sql: str) -> list[Any]:
    return reader.rows(sql, scope.values | (days_of(scope) if scope.number is None else {}))


def paid_of(reader: BookReader, scope: BoardScope, since: int, before: int) -> PaidSums:
    """Return what was paid for the orders of a broadcast that were placed between two moments."""
    values = scope.values | {"since": since, "before": before}
    within = "o.placed_at >= :since AND o.placed_at < :before"
    sql = f"SELECT {_OF_BARS} FROM order_row o {_BY_INDEX} WHERE {scope.where} AND {within}"
    return PaidSums(*reader.rows(sql, values)[0])


def bars(reader: BookReader, scope: BoardScope, width: int, start: int = 0) -> dict[int, PaidSums]:
    """Return the sums by bars of ``width`` µs behind the start, the scope's or another; -1: outside, from
    before it and after the scope's end, or of orders that nobody told placed. Bars of days are whole days."""
    if scope.number is None:
        rows = reader.rows(
            f"SELECT (day - :first) / :days bar, {_KEPT_OF_BARS} FROM order_day WHERE {kept_of(scope)}"
            " GROUP BY bar",
            days_of(scope) | {"days": width // DAY_US},
        )
        return {row[0]: PaidSums(*row[1:]) for row in rows}
    bar = (
        "CASE WHEN o.placed_at IS NULL OR o.placed_at < :start OR o.placed_at > :until THEN -1"
        " ELSE (min(o.placed_at, :until - 1) - :start) / :width END"
    )
    rows = reader.rows(
        f"SELECT {bar} bar, {_OF_BARS} FROM order_row o {_BY_INDEX} WHERE {scope.where} GROUP BY bar",
        scope.values | {"width": width, "start": start or scope.start},
    )
    return {row[0]: PaidSums(*row[1:]) for row in rows}


def by_scene(reader: BookReader, scope: BoardScope) -> dict[str, OrderSums]:
    """Return the sums by entrance, "" where nobody told it."""
    rows = _kept(reader, scope, f"SELECT scene, {_KEPT} FROM order_day WHERE {kept_of(scope)} GROUP BY scene")
    return {row[0]: OrderSums(*row[1:]) for row in rows if row[-1]}


def newest(reader: BookReader, scope: BoardScope) -> datetime | None:
    """Return when the log told of these orders last; None where it never did."""
    last = f"SELECT max(newest) FROM order_day WHERE {kept_of(scope)} AND orders > 0"
    rows = _kept(reader, scope, f"SELECT e.at FROM event e WHERE e.seq = ({last})")
    return moment(rows[0][0]) if rows else None


class BuyerCounts(NamedTuple):
    """Of paid orders. ``first``: who had never paid before; ``again``: who has paid for two orders or more,
    up to the end of the scope."""

    buyers: int
    first: int
    again: int


def buyers_of(reader: BookReader, scope: BoardScope, orders: int) -> BuyerCounts:
    """Return how many paid, and how many of them not for the first time.

    Of many orders (``orders``: so many are in the scope) all of the years are gone through buyer by buyer in
    their index, which is faster than to look for each one's earlier ones.
    """
    if scope.number is not None and orders > _ONE_BY_ONE:
        mine = "CASE WHEN o.broadcast = :number THEN {} END"
        sql = (
            f"WITH mine AS (SELECT count({mine.format('1')}) AS n, min(o.placed_at) AS first,"
            f" min({mine.format('coalesce(o.placed_at, :start)')}) AS began"
            f" FROM order_row o INDEXED BY order_row_buyer WHERE o.buyer <> '' AND {PAID_FOR}"
            " GROUP BY o.buyer),"
            " told AS (SELECT n, coalesce(first < began, false) AS had FROM mine WHERE n > 0)"
            " SELECT count(*), coalesce(sum(NOT had), 0), coalesce(sum(n > 1 OR had), 0) FROM told"
        )
    elif orders > _ONE_BY_ONE:
        begun = reader.rows("SELECT 1 FROM order_row WHERE placed_at < :start LIMIT 1", scope.values)
        more, first, within = "", "count(*)", ""
        if begun:  # else everybody's orders are all in the scope
            more = ", min(o.placed_at) AS first, max(o.placed_at) AS last"
            first, within = "coalesce(sum(first >= :start), 0)", " WHERE last >= :start"
        sql = (
            f"WITH mine AS (SELECT count(*) AS n{more} FROM order_row o INDEXED BY order_row_buyer"
            f" WHERE o.buyer <> '' AND o.placed_at < :until AND {PAID_FOR} GROUP BY o.buyer)"
            f" SELECT count(*), {first}, coalesce(sum(n > 1), 0) FROM mine{within}"
        )
    else:
        sql = (
            "WITH mine AS (SELECT o.buyer, min(coalesce(o.placed_at, :start)) AS began, count(*) AS n"
            f" FROM order_row o WHERE {scope.where} AND {PAID_FOR} AND o.buyer <> '' GROUP BY o.buyer),"
            " told AS (SELECT m.n, coalesce(f.placed_at < m.began, false) AS had"
            " FROM mine m LEFT JOIN buyer_first f ON f.buyer = m.buyer)"
            " SELECT count(*), coalesce(sum(NOT had), 0), coalesce(sum(n > 1 OR had), 0) FROM told"
        )
    return BuyerCounts(*reader.rows(sql, scope.values)[0])


def days_of(scope: BoardScope) -> dict[str, int]:
    """Return the days of a scope of days, numbered as the store does."""
    return {"first": (scope.start + EAST_US) // DAY_US, "behind": (scope.until + EAST_US) // DAY_US}
