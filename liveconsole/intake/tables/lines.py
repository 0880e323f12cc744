"""A row of cells, a table of them, and why a file is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct

FILE_LIMIT: Final = 20 * 1024 * 1024
ROWS_LIMIT: Final = 10_000
"""Rows of one table that hold anything."""

AREA_LIMIT: Final = 4_000_000
"""Cells between the first and the last of a sheet."""
ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""How workbooks number what a formula came to instead of a value."""

REASONS: Final[dict[str, tuple[str, str]]] = {
    "large": (
        "文件超过 20 MB：去掉图片，或分成几个文件",
        "The file is over 20 MB: take out its pictures, or part it into several",
    ),
    "rows": (
        "表格超过 {most:,} 行：请分成几个文件",
        "The table has over {most:,} rows: part it into several files",
    ),
    "unpacked": (
        "表格解开后太大，没有读：请把要导入的行复制到新的表格里",
        "Unpacked, the workbook is too large and was not read: copy the rows into a new one",
    ),
    "area": (
        "表格里有单元格离得太远（{cell}），没有读：请把要导入的行复制到新的表格里",
        "A cell stands too far away ({cell}), so it was not read: copy the rows into a new workbook",
    ),
    "broken": (
        "文件坏了，或不是表格：请重新导出",
        "The file is broken, or no table: export it again",
    ),
    "password": (
        "表格设了密码：请去掉密码再存一份",
        "The workbook has a password: save a copy without one",
    ),
    "format": (
        "读不了这种文件：请另存为 .xlsx 或 CSV",
        "This kind of file cannot be read: save it as .xlsx or CSV",
    ),
    "old": (
        "这份旧格式表格读不了：请用 Excel 或 WPS 另存为 .xlsx",
        "This workbook of the old format cannot be read: save it as .xlsx in Excel or WPS",
    ),
    "empty": ("文件里没有内容", "There is nothing in the file"),
    "sheet": ("没有这个工作表：{sheet}", "No such sheet: {sheet}"),
}


class TableRefused(Exception):
    """The file as a whole cannot be read: ``code`` is one of ``REASONS``. Not a fault of the program."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(REASONS[code][1].format_map(params))
        self.code, self.params = code, params

    def reason(self, *, english: bool = False) -> str:
        zh, en = REASONS[self.code]
        return (en if english else zh).format_map(self.params)


class TableRow(Struct, frozen=True):
    """A row that holds anything. ``number``: its row as a spreadsheet counts, its line in a paste; from 1."""

    number: int
    cells: Sequence[str]
    text: str
    """The row as it stood; of a file, its cells parted by tabs, so that it can be pasted back."""
    odd: dict[int, str] = {}
    """Place of a cell → what its sheet made of it: ``date``, ``digits`` (a number of more than the fifteen
    digits that a spreadsheet keeps), ``number``, ``bool``, ``error`` (a formula that went wrong or was never
    worked out: the cell has no value, which is not the same as being empty)."""
    open_quote: bool = False
    """A quoted cell is not closed."""
    hidden: bool = False
    """The sheet does not show this row: somebody has filtered or folded it away."""


class Untold(Struct, frozen=True):
    """What the library that reads workbooks does not tell of a sheet; rows and columns count from 0."""

    valueless: dict[int, dict[int, str]] = {}
    """Row → column of a cell without a value → what stands there instead: ``#N/A``, ``=C2*0.6``."""
    hidden: set[int] = set()

    def add(self, row: int, column: int, text: str) -> None:
        """A cell without a value."""
        self.valueless.setdefault(row, {})[column] = text


Wanted = Callable[[Sequence[TableRow]], bool]
"""Whether the rows of a sheet are a table of the kind that is asked for."""


class Table(Struct, frozen=True):
    lines: Sequence[TableRow]
    sheet: str = ""
    """The sheet that was read; ``""`` when the file has none."""
    sheets: Sequence[str] = ()
    """Every sheet that holds anything, in the order of the workbook."""


def column_letters(place: int) -> str:
    """The name of a column as spreadsheets write it; ``place`` counts from 0."""
    name = ""
    place += 1
    while place:
        place, digit = divmod(place - 1, 26)
        name = chr(65 + digit) + name
    return name
