"""Sheets of an .ods, looked at before calamine reads them: a cell may say that it stands a billion times."""

from __future__ import annotations

import html
import re
from typing import Final

from liveconsole.intake.tables.lines import AREA_LIMIT, TableRefused, Untold, column_letters

_PARTS: Final = re.compile(rb"<(table:(?:table|table-row|table-cell|covered-table-cell))(?=[\s/>])")
_REST: Final = re.compile(rb"""((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_TIMES: Final = re.compile(rb"\stable:number-(?:rows|columns)-repeated\s*=\s*[\"']([^\"']*)[\"']")
_NAME: Final = re.compile(rb"\stable:name\s*=\s*(\"[^\"]*\"|'[^']*')")
_HIDDEN: Final = re.compile(rb"\stable:visibility\s*=\s*[\"'](?:collapse|filter)[\"']")
_FORMULA: Final = re.compile(rb"\stable:formula\s*=\s*(\"[^\"]*\"|'[^']*')")
_ERROR: Final = re.compile(rb"\s\w+:value-type\s*=\s*[\"']error[\"']")
_TYPED: Final = re.compile(rb"\soffice:value-type\s*=")
_SHOWN: Final = re.compile(rb"<text:p(?:\s[^<>]*)?>([^<]*)")
_MOST_ROWS: Final = 1_048_576
_MOST_HIDDEN: Final = 20_000


def look_at(part: bytes) -> dict[str, Untold]:
    """What calamine does not tell, by the name of the sheet.

    Raises:
        TableRefused: ``area`` or ``broken``.
    """
    found: dict[str, Untold] = {}
    sheet = Untold()
    row = column = next_row = wide = last_row = laid_out = row_wide = 0
    pieces = _PARTS.split(part)
    for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        opened = _REST.match(piece)
        if opened is None:
            raise TableRefused("broken")
        about, held = opened[1], piece[opened.end() :]
        if name == b"table:table":
            said = _NAME.search(about)
            sheet = Untold()
            found[_text(said[1][1:-1]) if said is not None else ""] = sheet
            next_row = wide = last_row = laid_out = row_wide = 0
        elif name == b"table:table-row":
            row, next_row = next_row, next_row + _times(about)
            column = row_wide = 0
            if _HIDDEN.search(about) is not None and len(sheet.hidden) < _MOST_HIDDEN:
                sheet.hidden.update(range(row, min(next_row, row + _MOST_HIDDEN)))
        else:
            again = _times(about)
            if not about.endswith(b"/") or b"office:" in about or b"table:formula" in about:
                wide, last_row = max(wide, column + again), max(last_row, next_row)
                laid_out += column + again - row_wide
                row_wide = column + again
                if last_row * wide > AREA_LIMIT or laid_out > AREA_LIMIT:
                    raise TableRefused("area", cell=f"{column_letters(wide - 1)}{last_row}")
            if (missing := _valueless(about, held)) is not None:
                for at in range(row, next_row):  # few: they were counted among those that hold anything
                    for place in range(column, column + again):
                        sheet.add(at, place, missing)
            column += again
        if next_row > 4 * _MOST_ROWS or column > 4 * _MOST_ROWS:
            raise TableRefused("broken")
    return found


def _times(about: bytes) -> int:
    said = _TIMES.search(about)
    if said is None:
        return 1
    if not re.fullmatch(rb"\d{1,7}", said[1]):  # written otherwise it would be read otherwise
        raise TableRefused("broken")
    return int(said[1])


def _valueless(about: bytes, held: bytes) -> str | None:
    formula = _FORMULA.search(about)
    if _ERROR.search(about) is not None:
        shown = _SHOWN.search(held)
        return (_text(shown[1]) if shown is not None else "") or "#N/A"
    if formula is None or _TYPED.search(about) is not None:
        return None
    return "=" + _text(formula[1][1:-1]).partition("=")[2]


def _text(raw: bytes) -> str:
    return html.unescape(raw.decode("utf-8", "replace")).strip()
