"""The boards of a room: what its tiles say, that parts add up, and that nobody knows what nobody told."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.books import boards
from liveconsole.books.boards import page_of, sums
from liveconsole.books.boards.scope import scope_of
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.engine import history, refill
from liveconsole.messages.boards import LEVELS, TILES, WHY, BoardPage, Tile
from liveconsole.store import open_store
from tests.unit.engine.evenings import Evenings


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    return Evenings(open_store(tmp_path / "data", room_id="room"))


def page(evenings: Evenings, **query: str) -> BoardPage:
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)
    try:
        return page_of(reader, scope_of(reader, query))
    finally:
        reader.close()


def tiles(board: BoardPage) -> dict[str, Tile]:
    return {tile.name: tile for level in (*board.levels.values(), board.more) for tile in level}


def values(board: BoardPage) -> dict[str, Any]:
    return {name: tile.value for name, tile in tiles(board).items()}


def placed(evenings: Evenings, order_id: str, fen: int, buyer: str = "", sku: str = "a", **more: Any) -> None:
    lines = [{"sku_id": sku, "quantity": 1, "unit_price_fen": fen}]
    who = {"id": buyer or f"of {order_id}", "name": "小红"}
    evenings.fact("order.placed", order_id=order_id, buyer=who, lines=lines, total_fen=fen, **more)


def evening(evenings: Evenings) -> None:
    """Forty minutes with three entrances, a sale, a refund, an unpaid order and a closed one."""
    evenings.open("秋冬专场")
    evenings.ok("cart.pin", product_id="a")
    for n in range(12):
        scene = ("live", "window", "video")[n % 3]
        placed(evenings, f"o{n}", 10_000 + 100 * n, buyer=f"v{n % 8}", sku="ab"[n % 2], scene=scene)
        evenings.fact("room.measured", online=100 + n, watched=500 + 10 * n)
        if n < 11:
            evenings.paid(f"o{n}", 10_000 + 100 * n)
        if n == 6:
            evenings.sale("sale-1", seconds=300)
        evenings.wait(200)
    placed(evenings, "o12", 500)
    evenings.fact("order.refunded", order_id="o1", refund_fen=3_300)
    evenings.fact("order.closed", order_id="o11", reason="不要了")


def test_a_broadcast_has_its_figures_by_their_formulas(evenings: Evenings) -> None:
    evening(evenings)
    found = values(page(evenings))
    gmv = sum(10_000 + 100 * n for n in range(11))
    assert found["gmv_fen"] == gmv
    assert (found["orders_placed"], found["orders_paid"], found["orders_closed"]) == (13, 11, 1)
    assert (found["orders_unpaid"], found["orders_refunded"], found["refund_fen"]) == (1, 1, 3_300)
    assert found["aov_fen"] == round(gmv / 11)
    assert (found["units"], found["units_per_order"], found["buyers"]) == (11, 1.0, 8)
    assert (found["viewers"], found["online"], found["online_peak"]) == (610, 111, 111)
    assert found["conversion"] == pytest.approx(8 / 610)
    assert (found["new_buyers"], found["repurchase_rate"]) == (8, 3 / 8)


def test_entrances_goods_and_minutes_are_the_whole(evenings: Evenings) -> None:
    evening(evenings)
    board = page(evenings)
    whole = values(board)["gmv_fen"]
    assert board.entrances is not None
    assert board.products is not None
    assert board.trend is not None
    assert sum(row.gmv_fen for row in board.entrances.rows) == whole
    assert sum(row.orders for row in board.entrances.rows) == board.entrances.orders == 11
    assert sum(row.gmv_fen or 0 for row in board.products.rows) + (board.products.other_fen or 0) == whole
    assert sum(board.trend.gmv_fen or ()) + (board.trend.outside_fen or 0) == whole
    assert [row.product_id for row in board.products.rows if row.pinned] == ["a"]
    assert [each.cue_id for each in board.trend.promotions] == ["sale-1"]


def test_what_runs_has_the_figures_that_it_has_when_it_is_over_and_after_a_refill(evenings: Evenings) -> None:
    evening(evenings)
    live = values(page(evenings))
    evenings.close()
    over = values(page(evenings))
    refill.refill(evenings.store)
    again = values(page(evenings))
    assert live.pop("online") == 111
    assert over.pop("online") is None
    assert live == over
    assert again.pop("online") is None
    assert over == again


def test_the_last_ten_minutes_stand_against_those_before(evenings: Evenings) -> None:
    evening(evenings)
    tile = tiles(page(evenings))["gmv_fen"]
    assert (tile.last, tile.before) == (11_000, 10_700 + 10_800 + 10_900)
    assert tile.change == pytest.approx((11_000 - 32_400) / 32_400)


def test_what_went_back_stands_in_the_minutes_in_which_it_went_back(evenings: Evenings) -> None:
    evening(evenings)
    evenings.wait(500)
    evenings.fact("order.refunded", order_id="o1", refund_fen=4_000)
    evenings.fact("order.refunded", order_id="o2", refund_fen=1_000, refund_id="r1")
    evenings.wait(580)
    evenings.fact("order.refunded", order_id="o2", refund_fen=200, refund_id="r2")
    tile = tiles(page(evenings))["refund_fen"]
    assert (tile.value, tile.beside) == (5_200, 2)
    assert (tile.last, tile.before) == (1_900, 3_300), "of a running total only what it rose by"


def test_what_nobody_told_has_no_figure_and_says_why(evenings: Evenings) -> None:
    evenings.ok("room.set", platform="manual")
    evenings.open()
    board = page(evenings)
    found = tiles(board)
    assert [tile.name for level in LEVELS for tile in board.levels[level]] == [
        name for level in LEVELS for name in TILES[level]
    ]
    for name, tile in found.items():
        assert tile.value is None, name
        assert tile.why is not None, name
        assert tile.why.code in WHY, tile
    assert found["gmv_fen"].why == found["buyers"].why
    assert board.entrances is not None
    assert (board.entrances.rows, board.entrances.orders) == ([], None)


def test_what_clips_brought_and_sold_is_typed_and_unknown_until_all_of_it_is(evenings: Evenings) -> None:
    evening(evenings)
    found = tiles(page(evenings))
    assert [found[name].value for name in ("clip_share", "clip_roi")] == [None, None]
    assert [found[name].typed for name in ("clip_share", "clip_roi")] == ["clip_viewers", "clip_cost_fen"]
    assert [found[name].reference for name in ("clip_share", "clip_roi")] == [0.3, 5]
    evenings.ok("board.type", "assistant", name="clip_viewers", value=183)
    evenings.ok("board.type", "assistant", name="clip_cost_fen", value=20_000)
    found = tiles(page(evenings))
    assert found["clip_share"].value == pytest.approx(183 / 610)
    assert (found["clip_roi"].value, found["clip_roi"].typed) == (None, "clip_gmv_fen")
    evenings.ok("board.type", "assistant", name="clip_gmv_fen", value=110_000)
    found = tiles(page(evenings))
    assert (found["clip_roi"].value, found["clip_roi"].source) == (5.5, "typed")
    evenings.ok("board.type", "assistant", name="clip_cost_fen", value=0)
    assert tiles(page(evenings))["clip_roi"].value is None, "what costs nothing has no return for each yuan"


def test_what_a_person_typed_stands_with_its_source_until_it_is_typed_again(evenings: Evenings) -> None:
    evening(evenings)
    for value in (90_000, 100_000):
        evenings.ok("board.type", "assistant", name="exposure", value=value)
    found = tiles(page(evenings))
    assert (found["exposure"].value, found["exposure"].source) == (100_000, "typed")
    assert found["exposure"].at == evenings.now
    assert found["exposure_to_paid"].value == pytest.approx(11 / 100_000)
    assert found["entry_rate"].value == pytest.approx(610 / 100_000)
    assert found["entry_rate"].source == "typed"
    evenings.ok("board.type", "assistant", name="cost_fen", value=40_000)
    assert tiles(page(evenings))["cpa_fen"].value == 5_000, "of eight first orders"
    evenings.ok("board.type", "assistant", name="exposure", value=None)
    again = tiles(page(evenings))["exposure"]
    assert (again.value, again.typed) == (None, "exposure")
    evenings.fact("room.measured", impressions=70_000)
    evenings.ok("board.type", "assistant", name="exposure", value=5)
    assert tiles(page(evenings))["exposure"].source == "audience", "what the platform tells stands before it"


def test_days_have_both_ends_and_the_day_of_china(evenings: Evenings) -> None:
    evening(evenings)  # at 20:00 in China on 1 June
    board = page(evenings, **{"from": "2026-06-01", "to": "2026-06-01"})
    assert values(board)["orders_placed"] == 13
    assert values(page(evenings, **{"from": "2026-06-02", "to": "2026-06-03"}))["orders_placed"] is None
    assert values(page(evenings, **{"from": "2026-05-01", "to": "2026-05-31"}))["gmv_fen"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"broadcast": "9"}, "broadcast"),
        ({"broadcast": "x"}, "broadcast"),
        ({"from": "2026-06-31"}, "from"),
        ({"to": "2026-06-01"}, "from"),
        ({"from": "2026-06-02", "to": "2026-06-01"}, "to"),
        ({"from": "2026-06-02", "broadcast": "1"}, "broadcast"),
    ],
)
def test_a_query_that_says_nothing_names_what_is_wrong(
    evenings: Evenings, query: dict[str, str], field: str
) -> None:
    evenings.open()
    with pytest.raises(BadQuery) as told:
        page(evenings, **query)
    assert told.value.field == field


def test_the_answer_is_json_that_reads_back(evenings: Evenings) -> None:
    evening(evenings)
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)
    told = boards.answer(reader, {"broadcast": "1"})
    reader.close()
    assert values(msgspec.json.decode(told, type=BoardPage)) == values(page(evenings))


def switched(evenings: Evenings, more_fen: int, blocks: int = 12) -> None:
    """A test in blocks of five minutes, an order each: dearer by so much where it is on."""
    order = evenings.ok("switchback.plan", name="福袋", minutes=5, blocks=blocks)["blocks"]
    for n, on in enumerate(order):
        evenings.wait(120)
        fen = 10_000 + 500 * n + 37 * (n % 3) + more_fen * on
        placed(evenings, f"s{n}-{more_fen}", fen)
        evenings.paid(f"s{n}-{more_fen}", fen)
        evenings.wait(300 - 120 - 0.6)


@pytest.mark.parametrize(("more_fen", "verdict"), [(8_000, "more"), (-8_000, "less"), (0, "open")])
def test_a_test_of_blocks_says_what_was_planted_and_nothing_where_nothing_was(
    evenings: Evenings, more_fen: int, verdict: str
) -> None:
    """The evening rises all the time, by 500 分 a block: chance within pairs keeps that out of it."""
    evenings.open()
    switched(evenings, more_fen)
    evenings.wait(60)
    (found,) = page(evenings).switchbacks
    assert (found.on_blocks, found.off_blocks, found.unit) == (6, 6, "fen_per_minute")
    assert found.verdict == verdict
    assert found.low is not None
    assert found.high is not None
    assert found.low < more_fen / 5 < found.high


def test_before_there_are_enough_blocks_there_is_no_verdict(evenings: Evenings) -> None:
    evenings.open()
    switched(evenings, 8_000, blocks=8)
    (found,) = page(evenings).switchbacks
    assert (found.difference, found.verdict) == (None, "")
    assert found.why is not None
    assert (found.why.code, found.why.params) == ("too_few", {"n": 4, "of": 5})
    assert found.now is None


def test_a_test_that_was_dropped_keeps_the_blocks_that_were_over(evenings: Evenings) -> None:
    evenings.open()
    plan_id = evenings.ok("switchback.plan", name="福袋", minutes=5, blocks=12)["plan_id"]
    evenings.wait(11 * 60)
    evenings.ok("switchback.drop", plan_id=plan_id)
    evenings.wait(30 * 60)
    (found,) = page(evenings).switchbacks
    assert (found.on_blocks, found.off_blocks, found.now) == (1, 1, None)


def test_minutes_of_the_rundown_stand_beside_their_goal(evenings: Evenings) -> None:
    segments = [
        {"segment_id": "s1", "title": "讲解", "tag": "explain"},
        {"segment_id": "s2", "title": "证言", "tag": "proof"},
    ]
    evenings.ok("rundown.put", segments=segments)
    evenings.open()
    for minutes in (6, 10):
        evenings.ok("go.next")
        evenings.wait(minutes * 60)
    found = {row.kind: (row.minutes, row.goal) for row in page(evenings).mix}
    assert found == {"explain": (6.0, 3), "proof": (10.0, 5), "benefit": (0.0, 2)}


def test_a_broadcast_and_the_days_that_hold_it_have_the_same_figures(evenings: Evenings) -> None:
    evening(evenings)
    evenings.close()
    names = ("gmv_fen", "orders_placed", "orders_paid", "refund_fen", "aov_fen", "buyers", "units",
             "orders_closed", "orders_unpaid", "orders_refunded", "new_buyers",
             "repurchase_rate")  # fmt: skip
    one, days = values(page(evenings)), values(page(evenings, **{"from": "2026-06-01", "to": "2026-06-01"}))
    assert {name: one[name] for name in names} == {name: days[name] for name in names}


def test_buyers_of_many_orders_are_those_of_few(evenings: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of counting come to the same, of a day with buyers of before and of the first day."""
    evening(evenings)
    evenings.close()
    evenings.wait(86_400)
    evenings.open()
    for n in range(4):
        placed(evenings, f"n{n}", 9_900, buyer=f"v{n + 6}")
        evenings.paid(f"n{n}", 9_900)
    evenings.paid("nobody told it placed", 9_900)
    days: list[dict[str, str]] = [
        {"from": "2026-06-02", "to": "2026-06-02"},
        {"from": "2026-06-01", "to": "2026-06-01"},
        {"broadcast": "2"},
        {"broadcast": "1"},
    ]
    names = ("buyers", "new_buyers", "repurchase_rate")
    few = [[values(page(evenings, **day))[name] for name in names] for day in days]
    assert few == 2 * [[4, 2, 2 / 4], [8, 8, 3 / 8]]
    monkeypatch.setattr(sums, "_ONE_BY_ONE", 0)
    assert [[values(page(evenings, **day))[name] for name in names] for day in days] == few


def test_what_comes_after_the_orders_has_its_rates(evenings: Evenings) -> None:
    """Shipped by each product's own promise, returned, reviewed, solved, and won back after a complaint."""
    product = {"product_id": "b", "title": "预售", "price_fen": 19900, "floor_fen": 5000, "stock": 100}
    evenings.ok("catalogue.put", products=[{**product, "ship_hours": 240}])
    evenings.open()
    for n, sku in enumerate("aaabba"):
        placed(evenings, f"o{n}", 10_000, sku=sku, buyer=f"v{n}")
        evenings.paid(f"o{n}", 10_000)
    evenings.close()
    evenings.wait(48 * 3600)
    evenings.fact("order.shipment", order_id="o0", status="shipped")
    evenings.wait(48 * 3600)
    for order_id in ("o1", "o3"):  # o1 a day too late, o3 in its ten days
        evenings.fact("order.shipment", order_id=order_id, status="shipped")
    evenings.fact("order.refunded", order_id="o5", refund_fen=10_000)
    for order_id in ("o0", "o1", "o3"):
        evenings.fact("order.shipment", order_id=order_id, status="delivered")
    evenings.fact("review.posted", order_id="o0", product_id="a", stars=5, text="好")
    evenings.fact("review.posted", order_id="o1", product_id="a", stars=2, text="慢")
    case = {"aftersale_id": "c1", "order_id": "o1", "kind": "return"}
    evenings.fact("aftersale.updated", **case, status="asked", reason="慢")
    evenings.fact("aftersale.updated", **case, status="refunded")
    evenings.fact("aftersale.updated", aftersale_id="c2", order_id="o3", kind="refund", status="asked")
    evenings.wait(49 * 3600)
    found = tiles(page(evenings))
    assert (found["shipped_in_time_rate"].value, found["shipped_in_time_rate"].beside) == (2 / 4, 4)
    assert found["returned_rate"].value == 1 / 3
    assert found["good_review_rate"].value == 1 / 2
    assert found["solved_rate"].value == 1 / 2
    assert found["recovery_rate"].why is not None
    assert found["recovery_rate"].why.code == "no_aftersales"
    assert found["ltv_fen"].why is not None


def test_a_promotion_has_the_factor_of_the_report_and_goods_its_minutes(
    evenings: Evenings,
) -> None:
    evening(evenings)
    evenings.ok("cart.pin", product_id="b")
    evenings.wait(300)
    live = page(evenings)
    evenings.close()
    told = history.report(evenings.store, 1, simulated=False)
    over = page(evenings)
    assert over.trend is not None
    assert over.products is not None
    (promotion,) = over.trend.promotions
    assert promotion.burst is not None
    assert promotion.burst == pytest.approx(told.promotions[0].burst)
    assert (promotion.at, promotion.until) == (told.promotions[0].on_air_at, told.promotions[0].ended_at)
    assert live.trend is not None
    assert live.trend.promotions == over.trend.promotions
    pinned = {row.product_id: round(row.pinned_seconds) for row in told.products if row.pins}
    assert {row.product_id: row.explained_seconds for row in over.products.rows} == pinned
    assert over.trend.gmv_fen == [minute.gmv_fen for minute in told.minutes]
    assert over.trend.online == [minute.online for minute in told.minutes]
    assert over.trend.outside_fen == told.outside.gmv_fen


def test_no_person_and_no_endless_title_stands_in_an_answer(evenings: Evenings) -> None:
    product = {"product_id": "long", "title": "长" * 400, "price_fen": 19900, "floor_fen": 5000, "stock": 9}
    evenings.ok("catalogue.put", products=[product])
    evening(evenings)
    placed(evenings, "x", 19_900, sku="long")
    reader = BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now, seconds=5)
    told = boards.answer(reader, {}).decode()
    pids = [row[0] for row in reader.rows("SELECT DISTINCT buyer FROM order_row")]
    reader.close()
    assert "小红" not in told
    assert not [pid for pid in pids if pid in told]
    assert "长" * 61 not in told


@pytest.mark.parametrize("seed", range(3))
def test_goods_of_a_broadcast_are_what_its_orders_come_to_one_by_one(evenings: Evenings, seed: int) -> None:
    """Also what nobody told placed, and the last ten minutes."""
    dice = random.Random(seed)
    orders: list[tuple[int, str, int, int, list[str]]] = []
    for number in (1, 2):
        evenings.open()
        for n in range(30):
            evenings.wait(90)
            id_, fen, units = f"{number}-{n}", dice.randrange(1, 30_000), dice.randint(1, 3)
            skus = dice.choice([["a"], ["b"], ["a", "b"], []])
            lines = [{"sku_id": sku, "quantity": units, "unit_price_fen": fen} for sku in skus]
            total = fen * units * max(1, len(skus))
            if skus:
                who = {"id": f"v{n}", "name": ""}
                evenings.fact("order.placed", order_id=id_, buyer=who, lines=lines, total_fen=total)
            evenings.paid(id_, total)
            orders.append((number, id_, fen, units, skus or [""]))
        evenings.wait(90)
        evenings.close()
        evenings.wait(86_400)
    with evenings.store._file.reading() as c:
        at = dict(map(tuple, c.exec_driver_sql("SELECT order_id, placed_at FROM order_row")))
        ends = dict(map(tuple, c.exec_driver_sql("SELECT number, closed_at FROM broadcast")))
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * 5)
    for number, id_, fen, units, skus in orders:
        ago = 1_200.0 if at[id_] is None else (ends[number] - at[id_]) / 1_000_000
        for sku in skus:
            share, known = fen * units, bool(sku)
            mine = [known, units * known, share, share * (ago < 600), share * (600 <= ago < 1_200)]
            sums[number, sku] = [a + b for a, b in zip(sums[number, sku], mine, strict=True)]
    for number in (1, 2):
        board = page(evenings, broadcast=str(number)).products
        assert board is not None
        found = {
            row.product_id: [row.paid, row.units, row.gmv_fen, row.last_fen, row.before_fen]
            for row in board.rows
        }
        assert found == {sku: each for (of, sku), each in sums.items() if of == number and sku}
        assert board.other_fen == sums[number, ""][2]
        assert all((row[3] or 0) + (row[4] or 0) for row in found.values())
