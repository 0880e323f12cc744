"""Rows of cells as orders of the past.

A row is an order, or where the table has a column of SKUs one of its lines. Times are China's where they say
no offset. The rule of the amounts:

- ``total`` is what the order came to; without that column it is what was paid.
- An order was paid where ``paid_at`` says when; without that column, where something was paid; with neither,
  in full.
- ``paid`` is all that was paid, unless some row of the file has more refunded than paid: then the file takes
  refunds off (as Tmall's report does, where what was refunded whole shows 0), and they are put back in.
- Rows of one order that show the same amount show the order's; where they differ each shows its own.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.intake.moments import written_moment
from liveconsole.intake.orders.words import COLUMN_NAMES, ORDERS, REASONS, REFUSALS, province_of
from liveconsole.intake.products.ids import clean_id
from liveconsole.intake.tables import (
    ERRORS,
    NOTHING_SAID,
    Choice,
    Columns,
    Table,
    TableRow,
    find_columns,
    in_words,
)
from liveconsole.messages.fields import Person
from liveconsole.messages.order_books import PastLine, PastOrder
from liveconsole.messages.text import TEXT_LIMIT
from liveconsole.views.money import NotMoney, parse_yuan
from liveconsole.views.report.guard import unguarded

ORDER_ROWS: Final = 200_000
"""Rows of one file of orders."""
LINES_MOST: Final = 200
"""Lines of one order."""
_ID_LIMIT: Final = 200
_UNITS_MOST: Final = 1_000_000
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)
_CLOSED: Final = re.compile(r"关闭|取消|作废|closed|cancel", re.IGNORECASE)
_NO_VALUES: Final = frozenset({*ERRORS.values(), "#SPILL!", "#CALC!"})
_AMOUNTS: Final = ("total", "paid", "refund")


class BadOrder(Struct, frozen=True):
    """A row that is not taken. ``line``: as a spreadsheet counts."""

    line: int
    code: str
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        """Say why, in one language."""
        return _said(REASONS[self.code], self.params, english=english)


class OrderTable(Struct, frozen=True):
    """What a file of orders holds. ``doubles``: rows that say again what a row above them said;
    ``net``: its amounts paid had refunds taken off."""

    orders: Sequence[PastOrder]
    bad: Sequence[BadOrder]
    columns: Columns
    doubles: int = 0
    net: bool = False
    refusal: str = ""
    params: dict[str, Any] = {}

    def refused(self, *, english: bool = False) -> str:
        """Say why no row could be read; empty where they could."""
        return _said(REFUSALS[self.refusal], self.params, english=english) if self.refusal else ""


class _Bad(Exception):
    def __init__(self, code: str, column: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params | ({"column": column} if column else {})


class _Row(Struct):
    """One row, read. Amounts in 分; None: the cell is empty, or there is no such column."""

    line: int
    order_id: str
    placed_at: datetime | None
    paid_at: datetime | None
    amounts: dict[str, int | None]
    order: dict[str, Any]
    item: PastLine | None


def is_orders(lines: Sequence[TableRow]) -> bool:
    """Tell whether the rows of a sheet are orders."""
    return find_columns(lines, ORDERS).header is not None


def read_orders(table: Table, content: bytes, choice: Choice = NOTHING_SAID) -> OrderTable:
    """Return the orders of a file in the order of their first rows. ``content``: its bytes, for the ids of
    orders where it has none."""
    columns = find_columns(table.lines, ORDERS, choice)
    named = set(columns.order)
    if columns.unsure:
        column, labels = next(iter(columns.unsure.items()))
        return OrderTable((), (), columns, refusal="unsure", params=_words(labels, column))
    if not named & {"placed", "paid_at"} or not named & {"total", "paid"}:
        return OrderTable((), (), columns, refusal="unnamed", params=_words(columns.labels))
    bad: list[BadOrder] = []
    found: dict[str, list[_Row]] = {}
    file = f"file:{hashlib.sha256(content).hexdigest()[:24]}"
    start = 0 if columns.header is None else columns.header + 1
    for line in table.lines[start:]:
        try:
            row = _row(line, columns, file)
            found.setdefault(row.order_id, []).append(row)
        except _Bad as why:
            bad.append(BadOrder(line.number, why.code, why.params))
    net = any(_is_net(row) for rows in found.values() for row in rows)
    orders: list[PastOrder] = []
    doubles = 0
    for rows in found.values():
        rows, again = _once_each(rows, lines="sku" in named)
        doubles += again
        try:
            orders.append(_order(rows, named, net=net))
        except _Bad as why:
            bad.append(BadOrder(rows[0].line, why.code, why.params))
    return OrderTable(orders, sorted(bad, key=lambda one: one.line), columns, doubles, net)


def batches(orders: Sequence[PastOrder], most: int, most_bytes: int) -> Iterator[list[PastOrder]]:
    """Yield them in portions of at most so many, and of about so many bytes as JSON."""
    batch: list[PastOrder] = []
    size = 0
    for order in orders:
        long = len(msgspec.json.encode(order))
        if batch and (len(batch) == most or size + long > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(order)
        size += long
    if batch:
        yield batch


# One row --------------------------------------------------------------------------------------------------


def _row(line: TableRow, columns: Columns, file: str) -> _Row:
    if line.open_quote:
        raise _Bad("quotes")
    said = {name: cell for name, cell in zip(columns.order, line.cells, strict=False) if name is not None}
    for name, value in said.items():
        if value in _NO_VALUES:
            raise _Bad("value", name, value=value)
    odd = {columns.order[place]: kind for place, kind in line.odd.items() if place < len(columns.order)}
    for name in ("order", "buyer", "sku"):
        if odd.get(name) == "digits":
            raise _Bad("id_digits", name)
    order_id = _id("order", said) if "order" in columns.order else f"{file}/{line.number}"
    if not order_id:
        raise _Bad("no_id")
    amounts = {
        name: _fen(name, said[name], in_fen=name in columns.in_fen) if said.get(name) else None
        for name in _AMOUNTS
    }
    if amounts["total"] is None and amounts["paid"] is None:
        raise _Bad("no_total")
    placed, paid = (_moment(name, said.get(name, "")) for name in ("placed", "paid_at"))
    if placed is None and paid is None:
        raise _Bad("no_time")
    buyer = _id("buyer", said)
    return _Row(
        line.number,
        order_id,
        placed,
        paid,
        amounts,
        {
            "buyer": Person(buyer, said.get("name", "")[:TEXT_LIMIT]) if buyer else None,
            "closed": _CLOSED.search(said.get("status", "")) is not None,
            **{name: said.get(name, "")[:TEXT_LIMIT] or None for name in ("scene", "payment")},
            "province": province_of(said.get("province", "")),
        },
        _item(said, columns),
    )


def _item(said: dict[str, str], columns: Columns) -> PastLine | None:
    sku_id = _id("sku", said)
    if not sku_id:
        return None
    price = said.get("price")
    return PastLine(
        sku_id,
        _units(said["quantity"]) if said.get("quantity") else 1,
        _fen("price", price, in_fen="price" in columns.in_fen) if price else None,
        title=said.get("title", "")[:TEXT_LIMIT],
    )


def _id(name: str, said: dict[str, str]) -> str:
    stood = unguarded(said.get(name, ""))
    if _SCIENTIFIC.fullmatch(stood):
        raise _Bad("id_scientific", name)
    id_ = stood.strip() if name == "buyer" else clean_id(stood)
    if len(id_) > _ID_LIMIT:
        raise _Bad("id_long", name)
    return id_


def _fen(name: str, text: str, *, in_fen: bool) -> int:
    try:
        fen = parse_yuan(text)
    except NotMoney as why:
        raise _Bad("money", name, value=text) from why
    if in_fen and fen % 100:
        raise _Bad("money", name, value=text)
    return fen // 100 if in_fen else fen


def _units(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip().rstrip("件个")
    plain = re.sub(r"\.0+$", "", plain)
    if not plain.isascii() or not plain.isdigit() or not 0 < int(plain) <= _UNITS_MOST:
        raise _Bad("units", value=text)
    return int(plain)


def _moment(name: str, text: str) -> datetime | None:
    try:
        return written_moment(text)
    except ValueError as why:
        raise _Bad("time", name, value=text) from why


# One order ------------------------------------------------------------------------------------------------


def _is_net(row: _Row) -> bool:
    paid, refund = row.amounts["paid"], row.amounts["refund"]
    return paid is not None and refund is not None and refund > paid


def _once_each(rows: list[_Row], *, lines: bool) -> tuple[list[_Row], int]:
    """The rows that say something new: without lines, the first; with them, each that differs."""
    if not lines:
        return rows[:1], len(rows) - 1
    kept = list({msgspec.json.encode((row.amounts, row.item)): row for row in reversed(rows)}.values())[::-1]
    return kept, len(rows) - len(kept)


def _order(rows: list[_Row], named: set[str | None], *, net: bool) -> PastOrder:
    first = rows[0]
    if len(rows) > LINES_MOST:
        raise _Bad("many_lines", most=LINES_MOST)
    for name in ("buyer", "placed_at"):
        told = {repr(row.order["buyer"] if name == "buyer" else row.placed_at) for row in rows}
        if len(told) > 1:
            raise _Bad("disagree", "placed" if name == "placed_at" else name)
    total, paid, refund = (_amount(rows, name) for name in _AMOUNTS)
    if net and paid is not None:
        paid += refund or 0
    paid_at = next((row.paid_at for row in rows if row.paid_at is not None), None)
    if "paid_at" in named:
        is_paid = paid_at is not None
    else:
        is_paid = bool(paid) if "paid" in named else True
    whole = total if total is not None else paid or 0
    paid_fen = (whole if paid is None else paid) if is_paid else None
    if (refund or 0) > (paid_fen or 0):
        raise _Bad("refund_over_paid")
    placed_at = first.placed_at or paid_at
    assert placed_at is not None
    lines = [row.item for row in rows if row.item is not None]
    return PastOrder(
        first.order_id,
        placed_at,
        whole,
        paid_fen,
        refund or 0,
        paid_at=paid_at,
        lines=_priced(lines, whole),
        **first.order,
    )


def _amount(rows: list[_Row], name: str) -> int | None:
    told = [fen for row in rows if (fen := row.amounts[name]) is not None]
    if not told:
        return None
    return told[0] if len(set(told)) == 1 and len(told) == len(rows) else sum(told)


def _priced(lines: list[PastLine], whole: int) -> list[PastLine]:
    """One line without a price has the whole order's, where that parts into its units. Of an order that came
    to nothing it has none: a price of 0 is a gift's."""
    if len(lines) == 1 and lines[0].unit_price_fen is None and whole and whole % lines[0].quantity == 0:
        return [msgspec.structs.replace(lines[0], unit_price_fen=whole // lines[0].quantity)]
    return lines


def _words(labels: Sequence[str], column: str = "") -> dict[str, Any]:
    return {"words": in_words(labels) or "—"} | ({"column": column} if column else {})


def _said(words: tuple[str, str], params: dict[str, Any], *, english: bool) -> str:
    named = dict(params)
    if "column" in named:
        named["column"] = COLUMN_NAMES[named["column"]][english]
    return words[english].format_map(named)
