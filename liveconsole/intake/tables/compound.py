"""The container of workbooks of the old format ([MS-CFB], [MS-XLS]), looked at before calamine reads it.

calamine follows a chain of sectors that bites its own tail until memory ends, and with it the process.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Final

from liveconsole.intake.tables.lines import ERRORS, TableRefused, Untold, column_letters

_LAST: Final = 0xFFFFFFFA
"""Sector numbers from here on are marks: free, end of chain, part of the table itself."""
_ENTRY: Final = 128
_STREAM, _ROOT = 2, 5
_CELLS: Final = frozenset({0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0406, 0x0206})
_BEGINS, _EXTENT, _TEXTS, _NAMED, _ROW = 0x0809, 0x0200, 0x00FC, 0x0085, 0x0208
_SHEET: Final = 65_536 * 256
"""Cells of the largest sheet of the old format: room for as many as a sheet says is reserved at once."""


def look_at(content: bytes, most_cells: int) -> list[Untold]:
    """That every chain ends, and that the cells of each sheet stand near each other. What calamine does not
    tell of the sheets, in their order.

    Raises:
        TableRefused: ``old`` or ``area``.
    """
    try:
        found = [_look_at_records(stream, most_cells) for stream in _workbooks(content)]
    except (struct.error, IndexError, ValueError) as why:
        raise TableRefused("old") from why
    return next((sheets for sheets in found if sheets), [])


def _workbooks(content: bytes) -> Iterator[bytes]:
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError("sector size")
    size, (directory,) = 1 << shift, struct.unpack_from("<I", content, 48)
    cutoff, small_table, _, table_more = struct.unpack_from("<IIII", content, 56)
    sectors = [content[at : at + size] for at in range(size, len(content), size)]
    table = _numbers(_gather(_table_sectors(content, sectors, table_more), sectors))
    entries = _gather(_chain(directory, table), sectors)
    small = _numbers(_gather(_chain(small_table, table), sectors))
    cabinet: list[bytes] = []
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        entry = entries[at : at + _ENTRY]
        start, length = struct.unpack_from("<II", entry, 116)
        name = entry[: max(0, min(64, entry[64]) - 2)].decode("utf-16-le", "replace")
        if entry[66] == _ROOT:
            held = _gather(_chain(start, table), sectors)
            cabinet = [held[place : place + 64] for place in range(0, len(held), 64)]
        elif entry[66] == _STREAM:
            in_small = length < cutoff
            chain = _chain(start, small if in_small else table) if length else []
            stream = _gather(chain, cabinet if in_small else sectors)
            if name.casefold() in ("workbook", "book"):
                yield stream[:length]


def _table_sectors(content: bytes, sectors: Sequence[bytes], more: int) -> list[int]:
    found = [number for number in struct.unpack_from("<109I", content, 76) if number < _LAST]
    seen: set[int] = set()
    while more < _LAST:
        if more in seen:
            raise ValueError("a chain without an end")
        seen.add(more)
        *numbers, more = _numbers(sectors[more])
        found += [number for number in numbers if number < _LAST]
    return found


def _chain(start: int, table: Sequence[int]) -> list[int]:
    chain: list[int] = []
    while start < _LAST:
        chain.append(start)
        if len(chain) > len(table):
            raise ValueError("a chain without an end")
        start = table[start]
    return chain


def _gather(chain: Sequence[int], sectors: Sequence[bytes]) -> bytes:
    return b"".join([sectors[number] for number in chain])


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _look_at_records(stream: bytes, most_cells: int) -> list[Untold]:
    at = 0
    sheet = Untold()
    begun: dict[int, Untold] = {}
    named: list[int] = []
    first_row = first_column = math.inf
    last_row = last_column = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BEGINS:
            first_row = first_column = math.inf
            last_row = last_column = 0
            sheet = begun[at] = Untold()
        elif kind == _NAMED and length >= 4:
            named += struct.unpack_from("<I", stream, at + 4)
        elif kind == _ROW and length >= 16:
            (row, *_, looks) = struct.unpack_from("<7H", stream, at + 4)
            if looks & 0x20:
                sheet.hidden.add(row)
        elif kind == _EXTENT:
            wide = length >= 14
            top, bottom, left, right = struct.unpack_from("<IIHH" if wide else "<HHHH", stream, at + 4)
            if top > bottom or left > right or (bottom - top + 1) * (right - left + 1) > 2 * _SHEET:
                raise ValueError("the extent of a sheet")
        elif kind == _TEXTS:
            _, count = struct.unpack_from("<II", stream, at + 4)
            if count > len(stream):
                raise ValueError("more texts than bytes")
        elif kind in _CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", stream, at + 4)
            if kind == 0x00BD and length >= 6:  # several cells beside each other; the last one closes it
                (column_after,) = struct.unpack_from("<H", stream, at + 4 + length - 2)
                last_column = max(last_column, column_after)
            first_row, last_row = min(first_row, row), max(last_row, row)
            first_column, last_column = min(first_column, column), max(last_column, column)
            if (last_row - first_row + 1) * (last_column - first_column + 1) > most_cells:
                raise TableRefused("area", cell=f"{column_letters(last_column)}{last_row + 1}")
            error = _error_of(kind, stream[at + 4 : at + 4 + length])
            if error is not None:
                sheet.add(row, column, ERRORS.get(error, "#N/A"))
        at += 4 + length
    return [begun.get(place, Untold()) for place in named]


def _error_of(kind: int, data: bytes) -> int | None:
    """What a cell came to instead of a value."""
    if kind == 0x0205 and len(data) >= 8 and data[7]:
        return data[6]
    if kind in (0x0006, 0x0206, 0x0406) and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None
