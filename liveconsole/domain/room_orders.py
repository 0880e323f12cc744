"""Orders as the room holds them: plain structs of the snapshot, as `room` has the others."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from liveconsole.domain.amounts import ToldAmount
from liveconsole.messages.events import OrderOff
from liveconsole.messages.fields import Pid

OrderStatus = Literal["seen", "held", "placed", "paid", "closed"]


class Line(Struct):
    sku_id: str
    quantity: int
    unit_price_fen: int
    cue_id: str | None = None
    regular_fen: int = 0
    """The SKU's own price when the order came."""


class Order(Struct):
    """One order, whoever told of it first; its status is the furthest of held, placed, paid, closed."""

    order_id: str
    status: OrderStatus = "seen"
    buyer: Pid = ""
    lines: list[Line] = field(default_factory=list)
    total_fen: int = 0
    origin: Literal["console", "platform"] = "platform"
    placed: bool = False
    paid: bool = False
    closed: bool = False
    lapsed: bool = False
    counted: bool = False
    """Its lines are known and stand in the stock figures while it is not closed or lapsed."""
    paid_fen: int = 0
    refund_fen: int = 0
    """Refunded so far."""
    hold_until: datetime | None = None
    coupon_id: str | None = None
    member_off_fen: int = 0
    """What the discount of the buyer's level took off."""
    cue_id: str | None = None
    group_id: str | None = None
    """The group of a 拼团 that it joined."""
    unmatched: list[str] = field(default_factory=list)
    close_reason: str = ""
    placed_at: datetime | None = None
    broadcast: int = 0
    """To whose figures it counts."""
    told_at: datetime | None = None
    """When it was told of first."""
    payments: ToldAmount = field(default_factory=ToldAmount)
    """What ``paid_fen`` is made of."""
    refunds: ToldAmount = field(default_factory=ToldAmount)
    off: OrderOff | None = None
    """How it differs from what was promised (`first_orders`)."""
    off_open: list[str] = field(default_factory=list)
    """Codes of that which nobody has seen to."""
    aftersales: dict[str, str] = {}
    """Its after-sales, by their ids: how each stands."""
    aftersale_times: dict[str, datetime] = {}
    """Since when, as the source says."""


class OffBeyond(Struct):
    """Orders off their price beyond those that are remembered one by one (`order.OFF_KEPT`)."""

    code: str
    count: int
    most_fen: int
    order_id: str
    """The first of them."""


class OrderTotals(Struct):
    """placed = paid + closed + unpaid; an order of which only a payment is known is not placed yet."""

    placed: int = 0
    paid: int = 0
    closed: int = 0
    refunded: int = 0
    unpaid: int = 0
    units: int = 0
    """Units that were bought in the paid ones (`order_units`)."""
    gift_units: int = 0
    """Units that came along with them."""
    gmv_fen: int = 0
    """Sum of what was paid, refunds not taken off."""
    refund_fen: int = 0
    refund_owed_fen: int = 0
    unmatched: int = 0
    aftersales: int = 0
    """Those that wait for somebody."""
