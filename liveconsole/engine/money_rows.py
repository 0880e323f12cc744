"""What the books need besides orders, as rows of the read tables: settlements, who brought whom, the shelf,
and where on the log people wrote what the books go by.

What people wrote stays on the log alone, where it gives way when somebody is forgotten; the tables hold its
place (`NotedRow`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from liveconsole.domain import preparing
from liveconsole.domain.room import Room
from liveconsole.messages import facts
from liveconsole.messages.envelope import Event
from liveconsole.store.money_rows import BroughtRow, MoneyWrite, NotedRow, SettledRow, ShelfRow
from liveconsole.store.rows import micros


def _category(product: Mapping[str, Any]) -> str:
    """Return what a product says of its kind: its category, else its groups, one a line."""
    category: str = product.get("category") or "\n".join(product.get("groups") or [])
    return category


class MoneyRows:
    """One commit's rows; `take` adds what an event has for them."""

    def __init__(self) -> None:
        self.settled: list[SettledRow] = []
        self.brought: list[BroughtRow] = []
        self.noted: list[NotedRow] = []
        self.shelf: dict[str, list[ShelfRow]] = {}
        """Product → all of its SKUs, as the commit leaves them."""

    def write(self) -> MoneyWrite:
        """Return what goes into the commit."""
        return MoneyWrite(self.settled, self.brought, self.shelf, self.noted)

    def take(self, room: Room, event: Event) -> None:
        """Add what the event says; the room is the one before it."""
        add = MONEY_ROWS.get(event.type)
        if add is not None:
            add(self, room, event.data, event)

    def _settled(self, room: Room, data: facts.OrderSettled, event: Event) -> None:
        self.settled.append(
            SettledRow(
                data.order_id,
                data.settled_fen,
                data.fee_fen,
                data.commission_fen,
                micros(data.settled_at or event.time or event.at),
                event.seq,
            )
        )

    def _brought(self, room: Room, data: facts.ShareBrought, event: Event) -> None:
        if data.viewer.id != data.by.id:
            self.brought.append(BroughtRow(data.cue_id, data.viewer.id, data.by.id, micros(event.at)))

    def _put(self, room: Room, data: Any, event: Event) -> None:
        for product in data.products:
            id_ = product["product_id"]
            known = room.products.get(id_)
            on = known.on_shelf if known is not None else True
            if self.shelf.get(id_):
                on = self.shelf[id_][0].on_shelf
            skus = product.get("skus") or [{"sku_id": id_, "price_fen": product["price_fen"]}]
            category = _category(product)
            self.shelf[id_] = [ShelfRow(id_, sku["sku_id"], category, sku["price_fen"], on) for sku in skus]

    def _shelved(self, room: Room, data: Any, event: Event) -> None:
        rows = self.shelf.get(data.product_id)
        product = room.products.get(data.product_id)
        if rows is None and product is not None:
            category = _category(product.sent)
            rows = [
                ShelfRow(product.product_id, id_, category, room.skus[id_].price_fen, data.on)
                for id_ in product.sku_ids
                if id_ in room.skus
            ]
        self.shelf[data.product_id] = [row._replace(on_shelf=data.on) for row in rows or ()]

    def _parts(self, room: Room, data: Any, event: Event) -> None:
        self.noted.append(NotedRow("parts", data.since.isoformat(), event.seq))

    def _rivals(self, room: Room, data: Any, event: Event) -> None:
        self.noted.append(NotedRow("rivals", data.week.isoformat(), event.seq))

    def _sharer(self, room: Room, data: Any, event: Event) -> None:
        self.noted.append(NotedRow("sharer", data.viewer_id, event.seq))

    def _plan(self, room: Room, data: Any, event: Event) -> None:
        self.noted.append(NotedRow("plan", data.plan_id, event.seq))

    def _dropped(self, room: Room, data: Any, event: Event) -> None:
        self.noted.append(NotedRow("over", data.plan_id, event.seq))

    def _ticked(self, room: Room, data: Any, event: Event) -> None:
        self.noted.append(NotedRow("tick", f"{data.plan_id}\n{data.item}", event.seq))

    def _opened(self, room: Room, data: Any, event: Event) -> None:
        held = preparing.held(room, event.at)
        if held is not None:
            self.noted.append(NotedRow("over", held, event.seq))


MONEY_ROWS: Final[dict[str, Callable[[MoneyRows, Room, Any, Event], None]]] = {
    "order.settled": MoneyRows._settled,
    "share.brought": MoneyRows._brought,
    "catalogue.put": MoneyRows._put,
    "product.shelved": MoneyRows._shelved,
    "parts.put": MoneyRows._parts,
    "rivals.put": MoneyRows._rivals,
    "sharer.put": MoneyRows._sharer,
    "prepare.planned": MoneyRows._plan,
    "prepare.dropped": MoneyRows._dropped,
    "prepare.ticked": MoneyRows._ticked,
    "broadcast.opened": MoneyRows._opened,
}
"""Events that have rows here."""
