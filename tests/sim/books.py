"""A second set of books: stock, sales, orders and coupons, kept from the log alone and from the contract.

It shares no code with the rules. Figures are kept per order and summed in one place (`_move`), and what a
line of the log says is compared with what these books expect of it.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from tests.sim.broken import must

Data = dict[str, Any]


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


class Goods(Struct):
    supply: int
    """Units that ever came in: on hand + sold."""
    price: int
    floor: int | None
    held: int = 0
    sold: int = 0
    untold: int = 0
    """Sold by what somebody read off the platform, and told of by no order."""
    on_shelf: bool = True

    @property
    def on_hand(self) -> int:
        return self.supply - self.sold - self.untold

    def beyond(self) -> int:
        return max(0, self.held - self.on_hand)


class Count(Struct):
    quantity: int
    price: int
    held: int = 0
    sold: int = 0
    untold: int = 0
    lot: int = 0
    """Units of one bundle or one gift, which go together."""

    def beyond(self) -> int:
        return max(0, self.held + self.sold - self.quantity)

    def left(self) -> int:
        return max(0, self.quantity - self.held - self.sold)


class Gift(Struct):
    """What brings it: units of products, or a sum."""

    products: list[str]
    units: int
    threshold: int


class Sale(Struct):
    cue_id: str
    per_buyer: int
    skus: dict[str, Count]
    buyers: Counter[str] = field(default_factory=Counter)
    read: int | None = None
    """How many the platform showed as sold in this round."""
    price: int = 0
    """Of a bundle."""
    gift: Gift | None = None

    def in_lots(self) -> bool:
        return any(count.lot for count in self.skus.values())

    def short(self) -> bool:
        """No whole lot is left that is not sold."""
        return any(count.quantity - count.sold < count.lot for count in self.skus.values())

    def over(self, buyer: str) -> int:
        return max(0, self.buyers[buyer] - self.per_buyer)


class Line(Struct):
    sku: str
    units: int
    price: int
    cue: str | None


class Order(Struct):
    buyer: str = ""
    lines: list[Line] = field(default_factory=list)
    known: bool = False
    paid: bool = False
    closed: bool = False
    lapsed: bool = False
    placed: bool = False
    granted: bool = False
    until: datetime | None = None
    coupon: str | None = None
    total: int = 0
    broadcast: int = 1
    paid_fen: int = 0
    refund: int = 0
    unfilled: bool = False
    """Closed because its group was not full in time."""
    left: bool = False
    """It was settled when another broadcast opened: what is told of it now is late."""

    def is_settled(self) -> bool:
        """Nothing more is expected of it, neither money nor units."""
        if self.closed:
            return not self.paid or self.paid_fen <= self.refund
        return self.paid and (self.known or self.placed)

    def takes(self) -> str:
        if self.closed or not self.known:
            return ""
        if self.paid:
            return "sold"
        return "" if self.lapsed else "held"


class Ticket(Struct):
    """A coupon that somebody claimed."""

    cue_id: str
    viewer: str
    until: datetime | None
    order: str | None = None


class Books:
    def __init__(self) -> None:
        self.goods: dict[str, Goods] = {}
        self.product_of: dict[str, str] = {}
        self.sales: dict[str, Sale] = {}
        self.orders: dict[str, Order] = {}
        self.tickets: dict[str, Ticket] = {}
        self.claimed: dict[str, Counter[str]] = {}
        self.broadcast = 1
        """To which what is told now counts."""
        self.totals: dict[int, Counter[str]] = {}
        """By broadcast."""
        self.edited: set[str] = set()
        """Sales whose spec is new since somebody looked."""
        self.touched: set[str] = set()
        """SKUs whose figures moved since somebody looked."""

    # goods

    def put(self, products: list[Data]) -> None:
        for put in products:
            skus = put.get("skus") or [{**put, "sku_id": put["product_id"]}]
            for sku in skus:
                known = self.goods.get(sku["sku_id"])
                floor = sku.get("floor_fen")
                if known is None:
                    known = self.goods[sku["sku_id"]] = Goods(sku["stock"], sku["price_fen"], floor)
                    self.product_of[sku["sku_id"]] = put["product_id"]
                else:
                    must(sku["stock"] >= known.held, "stock put below what orders hold", sku, known)
                    known.supply = sku["stock"] + known.sold + known.untold
                    known.price, known.floor = sku["price_fen"], floor
                self.touched.add(sku["sku_id"])

    def add(self, sku: str, by: int) -> None:
        goods = self.goods[sku]
        goods.supply += by
        must(by >= 0 or goods.on_hand >= goods.held, "stock taken away below what orders hold", sku, by)
        self.touched.add(sku)

    # orders

    def put_sale(self, sale: Sale) -> None:
        """A sale, new or edited; what orders have of it already stays counted."""
        mine = [o for o in self.orders.values() if any(line.cue == sale.cue_id for line in o.lines)]
        for order in mine:
            self._move(order, -1)
        self.sales[sale.cue_id] = sale
        self.edited.add(sale.cue_id)
        for order in mine:
            self._move(order, 1)

    def _move(self, order: Order, sign: int) -> None:
        takes = order.takes()
        if not takes or order.left:
            return
        for line in order.lines:
            units = sign * line.units
            goods = self.goods[line.sku]
            self.touched.add(line.sku)
            sale = self.sales.get(line.cue) if line.cue is not None else None
            count = sale.skus.get(line.sku) if sale is not None else None
            if takes == "sold":
                goods.sold += units
                if count is not None:
                    count.sold += units
            else:
                goods.held += units
                if count is not None:
                    count.held += units
            if sale is not None and count is not None:
                sale.buyers[order.buyer] += units
                self._reckon(sale)

    def read_off(self, cue_id: str, sold: int) -> None:
        """A person typed in what the platform shows: the larger of that and of what orders say is gone."""
        sale = self.sales[cue_id]
        sale.read = sold
        self._reckon(sale)

    def begins(self, cue_id: str) -> None:
        """Another round: what was read of the one before stays gone."""
        sale = self.sales[cue_id]
        sale.read = None
        for count in sale.skus.values():
            count.untold = 0

    def _reckon(self, sale: Sale) -> None:
        if sale.read is None:
            return
        if sale.in_lots():
            for sku, count in sale.skus.items():
                units = min(max(0, sale.read * count.lot - count.held - count.sold), count.left())
                self.goods[sku].untold += units - count.untold
                count.untold = units
                self.touched.add(sku)
            return
        more = max(0, sale.read - sum(count.held + count.sold for count in sale.skus.values()))
        for sku, count in sale.skus.items():
            rest = max(0, count.quantity - count.held - count.sold)
            units = more if len(sale.skus) == 1 else min(more, rest)
            self.goods[sku].untold += units - count.untold
            count.untold = units
            self.touched.add(sku)

    def change(self, order_id: str, **changes: Any) -> Order:
        order = self.orders.get(order_id)
        if order is None:
            order = self.orders[order_id] = Order(broadcast=self.broadcast)
        self._move(order, -1)
        self._total(order, -1)
        for name, value in changes.items():
            setattr(order, name, value)
        self._total(order, 1)
        self._move(order, 1)
        return order

    def _total(self, order: Order, sign: int) -> None:
        totals = self.totals.setdefault(order.broadcast, Counter())
        known = order.known or order.placed
        totals["placed"] += sign * known
        totals["closed"] += sign * (known and order.closed)
        totals["paid"] += sign * (known and order.paid and not order.closed)
        totals["unpaid"] += sign * (known and not order.paid and not order.closed)
        totals["gmv_fen"] += sign * order.paid_fen
        totals["refunded"] += sign * (order.refund > 0)
        totals["refund_fen"] += sign * order.refund
        totals["refund_owed_fen"] += sign * (
            max(0, order.paid_fen - order.refund) if order.paid and order.closed else 0
        )
        if order.takes() == "sold":
            totals["units"] += sign * sum(line.units for line in order.lines if line.price)
            totals["gift_units"] += sign * sum(line.units for line in order.lines if not line.price)

    def opened(self, number: int, waiting: set[str]) -> None:
        """Another broadcast: what was settled is history, but for what a sale that still waits has sold."""
        self.broadcast = number
        for order in self.orders.values():
            asked = order.takes() and any(line.cue in waiting for line in order.lines)
            order.left = order.left or (order.is_settled() and not asked)

    def over_by(self, order: Order, lines: list[Line]) -> dict[tuple[str, str | None], int]:
        """Units by which these lines would break a promise now: stock, quantity or the buyer's limit."""
        taken: Counter[str] = Counter()
        of_sale: Counter[tuple[str, str | None]] = Counter()
        bought: Counter[str] = Counter()
        found: dict[tuple[str, str | None], int] = {}
        for line in lines:
            goods = self.goods[line.sku]
            key = (line.sku, line.cue)
            sale = self.sales.get(line.cue) if line.cue is not None else None
            read = sale.skus[line.sku].untold if sale is not None else 0
            over = _more(goods.held + taken[line.sku], line.units, goods.on_hand + read)
            if sale is not None and line.cue is not None:
                count = sale.skus[line.sku]
                over = max(
                    over,
                    _more(count.held + count.sold + of_sale[key], line.units, count.quantity),
                    _more(sale.buyers[order.buyer] + bought[line.cue], line.units, sale.per_buyer),
                )
                bought[line.cue] += line.units
            taken[line.sku] += line.units
            of_sale[key] += line.units
            if over:
                found[key] = found.get(key, 0) + over
        return found

    def granted(self, data: Data) -> None:
        """The console gave units away: within stock, quantity and limit, at the right price, in whole 分."""
        must(data["order_id"] not in self.orders, "an order id was granted twice", data)
        lines = [Line(g["sku_id"], g["quantity"], g["unit_price_fen"], g["cue_id"]) for g in data["lines"]]
        order = self.change(
            data["order_id"],
            buyer=data["buyer"]["id"],
            lines=lines,
            known=True,
            granted=True,
            until=moment(data["hold_until"]),
            coupon=data["coupon_id"],
            total=data["total_fen"],
        )
        for line in lines:
            goods = self.goods[line.sku]
            must(goods.beyond() == 0, "the console sold what is not there", data["order_id"], line, goods)
            must(goods.on_shelf, "the console sold what is off the shelf", line)
            if line.cue is None:
                must(line.price == goods.price, "granted at another price", line, goods)
                continue
            sale = self.sales[line.cue]
            count = sale.skus[line.sku]
            must(count.beyond() == 0, "a sale gave away more than its quantity", line, count)
            must(sale.over(order.buyer) == 0, "a buyer was given more than his limit", order.buyer, sale)
            if not count.lot:
                must(line.price == count.price, "granted at another price than the sale's", line, count)
        for cue_id in {line.cue for line in lines if line.cue is not None}:
            self._whole_lots(self.sales[cue_id], [line for line in lines if line.cue == cue_id])
        full = [line.price * line.units for line in lines]
        parts = [g["total_fen"] for g in data["lines"]]
        must(sum(parts) == data["total_fen"], "an order's lines do not add up", data)
        must(all(0 <= part <= whole for part, whole in zip(parts, full, strict=True)), "a line's money", data)
        bare = data["coupon_id"] is None and not data.get("discounts")
        must(not bare or parts == full, "a discount that nothing gives", data)

    def _whole_lots(self, sale: Sale, lines: list[Line]) -> None:
        """Bundles come whole and cost what they cost; gifts come whole and cost nothing."""
        if not sale.in_lots():
            return
        units: Counter[str] = Counter()
        for line in lines:
            units[line.sku] += line.units
        lots = {units[sku] / count.lot for sku, count in sale.skus.items()}
        must(len(lots) == 1 and next(iter(lots)).is_integer(), "granted a part of a lot", sale, lines)
        asked = sum(line.price * line.units for line in lines)
        if sale.gift is not None:
            must(asked == 0, "a gift was paid for", sale, lines)
            return
        apart = sum(self.goods[sku].price * count.lot for sku, count in sale.skus.items())
        must(
            asked == int(next(iter(lots))) * min(sale.price, apart), "a bundle at another price", sale, lines
        )

    def shares(self, sale: Sale) -> dict[str, int]:
        """The cheapest unit of each good of a bundle: its price by amount, and a part of a 分 in nobody's
        favour."""
        apart = sum(self.goods[sku].price * count.lot for sku, count in sale.skus.items())
        price = min(sale.price, apart)
        return {sku: self.goods[sku].price * price // apart for sku in sale.skus}

    def brought(self, gift: Gift, lines: list[Line]) -> int:
        """How many times these lines bring a gift."""
        if gift.threshold:
            return int(sum(line.price * line.units for line in lines) >= gift.threshold)
        products = [self.product_of[line.sku] in gift.products for line in lines]
        return sum(line.units for line, its in zip(lines, products, strict=True) if its) // gift.units

    # coupons

    def bought(self) -> set[str]:
        """Return everybody one of whose orders stands paid."""
        stands = (o for o in self.orders.values() if o.paid and not o.closed)
        return {o.buyer for o in stands if o.refund < max(o.paid_fen, 1)}

    def claim(self, data: Data, quantity: int, per_buyer: int) -> None:
        must(data["coupon_id"] not in self.tickets, "a coupon id was given twice", data)
        viewer = data["viewer"]["id"]
        claimed = self.claimed.setdefault(data["cue_id"], Counter())
        claimed[viewer] += 1
        must(claimed.total() <= quantity, "more coupons than there are", data, quantity)
        must(claimed[viewer] <= per_buyer, "more coupons than one viewer may have", data, per_buyer)
        self.tickets[data["coupon_id"]] = Ticket(data["cue_id"], viewer, moment(data["valid_until"]))

    def use(self, data: Data, at: datetime) -> None:
        ticket = self.tickets.get(data["coupon_id"])
        must(ticket is not None, "a coupon was used that nobody claimed", data)
        assert ticket is not None
        must(ticket.order is None, "a coupon was used twice", data, ticket)
        order = self.orders[data["order_id"]]
        # One that an order was granted with in time is taken again when that is paid after its hold.
        in_time = ticket.until is None or at < ticket.until or order.lapsed
        must(in_time, "an expired coupon was used", data, ticket)
        must(order.buyer == ticket.viewer, "somebody else's coupon was used", data, ticket)
        must(order.coupon == data["coupon_id"], "a coupon was used by an order without it", data)
        ticket.order = data["order_id"]

    def overuse(self, data: Data) -> None:
        ticket = self.tickets[data["coupon_id"]]
        must(ticket.order == data["other_id"], "a free coupon was not taken again", data, ticket)
        must(ticket.order != data["order_id"], "an order has its own coupon twice", data, ticket)

    def give_back(self, data: Data) -> None:
        ticket = self.tickets[data["coupon_id"]]
        order = self.orders[data["order_id"]]
        must(ticket.order == data["order_id"], "a coupon came back from another order", data, ticket)
        must(order.closed or order.lapsed, "a coupon came back from an order that stands", data)
        ticket.order = None


def _more(taken: int, units: int, bound: int) -> int:
    return max(0, taken + units - bound) - max(0, taken - bound)
