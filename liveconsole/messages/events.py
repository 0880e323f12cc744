"""Events: what the engine committed. Facts stand on the log under their own type (`messages.facts`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType

from liveconsole.messages import (
    after_order,
    answers,
    facts,
    membership,
    moderation,
    order_books,
    plays,
    stories,
)
from liveconsole.messages.board_figures import BOARD_EVENTS
from liveconsole.messages.care import ClockRepaired, ClockStepped, RoomRestored, ViewerForgotten
from liveconsole.messages.cart import CartAdded, CartMoved, CartRemoved, CartRenumbered
from liveconsole.messages.connections import ConnectionTold
from liveconsole.messages.draws import (
    BagAsked,
    BagClosed,
    BagEntered,
    BagNameSettled,
    BagOpened,
    BagPlatformWinners,
    BagSettled,
    BagSource,
    CueDrawn,
    DrawPromise,
    PrizeHeld,
    SeriesCut,
    SeriesOver,
)
from liveconsole.messages.drills import DrillEnded, DrillStarted
from liveconsole.messages.fields import Person, SpecSent, Typed
from liveconsole.messages.gaps import SourceGap
from liveconsole.messages.law import LAW_EVENTS
from liveconsole.messages.money import MONEY_EVENTS
from liveconsole.messages.preparing import PREPARING_EVENTS
from liveconsole.messages.repeats import Repeat
from liveconsole.messages.rundown import (
    AnchorHeld,
    NoteCleared,
    NoteWritten,
    PledgeCleared,
    PledgeWritten,
    QuestionAnswered,
    RundownChanged,
    RundownWent,
    SegmentMoved,
    SegmentsRemoved,
)
from liveconsole.messages.sharing import SeatGave
from liveconsole.messages.shop import ShopKeep
from liveconsole.messages.worlds import WorldProved

Step = Literal["on_air", "ended"]
EndedBecause = Literal["sold_out", "time_up", "stopped", "halted", "platform", "drawn"]


class RoomChanged(Struct, frozen=True):
    """``room.set``: the settings that were sent, as sent."""

    settings: dict[str, Any]


class CarriedOver(Struct, frozen=True):
    """What earlier broadcasts still owe when another one opens, in the room's own words.

    Everything else that has ended leaves the room. A fold takes these from the room where it has them, so
    that a later shape of the room needs no older words; one that begins here takes them from the event.
    """

    cues: list[dict[str, Any]] = []
    """Those that have left the queue; what waits in it is a plan, and stands in its own events."""
    orders: list[dict[str, Any]] = []
    coupons: list[dict[str, Any]] = []
    stock: dict[str, tuple[int, ...]] = {}
    """SKU id → on hand, held, sold as the broadcast opens, of those that orders have moved; behind them how
    many were only read off a platform, where there are any."""
    won: list[PrizeHeld] = []
    """Winners of late, who may have to stand back."""


class BroadcastOpened(Struct, frozen=True):
    title: str
    number: int = 0
    """From 1; 0 in logs from before there were numbers: one more than the last."""
    carried: CarriedOver | None = None
    """None at the first opening, and in older logs: there the same rule finds it in the room."""


class BroadcastClosed(Struct, frozen=True):
    pass


class CatalogueChanged(Struct, frozen=True):
    """``catalogue.put``: whole products as they now stand, in `ProductPut` shape, defaults filled in."""

    products: list[dict[str, Any]]


class StockAdded(Struct, frozen=True):
    sku_id: str
    by: int


class StockLimited(Struct, frozen=True):
    """本场上限, as it stands from here on."""

    sku_id: str
    units: int | None = None
    per_buyer: int | None = None


class ProductShelved(Struct, frozen=True):
    product_id: str
    on: bool


class CueQueued(Struct, frozen=True):
    cue_id: str
    kind: str
    spec: SpecSent
    fires_at: datetime | None = None
    """When it fires by itself, from the command's ``at``."""
    proposed_by: str = ""
    """Whose promotion it is where that is not the actor: who wrote the segment that it came from."""
    segment_id: str = ""
    again_of: str = ""
    """返场: the cue that it repeats."""
    authors: list[str] = []
    """Whose writing it is where that is not ``proposed_by`` alone: of what was copied, who wrote it first."""
    repeat: Repeat | None = None
    plan_id: str = ""
    """The first cue of the plan that it is the ``nth`` time of; empty: it is that one itself."""
    nth: int = 1
    only_after: str = ""
    """The product that has to be explained first."""


class CueEdited(Struct, frozen=True):
    cue_id: str
    spec: SpecSent
    fires_at: datetime | None = None
    repeat: Repeat | None = None
    only_after: str = ""


class CueMoved(Struct, frozen=True):
    cue_id: str
    before: str | None = None


class CueOnlyEvent(Struct, frozen=True):
    """``cue.removed``, ``cue.approved``, ``cue.recalled``, ``cue.unknown``."""

    cue_id: str


class CueMissed(Struct, frozen=True):
    """``cue.missed``: its time came and it did not start: too late, or ``reason`` is the rule's code."""

    cue_id: str
    reason: str = ""


class CueRejected(Struct, frozen=True):
    cue_id: str
    reason: Typed = ""


class CueStandby(Struct, frozen=True):
    cue_id: str
    fires_at: datetime


class CueRecallable(Struct, frozen=True):
    cue_id: str
    fires_at: datetime
    """When the recall window ends and the platform is asked."""


class CueFiring(Struct, frozen=True):
    """An effect is owed to the platform from here on; ``key`` is its idempotency key."""

    cue_id: str
    key: str


class EffectSent(Struct, frozen=True):
    """``effect.sent``: the platform is about to be asked; after a crash it is asked about the key first."""

    cue_id: str
    step: Step
    key: str


class CueOnAir(Struct, frozen=True):
    cue_id: str
    ends_at: datetime | None = None
    draw: DrawPromise | None = None


class CueEnded(Struct, frozen=True):
    cue_id: str
    because: EndedBecause
    key: str = ""
    """Set when the end is owed to the platform: the idempotency key of the stop."""
    reason: Typed = ""


class EndConfirmed(Struct, frozen=True):
    """``cue.end_confirmed``: the owed end was done at the platform."""

    cue_id: str


class CueRefusedEvent(Struct, frozen=True):
    """``cue.refused``: the platform, or a person asked by the desk, said no."""

    cue_id: str
    reason: Typed = ""


class CueMeasured(Struct, frozen=True):
    """``cue.measured``: what a person read off the platform."""

    cue_id: str
    sold: int | None = None
    left: int | None = None
    claimed: int | None = None
    used: int | None = None
    entrants: int | None = None
    ours: int | None = None
    theirs: int | None = None
    sharers: int | None = None
    brought: int | None = None


class CouponClaimed(Struct, frozen=True):
    cue_id: str
    coupon_id: str
    viewer: Person
    valid_until: datetime | None = None


class CouponUsed(Struct, frozen=True):
    coupon_id: str
    order_id: str


class CouponReturned(Struct, frozen=True):
    coupon_id: str
    order_id: str


class CouponOverused(Struct, frozen=True):
    """An order was paid with it after its hold, and another order has it."""

    coupon_id: str
    order_id: str
    other_id: str


class GrantedLine(Struct, frozen=True):
    sku_id: str
    quantity: int
    unit_price_fen: int
    total_fen: int
    """What the buyer pays for the line, its share of the discount taken off."""
    cue_id: str | None = None


class OrderGranted(Struct, frozen=True):
    """``order.granted``: the yes to an ``order.request``; its units are held until ``hold_until``."""

    order_id: str
    buyer: Person
    lines: list[GrantedLine]
    total_fen: int
    hold_until: datetime
    coupon_id: str | None = None
    group_id: str | UnsetType = UNSET
    """The group that it joined: until that is full its units are held to the end of the promotion."""
    discounts: list[facts.Discount] | UnsetType = UNSET
    """What was taken off, where a member's discount is among it: a coupon and that apart."""


class CountedLine(Struct, frozen=True):
    """How the units of an order line were counted: against which sale, how many beyond what was there."""

    sku_id: str
    quantity: int
    cue_id: str | None = None
    oversold: int = 0
    unit_price_fen: int = 0


class UnderFloor(Struct, frozen=True):
    """A line of an order whose unit came to less than its floor."""

    sku_id: str
    fen: int
    floor_fen: int


class OrderOff(Struct, frozen=True, omit_defaults=True):
    """How a platform's order differs from what was promised as it came; ``code`` is empty where only its
    floor is broken."""

    code: Literal["above_promise", "below_promise", ""]
    by_fen: int
    promised_fen: int
    asked_fen: int
    """What the buyer pays; under a promise with what the platform paid of it."""
    cue_id: str | None = None
    """The promotion that promised it."""
    layers: list[facts.Discount] = []
    """Our own discounts in it, the largest first."""
    floor: UnderFloor | None = None


class PricesSettled(Struct, frozen=True):
    """``prices.settled``: a person has seen to what orders showed about a price, as far as they had come."""

    code: str
    cue_id: str | None = None


class OrderCounted(Struct, frozen=True):
    """``order.counted``: a platform's order, counted; unknown SKUs and cues are named in ``unmatched``."""

    order_id: str
    lines: list[CountedLine]
    unmatched: list[str] = []
    retaken: bool = False
    """Paid after its hold had lapsed: units taken anew."""
    off: OrderOff | UnsetType = UNSET
    """It is dearer or cheaper than was promised, or below a floor."""


class GroupFilled(Struct, frozen=True):
    """``group.filled``: as many buyers as it wants have joined. Its orders go on as any: what is not paid is
    held until ``hold_until``."""

    cue_id: str
    group_id: str
    hold_until: datetime


class OrderLapsed(Struct, frozen=True):
    order_id: str


class Oversold(Struct, frozen=True):
    """``stock.oversold``: a promise was broken by a fact; it is kept and rings."""

    sku_id: str
    units: int
    order_id: str
    cue_id: str | None = None


class WordsOverridden(Struct, frozen=True):
    """``words.overridden``: ``terms`` were warned of in the command ``where`` and used all the same."""

    where: str
    terms: list[str] = []
    cue_id: str = ""


EVENTS: Final[dict[str, type[Struct]]] = {
    **facts.FACTS,
    **plays.EVENTS,
    "room.set": RoomChanged,
    "broadcast.opened": BroadcastOpened,
    "broadcast.closed": BroadcastClosed,
    "catalogue.put": CatalogueChanged,
    "stock.added": StockAdded,
    "stock.limited": StockLimited,
    "product.shelved": ProductShelved,
    "cart.added": CartAdded,
    "cart.removed": CartRemoved,
    "cart.moved": CartMoved,
    "cart.renumbered": CartRenumbered,
    "cue.queued": CueQueued,
    "cue.edited": CueEdited,
    "cue.moved": CueMoved,
    "cue.removed": CueOnlyEvent,
    "cue.approved": CueOnlyEvent,
    "cue.rejected": CueRejected,
    "cue.standby": CueStandby,
    "cue.recallable": CueRecallable,
    "cue.recalled": CueOnlyEvent,
    "cue.missed": CueMissed,
    "cue.firing": CueFiring,
    "effect.sent": EffectSent,
    "cue.unknown": CueOnlyEvent,
    "cue.on_air": CueOnAir,
    "cue.ended": CueEnded,
    "cue.end_confirmed": EndConfirmed,
    "cue.refused": CueRefusedEvent,
    "cue.measured": CueMeasured,
    "bag.asked": BagAsked,
    "bag.opened": BagOpened,
    "bag.no_more": SeriesCut,
    "bag.series": SeriesOver,
    "bag.source": BagSource,
    "bag.entered": BagEntered,
    "bag.closed": BagClosed,
    "cue.drawn": CueDrawn,
    "bag.settled": BagSettled,
    "bag.winners": BagPlatformWinners,
    "bag.name_settled": BagNameSettled,
    "coupon.claimed": CouponClaimed,
    "coupon.used": CouponUsed,
    "coupon.returned": CouponReturned,
    "coupon.overused": CouponOverused,
    "order.granted": OrderGranted,
    "order.counted": OrderCounted,
    "order.lapsed": OrderLapsed,
    "group.filled": GroupFilled,
    "prices.settled": PricesSettled,
    "shop.kept": ShopKeep,
    "stock.oversold": Oversold,
    "clock.stepped": ClockStepped,
    "seat.gave": SeatGave,
    "room.restored": RoomRestored,
    "rundown.put": RundownChanged,
    "rundown.moved": SegmentMoved,
    "rundown.removed": SegmentsRemoved,
    "rundown.went": RundownWent,
    "rundown.kept": AnchorHeld,
    "note.put": NoteWritten,
    "note.cleared": NoteCleared,
    "question.answered": QuestionAnswered,
    "pledge.put": PledgeWritten,
    "pledge.cleared": PledgeCleared,
    "words.overridden": WordsOverridden,
    "viewer.forgotten": ViewerForgotten,
    **moderation.EVENTS,
    **after_order.EVENTS,
    **stories.EVENTS,
    **membership.EVENTS,
    **answers.EVENTS,
    **MONEY_EVENTS,
    **PREPARING_EVENTS,
    **order_books.EVENTS,
    **BOARD_EVENTS,
    "clock.repaired": ClockRepaired,
    "connection.told": ConnectionTold,
    "source.gap": SourceGap,
    "drill.started": DrillStarted,
    "drill.ended": DrillEnded,
    "world.proved": WorldProved,
    **LAW_EVENTS,
}

EventData = Struct
"""Any of ``EVENTS``' types; which one is decided by ``Event.type``."""
