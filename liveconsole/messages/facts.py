"""Facts: what happened outside. They are refused for their shape only, never by a rule."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Struct

from liveconsole.messages.fields import Count, Fen, Id, Person, Quantity, Text


class CommentPosted(Struct, frozen=True, gc=False):
    viewer: Person
    text: Text


class ViewerEntered(Struct, frozen=True, gc=False):
    viewer: Person


class ViewerFollowed(Struct, frozen=True, gc=False):
    viewer: Person


class ViewerJoinedClub(Struct, frozen=True, gc=False):
    """He is of the fan club: joined now, or was seen with its mark. ``level``: as the platform has it."""

    viewer: Person
    level: Count | None = None


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


class RecentMeasured(Struct, frozen=True, gc=False):
    """``name``: of a field of `RoomMeasured` where there is such a one, else as the platform calls it."""

    name: Text
    value: Count
    before: Count | None = None
    minutes: Quantity = 10


class RoomMeasured(Struct, frozen=True, gc=False):
    """What the platform shows of the room; only the fields that its source knows."""

    online: Count | None = None
    likes: Count | None = None
    exposures: Count | None = None
    clicks: Count | None = None
    followers: Count | None = None
    impressions: Count | None = None
    """People to whom the room itself was shown; ``exposures`` and ``clicks`` are those of goods."""
    watched: Count | None = None
    """People who came in so far."""
    online_peak: Count | None = None
    watch_seconds: Count | None = None
    """That one of them stayed, in the mean."""
    new_follows: Count | None = None
    new_fans: Count | None = None
    commenters: Count | None = None
    shares: Count | None = None
    buyers: Count | None = None
    orders_placed: Count | None = None
    orders_paid: Count | None = None
    gmv_fen: Fen | None = None
    refund_fen: Fen | None = None
    recent: Annotated[list[RecentMeasured], msgspec.Meta(max_length=50)] = []
    """The last minutes of some figures, against as many before them."""


class StockMeasured(Struct, frozen=True, gc=False):
    """What the shop says that it has of a SKU, to be had now."""

    sku_id: Id
    on_hand: Count


class PromotionMeasured(Struct, frozen=True, gc=False):
    """What the platform itself shows of a promotion (also ``cue.measure``, typed in by a person)."""

    cue_id: Id
    sold: Count | None = None
    left: Count | None = None
    claimed: Count | None = None
    used: Count | None = None
    entrants: Count | None = None


class PkScored(Struct, frozen=True, gc=False):
    """The score of a PK's round as a source tells it."""

    cue_id: Id
    ours: Count
    theirs: Count


class OrderLine(Struct, frozen=True, gc=False):
    """``gift``: it came with the others, as a line at 0 does, whatever price its shop writes beside it."""

    sku_id: Id
    quantity: Quantity
    unit_price_fen: Fen
    gift: bool = False

    @property
    def asked_fen(self) -> int:
        """What a unit costs its buyer before coupons (分): nothing, of a gift."""
        return 0 if self.gift else self.unit_price_fen


class Discount(Struct, frozen=True, gc=False):
    """One layer of an order's price. ``kind`` is an open list: ``flash, coupon, shop_coupon, member,
    platform, subsidy, points, merchant, other``; what is not among them is kept and shown as sent."""

    kind: Text
    fen: Fen
    id: Id | None = None


class OrderPlaced(Struct, frozen=True, gc=False):
    """``total_fen``: what the buyer pays, every discount taken off; ``freight_fen`` of it is for the way
    there, and no price of goods. ``scene`` and ``payment`` are open lists, kept as sent. ``live_id``: the
    live room it was bought in, by the platform's own name."""

    order_id: Id
    buyer: Person
    lines: list[OrderLine]
    total_fen: Fen
    cue_id: Id | None = None
    scene: Text | None = None
    discounts: Annotated[list[Discount], msgspec.Meta(max_length=100)] = []
    province: Text | None = None
    payment: Text | None = None
    gift: bool = False
    freight_fen: Fen = 0
    live_id: Id | None = None

    @property
    def goods_fen(self) -> int:
        """What of the total is for the goods."""
        return max(0, self.total_fen - self.freight_fen)


class OrderPaid(Struct, frozen=True, gc=False):
    """With ``payment_id`` one payment, which adds to the others; without it all that was paid so far."""

    order_id: Id
    paid_fen: Fen
    payment_id: Id | None = None


class OrderClosed(Struct, frozen=True, gc=False):
    order_id: Id
    reason: Text = ""


class OrderRefunded(Struct, frozen=True, gc=False):
    """With ``refund_id`` one refund, which adds to the others; without it all that was refunded so far."""

    order_id: Id
    refund_fen: Fen
    refund_id: Id | None = None


class AftersaleLine(Struct, frozen=True, gc=False):
    sku_id: Id
    quantity: Quantity


class AftersaleUpdated(Struct, frozen=True, gc=False):
    """What a buyer asked back, and how it stands. ``kind`` (``refund, return, exchange, resend``), ``status``
    (``asked, seller, buyer, returned, platform, refunded, rejected, closed``) and ``reason`` are open lists,
    kept as sent. Money that went back is told by `OrderRefunded`."""

    aftersale_id: Id
    order_id: Id
    kind: Text
    status: Text
    reason: Text | None = None
    amount_fen: Fen | None = None
    lines: Annotated[list[AftersaleLine], msgspec.Meta(max_length=100)] = []
    due_at: datetime | None = None


class OrderShipment(Struct, frozen=True, gc=False):
    """Where an order is on its way. ``status`` (``shipped, in_transit, out_for_delivery, delivered,
    exception, returned``) is an open list; ``carrier`` and ``eta`` are kept as sent."""

    order_id: Id
    status: Text
    carrier: Text | None = None
    waybill: Text | None = None
    eta: Text | None = None
    text: Text | None = None


class ReviewPosted(Struct, frozen=True, gc=False):
    """What a buyer wrote of a product."""

    product_id: Id
    stars: Annotated[int, msgspec.Meta(ge=1, le=5)]
    text: Text = ""
    order_id: Id | None = None


class OrderSettled(Struct, frozen=True, gc=False):
    """The shop has paid for an order, ``settled_fen`` after everything: below 0 where more went back after
    the payout than was left. What it took stands in ``fee_fen``, what went to whoever brought the buyer in
    ``commission_fen``, where it says so."""

    order_id: Id
    settled_fen: Annotated[int, msgspec.Meta(ge=-(10**12), le=10**12)]
    fee_fen: Fen | None = None
    commission_fen: Fen | None = None
    settled_at: datetime | None = None


class GroupJoined(Struct, frozen=True, gc=False):
    """A buyer joined a group of a 拼团, as its source knows it."""

    cue_id: Id
    viewer: Person
    group_id: Id


class BargainHelped(Struct, frozen=True, gc=False):
    """``viewer`` helped the buyer ``for_`` in a 砍价."""

    cue_id: Id
    viewer: Person
    for_: Person = msgspec.field(name="for")


class ShareBrought(Struct, frozen=True, gc=False):
    """``viewer`` came to the room by what ``by`` shared, as its source knows it (分享券)."""

    cue_id: Id
    viewer: Person
    by: Person


FactData = (
    CommentPosted
    | ViewerEntered
    | ViewerFollowed
    | ViewerJoinedClub
    | ViewerShared
    | ViewerLiked
    | GiftSent
    | RoomMeasured
    | StockMeasured
    | PromotionMeasured
    | PkScored
    | OrderPlaced
    | OrderPaid
    | OrderClosed
    | OrderRefunded
    | AftersaleUpdated
    | OrderShipment
    | ReviewPosted
    | OrderSettled
    | GroupJoined
    | BargainHelped
    | ShareBrought
)

FACTS: Final[dict[str, type[FactData]]] = {
    "comment.posted": CommentPosted,
    "viewer.entered": ViewerEntered,
    "viewer.followed": ViewerFollowed,
    "viewer.joined_club": ViewerJoinedClub,
    "viewer.shared": ViewerShared,
    "viewer.liked": ViewerLiked,
    "gift.sent": GiftSent,
    "room.measured": RoomMeasured,
    "stock.measured": StockMeasured,
    "promotion.measured": PromotionMeasured,
    "pk.scored": PkScored,
    "order.placed": OrderPlaced,
    "order.paid": OrderPaid,
    "order.closed": OrderClosed,
    "order.refunded": OrderRefunded,
    "aftersale.updated": AftersaleUpdated,
    "order.shipment": OrderShipment,
    "review.posted": ReviewPosted,
    "order.settled": OrderSettled,
    "group.joined": GroupJoined,
    "bargain.helped": BargainHelped,
    "share.brought": ShareBrought,
}

BY_ID_ALONE: Final = {"bargain.helped": "for", "share.brought": "by"}
"""Type → the field in which a person may stand by his id alone: who posts it need not know his name."""

AFTERSALE_OVER: Final = frozenset({"refunded", "rejected", "closed"})
"""Statuses of an after-sale that nobody is waited for in."""
AFTERSALE_DISPUTED: Final = "platform"
"""The status in which the platform decides."""
AFTERSALE_ANSWERED: Final = frozenset({"buyer", "returned", "refunded", "rejected"})
"""Statuses that tell that the seller has answered."""

ORDER_FACTS: Final = frozenset({"order.placed", "order.paid", "order.closed", "order.refunded"})
"""Facts that touch stock and money: judged one by one, never sampled for a slow follower."""
