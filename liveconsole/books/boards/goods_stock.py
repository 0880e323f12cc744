"""How long the stock lasts, what was sold out, what does not sell, and what a week needs.

A SKU has at the end of a day what the last word of that day, or of the newest day before, left it. A day on
which it is sold out is one at whose end it is on the shelf and nothing of it is free.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil, sqrt
from typing import Final, NamedTuple

from msgspec import Struct

from liveconsole.books.boards.figures import StockFigures
from liveconsole.books.boards.program import GoodsNames, RunningSale
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.told import Typed
from liveconsole.books.reading import BookReader
from liveconsole.messages.boards import BoardWhy, PurchaseRow
from liveconsole.store.order_days import day_number
from liveconsole.store.order_flags import CLOSED, LAPSED
from liveconsole.store.rows import moment

SKUS_MOST: Final = 5_000
"""SKUs that a board goes through."""
ROWS_MOST: Final = 100
_ROWS: Final = (
    "SELECT s.sku_id, s.day, s.product_id, s.on_hand, s.free, s.on_shelf FROM stock_day s"
    " WHERE s.day > :before AND s.day <= :last UNION ALL"
    " SELECT s.sku_id, s.day, s.product_id, s.on_hand, s.free, s.on_shelf FROM goods_row g"
    " CROSS JOIN stock_day s ON s.sku_id = g.sku_id AND s.day ="
    " (SELECT max(t.day) FROM stock_day t WHERE t.sku_id = g.sku_id AND t.day <= :before) ORDER BY 1, 2"
)
_SOLD: Final = (
    "SELECT g.sku_id, coalesce(sum(CASE WHEN d.day > :before THEN d.units END), 0),"
    " coalesce(sum(CASE WHEN d.day > :sigma THEN d.units END), 0),"
    " coalesce(sum(CASE WHEN d.day > :sigma THEN d.units * d.units END), 0),"
    " coalesce(sum(CASE WHEN d.day > :weeks THEN d.units END), 0),"
    " coalesce(sum(CASE WHEN d.day > :unsold THEN d.units END), 0)"
    " FROM goods_row g CROSS JOIN sku_day d ON d.sku_id = g.sku_id AND d.day > :first AND d.day <= :last"
    " GROUP BY g.sku_id"
)
_TAKEN: Final = (
    "SELECT l.sku_id, sum(l.quantity) FROM order_row o JOIN order_line l ON l.order_id = o.order_id"
    f" WHERE o.broadcast = :number AND o.placed_at >= :since AND (o.flags & {CLOSED | LAPSED}) = 0"
    " AND l.sku_id IN (SELECT value FROM json_each(:skus)) GROUP BY 1"
)
_WORST: Final = ("out", "very_low", "low", "safety")


class SoldSku(NamedTuple):
    """Units of one SKU in the times that its figures go by."""

    average: int = 0
    sigma: int = 0
    sigma_squares: int = 0
    weeks: int = 0
    unsold: int = 0


class StockedSku(Struct):
    """What a SKU has now; ``days``: since when it is known, and what it had on them at their ends."""

    product_id: str
    on_hand: int = 0
    free: int = 0
    on_shelf: bool = False
    known_since: int = 0
    days: int = 0
    on_hand_days: int = 0
    shelf_days: int = 0
    out_days: int = 0


class StockRates(Struct, frozen=True):
    """None: not known, ``why`` says it."""

    turnover_days: float | None = None
    out_of_stock_rate: float | None = None
    unsold_rate: float | None = None
    at: datetime | None = None
    why: BoardWhy = BoardWhy("no_stock_told")


class StockBoard(Struct, frozen=True):
    rates: StockRates
    purchases: list[PurchaseRow]
    """The most urgent first: `ROWS_MOST` of them."""
    purchases_of: int
    left: Mapping[str, tuple[int, str]]
    """Product → units free, and its alarm."""


def stock_of(
    reader: BookReader,
    scope: BoardScope,
    figures: StockFigures,
    goods: GoodsNames,
    typed: Typed,
    sales: Sequence[RunningSale],
) -> StockBoard:
    """Return the stock at the end of a scope, or as it is now. ``sales``: those that run."""
    last = day_number(moment(min(scope.until - (scope.number is None), scope.now)))
    skus = _stocked(reader, last, figures.average_days)
    if not skus:
        return StockBoard(StockRates(), [], 0, {})
    if len(skus) > SKUS_MOST:
        return StockBoard(StockRates(why=BoardWhy("too_many_skus", {"n": SKUS_MOST})), [], 0, {})
    sold = _sold(reader, last, figures)
    purchases = [
        _purchase(sku_id, sku, sold.get(sku_id, SoldSku()), last, figures, goods, typed)
        for sku_id, sku in skus.items()
        if sku.on_shelf
    ]
    purchases.sort(key=lambda row: (row.buy is None, -(row.buy or 0), -(row.weekly or 0.0), row.sku_id))
    return StockBoard(
        _rates(skus, sold),
        purchases[:ROWS_MOST],
        len(purchases),
        _left(skus, purchases, _of_sales(reader, scope, sales, figures)),
    )


def _stocked(reader: BookReader, last: int, average_days: int) -> dict[str, StockedSku]:
    before = last - average_days
    skus: dict[str, StockedSku] = {}
    since: dict[str, int] = {}
    for sku_id, day, product_id, on_hand, free, on_shelf in reader.rows(
        _ROWS, {"before": before, "last": last}
    ):
        sku = skus.get(sku_id)
        if sku is None:
            sku = skus[sku_id] = StockedSku(product_id, known_since=day)
        else:
            _stood(sku, day - since[sku_id])
        since[sku_id] = max(day, before + 1)
        sku.product_id, sku.on_hand, sku.free, sku.on_shelf = product_id, on_hand, free, bool(on_shelf)
    for sku_id, sku in skus.items():
        _stood(sku, last + 1 - since[sku_id])
    return skus


def _stood(sku: StockedSku, days: int) -> None:
    """It was as it is for so many days."""
    sku.days += days
    sku.on_hand_days += days * max(0, sku.on_hand)
    sku.shelf_days += days * sku.on_shelf
    sku.out_days += days * (sku.on_shelf and sku.free <= 0)


def _sold(reader: BookReader, last: int, figures: StockFigures) -> dict[str, SoldSku]:
    spans = {
        "before": figures.average_days,
        "sigma": figures.sigma_days,
        "weeks": 7 * figures.weeks,
        "unsold": figures.unsold_days,
    }
    values = {name: last - days for name, days in spans.items()} | {"last": last}
    values["first"] = min(values.values())
    return {row[0]: SoldSku(*row[1:]) for row in reader.rows(_SOLD, values)}


def _rates(skus: Mapping[str, StockedSku], sold: Mapping[str, SoldSku]) -> StockRates:
    shelf_days = sum(sku.shelf_days for sku in skus.values())
    on_shelf = [sku_id for sku_id, sku in skus.items() if sku.on_shelf]
    unsold = sum(not sold.get(sku_id, SoldSku()).unsold for sku_id in on_shelf)
    average = sum(sku.on_hand_days / sku.days for sku in skus.values() if sku.days)
    days = max(sku.days for sku in skus.values())
    units = sum(sold.get(sku_id, SoldSku()).average for sku_id in skus)
    return StockRates(
        turnover_days=average / (units / days) if units else None,
        out_of_stock_rate=sum(sku.out_days for sku in skus.values()) / shelf_days if shelf_days else None,
        unsold_rate=unsold / len(on_shelf) if on_shelf else None,
        why=BoardWhy("none_paid" if not units else "no_stock_told"),
    )


def _purchase(
    sku_id: str,
    sku: StockedSku,
    sold: SoldSku,
    last: int,
    figures: StockFigures,
    goods: GoodsNames,
    typed: Typed,
) -> PurchaseRow:
    """weekly × season + safety − on hand − ordered; the safety stock is z · σ(daily units) · √lead days."""
    lead = typed.of("lead_days", sku.product_id)
    season = typed.of("season_percent", sku.product_id)
    ordered = typed.of("ordered", sku.product_id)
    factor = season.value / 100 if season is not None else 1.0
    known, wanted = last + 1 - sku.known_since, 7 * figures.weeks
    weekly = sold.weeks / figures.weeks if known >= wanted else None
    safety = None
    if lead is not None and weekly is not None:
        mean = sold.sigma / figures.sigma_days
        sigma = sqrt(max(0.0, sold.sigma_squares / figures.sigma_days - mean * mean))
        safety = ceil(figures.z * sigma * sqrt(lead.value) - 1e-9)
    buy, why = None, None
    if weekly is None:
        why = BoardWhy("too_few", {"n": known, "of": wanted})
    elif safety is None:
        why = BoardWhy("not_typed")
    else:
        need = weekly * factor + safety - sku.on_hand - (ordered.value if ordered is not None else 0)
        buy = max(0, ceil(need - 1e-9))
    return PurchaseRow(
        sku_id,
        sku.product_id,
        goods.called(sku_id),
        weekly,
        factor,
        safety,
        sku.on_hand,
        ordered.value if ordered is not None else 0,
        buy,
        None if lead is None else lead.value,
        why,
    )


def _of_sales(
    reader: BookReader, scope: BoardScope, sales: Sequence[RunningSale], figures: StockFigures
) -> dict[str, str]:
    """SKU → how scarce it is in its sale: units that orders have not taken, of those that it has."""
    found: dict[str, str] = {}
    for sale in sales:
        values = scope.values | {"since": sale.at, "skus": json.dumps(list(sale.quantities))}
        taken = dict(reader.rows(_TAKEN, values))
        for sku_id, quantity in sale.quantities.items():
            left = 100 * max(0, quantity - taken.get(sku_id, 0))
            if left <= figures.low_percent * quantity:
                found[sku_id] = "very_low" if left <= figures.very_low_percent * quantity else "low"
    return found


def _left(
    skus: Mapping[str, StockedSku], purchases: list[PurchaseRow], scarce: Mapping[str, str]
) -> dict[str, tuple[int, str]]:
    """Product → free units of what is on the shelf, and its worst alarm; ``safety``: no more than its safety
    stock is there."""
    free: dict[str, int] = defaultdict(int)
    safety: dict[str, int] = defaultdict(int)
    for sku in skus.values():
        if sku.on_shelf:
            free[sku.product_id] += max(0, sku.free)
    for row in purchases:
        safety[row.product_id] += row.safety or 0
    alarms: dict[str, set[str]] = defaultdict(set)
    for sku_id, alarm in scarce.items():
        if (known := skus.get(sku_id)) is not None:
            alarms[known.product_id].add(alarm)
    found = {}
    for product_id, units in free.items():
        told = alarms[product_id]
        if units <= safety[product_id]:
            told.add("safety" if units else "out")
        found[product_id] = units, next((alarm for alarm in _WORST if alarm in told), "")
    return found
