"""The orders of this broadcast, page by page, out of the room itself: every seat reads the same list."""

from __future__ import annotations

from itertools import islice
from typing import Final

import msgspec

from liveconsole.domain.platforms import orders_known
from liveconsole.domain.room import Room
from liveconsole.domain.room_orders import Line, Order
from liveconsole.messages.order_list import (
    PAGE_MOST,
    ListedLine,
    ListedOrder,
    OrderPage,
    OrdersSought,
    OrderStanding,
)

_encode = msgspec.json.Encoder().encode
LOOKED_AT: Final = 2_000
"""Orders that one page goes through: the room stands still meanwhile, some milliseconds. A page that found
nothing among them ends there, and says where the next begins."""
_LINES: Final = 4


def page(room: Room, sought: OrdersSought) -> OrderPage:
    """Return the page behind ``before``, at most `PAGE_MOST` orders of it."""
    count = len(room.orders)
    begin = min(sought.before, count) if sought.before > 0 else count
    numbers = {item.product_id: item.number for item in room.cart}
    wanted = _Wanted(room, numbers, sought)
    limit = max(1, min(sought.limit, PAGE_MOST))
    found: list[ListedOrder] = []
    place = begin
    newest = islice(reversed(room.orders.values()), count - begin, None)
    for order in islice(newest, LOOKED_AT):
        place -= 1
        if order.broadcast == room.tonight and wanted(order):
            found.append(_listed(room, numbers, order, place + 1))
            if len(found) == limit:
                break
    known, totals = orders_known(room), room.totals
    return OrderPage(
        room.tonight,
        known,
        totals.placed if known else None,
        totals.unpaid if known else None,
        found,
        place,
    )


def encoded(room: Room, sought: OrdersSought) -> bytes:
    """Return the page as JSON."""
    return _encode(page(room, sought))


def standing(order: Order) -> OrderStanding:
    """Tell where an order stands, in one word."""
    if order.refund_fen:
        return "refunded"
    if order.closed:
        return "closed"
    if order.paid:
        return "paid"
    return "lapsed" if order.lapsed else "unpaid"


class _Wanted:
    """Whether an order is looked for. What its text finds among the goods is looked up once."""

    def __init__(self, room: Room, numbers: dict[str, int], sought: OrdersSought) -> None:
        self._text = text = sought.text.strip().casefold()
        self._standing, self._least = sought.standing, sought.least_fen
        number = text.removeprefix("#").removesuffix("号").strip()
        by_number = {product_id for product_id, n in numbers.items() if str(n) == number}
        self._goods: set[str] = set()
        if text:
            named = {id_ for id_, product in room.products.items() if text in product.title.casefold()}
            self._goods = {
                sku.sku_id
                for sku in room.skus.values()
                if sku.product_id in named or sku.product_id in by_number or text in sku.title.casefold()
            }

    def __call__(self, order: Order) -> bool:
        stands = standing(order)
        if self._standing and self._standing not in (stands, "unpaid" if stands == "lapsed" else stands):
            return False
        if order.total_fen < self._least:
            return False
        if not self._text or self._text in order.order_id.casefold():
            return True
        return any(line.sku_id in self._goods for line in order.lines)


def _listed(room: Room, numbers: dict[str, int], order: Order, place: int) -> ListedOrder:
    known = order.counted or order.placed
    return ListedOrder(
        order.order_id,
        place,
        order.placed_at or order.told_at,
        standing(order),
        [_line(room, numbers, line) for line in order.lines[:_LINES]],
        sum(line.quantity for line in order.lines),
        order.total_fen if known else None,
        order.paid_fen,
        order.refund_fen,
        order.hold_until if standing(order) == "unpaid" else None,
        list(order.aftersales.values()),
    )


def _line(room: Room, numbers: dict[str, int], line: Line) -> ListedLine:
    sku = room.skus.get(line.sku_id)
    product = room.products.get(sku.product_id) if sku is not None else None
    if sku is None or product is None:
        return ListedLine(line.sku_id, line.quantity)
    name = sku.title if len(product.sku_ids) > 1 else ""
    return ListedLine(line.sku_id, line.quantity, numbers.get(product.product_id), product.title, name)
