"""Category, licences and the promise to ship of a product, as a table says them."""

from __future__ import annotations

from datetime import date

import pytest

from liveconsole.intake.products import compare, paste_products, read_products
from liveconsole.intake.products.rows import BadRow, CatalogueRow
from liveconsole.intake.products.terms import licences_said
from liveconsole.intake.tables import read_table
from liveconsole.messages.law import Qualification
from tests.unit.domain.desk import Desk
from ui.panels.products.words import change_words

HEAD = "编号,名称,价格,库存,类目,资质,发货时限,预售发货日\n"


def one(cells: str) -> CatalogueRow | BadRow:
    (row,) = read_products(read_table((HEAD + "p1,苹果,9.9,5," + cells).encode(), "goods.csv")).rows
    return row


def said(cells: str) -> CatalogueRow:
    row = one(cells)
    assert isinstance(row, CatalogueRow), row
    return row


def test_a_table_says_what_goes_with_a_product() -> None:
    row = said("食品,food_licence JY123 2027-12-31；trademark TM 9,48小时,2026-12-20\n")
    assert row.product() == {
        "product_id": "p1",
        "title": "苹果",
        "price_fen": 990,
        "stock": 5,
        "category": "食品",
        "qualifications": [
            {"kind": "food_licence", "number": "JY123", "until": "2027-12-31"},
            {"kind": "trademark", "number": "TM 9"},
        ],
        "ship_hours": 48,
        "ships_on": "2026-12-20",
    }
    assert "category" not in said(",,,\n").product(), "what a table does not say is not put"


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("48", 48),
        ("48小时内发货", 48),
        ("３天", 72),
        ("3天内", 72),
        ("24h", 24),
        ("2 days", 48),
        ("60天", 1440),
    ],
)
def test_hours_are_read_as_shops_write_them(cell: str, hours: int) -> None:
    assert said(f",,{cell},\n").terms.ship_hours == hours


@pytest.mark.parametrize("cell", ["2026-12-20", "2026/12/20", "2026年12月20日", "2026-12-20 00:00:00"])
def test_a_day_is_read_as_sheets_write_it(cell: str) -> None:
    assert said(f",,,{cell}\n").terms.ships_on == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("cells", "code", "cell"),
    [
        (",food_licence,,\n", "licence_format", "F2"),
        (f",{'；'.join(f'k{n} {n}' for n in range(40))},,\n", "licences_many", "F2"),
        (",,很快,\n", "hours_format", "G2"),
        (",,0,\n", "hours_format", "G2"),
        (",,1441,\n", "hours_format", "G2"),
        (",,61天,\n", "hours_format", "G2"),
        (",,,节后\n", "day_format", "H2"),
        (",,,2026-02-30\n", "day_format", "H2"),
        (f"{'长' * 501},,,\n", "category_long", "E2"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_with_its_reason(cells: str, code: str, cell: str) -> None:
    row = one(cells)
    assert isinstance(row, BadRow)
    assert (row.code, row.cell) == (code, cell)
    for english in (False, True):
        assert "{" not in row.reason(english=english)


def test_skus_of_a_product_say_it_once() -> None:
    text = "编号,名称,规格,价格,库存,类目,发货时限\np1,苹果,大,9,1,,\np1,苹果,小,8,1,食品,72\n"
    (row,) = read_products(read_table(text.encode(), "goods.csv")).good
    assert (row.terms.category, row.terms.ship_hours) == ("食品", 72)


def test_what_changes_is_shown_and_a_picture_of_a_licence_stays() -> None:
    desk = Desk()
    picture = "a" * 64
    licence = {"kind": "food_licence", "number": "JY123", "image": picture}
    put = {"product_id": "p1", "title": "苹果", "price_fen": 990, "stock": 5, "qualifications": [licence]}
    desk.ok("catalogue.put", {"products": [put]})
    table = read_products(
        read_table(
            (HEAD + "p1,苹果,9.9,5,食品,food_licence JY123 2027-12-31,2天,2026-12-20\n").encode(), "a.csv"
        )
    )
    (seen,) = compare(table, desk.shown().catalogue.products)
    assert seen.state == "changed"
    assert [change_words(change) for change in seen.changes] == [
        "类目 无 → 食品",
        "发货时限 无 → 48 小时",
        "预售发货日 无 → 2026-12-20",
        "资质 food_licence JY123 → food_licence JY123 2027-12-31",
    ]
    assert seen.row is not None
    desk.ok("catalogue.put", {"products": [seen.row.product(known=True)]})
    (product,) = (each for each in desk.shown().catalogue.products if each.product_id == "p1")
    assert product.qualifications == [Qualification("food_licence", "JY123", picture, date(2027, 12, 31))]
    assert (product.category, product.ship_hours, product.ships_on) == ("食品", 48, date(2026, 12, 20))
    (again,) = compare(table, desk.shown().catalogue.products)
    assert again.state == "same", "put twice it changes nothing"
    plain = paste_products("编号,名称,价格,库存\np1,苹果,9.9,5\n")
    assert [each.state for each in compare(plain, [product])] == ["same"], "what is not said stays"


def test_licences_are_said_as_the_column_has_them() -> None:
    there = [Qualification("a", "1", until=date(2027, 1, 2)), Qualification("b", "2 3")]
    assert licences_said(there) == "a 1 2027-01-02；b 2 3"
    assert said(f",{licences_said(there)},,\n").terms.licences == tuple(there)
