"""Rows of cells, or a paste, as products: 编号 名称 价格 库存 底价, and 规格 where they have some."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from liveconsole.intake.products.groups import grouped, once_each, with_zeros
from liveconsole.intake.products.rows import BadRow, CatalogueRow, ProductTable, ReadLine, RowRemark
from liveconsole.intake.products.words import SYNONYMS, USUAL
from liveconsole.intake.tables import (
    ROWS_LIMIT,
    Columns,
    Table,
    TableRow,
    column_letters,
    find_columns,
    read_records,
)
from liveconsole.messages.text import TEXT_LIMIT
from liveconsole.views.money import NotMoney, parse_yuan

_ID_LIMIT: Final = 200
_MOST_UNITS: Final = 10**12
_NUMBER: Final = re.compile(r"[¥￥]?\d[\d,]*(\.\d+)?(元|块|件|个)?", re.ASCII)
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)
_MONEY: Final = ("price", "floor", "list")


class _Bad(Exception):
    def __init__(self, code: str, column: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


def read_products(table: Table) -> ProductTable:
    """The products of a file. A header is looked for in the first rows and may name the columns in any order,
    and ones that are not asked for; without one the order is 编号 名称 价格 库存 底价."""
    return _products(table.lines, of_file=True)


def parse_rows(text: str) -> list[CatalogueRow | BadRow]:
    """The rows of a paste in order; see `paste_products`."""
    return list(paste_products(text).rows)


def paste_products(text: str) -> ProductTable:
    """As `read_products`; columns are parted by tab, comma (also ，) or semicolon, else by blanks, told row
    by row, so that rows of several chats and sheets may stand under each other."""
    separator = "\t" if "\t" in text else ","
    lines: list[TableRow] = []
    order = 0
    for line in read_records(text, separator):
        cells = line.cells if "\t" in line.text else _split(line, order)
        order = order or len(cells)
        lines.append(msgspec.structs.replace(line, cells=cells))
    return _products(lines, of_file=False)


def _split(line: TableRow, wide: int) -> list[str]:
    text = line.text
    for separator in ",，;；":
        if separator in text:
            if separator == ",":
                return list(line.cells)
            return [cell.strip() for cell in next(iter(read_records(text, separator))).cells]
    words = text.split()
    return words if len(words) == wide else _from_the_right(words)


def _from_the_right(words: list[str]) -> list[str]:
    """Parted by blanks, a name may hold some: what follows it are its two or three last figures."""
    figures = 0
    while figures < min(3, len(words) - 2) and _NUMBER.fullmatch(words[-1 - figures]):
        figures += 1
    if figures < 2:
        return words
    return [words[0], " ".join(words[1:-figures]), *words[-figures:]]


def _is_header(order: Sequence[str | None]) -> bool:
    return "price" in order and bool({"product_id", "sku_id", "title"} & set(order))


def _products(lines: Sequence[TableRow], *, of_file: bool) -> ProductTable:
    columns = find_columns(lines, SYNONYMS, USUAL, _is_header)
    if "product_id" not in columns.order and "sku_id" in columns.order:
        # Who has one kind of id has the product's.
        renamed = ["product_id" if name == "sku_id" else name for name in columns.order]
        columns = msgspec.structs.replace(columns, order=renamed)
    start = 0 if columns.header is None else columns.header + 1
    heading = None if columns.header is None else list(lines[columns.header].cells)
    found: list[ReadLine | BadRow] = []
    for count, line in enumerate(lines[start:]):
        if heading is not None and list(line.cells) == heading:
            continue  # repeated, as on every page of a print
        try:
            if count >= ROWS_LIMIT:
                raise _Bad("too_many")
            found.append(_read_line(line, columns))
        except _Bad as bad:
            cell = ""
            if of_file and bad.column in columns.order:
                cell = f"{column_letters(columns.order.index(bad.column))}{line.number}"
            params = bad.params | ({"column": bad.column} if bad.column else {})
            found.append(BadRow(line.number, line.text, bad.code, params, cell, _id_of(line, columns)))
    rows = grouped(found) if {"spec", "sku_id"} & set(columns.order) else once_each(found)
    return ProductTable(with_zeros(rows), columns, {line.number: line for line in lines}, heading or ())


def _id_of(line: TableRow, columns: Columns) -> str:
    place = columns.order.index("product_id") if "product_id" in columns.order else len(line.cells)
    return line.cells[place] if place < len(line.cells) else ""


# One line -----------------------------------------------------------------------------------------------


def _read_line(line: TableRow, columns: Columns) -> ReadLine:
    if line.open_quote:
        raise _Bad("quotes")
    cells = list(line.cells)
    while cells and not cells[-1]:
        cells.pop()
    order = columns.order
    if (columns.header is None and len(cells) < 4) or len(cells) > len(order):
        raise _Bad("columns")
    if not {"product_id", "title", "price"} <= set(order):
        raise _Bad("columns")
    said = {name: cell for name, cell in zip(order, cells, strict=False) if name is not None}
    for place, kind in line.odd.items():
        name = order[place] if place < len(order) else None
        if name is not None:
            _refuse_odd(name, kind, said.get(name, ""))
    product_id, title = said.get("product_id", ""), said.get("title", "")
    if not product_id:
        raise _Bad("no_id", "product_id")
    if len(product_id) > _ID_LIMIT:
        raise _Bad("id_long", "product_id")
    for name in ("product_id", "sku_id"):
        if _SCIENTIFIC.fullmatch(said.get(name, "")):
            raise _Bad("id_scientific", name)
    if not title:
        raise _Bad("no_title", "title")
    if len(title) > TEXT_LIMIT:
        raise _Bad("title_long", "title")
    if len(said.get("points", "")) > TEXT_LIMIT:
        raise _Bad("points_long", "points")
    spec = " ".join(filter(None, (said.get("spec"), said.get("size"))))
    sku_id = said.get("sku_id", "")
    if len(sku_id or f"{product_id}/{spec}") > _ID_LIMIT:
        raise _Bad("spec_long", "sku_id" if sku_id else "spec")
    money = {
        name: _money(name, said.get(name, ""), in_fen=name in columns.in_fen)
        for name in _MONEY
        if name == "price" or said.get(name)
    }
    price, floor, listed = money["price"], money.get("floor"), money.get("list")
    if floor is not None and floor > price:
        raise _Bad("floor_over_price", "floor")
    if listed is not None and listed < price:
        raise _Bad("list_under_price", "list")
    stock = _units(said.get("stock", "")) if "stock" in order else None
    remarks = () if price else (RowRemark("free"),)
    points = said.get("points", "")
    row = CatalogueRow(
        line.number, product_id, title, price, stock, floor, listed, points, spec, remarks=remarks
    )
    return ReadLine(row, line.text, sku_id)


def _refuse_odd(name: str, kind: str, value: str) -> None:
    if kind == "date":
        raise _Bad("date", name, value=value)
    if kind == "digits" and name in ("product_id", "sku_id"):
        raise _Bad("id_digits", name)
    if kind in ("bool", "error"):
        raise _Bad("cell", name, value=value)


def _money(name: str, text: str, *, in_fen: bool) -> int:
    try:
        fen = parse_yuan(text)
    except NotMoney as why:
        raise _Bad(f"money_{why}", name, value=text) from why
    if not in_fen:
        return fen
    if fen % 100:
        raise _Bad("money_format", name, value=text)
    return fen // 100


def _units(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip().rstrip("件个")
    plain = re.sub(r"\.0+$", "", plain)
    if not plain.isascii() or not plain.isdigit() or int(plain) > _MOST_UNITS:
        raise _Bad("stock_format", "stock", value=text)
    return int(plain)
