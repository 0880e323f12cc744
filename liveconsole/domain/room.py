"""The state of one room: what the fold of the log gives, and nothing that is not on the log.

Plain mutable structs. ``evolve`` owns the room that it is given; every other function only reads it.
All of it is encoded as a snapshot (msgpack), so a new field needs a default and a new ``FOLD_VERSION``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from msgspec import Struct, field

from liveconsole.messages.events import DrawPromise, EndedBecause, Winner
from liveconsole.messages.specs import ShopCoupon, Spec

FOLD_VERSION: Final = 1
"""Raise it when ``evolve`` or these structs change: snapshots of another version are folded anew."""

Status = Literal[
    "queued",
    "approved",
    "standby",
    "recallable",
    "firing",
    "unknown",
    "on_air",
    "ended",
    "rejected",
    "refused",
    "missed",
    "recalled",
    "removed",
]
OrderStatus = Literal["seen", "held", "placed", "paid", "closed"]


class Settings(Struct):
    platform: str = "own"
    recall_seconds: int = 3
    four_eyes: bool = False
    hold_seconds: int = 900
    shop_coupons: list[ShopCoupon] = field(default_factory=list)
    randomness: str = "local"
    title: str = ""
    sources: dict[str, bool] = field(default_factory=dict)


class Broadcast(Struct):
    status: Literal["none", "open", "closed"] = "none"
    title: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None


class Sku(Struct):
    """``on_hand`` counts units in the shop, holds included; a paid unit has left it and stands in ``sold``."""

    sku_id: str
    product_id: str
    title: str
    price_fen: int
    on_hand: int
    floor_fen: int | None = None
    held: int = 0
    sold: int = 0
    oversold: int = 0


class Product(Struct):
    product_id: str
    title: str
    price_fen: int
    sku_ids: list[str]
    sent: dict[str, Any]
    """The product as put, unknown fields included; prices and stock of SKUs are read from ``Sku``."""
    floor_fen: int | None = None
    list_price_fen: int | None = None
    on_shelf: bool = True


class CartItem(Struct):
    number: int
    product_id: str


class SaleCount(Struct):
    """One SKU of a flash sale: ``held + sold ≤ quantity`` for what the console granted."""

    quantity: int
    price_fen: int
    held: int = 0
    sold: int = 0
    oversold: int = 0


class Bag(Struct):
    promise: DrawPromise | None = None
    source: str = ""
    entries: dict[str, str] = field(default_factory=dict)
    """pid → entry id; excluded viewers never get in."""
    root: str = ""
    receipt: dict[str, Any] | None = None
    winners: list[Winner] = field(default_factory=list)
    """Who holds a prize now: drawn, moved up, or typed in; passed-over viewers have left it."""
    alternates: list[Winner] = field(default_factory=list)
    """Who may still move up, in the drawn order."""
    settled: dict[str, bool] = field(default_factory=dict)
    """pid → confirmed (True) or passed over (False)."""
    claim_until: dict[str, datetime] = field(default_factory=dict)
    platform_names: list[str] = field(default_factory=list)


class Measured(Struct):
    at: datetime
    sold: int | None = None
    left: int | None = None
    claimed: int | None = None
    used: int | None = None
    entrants: int | None = None


class Owed(Struct):
    """An effect that the platform has not answered yet."""

    key: str
    step: Literal["on_air", "ended"]
    since: datetime
    sent: bool = False
    """It may have reached the platform: ask about the key before sending it again."""


class Cue(Struct):
    cue_id: str
    kind: str
    spec: Spec
    spec_sent: dict[str, Any]
    status: Status
    added_at: datetime
    proposed_by: str
    approved_by: str | None = None
    fired_by: str | None = None
    fires_at: datetime | None = None
    """When it fires: from ``at``, or the end of its recall window."""
    scheduled: bool = False
    on_air_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: EndedBecause | None = None
    reason: str = ""
    owed: Owed | None = None
    sale: dict[str, SaleCount] = field(default_factory=dict)
    buyers: dict[str, int] = field(default_factory=dict)
    """Flash sale: pid → units held + sold. Coupon: pid → coupons claimed."""
    claimed: int = 0
    used: int = 0
    bag: Bag | None = None
    measured: Measured | None = None


class Coupon(Struct):
    coupon_id: str
    cue_id: str
    viewer: str
    valid_until: datetime | None = None
    order_id: str | None = None
    """The order that uses it now; returned when that order lapses or closes unpaid."""


class Line(Struct):
    sku_id: str
    quantity: int
    unit_price_fen: int
    cue_id: str | None = None
    oversold: int = 0


class Order(Struct):
    """One order, whoever told of it first. Its status is the furthest of closed > paid > placed > held > seen."""

    order_id: str
    status: OrderStatus
    buyer: str = ""
    lines: list[Line] = field(default_factory=list)
    total_fen: int = 0
    origin: Literal["console", "platform"] = "platform"
    placed: bool = False
    paid: bool = False
    closed: bool = False
    lapsed: bool = False
    counted: bool = False
    """Its units are in the stock figures."""
    paid_fen: int = 0
    refund_fen: int = 0
    hold_until: datetime | None = None
    coupon_id: str | None = None
    cue_id: str | None = None
    unmatched: list[str] = field(default_factory=list)
    close_reason: str = ""
    placed_at: datetime | None = None


class OrderTotals(Struct):
    placed: int = 0
    paid: int = 0
    closed: int = 0
    refunded: int = 0
    unpaid: int = 0
    units: int = 0
    gmv_fen: int = 0
    """Sum of what was paid."""
    refund_fen: int = 0
    refund_owed_fen: int = 0
    unmatched: int = 0
    oversold: int = 0


class Audience(Struct):
    online: int | None = None
    likes: int = 0
    exposures: int | None = None
    clicks: int | None = None
    followers: int | None = None
    comments: int = 0
    entered: int = 0
    followed: int = 0
    shared: int = 0
    gifts: int = 0
    gift_value_fen: int = 0


class Pinned(Struct):
    """What is wanted at 讲解, and what the platform (or a person) said is there."""

    wanted: str | None = None
    cue_id: str | None = None
    confirmed: str | None = None
    confirmed_at: datetime | None = None


class Room(Struct):
    room_id: str
    simulated: bool = False
    seq: int = 0
    at: datetime | None = None
    """Time of the last event; the clock re-anchors on it after a restart."""
    settings: Settings = field(default_factory=Settings)
    broadcast: Broadcast = field(default_factory=Broadcast)
    products: dict[str, Product] = field(default_factory=dict)
    skus: dict[str, Sku] = field(default_factory=dict)
    cart: list[CartItem] = field(default_factory=list)
    next_number: int = 1
    pinned: Pinned = field(default_factory=Pinned)
    cues: dict[str, Cue] = field(default_factory=dict)
    queue: list[str] = field(default_factory=list)
    """Cue ids in the order of the queue; ended and removed ones have left it."""
    live: set[str] = field(default_factory=set)
    """Cue ids with a clock or an effect still running: what ``next_due`` and ``owed`` look at."""
    coupons: dict[str, Coupon] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    holds: dict[str, datetime] = field(default_factory=dict)
    """order id → when its hold lapses; only ``order.request`` orders."""
    totals: OrderTotals = field(default_factory=OrderTotals)
    audience: Audience = field(default_factory=Audience)
