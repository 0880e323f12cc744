"""Parcels out of a table: 订单号 快递公司 运单号 状态 时间 说明. What cannot be taken comes back with why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from msgspec import Struct

from liveconsole.intake.moments import written_moment
from liveconsole.intake.tables import Columns, Table, TableRow, Words, find_columns

_NAMED: Final[dict[str, str]] = {
    "order": "订单号 订单编号 订单 主订单号 子订单号 order order_id",
    "carrier": "快递公司 快递 物流公司 承运商 快递名称 carrier",
    "waybill": "运单号 快递单号 物流单号 单号 waybill tracking",
    "status": "状态 物流状态 快递状态 status",
    "at": "时间 发货时间 更新时间 物流时间 签收时间 time at",
    "text": "说明 物流信息 最新物流 轨迹 备注 text note",
}
_SYNONYMS: Final = {word: column for column, words in _NAMED.items() for word in words.split()}
_ORDER: Final = ("order", "carrier", "waybill", "status", "at", "text")
_STATUSES: Final[dict[str, str]] = {
    word: status
    for status, words in {
        "shipped": "已发货 发货 已揽收 揽收 已揽件 shipped",
        "in_transit": "运输中 在途 转运中 in_transit",
        "out_for_delivery": "派送中 派件中 派件 配送中 out_for_delivery",
        "delivered": "已签收 签收 已送达 妥投 delivered",
        "exception": "异常 异常件 派送失败 问题件 拒收 滞留 exception",
        "returned": "已退回 退回 退件 returned",
    }.items()
    for word in words.split()
}
REASONS: Final[dict[str, tuple[str, str]]] = {
    "columns": (
        "第一行要有：订单号，和运单号或状态",
        "The first row must name the order, and waybill or status",
    ),
    "nothing": ("没有订单号", "No order"),
    "says_nothing": ("没有运单号，也没有状态", "Neither a waybill nor a status"),
    "time": ("时间不对：{text}", "Not a time: {text}"),
    "long": ("超过 {n} 个字", "Over {n} characters"),
}
_LONG: Final = 200


class BadShipment(Struct, frozen=True):
    """``code`` is one of `REASONS`; ``line`` from 1."""

    line: int
    code: str
    params: dict[str, Any] = {}

    def reason(self, *, english: bool = False) -> str:
        return REASONS[self.code][english].format_map(self.params)


class ShipmentTable(Struct, frozen=True):
    """``facts`` as ``order.shipment`` has them: (id, when by the file, data). The same word has the same id,
    so a file may be read twice."""

    facts: list[tuple[str, datetime | None, dict[str, Any]]]
    bad: list[BadShipment]


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def _is_header(order: Sequence[str | None], line: TableRow) -> bool:
    return "order" in order and bool({"waybill", "status"} & set(order))


_WORDS: Final = Words(_SYNONYMS, _ORDER, _is_header, lambda line: False)


def is_shipments(lines: Sequence[TableRow]) -> bool:
    """Tell whether the rows of a sheet are such a list, which its header says."""
    return find_columns(lines, _WORDS).header is not None


def read_shipments(table: Table) -> ShipmentTable:
    """Read every row below the header; a list without one is not guessed at."""
    columns = find_columns(table.lines, _WORDS)
    if columns.header is None:
        return ShipmentTable([], [BadShipment(table.lines[0].number if table.lines else 1, "columns")])
    facts: list[tuple[str, datetime | None, dict[str, Any]]] = []
    bad: list[BadShipment] = []
    for line in table.lines[columns.header + 1 :]:
        try:
            facts.append(_fact(_cells(line, columns)))
        except _Wrong as why:
            bad.append(BadShipment(line.number, why.code, why.params))
    return ShipmentTable(facts, bad)


def _cells(line: TableRow, columns: Columns) -> Mapping[str, str]:
    pairs = zip(columns.order, line.cells, strict=False)
    return {name: cell.strip() for name, cell in pairs if name is not None}


def _fact(cells: Mapping[str, str]) -> tuple[str, datetime | None, dict[str, Any]]:
    order_id, said = cells.get("order", ""), cells.get("status", "")
    if not order_id:
        raise _Wrong("nothing")
    if max(map(len, cells.values()), default=0) > _LONG:
        raise _Wrong("long", n=_LONG)
    if not said and not cells.get("waybill"):
        raise _Wrong("says_nothing")
    try:
        at = written_moment(cells.get("at", ""))
    except ValueError as error:
        raise _Wrong("time", text=cells.get("at", "")) from error
    data = {"order_id": order_id, "status": _STATUSES.get(said, said) or "shipped"}
    data |= {name: cells[name] for name in ("carrier", "waybill", "text") if cells.get(name)}
    word = "\0".join((order_id, data["status"], *(cells.get(name, "") for name in ("waybill", "at", "text"))))
    return sha256(word.encode()).hexdigest()[:32], at, data
