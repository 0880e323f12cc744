"""Files that are workbooks in another way, and what is done to end the program with them."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.intake.tables import TableRefused, TableRow, read_table
from tests.goals import within
from tests.unit.intake.books import (
    binary_book,
    binary_record,
    binary_row,
    book,
    open_book,
    open_cell,
    open_row,
    rewritten,
    zipped,
)

HEAD: list[Any] = ["编号", "名称", "价格", "库存", "底价"]
CUP: list[Any] = ["A1", "杯", 99.5, 5.0, 50.0]
SHEET = "xl/worksheets/sheet1.xml"
EMPTY_ROWS = (
    '<table:table-row table:number-rows-repeated="1048570">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def lines(content: bytes, name: str) -> list[TableRow]:
    return list(read_table(content, name).lines)


def cells(content: bytes, name: str) -> list[list[str]]:
    return [list(line.cells) for line in lines(content, name)]


def refused(content: bytes, name: str) -> str:
    with pytest.raises(TableRefused) as why:
        read_table(content, name)
    return why.value.code


# .ods -------------------------------------------------------------------------------------------------


def test_an_ods_is_read_with_its_hidden_rows_and_cells_without_a_value() -> None:
    formula = '<table:table-cell table:formula="of:=[.C3]*0.6"/>'
    wrong = (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    )
    row = open_cell("A2") + open_cell("碗") + open_cell(49.0) + open_cell(6.0)
    body = open_row(HEAD) + open_row(CUP, 'table:visibility="filter"')
    body += (
        f"<table:table-row>{row}{formula}</table:table-row><table:table-row>{row}{wrong}</table:table-row>"
    )
    found = lines(open_book(body + EMPTY_ROWS), "a.ods")
    assert [list(line.cells) for line in found] == [
        HEAD, ["A1", "杯", "99.5", "5", "50"],
        ["A2", "碗", "49", "6", "=[.C3]*0.6"], ["A2", "碗", "49", "6", "#N/A"],
    ]  # fmt: skip
    assert [line.hidden for line in found] == [False, True, False, False]
    assert [line.odd.get(4) for line in found] == [None, "number", "error", "error"]
    assert read_table(open_book(body), "wrong name.csv").sheet == "商品"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            '<table:table-row table:number-rows-repeated="1000000">'
            '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" '
            'office:value="1"/></table:table-row>',
            "area",
        ),
        (
            f'<table:table-row table:number-rows-repeated="&#49;0">{open_cell(1.0)}</table:table-row>',
            "broken",
        ),
        (
            ('<table:table-row><table:table-cell table:number-columns-repeated="16384"/>' + open_cell(1.0))
            * 300,
            "area",
        ),
        ('<table:table-row table:style-name="x', "broken"),
    ],
)
def test_an_ods_that_says_a_cell_stands_a_billion_times(body: str, code: str) -> None:
    started = time.monotonic()
    assert refused(open_book(body), "a.ods") == code
    within(time.monotonic() - started, 10)


# .xlsb ------------------------------------------------------------------------------------------------


def test_an_xlsb_is_read_with_its_hidden_rows_and_errors() -> None:
    rows = binary_row(0, HEAD) + binary_row(1, CUP, hidden=True) + binary_row(2, [*CUP[:4], b"\x17"])
    found = lines(binary_book(rows), "a.xlsb")
    assert [list(line.cells) for line in found] == [
        HEAD, ["A1", "杯", "99.5", "5", "50"], ["A1", "杯", "99.5", "5", "#REF!"],
    ]  # fmt: skip
    assert [line.hidden for line in found] == [False, True, False]
    assert found[2].odd[4] == "error"


def test_an_xlsb_with_a_far_cell_or_wild_counts_is_refused() -> None:
    far = binary_row(0, ["a"]) + binary_row(1_000_000, [])
    far += binary_record(5, struct.pack("<IId", 16_000, 0, 1.0))
    assert refused(binary_book(far), "a.xlsb") == "area"
    texts = binary_record(159, struct.pack("<II", 1, 0x7FFFFFFF))
    assert refused(binary_book(binary_row(0, ["a"]), texts=texts), "a.xlsb") == "broken"
    assert refused(binary_book(binary_record(0, struct.pack("<I", 2**31) + bytes(20))), "a.xlsb") == "broken"


@given(st.binary(max_size=30), st.integers(0, 4_000))
def test_no_byte_of_the_other_kinds_makes_the_reader_fail(patch: bytes, at: int) -> None:
    for whole in (_ROWS, _BODY.encode()):
        place = at % len(whole)
        broken = whole[:place] + patch + whole[place + len(patch) :]
        binary = whole is _ROWS
        content = binary_book(broken) if binary else open_book(broken.decode("utf-8", "ignore"))
        try:
            read_table(content, "a")
        except TableRefused:
            continue


_ROWS = binary_row(0, HEAD) + binary_row(1, CUP)
_BODY = open_row(HEAD) + open_row(CUP) + EMPTY_ROWS


# .xlsx ------------------------------------------------------------------------------------------------


def test_folders_that_are_parted_by_backslashes() -> None:
    with zipfile.ZipFile(io.BytesIO(book({"s": [HEAD, CUP]}))) as packed:
        parts = {name.replace("/", "\\"): packed.read(name) for name in packed.namelist()}
    assert cells(zipped(parts), "a.xlsx") == [HEAD, ["A1", "杯", "99.5", "5", "50"]]


@pytest.mark.parametrize("hide", ['x=">"', "x='\">'", 'x="a > b"'])
def test_a_far_cell_whose_place_stands_behind_a_mark_is_seen(hide: str) -> None:
    far = book({"s": [["a"]]}, lambda made: made.get_worksheet_by_name("s").write(1048575, 16383, 1))
    found = rewritten(far, SHEET, lambda part: part.replace(b'<c r="XFD', f'<c {hide} r="XFD'.encode()))
    assert refused(found, "a.xlsx") == "area"


@pytest.mark.parametrize("bomb", [b"<c ", b"<row ", b'<c r="', b"<c r='A1'><f>"])
def test_tags_that_never_end_do_not_keep_the_reader(bomb: bytes) -> None:
    whole = book({"s": [["a"]]})
    content = rewritten(whole, SHEET, lambda part: part.replace(b"</sheetData>", bomb * 200_000))
    started = time.monotonic()
    with pytest.raises(TableRefused):
        read_table(content, "a.xlsx")
    within(time.monotonic() - started, 20)


# Pages and XML ------------------------------------------------------------------------------------------

PAGE = (
    '<html><head><meta charset="gbk"><title>导出</title></head><body><!-- <table> --><table>'
    "<tr><th>编号</th><th>名称</th><th>价格</th><th>库存</th></tr>"
    "<tr><td rowspan=2>A1</td><td>杯<br>大 &amp; 小</td><td>99</td><td>5</td></tr>"
    '<tr style="display: none"><td>杯2</td><td>98<td>4</tr>'
    "<tr><td colspan='2'>合计</td><td>197</td></tr></table></body></html>"
)


def test_a_page_that_calls_itself_a_workbook() -> None:
    found = lines(PAGE.encode("gbk"), "a.xls")
    assert [list(line.cells) for line in found] == [
        ["编号", "名称", "价格", "库存"], ["A1", "杯\n大 & 小", "99", "5"],
        ["A1", "杯2", "98", "4"], ["合计", "", "197"],
    ]  # fmt: skip
    assert [line.hidden for line in found] == [False, False, True, False]
    assert cells(PAGE.replace("gbk", "utf-8").encode(), "a.csv")[1][1] == "杯\n大 & 小"


def test_xml_of_2003() -> None:
    def row(values: list[str], about: str = "") -> str:
        made = "".join(f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in values)
        return f"<Row {about}>{made}</Row>"

    body = row(HEAD) + row(["A1", "杯", "99", "5"], 'ss:Hidden="1"')
    body += '<Row ss:Index="6"><Cell ss:Index="2"><Data ss:Type="String">碗</Data></Cell>'
    body += '<Cell ss:Formula="=RC[-1]"/><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>'
    content = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="x"><Worksheet ss:Name="商品"><Table>{body}</Table></Worksheet></Workbook>'
    )
    found = lines(content.encode(), "a.xls")
    assert [(line.number, list(line.cells), line.hidden) for line in found] == [
        (1, HEAD, False), (2, ["A1", "杯", "99", "5"], True), (6, ["", "碗", "=RC[-1]", "#N/A"], False),
    ]  # fmt: skip
    assert found[2].odd == {2: "error", 3: "error"}


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td colspan=9999999>x",
        "<table><tr>" + "<td colspan=999>x" * 9 + "</tr>",
        "<table>" + "<tr><td rowspan=9999999 colspan=900>x</tr>" * 6_000,
        "<table>" + "<tr><td>x" * 10_001,
        "<table>" + "<!--" * 100_000,
        "<table " + "<" * 200_000,
        "<table>" + "<td " * 100_000,
        "<table>" * 50_000 + "<tr><td>x",
    ],
)
def test_a_page_that_would_be_too_much_is_refused(page: str) -> None:
    started = time.monotonic()
    assert refused(page.encode(), "a.xls") in ("area", "rows", "empty", "old")
    within(time.monotonic() - started, 20)


@given(st.text(alphabet="<>tabledrh /!-'\"=&;x12", max_size=300))
def test_no_page_makes_the_reader_fail(text: str) -> None:
    try:
        read_table(f"<table>{text}".encode(), "a.xls")
    except TableRefused:
        return


def test_a_text_under_the_name_of_a_workbook_is_read() -> None:
    text = "编号\t名称\nA1\t杯\n"
    for encoding in ("gb18030", "utf-8", "utf-16"):
        assert cells(text.encode(encoding), "a.xls") == [["编号", "名称"], ["A1", "杯"]]
