"""A shop's order export → the facts of its orders. Pure.

The form is that of the widely used 天猫 export: 订单编号, 总金额, 买家实际支付金额, 收货地址, 订单创建时间,
订单付款时间 (empty when unpaid), 退款金额; headers may carry blanks. 实际支付 is what the shop kept, net of
the refund, so what the buyer paid is both together. A refund has no time of its own in the file and
stands at its payment's.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.tape.lines import BrokenLine, TapeName
from liveconsole.domain.china import CHINA
from liveconsole.views.money import NotMoney, parse_yuan

_NUMBER, _TOTAL, _KEPT, _CREATED, _PAID, _REFUND = (
    "订单编号", "总金额", "买家实际支付金额", "订单创建时间", "订单付款时间", "退款金额",
)  # fmt: skip


class Header(Struct, frozen=True):
    """Where each column stands."""

    width: int
    at: dict[str, int]


class OrderStep(Struct, frozen=True, order=True):
    """One fact of an order, small enough that a whole export is held to be put in order of time."""

    time: datetime
    rank: int
    """At one moment an order is placed before it is paid before it is refunded."""
    number: str
    fen: int

    def event(self, tape: TapeName) -> CloudEvent:
        type_ = _TYPES[self.rank]
        data: dict[str, Any] = {"order_id": self.number}
        if type_ == "order.placed":
            data["buyer"] = {"id": f"tmall:{self.number}", "name": ""}
            data["lines"] = [{"sku_id": "tmall", "quantity": 1, "unit_price_fen": self.fen}]
            data["total_fen"] = self.fen
        else:
            data["paid_fen" if type_ == "order.paid" else "refund_fen"] = self.fen
        id_ = f"{self.number}/{type_.removeprefix('order.')}"
        return cloudevent(tape.source, id_, type_, data, self.time.isoformat())


_TYPES: Final = ("order.placed", "order.paid", "order.refunded")


def header(raw: bytes) -> Header | None:
    """The columns, when the first line of a file is that of an order export."""
    names = [name.strip() for name in _fields(raw.removeprefix(b"\xef\xbb\xbf")) or ()]
    at = {name: place for place, name in enumerate(names) if name}
    if all(name in at for name in (_NUMBER, _TOTAL, _KEPT, _CREATED, _PAID, _REFUND)):
        return Header(len(names), at)
    return None


def parse_order(raw: bytes, columns: Header) -> list[OrderStep] | BrokenLine:
    """The facts of one row: placed; paid when it was; refunded when something was given back."""
    fields = _fields(raw)
    if fields is None:
        return BrokenLine("not_text")
    if len(fields) != columns.width:
        return BrokenLine("columns", str(len(fields)))
    cell = {name: fields[place].strip() for name, place in columns.at.items()}
    number = cell[_NUMBER]
    if not number:
        return BrokenLine("no_seq")
    try:
        total, kept, refund = (_fen(cell[name], name) for name in (_TOTAL, _KEPT, _REFUND))
        created = _time(cell[_CREATED], _CREATED)
        paid = _time(cell[_PAID], _PAID) if cell[_PAID] else None
    except _Field as which:
        return BrokenLine("bad_field", str(which))
    if paid is None and (kept or refund):
        return BrokenLine("bad_field", _PAID)
    steps = [OrderStep(created, 0, number, total)]
    if paid is not None:
        steps.append(OrderStep(paid, 1, number, kept + refund))
        if refund:
            steps.append(OrderStep(paid, 2, number, refund))
    return steps


class _Field(Exception):
    """The column that does not hold what it should."""


def _fields(raw: bytes) -> Sequence[str] | None:
    try:
        return next(csv.reader([raw.decode("utf-8").rstrip("\r\n")]), [])
    except (UnicodeDecodeError, csv.Error):
        return None


def _fen(text: str, column: str) -> int:
    try:
        return parse_yuan(text)
    except NotMoney as why:
        raise _Field(column) from why


def _time(text: str, column: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError as why:
        raise _Field(column) from why
