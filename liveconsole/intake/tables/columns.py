"""Which column is which: by the words of a header, in whatever order it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from liveconsole.intake.tables.lines import TableRow

_LOOKED_AT: Final = 10
"""Rows among which the header is looked for: sheets have a title, a date, a remark above it."""
_CELLS_ABOVE: Final = 2
"""What stands above a header holds no more cells than this; a row with more is one of the table."""


class Columns(Struct, frozen=True):
    """``order``: what each column holds, None where nothing that is asked for."""

    order: Sequence[str | None]
    header: int | None = None
    """The row of the header among the lines, from 0; None: there is none, and the usual order holds."""
    ignored: Sequence[str] = ()
    """Words of the header whose columns are not read."""
    in_fen: frozenset[str] = frozenset()
    """Columns of money whose header says 分 instead of 元."""


def plain(cell: str) -> str:
    """A word of a header without its blanks, marks, case and width."""
    return re.sub(r"[\s_\-*:：#/]", "", unicodedata.normalize("NFKC", cell).casefold())


def find_columns(
    lines: Sequence[TableRow],
    synonyms: Mapping[str, str],
    usual: Sequence[str],
    is_header: Callable[[Sequence[str | None]], bool],
) -> Columns:
    """``synonyms``: plain word → column. ``is_header``: whether what a row names makes a header."""
    for place, line in enumerate(lines[:_LOOKED_AT]):
        named = names_of(line, synonyms)
        if is_header(named.order):
            return Columns(named.order, place, named.ignored, named.in_fen)
        if sum(bool(cell) for cell in line.cells) > _CELLS_ABOVE:
            break
    return Columns(usual)


def names_of(line: TableRow, synonyms: Mapping[str, str]) -> Columns:
    """What each cell names; a column that is named twice is the first one."""
    order: list[str | None] = []
    ignored: list[str] = []
    in_fen: set[str] = set()
    for cell in line.cells:
        whole = plain(cell)
        bare = re.sub(r"[(\[（【].*", "", whole)
        unit = whole[len(bare) :].strip("()[]（）【】")
        column = synonyms.get(whole) or synonyms.get(bare)
        if column in order:
            column = None
        if column is None and cell:
            ignored.append(cell)
        if column is not None and (unit in ("分", "fen", "cents") or whole.endswith("fen")):
            in_fen.add(column)
        order.append(column)
    return Columns(order, None, ignored, frozenset(in_fen))
