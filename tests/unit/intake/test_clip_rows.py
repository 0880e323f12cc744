"""What short videos brought, as a table says it: of which broadcast, and why a row is not taken."""

from __future__ import annotations

from datetime import date

import pytest

from liveconsole.intake.clip_rows import REASONS, ROWS_MOST, is_clips, read_clips
from liveconsole.intake.tables import read_table

DAYS = {1: date(2026, 11, 20), 2: date(2026, 11, 21), 3: date(2026, 11, 21)}


def test_videos_of_one_broadcast_are_added_up_and_what_is_not_said_is_not_nought() -> None:
    text = (
        "日期,场次,视频,引流人数,花费,成交金额\n"
        '2026/11/20,,甲,"1,200",100.50,\n'
        ",第1场,乙,300人,¥20,\n"
        "2026年11月21日,3,丙,,,600\n"
    )
    found = read_clips(read_table(text.encode(), "a.csv"), DAYS)
    assert found.figures == {
        1: {"clip_viewers": 1_500, "clip_cost_fen": 12_050},
        3: {"clip_gmv_fen": 60_000},
    }
    assert (found.taken, found.bad) == (3, [])


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("9,,5,1,1", "broadcast"),
        ("一,,5,1,1", "broadcast"),
        (",2026-11-19,5,1,1", "none_that_day"),
        (",2026-11-21,5,1,1", "several_that_day"),
        ("1,2026-11-21,5,1,1", "other_day"),
        (",11月21日,5,1,1", "day"),
        (",2026-02-30,5,1,1", "day"),
        (",,5,1,1", "no_broadcast"),
        ("1,,,,", "nothing"),
        ("1,,1.5,1,1", "viewers"),
        ("1,,1234567890123,1,1", "viewers"),
        ("1,,5,贵,1", "cost"),
        ("1,,5,-1,1", "cost"),
        ("1,,5,1,1.234", "sold"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_nothing_of_it_counts(cells: str, code: str) -> None:
    text = f"场次,日期,人数,花费,成交\n{cells}\n2,,7,,\n"
    found = read_clips(read_table(text.encode(), "a.csv"), DAYS)
    assert [(bad.line, bad.code) for bad in found.bad] == [(2, code)]
    assert found.figures == {2: {"clip_viewers": 7}}
    assert all("{" not in found.bad[0].reason(english=english) for english in (False, True))


def test_a_table_without_its_header_is_not_guessed_at() -> None:
    table = read_table(b"1,2026-11-20,5\n", "a.csv")
    assert not is_clips(table.lines)
    assert [bad.code for bad in read_clips(table, DAYS).bad] == ["columns"]


def test_rows_have_a_bound() -> None:
    text = "场次,人数\n" + "1,1\n" * (ROWS_MOST + 1)
    found = read_clips(read_table(text.encode(), "a.csv"), DAYS)
    assert (found.taken, [bad.code for bad in found.bad]) == (ROWS_MOST, ["too_many"])
    assert found.figures == {1: {"clip_viewers": ROWS_MOST}}
    assert set(REASONS) >= {bad.code for bad in found.bad}
