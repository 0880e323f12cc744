"""One commit's part of the table of stock by day: what a SKU had when its day's last word moved it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from liveconsole.domain.room import Room
from liveconsole.messages.envelope import Event, late_of
from liveconsole.store.order_days import day_number
from liveconsole.store.rows import StockRow

OF_STOCK: Final = frozenset({
    "broadcast.opened", "catalogue.put", "stock.added", "product.shelved", "cue.measured",
    "promotion.measured",
})  # fmt: skip
"""Types besides those of orders that move it; an opening tells of every SKU, moved or not."""


class StockRows:
    """`take` each event after it was folded; `rows` are what the table gets."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str], StockRow] = {}

    @property
    def rows(self) -> list[StockRow]:
        return list(self._rows.values())

    def take(self, room: Room, event: Event) -> None:
        """Note what the SKUs have that an event may have moved; what is late moves none."""
        if late_of(event.actor) is not None:
            return
        day = day_number(event.at)
        for sku_id in _moved(room, event):
            sku = room.skus.get(sku_id)
            if sku is None:
                continue
            product = room.products.get(sku.product_id)
            on = product is not None and product.on_shelf
            self._rows[day, sku_id] = StockRow(sku_id, day, sku.product_id, sku.on_hand, sku.free, on)


def _moved(room: Room, event: Event) -> Iterable[str]:
    data: Any = event.data
    match event.type:
        case "broadcast.opened":
            return room.skus
        case "catalogue.put":
            products = [product["product_id"] for product in data.products]
        case "product.shelved":
            products = [data.product_id]
        case "stock.added":
            return (data.sku_id,)
        case "cue.measured" | "promotion.measured":
            cue = room.cues.get(data.cue_id)
            return cue.sale if cue is not None else ()
        case _:
            order = room.orders.get(getattr(data, "order_id", ""))
            return [line.sku_id for line in order.lines] if order is not None else ()
    return [sku_id for id_ in products if id_ in room.products for sku_id in room.products[id_].sku_ids]
