"""Rundowns from files: what a sheet makes of 「1-20」, and which cell is to be mended."""

from __future__ import annotations

import datetime
from typing import Any

from liveconsole.intake.segment_rows import SegmentRow, parse_segments, paste_segments, read_segments
from liveconsole.intake.tables import read_table
from tests.unit.intake.books import book
from tests.unit.intake.line_goods import GOODS


def test_a_rundown_from_a_workbook_says_which_cell_is_wrong() -> None:
    def more(made: Any) -> None:
        sheet = made.get_worksheet_by_name("排品表")
        day = made.add_format({"num_format": "m-d"})
        sheet.write_datetime(3, 0, datetime.date(2024, 1, 20), day)  # 「1-20」, as Excel takes it
        sheet.write_datetime(4, 1, datetime.time(8, 30), made.add_format({"num_format": "h:mm"}))

    rows: list[Any] = [
        ["今晚排品"],
        ["链接号", "时长（分钟）", "话术", "促销"],
        ["3,4", 8, "先讲面料", "秒9 x5 限2 1分"],
    ]
    rows += [["", 6, "日期"], [3, "", "时间"], [3, "久", "x"], [99, 5, "x"]]
    found = read_segments(read_table(book({"排品表": rows}, more), "a.xlsx"), GOODS)
    assert [(row.line, row.segment["product_id"], row.segment["minutes"]) for row in found.good] == [
        (3, "scarf", 8.0), (3, "spirit", 8.0), (5, "scarf", 8.5),
    ]  # fmt: skip
    assert [(row.code, row.cell) for row in found.bad] == [
        ("date", "A4"),
        ("minutes", "B6"),
        ("unknown", "A7"),
    ]


def test_bad_rows_come_back_with_their_header_and_reasons_and_are_taken_when_mended() -> None:
    found = paste_segments("分钟,编号,话术\n5,3,好的\n久,4,不好", GOODS)
    text = found.to_mend()
    assert text == "分钟\t编号\t话术\t原因\n久\t4\t不好\t分钟不对：久\n"
    (mended,) = parse_segments(text.replace("久\t4", "6\t4"), GOODS)
    assert isinstance(mended, SegmentRow)
    assert (mended.segment["product_id"], mended.segment["minutes"]) == ("spirit", 6.0)
    for english in (False, True):
        plain = paste_segments("3,久", GOODS).to_mend(english=english)
        assert len(parse_segments(plain, GOODS)) == 1
