"""Tables as people have them: a file's bytes, or a paste, read into rows of cells.

Pure: bytes and a file's name come in, rows and reasons go out. What a row means is said elsewhere
(`products`, `segment_rows`).
"""

from __future__ import annotations

from liveconsole.intake.tables.columns import Columns, find_columns
from liveconsole.intake.tables.file import read_table
from liveconsole.intake.tables.lines import (
    FILE_LIMIT,
    ROWS_LIMIT,
    Table,
    TableRefused,
    TableRow,
    column_letters,
)
from liveconsole.intake.tables.text import as_text, decode, read_records, with_reasons

__all__ = [
    "FILE_LIMIT",
    "ROWS_LIMIT",
    "Columns",
    "Table",
    "TableRefused",
    "TableRow",
    "as_text",
    "column_letters",
    "decode",
    "find_columns",
    "read_records",
    "read_table",
    "with_reasons",
]
