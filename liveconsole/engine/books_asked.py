"""What the books are asked before a commit: about orders and promotions that the room does not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from liveconsole.domain.context import Decision
from liveconsole.domain.room import Room
from liveconsole.engine import at_once
from liveconsole.engine.books import LeftTheRoom
from liveconsole.messages.facts import ORDER_FACTS
from liveconsole.messages.inputs import CommandInput, FactsInput, Input
from liveconsole.messages.order_books import OrderNoted, OrdersImported
from liveconsole.messages.refusals import Refused
from liveconsole.store.reader import Reader

ALONE: Final = ORDER_FACTS | {"promotion.measured"}
"""Facts that are judged one by one, each on a room that knows the one before."""
_ASKED: Final = frozenset({"orders.import", "order.note"})
"""Commands before which the books are asked of the orders that they name."""


def left(room: Room, reader: Reader, inputs: Sequence[Input], *, past: bool) -> LeftTheRoom:
    """Return, of what the inputs name, what has left the room. ``past``: whether orders were ever brought in
    from a file."""
    if room.broadcast.number <= 1 and not past:
        # Nothing has left before the second opening; an import and a note are asked of all the same.
        inputs = [one for one in inputs if isinstance(one, CommandInput) and one.type in _ASKED]
        if not inputs:
            return LeftTheRoom()
    order_ids: set[str] = set()
    cue_ids: set[str] = set()
    for one in inputs:
        if isinstance(one, FactsInput):
            for fact in one.facts:
                if fact.type in ALONE:
                    data: Any = fact.data
                    if fact.type in ORDER_FACTS:
                        order_ids.add(data.order_id)
                    if (cue_id := getattr(data, "cue_id", None)) is not None:
                        cue_ids.add(cue_id)
        elif isinstance(one, CommandInput) and one.type in _ASKED:
            order_ids.update(_named(one))
        elif isinstance(one, CommandInput) and (id_ := at_once.new_id(one)) is not None:
            (order_ids if one.type == "order.request" else cue_ids).add(id_)
    # no difference of sets: that would walk through all orders of the room
    order_ids = {id_ for id_ in order_ids if id_ not in room.orders}
    return LeftTheRoom.of(reader, order_ids, {id_ for id_ in cue_ids if id_ not in room.cues})


def _named(one: CommandInput) -> Iterator[str]:
    """Yield the order ids that such a command names, as far as it has the shape."""
    data = one.data if isinstance(one.data, dict) else {}
    orders = data.get("orders")
    for each in (data, *(orders if isinstance(orders, list) else ())):
        order_id = each.get("order_id") if isinstance(each, dict) else None
        if isinstance(order_id, str):
            yield order_id


def after_books(
    type_: str, decision: Decision | Refused, room: Room, left: LeftTheRoom
) -> Decision | Refused:
    """Return the decision without the orders that the books have; a note at an order that nobody knows is
    refused."""
    if type_ not in _ASKED or isinstance(decision, Refused) or not decision.events:
        return decision
    (event,) = decision.events
    match event.data:
        case OrdersImported(orders=orders):
            new = [order for order in orders if order.order_id not in left.orders]
            known = len(orders) - len(new)
            result = decision.result
            told = {"accepted": len(new), "duplicates": result["duplicates"] + known}
            if not known:
                return decision
            changed = msgspec.structs.replace(event, data=OrdersImported(new))
            return Decision([changed] if new else [], told)
        case OrderNoted(order_id=order_id):
            if order_id not in room.orders and order_id not in left.orders:
                return Refused("unknown_order", {"order_id": order_id})
    return decision
