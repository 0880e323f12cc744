"""Tables into a file: one sheet each in a workbook, or all under one another in a CSV that Excel reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from liveconsole.views.report.guard import guarded, is_risky
from liveconsole.views.shades import TABLE_HEAD
from ui.windows.boards.table import BoardTable, TableCell

_OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_FORMATS: Final = {"fen": "¥#,##0.00;[Red]-¥#,##0.00", "fen_per_minute": "¥#,##0.00", "share": "0.0%",
                   "times": "0.00", "days": "0.0", "seconds": "0"}  # fmt: skip
_NAME_MOST: Final = 31
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def file_of(path: Path, tables: Sequence[BoardTable], mark: str) -> None:
    """Write them whole: what stood there before stays until the new file is. ``mark``: 排练, or nothing."""
    made = csv_of(tables, mark) if path.suffix.casefold() == ".csv" else xlsx_of(tables, mark)
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(made)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def csv_of(tables: Sequence[BoardTable], mark: str) -> bytes:
    """With a byte order mark: a spreadsheet opens it in the right letters."""
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n")
    if mark:
        write.writerow([mark])
    for table in tables:
        write.writerow([guarded(table.title), *([guarded(table.note)] if table.note else [])])
        write.writerow([guarded(column.name) for column in table.columns])
        for row in table.rows:
            write.writerow([_plain(cell) for cell in row.cells])
        write.writerow([])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(tables: Sequence[BoardTable], mark: str) -> bytes:
    """The workbook: numbers are numbers, money is in 元."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        heads = book.add_format({"bold": True, "bg_color": TABLE_HEAD, "bottom": 1, "text_wrap": True})
        quoted = book.add_format({"quote_prefix": True})
        looks = {unit: book.add_format({"num_format": code}) for unit, code in _FORMATS.items()}
        names: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.title, names))
            top = 0
            for said in filter(None, (mark, table.note)):
                sheet.write_string(top, 0, said)
                top += 1
            for n, column in enumerate(table.columns):
                sheet.write_string(top, n, column.name, heads)
                sheet.set_column(n, n, 28 if not n else 14)
            sheet.freeze_panes(top + 1, 0)
            for row, line in enumerate(table.rows, top + 1):
                for n, cell in enumerate(line.cells):
                    _write(sheet, row, n, cell, looks, quoted)
    return out.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    name = " ".join(title.translate(_NOT_IN_NAMES).split())[:_NAME_MOST] or "1"
    n = 2
    while name.casefold() in taken:
        name = f"{name[: _NAME_MOST - 3]} {n}"
        n += 1
    taken.add(name.casefold())
    return name


def _write(
    sheet: Worksheet, row: int, n: int, cell: TableCell, looks: dict[str, Format], quoted: Format
) -> None:
    if cell.value is not None:
        value = cell.value / 100 if cell.unit.startswith("fen") else cell.value
        sheet.write_number(row, n, value, looks.get(cell.unit))
    else:
        sheet.write_string(row, n, cell.text, quoted if is_risky(cell.text) else None)


def _plain(cell: TableCell) -> str:
    if cell.value is None:
        return guarded(cell.text)
    if cell.unit.startswith("fen"):
        return f"{cell.value / 100:.2f}"
    return f"{cell.value:g}" if isinstance(cell.value, float) else str(cell.value)
