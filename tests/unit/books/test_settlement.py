"""What an evening brings, as its book tells it: facts come in as they do, the log fills the tables again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.books.answering import answer
from liveconsole.books.reading import BookReader
from liveconsole.domain.settlement import CategoryRate, Rate, SoldLine, SoldOrder, settle
from liveconsole.engine import refill
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.settlements import WHY, SettlementTold
from liveconsole.store import Store, open_store
from liveconsole.store.money_rows import TABLES
from liveconsole.store.port import straight
from liveconsole.store.rows import micros
from liveconsole.views.settlement import settlement_text
from tests.goals import within
from tests.table_rows import columns, rows_of
from tests.unit.engine.evenings import Evenings

COAT = {"product_id": "coat", "title": "大衣", "price_fen": 10_000, "stock": 1000, "category": "女装"}
CARD = {"product_id": "card", "title": "充值卡", "price_fen": 5_000, "stock": 1000, "category": "虚拟卡"}
FEES = """
name = "我的店"
checked = 2026-11-01
[payout]
low_percent = "0"
high_percent = "1"
[[category]]
zh = "服饰"
en = "Clothing"
names = ["女装"]
low_percent = "1"
high_percent = "5"
deposit_low_yuan = "500"
deposit_high_yuan = "2000"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Evenings]:
    store = open_store(tmp_path / "data", room_id="room")
    (store.folder / "seller").mkdir()
    _table(store, FEES)
    evenings = Evenings(store)
    evenings.ok("catalogue.put", products=[COAT, CARD])
    evenings.open("晚场")
    yield evenings
    store.close()


def _table(store: Store, text: str) -> None:
    (store.folder / "seller" / "fees.toml").write_text(text, "utf-8")


def _ask(evenings: Evenings, **query: str) -> SettlementTold:
    reader = BookReader(
        evenings.store.beside(), simulated=evenings.store.meta.simulated, now=lambda: evenings.now
    )
    try:
        return msgspec.json.decode(answer(reader, "settlement", query), type=SettlementTold)
    finally:
        reader.close()


def _sold(evenings: Evenings, order_id: str, sku_id: str = "coat", fen: int = 10_000, **more: Any) -> None:
    lines = [{"sku_id": sku_id, "quantity": 1, "unit_price_fen": fen}]
    who = {"id": f"buyer-{order_id}", "name": "小红"}
    evenings.fact("order.placed", order_id=order_id, buyer=who, lines=lines, total_fen=fen, **more)
    evenings.fact("order.paid", order_id=order_id, paid_fen=fen)


def test_an_evening_is_a_range_until_the_shop_has_settled(shop: Evenings) -> None:
    _sold(shop, "o1")
    told = _ask(shop)
    assert (told.broadcast, told.title, told.simulated) == (1, "晚场", False)
    assert (told.orders, told.settled, told.unpaid, told.paid_fen) == (1, 0, 0, 10_000)
    assert (told.low_fen, told.high_fen, told.why) == (9_500 - 95, 9_900, [])
    (fee,) = told.fees
    assert (fee.zh, fee.low_percent, fee.high_percent, fee.low_fen, fee.high_fen) == (
        "服饰",
        "1",
        "5",
        100,
        500,
    )
    assert (fee.deposit_low_fen, fee.deposit_high_fen) == (50_000, 200_000)
    assert (told.table, told.checked) == ("我的店", date(2026, 11, 1))
    shop.fact("order.settled", order_id="o1", settled_fen=9_700, fee_fen=300)
    told = _ask(shop)
    assert (told.low_fen, told.high_fen, told.settled) == (9_700, 9_700, 1)


def test_refunds_and_what_is_asked_back_move_the_low_end(shop: Evenings) -> None:
    _sold(shop, "o1")
    shop.fact("order.refunded", order_id="o1", refund_fen=4_000)
    told = _ask(shop)
    assert (told.refund_fen, told.high_fen) == (4_000, 5_940)
    case = {"aftersale_id": "a1", "order_id": "o1", "kind": "refund"}
    shop.fact("aftersale.updated", **case, status="asked", amount_fen=1_000)
    told = _ask(shop)
    assert (told.asked_back_fen, told.high_fen) == (1_000, 5_940)
    assert told.low_fen == 5_000 - 250 - 48
    shop.fact("aftersale.updated", **case, status="rejected")
    assert _ask(shop).asked_back_fen == 0


def test_an_order_nobody_paid_is_in_no_sum(shop: Evenings) -> None:
    lines = [{"sku_id": "coat", "quantity": 1, "unit_price_fen": 10_000}]
    shop.fact("order.placed", order_id="o1", buyer={"id": "b", "name": "b"}, lines=lines, total_fen=10_000)
    told = _ask(shop)
    assert (told.orders, told.unpaid, told.low_fen, told.high_fen) == (0, 1, 0, 0)


def test_a_category_without_a_fee_is_a_dash_with_its_name_and_never_free(shop: Evenings) -> None:
    _sold(shop, "o1")
    _sold(shop, "o2", "card", 5_000)
    _sold(shop, "o3", "a", 19_900)
    told = _ask(shop)
    assert (told.low_fen, told.high_fen) == (None, None)
    assert (told.known_low_fen, told.known_high_fen) == (9_405, 9_900)
    assert (told.unknown_orders, told.unknown_fen) == (2, 24_900)
    assert [why.code for why in told.why] == ["no_category", "unknown_category"]
    assert "虚拟卡" in told.why[1].said(english=False)
    assert "虚拟卡" in told.why[1].said(english=True)
    # The twin: the same table with a row for it, and goods that have their category, know the sum.
    _table(shop.store, FEES.replace('["女装"]', '["女装", "虚拟卡"]'))
    shop.ok("catalogue.put", products=[{"product_id": "a", "title": "羊毛衫", "price_fen": 19_900, "stock": 9,
                                        "floor_fen": 5_000, "category": "女装"}])  # fmt: skip
    told = _ask(shop)
    assert told.why == []
    assert told.high_fen == 34_900 - 349


def test_what_goes_back_after_the_shop_has_paid_opens_the_range_again(shop: Evenings) -> None:
    """A subsidy may make the shop pay more than the buyer did: that alone is nothing that went back."""
    for order_id, settled in (("o1", 9_500), ("o2", 9_500), ("o3", 10_800)):
        _sold(shop, order_id)
        shop.fact("order.settled", order_id=order_id, settled_fen=settled)
    told = _ask(shop)
    assert (told.low_fen, told.high_fen, told.settled) == (29_800, 29_800, 3)
    shop.fact("order.refunded", order_id="o1", refund_fen=300)
    told = _ask(shop)
    assert (told.low_fen, told.high_fen, told.refund_fen) == (29_500, 29_800, 300)
    shop.fact("order.refunded", order_id="o2", refund_fen=10_000)
    told = _ask(shop)
    assert (told.low_fen, told.high_fen, told.refund_fen) == (19_500, 29_800, 10_300)
    later = (shop.now + timedelta(days=1)).isoformat()
    shop.fact("order.settled", order_id="o2", settled_fen=-35, settled_at=later)
    shop.fact("order.settled", order_id="o1", settled_fen=9_210, settled_at=later)
    told = _ask(shop)
    assert (told.low_fen, told.high_fen) == (19_975, 19_975), "the shop knows of both now"


def test_goods_without_a_category_are_known_by_a_group_that_the_table_has(shop: Evenings) -> None:
    hat = {"product_id": "hat", "title": "帽子", "price_fen": 5_000, "stock": 9, "groups": ["上新", "女装"]}
    odd = {"product_id": "odd", "title": "杂货", "price_fen": 5_000, "stock": 9, "groups": ["上新", "返场"]}
    shop.ok("catalogue.put", products=[hat, odd])
    _sold(shop, "o1", "hat", 5_000)
    assert (_ask(shop).high_fen, _ask(shop).why) == (4_950, [])
    _sold(shop, "o2", "odd", 5_000)
    (why,) = _ask(shop).why
    assert (why.code, why.params) == ("unknown_category", {"names": "上新/返场"})


def test_nobody_said_what_a_payout_costs(shop: Evenings) -> None:
    _sold(shop, "o1")
    _table(shop.store, FEES[: FEES.index("[payout]")] + FEES[FEES.index("[[category]]") :])
    told = _ask(shop)
    assert ([why.code for why in told.why], told.low_fen) == (["no_payout_fee"], None)
    shop.fact("order.settled", order_id="o1", settled_fen=9_700)
    assert (_ask(shop).low_fen, _ask(shop).why) == (9_700, [])
    _table(shop.store, "[")
    told = _ask(shop)
    assert told.why[0].code == "bad_file"
    assert "fees.toml" in told.why[0].said(english=False)


def test_where_no_source_tells_of_orders_nothing_is_nought(tmp_path: Path) -> None:
    evenings = Evenings(open_store(tmp_path / "data", room_id="room"), platform="manual")
    evenings.open()
    told = _ask(evenings)
    assert (told.orders, told.paid_fen, told.low_fen, told.high_fen) == (None, None, None, None)
    assert [why.code for why in told.why] == ["no_orders_told"]
    evenings.store.close()


def test_parts_are_those_of_the_day_and_add_up_to_the_fen(shop: Evenings) -> None:
    _sold(shop, "o1", fen=10_001)
    assert _ask(shop).parts_why is not None
    host, agency = {"who": "host", "percent": "33.33"}, {"who": "agency", "percent": "33.33"}
    shop.ok("parts.put", parts=[host, agency], since="2026-06-01")
    shop.ok("parts.put", parts=[{"who": "host", "percent": "90"}], since="2026-06-02")
    told = _ask(shop)
    assert (told.parts_since, told.parts_why) == (date(2026, 6, 1), None)
    assert [(part.who, part.percent) for part in told.parts] == [
        ("host", "33.33"),
        ("agency", "33.33"),
        ("", "33.34"),
    ]
    assert sum(part.low_fen for part in told.parts) == told.low_fen
    assert sum(part.high_fen for part in told.parts) == told.high_fen
    _sold(shop, "o2", "card", 5_000)
    told = _ask(shop)
    assert (told.parts, told.parts_why and told.parts_why.code) == ([], "sum_unknown")


def test_each_broadcast_is_its_own(shop: Evenings) -> None:
    _sold(shop, "o1")
    shop.close()
    shop.wait(86_400)
    shop.open("第二场")
    assert _ask(shop).orders == 0
    assert _ask(shop, broadcast="1").orders == 1
    shop.fact("order.settled", order_id="o1", settled_fen=9_600)
    shop.fact("order.refunded", order_id="o1", refund_fen=100)
    assert (_ask(shop, broadcast="1").settled, _ask(shop, broadcast="1").high_fen) == (1, 9_600)
    with pytest.raises(NotTaken) as no:
        _ask(shop, broadcast="9")
    assert (no.value.code, no.value.detail) == ("bad_query", "broadcast")


def test_a_refill_answers_the_same_and_the_tables_hold_the_same(shop: Evenings) -> None:
    _sold(shop, "o1")
    shop.fact("order.settled", order_id="o1", settled_fen=9_600)
    shop.ok("parts.put", parts=[{"who": "host", "percent": "30"}], since="2026-06-01")
    shop.ok("product.shelf", product_id="coat", on=False)
    at = (shop.now + timedelta(days=2)).isoformat()
    shop.ok("prepare.plan", at=at, title="下一场")
    shop.ok("prepare.tick", item="video", done=True)
    before, rows = _ask(shop), _rows(shop.store)
    assert len(rows["settled_row"]) == 1
    assert {(row[1], row[4]) for row in rows["shelf_row"]} >= {("coat", 0), ("card", 1), ("a", 1)}
    assert [row[0] for row in rows["noted"]] == ["parts", "plan", "tick"]
    refill.refill(shop.store)
    assert _ask(shop) == before
    assert _rows(shop.store) == rows


def _rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store._file.reading() as c:
        return {table: [tuple(row) for row in rows_of(c, table, "ORDER BY 1, 2")] for table in TABLES}


def test_a_late_word_about_a_settlement_does_not_undo_a_newer_one(shop: Evenings) -> None:
    _sold(shop, "o1")
    later = (shop.now + timedelta(days=3)).isoformat()
    shop.fact("order.settled", order_id="o1", settled_fen=9_600, fee_fen=400, settled_at=later)
    shop.fact("order.settled", order_id="o1", settled_fen=1, settled_at=shop.now.isoformat())
    assert _ask(shop).low_fen == 9_600


def test_every_reason_is_said_in_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in WHY.values())


def test_the_reports_section_says_the_range_and_a_dash_with_why(shop: Evenings) -> None:
    _sold(shop, "o1")
    shop.ok("parts.put", parts=[{"who": "host", "percent": "30"}], since="2026-06-01")
    said = settlement_text(_ask(shop))
    assert "到手 ¥94.05 – ¥99.00" in said
    assert "服饰：技术服务费 1–5 %，¥100.00 扣 ¥1.00 – ¥5.00" in said
    assert "主播 30 %" in said
    assert "店铺 70 %" in said
    _sold(shop, "o2", "card", 5_000)
    said = settlement_text(_ask(shop))
    assert "到手 —" in said
    assert "虚拟卡" in said
    assert "¥50.00" in said
    english = settlement_text(_ask(shop), english=True)
    assert "Brings —" in english
    assert "Clothing" in english
    assert not any("一" <= letter <= "鿿" and letter not in "虚拟卡我的店" for letter in english)
    shop.close()
    shop.wait(86_400)
    shop.open("空场")
    assert "到手 ¥0.00" in settlement_text(_ask(shop)), "orders are told here, and there were none"


def test_the_section_of_a_room_without_orders_is_a_dash(tmp_path: Path) -> None:
    evenings = Evenings(open_store(tmp_path / "data", room_id="room"), platform="manual")
    evenings.open()
    said = settlement_text(_ask(evenings))
    assert "到手 —" in said
    assert "没有订单来源" in said
    assert "¥" not in said
    evenings.store.close()


def _many(shop: Evenings, count: int) -> None:
    """So many orders of two lines: most of one category, every tenth of two, half of them settled."""
    at = micros(shop.now)
    orders = (
        (f"n{n}", f"b{n % 997}", 19_800, 19_800, 500 if n % 9 == 0 else 0, at + n, at, f"{n:04}"[-4:])
        for n in range(count)
    )
    lines = (
        (f"n{n}", line, "coat" if line == 1 or n % 10 else "card", "s", 1, 9_900, None, None)
        for n in range(count)
        for line in (1, 2)
    )
    with shop.store._file.writing() as c:
        raw = straight(c)
        raw.executemany(
            "INSERT INTO order_row (order_id, status, buyer, total_fen, paid_fen, refund_fen, placed_at,"
            " paid_at, seq, broadcast, units, flags, tail) VALUES"
            " (?, 'paid', ?, ?, ?, ?, ?, ?, 0, 1, 2, 3, ?)",
            list(orders),
        )
        raw.executemany(
            f"INSERT INTO order_line ({columns('order_line')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(lines)
        )
        settled = ((f"n{n}", 18_000, None, 100, at, n) for n in range(0, count, 2))
        raw.executemany(
            f"INSERT INTO settled_row ({columns('settled_row')}) VALUES (?, ?, ?, ?, ?, ?)", list(settled)
        )


def _one_by_one(count: int) -> tuple[int, int]:
    """The same by the rule of one order, without any SQL."""
    rates = {"女装": CategoryRate("服饰", Rate(100, 500)), "虚拟卡": CategoryRate("虚拟卡", Rate(200, 200))}
    orders = [
        SoldOrder(
            19_800,
            500 if n % 9 == 0 else 0,
            [SoldLine("女装", 9_900), SoldLine("女装" if n % 10 else "虚拟卡", 9_900)],
            settled_fen=18_000 if n % 2 == 0 else None,
        )
        for n in range(count)
    ]
    found = settle(orders, rates, Rate(0, 100))
    return found.low_fen, found.high_fen


@pytest.mark.parametrize(
    "count", [600, pytest.param(100_000, marks=[pytest.mark.deep, pytest.mark.timeout(300)])]
)
def test_orders_that_are_alike_are_counted_together_and_come_to_the_same(shop: Evenings, count: int) -> None:
    _table(shop.store, FEES + '[[category]]\nzh="虚拟卡"\nen="Cards"\nlow_percent="2"\nhigh_percent="2"\n')
    _many(shop, count)
    begun = time.process_time()
    told = _ask(shop)
    took = time.process_time() - begun
    assert (told.orders, told.settled, told.why) == (count, count // 2, [])
    assert (told.low_fen, told.high_fen) == _one_by_one(count)
    assert told.commission_fen == 100 * (count // 2)
    within(took, max(0.5, count / 50_000), f"{took:.2f} s of the processor for {count:,} orders")
