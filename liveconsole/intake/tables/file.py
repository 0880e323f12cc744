"""Which kind of table a file is, told by what is in it: names lie more often than first bytes."""

from __future__ import annotations

from typing import Final

from liveconsole.intake.tables.lines import FILE_LIMIT, ROWS_LIMIT, Table, TableRefused, Wanted
from liveconsole.intake.tables.markup import is_markup, read_markup
from liveconsole.intake.tables.text import read_csv

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TEXT: Final = (".xlsx", ".xlsm", ".ods", ".xlsb", ".numbers")
_CONTROLS: Final = bytes(sorted({*range(32), 127} - {9, 10, 13, 26}))


def read_table(
    content: bytes,
    name: str,
    sheet: str | None = None,
    wanted: Wanted = bool,
    most: int = ROWS_LIMIT,
) -> Table:
    """The rows of a file: CSV, a workbook (.xlsx, .xls, .xlsb, .ods), or a page with a table that calls
    itself one. ``sheet``: one of a workbook, else the first that is ``wanted``, else the first that holds
    anything. ``most``: rows of a CSV or a workbook. Takes up to a second or two; call it off the Qt thread.

    Raises:
        TableRefused: the file as a whole cannot be read, with a reason to show.
    """
    if len(content) > FILE_LIMIT:
        raise TableRefused("large")
    if not content.strip():
        raise TableRefused("empty")
    if content.startswith((_ZIP, _OLE)):
        # Few files are workbooks, and every start would wait for it.
        from liveconsole.intake.tables import book

        return (book.read_zipped_book if content.startswith(_ZIP) else book.read_old_book)(
            content, sheet, wanted, most
        )
    if is_markup(content):
        return read_markup(content, sheet, wanted)
    lowered = name.casefold()
    if lowered.endswith(_NO_TEXT) or content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        raise TableRefused("broken")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if lowered.endswith((".xls", ".et")) and not wide and content.translate(None, _CONTROLS) != content:
        raise TableRefused("old")  # neither a workbook nor a text under its name
    if content[:1024].count(0) and not wide:
        raise TableRefused("format")
    lines = read_csv(content, most)
    if not lines:
        raise TableRefused("empty")
    return Table(lines)
