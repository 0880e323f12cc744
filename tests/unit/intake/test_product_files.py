"""Catalogues from files against the catalogue that is there: new, changed, the same, or wrong and why."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.intake.products import (
    CatalogueRow,
    ProductTable,
    RowChange,
    compare,
    paste_products,
    read_products,
    refuse,
)
from liveconsole.intake.products.words import REASONS, REMARKS
from liveconsole.intake.tables import as_text, read_table
from liveconsole.messages.state import ProductState, SkuState
from liveconsole.views.money import plain_yuan
from tests.unit.domain.desk import Desk
from tests.unit.intake.books import book

RESOURCES = Path(__file__).resolve().parents[3] / "resources"


def read(rows: list[list[Any]], more: Any = lambda _book: None) -> ProductTable:
    return read_products(read_table(book({"商品": rows}, more), "a.xlsx"))


def codes(products: ProductTable) -> dict[int, str]:
    return {bad.line: bad.code for bad in products.bad}


def one(products: ProductTable) -> CatalogueRow:
    (row,) = products.good
    return row


def test_a_header_in_any_order_and_language_below_a_title() -> None:
    rows: list[list[Any]] = [
        ["双11 选品表"],
        [],
        ["品牌", "库存", "划线价", "直播价(元)", "保底价", "商品ID", "商品标题", "卖点"],
    ]
    rows += [["某牌", 20, 99, 59.9, 49, 20240001, "保温杯", "保温十二小时"]]
    products = read(rows)
    assert one(products) == CatalogueRow(4, "20240001", "保温杯", 5990, 20, 4900, 9900, "保温十二小时")
    assert [remark.code for remark in products.remarks()] == ["ignored"]
    assert "品牌" in products.remarks()[0].said()
    english = read([["Title", "Price", "Qty", "Product ID"], ["Cup", "1,299.00", "3", "B2"]])
    assert one(english) == CatalogueRow(2, "B2", "Cup", 129900, 3)


def test_a_header_that_counts_in_fen() -> None:
    products = read([["编号", "名称", "价格（分）", "库存"], ["A1", "杯", 5990, 1], ["A2", "杯", 59.9, 1]])
    assert one(products).price_fen == 5990
    assert codes(products) == {3: "money_format"}


def test_a_header_is_no_header_below_rows_of_the_table_and_is_passed_over_when_it_comes_again() -> None:
    head = ["编号", "名称", "价格", "库存"]
    products = read([head, ["A1", "杯", 1, 1], head, ["A2", "杯", 1, 1]])
    assert [row.product_id for row in products.good] == ["A1", "A2"]
    without = read([["A1", "杯", 1, 1], head, ["A2", "杯", 1, 1]])
    assert codes(without) == {2: "money_format"}


def test_what_a_sheet_makes_of_ids_and_dates() -> None:
    def more(made: Any) -> None:
        sheet, day = made.get_worksheet_by_name("商品"), made.add_format({"num_format": "m-d"})
        sheet.write_datetime(2, 0, datetime.date(2024, 3, 15), day)
        sheet.write_datetime(3, 2, datetime.date(2024, 3, 15), day)

    rows: list[list[Any]] = [
        ["编号", "名称", "价格", "库存"],
        [6_901_234_567_890_123_456, "条码", 9.9, 1],
        ["", "3-15 号", 9.9, 1],
        ["A3", "价格成了日期", "", 1],
        ["1.23457E+11", "科学计数", 9.9, 1],
        ["A5", "真假", 9.9, True],
        [123456789012, "十二位没事", 9.9, 1.0],
        ["A6", "半件", 9.9, 1.5],
    ]
    products = read(rows, more)
    assert codes(products) == {
        2: "id_digits",
        3: "date",
        4: "date",
        5: "id_scientific",
        6: "cell",
        8: "stock_format",
    }
    assert [bad.cell for bad in products.bad] == ["A2", "A3", "C4", "A5", "D6", "D8"]
    assert one(products).product_id == "123456789012"
    for bad in products.bad:
        assert bad.reason() != bad.reason(english=True)
        assert "{" not in bad.reason() + bad.reason(english=True)


def test_leading_zeros_that_were_lost_are_seen_in_the_table_and_in_the_catalogue() -> None:
    products = paste_products("00123,甲,1,1\n124,乙,1,1\nA5,丙,1,1")
    assert [[remark.code for remark in row.remarks] for row in products.good] == [[], ["zeros"], []]
    (seen, *_) = compare(paste_products("123,甲,1,1"), [_known("00123")])
    assert seen.bad is not None
    assert (seen.bad.code, seen.bad.params) == ("id_zeros", {"known": "00123"})


# SKUs -------------------------------------------------------------------------------------------------

SPECS: list[list[Any]] = [["商品编号", "名称", "规格", "尺码", "SKU编码", "价格", "库存", "底价"]]


def test_rows_of_one_product_are_its_skus() -> None:
    def more(made: Any) -> None:
        made.get_worksheet_by_name("商品").merge_range(1, 0, 2, 0, "A1")
        made.get_worksheet_by_name("商品").merge_range(1, 1, 2, 1, "围巾")

    rows = [*SPECS, ["", "", "红", "M", "", 99, 3, 59], ["", "", "红", "L", "", 109, 4, 49]]
    rows += [["A2", "手套", "均码", "", "", 19, 1, ""], ["A3", "帽", "黑", "", "H-1", 29, 2, ""]]
    scarf, gloves, hat = read(rows, more).good
    assert (scarf.price_fen, scarf.stock, scarf.floor_fen) == (9900, 7, 4900)
    assert [(sku.sku_id, sku.title, sku.price_fen) for sku in scarf.skus] == [
        ("A1/红 M", "红 M", 9900), ("A1/红 L", "红 L", 10900),
    ]  # fmt: skip
    assert gloves.skus == ()
    assert [sku.sku_id for sku in hat.skus] == ["H-1"]


def test_one_wrong_sku_leaves_out_its_product_and_no_other() -> None:
    rows = [*SPECS, ["A1", "围巾", "红", "", "", 99, 3], ["A1", "围巾", "蓝", "", "", "面议", 3]]
    rows += [
        ["A2", "手套", "红", "", "", 9, 1],
        ["A2", "手套", "红", "", "", 9, 1],
        ["A2", "手套", "蓝", "", "", 9, 1],
    ]
    rows += [
        ["A3", "帽", "", "", "S1", 9, 1],
        ["A4", "鞋", "", "", "S1", 9, 1],
        ["A5", "袜", "大", "", "", 9, 1],
    ]
    rows += [
        ["A5", "别的", "小", "", "", 9, 1],
        ["A6", "衣", "", "", "", 9, 1],
        ["A6", "衣", "", "", "", 9, 1],
    ]
    products = read(rows)
    assert [(row.product_id, len(row.skus)) for row in products.good] == [("A3", 1), ("A6", 0)]
    assert codes(products) == {
        2: "sibling", 3: "money_format", 4: "sibling", 5: "sku_twice", 6: "sibling",
        8: "sku_twice", 9: "sibling", 10: "sku_titles", 12: "twice",
    }  # fmt: skip


# Against the catalogue ------------------------------------------------------------------------------------


def _known(product_id: str, **more: Any) -> ProductState:
    return msgspec.structs.replace(
        ProductState(product_id, "杯", 9900, None, None, 5, True, 5, [_sku(product_id)]), **more
    )


def _sku(sku_id: str, title: str = "杯") -> SkuState:
    return SkuState(sku_id, title, 9900, None, 5, 0, 0, 0, 5)


def states(seen: list[RowChange]) -> list[str]:
    return [each.state for each in seen]


def test_new_changed_the_same_and_under_the_floor() -> None:
    floored = msgspec.structs.replace(_sku("A3"), floor_fen=9000)
    known = [_known("A1"), _known("A2"), _known("A3", floor_fen=9000, skus=[floored])]
    seen = compare(paste_products("A1,杯,99,5\nA2,大杯,89,6\nA3,杯,89,5\nA4,杯,1,1"), known)
    assert states(seen) == ["same", "changed", "wrong", "new"]
    assert [(c.field, c.before, c.after) for c in seen[1].changes] == [
        ("title", "杯", "大杯"), ("price_fen", 9900, 8900), ("stock", 5, 6),
    ]  # fmt: skip
    assert seen[2].bad is not None
    assert seen[2].bad.reason() == "价格 ¥89 低于现在的底价 ¥90"
    lowered = compare(paste_products("A3,杯,89,5,80"), known)
    assert states(lowered) == ["changed"], "who names a new floor has thought of it"


def test_a_table_without_skus_does_not_take_a_products_away() -> None:
    two = _known("A1", skus=[_sku("A1/红", "红"), _sku("A1/蓝", "蓝")])
    (seen,) = compare(paste_products("A1,杯,99,5"), [two])
    assert seen.bad is not None
    assert seen.bad.code == "needs_skus"
    (price,) = compare(paste_products("编号,名称,价格\nA1,杯,89"), [two])
    assert [(c.field, c.after) for c in price.changes] == [("price_fen", 8900)]
    specs = "编号,名称,规格,价格,库存\nA1,杯,红,99,5\nA1,杯,绿,99,5"
    (other,) = compare(paste_products(specs), [two])
    assert [(c.field, c.after) for c in other.changes] == [("skus", ["红", "绿"])]


def test_what_the_engine_refused_is_wrong_from_then_on() -> None:
    products = paste_products("A1,杯,99,5\nA2,杯,99,5")
    first, second = refuse(compare(products, []), "A2", "没有库存", products)
    assert (first.state, second.state) == ("new", "wrong")
    assert second.bad is not None
    assert second.bad.reason() == "引擎没有收：没有库存"


def test_what_was_read_is_what_the_rules_take_and_then_the_same() -> None:
    desk = Desk()
    rows = [*SPECS, ["B1", "围巾", "红", "", "", 99, 3, 59], ["B1", "围巾", "蓝", "", "", 109, 4, 59]]
    rows += [["B2", "手套", "均码", "", "", 19, 1, ""], ["B3", "帽", "黑", "", "H-1", 29, 2, ""]]
    products = read(rows)
    desk.ok("catalogue.put", {"products": [row.product() for row in products.good]})
    assert states(compare(products, desk.shown().catalogue.products)) == ["same"] * 3
    rows[1][5], rows[3][6] = 95, 9
    again = compare(read(rows), desk.shown().catalogue.products)
    assert states(again) == ["changed", "changed", "same"]
    put = [each.row.product(known=True) for each in again if each.row and each.state == "changed"]
    desk.ok("catalogue.put", {"products": put})
    assert states(compare(read(rows), desk.shown().catalogue.products)) == ["same"] * 3


def test_a_price_list_without_stock_leaves_the_stock_alone() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [paste_products("B1,杯,99,5").good[0].product()]})
    products = paste_products("编号,名称,价格\nB1,杯,89\nB2,碗,9")
    assert [remark.code for remark in products.remarks()] == ["no_stock"]
    known, new = products.good
    desk.ok("catalogue.put", {"products": [known.product(known=True), new.product()]})
    stocks = {p.product_id: p.stock for p in desk.shown().catalogue.products}
    assert (stocks["B1"], stocks["B2"]) == (5, 0)


def test_bad_rows_come_back_with_their_header_and_reasons_and_are_taken_when_mended() -> None:
    products = read([["名称", "编号", "价格", "库存"], ["杯,大", "A1", "面议", 3], ["碗", "A2", 9, 1]])
    text = products.to_mend(products.bad)
    assert text == "名称\t编号\t价格\t库存\t原因\n杯,大\tA1\t面议\t3\t价格不是金额：面议\n"
    mended = paste_products(text.replace("面议\t3", "59\t3"))
    assert (one(mended).product_id, one(mended).title, one(mended).price_fen) == ("A1", "杯,大", 5900)
    for english in (False, True):
        plain = paste_products("A1 杯 x 3")
        again = paste_products(plain.to_mend(plain.bad, english=english))
        assert codes(again) == {2: "money_format"}


_TEXT = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="="), min_size=1, max_size=20)


@given(st.lists(st.tuples(_TEXT, st.integers(0, 10**9), st.integers(0, 10**6)), min_size=1, max_size=9))
def test_products_survive_being_written_as_csv(made: list[tuple[str, int, int]]) -> None:
    rows = [CatalogueRow(n + 2, f"P{n}", title, fen + 1, stock) for n, (title, fen, stock) in enumerate(made)]
    written = [["编号", "名称", "价格", "库存"]]
    written += [[r.product_id, r.title, plain_yuan(r.price_fen), str(r.stock)] for r in rows]
    back = read_products(read_table(as_text(written).encode(), "a.csv"))
    assert back.rows == rows


def test_every_reason_and_remark_has_both_languages() -> None:
    for zh, en in [*REASONS.values(), *REMARKS.values()]:
        assert zh
        assert en.isascii()


def test_the_catalogue_of_a_shopping_festival_reads_well(shared: Path) -> None:
    file = shared / "data/catalogue_cosmetic_1111/snapshot_2016-11-11.csv"
    if not file.exists():
        pytest.skip("the catalogue of 2016-11-11 is not among the shared data")
    products = read_products(read_table(file.read_bytes(), file.name))
    assert (len(products.good), products.bad) == (2331, [])
    assert [remark.code for remark in products.remarks()] == ["no_stock", "ignored"]
    prices = [row.price_fen for row in products.good]
    assert min(prices) == 100
    assert Counter(states(compare(products, []))) == {"new": 2331}
