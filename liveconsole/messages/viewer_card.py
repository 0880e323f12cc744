"""What the room knows of one person, as ``GET /v1/viewers/ID`` tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

BagPlace = Literal["entered", "won", "confirmed", "passed_over", "kept_out"]
"""Where somebody stands in a bag: among its entrants, a winner, one who has claimed, one who did not, or one
whom its rules leave out."""
CardMark = Literal["name_only", "kept_out", "won", "member"]
"""``name_only``: no id is known, only a name; ``kept_out``: a bag that waits or runs leaves him out; ``won``:
he holds a prize of one of the draws that the room remembers; ``member``: he agreed
to be one of the shop's."""


class CardOrder(Struct, frozen=True):
    """One of his orders."""

    order_id: str
    status: str
    total_fen: int
    placed_at: datetime | None
    broadcast: int
    paid_fen: int | None = None
    """What was paid; None: it is not paid."""


class CardComment(Struct, frozen=True):
    """What he said lately."""

    seq: int
    text: str


class CardBag(Struct, frozen=True):
    """A bag of this broadcast that he has to do with."""

    cue_id: str
    prize: str
    place: BagPlace
    at: datetime | None
    """When it went on air; None while it waits."""


class ViewerCard(Struct, frozen=True):
    """The sums are over all orders, of all broadcasts; None where nobody reports orders and none of his is
    known."""

    viewer_id: str
    name: str
    placed: int | None
    paid: int | None
    paid_fen: int | None
    refund_fen: int | None
    orders: list[CardOrder]
    """The newest."""
    comments: list[CardComment]
    bags: list[CardBag] = []
    marks: list[CardMark] = []
