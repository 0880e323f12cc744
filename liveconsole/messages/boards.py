"""The boards, as ``GET /v1/boards`` tells them: what was sold, from where, and what to do next.

Whoever shows them derives nothing: each change, share and rate is here, or it is None and a ``why`` stands
beside it. Money in 分; a share is a part of 1; None is not known, which is not nought.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from msgspec import Struct

from liveconsole.messages.whole import make_whole

Unit = Literal[
    "fen",
    "orders",
    "people",
    "units",
    "count",
    "share",
    "times",
    "days",
    "seconds",
    "score",
    "fen_per_minute",
]
"""What a number counts. ``times``: a factor, as 2.4 times; ``score``: 0 to 100."""
Number = int | float
LEVELS: Final = ("basic", "advanced", "decision")

TILES: Final[dict[str, tuple[str, ...]]] = {
    "basic": (
        "gmv_fen", "orders_paid", "aov_fen", "online", "refund_fen", "exposure_to_paid",
        "orders_placed", "buyers", "units", "viewers", "exposure", "clicks", "conversion", "online_peak",
        "plays",
    ),
    "advanced": (
        "stay_seconds", "return_rate", "units_per_order", "entry_rate", "click_rate", "order_rate",
        "information", "emotion", "interaction", "new_buyers", "followers", "group_joined",
        "clip_share", "clip_roi",
    ),
    "decision": (
        "ltv_fen", "cpa_fen", "repurchase_rate", "turnover_days", "returned_rate", "out_of_stock_rate",
        "unsold_rate", "shipped_in_time_rate", "good_review_rate", "solved_rate", "recovery_rate",
        "coupon_threshold_fen",
    ),
}  # fmt: skip
"""Every tile by its level, in the order in which they stand: the first six are seen without scrolling."""

WHY: Final[dict[str, tuple[str, str]]] = {
    "no_source": ("没有来源", "No source"),
    "no_orders_told": ("没有订单来源", "No source tells of orders"),
    "no_audience_told": ("没有来源报在线人数", "No source tells how many watch"),
    "no_exposure": (
        "视频号直播时不报曝光数，播完才有",
        "Exposure is told only after the broadcast",
    ),
    "no_stock_told": ("没有库存记录", "No stock is on record"),
    "no_rundown": ("没有排品表的环节", "No segment of a rundown was shown"),
    "reading": ("以前几场的评论还在读，过一会再看", "Comments of earlier broadcasts are still being read"),
    "none_delivered": ("还没有签收的", "None is delivered yet"),
    "no_clicks": ("点击没报", "No clicks are told"),
    "no_shipments": ("没有物流来源", "No source tells of shipments"),
    "no_reviews": ("没有评价来源", "No source tells of reviews"),
    "no_aftersales": ("没有售后来源", "No source tells of after-sale cases"),
    "no_coupons_told": ("券领取没来源", "No source tells who took coupons"),
    "not_typed": ("还没填", "Not typed yet"),
    "none_paid": ("还没有支付的订单", "No order is paid yet"),
    "none_due": ("还没有到期的", "None is due yet"),
    "too_few": ("数据太少（{n}，要 {of}）", "Too little to say ({n} of {of})"),
    "too_early": ("还不到十分钟", "Not ten minutes yet"),
    "not_live": ("不在直播", "Not on air"),
    "no_last": ("没有上一场", "There is no earlier broadcast"),
    "in_doubt": ("存疑", "In doubt"),
    "platform_silent": ("直播时平台不报", "Not told while it is live"),
    "no_buyers": ("{n} 单没有说买家是谁", "Of {n} orders nobody told the buyer"),
    "too_many_skus": ("规格太多（超过 {n} 个）", "More than {n} SKUs"),
    "with_customers": ("单太多，在「客户」里看", "Too many orders: the customers' page tells it"),
    "not_over_days": ("要看单场，不按日期算", "Told for one broadcast, not for days"),
    "before_missing": ("缺上一步", "no step before"),
    "more_than_before": ("比上一步还多", "more than the step before"),
}
"""Why there is no number, in Chinese and English, by its code."""


class BoardWhy(Struct, frozen=True, omit_defaults=True):
    """Why a number is not known, or not the whole truth: a code of `WHY` and what its sentence takes."""

    code: str
    params: dict[str, Any] = {}


class SourceAge(Struct, frozen=True):
    """A source, and when it spoke last. ``late``: longer ago than it should be."""

    name: str
    """``orders``, ``shop``, ``audience``, ``clicks``, ``aftersales``, ``reviews``, ``shipments``, ``stock``,
    ``typed``, ``derived``, or the name of a connector as sent."""
    at: datetime | None
    late: bool = False


class Tile(Struct, frozen=True, omit_defaults=True):
    """One figure. ``at``: the newest word that it is made of; ``beside``: a second small count next to it."""

    name: str
    unit: Unit
    value: Number | None
    source: str
    at: datetime | None = None
    why: BoardWhy | None = None
    last: Number | None = None
    """The last ten minutes; of a level (online) their mean."""
    before: Number | None = None
    """The ten minutes before those."""
    change: float | None = None
    """Of ``last`` against ``before``, as a part of 1."""
    bad_when: Literal["rises", "falls", ""] = "falls"
    """Which change is no good news."""
    beside: int | None = None
    beside_unit: Unit = "orders"
    typed: str = ""
    """The name under which a person can supply it with ``board.type``; empty: nobody can."""
    reference: Number | None = None
    """What guides name for it (参考)."""


class BoardSegment(Struct, frozen=True):
    """A product explained: from when, until when (None: now)."""

    product_id: str
    number: int | None
    title: str
    at: datetime
    until: datetime | None


class BoardPromotion(Struct, frozen=True, omit_defaults=True):
    """A promotion on the trend, and what was sold in the minutes around it: 前后对比 · 非因果."""

    cue_id: str
    kind: str
    title: str
    at: datetime
    until: datetime | None
    before_fen: int | None = None
    """Of the five minutes before."""
    during_fen: int | None = None
    after_fen: int | None = None
    """Of the five minutes after its end; None: they are not over."""
    burst: float | None = None
    """分 a minute during it ÷ 分 a minute in the ten minutes before."""
    why: BoardWhy | None = None


class BoardTrend(Struct, frozen=True, omit_defaults=True):
    """``minutes`` a bar, from ``start``, at most 720 bars. Of what nobody tells the list is None."""

    start: datetime
    minutes: int
    gmv_fen: list[int] | None
    online: list[int | None] | None
    segments: list[BoardSegment] = []
    promotions: list[BoardPromotion] = []
    outside_fen: int | None = None
    """Of the same orders what stands in no bar: placed before the start or after the end."""
    last_from: int | None = None
    """The first bar of the last ten minutes, and of the ten before them."""
    before_from: int | None = None
    last_fen: int | None = None
    before_fen: int | None = None


class FunnelStep(Struct, frozen=True, omit_defaults=True):
    """``rate``: the share of the step before that came so far; ``rate_last``: in the last broadcast."""

    name: str
    """``exposure``, ``entered``, ``clicked``, ``placed``, ``paid``; or ``watched``, ``followed``,
    ``grouped``, ``repeated``."""
    unit: Unit
    value: int | None
    rate: float | None = None
    rate_last: float | None = None
    why: BoardWhy | None = None
    rate_why: BoardWhy | None = None


class Funnel(Struct, frozen=True, omit_defaults=True):
    """``worst``: the step that fell most against the last broadcast, ``worst_by`` as a part of 1."""

    steps: list[FunnelStep]
    worst: str = ""
    worst_by: float | None = None


class Entrance(Struct, frozen=True, omit_defaults=True):
    """Paid orders that came by one scene (``live|window|video|miniprogram|share|article|other``, or as sent;
    empty: not told). ``share_last``: in the last broadcast."""

    scene: str
    orders: int
    gmv_fen: int
    share: float | None
    share_last: float | None = None


class EntranceBoard(Struct, frozen=True, omit_defaults=True):
    """At most twelve scenes, the most orders first."""

    rows: list[Entrance]
    orders: int | None
    source: str = "orders"
    at: datetime | None = None
    why: BoardWhy | None = None


class BoardProduct(Struct, frozen=True, omit_defaults=True):
    """One of the goods. ``clicks_to_paid`` with ``why`` where it is None; ``left``: units on hand."""

    product_id: str
    number: int | None
    title: str
    image: str | None = None
    pinned: bool = False
    explained_seconds: int | None = None
    clicks: int | None = None
    paid: int | None = None
    units: int | None = None
    clicks_to_paid: float | None = None
    gmv_fen: int | None = None
    last_fen: int | None = None
    before_fen: int | None = None
    refund_fen: int | None = None
    left: int | None = None
    stock_alarm: Literal["", "low", "very_low", "safety", "out"] = ""
    why: BoardWhy | None = None


class ProductBoard(Struct, frozen=True, omit_defaults=True):
    """At most 100 goods, the most sold in the last ten minutes first; ``of``: how many there are."""

    rows: list[BoardProduct]
    of: int
    clicks_at: datetime | None = None
    other_fen: int | None = None
    """Paid for what stands in no row: goods that nobody knows, and those beyond the last row."""
    why: BoardWhy | None = None


class ComparedFigure(Struct, frozen=True, omit_defaults=True):
    """One figure at the same minute: of this broadcast, of the last one, the mean of the same hour."""

    name: str
    unit: Unit
    this: Number | None
    last: Number | None
    mean: Number | None
    change: float | None = None
    """Of this against the last; None where one of them is unknown or in doubt."""
    bad_when: Literal["rises", "falls", ""] = "falls"
    this_why: BoardWhy | None = None
    last_why: BoardWhy | None = None
    mean_why: BoardWhy | None = None


class BoardComparison(Struct, frozen=True, omit_defaults=True):
    """``minute``: so long after the start; ``mean_of``: broadcasts that began at the same hour."""

    minute: int
    this_at: datetime
    figures: list[ComparedFigure]
    last_number: int | None = None
    last_at: datetime | None = None
    mean_of: int = 0


class SegmentScore(Struct, frozen=True, omit_defaults=True):
    """A segment against the median of the last ten broadcasts' (100 is twice it), with the parts."""

    product_id: str
    title: str
    at: datetime
    minutes: float
    information: int | None
    emotion: int | None
    interaction: int | None
    answered: int | None = None
    comments: int | None = None
    good: int | None = None
    talkers: int | None = None
    online: int | None = None
    why: BoardWhy | None = None


class ContentShare(Struct, frozen=True):
    """Minutes of one kind of content, and the goal's part of ten."""

    kind: str
    minutes: float
    goal: int | None


class Switchback(Struct, frozen=True, omit_defaults=True):
    """Planned blocks with and without something: the mean difference a minute and a plain interval, hidden
    (None, with its why) until there are enough blocks."""

    name: str
    figure: str
    unit: Unit
    on_blocks: int
    off_blocks: int
    enough: int
    on_mean: float | None = None
    off_mean: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: Literal["", "more", "less", "open"] = ""
    why: BoardWhy | None = None
    plan_id: str = ""
    minutes: int = 0
    """How long each block is, from ``started_at``."""
    started_at: datetime | None = None
    blocks: list[bool] = []
    """With or without it, in order as chance had it."""
    now: int | None = None
    """Which of them runs, from 0; None: none does."""


class PurchaseRow(Struct, frozen=True, omit_defaults=True):
    """What a week needs of one SKU, with its parts; ``buy`` is None where a part is not known."""

    sku_id: str
    product_id: str
    title: str
    weekly: float | None
    season: float
    safety: int | None
    on_hand: int | None
    ordered: int
    buy: int | None
    lead_days: int | None = None
    why: BoardWhy | None = None


class BoardPage(Struct, frozen=True, omit_defaults=True):
    """The whole answer. ``number`` None: over days (``from_day`` and ``to_day``, China's, both inclusive)."""

    at: datetime
    simulated: bool
    number: int | None
    title: str
    opened_at: datetime | None
    closed_at: datetime | None
    levels: dict[str, list[Tile]]
    sources: list[SourceAge] = []
    from_day: str = ""
    to_day: str = ""
    trend: BoardTrend | None = None
    funnel: Funnel | None = None
    following: Funnel | None = None
    """From watching to buying again."""
    entrances: EntranceBoard | None = None
    products: ProductBoard | None = None
    comparison: BoardComparison | None = None
    scores: list[SegmentScore] = []
    mix: list[ContentShare] = []
    switchbacks: list[Switchback] = []
    purchases: list[PurchaseRow] = []
    purchases_of: int = 0
    more: list[Tile] = []
    """Counts that no level shows, for programs."""
    references: dict[str, Number] = {}
    """Editable figures that were used (参考), by name."""


make_whole([BoardPage])  # desks read pages beside each other, off the thread of the window
