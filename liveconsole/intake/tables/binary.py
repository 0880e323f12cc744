"""Sheets of an .xlsb ([MS-XLSB]), looked at before calamine reads them."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from typing import Final

from liveconsole.intake.tables.lines import AREA_LIMIT, ERRORS, TableRefused, Untold, column_letters

_ROW, _ERROR, _FORMULA_ERROR, _TEXTS, _SHEET = 0, 3, 11, 159, 156
_CELLS: Final = frozenset(range(2, 12))
_MOST_ROWS: Final = 1_048_576


def look_at(parts: Mapping[str, bytes], links: Mapping[str, str]) -> dict[str, Untold]:
    """What calamine does not tell, by the name of the sheet.

    Raises:
        TableRefused: ``area`` or ``broken``.
    """
    try:
        seen = {name: _look_at_cells(data) for name, data in parts.items() if "/worksheets/" in name}
        for name, data in parts.items():
            if name.endswith("sharedStrings.bin"):
                _check_texts(data)
        found: dict[str, Untold] = {}
        for kind, data in _records(parts["xl/workbook.bin"]):
            if kind == _SHEET:
                link, at = _wide(data, 8)
                name, _ = _wide(data, at)
                if links.get(link) in seen:
                    found[name] = seen[links[link]]
    except (struct.error, IndexError, ValueError) as why:
        raise TableRefused("broken") from why
    return found


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(stream):
        kind, at = stream[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (stream[at] & 0x7F) << 7, at + 1
        length = shift = 0
        while shift < 28:
            byte, at = stream[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if at + length > len(stream):
            raise ValueError("a record that goes over the end")
        yield kind, stream[at : at + length]
        at += length


def _wide(data: bytes, at: int) -> tuple[str, int]:
    (letters,) = struct.unpack_from("<I", data, at)
    if letters == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * letters
    if end > len(data):
        raise ValueError("a text that goes over the end")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _check_texts(stream: bytes) -> None:
    for kind, data in _records(stream):
        if kind == _TEXTS and struct.unpack_from("<II", data)[1] > len(stream):
            raise ValueError("more texts than bytes")


def _look_at_cells(stream: bytes) -> Untold:
    row = 0
    first_row = first_column = math.inf
    last_row = last_column = 0
    untold = Untold()
    for kind, data in _records(stream):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
            if row >= _MOST_ROWS:
                raise ValueError("a row that no sheet has")
            if len(data) > 11 and data[11] & 0x10:
                untold.hidden.add(row)
        elif kind in _CELLS:
            (column,) = struct.unpack_from("<I", data)
            first_row, last_row = min(first_row, row), max(last_row, row)
            first_column, last_column = min(first_column, column), max(last_column, column)
            if (last_row - first_row + 1) * (last_column - first_column + 1) > AREA_LIMIT:
                raise TableRefused("area", cell=f"{column_letters(last_column)}{last_row + 1}")
            if kind in (_ERROR, _FORMULA_ERROR):
                untold.add(row, column, ERRORS.get(data[8], "#N/A"))
    return untold
