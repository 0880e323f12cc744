"""Orders that are in the books alone: those of the past, and what seats note at any."""

from __future__ import annotations

from typing import Any, Final

from msgspec import UNSET

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.envelope import Event
from liveconsole.messages.order_books import (
    OF_THE_BOOKS,
    OrderNoted,
    OrderNotePut,
    OrdersImport,
    OrdersImported,
    PastOrder,
)
from liveconsole.messages.refusals import Refused


def import_(room: Room, data: OrdersImport, ctx: Context) -> Decision | Refused:
    """Take each order once; which of them the books have is taken off by whoever can ask them."""
    if room.simulated:
        return Refused("no_past_in_a_rehearsal")
    new: dict[str, PastOrder] = {}
    for order in data.orders:
        if order.order_id not in room.orders:
            new.setdefault(order.order_id, order)
    events = [ctx.event("orders.imported", OrdersImported(list(new.values())))] if new else []
    return Decision(events, {"accepted": len(new), "duplicates": len(data.orders) - len(new)})


def note(room: Room, data: OrderNotePut, ctx: Context) -> Decision | Refused:
    """Keep a note. Whether there is such an order the books know, where the room does not."""
    if data.text is UNSET and data.tags is UNSET:
        return Refused("bad_shape", {"detail": "text"})
    text = None if data.text is UNSET else data.text.strip()
    tags = None
    if data.tags is not UNSET:
        tags = list(dict.fromkeys(filter(None, (tag.strip() for tag in data.tags))))
    return Decision([ctx.event("order.noted", OrderNoted(data.order_id, text, tags))], {})


def _of_the_books(room: Room, data: Any, event: Event) -> None:
    """Nothing: the room decides nothing by it."""


COMMANDS: Final[dict[str, Rule]] = {"orders.import": import_, "order.note": note}
FOLDS: Final[dict[str, Fold]] = dict.fromkeys(OF_THE_BOOKS, _of_the_books)
