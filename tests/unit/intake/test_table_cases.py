"""Tables that people really have, each read as it is meant or refused with what is to be done.

The files are invented and lie outside the project; where they are not there the tests are passed over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from liveconsole.intake.products import (
    CatalogueRow,
    ProductTable,
    is_goods,
    paste_products,
    read_products,
    shops,
)
from liveconsole.intake.segment_rows import is_rundown, read_segments
from liveconsole.intake.tables import decode, read_table
from liveconsole.views.goods import Good, Goods, GoodsSku

Sold = tuple[str, int, int | None, int | None, int | None]
"""Id, price, stock, floor, list price; money in 分."""

_SHIRT: Final[list[Sold]] = [
    ("A001", 19900, 30, 15000, None),
    ("A002", 8950, 100, 6000, None),
    ("A003", 12900, 12, 9900, None),
]
_CUP: Final[list[Sold]] = [("A1", 9900, 5, None, None), ("A2", 4900, 6, None, None)]
_LIVE: Final[list[Sold]] = [("A1", 9900, 5, None, 19900), ("A2", 14900, 5, None, 29900)]

READ: Final[dict[str, list[Sold]]] = {
    "apos.csv": [
        ("6901234567890123456", 9900, 5, None, None),
        ("6901234567890123457", 4900, 6, None, None),
    ],
    "backslash.xlsx": _SHIRT,
    "base.xlsx": _SHIRT,
    "capital_sst.xlsx": _SHIRT,
    "cr_only.csv": _CUP,
    "floatids.csv": [("1001", 9900, 5, None, None)],
    "floor_formula.xlsx": [],
    "floor_na.xlsx": [],
    "formula_nocache.xlsx": [],
    "guide_first.xlsx": [("G1", 9900, 5, 5000, None), ("G2", 4900, 6, 3000, None)],
    "hdr_notes.xlsx": [("G1", 9900, 5, 5000, None)],
    "hidden_col.xlsx": _LIVE,
    "hidden_rows.xlsx": [(f"B{n:03}", 1000 + 100 * n, 5, 800, None) for n in range(1, 13)],
    "html.xls": [("0012345", 9900, 5, None, None)],
    "html_as.csv": [("0012345", 9900, 5, None, None)],
    "ids_again.csv": [
        ("1001", 8900, 5, None, None),
        ("1002", 4500, 6, None, None),
        ("6901234567890123456", 5500, 6, None, None),
        ("AB-1", 8000, 6, None, None),
        ("AB-2", 1800, 6, None, None),
    ],
    "ids_again2.csv": [("AB-1", 8000, 6, None, None)],
    "ids_first.csv": [
        ("1001", 9900, 5, 5000, None),
        ("1002", 4900, 6, 3000, None),
        ("6901234567890123456", 5900, 6, 3000, None),
        ("AB-1", 8900, 6, 6000, None),
        ("ab-2", 1900, 6, 1000, None),
    ],
    "lead0.csv": [("06932169358293", 9900, 5, None, None)],
    "merged_v.xlsx": [("C1", 9900, 26, None, None), ("C2", 3900, 9, None, None)],
    "newline.csv": _CUP,
    "nul_tail.csv": _CUP,
    "old.xls": _SHIRT,
    "phonetic.xlsx": _SHIRT,
    "prefix_x.xlsx": _SHIRT,
    "prices.xlsx": [
        ("1001", 9900, 1200, None, None),
        ("1002", 129900, 30, None, None),
        ("1009", 5900, 5, None, None),
        ("1017", 129900, 5, None, None),
    ],
    "rainbow.csv": [*_CUP, ("A3", 2900, 6, None, None)],
    "sep_comma.csv": _CUP,
    "sep_semi.csv": _CUP,
    "shoumai_5.csv": [("7001", 9900, 50, None, 19900)],
    "stock_formula.xlsx": [],
    "strict.xlsx": _SHIRT,
    "swap_lingshou.csv": [("4001", 9900, 5, None, None)],
    "swap_shoumai.csv": [("2001", 9900, 50, None, None), ("2002", 4900, 120, None, None)],
    "swap_yikou.csv": [("3001", 9900, 50, None, None), ("3002", 14900, 120, None, None)],
    "tabids.csv": [
        ("3612345678901234567", 9900, 5, None, None),
        ("3612345678901234568", 4900, 6, None, None),
    ],
    "taobao_zl.csv": [
        ("5234567890123", 8950, 100, None, None),
        ("5234567890124", 12900, 12, None, None),
    ],
    "total_row.xlsx": [("G1", 9900, 5, 5000, None)],
    "tsv_named.xls": [("A1", 9900, 5, None, None)],
    "two_prices.xlsx": _LIVE,
    "two_row_header.xlsx": [("C1", 9900, 5, None, 19900)],
    "xml2003.xls": [("A1", 9900, 5, None, None)],
}
REFUSED: Final = {"dup_price.csv": "unsure", "orders_as_goods.csv": "orders"}
"""Files that are refused as a whole, and why."""
WRONG: Final[dict[str, dict[str, str]]] = {
    "floatids.csv": {"D3": "stock_format"},
    "floor_formula.xlsx": {"E2": "no_value", "E3": "no_value"},
    "floor_na.xlsx": {"E2": "no_value", "E3": "no_value", "C4": "no_value", "D5": "no_value"},
    "formula_nocache.xlsx": {"C2": "no_value", "E3": "no_value", "C4": "no_value"},
    "lead0.csv": {"A3": "id_scientific"},
    "old.xls": {"A5": "id_digits"},
    "stock_formula.xlsx": {"D2": "no_value"},
}
"""Cells that are to blame."""
RUNDOWNS: Final = ("run_head2.xlsx", "run_min.xlsx", "run_num.xlsx", "run_slot.xlsx")


def case(shared: Path, name: str) -> bytes:
    file = shared / "cases/tables" / name
    if not file.exists():
        pytest.skip(f"{name} is not among the shared cases")
    return file.read_bytes()


def read(shared: Path, name: str) -> ProductTable:
    return read_products(read_table(case(shared, name), name, wanted=is_goods), words=shops.load())


def sold(products: ProductTable) -> list[Sold]:
    return [
        (row.product_id, row.price_fen, row.stock, row.floor_fen, row.list_price_fen)
        for row in products.rows
        if isinstance(row, CatalogueRow)
    ]


@pytest.mark.parametrize("name", sorted(READ))
def test_a_table_is_read_as_it_is_meant(shared: Path, name: str) -> None:
    products = read(shared, name)
    assert products.refusal is None
    assert sold(products) == READ[name]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_table_is_refused_with_its_words(shared: Path, name: str) -> None:
    products = read(shared, name)
    assert products.refusal is not None
    assert products.refusal.code == REFUSED[name]
    assert products.rows == ()
    assert any(label in products.refusal.reason() for label in products.columns.labels)


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_wrong_cell_is_named(shared: Path, name: str) -> None:
    assert {bad.cell: bad.code for bad in read(shared, name).bad} == WRONG[name]


@pytest.mark.parametrize("name", [name for name in sorted({*READ, *REFUSED}) if name.endswith(".csv")])
def test_the_same_table_pasted_is_the_same(shared: Path, name: str) -> None:
    if name in ("html_as.csv", "sep_semi.csv", "nul_tail.csv"):
        pytest.skip(f"{name} is pasted from a window, not from its bytes")
    pasted = paste_products(decode(case(shared, name)), words=shops.load())
    assert sold(pasted) == READ.get(name, [])
    assert (pasted.refusal and pasted.refusal.code) == REFUSED.get(name)


def test_every_file_of_the_cases_is_expected(shared: Path) -> None:
    folder = shared / "cases/tables"
    if not folder.is_dir():
        pytest.skip("the cases are not among the shared data")
    assert {file.name for file in folder.iterdir()} == {*READ, *REFUSED, *RUNDOWNS}


def _goods(*titles: str) -> Goods:
    made = {
        f"p{n}": Good(f"p{n}", title, 9900, [GoodsSku(f"p{n}", title, 9900)])
        for n, title in enumerate(titles, 1)
    }
    return Goods(made, dict(enumerate(made, 1)))


def minutes(shared: Path, name: str) -> dict[int, float]:
    table = read_table(case(shared, name), name, wanted=is_rundown)
    found = read_segments(table, _goods("羊毛衫", "围巾"))
    return {row.line: row.segment["minutes"] for row in found.good}


def test_a_part_of_the_evening_is_a_title_and_its_rows_are_taken(shared: Path) -> None:
    table = read_table(case(shared, "run_slot.xlsx"), "run_slot.xlsx", wanted=is_rundown)
    found = read_segments(table, _goods("羊毛衫"))
    assert [(row.line, row.segment["title"], row.segment["minutes"]) for row in found.good] == [
        (4, "开场 羊毛衫", 10.0), (5, "主推 羊毛衫", 15.0),
    ]  # fmt: skip
    assert [(bad.line, bad.code) for bad in found.bad] == [(3, "cue")], "a 福袋 without a prize is no promise"


def test_lengths_are_read_as_people_write_them(shared: Path) -> None:
    eight = dict.fromkeys((2, 3, 4, 5), 8.5)
    assert minutes(shared, "run_min.xlsx") == {
        **eight, 6: 60.0, 7: 30.0, 8: 1.5, 10: 8.0, 11: 8.0, 12: 8.0, 13: 10.0, 14: 10.5, 15: 5.0,
    }  # fmt: skip


def test_a_group_of_columns_above_a_rundown_is_no_row_of_it(shared: Path) -> None:
    assert minutes(shared, "run_head2.xlsx") == {3: 5.0}


def test_numbers_of_a_rundown(shared: Path) -> None:
    assert set(minutes(shared, "run_num.xlsx")) >= {2, 3, 4, 6, 8, 9, 11, 12, 13, 15, 16}
