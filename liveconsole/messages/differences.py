"""Where the shop's goods and ours differ, as ``GET /v1/shop/differences`` says it: a row a field."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

Value = str | int | bool | None

PAGE_MOST: Final = 500
"""Rows of a page."""


class MendingCommand(Struct, frozen=True):
    """A command that takes one side's value."""

    type: str
    data: dict[str, Any]


class ShopDifference(Struct, frozen=True, omit_defaults=True):
    """One field in two places. ``product_id`` and ``sku_id`` are ours, or the shop's of what we do not have.
    A side that has no such thing is null. ``take`` is missing where the shop's cannot be taken as it is."""

    product_id: str
    title: str
    field: str
    """``product``, ``title``, ``price_fen``, ``on_shelf``, ``image``, ``sku``, ``sku_id``, ``sku_title`` or
    ``stock``; the list is open."""
    keep: MendingCommand
    ours: Value = None
    shop: Value = None
    take: MendingCommand | None = None
    shop_id: str = ""
    """The shop's product, where it goes by another id."""
    sku_id: str = ""
    sku: str = ""
    at: datetime | None = None
    """Of a figure that moves: when the shop said so."""
    kept: bool = False
    """A person has let it stand."""


class DifferencePage(Struct, frozen=True):
    """A page of them, of ``total``; ``kept``: how many a person has let stand; ``next``: where the next page
    begins."""

    at: datetime | None = None
    """When the shop was read; None while it was not: then nothing is known, and nothing differs."""
    rows: list[ShopDifference] = []
    total: int = 0
    kept: int = 0
    next: int | None = None
