"""What a commit writes into the read tables: orders, broadcasts, and what has left the room's memory.

The same gathering goes along with the room's own commits and with `refill`, so tables that are filled again
hold what they held. What is about the room in memory is read off it; what is late is read from the tables,
changed by the one rule that the room has too (`order.tell`), and written back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, TypedDict

import msgspec
from msgspec import Struct, field

from liveconsole.domain import order as orders
from liveconsole.domain.amounts import ToldAmount
from liveconsole.domain.evolve import evolve
from liveconsole.domain.order import tally
from liveconsole.domain.order_units import BOUGHT_AT, GIFT_PRICE_FEN, units_of
from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_orders import Line, Order, OrderTotals
from liveconsole.domain.settled import lighter
from liveconsole.engine.after_orders import AFTER_ORDERS, AfterOrders
from liveconsole.engine.money_rows import MONEY_ROWS, MoneyRows
from liveconsole.engine.stock_rows import OF_STOCK, StockRows
from liveconsole.messages import facts, membership
from liveconsole.messages.envelope import Event, late_of
from liveconsole.messages.events import EVENTS, OrderCounted
from liveconsole.messages.order_books import OF_THE_BOOKS, OrdersImported, PastOrder
from liveconsole.store.money_rows import MoneyWrite
from liveconsole.store.order_flags import CLOSED, CONSOLE, COUNTED, LAPSED, PAID, PLACED, UNMATCHED
from liveconsole.store.reader import Reader
from liveconsole.store.rows import (
    AftersaleRow,
    AgreedRow,
    AskMoved,
    AskRow,
    BroadcastRow,
    CueRow,
    GoodsRow,
    LineRow,
    MemberRow,
    NoteRow,
    OrderRow,
    ReviewRow,
    ShipmentRow,
    StepRow,
    StockRow,
    Sums,
    ToldOfOrder,
)

OF_ORDERS: Final = (
    frozenset(name for name in EVENTS if name.startswith("order.")) - OF_THE_BOOKS - MONEY_ROWS.keys()
)
OF_MEMBERS: Final = frozenset({*membership.EVENTS, "viewer.forgotten"})
KEPT: Final = (
    OF_ORDERS
    | AFTER_ORDERS.keys()
    | OF_THE_BOOKS
    | MONEY_ROWS.keys()
    | OF_MEMBERS
    | OF_STOCK
    | {"broadcast.closed"}
)
"""Events that move a read table by themselves; comments are counted when a commit is written."""
PAST: Final = 0
"""The broadcast of orders that were brought in from files: none."""
_FIGURES: Final = ("sold", "left", "claimed", "used", "entrants")
_of_totals = attrgetter(*Sums._fields)
_encode = msgspec.json.Encoder().encode


class Rows(TypedDict):
    """The part of a `Write` that is in the read tables."""

    orders: list[OrderRow]
    told: list[ToldOfOrder]
    lines: list[LineRow]
    shipments: list[ShipmentRow]
    aftersales: list[AftersaleRow]
    reviews: list[ReviewRow]
    goods: list[GoodsRow]
    money: MoneyWrite
    goods_seen: list[GoodsRow]
    order_notes: list[NoteRow]
    members: list[MemberRow]
    asks: list[AskRow]
    asks_moved: list[AskMoved]
    steps: list[StepRow]
    agreed: list[AgreedRow]
    stock: list[StockRow]
    cues: list[CueRow]
    broadcasts: list[BroadcastRow]
    later: dict[int, Sums]
    measured: list[tuple[str, bytes]]


class LeftTheRoom(Struct):
    """What has left the room, as far as somebody asked: from disk, and in the commit that is being made."""

    orders: dict[str, OrderRow] = field(default_factory=dict)
    cues: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: Reader, order_ids: Iterable[str], cue_ids: Iterable[str]) -> LeftTheRoom:
        """Return the rows of these, where they have any."""
        order_ids, cue_ids = list(order_ids), list(cue_ids)
        return cls(
            reader.orders_of(order_ids) if order_ids else {}, reader.cues_of(cue_ids) if cue_ids else {}
        )

    def number_of(self, room: Room, data: Any) -> int | None:
        """Return the broadcast to whose books a fact goes; None where it is the room's business."""
        if isinstance(data, facts.PromotionMeasured):
            return None if data.cue_id in room.cues else self.cues.get(data.cue_id)
        if data.order_id in room.orders:
            return None
        if (row := self.orders.get(data.order_id)) is not None:
            return row.broadcast
        named = data.cue_id if isinstance(data, facts.OrderPlaced) else None
        return self.cues.get(named) if named is not None and named not in room.cues else None


class Books:
    """One commit's part of the read tables; `take` folds its events, `rows` has what they come to."""

    def __init__(self, left: LeftTheRoom) -> None:
        self.left = left
        self._touched: dict[str, int] = {}
        self._gone: dict[str, Order] = {}
        self._late: dict[str, OrderRow] = {}
        self._before: dict[str, tuple[int, Sums]] = {}
        self._cues: list[CueRow] = []
        self._over: list[BroadcastRow] = []
        self._measured: list[tuple[str, bytes]] = []
        self._later: dict[int, Sums] = {}
        self._after = AfterOrders()
        self._money = MoneyRows()
        self._members: dict[str, None] = {}
        self._stock = StockRows()

    def take(self, room: Room, event: Event) -> None:
        """Fold one event of `KEPT` (others may come too) onto the room, and note what it changes."""
        self._after.take(room, event, self._is_told(room, event))
        self._money.take(room, event)
        number = late_of(event.actor)
        if number is not None:
            self._late_fact(event, number)
        elif event.type in OF_ORDERS:
            self._order(room, event)
        elif event.type == "broadcast.opened":
            self._opened(room, event)
            self._stock.take(room, event)
            return
        elif isinstance(event.data, OrdersImported):
            self._imported(event.data, event.seq)
        elif event.type in OF_MEMBERS:
            self._members[event.data.viewer_id] = None  # type: ignore[attr-defined]
        evolve(room, event)
        self._stock.take(room, event)

    def rows(self, room: Room) -> Rows:
        """Return what goes into the commit, under the names of `Write`."""
        self._weigh_earlier(room)
        rows = {
            order_id: row_of(self._gone.get(order_id) or room.orders[order_id], seq)
            for order_id, seq in self._touched.items()
        }
        return {
            "orders": list((rows | self._late).values()),
            "cues": self._cues,
            "broadcasts": [*self._over, *broadcast_of(room)],
            "later": {number: sums for number, sums in self._later.items() if any(sums)},
            "measured": self._measured,
            "members": [member_row(room, pid) for pid in self._members],
            "stock": self._stock.rows,
            "told": self._after.told,
            "lines": self._after.lines,
            "shipments": self._after.shipments,
            "aftersales": self._after.aftersales,
            "reviews": self._after.reviews,
            "goods": self._after.goods,
            "money": self._money.write(),
            "goods_seen": self._after.goods_seen,
            "order_notes": self._after.notes,
            "asks": self._after.asks,
            "asks_moved": self._after.asks_moved,
            "steps": self._after.steps,
            "agreed": self._after.agreed,
        }

    def _is_told(self, room: Room, event: Event) -> bool:
        """Whether an order that is placed was told of with its lines before: the first word stands."""
        if event.type != "order.placed":
            return False
        order_id: str = event.data.order_id  # type: ignore[attr-defined]
        if late_of(event.actor) is None:
            order = room.orders.get(order_id)
            return order is not None and (order.counted or order.placed)
        row = self._late.get(order_id) or self.left.orders.get(order_id)
        return row is not None and bool(row.flags & (PLACED | COUNTED))

    def _order(self, room: Room, event: Event) -> None:
        order_id: str = event.data.order_id  # type: ignore[attr-defined]
        order = room.orders.get(order_id)
        if order is not None and order.broadcast != room.tonight and order_id not in self._before:
            self._before[order_id] = order.broadcast, sums_of(order)
        self._touched[order_id] = event.seq

    def _imported(self, data: OrdersImported, seq: int) -> None:
        for past in data.orders:
            self._late[past.order_id] = self.left.orders[past.order_id] = past_row(past, seq)

    def _opened(self, room: Room, event: Event) -> None:
        """The one that ends gets its last figures, and what leaves gets its rows."""
        number = room.tonight
        self._weigh_earlier(room)
        self._over += broadcast_of(room)
        had_orders, had_cues = dict(room.orders), dict(room.cues)
        evolve(room, event)
        for order_id, order in had_orders.items():
            if order_id not in room.orders:
                self._gone[order_id] = order
                self.left.orders[order_id] = row_of(order, self._touched.get(order_id, 0))
        for cue_id, cue in had_cues.items():
            if cue_id not in room.cues:
                row = cue_row(cue, number)
                self._cues.append(row)
                self.left.cues[cue_id] = row.broadcast

    def _weigh_earlier(self, room: Room) -> None:
        """By how much the orders of earlier broadcasts that are still in the room have changed."""
        for order_id, (number, sums) in self._before.items():
            order = room.orders[order_id]
            self._add(number, sums, -1)
            if order.broadcast != room.tonight:  # else its payment had come in an earlier one than itself
                self._add(order.broadcast, sums_of(order), 1)
        self._before.clear()

    def _late_fact(self, event: Event, number: int) -> None:
        data = event.data
        if isinstance(data, facts.PromotionMeasured):
            figures = {name: getattr(data, name) for name in _FIGURES if getattr(data, name) is not None}
            self._measured.append((data.cue_id, _encode({**figures, "at": event.at})))
            return
        order_id: str = data.order_id  # type: ignore[attr-defined]
        row = self._late.get(order_id) or self.left.orders.get(order_id)
        order = order_of(row) if row is not None else Order(order_id, broadcast=number, told_at=event.at)
        self._add(order.broadcast, sums_of(order), -1)
        if isinstance(data, OrderCounted):  # of a log from before late facts said so themselves
            order.counted, order.unmatched = True, data.unmatched
            order.lines = [Line(c.sku_id, c.quantity, c.unit_price_fen) for c in data.lines]
        else:
            orders.tell(order, data, event.at)
        order.status = orders.status(order)
        self._add(order.broadcast, sums_of(order), 1)
        self._late[order_id] = self.left.orders[order_id] = row_of(order, event.seq)

    def _add(self, number: int, sums: Sums, sign: int) -> None:
        if number == PAST:
            return
        had = self._later.get(number, Sums())
        self._later[number] = Sums(*(a + sign * b for a, b in zip(had, sums, strict=True)))


def sums_of(order: Order) -> Sums:
    """Return what one order adds to its broadcast."""
    totals = OrderTotals()
    tally(totals, order, 1)
    return _sums(totals)


def _sums(totals: OrderTotals) -> Sums:
    return Sums._make(_of_totals(totals))


def broadcast_of(room: Room) -> Sequence[BroadcastRow]:
    """Return the row of tonight as it stands; none before the first opening."""
    broadcast = room.broadcast
    if broadcast.opened_at is None:
        return ()
    row = BroadcastRow(
        broadcast.number,
        broadcast.title,
        broadcast.opened_at,
        broadcast.closed_at,
        broadcast.opened_seq,
        orders_known(room),
        room.audience.comments,
        _sums(room.totals),
        _encode(room.audience),
    )
    return (row,)


def member_row(room: Room, pid: str) -> MemberRow:
    """Return somebody as the room has him now."""
    known = room.members.get(pid)
    if known is None:
        return MemberRow(pid, None)
    figures = known.signed, known.spent, known.balance_fen
    return MemberRow(pid, known.joined_at, known.birthday, *figures, known.checked_in)


def cue_row(cue: Cue, number: int) -> CueRow:
    """Return a cue that leaves at the end of broadcast ``number``."""
    return CueRow(cue.cue_id, cue.broadcast or number, cue.kind, cue.status, _encode(lighter(cue)))


def row_of(order: Order, seq: int) -> OrderRow:
    """Return the order as the tables have it."""
    units = units_of(order.lines)
    flags = (
        PLACED * order.placed
        | PAID * order.paid
        | CLOSED * order.closed
        | LAPSED * order.lapsed
        | COUNTED * order.counted
        | CONSOLE * (order.origin == "console")
        | UNMATCHED * bool(order.unmatched)
    )
    return OrderRow(
        order.order_id,
        order.status,
        order.buyer,
        order.total_fen,
        order.paid_fen,
        order.refund_fen,
        order.cue_id,
        order.placed_at,
        seq,
        order.broadcast,
        units.sold + units.gifts,
        flags,
        units.gifts,
    )


def _price_of(told_fen: int | None) -> int:
    return BOUGHT_AT if told_fen is None else told_fen


def past_row(past: PastOrder, seq: int) -> OrderRow:
    """Return an order of the past as the tables have it: of no broadcast of ours."""
    order = Order(
        past.order_id,
        buyer=past.buyer.id if past.buyer is not None else "",
        lines=[Line("", line.quantity, _price_of(line.unit_price_fen)) for line in past.lines],
        total_fen=past.total_fen,
        placed=True,
        counted=True,
        paid=past.paid_fen is not None,
        closed=past.closed,
        paid_fen=past.paid_fen or 0,
        refund_fen=past.refund_fen,
        placed_at=past.placed_at,
        broadcast=PAST,
    )
    order.status = orders.status(order)
    return row_of(order, seq)


def order_of(row: OrderRow) -> Order:
    """Return the order again, as far as its own totals need it: its units are in one line
    of what was bought and one of what came along."""
    flags = row.flags
    return Order(
        row.order_id,
        buyer=row.buyer,
        lines=[Line("", row.units - row.gift_units, BOUGHT_AT), Line("", row.gift_units, GIFT_PRICE_FEN)],
        total_fen=row.total_fen,
        origin="console" if flags & CONSOLE else "platform",
        placed=bool(flags & PLACED),
        paid=bool(flags & PAID),
        closed=bool(flags & CLOSED),
        lapsed=bool(flags & LAPSED),
        counted=bool(flags & COUNTED),
        paid_fen=row.paid_fen,
        refund_fen=row.refund_fen,
        payments=ToldAmount.so_far(row.paid_fen),
        refunds=ToldAmount.so_far(row.refund_fen),
        cue_id=row.cue_id,
        unmatched=["unmatched"] if flags & UNMATCHED else [],
        placed_at=row.placed_at,
        broadcast=row.broadcast,
    )
