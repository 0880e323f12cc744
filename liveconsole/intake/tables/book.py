"""Workbooks of Excel and WPS, read by calamine.

calamine lays a sheet out in memory from its first cell to its last, so that two cells in far corners end the
process. Of a zipped workbook it is therefore given a copy that holds only what was unpacked and looked at
here, within bounds: what was checked is what is read. One of the old format is looked at by `compound`.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from liveconsole.intake.tables import compound, zipped
from liveconsole.intake.tables.lines import (
    AREA_LIMIT,
    ROWS_LIMIT,
    Table,
    TableRefused,
    TableRow,
    Untold,
    Wanted,
)
from liveconsole.intake.tables.text import flat

Told = Callable[[str, int], Untold | None]
"""A sheet's name and its place → what is untold of it; None: it was not looked at."""

DIGITS: Final = 15
"""Significant digits that a spreadsheet keeps of a number."""


def read_zipped_book(content: bytes, sheet: str | None, wanted: Wanted, most: int) -> Table:
    """An .xlsx, .xlsb or .ods.

    Raises:
        TableRefused: see its reasons.
    """
    checked, untold = zipped.take_apart(content)
    return _read(checked, sheet, wanted, "broken", lambda name, _: untold.get(name), most)


def read_old_book(content: bytes, sheet: str | None, wanted: Wanted, most: int) -> Table:
    """An .xls, or an .et that is one.

    Raises:
        TableRefused: see its reasons.
    """
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise TableRefused("password")
    untold = compound.look_at(content, AREA_LIMIT)
    return _read(content, sheet, wanted, "old", lambda _, at: untold[at] if at < len(untold) else None, most)


def _read(
    content: bytes, sheet: str | None, wanted: Wanted, otherwise: str, untold: Told, most: int
) -> Table:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            found: dict[str, list[TableRow]] = {}
            for at, about in enumerate(book.sheets_metadata):
                if about.visible != SheetVisibleEnum.Visible and about.name != sheet:
                    continue
                more = untold(about.name, at)
                held = book.get_sheet_by_name(about.name)
                if more is None:
                    if held.start is None:
                        continue  # a sheet of pictures
                    raise TableRefused(otherwise)
                if held.start is not None or more.valueless:
                    lines = _lines(held, more, most)
                    if lines:
                        found[about.name] = lines
            return _chosen(found, sheet, wanted)
    except PasswordError as why:
        raise TableRefused("password") from why
    except (CalamineError, OSError, ValueError, OverflowError) as why:
        raise TableRefused(otherwise) from why
    except BaseException as why:
        if type(why).__module__ != "pyo3_runtime":  # a panic of calamine's, which is no Exception
            raise
        raise TableRefused(otherwise) from why


def _chosen(found: Mapping[str, list[TableRow]], sheet: str | None, wanted: Wanted) -> Table:
    if not found:
        raise TableRefused("empty")
    if sheet is None:
        # A workbook begins with an explanation or a cover as often as with its table.
        sheet = next((name for name, lines in found.items() if wanted(lines)), next(iter(found)))
    if sheet not in found:
        raise TableRefused("sheet", sheet=sheet)
    return Table(found[sheet], sheet, list(found))


def _lines(sheet: CalamineSheet, untold: Untold, most: int) -> list[TableRow]:
    first, column = sheet.start or (0, 0)
    merged = _merged_down(sheet)
    kept: dict[int, Any] = {}
    lines: list[TableRow] = []
    for number, held in _with_rows_of(untold, first, sheet):
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
        for place, text in untold.valueless.get(number, {}).items():
            cells += [""] * (place + 1 - len(cells))
            cells[place], odd[place] = text, "error"
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(lines) == most:
            raise TableRefused("rows", most=most)
        text = "\t".join(flat(cell) for cell in cells)
        lines.append(TableRow(number + 1, cells, text, odd, hidden=number in untold.hidden))
    return lines


def _with_rows_of(untold: Untold, first: int, sheet: CalamineSheet) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a sheet in order, with those of which nothing but formulas is there."""
    more = sorted(untold.valueless)
    at = 0
    number = first
    for number, held in enumerate(sheet.iter_rows() if sheet.start is not None else (), first):
        while at < len(more) and more[at] < number:
            yield more[at], ()
            at += 1
        at += at < len(more) and more[at] == number
        yield number, held
    for row in more[at:]:
        yield row, ()


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
