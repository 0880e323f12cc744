"""What a customer is worth: by hand on a few, by what came later on CDNOW."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from math import log
from pathlib import Path
from statistics import median

import pytest

from liveconsole.books import ltv
from liveconsole.books.reading import BookReader
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store
from tests.unit.books.customer_rows import Order, fill

FITTED, LATER = date(1997, 9, 30), date(1998, 6, 30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "room")
    yield store
    store.close()


@pytest.fixture
def reader(store: Store) -> Iterator[BookReader]:
    reader = BookReader(store.beside(), simulated=False, now=lambda: datetime(2026, 11, 29, 12, tzinfo=UTC))
    yield reader
    reader.close()


def cdnow(shared: Path) -> list[Order]:
    lines = (shared / "data/orders_cdnow/CDNOW_sample.txt").read_text("ascii").split("\n")
    found = []
    for line in filter(None, lines):
        _, customer, day, _, dollars = line.split()
        found.append(Order(customer, datetime.strptime(day, "%Y%m%d").date(), round(float(dollars) * 100)))  # noqa: DTZ007
    return found


def test_cohorts_by_hand(store: Store, reader: BookReader) -> None:
    day = date(2026, 1, 1)
    fill(
        store,
        [
            Order("甲", day, 10_000),
            Order("甲", day + timedelta(29), 1_000),
            Order("甲", day + timedelta(30), 2_000, refund_fen=500),
            Order("甲", day + timedelta(40), 9_000, refund_fen=9_000),
            Order("乙", day + timedelta(10), 4_000),
            Order("丙", day + timedelta(59), 700),
        ],
    )
    value = ltv.read(reader, day + timedelta(69))
    assert (value.customers, value.repeated) == (3, 1)
    assert value.ages == [ltv.Age(2, 3, 15_000), ltv.Age(2, 1, 1_500)]
    assert value.median_gap_days == 15.0
    assert ltv.means(value.ages, 3, 3) == [7_500.0, 750.0, None]
    assert ltv.lifetime(ltv.means(value.ages, 3, 2)) == 8_250
    assert ltv.lifetime(ltv.means(value.ages, 3, 3)) is None
    assert sum(value.begun.values()) == 3
    assert value.begun[day.toordinal()] == 1


def test_nobody_bought(reader: BookReader) -> None:
    value = ltv.read(reader, date(2026, 1, 1))
    assert (value.customers, value.ages, value.median_gap_days, value.begun) == (0, [], None, {})
    assert ltv.means(value.ages, 0, 2) == [None, None]


def test_the_law_never_rises_and_finds_a_power_again() -> None:
    falling = [ltv.Age(1_000, 0, round(1_000 * 1_000_000 * age**-0.5)) for age in range(1, 7)]
    found = ltv.means([ltv.Age(1_000, 0, 1), *falling], 1_000, 20)
    assert found[16] == pytest.approx(1_000_000 * 16**-0.5, rel=1e-6)
    rising = [ltv.Age(1_000, 0, 1_000 * age) for age in range(1, 7)]
    later = ltv.means([ltv.Age(1_000, 0, 1), *rising], 1_000, 20)
    assert later[7] == later[19]


def test_a_few_old_customers_do_not_stand_for_all(store: Store, reader: BookReader, shared: Path) -> None:
    fill(store, [order for order in cdnow(shared) if order.day <= FITTED])
    value = ltv.read(reader, FITTED)
    assert [age.customers for age in value.ages] == [2357] * 6 + [1797, 876, 77]
    found = ltv.means(value.ages, value.customers, 9, orders=True)
    assert found[6] == value.ages[6].orders / 1797
    assert found[8] != value.ages[8].orders / 77


def test_cdnow_as_fitted_and_as_it_came(store: Store, reader: BookReader, shared: Path) -> None:
    """Error on nine months that the fit has not seen: -11.3 % of orders, -12.1 % of revenue."""
    orders = cdnow(shared)
    assert sum(order.fen == 0 for order in orders) == 8
    fill(store, [order for order in orders if order.day <= FITTED])
    value = ltv.read(reader, FITTED)
    by = {order.buyer: order.day for order in sorted(orders, key=lambda order: order.day, reverse=True)}
    assert value.customers == len(by) == 2357
    later = [order for order in orders if FITTED < order.day <= LATER]
    revenue, count = ltv.expected(value, LATER), ltv.expected(value, LATER, orders=True)
    assert revenue is not None
    assert count is not None
    error_fen = revenue / sum(order.fen for order in later) - 1
    error_orders = count / len(later) - 1
    print(f"CDNOW 1997-10 … 1998-06: orders {error_orders:+.1%}, revenue {error_fen:+.1%}")
    assert error_orders == pytest.approx(-0.113, abs=0.005)
    assert error_fen == pytest.approx(-0.121, abs=0.005)


def test_a_level_that_goes_on_for_ever_is_further_off(
    store: Store, reader: BookReader, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twin: without the law, the mean of the last ages promises a fifth too much."""
    orders = cdnow(shared)
    fill(store, [order for order in orders if order.day <= FITTED])
    value = ltv.read(reader, FITTED)
    monkeypatch.setattr(ltv, "_law", lambda seen: (log(sum(mean for _, mean in seen[3:6]) / 3), 0.0))
    revenue = ltv.expected(value, LATER)
    assert revenue is not None
    assert revenue / sum(order.fen for order in orders if FITTED < order.day <= LATER) - 1 > 0.2


def test_an_order_for_nothing_is_an_order(store: Store, reader: BookReader, shared: Path) -> None:
    """Repeat days equal the published summary only with the orders of 0 dollars in them."""
    orders = [order for order in cdnow(shared) if order.day <= FITTED]
    fill(store, orders)
    days: dict[str, set[date]] = {}
    for order in orders:
        days.setdefault(order.buyer, set()).add(order.day)
    lines = (shared / "data/orders_cdnow/cdnow_customers_summary.csv").read_text("ascii").split()[1:]
    published = Counter(int(line.split(",")[1]) for line in lines)
    assert Counter(len(of) - 1 for of in days.values()) == published
    value = ltv.read(reader, FITTED)
    assert sum(value.begun.values()) == len(lines)
    assert value.median_gap_days == median(_gaps(orders))


def _gaps(orders: list[Order]) -> list[int]:
    by: dict[str, list[date]] = {}
    for order in orders:
        by.setdefault(order.buyer, []).append(order.day)
    return [(b - a).days for of in by.values() for a, b in zip(sorted(of), sorted(of)[1:], strict=False)]
