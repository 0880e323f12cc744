"""Tables that are text: CSV in the encodings and separators of Chinese spreadsheets, and pastes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from liveconsole.intake.tables.lines import ROWS_LIMIT, TableRefused, TableRow

SEPARATORS: Final = ",;\t|"
_QUOTED_LINES: Final = 30
"""Lines that one quoted cell may go over; a mark that is never closed so costs one row, not the rest."""
_LOOKED_AT: Final = 20
_AS_TEXT: Final = re.compile(r'="(.*)"', re.DOTALL)
"""How programs keep Excel from taking an id for a number: a formula that is a text."""


def decode(content: bytes) -> str:
    """The text of a file from a Chinese spreadsheet: UTF-16 or UTF-8 with or without BOM, else GB 18030
    (bytes that are none of these become U+FFFD and show in the bad rows)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    content = content.rstrip(b"\x1a\0")  # as old programs end a file
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def separator_of(text: str) -> str:
    """The separator that parts the first rows into most columns, and into equally many."""
    best, found = (0.0, 0), ","
    for separator in SEPARATORS:
        widths = [len(line.cells) for line in _first(read_records(text, separator))]
        if not widths:
            break
        most = max(widths)
        # Names hold commas now and then; a separator is what stands in nearly every row, equally often.
        alike = sum(width == most for width in widths) / len(widths)
        if most > 1 and (alike, most) > best:
            best, found = (alike, most), separator
    return found


def _first(lines: Iterable[TableRow]) -> Iterator[TableRow]:
    for count, line in enumerate(lines):
        if count == _LOOKED_AT:
            return
        yield line


def read_csv(content: bytes, most: int = ROWS_LIMIT) -> list[TableRow]:
    """The rows of a CSV that hold anything, counted as a spreadsheet counts them.

    Raises:
        TableRefused: ``rows``.
    """
    text = decode(content)
    lines: list[TableRow] = []
    for number, line in enumerate(read_records(text, separator_of(text), blank=True), 1):
        cells = [cell.strip() for cell in line.cells]
        if not any(cells):
            continue
        if len(lines) == most:
            raise TableRefused("rows", most=most)
        lines.append(TableRow(number, cells, line.text, open_quote=line.open_quote))
    return lines


def read_records(text: str, separator: str, *, blank: bool = False) -> Iterator[TableRow]:
    """Rows of separated values, counted by lines of the text; a quoted cell may go over some lines.
    Rows without anything are passed over, unless ``blank``."""
    lines = re.split(r"\r\n|\n|\r", text.lstrip("\ufeff").replace("\0", ""))
    at = 0
    while at < len(lines):
        record, taken, is_open = lines[at], 1, _is_open(lines[at], separator)
        if is_open:
            for more in range(2, min(_QUOTED_LINES, len(lines) - at) + 1):
                whole = "\n".join(lines[at : at + more])
                if not _is_open(whole, separator):
                    record, taken, is_open = whole, more, False
                    break
        if blank or record.strip(f"{separator} \t"):
            cells = record.split(separator) if is_open else _cells(record, separator)
            yield TableRow(at + 1, [cell.strip() for cell in cells], record, open_quote=is_open)
        at += taken


def _is_open(record: str, separator: str) -> bool:
    """Whether a cell that begins with a quotation mark is not closed; marks inside a text are only text."""
    begins = record.startswith('"') or f'{separator}"' in record
    return begins and record.count('"') % 2 == 1


def _cells(record: str, separator: str) -> list[str]:
    try:
        # Not splitlines: it also parts at letters that are no line ends to a spreadsheet.
        cells = next(csv.reader([f"{part}\n" for part in record.split("\n")], delimiter=separator), [])
    except csv.Error:  # one cell of more than 128 KiB
        cells = record.split(separator)
    return [_AS_TEXT.sub(r"\1", cell) for cell in cells]


def flat(cell: str) -> str:
    """A cell as it is pasted: spreadsheets quote what holds a tab, a mark or a line end."""
    return '"' + cell.replace('"', '""') + '"' if re.search(r'[\t"\r\n]', cell) else cell


def as_text(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """Rows as separated values that `read_records` gives back as they were."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def with_reasons(header: Sequence[str], rows: Sequence[tuple[Sequence[str], str]], *, english: bool) -> str:
    """Rows below their header with a last column of reasons, parted by tabs as spreadsheets paste them."""
    wide = max([len(header), *(len(cells) for cells, _ in rows)])
    table = [[*header, *[""] * (wide - len(header)), "Reason" if english else "原因"]]
    table += [[*cells, *[""] * (wide - len(cells)), reason] for cells, reason in rows]
    return as_text(table, "\t")
