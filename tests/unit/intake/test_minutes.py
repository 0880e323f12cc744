"""The same length however it is written, typed, pasted or kept in a sheet."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from liveconsole.intake.minutes import minutes_of
from liveconsole.intake.segment_rows import paste_segments, read_segments
from liveconsole.intake.tables import read_table
from tests.unit.intake.books import book
from tests.unit.intake.line_goods import GOODS
from ui.panels.rundown.writing import read_rows

EIGHT_AND_A_HALF = [
    "8.5", "8:30", "0:08:30", "00:08:30", "8分30秒", "8分钟30秒", "8 min 30 s", "8min30s", "8'30\"", "8′30″",
    "８分３０秒", "510秒", "8.5分钟", "8:30:00",
]  # fmt: skip


@pytest.mark.parametrize("said", EIGHT_AND_A_HALF)
def test_one_length_said_in_many_ways(said: str) -> None:
    assert minutes_of(said) == 8.5
    cell = f'"{said.replace(chr(34), chr(34) * 2)}"'
    (row,) = paste_segments(f"编号\t分钟\t话术\n3\t{cell}\tx", GOODS).good
    assert row.segment["minutes"] == 8.5


@pytest.mark.parametrize("said", ["8.5", "8:30", "0:08:30", "8分30秒", "8 min 30 s", "510秒", "8.5分钟"])
def test_and_in_a_line_that_is_typed(said: str) -> None:
    (row,) = read_rows(f"3 {said} 今天说面料", GOODS).good
    assert (row.segment["minutes"], row.segment["script"]) == (8.5, "今天说面料")


def test_and_in_a_sheet() -> None:
    def more(made: Any) -> None:
        sheet, shown = made.get_worksheet_by_name("s"), made.add_format({"num_format": "h:mm:ss"})
        sheet.write_datetime(1, 1, datetime.time(0, 8, 30), shown)
        sheet.write_datetime(2, 1, datetime.time(8, 30), shown)

    rows: list[list[Any]] = [
        ["编号", "分钟", "话术"],
        [3, "", "x"],
        [4, "", "x"],
        [3, "8分30秒", "x"],
        [4, 8.5, "x"],
    ]
    found = read_segments(read_table(book({"s": rows}, more), "a.xlsx"), GOODS)
    assert [row.segment["minutes"] for row in found.good] == [8.5] * 4


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("90秒", 1.5), ("1小时", 60.0), ("半小时", 30.0), ("1小时20分", 80.0), ("1h", 60.0), ("约8分钟", 8.0),
        ("20:00-20:10", 10.0), ("23:50~0:10", 20.0), ("1:20:30", 80.5), ("720", 720.0),
    ],
)  # fmt: skip
def test_other_lengths(said: str, minutes: float) -> None:
    assert minutes_of(said) == minutes


@pytest.mark.parametrize(
    "said", ["", "久", "8-10分钟", "20:00-20:00", "721", "13小时", "8:60", "秒", "8分30", "-1", "1e3"]
)
def test_what_is_no_length(said: str) -> None:
    assert minutes_of(said) is None


def test_a_part_of_the_evening() -> None:
    found = paste_segments(
        "环节\t编号\t时长\t口播\n福利\t3\t5\tx\n开场\t\t5\t大家好\n主推\t3\t5\tx\n收尾\t\t5\t", GOODS
    )
    assert [(row.segment.get("tag"), row.segment.get("title")) for row in found.good] == [
        ("benefit", None), (None, "开场"), (None, "主推"), (None, "收尾"),
    ]  # fmt: skip
    (kind,) = paste_segments("类型\t编号\t时长\n开场\t3\t5", GOODS).bad
    assert kind.code == "tag"
