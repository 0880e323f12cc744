"""「1-20,33」 and two hundred rows out of a spreadsheet."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.intake.ranges import REASONS, numbers
from liveconsole.intake.segment_rows import BadSegment, SegmentRow, parse_segments, paste_segments
from liveconsole.views.goods import Goods, goods_of
from tests.goals import within
from tests.unit.domain.desk import Desk
from tests.unit.intake.line_goods import GOODS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("1-3,5", [1, 2, 3, 5]),
        ("１～３，５", [1, 2, 3, 5]),
        ("1 - 3、 5号; 7", [1, 2, 3, 5, 7]),
        ("第1号到第3号", [1, 2, 3]),
        ("3,1,3,2-3", [3, 1, 2]),
        ("#7 #8", [7, 8]),
    ],
)
def test_numbers(text: str, found: list[int]) -> None:
    assert numbers(text) == (found, [])


@pytest.mark.parametrize(
    ("text", "found", "code", "marked"),
    [
        ("1,x,3", [1, 3], "unread", "x"),
        ("5-2", [], "backwards", "5-2"),
        ("0-2,4", [4], "zero", "0-2"),
        ("1-5000", [], "too_many", "1-5000"),
        ("2，三", [2], "unread", "三"),
        ("1-2-3", [], "unread", "1-2-3"),
    ],
)
def test_pieces_that_are_no_numbers(text: str, found: list[int], code: str, marked: str) -> None:
    good, (bad,) = numbers(text)
    assert (good, bad.code, bad.text) == (found, code, marked)
    assert text[bad.at :].startswith(marked)
    assert bad.reason() != bad.reason(english=True)
    assert code in REASONS


@given(st.text(st.sampled_from("0123456789-~,，、 号第#x至"), max_size=30))
def test_any_text(text: str) -> None:
    found, bad = numbers(text)
    assert len(set(found)) == len(found)
    assert all(0 < n < 1_000_000 for n in found)
    assert all(piece.text in text for piece in bad)


PASTED = (
    "编号\t分钟\t话术\t促销\t类型\n"
    "3\t5\t这条围巾\t秒99 x50 限2 5分\t讲解\n"
    '5\t10分钟\t"第一行\n第二行，""引号"""\t"5号 红 M 秒99 x5\n券 满199减20 x100"\t福利\n'
    "\t\t\t\t\n"
    "9\t5\t没有这个号\t\t\n"
    "3\t五\t分钟不对\t\t\n"
    "3\t5\t促销不对\t秒9.999 x5\t\n"
    "\t3\t大家好，欢迎来到直播间\t\t证言\n"
    "3-4\t2\t\t\t\n"
)


def test_rows_out_of_a_spreadsheet() -> None:
    rows = parse_segments(PASTED, GOODS)
    good = [row for row in rows if isinstance(row, SegmentRow)]
    bad = [row for row in rows if isinstance(row, BadSegment)]
    assert [(row.line, row.segment["product_id"], row.segment["minutes"]) for row in good] == [
        (2, "scarf", 5), (3, "coat", 10), (10, None, 3), (11, "scarf", 2), (11, "spirit", 2),
    ]  # fmt: skip
    assert good[1].segment["script"] == '第一行\n第二行，"引号"'
    assert [cue["kind"] for cue in good[1].segment["cues"]] == ["flash_sale", "coupon"]
    assert good[1].remarks, "what was taken as usual is told"
    assert [row.segment.get("tag") for row in good] == ["explain", "benefit", "proof", None, None]
    assert [(row.line, row.code) for row in bad] == [(7, "unknown"), (8, "minutes"), (9, "cue")]
    assert "9.999" in bad[2].reason()
    assert all(row.reason() != row.reason(english=True) for row in bad)


def test_when_a_row_must_begin_and_what_it_needs_are_columns_under_a_header() -> None:
    now = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
    later = (now + timedelta(hours=1)).astimezone()
    text = f"编号\t分钟\t最短\t定点\n3-4\t8\t5分\t{later:%H:%M}\n3\t8\t9\t\n3\t8\t\t八点\n3\t8\t长\t\n"
    first, second, *bad = paste_segments(text, GOODS, now=now).rows
    assert isinstance(first, SegmentRow)
    assert isinstance(second, SegmentRow)
    assert datetime.fromisoformat(first.segment["anchor_at"]) == now + timedelta(hours=1)
    assert "anchor_at" not in second.segment, "of several the first begins then"
    assert (first.segment["least_minutes"], second.segment["least_minutes"]) == (5, 5)
    assert [row.code for row in bad if isinstance(row, BadSegment)] == ["least_over", "anchor", "least"]
    assert all(isinstance(row, BadSegment) and row.reason() != row.reason(english=True) for row in bad)
    (unread,) = paste_segments("编号\t分钟\t定点\n3\t8\t20:12\n", GOODS).rows
    assert isinstance(unread, BadSegment), "without a clock nobody knows which day is meant"
    desk = Desk()
    rows = paste_segments(f"编号\t分钟\t最短\t定点\n1\t8\t5\t{later:%H:%M}\n", _of(desk), now=now).good
    desk.ok("rundown.put", {"segments": [row.segment for row in rows]})
    assert [one.segment_id for one in desk.shown().rundown.anchors]


def test_the_columns_in_another_order_and_without_a_header() -> None:
    (row,) = parse_segments("话术,编号(号),时长\n好看,3,2:30\n", GOODS)
    assert isinstance(row, SegmentRow)
    assert (row.segment["script"], row.segment["product_id"], row.segment["minutes"]) == (
        "好看",
        "scarf",
        2.5,
    )
    (plain,) = parse_segments("scarf\t5", GOODS)
    assert isinstance(plain, SegmentRow)
    assert plain.segment["product_id"] == "scarf"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('3\t5\t"没有关上', "quotes"),
        ("3\t5\ta\tb\tc\td\te\tf", "columns"),
        ("\t5", "nothing"),
        ("三号\t5", "unknown"),
        ("3x\t5", "which"),
        ("3\t5\t\t\t\t别的", "tag"),
        ("3\t5\t" + "字" * 5001, "script_long"),
        ("3\t5\t\t\t" + "字" * 501, "text_long"),
        ("3\t5\t\t" + ";".join(["讲 3"] * 21), "many_cues"),
    ],
)
def test_rows_that_cannot_be_taken(text: str, code: str) -> None:
    (row, *rest) = parse_segments(text + "\n3\t5\t好的", GOODS)
    assert isinstance(row, BadSegment)
    assert row.code == code
    assert isinstance(rest[-1], SegmentRow), "its neighbour is not taken along"


def test_what_was_parsed_is_what_the_rules_take() -> None:
    desk = Desk()
    rows = parse_segments("1\t5\t看\t秒59 x5 限2 1分\n2\t5\t看\t讲 1", _of(desk))
    desk.ok("rundown.put", {"segments": [row.segment for row in rows if isinstance(row, SegmentRow)]})
    assert len(desk.ok("go.next", {})["armed"]) == 1


def _of(desk: Desk) -> Goods:
    shown = desk.shown()
    return goods_of(shown.catalogue, shown.cart)


def test_two_hundred_rows_at_once() -> None:
    row = "3\t5\t" + "这条围巾是羊毛的，很软。" * 10 + "\t秒99 x50 限2 5分\t现货\t讲解\n"
    best = 1.0
    for _ in range(3):
        begun = time.thread_time()
        rows = parse_segments(row * 200, GOODS)
        best = min(best, time.thread_time() - begun)
    assert sum(isinstance(r, SegmentRow) for r in rows) == 200
    within(best, 0.05, f"{best * 1000:.0f} ms")
