"""The cart on the log: what was put in, taken out, moved and numbered anew."""

from __future__ import annotations

from msgspec import Struct


class CartAdded(Struct, frozen=True):
    items: list[tuple[int, str]]
    """(number, product_id), appended in this order."""


class CartRemoved(Struct, frozen=True):
    product_id: str


class CartMoved(Struct, frozen=True):
    product_id: str
    to: int


class CartRenumbered(Struct, frozen=True):
    pass
