"""What the sheets share that bring a table in: where it comes from, and what was understood, row by row."""

from __future__ import annotations

from ui.sheets.table.preview import Preview
from ui.sheets.table.rows import PreviewRow, why_in
from ui.sheets.table.sheet import TableSheet
from ui.sheets.table.source import TableInput

__all__ = ["Preview", "PreviewRow", "TableInput", "TableSheet", "why_in"]
