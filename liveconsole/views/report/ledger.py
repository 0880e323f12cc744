"""Orders of the log, each one once, whatever the order in which it was told of.

The same reading as the rules have (`liveconsole.domain.order`), made anew from the events alone, so that a
report can be checked against the room's own totals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from liveconsole.domain.amounts import ToldAmount, spread
from liveconsole.domain.given import off_coupon
from liveconsole.domain.order_units import OrderUnits, units_of
from liveconsole.domain.room import SaleCount
from liveconsole.domain.untold import untold
from liveconsole.views.report.catalogue import CatalogueOverTime


class LedgerLine(Struct):
    sku_id: str
    quantity: int
    unit_price_fen: int
    total_fen: int
    """With its part of a coupon taken off."""
    cue_id: str | None
    regular_fen: int
    """The SKU's own price when the order came."""
    list_fen: int | None


class LedgerOrder(Struct):
    order_id: str
    at: datetime
    broadcast: int
    buyer: str = ""
    lines: list[LedgerLine] = field(default_factory=list)
    other_fen: int = 0
    """Amount of the lines whose goods the catalogue does not know."""
    total_fen: int = 0
    placed: bool = False
    counted: bool = False
    granted: bool = False
    paid: bool = False
    closed: bool = False
    lapsed: bool = False
    paid_fen: int = 0
    refund_fen: int = 0
    payments: ToldAmount = field(default_factory=ToldAmount)
    refunds: ToldAmount = field(default_factory=ToldAmount)
    coupon_id: str | None = None
    member_off_fen: int = 0
    """What the discount of the buyer's level took off."""
    unmatched: list[str] = field(default_factory=list)
    left: bool = False
    """Settled when a later broadcast opened: what is told of it since moves no stock."""

    @property
    def known(self) -> bool:
        """Placed or granted; of others only a payment or a close was told so far."""
        return self.counted or self.placed

    @property
    def status(self) -> str:
        if self.closed:
            return "closed"
        if self.paid:
            return "paid"
        if self.lapsed:
            return "lapsed"
        return "unpaid" if self.known else "seen"

    @property
    def takes(self) -> str:
        """``sold``, ``held`` or nothing of the stock."""
        if self.closed or not self.counted:
            return ""
        return "sold" if self.paid else "" if self.lapsed else "held"

    @property
    def units(self) -> OrderUnits:
        return units_of(self.lines)

    @property
    def refund_owed_fen(self) -> int:
        return max(0, self.paid_fen - self.refund_fen) if self.paid and self.closed else 0

    @property
    def is_unmatched(self) -> bool:
        """Something in it is not what the room knows of: goods, sale or amount."""
        if self.unmatched or not self.known:
            return bool(self.unmatched) or self.paid or self.refund_fen > 0
        return self.paid and (self.paid_fen > self.total_fen or self.refund_fen > self.paid_fen)

    @property
    def coupon_off_fen(self) -> int:
        """What its coupon took off."""
        amounts = (line.quantity * line.unit_price_fen for line in self.lines)
        return off_coupon(amounts, sum(line.total_fen for line in self.lines), self.member_off_fen)

    def parts(self, fen: int) -> tuple[list[int], int]:
        """Return an amount shared over the lines, and what of it falls on goods that are not known."""
        shares = spread(fen, [*(line.total_fen for line in self.lines), self.other_fen])
        return shares[:-1], shares[-1]


class _Read(Struct):
    """What was read off the platform of a sale in this round, and what of it no order has told of."""

    quantities: Mapping[str, int]
    sold: int | None = None
    left: int | None = None
    untold: dict[str, int] = field(default_factory=dict)


class OrderLedger:
    """Every order of the log; moves the shop's stock as orders take and give back."""

    def __init__(self, shop: CatalogueOverTime) -> None:
        self._shop = shop
        self.orders: dict[str, LedgerOrder] = {}
        self._here: dict[str, LedgerOrder] = {}
        """Those that have not left."""
        self._counted: dict[str, dict[str, int]] = {}
        """Sale → SKU → units that orders take of it."""
        self._read: dict[str, _Read] = {}

    def read_off(
        self, cue_id: str, quantities: Mapping[str, int], sold: int | None, left: int | None
    ) -> None:
        """Take figures that were read off the platform of a sale that it had."""
        read = self._read.setdefault(cue_id, _Read(quantities))
        read.sold, read.left = read.sold if sold is None else sold, read.left if left is None else left
        self._reckon(cue_id)

    def begin_anew(self, cue_id: str) -> None:
        """A sale is fired, or written anew."""
        self._read.pop(cue_id, None)

    def _reckon(self, cue_id: str) -> None:
        read = self._read.get(cue_id)
        if read is None:
            return
        counted = self._counted.get(cue_id, {})
        counts = {s: SaleCount(q, 0, held=counted.get(s, 0)) for s, q in read.quantities.items()}
        for sku_id, units in untold(counts, read.sold, read.left).items():
            if (sku := self._shop.skus.get(sku_id)) is not None:
                sku.on_hand += read.untold.get(sku_id, 0) - units
            read.untold[sku_id] = units

    def granted(self, data: Mapping[str, Any], at: datetime, broadcast: int, buyer: str) -> None:
        """``order.granted``."""
        with self._changing(data["order_id"], at, broadcast) as order:
            order.buyer, order.total_fen, order.coupon_id = buyer, data["total_fen"], data["coupon_id"]
            order.lines = [self._line(line, line["total_fen"]) for line in data["lines"]]
            off = [layer["fen"] for layer in data.get("discounts", ()) if layer["kind"] == "member"]
            order.member_off_fen = sum(off)
            order.counted = order.granted = True
            order.at, order.broadcast = at, broadcast

    def placed(self, data: Mapping[str, Any], at: datetime, broadcast: int, buyer: str) -> None:
        """``order.placed``; of an order that was granted it tells nothing new."""
        with self._changing(data["order_id"], at, broadcast) as order:
            if not order.known:
                order.buyer, order.total_fen = buyer, data["total_fen"]
                if not order.left:
                    order.at, order.broadcast = at, broadcast
                order.lines, order.other_fen = [], sum(map(_amount, data["lines"]))
            order.placed = True

    def counted(self, data: Mapping[str, Any], at: datetime, broadcast: int) -> None:
        """``order.counted``: what its lines were counted to."""
        with self._changing(data["order_id"], at, broadcast) as order:
            if not order.counted:
                order.counted = True
                order.lines = [self._line(line, _amount(line)) for line in data["lines"]]
                order.other_fen = max(0, order.other_fen - sum(map(_amount, data["lines"])))
                order.unmatched = list(data["unmatched"])

    def paid(self, data: Mapping[str, Any], at: datetime, broadcast: int) -> None:
        """``order.paid``."""
        with self._changing(data["order_id"], at, broadcast) as order:
            order.payments.told(data["paid_fen"], data.get("payment_id"))
            order.paid, order.paid_fen = True, order.payments.fen

    def closed(self, data: Mapping[str, Any], at: datetime, broadcast: int) -> None:
        """``order.closed``."""
        with self._changing(data["order_id"], at, broadcast) as order:
            order.closed = True

    def refunded(self, data: Mapping[str, Any], at: datetime, broadcast: int) -> None:
        """``order.refunded``."""
        with self._changing(data["order_id"], at, broadcast) as order:
            order.refunds.told(data["refund_fen"], data.get("refund_id"))
            order.refund_fen = order.refunds.fen

    def lapsed(self, data: Mapping[str, Any], at: datetime, broadcast: int) -> None:
        """``order.lapsed``."""
        with self._changing(data["order_id"], at, broadcast) as order:
            order.lapsed = True

    def of(self, broadcast: int) -> list[LedgerOrder]:
        """Return the orders that were first told of in one broadcast, in that order."""
        return [order for order in self.orders.values() if order.broadcast == broadcast]

    def leave(self, stay: Collection[str], cues: Collection[str]) -> None:
        """Another broadcast opens: of orders that do not stay what is held is free again, what is sold is
        sold. ``cues``: the promotions that stay."""
        self._read = {cue_id: read for cue_id, read in self._read.items() if cue_id in cues}
        for order_id, order in self._here.items():
            if order_id not in stay:
                if order.takes == "held":
                    self._weigh(order, -1)
                order.left = True
        self._here = {order_id: order for order_id, order in self._here.items() if not order.left}

    def leave_one(self, order_id: str, at: datetime, broadcast: int) -> None:
        """Something is told late: also of an order that nobody had told of before."""
        order = self.orders.setdefault(order_id, LedgerOrder(order_id, at, broadcast))
        order.left = True
        self._here.pop(order_id, None)

    @contextmanager
    def _changing(self, order_id: str, at: datetime, broadcast: int) -> Iterator[LedgerOrder]:
        order = self.orders.get(order_id)
        if order is None:
            order = self.orders[order_id] = self._here[order_id] = LedgerOrder(order_id, at, broadcast)
        self._weigh(order, -1)
        yield order
        self._weigh(order, 1)

    def _weigh(self, order: LedgerOrder, sign: int) -> None:
        takes = order.takes
        for line in order.lines if takes and not order.left else ():
            sku = self._shop.skus.get(line.sku_id)
            if sku is None:
                continue
            units = sign * line.quantity
            if takes == "held":
                sku.held += units
            else:
                sku.sold += units
                sku.on_hand -= units
            if line.cue_id is not None:
                counted = self._counted.setdefault(line.cue_id, {})
                counted[line.sku_id] = counted.get(line.sku_id, 0) + units
                self._reckon(line.cue_id)

    def _line(self, line: Mapping[str, Any], total_fen: int) -> LedgerLine:
        sku = self._shop.skus.get(line["sku_id"])
        product = self._shop.products.get(sku.product_id) if sku is not None else None
        return LedgerLine(
            line["sku_id"],
            line["quantity"],
            line["unit_price_fen"],
            total_fen,
            line.get("cue_id"),
            sku.price_fen if sku is not None else line["unit_price_fen"],
            product.list_price_fen if product is not None else None,
        )


def _amount(line: Mapping[str, Any]) -> int:
    return int(line["quantity"]) * int(line["unit_price_fen"])
