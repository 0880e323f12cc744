"""Pictures in the PDF: handed to it, and never read from a file that a page names."""

from __future__ import annotations

from datetime import UTC

import msgspec
from PySide6.QtCore import QSizeF, QUrl
from PySide6.QtGui import QImage, QTextDocument
from pytestqt.qtbot import QtBot

from liveconsole.messages.shop import ShopFace
from liveconsole.reports.html import print_form
from liveconsole.reports.pictures import shown_in
from liveconsole.views.report.words import ReportWords
from tests.ui.test_picture import RED, encoded, plain
from tests.unit.views.test_report_files import evil_evening
from ui.program import report_pdf

LOGO, EVIL = "a" * 64, "b" * 64


def test_logo_and_best_sellers_are_in_it(qtbot: QtBot) -> None:
    report = evil_evening()
    report.shop = ShopFace("暖屿羊绒", LOGO)
    report.products = [msgspec.structs.replace(product, image=EVIL) for product in report.products]
    assert shown_in(report) == [LOGO, EVIL]
    form = print_form(report, ReportWords(), UTC, {LOGO: encoded(plain(40, 40)), EVIL: b"<svg/>"})
    assert f'src="{LOGO}"' in form.body
    assert EVIL not in form.body, "what is no picture leaves its place empty"
    page = QSizeF(780, 500)
    document = report_pdf._document(form.body, form.chart, form.chart_size, page, form.pictures)
    found = document.resource(QTextDocument.ResourceType.ImageResource, QUrl(LOGO))
    assert isinstance(found, QImage)
    assert found.pixelColor(20, 20) == RED
    sealed = document.resource(QTextDocument.ResourceType.ImageResource, QUrl("file:///etc/hostname"))
    assert sealed.width() == 1


def test_a_report_without_any_is_as_it_was(qtbot: QtBot) -> None:
    form = print_form(evil_evening(), ReportWords(), UTC)
    assert dict(form.pictures) == {}
    assert form.body.count("<img") == 1
