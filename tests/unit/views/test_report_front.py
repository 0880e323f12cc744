"""The report's first two pages: before everything else, with what is unknown or in doubt marked as such."""

from __future__ import annotations

import re
from datetime import UTC

import pytest

from liveconsole.messages.broadcasts import DOUBTS
from liveconsole.reports.html import html, print_form
from liveconsole.views.report import Report, fold, front
from liveconsole.views.report.doubts import doubts_of
from liveconsole.views.report.front import OWED, PROMOTIONS, front_page, front_text, owed_page
from liveconsole.views.report.words import WORDS, ReportWords
from tests.unit.domain.desk import Desk, placed
from tests.unit.views.log_lines import lines_of
from tests.unit.views.test_unknown import room_without_sources

W, ENGLISH = ReportWords(), ReportWords(english=True)


def measured_more() -> Report:
    """The platform showed nine sold, orders were told of one."""
    desk = Desk("manual", recall_seconds=0)
    desk.queue_sale(quantity=10)
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    desk.fact("order.placed", placed("o1", "ann"))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 5900})
    desk.wait(30)
    desk.ok("cue.measure", {"cue_id": "sale", "sold": 9, "left": 1}, "assistant")
    desk.wait(200)
    return fold(lines_of(desk))


def busy() -> Report:
    """More of everything than a page takes."""
    desk = Desk(recall_seconds=0)
    for n in range(PROMOTIONS + 3):
        desk.queue_sale(f"s{n}", quantity=1, per_buyer=1)
        desk.ok("cue.fire", {"cue_id": f"s{n}"})
        desk.ok("cue.stop", {"cue_id": f"s{n}"})
    for n in range(OWED + 4):
        desk.ok("pledge.put", {"text": f"送礼盒 {n}"})
    desk.fact("order.placed", placed("o1", "ann"))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 5900})
    desk.wait(30)
    desk.ok("broadcast.close", {})
    return fold(lines_of(desk))


@pytest.mark.parametrize("words", [W, ENGLISH])
def test_the_two_pages_stand_before_everything_else_in_both_files(words: ReportWords) -> None:
    report = busy()
    heads = [words(key) for key in ("front_best", "front_wrong", "promotions", "handover", "remarks")]
    page = html(report, words, UTC).decode()
    body = print_form(report, words, UTC).body
    for text, breaks in ((page, '<section class="page">'), (body, "page-break-before: always")):
        places = [text.index(f">{head}<") for head in heads]
        assert max(places) < text.index(f">{words('timeline')}<"), heads
        assert places[3] < places[4]
        assert text.count(breaks) == 2
    assert ".page { break-after: page; }" in page


def test_what_does_not_fit_is_counted_and_stands_behind() -> None:
    report = busy()
    page, owed = front_page(report, W, UTC), owed_page(report, W, UTC)
    assert (len(page.promotions), page.more_promotions) == (PROMOTIONS, 3)
    (pledges,) = [part for part in owed.parts if part.title == "口头答应过的"]
    assert (len(pledges.lines), pledges.more) == (OWED, 4)
    for text in (html(report, W, UTC).decode(), print_form(report, W, UTC).body):
        assert "还有 3 条，见后面的表" in text
        assert "还有 4 条，见后面的全文" in text
        assert text.index("交接单全文") < text.rindex(f"送礼盒 {OWED + 3}")
    few = fold(lines_of(Desk()))
    assert not owed_page(few, W, UTC).cut
    assert "交接单全文" not in html(few, W, UTC).decode()
    assert "要退的款" in " ".join(owed_page(few, W, UTC).done)


def test_what_nobody_told_is_a_dash_with_its_reason() -> None:
    report = fold(lines_of(room_without_sources()))
    figures = {figure.label: figure for figure in front_page(report, W, UTC).figures}
    assert {label for label, figure in figures.items() if figure.value == "—"} >= {
        "GMV", "支付订单", "售出件数", "让利", "退款", "最高在线",
    }  # fmt: skip
    assert figures["GMV"].why == figures["退款"].why == "没有来源报订单"
    assert figures["最高在线"].why == "没有来源报人数"
    assert figures["新增关注"].why == "没有来源报"
    for text in (html(report, W, UTC).decode(), print_form(report, W, UTC).body):
        assert text.count("没有来源报订单") >= 5
        assert not re.search(r"<b>¥?0(\.00)?</b>", text)
    assert "GMV：—（没有来源报订单）" in front_text(report)
    assert "GMV: — (no source told of orders)" in front_text(report, english=True)


def test_a_figure_in_doubt_is_the_least_that_it_can_be() -> None:
    report = measured_more()
    assert report.totals.gmv_fen == 5900
    figures = {figure.label: figure for figure in front_page(report, W, UTC).figures}
    assert figures["GMV"].value == "≥ ¥59.00"
    assert figures["售出件数"].value == "≥ 1"
    assert figures["GMV"].why == "平台显示卖得更多"
    assert figures["退款"].why == ""
    for text in (html(report, W, UTC).decode(), print_form(report, W, UTC).body):
        assert "<b>≥ ¥59.00</b>" in text
    assert any("平台显示的数字不同" in line for line in front_page(report, W, UTC).wrong)


def test_the_twin_that_knows_of_no_doubt_says_the_bare_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "doubts_of", lambda report: [])
    assert "≥" not in html(measured_more(), W, UTC).decode()


def test_every_doubt_has_its_words_and_no_figure_two() -> None:
    for code in DOUBTS:
        assert code == "too_long" or f"doubt_{code}" in WORDS
    for report in (measured_more(), busy(), fold(lines_of(room_without_sources()))):
        named = [doubt.figure for doubt in doubts_of(report)]
        assert len(named) == len(set(named))


def test_nothing_is_loaded_from_anywhere() -> None:
    page = html(busy(), W, UTC).decode()
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|@import|<link|\bsrc=", page)
