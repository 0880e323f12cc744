"""The state of one room: what the fold of the log gives, and nothing that is not on the log.

Plain mutable structs. ``evolve`` owns the room that it is given; every other function only reads it.
All of it is encoded as a snapshot (msgpack), so a new field needs a default and a new ``FOLD_VERSION``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from msgspec import Struct, field

from liveconsole import versions
from liveconsole.domain.comment_desk import CommentDesk
from liveconsole.domain.figures import RecentCount, ShopStock, ToldFigure
from liveconsole.domain.price_ledger import Asked
from liveconsole.domain.room_asks import OpenAsk, ShownReview
from liveconsole.domain.room_bags import Bag, BagSeries
from liveconsole.domain.room_drills import Drilled
from liveconsole.domain.room_law import Law
from liveconsole.domain.room_limits import BroadcastLimit
from liveconsole.domain.room_orders import OffBeyond, Order, OrderTotals
from liveconsole.domain.room_people import BuyerGroups, Helped, Member
from liveconsole.domain.room_plays import PkTally, PlaceList
from liveconsole.domain.room_prepare import Planned
from liveconsole.domain.room_sharers import OwnPrices
from liveconsole.domain.room_stories import Stories
from liveconsole.messages.backups import BackupPlan
from liveconsole.messages.budgets import BroadcastBudget
from liveconsole.messages.connections import BrowserConnection, ObsConnection, ShopConnection
from liveconsole.messages.draws import PrizeHeld
from liveconsole.messages.events import EndedBecause
from liveconsole.messages.fields import Pid, Typed
from liveconsole.messages.gaps import SourceGap
from liveconsole.messages.repeats import Repeat
from liveconsole.messages.rundown import SegmentWritten, Step
from liveconsole.messages.shop import ShopFace
from liveconsole.messages.specs import ShopCoupon, Spec
from liveconsole.messages.statuses import Status

FOLD_VERSION: Final = versions.FOLD
"""Raise it when ``evolve`` or these structs change: snapshots of another version are folded anew."""


class Settings(Struct):
    platform: str = "own"
    recall_seconds: int = 3
    four_eyes: bool = False
    hold_seconds: int = 900
    shop_coupons: list[ShopCoupon] = field(default_factory=list)
    randomness: str = "local"
    stand_back: str = "none"
    title: str = ""
    sources: dict[str, bool] = field(default_factory=dict)
    proposal_seconds: int | None = None
    shop_face: ShopFace = ShopFace()
    shop: ShopConnection | None = None
    obs: ObsConnection | None = None
    browser: BrowserConnection | None = None
    ai_presenter: bool | None = None
    review: str = "off"
    own_content_percent: int | None = None
    budget: BroadcastBudget | None = None
    backup: BackupPlan | None = None


class Broadcast(Struct):
    status: Literal["none", "open", "closed"] = "none"
    title: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    number: int = 0
    """From 1; 0 before the first opening."""
    opened_seq: int = 0


class Sku(Struct):
    """``on_hand`` counts units in the shop, holds included; a paid unit has left it and stands in ``sold``,
    one that was only read off the platform in ``untold``.

    The figures are sums over every order, so that they do not depend on the order in which facts arrive.
    A fact may push them past what is there: `oversold` is by how much, and ``on_hand`` may go below zero.
    """

    sku_id: str
    product_id: str
    title: str
    price_fen: int
    on_hand: int
    floor_fen: int | None = None
    """Its own, or that of its product."""
    held: int = 0
    sold: int = 0
    oversold_at: datetime | None = None
    """When an order was last promised what is not there."""
    untold: int = 0
    """Units that a platform sold by what was read off it, and no order has told of (`untold`)."""
    measured: ShopStock | None = None

    @property
    def oversold(self) -> int:
        """Units that orders were promised and the shop does not have."""
        return max(0, self.held - self.on_hand)

    @property
    def free(self) -> int:
        """Units on hand that no order holds; running sales have their claim on them (`stock.available`)."""
        return max(0, self.on_hand - self.held)


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
    """One SKU of a flash sale: ``held + sold ≤ quantity`` for what the console granted.

    A platform's orders are counted in the same sums and may go beyond; shown are `shown_sold`, `shown_held`,
    `left` and `oversold`, of which the first three never pass ``quantity``.
    """

    quantity: int
    price_fen: int
    held: int = 0
    sold: int = 0
    untold: int = 0
    """Read off the platform, and told of by no order."""
    lowest_7d_fen: int | None = None
    """七日最低价 of the SKU before this began; None before it is on air, or where nothing tells."""
    lot: int = 0
    """Units of it in one lot that goes whole: a bundle, or a gift. 0: sold by the unit, at ``price_fen``."""
    set_aside: bool = True
    """Its units are kept for whoever comes. Else it has no number of its own: it sells what the shop has."""

    @property
    def left(self) -> int:
        return max(0, self.quantity - self.held - self.sold)

    @property
    def to_give(self) -> int:
        """Units that are still promised to whoever comes: ``left`` without what was read off as gone."""
        return max(0, self.left - self.untold) if self.set_aside else 0

    @property
    def oversold(self) -> int:
        return max(0, self.held + self.sold - self.quantity)

    @property
    def shown_sold(self) -> int:
        return min(self.sold, self.quantity)

    @property
    def shown_held(self) -> int:
        return min(self.held, self.quantity - self.shown_sold)


class Measured(Struct):
    at: datetime
    sold: int | None = None
    left: int | None = None
    claimed: int | None = None
    used: int | None = None
    entrants: int | None = None
    ours: int | None = None
    theirs: int | None = None
    claimed_at: datetime | None = None
    """When ``claimed`` was read: a number from before the end says nothing of those that came after it."""
    sharers: int | None = None
    brought: int | None = None
    by_hand: bool = False
    """A person read it off last (`cue.measure`), and no source."""


class Owed(Struct):
    """An effect that the platform has not answered yet."""

    key: str
    step: Literal["on_air", "ended"]
    since: datetime
    sent: bool = False
    """It may have reached the platform: ask about the key before sending it again."""


class WordsUsed(Struct, frozen=True):
    """An override: who used which words all the same, in which command. No terms: they were not named."""

    by: str
    at: datetime
    where: str
    terms: list[str] = []


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
    at: datetime | None = None
    """When it is planned to fire; a halt leaves it standing, but only an approval arms it again."""
    fires_at: datetime | None = None
    """When it fires: ``at`` while on standby, or the end of its recall window."""
    on_air_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: EndedBecause | None = None
    reason: Typed = ""
    owed: Owed | None = None
    sale: dict[str, SaleCount] = field(default_factory=dict)
    buyers: dict[str, int] = field(default_factory=dict)
    """Flash sale: pid → units held + sold. Coupon: pid → coupons claimed."""
    over_limit: int = 0
    """Flash sale: units that a platform sold to buyers beyond ``per_buyer``."""
    asks_more: bool = False
    """Flash sale under ``manual``: orders went beyond the quantity; 「平台加过单？」 waits for an answer."""
    claimed: int = 0
    used: int = 0
    given_fen: int = 0
    """What it took off paid orders (`given`)."""
    given_held_fen: int = 0
    """What it takes off orders that are not paid yet."""
    bag: Bag | None = None
    """The present one of a series, or the last; the only one of anything else."""
    series: BagSeries | None = None
    places: PlaceList | None = None
    pk: PkTally | None = None
    groups: BuyerGroups | None = None
    helped: Helped | None = None
    measured: Measured | None = None
    proposed_at: datetime | None = None
    """When what stands there now was written; ``added_at`` where nobody edited it."""
    segment_id: str = ""
    again_of: str = ""
    slot: int | None = None
    """The number of its key, from 1: the lowest that was free when it was queued, its own until it ends or is
    removed, so that every seat shows the same. A promotion that was turned back waits in the queue and keeps
    it; a pin has none."""
    broadcast: int = 0
    """In which it was fired last; 0 while it never was."""
    authors: list[str] = field(default_factory=list)
    """The roles whose writing stands in ``spec``, who may not approve it where four eyes are wanted; empty in
    logs of an older program, where ``proposed_by`` is the one."""
    done_by: str = ""
    """Who started it at the platform: us, a person or a program. The room may have another platform now."""
    off_at: datetime | None = None
    """When somebody said that it is over at the platform too."""
    fired_at: datetime | None = None
    """When it was fired last: what was made of it at a platform is known again by this."""
    claims_read: bool = False
    """Coupon: who claims one is not told to us one by one; how many did is read off the platform."""
    repeat: Repeat | None = None
    """整点秒杀 (`repeats`): how the plan goes on that it is one time of."""
    plan_id: str = ""
    """The first cue of that plan."""
    nth: int = 1
    only_after: str = ""
    """The product that has to be explained first, in this broadcast (`fire.not_shown_yet`)."""
    words_used: list[WordsUsed] = field(default_factory=list)
    """Overrides given for it, the last `overrides.KEPT`; an edit takes none away: who asks sees them all."""

    @property
    def bags(self) -> list[Bag]:
        """All that were opened, oldest first."""
        before = self.series.before if self.series is not None else []
        return [*before, self.bag] if self.bag is not None else before

    @property
    def more_bags(self) -> bool:
        """Another bag of its series opens after the present one."""
        series = self.series
        return series is not None and len(self.bags) < series.count and not series.cut


class Coupon(Struct):
    coupon_id: str
    cue_id: str
    viewer: Pid
    valid_until: datetime | None = None
    order_id: str | None = None
    """The order that uses it now; returned when that order lapses or closes unpaid."""


class Audience(Struct):
    """None: no source has told of any in this broadcast, which is not 0."""

    online: int | None = None
    likes: int | None = None
    exposures: int | None = None
    clicks: int | None = None
    followers: int | None = None
    comments: int = 0
    """Counted here: 0 is that none came."""
    entered: int | None = None
    followed: int | None = None
    shared: int | None = None
    gifts: int | None = None
    gift_value_fen: int | None = None
    club: int | None = None
    measured: dict[str, ToldFigure] = field(default_factory=dict)
    """Field of ``room.measured`` → how it was told last."""
    recent: dict[str, RecentCount] = field(default_factory=dict)


class Pinned(Struct):
    """What is wanted at 讲解, and what the platform (or a person) said is there."""

    wanted: str | None = None
    cue_id: str | None = None
    confirmed: str | None = None
    confirmed_at: datetime | None = None
    last: str | None = None
    """The product that was wanted last: 下一品 goes on from there after an unpin."""


class Segment(Struct):
    """One segment of the rundown: ``written`` is the plan, the rest what became of it in this broadcast."""

    written: SegmentWritten
    by: str
    """The role that wrote it last."""
    authors: list[str] = field(default_factory=list)
    """The roles whose writing stands in its promotions, which are their proposals; empty: ``by``."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    """Set when the broadcast went on from it; set and started again, it is the last time that counts."""
    spent_seconds: float = 0.0
    """In earlier turns and this one, up to ``ended_at``."""
    steps: list[Step] = field(default_factory=list)
    """What 下一品 did when it came here."""
    anchored: int = 0
    """The broadcast of its ``anchor_at``."""


class Rundown(Struct):
    """``segments`` by id, in the order of the list."""

    segments: dict[str, Segment] = field(default_factory=dict)
    current: str | None = None


class Note(Struct):
    note_id: str
    text: Typed
    by: str
    to: str
    at: datetime


class UnknownCue(Struct):
    """A promotion that a platform reported figures of, and that nobody here made."""

    cue_id: str
    at: datetime
    """When it was reported last."""
    count: int = 1


class Pledge(Struct):
    """口头承诺: what somebody wrote down of what was promised aloud."""

    pledge_id: str
    text: Typed
    product_id: str | None
    by: str
    at: datetime


class Proved(Struct):
    """When a world outside was last seen to work, and by whom (`proofs`)."""

    at: datetime
    by: str


class ClockStep(Struct):
    """The wall clock was set by ``seconds``; the engine's own clock went on."""

    seconds: float
    at: datetime


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
    asked: dict[str, Asked] = field(default_factory=dict)
    """价格台账 by SKU."""
    cart: list[CartItem] = field(default_factory=list)
    next_number: int = 1
    pinned: Pinned = field(default_factory=Pinned)
    cues: dict[str, Cue] = field(default_factory=dict)
    queue: list[str] = field(default_factory=list)
    """Cue ids in the order of the queue; ended and removed ones have left it."""
    live: list[str] = field(default_factory=list)
    """Cue ids with a clock or an effect still running: what ``next_due`` and ``owed`` look at."""
    coupons: dict[str, Coupon] = field(default_factory=dict)
    won: list[PrizeHeld] = field(default_factory=list)
    """Winners of draws here, oldest first; of earlier broadcasts those of late."""
    coupons_over: dict[str, str] = field(default_factory=dict)
    """Order that was paid after its hold → its coupon, which another order has. The first of them takes it
    when it comes back."""
    orders: dict[str, Order] = field(default_factory=dict)
    """Of this broadcast, and what earlier ones still owe (`settled`)."""
    holds: dict[str, datetime] = field(default_factory=dict)
    """order id → when its hold lapses; only ``order.request`` orders."""
    hold_heap: list[tuple[datetime, str]] = field(default_factory=list)
    """The same as a heap; entries that left ``holds`` stay until they come to the top, never at it."""
    orders_seen_at: datetime | None = None
    """Last order fact of this broadcast: under ``manual`` it tells that a source reports orders at all."""
    off_orders: dict[str, None] = field(default_factory=dict)
    """Orders that differ from what was promised, until somebody has seen to them."""
    off_beyond: dict[str, OffBeyond] = field(default_factory=dict)
    """Code and promotion (`first_orders.key`) → what there is of it beyond those, in this broadcast."""
    totals: OrderTotals = field(default_factory=OrderTotals)
    members: dict[Pid, Member] = field(default_factory=dict)
    audience: Audience = field(default_factory=Audience)
    rundown: Rundown = field(default_factory=Rundown)
    notes: list[Note] = field(default_factory=list)
    """The last `notes.KEPT`, oldest first."""
    unknown_cues: dict[str, UnknownCue] = field(default_factory=dict)
    """Of this broadcast, the last `cue_folds.UNKNOWN_KEPT` of them, the latest last."""
    comment_desk: CommentDesk = field(default_factory=CommentDesk)
    pledges: dict[str, Pledge] = field(default_factory=dict)
    """Of this broadcast, by id, oldest first; none is ever forgotten before the next one opens."""
    kept: dict[str, str] = field(default_factory=dict)
    """What of the shop a person has not taken (`shop_goods`): where it stands → its value then."""
    cannot: dict[str, list[str]] = field(default_factory=dict)
    """Connection → what it said it cannot do (`messages.connections.Part`); in none: it can."""
    drill: Drilled | None = None
    """In rehearsals alone."""
    drills: int = 0
    """How many were ever begun in this room."""
    clock_step: ClockStep | None = None
    """The last one in this broadcast."""
    heard: dict[int, dict[str, int]] = field(default_factory=dict)
    """Comments of each source in the last five minutes, by spans (`audience`)."""
    followed: dict[str, None] = field(default_factory=dict)
    """Who a source told to follow in this broadcast, and who of the fan club (pids)."""
    in_club: dict[str, None] = field(default_factory=dict)
    told_by: dict[str, dict[str, int]] = field(default_factory=dict)
    """What is counted of this broadcast's audience → by source (`audience`)."""
    gaps: list[SourceGap] = field(default_factory=list)
    """Of sources in this broadcast, `gaps.MOST` of them at most."""
    epoch: int = 1
    """Grows with every restore from a backup (`restored`)."""
    words_used: list[WordsUsed] = field(default_factory=list)
    """Overrides of what is no promotion (goods, the rundown), the last `overrides.KEPT`."""
    short_before: dict[str, int] = field(default_factory=dict)
    """SKU id → units by which earlier broadcasts left it oversold."""
    limits: dict[str, BroadcastLimit] = field(default_factory=dict)
    """本场上限 by SKU id (`broadcast_limits`)."""
    proved: dict[str, Proved] = field(default_factory=dict)
    """World (`messages.worlds`) → when it was last seen to work; of all broadcasts."""
    law: Law = field(default_factory=Law)
    asks: dict[str, OpenAsk] = field(default_factory=dict)
    """What is asked of the shop after the order, by id, until it is settled (`shop_asks`)."""
    shown_review: ShownReview | None = None
    """The last that was put on the picture, until it is taken off (`shown_reviews.on_picture`)."""
    stories: Stories = field(default_factory=Stories)
    sharers: dict[str, OwnPrices] = field(default_factory=dict)
    """pid → what he may offer at a price of his own (`sharers`)."""
    prepare: dict[str, Planned] = field(default_factory=dict)
    """Plan → broadcast that is to come (`preparing`)."""

    @property
    def tonight(self) -> int:
        """The number of the broadcast to which what happens now counts; before the first opening it is that
        one."""
        return self.broadcast.number or 1
