"""Facts: what happened outside. They are refused for their shape only, never by a rule."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from liveconsole.messages.fields import Count, Fen, Id, Person, Quantity, Text


class CommentPosted(Struct, frozen=True, gc=False):
    viewer: Person
    text: Text


class ViewerEntered(Struct, frozen=True, gc=False):
    viewer: Person


class ViewerFollowed(Struct, frozen=True, gc=False):
    viewer: Person


class ViewerShared(Struct, frozen=True, gc=False):
    viewer: Person


class ViewerLiked(Struct, frozen=True, gc=False):
    viewer: Person
    count: Count


class GiftSent(Struct, frozen=True, gc=False):
    viewer: Person
    gift: Text
    count: Count
    value_fen: Fen
    combo: bool = False
    text: Text = ""


class RoomMeasured(Struct, frozen=True, gc=False):
    """What the platform shows of the room; only the fields that its source knows."""

    online: Count | None = None
    likes: Count | None = None
    exposures: Count | None = None
    clicks: Count | None = None
    followers: Count | None = None


class PromotionMeasured(Struct, frozen=True, gc=False):
    """What the platform itself shows of a promotion (also ``cue.measure``, typed in by a person)."""

    cue_id: Id
    sold: Count | None = None
    left: Count | None = None
    claimed: Count | None = None
    used: Count | None = None
    entrants: Count | None = None


class OrderLine(Struct, frozen=True, gc=False):
    sku_id: Id
    quantity: Quantity
    unit_price_fen: Fen


class OrderPlaced(Struct, frozen=True, gc=False):
    order_id: Id
    buyer: Person
    lines: list[OrderLine]
    total_fen: Fen
    cue_id: Id | None = None


class OrderPaid(Struct, frozen=True, gc=False):
    order_id: Id
    paid_fen: Fen


class OrderClosed(Struct, frozen=True, gc=False):
    order_id: Id
    reason: Text = ""


class OrderRefunded(Struct, frozen=True, gc=False):
    order_id: Id
    refund_fen: Fen


FactData = (
    CommentPosted
    | ViewerEntered
    | ViewerFollowed
    | ViewerShared
    | ViewerLiked
    | GiftSent
    | RoomMeasured
    | PromotionMeasured
    | OrderPlaced
    | OrderPaid
    | OrderClosed
    | OrderRefunded
)

FACTS: Final[dict[str, type[FactData]]] = {
    "comment.posted": CommentPosted,
    "viewer.entered": ViewerEntered,
    "viewer.followed": ViewerFollowed,
    "viewer.shared": ViewerShared,
    "viewer.liked": ViewerLiked,
    "gift.sent": GiftSent,
    "room.measured": RoomMeasured,
    "promotion.measured": PromotionMeasured,
    "order.placed": OrderPlaced,
    "order.paid": OrderPaid,
    "order.closed": OrderClosed,
    "order.refunded": OrderRefunded,
}

ORDER_FACTS: Final = frozenset({"order.placed", "order.paid", "order.closed", "order.refunded"})
"""Facts that touch stock and money: judged one by one, never sampled for a slow follower."""
