"""Her shop: its face on the first window, the large screen, the overlay and the report, and what is kept of
it."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import Id, Text

NAME_LIMIT: Final = 40


class ShopFace(Struct, frozen=True):
    """``logo``: the hash of a kept picture (``PUT /v1/images``); ``accent``: ``#rrggbb``, painted in the
    nearest shade that can be read where it stands."""

    name: Text = ""
    logo: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")] | None = None
    accent: Annotated[str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$")] | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nobody gave the shop a face."""
        return self == ShopFace()


class ShopKeep(Struct, frozen=True):
    """``shop.keep`` and ``shop.kept``: ours stands, and the shop's ``value`` of this field is not asked about
    any more (`shop.differences`); ``product_id`` is ours, or the shop's of what we do not have."""

    product_id: Id
    field: Id
    value: Annotated[str, msgspec.Meta(max_length=2_000)]
    sku_id: Id | None = None
