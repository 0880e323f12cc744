"""What short videos brought to broadcasts, out of a table: 场次 or 日期, 人数, 花费, 成交.

Rows of one broadcast are its videos, and are added up. What cannot be taken comes back with why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct

from liveconsole.intake.tables import Columns, Table, TableRow, Words, find_columns
from liveconsole.views.money import NotMoney, parse_yuan

_NAMED: Final[dict[str, str]] = {
    "broadcast": "场次 直播场次 第几场 场 broadcast number",
    "day": "日期 直播日期 开播日期 date day",
    "viewers": "人数 引流人数 进房人数 带来的人 观看人数 直播间观看人数 viewers visitors",
    "cost": "花费 成本 消耗 投放花费 推广花费 总消耗 cost spend",
    "sold": "成交 成交额 成交金额 引流成交金额 gmv sold sales revenue",
}
_SYNONYMS: Final = {word: column for column, words in _NAMED.items() for word in words.split()}
_ORDER: Final = tuple(_NAMED)
FIGURES: Final = {"viewers": "clip_viewers", "cost": "clip_cost_fen", "sold": "clip_gmv_fen"}
"""Column → the name under which `board.type` takes it."""
ROWS_MOST: Final = 5_000
_MOST: Final = 10**12
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")
REASONS: Final[dict[str, tuple[str, str]]] = {
    "columns": (
        "第一行要有场次或日期，和人数、花费、成交里的至少一列",
        "The first row must name the broadcast or its date, and viewers, cost or sold",
    ),
    "nothing": ("没有人数、花费或成交", "Neither viewers nor cost nor sold"),
    "no_broadcast": ("没有场次或日期", "Neither a broadcast nor a date"),
    "broadcast": ("没有第 {text} 场", "There is no broadcast {text}"),
    "day": ("日期不对：{text}", "Not a date: {text}"),
    "none_that_day": ("{text} 没有直播", "No broadcast on {text}"),
    "several_that_day": (
        "{text} 有 {n} 场，写场次：{numbers}",
        "{n} broadcasts on {text}: write which one, of {numbers}",
    ),
    "other_day": ("第 {number} 场不是 {text} 开的", "Broadcast {number} did not open on {text}"),
    "viewers": ("人数不是整数：{text}", "The viewers are no whole number: {text}"),
    "cost": ("花费不是金额：{text}", "The cost is no amount: {text}"),
    "sold": ("成交不是金额：{text}", "What was sold is no amount: {text}"),
    "too_many": ("一次最多 {n} 行", "{n} rows at most in one go"),
}


class BadClip(Struct, frozen=True):
    """``code`` is one of `REASONS`; ``line`` from 1."""

    line: int
    code: str
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        return REASONS[self.code][english].format_map(self.params)


class ClipTable(Struct, frozen=True):
    """``figures``: broadcast → name for `board.type` → value; what no row of it says is not there."""

    figures: dict[int, dict[str, int]]
    taken: int
    bad: list[BadClip]


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def _is_header(order: Sequence[str | None], line: TableRow) -> bool:
    named = set(order)
    return bool({"broadcast", "day"} & named) and bool(FIGURES.keys() & named)


_WORDS: Final = Words(_SYNONYMS, _ORDER, _is_header, lambda line: False)


def is_clips(lines: Sequence[TableRow]) -> bool:
    """Tell whether the rows of a sheet are such a list, which its header says."""
    return find_columns(lines, _WORDS).header is not None


def read_clips(table: Table, days: Mapping[int, date]) -> ClipTable:
    """``days``: broadcast → the day in China on which it opened."""
    columns = find_columns(table.lines, _WORDS)
    if columns.header is None:
        return ClipTable({}, 0, [BadClip(table.lines[0].number if table.lines else 1, "columns")])
    figures: dict[int, dict[str, int]] = {}
    bad: list[BadClip] = []
    taken = 0
    for line in table.lines[columns.header + 1 :]:
        cells = _cells(line, columns)
        try:
            if taken >= ROWS_MOST:
                raise _Wrong("too_many", n=ROWS_MOST)
            number, said = _broadcast(cells, days), _figures(cells)
        except _Wrong as why:
            bad.append(BadClip(line.number, why.code, why.params))
            continue
        taken += 1
        sums = figures.setdefault(number, {})
        for name, value in said.items():
            sums[name] = sums.get(name, 0) + value
    return ClipTable(figures, taken, bad)


def _cells(line: TableRow, columns: Columns) -> Mapping[str, str]:
    pairs = zip(columns.order, line.cells, strict=False)
    return {name: _plain(cell) for name, cell in pairs if name is not None}


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def _broadcast(cells: Mapping[str, str], days: Mapping[int, date]) -> int:
    """By its number, by its day, or by both where they agree."""
    named, day = cells.get("broadcast", ""), _day(cells.get("day", ""))
    if named:
        digits = named.removeprefix("第").removesuffix("场").removeprefix("#").strip()
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 0
        if number not in days:
            raise _Wrong("broadcast", text=named)
        if day is not None and days[number] != day:
            raise _Wrong("other_day", number=number, text=day.isoformat())
        return number
    if day is None:
        raise _Wrong("no_broadcast")
    found = [number for number, opened in days.items() if opened == day]
    if not found:
        raise _Wrong("none_that_day", text=day.isoformat())
    if len(found) > 1:
        raise _Wrong(
            "several_that_day", text=day.isoformat(), n=len(found), numbers=", ".join(map(str, found))
        )
    return found[0]


def _day(cell: str) -> date | None:
    if not cell:
        return None
    found = _DAY.fullmatch(cell)
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass  # the 31st of a month that has none
    raise _Wrong("day", text=cell)


def _figures(cells: Mapping[str, str]) -> dict[str, int]:
    said: dict[str, int] = {}
    for column, name in FIGURES.items():
        if cell := cells.get(column, ""):
            said[name] = _people(cell) if column == "viewers" else _fen(column, cell)
    if not said:
        raise _Wrong("nothing")
    return said


def _people(cell: str) -> int:
    digits = cell.replace(",", "").removesuffix("人")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise _Wrong("viewers", text=cell)
    return int(digits)


def _fen(column: str, cell: str) -> int:
    try:
        fen = parse_yuan(cell)
    except NotMoney as why:
        raise _Wrong(column, text=cell) from why
    if fen > _MOST:
        raise _Wrong(column, text=cell)
    return fen
