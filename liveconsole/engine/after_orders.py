"""What comes after an order, as rows of the read tables: its lines and ways, after-sales, reviews.

Every row follows from one event, and the tables keep the newest of several (`store.filling`): nothing of it
is in the room's memory, so what is late is no different from what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from liveconsole.domain.room import Room
from liveconsole.domain.shipping import ShipPromise, own_promise
from liveconsole.messages import after_order, events, facts
from liveconsole.messages.envelope import Event
from liveconsole.messages.order_books import OrderNoted, OrdersImported, PastOrder
from liveconsole.store.rows import (
    AftersaleRow,
    AgreedRow,
    AskMoved,
    AskRow,
    GoodsRow,
    LineRow,
    NoteRow,
    ReviewRow,
    ShipmentRow,
    StepRow,
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
        self.asks: list[AskRow] = []
        self.asks_moved: list[AskMoved] = []
        self.steps: list[StepRow] = []
        self.agreed: list[AgreedRow] = []

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
                    self._lines(room, data.order_id, [(line, line.asked_fen) for line in data.lines])
            case facts.OrderPaid():
                self.told.append(ToldOfOrder(data.order_id, _said_at(event)))
            case events.OrderGranted():
                self._lines(room, data.order_id, [(line, line.unit_price_fen) for line in data.lines])
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

    def _lines(self, room: Room, order_id: str, lines: Sequence[tuple[Any, int]]) -> None:
        """``lines``: each with what a unit of it costs (分)."""
        for number, (line, fen) in enumerate(lines, 1):
            sku = room.skus.get(line.sku_id)
            promise = ShipPromise() if sku is None else own_promise(room.products[sku.product_id].sent)
            self.lines.append(
                LineRow(
                    order_id,
                    number,
                    None if sku is None else sku.product_id,
                    line.sku_id,
                    line.quantity,
                    fen,
                    promise.hours,
                    None if promise.on is None else promise.on.isoformat(),
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
            groups = "\n".join(product.get("groups") or ()) or None
            own = (product.get("image"), groups)
            self.goods += [GoodsRow(sku["sku_id"], id_, title, sku.get("title", ""), *own) for sku in skus]

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

    def asked(self, data: after_order.ShopAsked, event: Event) -> None:
        """Add what the shop is asked for."""
        self.asks.append(
            AskRow(
                data.ask_id,
                data.order_id,
                data.aftersale_id,
                data.act,
                "owed",
                event.actor,
                data.by_person,
                data.amount_fen,
                data.coupon is not None,
                data.carrier,
                data.waybill,
                event.at,
                event.seq,
            )
        )

    def sent(self, data: after_order.ShopSent, event: Event) -> None:
        """Add that it is on its way."""
        self.asks_moved.append(AskMoved(data.ask_id, "sent", event.at, event.seq))

    def settled(self, data: after_order.ShopSettled, event: Event) -> None:
        """Add what became of it."""
        self.asks_moved.append(AskMoved(data.ask_id, data.outcome, event.at, event.seq))

    def stepped(self, data: after_order.CaseStepped, event: Event) -> None:
        """Add how far a case is."""
        self.steps.append(StepRow(data.case_id, data.step, event.actor, data.done, event.at, event.seq))

    def agrees(self, data: after_order.ReviewAgreed, event: Event) -> None:
        """Add whether a review may be shown."""
        self.agreed.append(AgreedRow(data.review_id, data.agreed, event.at))


def _said_at(event: Event) -> datetime:
    """When it was paid: a promise counts from then, also where no engine was there to hear it."""
    return event.at if event.time is None else min(event.at, event.time)


AFTER_ORDERS: Final[dict[str, Callable[[AfterOrders, Any, Event], None]]] = {
    "order.shipment": AfterOrders.shipment,
    "aftersale.updated": AfterOrders.aftersale,
    "review.posted": AfterOrders.review,
    "shop.asked": AfterOrders.asked,
    "shop.sent": AfterOrders.sent,
    "shop.settled": AfterOrders.settled,
    "case.stepped": AfterOrders.stepped,
    "review.agreed": AfterOrders.agrees,
}
"""Events that have rows of their own."""
