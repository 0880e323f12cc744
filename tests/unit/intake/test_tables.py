"""Files as people have them are read, or refused as a whole with a reason; none of them ends the program."""

from __future__ import annotations

import datetime
import re
import struct
import zipfile
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from liveconsole.intake.tables import (
    FILE_LIMIT,
    ROWS_LIMIT,
    TableRefused,
    as_text,
    column_letters,
    read_records,
    read_table,
)
from tests.unit.intake.books import OLD_BOOK, book, rewritten

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["编号", "名称", "价格", "库存"]


def cells(content: bytes, name: str = "a.xlsx", sheet: str | None = None) -> list[list[str]]:
    return [list(line.cells) for line in read_table(content, name, sheet).lines]


def refused(content: bytes, name: str = "a.xlsx", sheet: str | None = None) -> str:
    with pytest.raises(TableRefused) as why:
        read_table(content, name, sheet)
    assert why.value.reason() != why.value.reason(english=True)
    return why.value.code


# Text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_of_spreadsheets(encoding: str, separator: str) -> None:
    rows = [HEAD, ["A1", "杯子, 大; 红|白", "59.9", "3"], ["A2", "两\n行", "9", "1"]]
    assert cells(as_text(rows, separator).encode(encoding), "a.csv") == rows


def test_an_id_that_a_program_shielded_from_the_sheet_is_the_id() -> None:
    content = b'id,name,price\n="00123",a,1\n"=""00124""",b,2\n"00125\t",c,3\n'
    assert [row[0] for row in cells(content, "a.csv")] == ["id", "00123", "00124", "00125"]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    table = read_table(b'id,name\n\n1,"a\nb"\n,\n2,c\n', "a.csv")
    assert [(line.number, list(line.cells)) for line in table.lines] == [
        (1, ["id", "name"]), (3, ["1", "a\nb"]), (5, ["2", "c"]),
    ]  # fmt: skip


def test_a_quotation_mark_that_is_never_closed_costs_its_row() -> None:
    table = read_table(('id,name\n1,"a\n' + "2,b\n" * 40).encode(), "a.csv")
    assert [line.open_quote for line in table.lines] == [False, True] + [False] * 40


@given(st.lists(st.lists(st.text(), min_size=2, max_size=5).filter(any), max_size=6))
@example([['="1"', 'a"b'], ["\u2028x", "y\x0bz"]])
def test_rows_survive_being_written_as_text(rows: list[list[str]]) -> None:
    told = [[" ".join(cell.replace("\0", "").split()) for cell in row] for row in rows]
    told = [[cell.removeprefix("\ufeff").strip().lstrip("=") for cell in row] for row in told]
    told = [row for row in told if any(cell.strip('"') for cell in row)]
    back = [list(line.cells) for line in read_records(as_text(told), ",")]
    assert back == told


# Workbooks --------------------------------------------------------------------------------------------


def test_cells_are_what_the_sheet_shows_and_odd_ones_are_marked() -> None:
    def more(made: Any) -> None:
        sheet = made.get_worksheet_by_name("商品")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, [20240001, "x\ny", 59.9, 128])
        sheet.write_row(2, 0, [6_901_234_567_890_123_456, "丢了尾数", 0.1 + 0.2, True])
        sheet.write_datetime(3, 0, datetime.date(2024, 3, 15), made.add_format({"num_format": "m-d"}))
        sheet.write_formula(4, 2, "=199*0.9", None, 179.10000000000002)
        sheet.write_formula(4, 0, '="A"&5', None, "A5")

    table = read_table(book({"空": [], "商品": []}, more), "a.xlsx")
    assert (table.sheet, table.sheets) == ("商品", ["商品"])
    assert [list(line.cells) for line in table.lines] == [
        HEAD,
        ["20240001", "x\ny", "59.9", "128"],
        ["6901234567890123776", "丢了尾数", "0.3", "TRUE"],
        ["2024-03-15"],
        ["A5", "", "179.1"],
    ]
    assert table.lines[2].odd == {0: "digits", 2: "number", 3: "bool"}
    assert table.lines[3].odd == {0: "date"}


def test_blank_rows_titles_and_merged_cells() -> None:
    def more(made: Any) -> None:
        sheet = made.get_worksheet_by_name("s")
        sheet.merge_range(0, 0, 0, 3, "双11 选品表")
        sheet.merge_range(4, 0, 5, 0, "A1")

    table = read_table(book({"s": [[], [], HEAD, [], ["", "红", 9.9, 1], ["", "白", 19, 2]]}, more), "a.xlsx")
    assert [(line.number, list(line.cells)) for line in table.lines] == [
        (1, ["双11 选品表"]), (3, HEAD), (5, ["A1", "红", "9.9", "1"]), (6, ["A1", "白", "19", "2"]),
    ]  # fmt: skip


def test_a_sheet_can_be_chosen_and_hidden_ones_are_passed_over() -> None:
    def more(made: Any) -> None:
        made.get_worksheet_by_name("旧").hide()
        made.get_worksheet_by_name("新").activate()

    content = book({"旧": [["old"]], "新": [["new"]], "另": [["other"]]}, more)
    assert cells(content) == [["new"]]
    assert read_table(content, "a").sheets == ["新", "另"]
    assert cells(content, sheet="另") == [["other"]]
    assert refused(content, sheet="没有") == "sheet"


def test_an_old_workbook_is_read() -> None:
    assert cells(OLD_BOOK, "a.xls") == [HEAD, ["A1", "保温杯", "59.9", "3"]]
    assert cells(OLD_BOOK, "a.et") == cells(OLD_BOOK, "wrong name.csv")


def test_a_text_or_a_page_under_the_name_of_a_workbook_says_what_to_do() -> None:
    assert refused(b"<html><table>", "a.xls") == "empty"
    assert refused(b"\x01\x02id,name", "a.xls") == "old"
    assert refused(b"id,name", "a.xlsx") == "broken"
    assert refused(b"\x00\x01\x02", "a.dat") == "format"
    assert refused(b" \n", "a.csv") == "empty"
    assert refused(b",,\n,\n", "a.csv") == "empty"
    assert refused(book({"s": []})) == "empty"


# What would be too much ---------------------------------------------------------------------------------


def test_too_many_rows_and_too_large_a_file() -> None:
    assert refused(b"x" * (FILE_LIMIT + 1), "a.csv") == "large"
    assert len(read_table(b"1,a\n" * ROWS_LIMIT, "a.csv").lines) == ROWS_LIMIT
    assert refused(b"1,a\n" * (ROWS_LIMIT + 1), "a.csv") == "rows"
    assert refused(book({"s": [[n] for n in range(ROWS_LIMIT + 1)]})) == "rows"


def test_two_cells_in_far_corners_do_not_end_the_program() -> None:
    far = book({"s": [["a"]]}, lambda made: made.get_worksheet_by_name("s").write(1048575, 16383, "b"))
    assert refused(far) == "area"
    many = b"<c><v>1</v></c>" * 16384
    without_places = rewritten(far, SHEET, lambda part: re.sub(rb'<c r="XFD1048576".*?</c>', many, part))
    assert refused(without_places) == "area"


def test_cells_without_a_place_follow_each_other() -> None:
    content = rewritten(_WHOLE, SHEET, lambda part: re.sub(rb' r="[A-Z]*\d+"', b"", part))
    assert cells(content) == [HEAD, ["A1", "杯子", "59.9", "3"]]


def test_a_whole_column_that_is_only_coloured_is_no_far_cell() -> None:
    def more(made: Any) -> None:
        sheet, colour = made.get_worksheet_by_name("s"), made.add_format({"bg_color": "#ff0000"})
        sheet.write_blank(1048575, 16383, None, colour)

    assert cells(book({"s": [["a"]]}, more)) == [["a"]]


def test_a_small_file_that_unpacks_to_a_huge_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveconsole.intake.tables.zipped.UNPACKED_LIMIT", 1_000_000)
    bomb = rewritten(book({"s": [["MARK"]]}), "xl/sharedStrings.xml",
                     lambda part: part.replace(b"MARK", b"A" * 3_000_000))  # fmt: skip
    assert len(bomb) < 20_000
    assert refused(bomb) == "unpacked"
    with zipfile.ZipFile(BytesIO(bomb)) as packed:
        about = packed.getinfo("xl/sharedStrings.xml")
    sizes = struct.pack("<III", about.CRC, about.compress_size, about.file_size)
    assert bomb.count(sizes) == 2
    lies = bomb.replace(sizes, struct.pack("<III", about.CRC, about.compress_size, 1000))
    assert refused(lies) == "broken"


def test_pictures_in_a_workbook_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveconsole.intake.tables.zipped.UNPACKED_LIMIT", 100_000)
    content = BytesIO(book({"s": [["a"]]}))
    with zipfile.ZipFile(content, "a") as packed:
        packed.writestr("xl/media/image1.png", b"\x89PNG" * 100_000)
    assert cells(content.getvalue()) == [["a"]]


@pytest.mark.parametrize("at", range(0, 100, 7))
def test_half_a_file_is_refused(at: int) -> None:
    whole = book({"s": [HEAD] * 20})
    assert refused(whole[: len(whole) * at // 100] or b"PK") == "broken"
    assert refused(OLD_BOOK[: 600 + len(OLD_BOOK) * at // 200], "a.xls") == "old"


def test_a_locked_workbook_says_so() -> None:
    locked = OLD_BOOK + "EncryptedPackage".encode("utf-16-le")
    assert refused(locked) == "password"


def _sector_table(content: bytes) -> int:
    first: int = struct.unpack_from("<I", content, 76)[0]
    return 512 * (first + 1)


def test_a_chain_of_sectors_that_bites_its_tail_ends() -> None:
    broken = bytearray(OLD_BOOK)
    (directory,) = struct.unpack_from("<I", broken, 48)
    struct.pack_into("<I", broken, _sector_table(OLD_BOOK) + 4 * directory, directory)
    assert refused(bytes(broken), "a.xls") == "old"


def test_an_old_sheet_with_a_far_cell_or_a_wild_extent_is_refused() -> None:
    number = OLD_BOOK.index(struct.pack("<HHHH", 0x00FD, 10, 1, 1))  # the name
    far = OLD_BOOK[: number + 4] + struct.pack("<HH", 65535, 65535) + OLD_BOOK[number + 8 :]
    assert refused(far, "a.xls") == "area"
    extent = OLD_BOOK.index(struct.pack("<HHI", 0x0200, 14, 0))
    wild = OLD_BOOK[: extent + 8] + b"\xff\xff\xff\x7f" + OLD_BOOK[extent + 12 :]
    assert refused(wild, "a.xls") == "old"


@given(st.binary(max_size=40), st.integers(0, len(OLD_BOOK) - 1))
def test_no_byte_of_a_workbook_makes_the_reader_fail(patch: bytes, at: int) -> None:
    for content in (OLD_BOOK, _WHOLE):
        place = at % len(content)
        try:
            read_table(content[:place] + patch + content[place + len(patch) :], "a.xlsx")
        except TableRefused:
            continue


_WHOLE = book({"商品": [HEAD, ["A1", "杯子", 59.9, 3]]})


def test_columns_have_the_names_of_spreadsheets() -> None:
    assert [column_letters(place) for place in (0, 25, 26, 701, 702, 16383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
