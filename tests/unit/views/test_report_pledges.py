"""口头承诺 in the report: the table, the handover, the file for the warehouse; nothing of it is ever lost."""

from __future__ import annotations

import csv
import io
from datetime import UTC, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from liveconsole.reports import tables
from liveconsole.reports.html import html, print_form
from liveconsole.reports.xlsx import xlsx
from liveconsole.views.report import Report, fold, handover_text
from liveconsole.views.report.pledges import pledges_csv
from liveconsole.views.report.words import ReportWords
from tests.unit.domain.desk import Desk, placed, product
from tests.unit.views.log_lines import lines_of

CHINA = timezone(timedelta(hours=8))
W, ENGLISH = ReportWords(), ReportWords(english=True)
EVIL = '=HYPERLINK("http://x","点")<script>alert(1)</script>\u202e'


def evening() -> Desk:
    desk = Desk()
    desk.ok("cart.pin", {"product_id": "scarf"})
    desk.ok("pledge.put", {"text": "多送小样两份"}, "assistant")
    desk.wait(60)
    desk.ok("pledge.put", {"text": "全场包邮", "product_id": None})
    wrong = desk.ok("pledge.put", {"text": "写错了", "product_id": "hat"})["pledge_id"]
    desk.ok("pledge.clear", {"pledge_id": wrong})
    desk.fact("order.placed", placed("o1", "ann", 2))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 19_800})
    desk.ok("broadcast.close", {})
    return desk


def test_the_table_says_when_about_what_and_who_noted_it() -> None:
    report = fold(lines_of(evening()))
    assert [
        [tables.text(value, column.sort, CHINA) for column, value in zip(table.columns, row, strict=True)]
        for table in [tables.pledges(report, W)]
        for row in table.rows
    ] == [
        ["20:00:00", "#1 scarf", "多送小样两份", "1", "助理"],
        ["20:01:00", "不限商品", "全场包邮", "—", "主播"],
    ]
    struck = [a for a in report.actions if a.type == "pledge.cleared"]
    assert [(W.action(a), a.subject, a.detail) for a in struck] == [("划掉口头承诺", "#2 hat", "写错了")]


def test_the_time_line_says_which_warned_words_were_used() -> None:
    desk = evening()
    written = {"segments": [{"segment_id": "s", "script": "最好的"}], "override": ["最好的", "第一"]}
    desk.ok("rundown.put", written, "assistant")
    said = [(a.actor, W.action(a), a.detail) for a in fold(lines_of(desk)).actions]
    assert said[-1] == ("assistant", "照用提醒过的词", "最好的、第一")


def test_the_handover_says_what_was_promised() -> None:
    text = handover_text(fold(lines_of(evening())), zone=CHINA)
    part = text.split("【口头答应过的】\n")[1].split("\n\n")[0]
    assert part.splitlines() == [
        "□ 20:00 · #1 scarf · 多送小样两份（本场支付 1 单；助理记）",
        "□ 20:01 · 全场包邮（主播记）",
    ]
    english = handover_text(fold(lines_of(evening())), english=True, zone=CHINA)
    assert "[Pledged]" in english
    assert "paid orders: 1" in english
    assert "写错了" not in text


def test_without_any_the_places_say_so() -> None:
    desk = Desk()
    desk.ok("broadcast.close", {})
    report = fold(lines_of(desk))
    assert "【口头答应过的】\n无" in handover_text(report, zone=CHINA)
    assert report.handover.empty
    assert "口头承诺" in html(report, W, UTC).decode()
    assert list(csv.reader(io.StringIO(pledges_csv(report, W, UTC).decode("utf-8-sig")))) == [
        ["时间", "商品编号", "商品", "答应了什么", "支付订单", "谁记的"]
    ]


def hostile() -> Report:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("=evil", 9900, 5) | {"title": EVIL}]})
    desk.ok("cart.add", {"product_ids": ["=evil"]})
    desk.ok("cart.pin", {"product_id": "=evil"})
    desk.ok("pledge.put", {"text": f"{EVIL}\r\n□ 假的一条"})
    return fold(lines_of(desk), simulated=True)


def test_a_hostile_one_is_text_everywhere() -> None:
    report = hostile()
    assert "<script" not in html(report, W, UTC).decode()
    assert "<script" not in print_form(report, W, UTC).body
    mark, _, row = csv.reader(io.StringIO(pledges_csv(report, W, CHINA).decode("utf-8-sig")))
    assert mark == ["排练 · 模拟数据"]
    assert row[:2] == ["2026-11-11 20:00:00", "'=evil"]
    assert row[3].startswith("'=HYPERLINK")
    assert [line for line in handover_text(report).splitlines() if line.startswith("□ 假的")] == []
    assert xlsx(report, W, UTC) == xlsx(hostile(), W, UTC)


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(lambda s: bool(s.strip()))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), texts, st.sampled_from([None, "scarf", "hat"])),
        st.tuples(st.just("clear"), st.integers(0, 30)),
        st.tuples(st.just("note"), st.integers(1, 25)),
        st.tuples(st.just("again")),
        st.tuples(st.just("close")),
    ),
    max_size=30,
)


@settings(max_examples=100)
@given(steps)
def test_report_and_state_hold_what_was_put_and_not_struck_out(told: list[tuple[Any, ...]]) -> None:
    desk = Desk()
    there: list[str] = []
    for step in told:
        match step:
            case ("put", text, product_id):
                there.append(desk.ok("pledge.put", {"text": text, "product_id": product_id})["pledge_id"])
            case ("clear", place) if there:
                desk.ok("pledge.clear", {"pledge_id": there.pop(place % len(there))})
            case ("note", count):
                for n in range(count):
                    desk.ok("note.put", {"text": str(n)})
            case ("again",):
                desk.ask("broadcast.close", {})
                desk.ok("broadcast.open", {})
                there = []
            case ("close",):
                desk.ask("broadcast.close", {})
    assert [p["pledge_id"] for p in desk.state()["pledges"]] == there
    assert [p.pledge_id for p in fold(lines_of(desk)).pledges] == there
