"""What comes after an order, as rows of the read tables: its lines and ways, after-sales, reviews.

Every row follows from one event, and the tables keep the newest of several (`store.filling`): nothing of it
is in the room's memory, so what is late is no different from what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from liveconsole.domain.room import Room
from liveconsole.messages import events, facts
from liveconsole.messages.envelope import Event
from liveconsole.messages.order_books import OrderNoted, OrdersImported, PastOrder
from liveconsole.store.rows import (
    AftersaleRow,
    GoodsRow,
    LineRow,
    NoteRow,
    ReviewRow,
    ShipmentRow,
    ToldOfOrder,
)


class AfterOrders:
    """One commit's rows; `take` adds what an event has for them."""

    def __init__(self) -> None:
        self.told: list[ToldOfOrder] = []
        self.lines: list[LineRow] = []
        self.shipments: list[ShipmentRow] = []
        self.aftersales: list[AftersaleRow] = []
        self.reviews: list[ReviewRow] = []
        self.goods: list[GoodsRow] = []
        self.goods_seen: list[GoodsRow] = []
        self.notes: list[NoteRow] = []

    def take(self, room: Room, event: Event, is_told: bool) -> None:
        """Add what the event says; the room is the one before it. ``is_told``: an order that is placed has
        its lines already."""
        data: Any = event.data
        match data:
            case facts.OrderPlaced():
                if data.scene is not None or data.province is not None or data.payment is not None:
                    self.told.append(
                        ToldOfOrder(data.order_id, None, data.scene, data.province, data.payment)
                    )
                if not is_told:
                    self._lines(room, data.order_id, data.lines)
            case facts.OrderPaid():
                self.told.append(ToldOfOrder(data.order_id, event.at))
            case events.OrderGranted():
                self._lines(room, data.order_id, data.lines)
            case events.CatalogueChanged():
                self._goods(data.products)
            case OrdersImported():
                for order in data.orders:
                    self._past(room, order)
            case OrderNoted():
                seq = event.seq
                self.notes.append(
                    NoteRow(
                        data.order_id,
                        None if data.text is None else seq,
                        None if data.tags is None else seq,
                    )
                )
            case _:
                if (add := AFTER_ORDERS.get(event.type)) is not None:
                    add(self, data, event)

    def _lines(self, room: Room, order_id: str, lines: Sequence[Any]) -> None:
        for number, line in enumerate(lines, 1):
            sku = room.skus.get(line.sku_id)
            self.lines.append(
                LineRow(
                    order_id,
                    number,
                    None if sku is None else sku.product_id,
                    line.sku_id,
                    line.quantity,
                    line.unit_price_fen,
                )
            )

    def _past(self, room: Room, order: PastOrder) -> None:
        self.told.append(
            ToldOfOrder(order.order_id, order.paid_at, order.scene, order.province, order.payment, past=True)
        )
        for number, line in enumerate(order.lines, 1):
            id_, sku = line.sku_id, room.skus.get(line.sku_id)
            product_id = line.product_id if sku is None else sku.product_id
            self.lines.append(
                LineRow(order.order_id, number, product_id, id_, line.quantity, line.unit_price_fen)
            )
            if sku is None and line.title:
                self.goods_seen.append(GoodsRow(id_, line.product_id or id_, line.title, ""))

    def _goods(self, products: Sequence[dict[str, Any]]) -> None:
        for product in products:
            id_, title = product["product_id"], product.get("title", "")
            skus = product.get("skus") or [{"sku_id": id_}]
            self.goods += [GoodsRow(sku["sku_id"], id_, title, sku.get("title", "")) for sku in skus]

    def shipment(self, data: facts.OrderShipment, event: Event) -> None:
        """Add one word about the way of an order."""
        told_at = event.time or event.at
        row = ShipmentRow(
            data.order_id,
            data.status,
            data.carrier,
            data.waybill,
            data.eta,
            data.text,
            told_at,
            event.at,
            event.seq,
        )
        self.shipments.append(row)

    def aftersale(self, data: facts.AftersaleUpdated, event: Event) -> None:
        """Add one word about an after-sale."""
        told_at = event.time or event.at
        row = AftersaleRow(
            data.aftersale_id,
            data.order_id,
            data.kind,
            data.status,
            data.reason,
            data.amount_fen,
            data.due_at,
            told_at,
            event.at,
            event.seq,
        )
        self.aftersales.append(row)

    def review(self, data: facts.ReviewPosted, event: Event) -> None:
        """Add what a buyer wrote."""
        self.reviews.append(
            ReviewRow(event.seq, data.order_id, data.product_id, data.stars, data.text, event.at)
        )


AFTER_ORDERS: Final[dict[str, Callable[[AfterOrders, Any, Event], None]]] = {
    "order.shipment": AfterOrders.shipment,
    "aftersale.updated": AfterOrders.aftersale,
    "review.posted": AfterOrders.review,
}
"""Events that have rows of their own."""
