"""The report as a workbook, a sheet a table and 交接 as the last. Money is in 元, times are local."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from liveconsole.reports import tables
from liveconsole.reports.tables import ReportTable
from liveconsole.views.kinds.kind import Sort
from liveconsole.views.report.guard import is_risky
from liveconsole.views.report.handover import handover_text
from liveconsole.views.report.model import Report
from liveconsole.views.report.words import ReportWords
from liveconsole.views.shades import TABLE_HEAD

_FORMATS: Final[dict[str, str]] = {
    "money": "¥#,##0.00;[Red]-¥#,##0.00",
    "time": "yyyy-mm-dd hh:mm:ss",
    "share": "0.0%",
    "factor": "0.00",
    "minutes": "0.0",
    "length": "[h]:mm:ss",
    "count": "#,##0",
}
_WIDE: Final = {"promotion": 34, "what": 22, "title": 34, "goods": 44, "pledge": 44, "subject": 40,
                "detail": 30, "result": 22, "order_id": 22, "kind": 10, "action": 14}  # fmt: skip
_FIGURES: Final = frozenset({"pair", "count", "money", "share", "factor"})
_LONGEST: Final = 32_000
"""Characters of one cell; a workbook takes 32,767."""
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx(report: Report, w: ReportWords, zone: tzinfo | None) -> bytes:
    """The workbook; the same report gives the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties(
            {"title": f"{w('report')} {report.title}"[:250], "created": report.end.replace(tzinfo=None)}
        )
        sheets = _Sheets(book, report, w, zone)
        sheets.overview()
        sheets.table(w("promotions"), tables.promotions(report, w, zone))
        if report.bags:
            sheets.table(w("bags"), tables.bags(report, w, zone))
        sheets.table(w("products"), tables.products(report, w))
        if report.moods:
            sheets.table(w("moods"), tables.moods(report, w))
        sheets.table(w("pledges"), tables.pledges(report, w))
        if report.violations:
            sheets.table(w("violations"), tables.warned(report, w))
        sheets.table(w("timeline"), tables.timeline(report, w))
        sheets.table(w("orders"), tables.orders(report, w))
        sheets.handover()
    return out.getvalue()


class _Sheets:
    def __init__(self, book: Workbook, report: Report, w: ReportWords, zone: tzinfo | None) -> None:
        self._report, self._w, self._zone = report, w, zone
        self._book = book
        self._head = book.add_format(
            {"bold": True, "bg_color": TABLE_HEAD, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self._mark = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#C8102E"})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._bold = book.add_format({"bold": True})
        # The mark of a text cell, so that editing such a cell does not turn it into a formula either.
        self._quoted = book.add_format({"quote_prefix": True})
        self._plain = book.add_format({})
        self._cells = {sort: book.add_format({"num_format": code}) for sort, code in _FORMATS.items()}

    def overview(self) -> None:
        report, w = self._report, self._w
        sheet, row = self._sheet(w("overview"))
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 3, 30)
        self._text(sheet, row, 0, report.title or w("untitled"), self._title)
        row += 1
        for key, at in (("start", report.start), ("end", report.end)):
            self._text(sheet, row, 0, w(key), self._bold)
            self._value(sheet, row, 1, at, "time")
            row += 1
        self._text(sheet, row, 0, w("masked") if report.masked else w("unmasked"))
        row += 2
        for label, value, sort in tables.figures(report, w).rows:
            self._text(sheet, row, 0, label, self._bold)
            self._value(sheet, row, 1, value, sort)
            row += 1
        for note in tables.notes(report, w, self._zone):
            self._text(sheet, row, 0, note)
            row += 1
        for table in (tables.questions(report, w), tables.differences(report, w)):
            row += 1
            self._text(sheet, row, 0, w(table.name), self._title)
            row = self._rows(sheet, row + 1, table)

    def table(self, name: str, table: ReportTable) -> None:
        """One table on a sheet of its own, its head kept in sight."""
        sheet, row = self._sheet(name)
        for n, column in enumerate(table.columns):
            width = _WIDE.get(column.key, 20 if column.sort == "time" else 13)
            sheet.set_column(n, n, width)
        sheet.freeze_panes(row + 1, 0)
        last = self._rows(sheet, row, table)
        sheet.autofilter(row, 0, max(row, last - 1), len(table.columns) - 1)
        sheet.repeat_rows(row)

    def handover(self) -> None:
        """The same text that the desk copies, a line a row."""
        sheet, row = self._sheet(self._w("handover_short"))
        sheet.set_column(0, 0, 90)
        for line in handover_text(self._report, self._w.english, self._zone).splitlines():
            self._text(sheet, row, 0, line, self._bold if line[:1] in "【[" and line else None)
            row += 1

    def _sheet(self, name: str) -> tuple[Worksheet, int]:
        """A new sheet and its first free row; a rehearsal says so on screen and on every printed page."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        if not self._report.simulated:
            return sheet, 0
        mark = self._w("simulated")
        sheet.set_header(f"&C&B{mark}")
        sheet.set_tab_color("#C8102E")
        self._text(sheet, 0, 0, mark, self._mark)
        return sheet, 1

    def _rows(self, sheet: Worksheet, row: int, table: ReportTable) -> int:
        """Head and rows from ``row`` on; the row behind them."""
        for n, column in enumerate(table.columns):
            self._text(sheet, row, n, self._w(column.key), self._head)
        for values in table.rows:
            row += 1
            for n, (column, value) in enumerate(zip(table.columns, values, strict=True)):
                self._value(sheet, row, n, value, column.sort)
        return row + 1

    def _value(self, sheet: Worksheet, row: int, n: int, value: Any, sort: Sort) -> None:
        if value is None and sort in _FIGURES:
            self._text(sheet, row, n, "—")  # an empty cell would be read as 0
        if value is None or value == "":
            return
        if sort in ("text", "pair"):
            self._text(sheet, row, n, str(value))
        elif sort == "time":
            assert isinstance(value, datetime)
            local = value.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(row, n, local, self._cells[sort])
        elif sort == "length":
            assert isinstance(value, timedelta)
            sheet.write_number(row, n, value / timedelta(days=1), self._cells[sort])
        else:
            sheet.write_number(row, n, value / 100 if sort == "money" else value, self._cells[sort])

    def _text(self, sheet: Worksheet, row: int, n: int, words: str, look: Format | None = None) -> None:
        """Always a string cell, whatever it begins with."""
        plain = "".join(c for c in words if c >= " " or c in "\t\n")[:_LONGEST]
        quoted = look is None and is_risky(plain)
        sheet.write_string(row, n, plain, self._quoted if quoted else look or self._plain)


def sheet_names(w: ReportWords) -> Sequence[str]:
    """The sheets in their order."""
    keys = ("overview", "promotions", "products", "pledges", "timeline", "orders", "handover_short")
    return [w(key) for key in keys]
