"""The orders of all the years, as ``GET /v1/orders?all=1`` lists them. Of buyers only masked names."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

from msgspec import Struct

OrderState = Literal[
    "unpaid", "to_ship", "shipped", "out_for_delivery", "exception", "delivered", "done", "closed"
]
"""待付款 · 待发货 · 已发货 · 派送中 · 异常件 · 已签收 · 完成 · 关闭 (`domain.order_states`)."""
ORDER_STATES: Final[tuple[OrderState, ...]] = get_args(OrderState)
OrderSort = Literal["newest", "oldest"]
ORDER_SORTS: Final[tuple[str, ...]] = get_args(OrderSort)


class BookLine(Struct, frozen=True, omit_defaults=True):
    """One line of an order. ``title`` is ``""`` where no catalogue and no file ever named the SKU;
    ``unit_price_fen`` null where nobody said it."""

    sku_id: str
    units: int
    unit_price_fen: int | None
    product_id: str | None = None
    title: str = ""
    sku: str = ""


class BookShipment(Struct, frozen=True, omit_defaults=True):
    """The newest word about its way; ``at``: as its source says."""

    status: str
    at: datetime
    shipped_at: datetime
    delivered_at: datetime | None = None
    carrier: str | None = None
    waybill: str | None = None
    eta: str | None = None
    text: str | None = None


class BookAftersale(Struct, frozen=True):
    aftersale_id: str
    kind: str
    status: str


class BookOrder(Struct, frozen=True, omit_defaults=True):
    """One order. ``paid_fen`` null: it was not paid; all that was paid, refunds not taken off.
    ``broadcast`` 0: it was brought in from a file (``past``)."""

    order_id: str
    state: OrderState
    buyer: str
    """Masked; ``""`` where nobody said who."""
    placed_at: datetime | None
    paid_at: datetime | None
    total_fen: int | None
    """Null while only its payment is known."""
    paid_fen: int | None
    units: int
    broadcast: int
    refund_fen: int = 0
    past: bool = False
    scene: str | None = None
    province: str | None = None
    payment: str | None = None
    lines: list[BookLine] = []
    """The first few."""
    more_lines: int = 0
    shipment: BookShipment | None = None
    aftersales: list[BookAftersale] = []
    note: str = ""
    tags: list[str] = []
    change_address: bool = False
    """Its buyer asked for another address: it bears the tag `order_books.ADDRESS_TAG`."""


class StateCount(Struct, frozen=True):
    """Of the orders in one state: how many, and what they came to, were paid, and were given back."""

    state: OrderState
    orders: int
    total_fen: int
    paid_fen: int
    refund_fen: int


class BothSaid(Struct, frozen=True):
    """A sentence in both languages."""

    zh: str
    en: str


class OrderBookPage(Struct, frozen=True):
    """One page. ``after``: what asks for the next one; ``""``: this was the last. ``counts`` where they were
    asked for, of the whole range whatever the search."""

    orders: list[BookOrder]
    after: str
    counts: list[StateCount] | None = None
    urge: BothSaid | None = None
    """With ``state=unpaid``: what can be read out to those who have not paid. Nobody's name is in it."""
