"""Tables as people have them: a file's bytes, or a paste, read into rows of cells.

Pure: bytes and a file's name come in, rows and reasons go out. What a row means is said elsewhere
(`products`, `segment_rows`).
"""

from __future__ import annotations

from liveconsole.intake.tables.choices import (
    BadChoice,
    in_words,
    kept,
    key_of,
    read_choice,
    said_of,
    understood,
)
from liveconsole.intake.tables.columns import NOTHING_SAID, Choice, Columns, Known, Words, find_columns, plain
from liveconsole.intake.tables.file import read_table
from liveconsole.intake.tables.lines import (
    ERRORS,
    FILE_LIMIT,
    ROWS_LIMIT,
    Table,
    TableRefused,
    TableRow,
    column_letters,
)
from liveconsole.intake.tables.text import as_text, decode, read_records, with_reasons

__all__ = [
    "ERRORS",
    "FILE_LIMIT",
    "NOTHING_SAID",
    "ROWS_LIMIT",
    "BadChoice",
    "Choice",
    "Columns",
    "Known",
    "Table",
    "TableRefused",
    "TableRow",
    "Words",
    "as_text",
    "column_letters",
    "decode",
    "find_columns",
    "in_words",
    "kept",
    "key_of",
    "plain",
    "read_choice",
    "read_records",
    "read_table",
    "said_of",
    "understood",
    "with_reasons",
]
