"""The PDF's pages as Qt lays them out: the totals alone on the first, what is left to do on the second."""

from __future__ import annotations

from datetime import UTC

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from liveconsole.reports.html import print_form
from liveconsole.views.report import Report
from liveconsole.views.report.words import ReportWords
from tests.unit.views.test_report_front import busy, measured_more
from ui.program import report_pdf

PAGE = QSizeF(774.0, 483.0)
"""A4 lying, in points, less its margins, head and foot."""


def page_of(document: QTextDocument, words: str) -> int:
    """On which page the first block of exactly these words stands, from 1."""
    block = document.begin()
    while block.isValid():
        if block.text().strip() == words:
            top = document.documentLayout().blockBoundingRect(block).top()
            return int(top // PAGE.height()) + 1
        block = block.next()
    raise AssertionError(words)


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("made", [busy, measured_more])
def test_each_of_the_two_has_a_page_to_itself(qtbot: QtBot, made: object, english: bool) -> None:
    w = ReportWords(english=english)
    report = made()  # type: ignore[operator]
    assert isinstance(report, Report)
    form = print_form(report, w, UTC)
    document = report_pdf._document(form.body, form.chart, form.chart_size, PAGE)
    first = [w("front_best"), w("front_wrong"), w("promotions")]
    assert {page_of(document, words) for words in first} == {1}
    assert page_of(document, w("handover")) == 2
    assert page_of(document, w("remarks")) == 2
    assert page_of(document, w("timeline")) == 3


def test_the_twin_without_its_breaks_runs_on(qtbot: QtBot) -> None:
    w = ReportWords()
    form = print_form(measured_more(), w, UTC)
    body = form.body.replace("page-break-before: always", "")
    document = report_pdf._document(body, form.chart, form.chart_size, PAGE)
    assert page_of(document, w("handover")) == 1
