"""Which kind of table a file is, told by what is in it: names lie more often than first bytes."""

from __future__ import annotations

from typing import Final

from liveconsole.intake.tables.lines import FILE_LIMIT, Table, TableRefused
from liveconsole.intake.tables.text import read_csv

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TEXT: Final = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb", ".numbers")


def read_table(content: bytes, name: str, sheet: str | None = None) -> Table:
    """The rows of a file: CSV, .xlsx, or .xls as far as it can be read. ``sheet``: one of a workbook,
    else the first that holds anything. Takes up to a second or two; call it off the Qt thread.

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

        return (book.read_zipped_book if content.startswith(_ZIP) else book.read_old_book)(content, sheet)
    lowered = name.casefold()
    if lowered.endswith(_NO_TEXT) or content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        raise TableRefused("old" if lowered.endswith((".xls", ".et")) else "broken")
    if content[:1024].count(0) and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableRefused("format")
    lines = read_csv(content)
    if not lines:
        raise TableRefused("empty")
    return Table(lines)
