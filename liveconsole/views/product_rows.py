"""Products as people paste them or keep them in a CSV: 编号 名称 价格 库存 底价.

Pure: the desk's paste dialog and ``liveconsole import`` share it. A row that cannot be taken is given
back with its reason and its text; no row is guessed at, and none takes its neighbours with it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.text import TEXT_LIMIT
from liveconsole.views.money import NotMoney, parse_yuan

ROWS_LIMIT: Final = 5000
"""Products in one ``catalogue.put``."""

_ID_LIMIT: Final = 200
_MOST_UNITS: Final = 10**12
_COLUMNS: Final = ("product_id", "title", "price", "stock", "floor")
_SYNONYMS: Final[dict[str, frozenset[str]]] = {
    "product_id": frozenset(
        [
            "编号",
            "商品编号",
            "商品id",
            "商品编码",
            "编码",
            "货号",
            "款号",
            "id",
            "sku",
            "skuid",
            "sku编码",
            "code",
            "productid",
            "产品编号",
        ]
    ),
    "title": frozenset(
        [
            "名称",
            "商品名称",
            "商品名",
            "标题",
            "商品标题",
            "品名",
            "商品",
            "title",
            "name",
            "product",
            "产品名称",
        ]
    ),
    "price": frozenset(["价格", "售价", "单价", "直播价", "现价", "商品价格", "销售价", "价", "price"]),
    "stock": frozenset(["库存", "数量", "库存数量", "件数", "可售库存", "stock", "quantity", "qty", "units"]),
    "floor": frozenset(["底价", "最低价", "底线", "保底价", "成本底价", "floor", "floorprice"]),
}
_NUMBER: Final = re.compile(r"[¥￥]?\d[\d,]*(\.\d+)?(元|块|件|个)?", re.ASCII)
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)

REASONS: Final[dict[str, tuple[str, str]]] = {
    "columns": (
        "列数不对：要 编号、名称、价格、库存（底价可不填）",
        "Columns: id, name, price, stock (floor may be left out)",
    ),
    "no_id": ("没有编号", "No id"),
    "id_long": ("编号超过 200 字", "The id is over 200 characters"),
    "id_scientific": (
        "编号像被表格改成了科学计数，请把该列设为文本",
        "The id looks changed to scientific notation; make its column text",
    ),
    "no_title": ("没有名称", "No name"),
    "title_long": ("名称超过 500 字", "The name is over 500 characters"),
    "price_format": ("价格不是金额：{value}", "The price is no amount: {value}"),
    "price_negative": ("价格是负数：{value}", "The price is negative: {value}"),
    "price_decimals": ("价格多于两位小数：{value}", "The price has more than two decimals: {value}"),
    "price_large": ("价格太大：{value}", "The price is too large: {value}"),
    "floor_format": ("底价不是金额：{value}", "The floor is no amount: {value}"),
    "floor_negative": ("底价是负数：{value}", "The floor is negative: {value}"),
    "floor_decimals": ("底价多于两位小数：{value}", "The floor has more than two decimals: {value}"),
    "floor_large": ("底价太大：{value}", "The floor is too large: {value}"),
    "floor_over_price": ("底价高于价格", "The floor is above the price"),
    "stock_format": ("库存不是整数：{value}", "The stock is no whole number: {value}"),
    "twice": ("编号和第 {line} 行重复", "The id is that of line {line} too"),
    "quotes": ("引号没有配对", "A quotation mark is not closed"),
    "too_many": ("一次最多 5000 个商品", "5000 products at most in one go"),
}


class Row(Struct, frozen=True):
    """A product that can be put. ``line`` is where it starts in the text, from 1."""

    line: int
    product_id: str
    title: str
    price_fen: int
    stock: int
    floor_fen: int | None = None

    def product(self) -> dict[str, Any]:
        """As ``catalogue.put`` takes it."""
        put: dict[str, Any] = {
            "product_id": self.product_id,
            "title": self.title,
            "price_fen": self.price_fen,
            "stock": self.stock,
        }
        if self.floor_fen is not None:
            put["floor_fen"] = self.floor_fen
        return put


class BadRow(Struct, frozen=True):
    """A row that cannot be taken: ``code`` is one of ``REASONS``, ``text`` the row as it stood."""

    line: int
    text: str
    code: str
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        zh, en = REASONS[self.code]
        return (en if english else zh).format_map(self.params)


def decode(content: bytes) -> str:
    """The text of a file from a Chinese spreadsheet: UTF-16 or UTF-8 with or without BOM, else GB 18030
    (bytes that are none of these become U+FFFD and show in the bad rows)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def parse_rows(text: str) -> list[Row | BadRow]:
    """Every row of ``text`` in order; blank lines and one header line are passed over.

    Columns are parted by tab, comma (also ，) or semicolon, else by blanks, told row by row. A header
    may name the columns in another order and bring columns that are not asked for; without one the
    order is 编号 名称 价格 库存 底价.
    """
    rows: list[Row | BadRow] = []
    order: Sequence[str | None] | None = None
    seen: dict[str, int] = {}
    first = True
    for number, record in _records(text):
        if record.count('"') % 2:
            rows.append(BadRow(number, record, "quotes"))
            continue
        fields = _split(record, order)
        if first:
            first = False
            named = _header(fields)
            if named is not None:
                order = named
                continue
        row = _row(number, record, fields, order)
        if isinstance(row, Row):
            if row.product_id in seen:
                row = BadRow(number, record, "twice", {"line": seen[row.product_id]})
            elif len(seen) == ROWS_LIMIT:
                row = BadRow(number, record, "too_many")
            else:
                seen[row.product_id] = number
        rows.append(row)
    return rows


def _records(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank; a quoted field may go over up to ten of them."""
    lines = re.split(r"\r\n|\n|\r", text.lstrip("\ufeff").replace("\0", ""))
    at = 0
    while at < len(lines):
        record, taken = lines[at], 1
        if record.count('"') % 2:
            for more in range(2, 11):
                whole = "\n".join(lines[at : at + more])
                if whole.count('"') % 2 == 0:
                    record, taken = whole, more
                    break
        if record.strip():
            yield at + 1, record
        at += taken


def _split(record: str, order: Sequence[str | None] | None) -> list[str]:
    for delimiter in "\t,，;；":
        if delimiter in record:
            try:
                fields = next(csv.reader([record], delimiter=delimiter, skipinitialspace=True))
            except csv.Error:  # one field of more than 128 KiB
                fields = record.split(delimiter)
            return [field.strip() for field in fields]
    words = record.split()
    if order is not None and len(words) == len(order):
        return words
    return _from_the_right(words)


def _from_the_right(words: list[str]) -> list[str]:
    """Parted by blanks, a name may hold some: what follows it are its two or three last figures."""
    figures = 0
    while figures < min(3, len(words) - 2) and _NUMBER.fullmatch(words[-1 - figures]):
        figures += 1
    if figures < 2:
        return words
    return [words[0], " ".join(words[1:-figures]), *words[-figures:]]


def _header(fields: list[str]) -> list[str | None] | None:
    """Which column each field names, when this is a header: it names at least an id or name, and a price."""
    names: list[str | None] = []
    for field in fields:
        bare = re.sub(r"[\s_\-（(].*|[*:：]", "", unicodedata.normalize("NFKC", field).casefold())
        whole = re.sub(r"[\s_\-*:：]", "", unicodedata.normalize("NFKC", field).casefold())
        column = next((c for c, words in _SYNONYMS.items() if whole in words or bare in words), None)
        names.append(column if column not in names else None)
    if "price" in names and ("product_id" in names or "title" in names):
        return names
    return None


def _row(line: int, record: str, fields: list[str], order: Sequence[str | None] | None) -> Row | BadRow:
    def bad(code: str, **params: Any) -> BadRow:
        return BadRow(line, record, code, params)

    while fields and not fields[-1]:
        fields = fields[:-1]
    columns = order if order is not None else _COLUMNS
    if len(fields) > len(columns) or (order is None and len(fields) < 4):
        return bad("columns")
    cells = {name: cell for name, cell in zip(columns, fields, strict=False) if name is not None}
    if any(name not in columns for name in _COLUMNS[:4]):
        return bad("columns")

    product_id, title = cells.get("product_id", ""), cells.get("title", "")
    if not product_id:
        return bad("no_id")
    if len(product_id) > _ID_LIMIT:
        return bad("id_long")
    if _SCIENTIFIC.fullmatch(product_id):
        return bad("id_scientific")
    if not title:
        return bad("no_title")
    if len(title) > TEXT_LIMIT:
        return bad("title_long")
    price = _money(cells.get("price", ""))
    if isinstance(price, str):
        return bad(f"price_{price}", value=cells.get("price", ""))
    stock = unicodedata.normalize("NFKC", cells.get("stock", "")).replace(",", "").strip().rstrip("件个")
    if not stock.isascii() or not stock.isdigit() or int(stock) > _MOST_UNITS:
        return bad("stock_format", value=cells.get("stock", ""))
    floor: int | str | None = _money(cells["floor"]) if cells.get("floor") else None
    if isinstance(floor, str):
        return bad(f"floor_{floor}", value=cells["floor"])
    if floor is not None and floor > price:
        return bad("floor_over_price")
    return Row(line, product_id, title, price, int(stock), floor)


def _money(text: str) -> int | str:
    try:
        return parse_yuan(text)
    except NotMoney as why:
        return str(why)
