"""晒单 or a story on the picture: stars, what it is of and what it says; nobody's name."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from liveconsole.domain.room import Room
from liveconsole.domain.shown_reviews import on_picture
from liveconsole.views.masks import plain_line

_TITLE = 30
TEXT_LONG = 60
"""Characters, which are four lines of the card."""


class OverlayReview(Struct, omit_defaults=True):
    """``title`` is empty where the room does not have the product; a story has no stars (0)."""

    review_id: int
    stars: int
    text: str
    title: str = ""


def review_of(room: Room, now: datetime) -> OverlayReview | None:
    """Return the review that is shown now."""
    shown = on_picture(room, now)
    if shown is None:
        return None
    product = room.products.get(shown.product_id)
    title = plain_line(product.title, _TITLE) if product is not None else ""
    return OverlayReview(shown.review_id, shown.stars, plain_line(shown.text, TEXT_LONG), title)
