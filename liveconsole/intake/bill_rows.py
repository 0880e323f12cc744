"""A shop's bill out of a table: what of each order was paid out. 订单号 结算金额 技术服务费 佣金 结算时间.

Each row is a fact ``order.settled``; the same row again is the same fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain.china import CHINA
from liveconsole.intake.tables import Columns, Table, TableRow, Words, find_columns
from liveconsole.views.money import NotMoney, parse_yuan

SOURCE: Final = "/bill"
_NAMED: Final[dict[str, str]] = {
    "order": "订单号 订单编号 订单id 订单 order orderid",
    "settled": "结算金额 实际结算金额 商家实收 实收金额 到账金额 入账金额 结算金额元 settled",
    "fee": "技术服务费 平台服务费 服务费 平台佣金 fee",
    "commission": "佣金 达人佣金 带货佣金 推广佣金 分享员佣金 commission",
    "time": "结算时间 实际结算时间 入账时间 到账时间 settled_at time",
}
_SYNONYMS: Final = {word: column for column, words in _NAMED.items() for word in words.split()}
_ORDER: Final = ("order", "settled", "fee", "commission", "time")
REASONS: Final[dict[str, tuple[str, str]]] = {
    "columns": ("第一行要有：订单号、结算金额", "The first row must name order and settled amount"),
    "nothing": ("没有订单号", "No order"),
    "digits": (
        "表格把订单号变成了数字，后几位没了：把该列设为文本",
        "The sheet has cut the order's id: make it text",
    ),
    "amount": ("金额不对：{text}", "Not an amount: {text}"),
    "time": ("时间不对：{text}", "Not a time: {text}"),
}
_TIME: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_FLOAT: Final = re.compile(r"[\d.]+[eE]\+?\d+")


class BadBill(Struct, frozen=True):
    """``code`` is one of `REASONS`; ``line`` from 1."""

    line: int
    code: str
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        return REASONS[self.code][english].format_map(self.params)


class Bill(Struct, frozen=True):
    """``events`` are CloudEvents; ``doubles``: rows that stand there a second time."""

    events: list[dict[str, Any]]
    bad: list[BadBill]
    doubles: int = 0


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def _is_header(order: Sequence[str | None], line: TableRow) -> bool:
    return {"order", "settled"} <= set(order)


_WORDS: Final = Words(_SYNONYMS, _ORDER, _is_header, lambda line: False)


def is_bill(lines: Sequence[TableRow]) -> bool:
    """Tell whether the rows of a sheet are a bill, which its header says."""
    return find_columns(lines, _WORDS).header is not None


def read_bill(table: Table) -> Bill:
    """Read every row below the header; a table without one is not guessed at."""
    columns = find_columns(table.lines, _WORDS)
    if columns.header is None:
        return Bill([], [BadBill(table.lines[0].number if table.lines else 1, "columns")])
    events: dict[str, dict[str, Any]] = {}
    bad: list[BadBill] = []
    doubles = 0
    for line in table.lines[columns.header + 1 :]:
        try:
            event = _event(line, columns)
        except _Wrong as why:
            bad.append(BadBill(line.number, why.code, why.params))
            continue
        doubles += event["id"] in events
        events[event["id"]] = event
    return Bill(list(events.values()), bad, doubles)


def _event(line: TableRow, columns: Columns) -> dict[str, Any]:
    pairs = zip(columns.order, line.cells, strict=False)
    cells = {name: cell.strip().lstrip("'`\t") for name, cell in pairs if name is not None}
    order_id = cells.get("order", "")
    if not order_id:
        raise _Wrong("nothing")
    place = columns.order.index("order")
    if line.odd.get(place) == "digits" or _FLOAT.fullmatch(order_id):
        raise _Wrong("digits")
    data: dict[str, Any] = {"order_id": order_id, "settled_fen": _fen(cells.get("settled", ""))}
    for name, field in (("fee", "fee_fen"), ("commission", "commission_fen")):
        if cells.get(name):
            data[field] = abs(_fen(cells[name]))
    if cells.get("time"):
        data["settled_at"] = _moment(cells["time"])
    return {"specversion": "1.0", "source": SOURCE, "id": _id(data), "type": "order.settled", "data": data}


def _id(data: Mapping[str, Any]) -> str:
    said = "\0".join(f"{name}={value}" for name, value in sorted(data.items()))
    return f"{data['order_id'][:100]}/{blake2b(said.encode(), digest_size=12).hexdigest()}"


def _fen(cell: str) -> int:
    """Read an amount; a bill may hold one below nought, of an order that went back after the payout."""
    text = cell.replace("−", "-").removesuffix("元").strip()
    sign, bare = (-1, text[1:]) if text.startswith("-") else (1, text)
    try:
        return sign * parse_yuan(bare)
    except NotMoney as error:
        raise _Wrong("amount", text=cell) from error


def _moment(cell: str) -> str:
    """Read a moment by the clock of China, where the shop is."""
    found = _TIME.fullmatch(cell)
    if found is None:
        raise _Wrong("time", text=cell)
    try:
        return datetime(*(int(part or 0) for part in found.groups()), tzinfo=CHINA).isoformat()  # type: ignore[arg-type,misc]
    except ValueError as error:
        raise _Wrong("time", text=cell) from error
