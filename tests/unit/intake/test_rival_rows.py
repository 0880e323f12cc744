"""Rivals' lists as people paste them together: known by their header, row by row."""

from __future__ import annotations

import pytest

from liveconsole.intake.rival_rows import REASONS, is_rivals, read_rivals
from liveconsole.intake.tables import read_table
from liveconsole.messages.preparing import RIVAL_ROWS_LIMIT


def _read(text: str) -> list[object]:
    found = read_rivals(read_table(text.encode(), "a.csv"))
    return [*found.rows, *((bad.line, bad.code) for bad in found.bad)]


def test_columns_are_known_by_their_names_in_any_order() -> None:
    assert _read("名次,价格,店铺,商品,备注\n2,39.9,隔壁,帽子,x\n") == [
        {"shop": "隔壁", "title": "帽子", "price_fen": 3_990, "rank": 2}
    ]


@pytest.mark.parametrize(
    ("cell", "units"),
    [("1.2万", 12_000), ("３００+", 300), ('"1,200"', 1_200), ("5件", 5), ("2w", 20_000), ("7.0", 7)],
)
def test_units_are_read_as_lists_write_them(cell: str, units: int) -> None:
    (row,) = _read(f"店铺,商品,价格,销量\n隔壁,帽子,39,{cell}\n")
    assert isinstance(row, dict)
    assert row["sold"] == units


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("隔壁,帽子,便宜,1,1", "price"),
        ("隔壁,帽子,-1,1,1", "price"),
        ("隔壁,帽子,39,很多,1", "sold"),
        ("隔壁,帽子,39,1.5,1", "sold"),
        ("隔壁,帽子,39,1,第一", "rank"),
        ("隔壁,帽子,39,1,0", "rank"),
        (",帽子,39,1,1", "nothing"),
        (f"{'长' * 201},帽子,39,1,1", "long"),
    ],
)
def test_a_row_that_cannot_be_taken_has_its_reason_and_takes_no_other_along(line: str, code: str) -> None:
    good = {"shop": "对面", "title": "手套", "price_fen": 2_900, "sold": 3, "rank": 1}
    assert _read(f"店铺,商品,价格,销量,名次\n{line}\n对面,手套,29,3,1\n") == [good, (2, code)]
    assert all(REASONS[code])


def test_without_a_header_nothing_is_guessed_at() -> None:
    assert _read("隔壁,帽子,39\n") == [(1, "columns")]
    assert not is_rivals(read_table("隔壁,帽子,39\n".encode(), "a.csv").lines)
    assert is_rivals(read_table("店铺,商品,价格\n".encode(), "a.csv").lines)


def test_a_week_has_its_bound() -> None:
    rows = "".join(f"隔壁,帽子{n},39\n" for n in range(RIVAL_ROWS_LIMIT + 2))
    found = read_rivals(read_table(f"店铺,商品,价格\n{rows}".encode(), "a.csv"))
    assert (len(found.rows), [bad.code for bad in found.bad]) == (RIVAL_ROWS_LIMIT, ["too_many"] * 2)
