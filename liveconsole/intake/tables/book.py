"""Workbooks of Excel and WPS, read by calamine.

calamine lays a sheet out in memory from its first cell to its last, so that two cells in far corners end the
process. Of a zipped workbook it is therefore given a copy that holds only what was unpacked and looked at
here, within bounds: what was checked is what is read. One of the old format is looked at by `compound`.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
import zlib
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from liveconsole.intake.tables import compound
from liveconsole.intake.tables.lines import ROWS_LIMIT, Table, TableRefused, TableRow, column_letters

UNPACKED_LIMIT: Final = 160 * 1024 * 1024
PARTS_LIMIT: Final = 4000
AREA_LIMIT: Final = 4_000_000
"""Cells between the first and the last of a sheet."""
DIGITS: Final = 15
"""Significant digits that a spreadsheet keeps of a number."""

_ANY_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_PLACED: Final = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,8})[\"']((?:[^>]*[^>/])?>)?"
)
"""A cell with its place; the third group is there unless it is empty and only has a colour."""
_ANY_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_PLACED_ROW: Final = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"'](\d{1,10})[\"']")


def read_zipped_book(content: bytes, sheet: str | None) -> Table:
    """An .xlsx.

    Raises:
        TableRefused: see its reasons.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if "xl/workbook.xml" not in names:
                raise TableRefused("format" if names else "empty")
            checked = _checked(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as why:
        raise TableRefused("broken") from why
    except (RuntimeError, NotImplementedError) as why:  # a part has a password, or is packed in another way
        raise TableRefused("password" if "password" in str(why) else "format") from why
    return _read(checked, sheet, "broken")


def read_old_book(content: bytes, sheet: str | None) -> Table:
    """An .xls, or an .et that is one.

    Raises:
        TableRefused: see its reasons.
    """
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise TableRefused("password")
    compound.check(content, AREA_LIMIT)
    return _read(content, sheet, "old")


def _checked(packed: zipfile.ZipFile) -> bytes:
    """The parts that a table is made of, unpacked and packed anew without squeezing."""
    parts = [info for info in packed.infolist() if info.filename.endswith((".xml", ".rels"))]
    if len(parts) > PARTS_LIMIT:
        raise TableRefused("unpacked")
    left = UNPACKED_LIMIT
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as anew:
        for info in parts:
            with packed.open(info) as stream:
                data = stream.read(left + 1)
            left -= len(data)
            if left < 0:
                raise TableRefused("unpacked")
            if b"\0" in data[:200]:  # not UTF-8: the cells could not be looked at
                raise TableRefused("format")
            _look_at_cells(data)
            anew.writestr(zipfile.ZipInfo(info.filename), data)
    return out.getvalue()


def _look_at_cells(part: bytes) -> None:
    """That the cells of a sheet stand near each other; empty ones that only have a colour do not count."""
    first_row = first_column = math.inf
    last_row = last_column = placed = 0
    for letters, digits, holds in _PLACED.findall(part):
        placed += 1
        if not holds:
            continue
        row, column = int(digits), _column(letters)
        first_row, last_row = min(first_row, row), max(last_row, row)
        first_column, last_column = min(first_column, column), max(last_column, column)
    if placed < len(_ANY_CELL.findall(part)):
        # The others stand behind their neighbour, in a row that may have no place either.
        rows = [len(_ANY_CELL.findall(row)) for row in _ANY_ROW.split(part)]
        first_row = first_column = 1
        last_row = max([last_row, *map(int, _PLACED_ROW.findall(part))]) + len(rows)
        last_column += max(rows)
    if last_row and (last_row - first_row + 1) * (last_column - first_column + 1) > AREA_LIMIT:
        raise TableRefused("area", cell=f"{column_letters(last_column - 1)}{last_row}")


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters.upper():
        place = place * 26 + letter - 64
    return place


def _read(content: bytes, wanted: str | None, otherwise: str) -> Table:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            found: dict[str, CalamineSheet] = {}
            for about in book.sheets_metadata:
                if about.visible != SheetVisibleEnum.Visible and about.name != wanted:
                    continue
                sheet = book.get_sheet_by_name(about.name)
                if sheet.start is not None:
                    found[about.name] = sheet
            if not found:
                raise TableRefused("empty")
            name = next(iter(found)) if wanted is None else wanted
            if name not in found:
                raise TableRefused("sheet", sheet=name)
            return Table(_lines(found[name]), name, list(found))
    except PasswordError as why:
        raise TableRefused("password") from why
    except (CalamineError, OSError, ValueError, OverflowError) as why:
        raise TableRefused(otherwise) from why
    except BaseException as why:
        if type(why).__module__ != "pyo3_runtime":  # a panic of calamine's, which is no Exception
            raise
        raise TableRefused(otherwise) from why


def _lines(sheet: CalamineSheet) -> list[TableRow]:
    assert sheet.start is not None
    row, column = sheet.start
    merged = _merged_down(sheet)
    kept: dict[int, Any] = {}
    lines: list[TableRow] = []
    for number, held in enumerate(sheet.iter_rows(), row):
        cells: list[str] = [""] * column
        odd: dict[int, str] = {}
        for place, value in enumerate(held, column):
            above = merged.get((number, place))
            if above is not None and value == "":
                value = kept.get(place, "") if above < number else value
            kept[place] = value
            text, kind = _cell(value)
            cells.append(text)
            if kind:
                odd[place] = kind
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(lines) == ROWS_LIMIT:
            raise TableRefused("rows")
        lines.append(TableRow(number + 1, cells, "\t".join(_flat(cell) for cell in cells), odd))
    return lines


def _merged_down(sheet: CalamineSheet) -> dict[tuple[int, int], int]:
    """Cells that are one with those above → the row where they begin: each of the rows has their value."""
    found: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and top < bottom <= top + ROWS_LIMIT and len(found) < AREA_LIMIT:
            found.update({(row, left): top for row in range(top, bottom + 1)})
    return found


def _cell(value: Any) -> tuple[str, str]:
    """What a cell shows, and what was made of it (`TableRow.odd`)."""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "bool"
    if isinstance(value, int | float):
        if isinstance(value, float) and not math.isfinite(value):
            return str(value), "error"
        # As the sheet itself shows it: 179.10000000000002 was typed or reckoned as 179.1.
        text = format(value, f".{DIGITS}g") if isinstance(value, float) else str(value)
        if "e" in text:
            text = format(value, ".0f") if abs(value) >= 1 else format(value, "f")
        return text, "digits" if abs(value) >= 10**DIGITS else "number"
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return str(value), "date"
    return str(value).replace("\0", "").strip(), ""


def _flat(cell: str) -> str:
    """A cell as it is pasted: spreadsheets quote what holds a tab, a mark or a line end."""
    return '"' + cell.replace('"', '""') + '"' if re.search(r'[\t"\r\n]', cell) else cell
