"""Rivals' best sellers out of a table: 店铺 商品 价格 销量 名次. What cannot be taken comes back with why."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from liveconsole.intake.tables import Columns, Table, TableRow, Words, find_columns
from liveconsole.messages.preparing import RIVAL_ROWS_LIMIT
from liveconsole.views.money import NotMoney, parse_yuan

_NAMED: Final[dict[str, str]] = {
    "shop": "店铺 店铺名称 店铺名 竞品 竞品店铺 对手 主播 账号 shop rival",
    "title": "商品 商品名称 商品名 名称 标题 品名 title product name",
    "price": "价格 到手价 售价 直播价 券后价 单价 成交价 price",
    "sold": "销量 销售量 件数 成交件数 周销量 近7天销量 sold sales units",
    "rank": "名次 排名 序号 top rank",
}
_SYNONYMS: Final = {word: column for column, words in _NAMED.items() for word in words.split()}
_ORDER: Final = ("shop", "title", "price", "sold", "rank")
REASONS: Final[dict[str, tuple[str, str]]] = {
    "columns": ("第一行要有：店铺、商品、价格", "The first row must name shop, product and price"),
    "nothing": ("没有店铺或商品名", "Neither a shop nor a product"),
    "price": ("价格不对：{text}", "Not a price: {text}"),
    "sold": ("销量不对：{text}", "Not a number of units: {text}"),
    "rank": ("名次不对：{text}", "Not a rank: {text}"),
    "long": ("名字超过 200 字", "A name over 200 characters"),
    "too_many": ("一周最多 {n} 行", "{n} rows a week at most"),
}
_LONG: Final = 200
_WAN: Final = 10_000


class BadRival(Struct, frozen=True):
    """``code`` is one of `REASONS`; ``line`` from 1."""

    line: int
    code: str
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        return REASONS[self.code][english].format_map(self.params)


class RivalTable(Struct, frozen=True):
    """``rows`` as ``rivals.put`` takes them."""

    rows: list[dict[str, Any]]
    bad: list[BadRival]


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def _is_header(order: Sequence[str | None], line: TableRow) -> bool:
    return {"shop", "title", "price"} <= set(order)


_WORDS: Final = Words(_SYNONYMS, _ORDER, _is_header, lambda line: False)


def is_rivals(lines: Sequence[TableRow]) -> bool:
    """Tell whether the rows of a sheet are such a list, which its header says."""
    return find_columns(lines, _WORDS).header is not None


def read_rivals(table: Table) -> RivalTable:
    """Read every row below the header; a list without one is not guessed at."""
    columns = find_columns(table.lines, _WORDS)
    if columns.header is None:
        return RivalTable([], [BadRival(table.lines[0].number if table.lines else 1, "columns")])
    rows: list[dict[str, Any]] = []
    bad: list[BadRival] = []
    for line in table.lines[columns.header + 1 :]:
        try:
            row = _row(_cells(line, columns))
            if len(rows) >= RIVAL_ROWS_LIMIT:
                raise _Wrong("too_many", n=RIVAL_ROWS_LIMIT)
            rows.append(row)
        except _Wrong as why:
            bad.append(BadRival(line.number, why.code, why.params))
    return RivalTable(rows, bad)


def _cells(line: TableRow, columns: Columns) -> Mapping[str, str]:
    pairs = zip(columns.order, line.cells, strict=False)
    return {name: cell.strip() for name, cell in pairs if name is not None}


def _row(cells: Mapping[str, str]) -> dict[str, Any]:
    shop, title = cells.get("shop", ""), cells.get("title", "")
    if not shop or not title:
        raise _Wrong("nothing")
    if max(len(shop), len(title)) > _LONG:
        raise _Wrong("long")
    try:
        price = parse_yuan(cells.get("price", ""))
    except NotMoney as error:
        raise _Wrong("price", text=cells.get("price", "")) from error
    row: dict[str, Any] = {"shop": shop, "title": title, "price_fen": price}
    if cells.get("sold"):
        row["sold"] = _whole("sold", cells["sold"])
    if cells.get("rank"):
        row["rank"] = _whole("rank", cells["rank"].lstrip("TOPtop#第").rstrip("名"))
        if not 1 <= row["rank"] <= 1_000:
            raise _Wrong("rank", text=cells["rank"])
    return row


def _whole(column: str, cell: str) -> int:
    """Read a number of units; lists write 1.2万 too."""
    text = unicodedata.normalize("NFKC", cell).replace(",", "").strip().rstrip("+件")
    times = _WAN if text.endswith(("万", "w", "W")) else 1
    whole, dot, part = text.rstrip("万wW").partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > 9 or (dot and not part.isdigit()):
        raise _Wrong(column, text=cell)
    if dot and times == 1 and part.strip("0"):
        raise _Wrong(column, text=cell)
    return int(whole) * times + (int((part + "0000")[:4]) if times > 1 else 0)
