"""Rows that people paste: each is taken or given back with its reason, never guessed at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.intake.products import BadRow, CatalogueRow, parse_rows
from liveconsole.intake.tables import decode
from liveconsole.views.money import NotMoney, parse_yuan, plain_yuan


def test_tabs_commas_and_blanks_give_the_same_product() -> None:
    wanted = CatalogueRow(1, "A01", "羊绒围巾 驼色", 19900, 128, 9900)
    for text in (
        "A01\t羊绒围巾 驼色\t199\t128\t99",
        "A01,羊绒围巾 驼色,199.00,128,99",
        "A01，羊绒围巾 驼色，¥199，128件，99元",
        "A01 羊绒围巾 驼色 199 128 99",
        'A01,"羊绒围巾 驼色",199,128,99\r\n',
    ):
        assert parse_rows(text) == [wanted], text


def test_a_header_may_change_the_order_and_bring_columns_of_its_own() -> None:
    text = "商品名称,品牌,库存,直播价（元）,商品编号\n保温杯,某牌,20,59.9,B2\n"
    assert parse_rows(text) == [CatalogueRow(2, "B2", "保温杯", 5990, 20)]


def test_a_bad_row_says_why_and_leaves_its_neighbours_alone() -> None:
    text = "\n".join(
        [
            "编号,名称,价格,库存,底价",
            "A1,好的,10,5,8",
            "A2,坏价,十块,5",
            "A3,坏库存,10,5.5",
            "A4,三位小数,10.005,5",
            "A5,负的,-1,5",
            "A6,底价高,10,5,11",
            ",没编号,10,5",
            "A8,,10,5",
            "A1,又一个,10,5",
            "6.9E+12,条码,10,5",
            "A9,多了,10,5,8,7",
            'A10,"没关,10,5',
            "A11,也好,10,5,",
        ]
    )
    rows = parse_rows(text)
    assert [r.product_id for r in rows if isinstance(r, CatalogueRow)] == ["A1", "A11"]
    codes = [(r.line, r.code) for r in rows if isinstance(r, BadRow)]
    assert codes == [
        (3, "money_format"), (4, "stock_format"), (5, "money_decimals"), (6, "money_negative"),
        (7, "floor_over_price"), (8, "no_id"), (9, "no_title"), (10, "twice"), (11, "id_scientific"),
        (12, "columns"), (13, "quotes"),
    ]  # fmt: skip
    for row in rows:
        if isinstance(row, BadRow):
            assert row.reason()
            assert row.reason(english=True).isascii() or "十" in row.text


def test_a_quoted_name_may_hold_commas_quotes_and_a_line_end() -> None:
    assert parse_rows('A1,"杯子, ""大""\n白色",9.9,3') == [CatalogueRow(1, "A1", '杯子, "大"\n白色', 990, 3)]


def test_files_of_chinese_spreadsheets_are_read_in_their_encodings() -> None:
    text = "编号,名称,价格,库存\nA1,保温杯,59.9,3\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert parse_rows(decode(text.encode(encoding))) == [CatalogueRow(2, "A1", "保温杯", 5990, 3)]


@pytest.mark.parametrize("text", ["", "abc", "1e5", "NaN", "inf", "1,23", "--1", "1.", "٣", "99999999999999"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotMoney):
        parse_yuan(text)


@given(st.integers(min_value=0, max_value=10**12))
def test_fen_survive_being_written_as_yuan(fen: int) -> None:
    assert parse_yuan(plain_yuan(fen)) == fen


@pytest.mark.parametrize("nothing", [";", "；；", " ; ", ",", ", ,", "\t"])
def test_a_line_of_separators_alone_is_empty(nothing: str) -> None:
    assert parse_rows(nothing) == []
    (row,) = parse_rows(f"{nothing}\na,帽子,49,9")
    assert isinstance(row, CatalogueRow)


@given(st.text())
def test_no_paste_makes_the_parser_fail(text: str) -> None:
    for row in parse_rows(text):
        if isinstance(row, CatalogueRow):
            assert row.product_id
            assert row.price_fen >= 0
