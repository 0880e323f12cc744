"""The orders of the broadcast that runs, as ``GET /v1/orders`` lists them. Nobody's name is among it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

from msgspec import Struct

OrderStanding = Literal["unpaid", "lapsed", "paid", "refunded", "closed"]
"""``lapsed``: nobody paid while its units were held; it may be paid all the same. ``refunded``: in part or
whole."""
STANDINGS: Final[tuple[str, ...]] = get_args(OrderStanding)
PAGE_MOST: Final = 200
"""Orders of one page."""
TEXT_LONG: Final = 40


class OrdersSought(Struct, frozen=True):
    """Which orders: those of a standing (``unpaid``: the lapsed ones too), of at least an amount, with a text
    in their number or in the goods. ``before``: where the last page ended."""

    text: str = ""
    standing: str = ""
    least_fen: int = 0
    before: int = 0
    limit: int = PAGE_MOST


class ListedLine(Struct, frozen=True):
    """What of one SKU. ``number``: in the cart, None where it is not in it; ``title`` ``""`` where the room
    does not know the SKU."""

    sku_id: str
    units: int
    number: int | None = None
    title: str = ""
    """Of the product."""
    sku: str = ""
    """The SKU's own name, where the product has several."""


class ListedOrder(Struct, frozen=True):
    """One order. ``place`` is its place in the list, which grows: the newest has the highest."""

    order_id: str
    place: int
    at: datetime | None
    """When it was placed; where nobody told, when it was heard of."""
    standing: OrderStanding
    lines: list[ListedLine]
    """The first few."""
    units: int
    """Of all its lines."""
    total_fen: int | None
    """None while only a payment of it is known."""
    paid_fen: int = 0
    refund_fen: int = 0
    hold_until: datetime | None = None
    """Until when its units are held, where the platform tells."""
    aftersales: list[str] = []
    """How each of its after-sales stands (`facts.AftersaleUpdated`)."""


class OrderPage(Struct, frozen=True):
    """One page, the newest first. Where nobody reports orders ``known`` is false and the figures are None:
    not known, which is not nought."""

    broadcast: int
    known: bool
    placed: int | None
    """Of the whole broadcast, as the state has them."""
    unpaid: int | None
    orders: list[ListedOrder]
    before: int
    """Where the next page begins; 0: this was the last."""
