"""Orders of the past, brought in from files, and what seats note at orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from liveconsole.messages.fields import Fen, Id, Person, Quantity, Text, Typed

PAST_ORDERS_MOST: Final = 500
"""Orders of one command, and of one event."""
TAGS_MOST: Final = 20
TAG_LONG: Final = 40
NOTE_LONG: Final = 500
ADDRESS_TAG: Final = "address"
"""The buyer asked for another address: nothing is sent before somebody has seen to it."""

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class PastLine(Struct, frozen=True, omit_defaults=True):
    """One line of an order of the past. ``title``: the goods as the file names them."""

    sku_id: Id
    quantity: Quantity = 1
    unit_price_fen: Fen | None = None
    product_id: Id | None = None
    title: Text = ""


class PastOrder(Struct, frozen=True, omit_defaults=True):
    """One order of a file. ``paid_fen``: all that was paid, what was given back not taken off; null: it was
    not paid. ``buyer``: null where the file names none."""

    order_id: Id
    placed_at: _Moment
    total_fen: Fen
    paid_fen: Fen | None = None
    refund_fen: Fen = 0
    buyer: Person | None = None
    paid_at: _Moment | None = None
    closed: bool = False
    scene: Text | None = None
    province: Text | None = None
    payment: Text | None = None
    lines: Annotated[list[PastLine], msgspec.Meta(max_length=200)] = []


class OrdersImport(Struct, frozen=True):
    """Orders of the past: they are in the books, and touch neither stock nor a promotion nor a broadcast.
    Answers how many were new and which order ids were known before."""

    orders: Annotated[list[PastOrder], msgspec.Meta(min_length=1, max_length=PAST_ORDERS_MOST)]


class OrdersImported(Struct, frozen=True):
    """``orders.imported``: those that nobody had told of before."""

    orders: list[PastOrder]


class OrderNotePut(Struct, frozen=True):
    """A note at an order, its tags, or both; what is not sent stays. ``""`` and ``[]`` take them away."""

    order_id: Id
    text: Annotated[str, msgspec.Meta(max_length=NOTE_LONG)] | UnsetType = UNSET
    tags: (
        Annotated[
            list[Annotated[str, msgspec.Meta(min_length=1, max_length=TAG_LONG)]],
            msgspec.Meta(max_length=TAGS_MOST),
        ]
        | UnsetType
    ) = UNSET


class OrderNoted(Struct, frozen=True):
    """``order.noted``: what was sent of a note; null: it was not."""

    order_id: str
    text: Typed | None = None
    tags: list[Typed] | None = None


COMMANDS: Final[dict[str, type[Struct]]] = {"orders.import": OrdersImport, "order.note": OrderNotePut}
EVENTS: Final[dict[str, type[Struct]]] = {"orders.imported": OrdersImported, "order.noted": OrderNoted}
OF_THE_BOOKS: Final = frozenset({*EVENTS, "order.shipment", "review.posted"})
"""Events that change nothing in the room: they are on the log and in the read tables."""
