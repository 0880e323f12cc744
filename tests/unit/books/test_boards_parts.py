"""Parts of a board are its whole, whatever came; and one broadcast beside others at the same minute."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from liveconsole.books.boards import evenings as kept_evenings
from liveconsole.books.boards import goods, page_of, program, trend
from liveconsole.books.boards.scope import scope_of
from liveconsole.books.reading import BookReader
from liveconsole.store import goods_days, open_store
from tests.unit.books.test_boards import page, placed, tiles, values
from tests.unit.engine.evenings import Evenings


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    return Evenings(open_store(tmp_path / "data", room_id="room"))


def anything(evenings: Evenings, dice: random.Random) -> None:
    """Thirty orders in half an hour, told in any order: of several goods, of goods that nobody knows, gifts,
    odd amounts, paid in parts, for more or less than their lines, given back in part, closed."""
    facts: list[dict[str, Any]] = []
    for n in range(30):
        lines: list[dict[str, Any]] = [
            {"sku_id": dice.choice("abcx"), "quantity": dice.randint(1, 3), "unit_price_fen": dice.choice(
                [0, 1, 333, 9_999, dice.randrange(30_000)])}
            for _ in range(dice.choice([0, 1, 1, 1, 2, 3, 4]))
        ]  # fmt: skip
        total = sum(line["quantity"] * line["unit_price_fen"] for line in lines)
        placed_: dict[str, Any] = {
            "order_id": f"o{n}",
            "buyer": {"id": f"v{n % 5}", "name": "小红"},
            "lines": lines,
            "total_fen": max(0, total - dice.choice([0, 0, 7, 1_001])),
        }
        if scene := dice.choice(["live", "window", "article", ""]):
            placed_["scene"] = scene
        mine = [("order.placed", placed_)]
        if dice.random() < 0.8:
            mine.append(
                ("order.paid", {"order_id": f"o{n}", "paid_fen": dice.choice([total, total // 3, 1])})
            )
        if dice.random() < 0.3:
            mine.append(("order.refunded", {"order_id": f"o{n}", "refund_fen": dice.randrange(total + 2)}))
        if dice.random() < 0.15:
            mine.append(("order.closed", {"order_id": f"o{n}", "reason": ""}))
        if dice.random() < 0.3:
            dice.shuffle(mine)
        facts += [evenings.event(type_, data) for type_, data in mine]
    for start in range(0, len(facts), 4):
        evenings.post(*facts[start : start + 4])
        evenings.wait(dice.choice([0.0, 20.0, 90.0, 150.0]))


@pytest.mark.parametrize("seed", range(8))
def test_entrances_goods_and_minutes_are_the_whole_whatever_came(evenings: Evenings, seed: int) -> None:
    dice = random.Random(seed)
    evenings.open()
    evenings.wait(60)
    anything(evenings, dice)
    if dice.random() < 0.5:
        evenings.close()
        evenings.wait(30)
        evenings.fact("order.paid", order_id="o3", paid_fen=12_345)
    board = page(evenings)
    whole = values(board)
    assert board.entrances is not None
    assert board.products is not None
    assert board.trend is not None
    rows, goods_rows = board.entrances.rows, board.products.rows
    assert sum(row.orders for row in rows) == whole["orders_paid"]
    assert sum(row.gmv_fen for row in rows) == whole["gmv_fen"]
    assert sum(row.gmv_fen or 0 for row in goods_rows) + (board.products.other_fen or 0) == whole["gmv_fen"]
    assert sum(board.trend.gmv_fen or ()) + (board.trend.outside_fen or 0) == whole["gmv_fen"]
    totals = evenings.room.totals
    assert (whole["gmv_fen"], whole["orders_paid"], whole["units"], whole["refund_fen"]) == (
        totals.gmv_fen,
        totals.paid,
        totals.units,
        totals.refund_fen,
    )
    shares = [row.share for row in rows if row.share is not None]
    assert not shares or sum(shares) == pytest.approx(1)


def test_a_share_that_is_cut_off_would_be_seen(evenings: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what does not divide among the lines is nobody's."""

    def cut(fen: int, weights: list[int]) -> list[int]:
        return [fen * weight // max(1, sum(weights)) for weight in weights]

    monkeypatch.setattr(goods_days, "spread", cut)
    evenings.open()
    anything(evenings, random.Random(0))
    board = page(evenings)
    assert board.products is not None
    told = sum(row.gmv_fen or 0 for row in board.products.rows) + (board.products.other_fen or 0)
    assert told != values(board)["gmv_fen"]


def sold(evenings: Evenings, name: str, fens: list[int], online: int, *, every: float = 300.0) -> None:
    """An order every five minutes, and so many viewers."""
    evenings.open()
    evenings.fact("room.measured", online=online, watched=10 * online, clicks=2 * online)
    for n, fen in enumerate(fens):
        placed(evenings, f"{name}-{n}", fen)
        evenings.paid(f"{name}-{n}", fen)
        evenings.wait(every - 0.6)


def next_day(evenings: Evenings, hour: int = 12) -> None:
    evenings.close()
    evenings.wait(86_400 - evenings.now.timestamp() % 86_400 + hour * 3600)


def test_a_broadcast_stands_beside_the_last_and_the_same_hour_at_its_own_minute(evenings: Evenings) -> None:
    next_hour = [("first", 1_000, 12), ("second", 3_000, 12), ("morning", 50_000, 2)]
    for name, fen, hour in next_hour:
        if evenings.room.broadcast.number:
            next_day(evenings, hour)
        sold(evenings, name, [fen] * 6, online=100 if name == "first" else 300)
    next_day(evenings)
    sold(evenings, "tonight", [4_000, 4_000], online=200)
    board = page(evenings)
    found = board.comparison
    assert found is not None
    assert (found.last_number, found.mean_of) == (3, 2), (
        "the mean is of the evenings, the last one was a morning"
    )
    figures = {row.name: row for row in found.figures}
    gmv = figures["gmv_fen"]
    assert found.minute == 10
    assert (gmv.this, gmv.last, gmv.mean) == (8_000, 100_000, 4_000), "two orders each in ten minutes"
    assert gmv.change == pytest.approx(-0.92)
    assert (figures["orders_paid"].this, figures["orders_paid"].mean) == (2, 2)
    assert (figures["online_peak"].this, figures["online_peak"].mean) == (200, 200)
    assert figures["refund_fen"].bad_when == "rises"


def test_what_is_told_late_of_the_last_broadcast_moves_the_comparison(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same reader asks three times; read once is read again only where more was told."""
    sold(evenings, "first", [1_000] * 4, online=100)
    placed(evenings, "late", 700)
    next_day(evenings)
    sold(evenings, "tonight", [1_000] * 5, online=100)
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)

    def last() -> int | float | None:
        found = page_of(reader, scope_of(reader, {})).comparison
        assert found is not None
        return found.figures[0].last

    read: list[object] = []
    reading = kept_evenings._read

    def told(*asked: Any) -> Any:
        read.append(asked)
        return reading(*asked)

    monkeypatch.setattr(kept_evenings, "_read", told)
    assert [last(), last(), len(read)] == [4_000, 4_000, 1]
    evenings.paid("late", 700)
    assert [last(), last(), len(read)] == [4_700, 4_700, 2]
    reader.close()


def test_the_first_broadcast_has_none_beside_it_and_says_so(evenings: Evenings) -> None:
    sold(evenings, "first", [1_000], online=100)
    found = page(evenings).comparison
    assert found is not None
    gmv = found.figures[0]
    assert (gmv.last, gmv.mean, gmv.change) == (None, None, None)
    assert gmv.last_why is not None
    assert gmv.last_why.code == "no_last"


def test_clicks_beyond_the_people_are_no_share_of_them(evenings: Evenings) -> None:
    sold(evenings, "first", [1_000], online=100)
    evenings.fact("room.measured", online=100, watched=1_014, clicks=3_246)
    board = page(evenings)
    assert board.funnel is not None
    clicked = next(step for step in board.funnel.steps if step.name == "clicked")
    assert (clicked.value, clicked.unit, clicked.rate) == (3_246, "count", None)
    assert clicked.rate_why is not None
    assert clicked.rate_why.code == "more_than_before"


def test_each_step_has_its_share_of_the_one_before_and_the_worst_is_named(evenings: Evenings) -> None:
    sold(evenings, "first", [1_000] * 4, online=100)
    next_day(evenings)
    evenings.open()
    evenings.fact("room.measured", online=100, watched=1_000, clicks=100)
    placed(evenings, "n1", 1_000)
    placed(evenings, "n2", 1_000)
    evenings.paid("n2", 1_000)
    board = page(evenings)
    assert board.funnel is not None
    steps = {step.name: step for step in board.funnel.steps}
    assert (steps["exposure"].value, steps["entered"].value, steps["clicked"].value) == (None, 1_000, 100)
    assert steps["entered"].rate is None
    assert steps["entered"].rate_why is not None
    assert steps["entered"].rate_why.code == "before_missing"
    assert (steps["clicked"].rate, steps["clicked"].rate_last) == (0.1, 0.2)
    assert (steps["paid"].rate, steps["paid"].rate_last) == (0.5, 1.0)
    assert (board.funnel.worst, board.funnel.worst_by) == ("paid", 0.5)
    assert tiles(board)["entry_rate"].why is not None


def test_lists_end_and_what_is_beyond_them_is_still_in_their_sums(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(goods, "GOODS_MOST", 1)
    monkeypatch.setattr(program, "LISTED_MOST", 4)
    evenings.open()
    for n in range(20):
        placed(evenings, f"o{n}", 100 + n, sku="ab"[n % 2], scene=f"s{n}" if n % 5 else "other")
        evenings.paid(f"o{n}", 100 + n)
        evenings.ok("cart.pin", product_id="ab"[n % 2])
        evenings.wait(10)
    board = page(evenings)
    assert board.entrances is not None
    assert board.products is not None
    assert board.trend is not None
    rows = board.entrances.rows
    assert (len(rows), rows[0].scene, rows[0].orders) == (12, "other", 9)
    assert len({row.scene for row in rows}) == 12
    whole = sum(100 + n for n in range(20))
    assert sum(row.gmv_fen for row in rows) == whole
    (row,) = board.products.rows
    assert (board.products.of, (row.gmv_fen or 0) + (board.products.other_fen or 0)) == (2, whole)
    assert [each.product_id for each in board.trend.segments] == ["a", "b", "a", "b"]
    assert board.trend.segments[-1].until is None, "the newest stay"


def test_what_was_paid_between_any_two_moments_is_what_is_counted(evenings: Evenings) -> None:
    """Of more moments than go into one question; some of them are those of orders."""
    dice = random.Random(3)
    evenings.open()
    anything(evenings, dice)
    evenings.close()
    with evenings.store._file.reading() as c:
        orders = list(c.exec_driver_sql("SELECT placed_at, paid_fen FROM order_row WHERE placed_at > 0"))
    first, last = min(at for at, _ in orders), max(at for at, _ in orders)
    moments = [dice.randrange(first - 9, last + 9) for _ in range(120)] + [at for at, _ in orders]
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now)
    try:
        paid = trend._PaidOverTime(reader, 1, moments)
        for _ in range(300):
            since, before = dice.choice(moments), dice.choice(moments)
            counted = sum(fen for at, fen in orders if since <= at < before)
            assert paid(since, before) == counted
        assert paid(first, last) > 0
        assert trend._PaidOverTime(reader, 1, [])(1, 1) == 0
    finally:
        reader.close()
