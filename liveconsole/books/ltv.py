"""What a customer is worth over time, by cohort means: of everybody who has been a customer for a whole month
of that age, what one of them brought in it on average.

A month is 30 days from the first order. Ages that at least half of all customers have lived through stand as
they were; older ones follow a power law, ``mean = c · age^-b``, by least squares over ln(mean) against
ln(age), each age as heavy as it has customers (``docs/decisions/0018``). Revenue is paid less given back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from math import exp, log
from statistics import median
from typing import Final, NamedTuple

from liveconsole.books.china_days import day_sql
from liveconsole.books.reading import BookReader
from liveconsole.domain.china import end_of
from liveconsole.store.rows import micros

MONTH_DAYS: Final = 30
AGES_MOST: Final = 120
LEAST_AGES: Final = 3
"""Ages behind the first month that a law is laid through; of fewer nothing is said of later ones."""
_ORDERS: Final = (
    " FROM order_row INDEXED BY order_row_buyer WHERE status = 'paid' AND buyer <> '' AND placed_at < :end"
    " AND refund_fen < max(paid_fen, 1) WINDOW w AS (PARTITION BY buyer ORDER BY placed_at)"
)
"""In the order of the index: nothing is sorted."""
_LIVED: Final = (
    "SELECT first, (day - first) / :month AS age, count(*), sum(fen), sum(nth = 1), sum(nth = 2) FROM"
    f" (SELECT {day_sql('placed_at')} AS day, paid_fen - refund_fen AS fen, row_number() OVER w AS nth,"
    f" {day_sql('first_value(placed_at) OVER w')} AS first{_ORDERS}) AS lived GROUP BY first, age"
)
_GAPS: Final = (
    f"SELECT gap, count(*) FROM (SELECT {day_sql('placed_at')} - {day_sql('lag(placed_at) OVER w')} AS gap"
    f"{_ORDERS}) AS gaps WHERE gap IS NOT NULL GROUP BY gap ORDER BY gap"
)


class Age(NamedTuple):
    """One month of age. ``customers``: who has lived through it; sums of what they did in it."""

    customers: int
    orders: int
    fen: int


class Value(NamedTuple):
    """How customers buy, as of the end of a day. ``begun``: day (ordinal) → first orders on it."""

    on: date
    customers: int
    repeated: int
    ages: list[Age]
    median_gap_days: float | None
    begun: dict[int, int]


def read(reader: BookReader, on: date) -> Value:
    """Return it from the orders of all the years up to the end of day ``on``."""
    asked = {"end": micros(end_of(on))}
    last = on.toordinal()
    begun: dict[int, int] = {}
    full, lived, repeated = [0] * (AGES_MOST + 1), [[0, 0] for _ in range(AGES_MOST)], 0
    for first, age, orders, fen, firsts, seconds in reader.rows(_LIVED, {**asked, "month": MONTH_DAYS}):
        whole = min((last - first + 1) // MONTH_DAYS, AGES_MOST)
        repeated += seconds
        if firsts:
            begun[first] = firsts
            full[whole] += firsts
        if age < whole:
            lived[age][0] += orders
            lived[age][1] += fen
    alive = list(accumulate(reversed(full)))[::-1]
    ages = [Age(alive[a + 1], *lived[a]) for a in range(AGES_MOST) if alive[a + 1]]
    return Value(on, sum(begun.values()), repeated, ages, _median_gap(reader, asked), begun)


def _median_gap(reader: BookReader, asked: dict[str, int]) -> float | None:
    """Half of the times somebody came again it was sooner, in whole days; None where nobody did."""
    counted = reader.rows(_GAPS, asked)
    whole = sum(count for _, count in counted)
    if not whole:
        return None
    middles, passed = [], 0
    for gap, count in counted:
        for place in ((whole - 1) // 2, whole // 2):
            if passed <= place < passed + count:
                middles.append(gap)
        passed += count
    return float(median(middles))


def means(ages: Sequence[Age], customers: int, months: int, *, orders: bool = False) -> list[float | None]:
    """Return what one customer brings (分, or orders) in each of his first months; None where neither enough
    people were there nor a law can be laid through the rest."""
    seen = [(age.customers, (age.orders if orders else age.fen) / age.customers) for age in ages]
    law = _law(seen[1:])
    found: list[float | None] = []
    for month in range(months):
        if month < len(seen) and seen[month][0] * 2 >= customers:
            found.append(seen[month][1])
        else:
            found.append(None if law is None or month == 0 else exp(law[0] + law[1] * log(month)))
    return found


def _law(seen: Sequence[tuple[int, float]]) -> tuple[float, float] | None:
    """``(ln c, -b)`` through the ages from 1 on; a month in which nobody bought has no logarithm and is left
    out. It never rises."""
    points = [(weight, log(age), log(mean)) for age, (weight, mean) in enumerate(seen, 1) if mean > 0]
    if len(points) < LEAST_AGES:
        return None
    whole = sum(weight for weight, _, _ in points)
    x = sum(weight * at for weight, at, _ in points) / whole
    y = sum(weight * mean for weight, _, mean in points) / whole
    spread = sum(weight * (at - x) ** 2 for weight, at, _ in points)
    slope = min(0.0, sum(weight * (at - x) * (mean - y) for weight, at, mean in points) / spread)
    return y - slope * x, slope


def lifetime(monthly: Sequence[float | None]) -> int | None:
    """Return what the months come to together, in whole 分; None where one of them is not known."""
    told = [one for one in monthly if one is not None]
    return round(sum(told)) if len(told) == len(monthly) else None


def expected(value: Value, until: date, *, orders: bool = False) -> float | None:
    """Return what all customers together will bring behind ``value.on`` up to the end of ``until``: each
    month of age spread evenly over its days."""
    days = (until - value.on).days
    oldest = (value.on.toordinal() - min(value.begun, default=0) + days) // MONTH_DAYS + 1
    monthly = means(value.ages, value.customers, min(oldest, AGES_MOST), orders=orders)
    told = [one for one in monthly if one is not None]
    if len(told) < len(monthly):
        return None
    daily = list(accumulate((one / MONTH_DAYS for one in told for _ in range(MONTH_DAYS)), initial=0.0))
    whole = 0.0
    for first, count in value.begun.items():
        begin = min(value.on.toordinal() - first + 1, len(daily) - 1)
        whole += count * (daily[min(begin + days, len(daily) - 1)] - daily[begin])
    return whole
