"""Her shop's face: what stands on the first window, the large screen, the overlay and the report."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import Text

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
