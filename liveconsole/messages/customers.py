"""``GET /v1/customers``: who bought, in segments or tiers, and one of them alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal

from msgspec import Struct

from liveconsole.messages.membership import MemberLevel

Grouping = Literal["quintiles", "seed"]
GROUPINGS: Final[tuple[Grouping, ...]] = ("quintiles", "seed")
"""``quintiles``: RFM against all others; ``seed``: tiers by fixed figures."""


class CustomerGroup(Struct, frozen=True):
    """One segment or tier. ``expected``: the share that guides tell of, in per cent; ``share``: the real one,
    None where nobody bought."""

    name: str
    zh: str
    en: str
    do_zh: str
    do_en: str
    customers: int
    orders: int
    amount_fen: int
    share: float | None
    expected: int | None = None


class CustomerRow(Struct, frozen=True, omit_defaults=True):
    """``viewer_id`` serves for commands and tells nothing; ``name`` is masked."""

    viewer_id: str
    name: str
    group: str
    orders: int
    recency_days: int
    amount_fen: int
    rfm_score: str | None = None
    monthly_fen: int | None = None
    """The mean of the last months; of tiers only."""
    groups: int | None = None
    """Brands or groups of goods that he bought, where it was asked for; a product that is in none stands for
    itself."""
    interactions: int | None = None
    """Comments, orders and bags of seven days, as far as the log was looked through."""
    first_order: bool = False
    """He has bought once, and lately."""
    member: bool = False
    level: str = ""
    level_en: str = ""


class CustomerPage(Struct, frozen=True):
    """As of the end of day ``on`` of China. ``undated``: orders that stand paid without a moment, which are
    in no figure; ``partly``: more was said in these days than was looked through."""

    on: date
    by: Grouping
    source: str
    source_en: str
    checked: date
    customers: int
    orders: int
    amount_fen: int
    undated: int
    groups: list[CustomerGroup]
    rows: list[CustomerRow]
    next: int | None = None
    partly: bool = False
    levels: list[MemberLevel] = []
    """Of the seller's file, with their discounts."""


class MemberProfile(Struct, frozen=True):
    """What is kept of somebody who agreed. ``to_next``: 成长值 that is missing to the next level."""

    joined_at: datetime
    growth: int
    points: int
    level: str
    level_en: str
    zhe: str | None
    to_next: int | None
    balance_fen: int
    birthday: str | None = None
    checked_in: date | None = None


class CustomerOrder(Struct, frozen=True):
    order_id: str
    status: str
    placed_at: datetime | None
    total_fen: int
    paid_fen: int
    refund_fen: int


class CustomerProfile(Struct, frozen=True):
    """One person. Only who agreed has a ``member``; the rest is his orders."""

    viewer_id: str
    name: str
    orders: int
    amount_fen: int
    first_at: datetime | None
    last_at: datetime | None
    shown: list[CustomerOrder]
    member: MemberProfile | None = None


class PersonAnswer(Struct, frozen=True):
    """None: nobody of that id is known."""

    person: CustomerProfile | None


class AgeValue(Struct, frozen=True):
    """What one customer brings in a month of 30 days of his age. ``customers``: who lived through it;
    ``reckoned``: too few did, so it is what the law through the earlier ages says."""

    month: int
    customers: int
    orders: float | None
    fen: int | None
    reckoned: bool


class CustomerValue(Struct, frozen=True):
    """``GET /v1/customers?view=value``. ``ltv_fen`` is revenue less given back where no margin was typed, and
    the margin of it where one was; None where customers are too young to say."""

    on: date
    customers: int
    horizon_months: int
    ltv_fen: int | None
    margin_percent: int | None
    months: list[AgeValue]
    repeat_rate: float | None
    median_gap_days: float | None
    first_orders: int
    """In the range that was asked for; without one, up to now."""
    cost_fen: int | None
    cpa_fen: int | None
    members: int
    arpu_members_fen: int | None
    """Paid less given back, by customer who is a member now."""
    arpu_others_fen: int | None


class MemberRowShown(Struct, frozen=True):
    """``outside_id``: by which the feed knows him."""

    viewer_id: str
    outside_id: str
    name: str
    profile: MemberProfile


class MemberPage(Struct, frozen=True):
    """``GET /v1/customers?view=members``. ``next``: where the next page begins; ``birthday_coupon_yuan``:
    what the seller's file gives for a birthday, None for nothing."""

    members: int
    rows: list[MemberRowShown]
    next: str | None = None
    birthday_coupon_yuan: int | None = None
