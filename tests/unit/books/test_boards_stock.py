"""How long the stock lasts, what was sold out, what does not sell, and what a week needs, by hand."""

from __future__ import annotations

from math import ceil, sqrt
from pathlib import Path
from typing import Any

import pytest

from liveconsole.engine import books, core, refill
from liveconsole.messages.boards import BoardPage, PurchaseRow
from liveconsole.store import open_store
from tests.table_rows import rows_of
from tests.unit.books.test_boards import page, placed, tiles
from tests.unit.engine.evenings import Evenings

DAY = 86_400.0
UNITS = [n % 4 for n in range(30)]
"""Of "a" on each day; "b" sells nothing."""


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    return Evenings(open_store(tmp_path / "data", room_id="room"))


def days(evenings: Evenings, units: list[int] = UNITS) -> None:
    """An evening a day, from a stock of 200 each."""
    for product_id in "ab":
        evenings.ok("stock.add", sku_id=product_id, by=200 - 100_000)
    for day, sold in enumerate(units):
        evenings.open()
        for n in range(sold):
            placed(evenings, f"d{day}-{n}", 9_900)
            evenings.paid(f"d{day}-{n}", 9_900)
        evenings.close()
        evenings.wait(DAY - evenings.now.timestamp() % DAY + 12 * 3600)


def row(board: BoardPage, sku_id: str = "a") -> PurchaseRow:
    return next(each for each in board.purchases if each.sku_id == sku_id)


def table(evenings: Evenings, name: str) -> list[Any]:
    with evenings.store._file.reading() as c:
        return rows_of(c, name, "ORDER BY 1, 2")


def test_a_weeks_need_is_the_sum_of_its_parts(evenings: Evenings) -> None:
    days(evenings)
    found = row(page(evenings))
    assert (found.weekly, found.on_hand) == (sum(UNITS[-28:]) / 4, 200 - sum(UNITS))
    assert (found.safety, found.buy) == (None, None), "nobody said how long it takes to come"
    assert found.why is not None
    assert found.why.code == "not_typed"
    for name, value in (("lead_days", 9), ("season_percent", 2_000), ("ordered", 5)):
        evenings.ok("board.type", name=name, value=value, product_id="a")
    found = row(page(evenings))
    mean = sum(UNITS[-28:]) / 28
    sigma = sqrt(sum((n - mean) ** 2 for n in UNITS[-28:]) / 28)
    safety = ceil(1.64 * sigma * 3)
    assert (found.safety, found.lead_days, found.season, found.ordered) == (safety, 9, 20.0, 5)
    assert found.weekly is not None
    assert found.buy == ceil(found.weekly * 20 + safety - (200 - sum(UNITS)) - 5)
    assert found.buy > 0


def test_before_four_weeks_nobody_knows_what_a_week_needs(evenings: Evenings) -> None:
    days(evenings, UNITS[:20])
    found = row(page(evenings))
    assert found.weekly is None
    assert found.why is not None
    assert (found.why.code, found.why.params) == ("too_few", {"n": 20, "of": 28})


def test_stock_lasts_as_long_as_its_average_at_what_a_day_sells(evenings: Evenings) -> None:
    days(evenings)
    ends = [200 - sum(UNITS[: day + 1]) for day in range(30)]
    average = sum(ends) / 30 + 200
    found = tiles(page(evenings))
    assert found["turnover_days"].value == pytest.approx(average / (sum(UNITS) / 30))
    assert found["unsold_rate"].value == 1 / 2, "b"
    assert found["out_of_stock_rate"].value == 0


def test_days_on_which_it_was_sold_out_count_while_it_is_on_the_shelf(evenings: Evenings) -> None:
    evenings.ok("stock.add", sku_id="a", by=3 - 100_000)
    days_of_a = [1, 2, 0, 0]
    for day, sold in enumerate(days_of_a):
        evenings.open()
        for n in range(sold):
            placed(evenings, f"d{day}-{n}", 9_900)
            evenings.paid(f"d{day}-{n}", 9_900)
        if day == 3:
            evenings.ok("product.shelf", product_id="a", on=False)
        evenings.close()
        evenings.wait(DAY - evenings.now.timestamp() % DAY + 12 * 3600)
    found = tiles(page(evenings))
    assert found["out_of_stock_rate"].value == 2 / 7, "of four days of b and three of a, two"
    assert found["unsold_rate"].value == 1.0, "a sold, but is on the shelf no more"


def test_what_is_scarce_says_how_scarce(evenings: Evenings) -> None:
    evenings.open()
    evenings.sale("sale-1", quantity=10, seconds=3600)

    def alarm() -> str:
        board = page(evenings).products
        assert board is not None
        return next((r.stock_alarm for r in board.rows if r.product_id == "a"), "")

    seen = []
    for n in range(9):
        placed(evenings, f"o{n}", 9_900)
        seen.append(alarm())
    assert seen == ["", "", "", "", "", "", "", "low", "very_low"]
    evenings.ok("stock.add", sku_id="a", by=-(100_000 - 10))
    placed(evenings, "o9", 9_900)
    assert alarm() == "out"


def test_stock_by_day_is_the_same_after_a_refill(evenings: Evenings) -> None:
    days(evenings, [1, 3, 0, 2])
    evenings.fact("order.closed", order_id="d0-0", reason="")
    before = {name: table(evenings, name) for name in ("stock_day", "sku_day", "order_day")}
    assert all(before.values())
    refill.refill(evenings.store)
    assert {name: table(evenings, name) for name in before} == before


def test_a_word_that_moved_stock_and_went_by_would_be_seen(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: what was added stands in no day."""
    monkeypatch.setattr(books, "KEPT", books.KEPT - {"stock.added"})
    monkeypatch.setattr(core, "KEPT", books.KEPT)
    evenings.ok("stock.add", sku_id="a", by=-7)
    at_hand = {row[0]: row[3] for row in table(evenings, "stock_day")}
    assert at_hand["a"] != evenings.room.skus["a"].on_hand
