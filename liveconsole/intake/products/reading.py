"""Rows of cells, or a paste, as products: 编号 名称 价格 库存 底价, and 规格 where they have some."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from liveconsole.intake.products.groups import grouped, once_each, with_likes, with_zeros
from liveconsole.intake.products.ids import clean_id, visibly
from liveconsole.intake.products.rows import BadRow, CatalogueRow, ProductTable, ReadLine, Refusal, RowRemark
from liveconsole.intake.products.terms import BadTerm, read_terms
from liveconsole.intake.products.words import GOODS, ORDERS, USUAL, is_figure, looks_like
from liveconsole.intake.tables import (
    ERRORS,
    NOTHING_SAID,
    ROWS_LIMIT,
    Choice,
    Columns,
    Table,
    TableRow,
    Words,
    column_letters,
    find_columns,
    in_words,
    read_records,
)
from liveconsole.messages.text import TEXT_LIMIT
from liveconsole.views.money import NotMoney, parse_yuan

_ID_LIMIT: Final = 200
_MOST_UNITS: Final = 10**12
_NUMBER: Final = re.compile(r"[¥￥]?\d[\d,]*(\.\d+)?(元|块|件|个)?", re.ASCII)
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)
_MONEY: Final = ("price", "floor", "list")
_EXAMPLE: Final = re.compile(r"(?:示例|样例|例)[：:]|示例商品|(?i:example)[：:]")
_NO_VALUES: Final = frozenset({*ERRORS.values(), "#SPILL!", "#CALC!", "#GETTING_DATA", "#BLOCKED!"})


class _Bad(Exception):
    def __init__(self, code: str, column: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.params = code, column, params


def read_products(table: Table, choice: Choice = NOTHING_SAID, words: Words = GOODS) -> ProductTable:
    """The products of a file. A header is looked for in the first rows and may name the columns in any
    order, and ones that are not asked for; only without one the order is 编号 名称 价格 库存 底价.
    ``choice``: what a person has said of columns; ``words``: by what it is understood (`shops`)."""
    return _products(table.lines, choice, words, of_file=True)


def is_goods(lines: Sequence[TableRow]) -> bool:
    """Whether the rows of a sheet are products, which its first rows tell."""
    columns = find_columns(lines, GOODS)
    if columns.header is None:
        return any(len(line.cells) >= 4 and all(map(is_figure, line.cells[2:4])) for line in lines[:10])
    return "title" in columns.order or "product_id" in columns.order


def parse_rows(text: str) -> list[CatalogueRow | BadRow]:
    """The rows of a paste in order; see `paste_products`."""
    return list(paste_products(text).rows)


def paste_products(text: str, choice: Choice = NOTHING_SAID, words: Words = GOODS) -> ProductTable:
    """As `read_products`; columns are parted by tab, comma (also ，) or semicolon, else by blanks, told row
    by row, so that rows of several chats and sheets may stand under each other."""
    if "\t" not in text.lstrip().partition("\n")[0]:
        text = text.replace("\t,", ",")  # a tab that shields an id from the sheet, not one between columns
    separator = "\t" if "\t" in text else ","
    lines: list[TableRow] = []
    order = 0
    for line in read_records(text, separator):
        cells = line.cells if "\t" in line.text else _split(line, order)
        if not any(cells):
            continue  # nothing but separators
        order = order or len(cells)
        lines.append(msgspec.structs.replace(line, cells=cells))
    return _products(lines, choice, words, of_file=False)


def _split(line: TableRow, wide: int) -> list[str]:
    text = line.text
    for separator in ",，;；":
        if separator in text:
            if separator == "," and len(line.cells) > 1:
                return list(line.cells)
            return [cell.strip() for record in read_records(text, separator) for cell in record.cells]
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


def _products(lines: Sequence[TableRow], choice: Choice, words: Words, *, of_file: bool) -> ProductTable:
    columns = find_columns(lines, words, choice)
    if "product_id" not in columns.order and "sku_id" in columns.order and "sku_id" not in choice.values():
        # Who has one kind of id has the product's.
        renamed = ["product_id" if name == "sku_id" else name for name in columns.order]
        columns = msgspec.structs.replace(columns, order=renamed)
    start = 0 if columns.header is None else columns.header + 1
    heading: list[str] | None = None if columns.header is None else list(lines[columns.header].cells)
    refusal = _refusal(columns, lines, choice)
    if refusal is not None:
        return ProductTable((), columns, {line.number: line for line in lines}, refusal)
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
    numbered = {line.number: line for line in lines}
    return ProductTable(with_zeros(with_likes(rows, numbered)), columns, numbered)


def _refusal(columns: Columns, lines: Sequence[TableRow], choice: Choice) -> Refusal | None:
    """Why no row can be read: the table says by its words what it is, and they are not understood."""
    orders = [label for label, own in zip(columns.labels, columns.words, strict=False) if own & ORDERS]
    if orders:
        return Refusal("orders", {"words": in_words(orders)})
    if columns.unsure:
        column, labels = next(iter(columns.unsure.items()))
        return Refusal("unsure", {"column": [column], "words": in_words(labels)})
    missing = [name for name in ("product_id", "title", "price") if name not in columns.order]
    if missing and columns.header is None and choice:
        return Refusal("missing", {"column": missing, "words": in_words(columns.labels)})
    if columns.header is None:
        return None
    unknown = in_words(columns.ignored) or "—"
    if len(missing) == 3:
        return Refusal("unnamed", {"line": lines[columns.header].number, "words": unknown})
    if missing:
        return Refusal("missing", {"column": missing, "words": unknown})
    for label in columns.ignored:
        like = None if label in choice else looks_like(label)
        if like is not None and like not in columns.order:
            return Refusal("like", {"column": [like], "words": label})
    return None


def _id_of(line: TableRow, columns: Columns) -> str:
    place = columns.order.index("product_id") if "product_id" in columns.order else len(line.cells)
    return clean_id(line.cells[place]) if place < len(line.cells) else ""


# One line -----------------------------------------------------------------------------------------------


def _read_line(line: TableRow, columns: Columns) -> ReadLine:
    if line.open_quote:
        raise _Bad("quotes")
    cells = list(line.cells)
    while cells and not cells[-1]:
        cells.pop()
    order = columns.order
    by_place = columns.header is None and list(order) == list(USUAL)
    if (by_place and len(cells) < 4) or len(cells) > len(order):
        raise _Bad("columns")
    said = {name: cell for name, cell in zip(order, cells, strict=False) if name is not None}
    for place, kind in line.odd.items():
        name = order[place] if place < len(order) else None
        if name is not None:
            _refuse_odd(name, kind, said.get(name, ""))
    for name, value in said.items():
        if value in _NO_VALUES:
            raise _Bad("no_value", name, value=value)
    stood, title = said.get("product_id", ""), said.get("title", "")
    product_id = clean_id(stood)
    if not product_id:
        raise _Bad("no_id", "product_id")
    if len(product_id) > _ID_LIMIT:
        raise _Bad("id_long", "product_id")
    for name in ("product_id", "sku_id"):
        if _SCIENTIFIC.fullmatch(said.get(name, "")):
            raise _Bad("id_scientific", name)
    if not title:
        raise _Bad("no_title", "title")
    if _EXAMPLE.match(stood) or _EXAMPLE.match(title):
        raise _Bad("example")
    if len(title) > TEXT_LIMIT:
        raise _Bad("title_long", "title")
    if len(said.get("points", "")) > TEXT_LIMIT:
        raise _Bad("points_long", "points")
    try:
        terms = read_terms(said)
    except BadTerm as bad:
        raise _Bad(bad.code, bad.column, **bad.params) from bad
    spec = " ".join(filter(None, (said.get("spec"), said.get("size"))))
    sku_id = clean_id(said.get("sku_id", ""))
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
    remarks = [] if price else [RowRemark("free")]
    if floor == 0:
        remarks.append(RowRemark("no_floor"))
    if line.hidden:
        remarks.append(RowRemark("hidden_row"))
    if stood != product_id and visibly(stood) != product_id:
        remarks.append(RowRemark("id_read", {"read": product_id, "stood": visibly(stood)}))
    row = CatalogueRow(
        line.number,
        product_id,
        title,
        price,
        stock,
        floor,
        listed,
        said.get("points", ""),
        spec,
        remarks=tuple(remarks),
        stood=stood if stood != product_id else "",
        terms=terms,
    )
    return ReadLine(row, line.text, sku_id)


def _refuse_odd(name: str, kind: str, value: str) -> None:
    if kind == "date" and name != "ships_on":
        raise _Bad("date", name, value=value)
    if kind == "digits" and name in ("product_id", "sku_id"):
        raise _Bad("id_digits", name)
    if kind == "error":
        raise _Bad("no_value", name, value=value)
    if kind == "bool":
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
