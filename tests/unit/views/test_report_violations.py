"""平台警告 in the report: what was on air, the steps, and nothing where nobody was warned."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest

from liveconsole.reports.html import html, print_form
from liveconsole.reports.xlsx import xlsx
from liveconsole.views.report import Report, ReportFold
from liveconsole.views.report.words import ReportWords
from tests.unit.domain.desk import Desk
from tests.unit.views.log_lines import lines_of


def report(desk: Desk) -> Report:
    return ReportFold().add(lines_of(desk)).report()


def warned() -> Desk:
    desk = Desk(recall_seconds=0)
    desk.run_sale()
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.now += timedelta(minutes=12)
    card = desk.ok("violation.note", {"text": "说了<b>「最」</b>", "appeal_hours": 48}, "assistant")
    desk.ok("violation.step", {**card, "step": "stopped"})
    desk.ok("violation.step", {**card, "step": "appealed", "text": "已提交"})
    return desk


def test_a_warning_is_a_row_with_what_was_on_air_and_what_was_done() -> None:
    (row,) = report(warned()).violations
    assert row.by == "assistant"
    assert row.at - row.since == timedelta(minutes=10)
    assert [name for name, _, _ in row.steps] == ["stopped", "appealed"]
    assert any("hat" in title for title in row.on_air)
    assert any("scarf" in title for title in row.on_air)


@pytest.mark.parametrize("english", [False, True])
def test_every_form_of_the_report_shows_it_as_letters(english: bool) -> None:
    w = ReportWords(english=english)
    made = report(warned())
    page = html(made, w, UTC, {}).decode()
    assert w("violations") in page
    assert "&lt;b&gt;" in page
    assert "<b>「最」" not in page
    assert w("violations") in print_form(made, w, UTC, {}).body
    assert len(xlsx(made, w, UTC)) > len(xlsx(report(Desk()), w, UTC))


def test_nobody_was_warned() -> None:
    made = report(Desk())
    assert made.violations == []
    assert ReportWords()("violations") not in html(made, ReportWords(), UTC, {}).decode()


def test_a_step_of_a_card_of_another_evening_makes_no_row() -> None:
    desk = Desk()
    card: dict[str, Any] = desk.ok("violation.note", {})
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    desk.ok("violation.step", {**card, "step": "closed"})
    assert ReportFold(2).add(lines_of(desk)).report().violations == []
