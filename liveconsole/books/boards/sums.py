"""What orders come to: the same counts as `domain.order.tally` has for the room's totals, in SQL.

Every sum of a board (a whole, a minute, an entrance, ten minutes) is made of `SUMS`: its parts add up.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.reading import BookReader
from liveconsole.domain.china import CHINA
from liveconsole.store.order_flags import CLOSED, COUNTED, PAID, PLACED
from liveconsole.store.rows import moment

KNOWN: Final = f"((o.flags & {PLACED | COUNTED}) <> 0)"
_IS_PAID: Final = f"((o.flags & {PAID}) <> 0)"
_IS_CLOSED: Final = f"((o.flags & {CLOSED}) <> 0)"
PAID_FOR: Final = f"({KNOWN} AND (o.flags & {PAID | CLOSED}) = {PAID})"
"""Paid and not closed: what ``orders_paid`` counts."""
GMV: Final = f"(CASE WHEN {_IS_PAID} THEN o.paid_fen ELSE 0 END)"
"""What was paid, before refunds; also of an order that was closed after."""
UNITS: Final = f"(CASE WHEN {PAID_FOR} AND ((o.flags & {COUNTED}) <> 0 OR o.past) THEN o.units ELSE 0 END)"
SUMS: Final = ", ".join(
    f"coalesce(sum({each}), 0)"
    for each in (
        KNOWN,
        PAID_FOR,
        f"{KNOWN} AND {_IS_CLOSED}",
        "o.refund_fen > 0",
        f"{KNOWN} AND (o.flags & {PAID | CLOSED}) = 0",
        UNITS,
        GMV,
        "o.refund_fen",
    )
)
MINUTE: Final = 60_000_000
_DAY: Final = 86_400_000_000
_EAST: Final = int(CHINA.utcoffset(None).total_seconds()) * 1_000_000


class OrderSums(NamedTuple):
    placed: int = 0
    paid: int = 0
    closed: int = 0
    refunded: int = 0
    unpaid: int = 0
    units: int = 0
    gmv_fen: int = 0
    refund_fen: int = 0

    @property
    def aov_fen(self) -> int | None:
        """GMV ÷ paid orders, to the nearest 分; None where none is paid."""
        return (2 * self.gmv_fen + self.paid) // (2 * self.paid) if self.paid else None

    @property
    def units_per_order(self) -> float | None:
        """连带率: units ÷ paid orders."""
        return self.units / self.paid if self.paid else None


def added(sums: list[OrderSums]) -> OrderSums:
    """Return what several come to together."""
    return OrderSums(*(sum(column) for column in zip(*sums, strict=True))) if sums else OrderSums()


def sums_of(reader: BookReader, scope: BoardScope, since: int = 0, before: int = 0) -> OrderSums:
    """Return what the orders of a scope come to; with ``before`` those placed between two moments only."""
    values = scope.values | {"since": since, "before": before}
    within = " AND o.placed_at >= :since AND o.placed_at < :before" if before else ""
    return OrderSums(*reader.rows(f"SELECT {SUMS} FROM order_row o WHERE {scope.where}{within}", values)[0])


def bars(reader: BookReader, scope: BoardScope, width: int, start: int = 0) -> dict[int, OrderSums]:
    """Return the sums by bars of ``width`` µs behind the start, the scope's or another; -1: outside, from
    before it and after the scope's end, or of orders that nobody told placed."""
    bar = (
        "CASE WHEN o.placed_at IS NULL OR o.placed_at < :start OR o.placed_at > :until THEN -1"
        " ELSE (min(o.placed_at, :until - 1) - :start) / :width END"
    )
    rows = reader.rows(
        f"SELECT {bar} bar, {SUMS} FROM order_row o WHERE {scope.where} GROUP BY bar",
        scope.values | {"width": width, "start": start or scope.start},
    )
    return {row[0]: OrderSums(*row[1:]) for row in rows}


def by_day(reader: BookReader, scope: BoardScope) -> dict[int, OrderSums]:
    """Return the sums by days of China behind the first one of a scope of days."""
    return bars(reader, scope, _DAY)


def by_scene(reader: BookReader, scope: BoardScope) -> dict[str, OrderSums]:
    """Return the sums by entrance, "" where nobody told it."""
    rows = reader.rows(
        f"SELECT coalesce(o.scene, ''), {SUMS} FROM order_row o WHERE {scope.where} GROUP BY 1", scope.values
    )
    return {row[0]: OrderSums(*row[1:]) for row in rows}


def newest(reader: BookReader, scope: BoardScope) -> Any:
    """Return when the log told of these orders last; None where it never did."""
    rows = reader.rows(
        f"SELECT e.at FROM event e WHERE e.seq = (SELECT max(o.seq) FROM order_row o WHERE {scope.where})",
        scope.values,
    )
    return moment(rows[0][0]) if rows else None


class BuyerCounts(NamedTuple):
    """Of paid orders. ``nameless``: orders whose buyer nobody told; ``first``: who had never paid before;
    ``again``: who has paid for two orders or more, up to the end of the scope."""

    buyers: int
    nameless: int
    first: int
    again: int


def buyers_of(reader: BookReader, scope: BoardScope) -> BuyerCounts:
    """Return how many paid, and how many of them not for the first time."""
    return BuyerCounts(
        *reader.rows(
            "WITH mine AS (SELECT o.buyer, min(coalesce(o.placed_at, :start)) AS began, count(*) AS n"
            " FROM order_row o"
            f" WHERE {scope.where} AND {PAID_FOR} AND o.buyer <> '' GROUP BY o.buyer),"
            " told AS (SELECT m.n, (SELECT count(*) FROM order_row o WHERE o.buyer = m.buyer"
            f" AND o.placed_at < m.began AND {PAID_FOR}) AS had FROM mine m)"
            " SELECT count(*), (SELECT count(*) FROM order_row o"
            f" WHERE {scope.where} AND {PAID_FOR} AND o.buyer = ''),"
            " coalesce(sum(had = 0), 0), coalesce(sum(had + n > 1), 0) FROM told",
            scope.values,
        )[0]
    )
