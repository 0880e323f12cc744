"""Commands: what a seat or a shop asks for. The rules accept one or refuse it with a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from liveconsole.messages import after_order, answers, membership, moderation, order_books, plays, stories
from liveconsole.messages.backups import BackupPlan
from liveconsole.messages.board_figures import BOARD_COMMANDS
from liveconsole.messages.budgets import BroadcastBudget
from liveconsole.messages.connections import BrowserConnection, ConnectionTold, ObsConnection, ShopConnection
from liveconsole.messages.facts import PromotionMeasured
from liveconsole.messages.fields import (
    Count,
    Fen,
    Id,
    Override,
    Person,
    PersonId,
    Quantity,
    SpecSent,
    Text,
)
from liveconsole.messages.gaps import SourceGap
from liveconsole.messages.law import LAW_COMMANDS, LAW_INTERNAL, Qualifications, Strictness
from liveconsole.messages.money import MONEY_COMMANDS
from liveconsole.messages.preparing import PREPARING_COMMANDS
from liveconsole.messages.repeats import Repeat
from liveconsole.messages.rundown import (
    AnchorKeep,
    NoteClear,
    NotePut,
    PledgeClear,
    PledgePut,
    QuestionAnswer,
    RundownPut,
    RundownRemove,
    SegmentMove,
    SegmentOnly,
)
from liveconsole.messages.shop import ShopFace, ShopKeep
from liveconsole.messages.specs import SERIES_MOST, Kind, ShopCoupon, StandBack
from liveconsole.messages.worlds import WorldProved

When = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its offset; a time without one would mean another moment on another machine."""


RECALL_MOST: Final = 60
"""Seconds of a recall window."""
HOLD_MOST: Final = 30 * 86_400
"""Seconds that an unpaid order holds its units."""
PROPOSAL_LEAST: Final = 10
PROPOSAL_MOST: Final = 86_400
"""Seconds that a proposal waits."""


class RoomSet(Struct, frozen=True):
    """Only the fields that are sent change."""

    platform: Literal["own", "manual", "rehearsal", "wechat_shop", "browser"] | UnsetType = UNSET
    recall_seconds: Annotated[int, msgspec.Meta(ge=0, le=RECALL_MOST)] | UnsetType = UNSET
    four_eyes: bool | UnsetType = UNSET
    hold_seconds: Annotated[int, msgspec.Meta(ge=1, le=HOLD_MOST)] | UnsetType = UNSET
    shop_coupons: list[ShopCoupon] | UnsetType = UNSET
    randomness: Literal["local", "drand"] | UnsetType = UNSET
    stand_back: StandBack | UnsetType = UNSET
    """Of bags that say nothing themselves."""
    title: Text | UnsetType = UNSET
    sources: dict[str, bool] | UnsetType = UNSET
    """Capture sources that the room turned on: ``{"wxlivespy": true, "oba": false}``."""
    shop_face: ShopFace | UnsetType = UNSET
    """Whole: what is not sent of it is taken away."""
    proposal_seconds: Annotated[int, msgspec.Meta(ge=PROPOSAL_LEAST, le=PROPOSAL_MOST)] | UnsetType | None = (
        UNSET
    )
    """How long an assistant's proposal waits for a yes before it is rejected by itself; null: for ever."""
    shop: ShopConnection | UnsetType | None = UNSET
    """Each of the connections whole; null: not connected."""
    obs: ObsConnection | UnsetType | None = UNSET
    browser: BrowserConnection | UnsetType | None = UNSET
    budget: BroadcastBudget | UnsetType | None = UNSET
    """Whole; null: none was set. Every broadcast begins with nothing given."""
    backup: BackupPlan | UnsetType | None = UNSET
    """Whole; null: none is made by itself."""
    ai_presenter: bool | UnsetType | None = UNSET
    """Whether the presenter is made by AI; null: nobody said."""
    review: Strictness | UnsetType = UNSET
    own_content_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] | UnsetType | None = UNSET
    """The share of the content that is one's own; null: nobody said."""


class BroadcastOpen(Struct, frozen=True):
    title: Text = ""
    override: Override = False


class Nothing(Struct, frozen=True):
    """No fields."""


class SkuPut(Struct, frozen=True):
    sku_id: Id
    title: Text
    price_fen: Fen
    stock: Count
    floor_fen: Fen | None = None


class ProductPut(Struct, frozen=True):
    product_id: Id
    title: Text
    price_fen: Fen
    stock: Count
    floor_fen: Fen | None = None
    skus: list[SkuPut] | None = None
    list_price_fen: Fen | None = None
    points: list[Text] | Text | None = None
    image: Text | None = None
    groups: list[Text] | None = None
    code: Text | None = None
    parameters: answers.Parameters | None = None
    size_table: answers.SizeTable | None = None
    category: Text | None = None
    """Of regulated goods: a category of the law's file, by its id or its name."""
    qualifications: Qualifications | None = None
    ship_hours: Annotated[int, msgspec.Meta(ge=1, le=60 * 24)] | None = None
    """Its own promise, from payment; the usual one where it has none."""
    ships_on: date | None = None
    """A presale's day, China's: orders paid before its end are sent by then, later ones as without it."""


class CataloguePut(Struct, frozen=True):
    products: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=5000)]
    """Objects of the shape of `ProductPut`; kept as sent, parsed one by one."""
    override: Override = False


class StockAdd(Struct, frozen=True):
    sku_id: Id
    by: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]


class StockLimit(Struct, frozen=True):
    """本场上限 of a SKU: units that one broadcast may sell, in all and to one buyer; null: no such bound."""

    sku_id: Id
    units: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    per_buyer: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None


class ProductShelf(Struct, frozen=True):
    product_id: Id
    on: bool


class CartAdd(Struct, frozen=True):
    """``numbers`` and ``to`` put products back that were taken out: with the numbers they had, one each, and
    where in the list the first of them stood, from 1."""

    product_ids: Annotated[list[Id], msgspec.Meta(max_length=5000)]
    numbers: Annotated[list[Annotated[int, msgspec.Meta(ge=1)]], msgspec.Meta(max_length=5000)] | None = None
    to: Annotated[int, msgspec.Meta(ge=1)] | None = None


class CartRemove(Struct, frozen=True):
    product_id: Id


class CartMove(Struct, frozen=True):
    """``to`` is a place in the list, from 1; the number of the item stays with its product."""

    product_id: Id
    to: Annotated[int, msgspec.Meta(ge=1)]


class CartPin(Struct, frozen=True):
    product_id: Id | None = None
    number: Annotated[int, msgspec.Meta(ge=1)] | None = None
    expect_product_id: Id | None = None


class CueAdd(Struct, frozen=True):
    kind: Kind
    spec: SpecSent
    cue_id: Id | None = None
    at: When | None = None
    repeat: Repeat | None = None
    """It comes again; without ``at`` from the next full hour on."""
    only_after: Id | None = None
    """The product that has to be explained in this broadcast before it can be fired."""
    override: Override = False


class CueEdit(Struct, frozen=True):
    cue_id: Id
    spec: SpecSent
    at: When | UnsetType | None = UNSET
    repeat: Repeat | UnsetType | None = UNSET
    only_after: Id | UnsetType | None = UNSET
    override: Override = False


class CueAgain(Struct, frozen=True):
    """返场: the same promotion once more, as a draft with what is left; ``new_cue_id`` is the draft's."""

    cue_id: Id
    new_cue_id: Id | None = None


class CueMove(Struct, frozen=True):
    cue_id: Id
    before: Id | None = None


class PricesSettle(Struct, frozen=True):
    """What orders showed about a price (`alarms`) is seen to; of the shop's own prices without ``cue_id``."""

    code: Literal["above_promise", "below_promise", "floor_broken"]
    cue_id: Id | None = None


class CueOnly(Struct, frozen=True):
    cue_id: Id


class CueWithReason(Struct, frozen=True):
    cue_id: Id
    reason: Text = ""


class CueStop(Struct, frozen=True):
    """The reason of a bag that is stopped is shown to everybody."""

    cue_id: Id
    reason: Text = ""
    override: Override = False


class CueFire(Struct, frozen=True):
    """``expect`` is the spec that the seat showed when the key was pressed."""

    cue_id: Id
    expect: SpecSent | None = None


class CueConfirm(Struct, frozen=True):
    cue_id: Id
    step: Literal["on_air", "ended"]
    done: bool
    remaining_seconds: Annotated[int, msgspec.Meta(ge=0, le=30 * 86_400)] | None = None


BagNumber = Annotated[int, msgspec.Meta(ge=1, le=SERIES_MOST)]


class BagWinners(Struct, frozen=True):
    cue_id: Id
    names: Annotated[list[Text], msgspec.Meta(max_length=10_000)]
    bag: BagNumber | None = None
    """Which of a series; else the present one, or the last."""


class CueMeasure(PromotionMeasured, frozen=True):
    """``cue.measure``: the same as a source tells, typed in by a person."""

    ours: Count | None = None
    theirs: Count | None = None
    """Both of a PK: the score of the round that runs, or of the last one."""
    sharers: Count | None = None
    brought: Count | None = None
    """Both of a 分享券: who has shared, and how many of those whom they brought have bought."""


class BagHandOver(Struct, frozen=True):
    """``bag.source``: from here on comments of this source enter the bag, and no others."""

    cue_id: Id
    source: Annotated[Text, msgspec.Meta(min_length=1)]


class BagSettle(Struct, frozen=True):
    """``viewer_id`` of a draw here, ``name`` as it was typed in of a platform's: one of the two."""

    cue_id: Id
    ok: bool
    viewer_id: PersonId | None = None
    reason: Text = ""
    name: Text | None = None
    bag: BagNumber | None = None
    """Which of a series; else the first in which the prize waits."""


class ViewerForget(Struct, frozen=True):
    """Who he was is to be known no more: his id and name, and what people typed of him."""

    viewer_id: PersonId


class ClockRepair(Struct, frozen=True):
    """``wall`` is the computer's time, put in by the engine: what anybody else sends there counts nothing."""

    wall: When | None = None


class GoNext(Struct, frozen=True):
    """``expect`` names what the seat showed as next: a product, or with a rundown best ``{"segment_id"}``.

    ``to`` goes to that segment instead of the next one.
    """

    expect: dict[str, Any] | Id | None = None
    to: Id | None = None


class DrillStart(Struct, frozen=True):
    """``drill`` is a name of `messages.drills.DRILLS`; only a rehearsal runs any."""

    drill: Id


class RequestLine(Struct, frozen=True):
    sku_id: Id
    quantity: Quantity


class OrderRequest(Struct, frozen=True):
    order_id: Id
    buyer: Person
    lines: Annotated[list[RequestLine], msgspec.Meta(min_length=1, max_length=100)]
    cue_id: Id | None = None
    coupon_id: Id | None = None
    group_id: Id | None = None
    """The group that it joins in a 拼团, or opens: the shop's own name for it."""


class CouponClaim(Struct, frozen=True):
    cue_id: Id
    viewer: Person


class EffectAnswered(Struct, frozen=True):
    """Internal, from the platform: what became of an effect. ``unknown`` when it did not say."""

    key: str
    cue_id: Id
    step: Literal["on_air", "ended"]
    outcome: Literal["done", "refused", "unknown"]
    reason: Text = ""


class EffectAsked(Struct, frozen=True):
    """Internal, from the dispatcher: this effect is about to be sent (a crash asks before it repeats)."""

    key: str
    cue_id: Id
    step: Literal["on_air", "ended"]


class EffectOver(Struct, frozen=True):
    """Internal, from a connection: the platform itself has ended what was begun there at this firing."""

    cue_id: Id
    fired_at: datetime


class DrawBeacon(Struct, frozen=True):
    """Internal, from whoever fetched and verified it: the public value that a closed bag waits for."""

    cue_id: Id
    round: int
    signature: Annotated[str, msgspec.Meta(pattern="^(?:[0-9a-f]{2})+$", max_length=400)]
    """Hex; the randomness of the round is its SHA-256."""


COMMANDS: Final[dict[str, type[Struct]]] = {
    "room.set": RoomSet,
    "broadcast.open": BroadcastOpen,
    "broadcast.close": Nothing,
    "catalogue.put": CataloguePut,
    "stock.add": StockAdd,
    "stock.limit": StockLimit,
    "product.shelf": ProductShelf,
    "cart.add": CartAdd,
    "cart.remove": CartRemove,
    "cart.move": CartMove,
    "cart.renumber": Nothing,
    "cart.pin": CartPin,
    "cart.unpin": Nothing,
    "cue.add": CueAdd,
    "cue.edit": CueEdit,
    "cue.again": CueAgain,
    "cue.move": CueMove,
    "cue.remove": CueOnly,
    "cue.approve": CueOnly,
    "cue.reject": CueWithReason,
    "cue.fire": CueFire,
    "cue.recall": CueOnly,
    "cue.stop": CueStop,
    "cue.confirm": CueConfirm,
    "cue.measure": CueMeasure,
    "prices.settle": PricesSettle,
    "shop.keep": ShopKeep,
    "bag.winners": BagWinners,
    "bag.settle": BagSettle,
    "bag.source": BagHandOver,
    "bag.no_more": CueWithReason,
    **plays.COMMANDS,
    "go.next": GoNext,
    "rundown.put": RundownPut,
    "rundown.move": SegmentMove,
    "rundown.remove": RundownRemove,
    "rundown.duplicate": SegmentOnly,
    "rundown.keep": AnchorKeep,
    "note.put": NotePut,
    "note.clear": NoteClear,
    "question.answer": QuestionAnswer,
    "pledge.put": PledgePut,
    "pledge.clear": PledgeClear,
    "room.halt": Nothing,
    "viewer.forget": ViewerForget,
    **moderation.COMMANDS,
    **after_order.COMMANDS,
    **stories.COMMANDS,
    **membership.COMMANDS,
    **answers.COMMANDS,
    **order_books.COMMANDS,
    **LAW_COMMANDS,
    **MONEY_COMMANDS,
    **PREPARING_COMMANDS,
    **BOARD_COMMANDS,
    "clock.repair": ClockRepair,
    "drill.start": DrillStart,
    "drill.stop": Nothing,
    "order.request": OrderRequest,
    "coupon.claim": CouponClaim,
}
"""Commands at the door."""

INTERNAL: Final[dict[str, type[Struct]]] = {
    **after_order.INTERNAL,
    "effect.asked": EffectAsked,
    "effect.answered": EffectAnswered,
    "effect.over": EffectOver,
    "draw.beacon": DrawBeacon,
    "connection.told": ConnectionTold,
    "source.gap": SourceGap,
    "world.proved": WorldProved,
    **LAW_INTERNAL,
}
"""Commands that only the engine itself gives (role ``platform``)."""
