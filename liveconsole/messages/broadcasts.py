"""Past broadcasts, and the one that is open, as ``GET /v1/broadcasts`` lists them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class BroadcastSummary(Struct, frozen=True):
    """What one broadcast came to, late facts included. Money in 分.

    Where nobody told of any order (``orders_known`` false) the figures of orders are None: not known, which
    is not nought.
    """

    number: int
    title: str
    opened_at: datetime
    closed_at: datetime | None
    simulated: bool
    orders_known: bool
    comments: int
    placed: int | None
    paid: int | None
    closed: int | None
    refunded: int | None
    unpaid: int | None
    units: int | None
    gmv_fen: int | None
    refund_fen: int | None
    refund_owed_fen: int | None
    unmatched: int
    """Orders with goods, a sale or an amount that the room does not know."""
    gift_units: int | None = None
    """That came along with ``units``."""


class SoldProduct(Struct, frozen=True, omit_defaults=True):
    """One of the goods of a broadcast that sold best."""

    product_id: str
    title: str
    units: int


class FigureDoubt(Struct, frozen=True):
    """Why a figure of a broadcast is not the whole truth: its name, and a code (`DOUBTS`)."""

    figure: str
    code: str


TESTS_MOST = 8

DOUBTS: tuple[str, ...] = (
    "no_orders_told",
    "no_audience_told",
    "coupons_untold",
    "platform_sold_more",
    "too_long",
    "comments_left_out",
    "comments_gap",
)
"""Codes of `FigureDoubt`: nobody told of orders, or of how many watch; of a coupon nobody told the use; the
platform showed more sold than orders were told of; the evening is longer than one report reads; comments were
left out for a slow reader; for a time no source of comments was there."""


class BroadcastCard(Struct, frozen=True, omit_defaults=True):
    """What of a closed broadcast stands in its report alone, in short."""

    best: list[SoldProduct] = []
    """At most four, the best first."""
    goods: list[str] = []
    """Titles of what was sold, at most forty, for whoever looks for one."""
    turnover: list[int] | None = None
    """分 of equal stretches of the broadcast, at most 32; None: nobody told of orders."""
    online_peak: int | None = None
    online_peak_at: datetime | None = None
    given_fen: int | None = None
    """What prices and coupons gave away."""
    segments: int = 0
    """Pins: how often something was explained."""
    doubts: list[FigureDoubt] = []


class PastBroadcast(Struct, frozen=True, omit_defaults=True):
    """One row of the page of past broadcasts. ``card``: None while it is being read, and of an open one."""

    summary: BroadcastSummary
    card: BroadcastCard | None
    tests: list[str] = []
    """Names of the switchback tests that were planned in it, at most `TESTS_MOST`."""


class PastBroadcasts(Struct, frozen=True):
    """``GET /v1/history``: the newest first. ``reading``: so many cards are not read yet; ask again."""

    rows: list[PastBroadcast]
    of: int
    reading: int
