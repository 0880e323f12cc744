"""What a report says. Plain figures and codes: the words stand in ``words``, the looks elsewhere.

Names of people are masked when they get here (unless they were asked for), and their ids never do.
Money is whole 分, times are aware UTC.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct, field

from liveconsole.messages.shop import ShopFace
from liveconsole.views.report.bags import ReportBag
from liveconsole.views.report.violations import ReportViolation


class Minute(Struct):
    """One minute of the axis. ``online`` is what was last measured in it, None when nothing was."""

    at: datetime
    online: int | None = None
    comments: int | None = 0
    orders: int | None = 0
    gmv_fen: int | None = 0
    """Of orders of this minute, whenever they were paid."""


class ReportGap(Struct):
    """When a source told nothing although it should have (`domain.gaps`); without an end: till the close."""

    source: str
    start: datetime
    end: datetime | None
    why: str


class Action(Struct):
    """One thing that a person did, or that happened to a promotion by the clock or the platform."""

    seq: int
    at: datetime
    actor: str
    type: str
    subject: str = ""
    detail: str = ""
    cue_id: str = ""
    kind: str = ""
    seat: str = ""
    """The id of the shared seat that gave the command; empty: somebody at the engine's own computer."""


class ReportWinner(Struct):
    name: str
    status: Literal["settled", "waiting", "passed"] = "waiting"
    until: datetime | None = None
    """By when a waiting winner must be settled."""
    bag: int = 1
    """Which of a series."""


class GivenCoupon(Struct):
    cue_id: str
    valid_until: datetime | None
    order_id: str | None = None


Told = Literal["", "facts", "hand", "source"]


class SegmentMood(Struct):
    """``share`` is None where too few comments said anything, or no source told of any."""

    segment_id: str
    title: str
    product_id: str | None
    counted: int | None = 0
    good: int | None = 0
    share: float | None = None


class PlanSum(Struct):
    """整点秒杀: what all times of a plan come to; a figure that no time of it has stays None."""

    plan_id: str
    kind: str
    title: str
    times: int
    fired: int
    skipped: int
    """Those that the rules did not let begin, or that came too late."""
    sold: int | None
    orders: int | None
    gmv_fen: int | None
    discount_fen: int | None


class ReportSegment(Struct):
    """A segment of the rundown: planned, and what became of it."""

    segment_id: str
    product_id: str | None
    title: str
    minutes: float
    spent_seconds: int
    began: datetime | None = None
    anchor_at: datetime | None = None
    """When it had to begin."""
    late_seconds: int | None = None
    """So late it did; below 0 it was over before, 0: kept; None: it had no moment, or was not shown."""
    asked: int | None = None
    """Questions while it was shown."""


class Proposal(Struct):
    """A change of the next rundown, ready to be asked for, with the figure that it comes from: seconds, or
    for ``asked`` questions. ``of``: evenings that a median is of, units that were sold out."""

    proposal_id: str
    why: Literal["longer", "shorter", "asked", "sold_out", "missed"]
    segment_id: str
    title: str
    figure: int
    of: int
    type: Literal["rundown.put", "rundown.move"]
    data: dict[str, Any]


class ReportBrought(Struct, frozen=True):
    """``bought`` is nobody's business but the room's: no sharer is told it."""

    by: str
    viewer: str
    bought: bool


class Promotion(Struct):
    """A promotion of a kind that is listed; pins are clips. Figures of another kind stay None."""

    cue_id: str
    kind: str
    title: str
    status: str
    spec: dict[str, Any]
    number: int = 0
    """Its place in this report, from 1."""
    outcome: str = ""
    """Why it ended: ``ended_because`` of the log; empty while it has not."""
    reason: str = ""
    proposed_by: str = ""
    approved_by: str = ""
    fired_by: str = ""
    ended_by: str = ""
    edits: int = 0
    queued_at: datetime | None = None
    planned_at: datetime | None = None
    fired_at: datetime | None = None
    asked_at: datetime | None = None
    unknown_at: datetime | None = None
    on_air_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    end_owed: bool = False
    end_confirmed_at: datetime | None = None
    quantity: int | None = None
    sold: int | None = None
    """Units of paid orders that are not closed."""
    orders: int | None = 0
    """Paid orders that it is in."""
    gmv_fen: int | None = 0
    discount_fen: int | None = 0
    """Against the regular price of the moment; of a coupon, what it took off."""
    list_discount_fen: int | None = None
    """Against the list price 划线价, where there is one."""
    before_fen: float | None = None
    """GMV a minute of the whole room in the ten minutes before."""
    during_fen: float | None = None
    burst: float | None = None
    oversold: int = 0
    claimed: int | None = None
    used: int | None = None
    unused: int | None = None
    """Coupons that are claimed, not used, and still valid at the end."""
    entrants: int | None = None
    winners: list[ReportWinner] = field(default_factory=list)
    new_followers: int | None = None
    groups: int | None = None
    """The most of them that a 拼团 has."""
    filled: int | None = None
    """Its groups that were full in time."""
    helpers: int | None = None
    """People who helped somebody in a 砍价, each once for everybody whom he helped."""
    reached: int | None = None
    """People who had enough of them."""
    sharers: int | None = None
    """Of a 分享券: who brought somebody."""
    brought: int | None = None
    """New buyers: whom they brought, and who bought afterwards."""
    people_brought: int | None = None
    """All whom they brought; None where a person typed the others in."""
    evidence: list[ReportBrought] = field(default_factory=list)
    """Who brought whom; only in a report that names people."""
    valid_until: datetime | None = None
    """Until when the last of the unused ones counts; None: nobody said."""
    rounds: list[tuple[int | None, int | None]] = field(default_factory=list)
    """Ours and theirs of each round of a PK; None: nobody told."""
    measured: dict[str, int] = field(default_factory=dict)
    """What the platform itself showed, read by a person or a source."""
    told: Told = ""
    """Who tells its figures: nobody, facts one by one, a person who read them off, or a source that did."""
    told_at: datetime | None = None
    """When they were read off."""
    segment_id: str = ""
    """The segment that it came from."""
    plan_id: str = ""
    """The plan that it is one time of (`PlanSum`)."""
    nth: int = 0
    times: int = 0

    @property
    def share_factor(self) -> float | None:
        """1 : n, n = new buyers brought ÷ sharers."""
        return None if self.brought is None or not self.sharers else self.brought / self.sharers

    @property
    def claim_rate(self) -> float | None:
        return None if self.claimed is None or not self.quantity else self.claimed / self.quantity

    @property
    def use_rate(self) -> float | None:
        return None if self.used is None or not self.claimed else self.used / self.claimed

    @property
    def settled(self) -> str:
        """``3/5`` of its winners."""
        return f"{sum(winner.status == 'settled' for winner in self.winners)}/{self.quantity}"

    @property
    def late(self) -> timedelta | None:
        """How far the real start lies behind the planned one."""
        both = self.planned_at is not None and self.on_air_at is not None
        return self.on_air_at - self.planned_at if both else None  # type: ignore[operator]


class ReportProduct(Struct):
    product_id: str
    title: str
    number: int | None = None
    """In the cart."""
    pinned_seconds: float = 0.0
    pins: int = 0
    comments: int | None = 0
    """Posted while it was pinned."""
    units: int | None = 0
    """That were bought."""
    gift_units: int | None = 0
    """That came along with others."""
    orders: int | None = 0
    gmv_fen: int | None = 0
    refund_fen: int | None = 0
    stock_left: int | None = None
    """On hand and not held, at the end."""
    image: str | None = None
    """The hash of its picture as it was put last."""


class Clip(Struct):
    """One pin from its yes to its end: what is cut out for 切片."""

    number: int | None
    product_id: str
    title: str
    start: datetime
    end: datetime
    comments: int | None = 0
    orders: int | None = 0
    """Orders with this product that came in meanwhile."""
    gmv_fen: int | None = 0


class ReportOrder(Struct):
    """One order; its buyer by a masked name, or not at all."""

    order_id: str
    at: datetime
    status: str
    buyer: str
    goods: str
    units: int
    """Of all its lines, gifts with them."""
    total_fen: int
    paid_fen: int
    refund_fen: int
    promotion: str = ""
    unmatched: bool = False


class Difference(Struct):
    """Something that was wanted and what the platform showed instead. ``code`` is worded in ``words``."""

    at: datetime
    code: str
    title: str
    kind: str = ""
    seconds: float | None = None
    wanted: int | None = None
    shown: int | None = None
    what: str = ""
    """The figure that differs, the reason of a no, or what it came to in the end."""


class Totals(Struct):
    """As in the state of the room, for the orders of this broadcast; None: nobody told."""

    comments: int | None = 0
    entered: int | None = None
    followed: int | None = None
    shared: int | None = None
    gifts: int | None = None
    gift_value_fen: int | None = None
    placed: int | None = 0
    paid: int | None = 0
    closed: int | None = 0
    refunded: int | None = 0
    unpaid: int | None = 0
    unpaid_fen: int | None = 0
    units: int | None = 0
    gift_units: int | None = 0
    gmv_fen: int | None = 0
    refund_fen: int | None = 0
    refund_owed_fen: int | None = 0
    unmatched: int = 0
    discount_fen: int | None = 0
    member_off_fen: int | None = 0
    """What members' levels took off paid orders: of no promotion, and not in the sum above."""
    budget_fen: int | None = None
    """What it might give away, as it was set at its end; None: no budget, or one that nobody can tell."""
    units_read: int | None = None
    """Units that were read off the platform, where nobody tells of orders."""
    online_peak: int | None = None
    online_mean: float | None = None
    oversold: int = 0


class OwedPrice(Struct):
    """A price that was changed by hand (改价) and is not known to be back."""

    title: str
    regular_fen: int | None


class LiveCoupon(Struct):
    """A coupon that still costs money: given out still, or claimed and not used yet."""

    title: str
    on_air: bool
    unused: int | None
    """None: nobody told how many were claimed."""
    valid_until: datetime | None


class Contact(Struct):
    """A winner who waits for the prize, or still has to be settled."""

    name: str
    prize: str
    settled: bool
    until: datetime | None = None


class OwedRefund(Struct):
    order_id: str
    fen: int


class ReportQuestion(Struct):
    """A group of questions, as its rules call it, and how many comments were about it."""

    id: str
    zh: str
    en: str
    comments: int | None


class ReportPledge(Struct):
    """口头承诺: what was promised aloud, for whoever packs the parcels."""

    at: datetime
    text: str
    by: str
    """The role that wrote it down."""
    pledge_id: str
    product_id: str = ""
    """"" where it was about no product."""
    product: str = ""
    """Number and title, as viewers saw them when it was said."""
    orders: int | None = None
    """Paid orders of this broadcast with that product; None where it was about none."""


class Handover(Struct):
    """交接单: what is left to do when the broadcast is over."""

    prices: list[OwedPrice] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    """Promotions whose end the platform never confirmed, or that still run."""
    coupons: list[LiveCoupon] = field(default_factory=list)
    winners: list[Contact] = field(default_factory=list)
    unpaid: list[ReportOrder] = field(default_factory=list)
    refunds: list[OwedRefund] = field(default_factory=list)
    oversold: list[tuple[str, int]] = field(default_factory=list)
    """(SKU's title, units beyond what was promised), as the log told of them."""
    pledges: list[ReportPledge] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not any((self.prices, self.ends, self.coupons, self.winners, self.unpaid, self.refunds,
                        self.oversold, self.pledges))  # fmt: skip


class Report(Struct):
    """One broadcast. ``opened_at`` is None when the log knows of no opening: then it is the whole log."""

    broadcast: int
    of: int
    title: str
    simulated: bool
    masked: bool
    opened_at: datetime | None
    closed_at: datetime | None
    start: datetime
    """Where the axis, and every time code, begins."""
    end: datetime
    first_seq: int
    last_seq: int
    orders_known: bool
    """Some source told of orders, or they are decided here; where not, their figures are None."""
    totals: Totals
    outside: Minute
    """Comments, orders and GMV before the opening and after the close: they stand on no minute."""
    minutes: list[Minute]
    actions: list[Action]
    promotions: list[Promotion]
    products: list[ReportProduct]
    other_gmv_fen: int | None
    """Paid for goods that the catalogue does not know."""
    clips: list[Clip]
    orders: list[ReportOrder]
    asking: int | None
    """Every comment that reads as a question."""
    questions: list[ReportQuestion]
    """The groups that comments were counted in, in the order of their rules."""
    pledges: list[ReportPledge]
    """What was promised aloud and not taken back, in the order in which it was said."""
    differences: list[Difference]
    clock_steps: list[tuple[datetime, float]]
    oversold: list[tuple[datetime, str, int]]
    skipped: int
    """Comments that the stream left out for a slow reader: comment counts are too low by as many."""
    handover: Handover
    gaps: list[ReportGap] = field(default_factory=list)
    """Of every source, in the order in which they began."""
    silences: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When no source of comments was there: what was said then is unknown."""
    shop: ShopFace = ShopFace()
    violations: list[ReportViolation] = field(default_factory=list)
    """Warnings of the platform."""
    """Her shop's name, logo and colour as they stood last."""
    plans: list[PlanSum] = field(default_factory=list)
    bags: list[ReportBag] = field(default_factory=list)
    """Of series."""
    segments: list[ReportSegment] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    moods: list[SegmentMood] = field(default_factory=list)
    """Of the segments that were come to, in that order: how much of what was said was kind."""
