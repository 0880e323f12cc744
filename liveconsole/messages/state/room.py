"""The room, its broadcast, its goods and its cart, as the state says them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from liveconsole.messages.answers import SizeTable
from liveconsole.messages.backups import BackupPlan
from liveconsole.messages.budgets import BroadcastBudget
from liveconsole.messages.connections import BrowserConnection, ObsConnection, ShopConnection
from liveconsole.messages.drills import DrillFact
from liveconsole.messages.law import Qualifications
from liveconsole.messages.shop import ShopFace
from liveconsole.messages.specs import SPECS, ShopCoupon
from liveconsole.messages.state.law import LackState

Doer = Literal["person", "program", "us"]
"""Who does a thing at the platform: a person who is asked, a program, or nobody, for it lives here."""


class Capabilities(Struct, frozen=True):
    """What the platform of this room can, and who does it there."""

    pins: Doer
    sales: Doer
    coupons: Doer
    bags: Doer
    reports_orders: bool
    """Its orders reach us as facts, or we decide them: figures of orders are known from the start."""
    stacks_coupons: bool
    """A buyer there may use several coupons in one order."""
    lists: Doer = "us"
    """Who comes first among the comments is counted here, wherever the room is."""
    plays: Doer = "person"
    """What lives on the platform's own page alone: red packets, a PK."""

    def does(self, kind: str) -> Doer:
        """Tell who does a kind of promotion there; of a kind that this program knows."""
        doer: Doer = getattr(self, SPECS[kind].done_as)
        return doer


class DrillState(Struct, frozen=True, omit_defaults=True):
    """The drill of a rehearsal that runs, or the last one with its mark (`messages.drills` has the words)."""

    drill_id: str
    drill: str
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    """None while it runs."""
    mark: int | None = None
    """0 to 100; None: not marked, and ``why`` says why once it has ended."""
    facts: list[DrillFact] = []
    better: list[str] = []
    why: str = ""


class PictureState(Struct, frozen=True):
    """The review on the picture (晒单), from ``since`` until ``until``: the reader looks at the time. Whose
    it is nobody is told."""

    review_id: int
    product_id: str
    stars: int
    text: str
    since: datetime
    until: datetime

    def stands(self, now: datetime) -> bool:
        """Tell whether viewers see it now."""
        return self.since <= now < self.until


class RoomState(Struct, frozen=True):
    """The room's settings and what its platform can; moves with `room.set`."""

    room_id: str
    simulated: bool
    platform: str
    recall_seconds: int
    four_eyes: bool
    hold_seconds: int
    shop_coupons: list[ShopCoupon]
    randomness: str
    title: str
    sources: dict[str, bool]
    proposal_seconds: int | None
    capabilities: Capabilities
    stand_back: str = "none"
    shop_face: ShopFace = ShopFace()
    shop: ShopConnection | None = None
    obs: ObsConnection | None = None
    browser: BrowserConnection | None = None
    ai_presenter: bool | None = None
    """Whether the presenter is made by AI; None: nobody said."""
    review: str = "off"
    """三级审核: ``off``, ``warn`` or ``required``."""
    own_content_percent: int | None = None
    budget: BroadcastBudget | None = None
    backup: BackupPlan | None = None
    """What a broadcast may give away; how it stands is with the discount."""
    drill: DrillState | None = None
    """In rehearsals alone."""
    picture: PictureState | None = None
    """The last that was put there and not taken off again."""


class EndingState(Struct, frozen=True, omit_defaults=True):
    """What closing the broadcast comes upon."""

    running: int = 0
    """Promotions that the platform has, or may have; a pin is none."""
    asked: int = 0
    """Steps at the platform that a person has not answered."""
    unsettled: int = 0
    """Winners who are neither confirmed nor passed over."""


class BroadcastState(Struct, frozen=True):
    """``number`` counts the room's broadcasts from 1; 0 before the first."""

    status: Literal["none", "open", "closed"]
    title: str
    opened_at: datetime | None
    closed_at: datetime | None
    number: int = 0
    ending: EndingState = EndingState()


class ShopStockState(Struct, frozen=True):
    """What the shop says that it has of a SKU; ``ours``: what we had free then, None where somebody has
    changed that since. Neither moves ``stock``: an order may be on its way."""

    on_hand: int
    at: datetime
    ours: int | None


class LimitState(Struct, frozen=True):
    """本场上限 of a SKU: units that one broadcast may sell, in all and to one buyer; None: no such bound."""

    units: int | None
    per_buyer: int | None
    taken: int | None
    """Held or sold in this broadcast; None where nobody reports orders."""


class SkuState(Struct, frozen=True):
    sku_id: str
    title: str
    price_fen: int
    floor_fen: int | None
    stock: int
    """Units on hand, holds included; what was read off the platform as sold is not among them."""
    held: int | None
    """None where nobody reports orders."""
    sold: int | None
    """With what was only read off the platform; None where nobody told or read anything."""
    oversold: int
    available: int
    """Units that no order holds and no promotion has promised."""
    values: list[str] = []
    """Its value on each of the product's ``axes``."""
    measured: ShopStockState | UnsetType = UNSET
    """Left out where no shop has told."""
    limit: LimitState | UnsetType = UNSET
    """Left out where nothing is bounded."""


class AxisState(Struct, frozen=True):
    """Colours, or sizes; ``name`` is empty where the shop does not say what they are."""

    name: str
    values: list[str]


class ProductState(Struct, frozen=True):
    """A product as put, its figures as they stand. On the wire it also carries what else was sent with it."""

    product_id: str
    title: str
    price_fen: int
    floor_fen: int | None
    list_price_fen: int | None
    stock: int
    on_shelf: bool
    available: int
    skus: list[SkuState]
    points: list[str] | str | None = None
    image: str | None = None
    groups: list[str] | None = None
    code: str | None = None
    parameters: dict[str, str] | None = None
    size_table: SizeTable | None = None
    """As put: what the answer library takes a figure from."""
    sold_out: bool = False
    """Nobody can have a unit of it now: screens say so in place of a price."""
    lowest_7d_fen: int | None = None
    """七日最低价 before the price fell to what it is; None: nothing was asked on an earlier day."""
    struck_fen: int | None = None
    """The list price, where it may stand struck through beside the price: no higher than 七日最低价."""
    category: str | None = None
    qualifications: Qualifications | None = None
    ship_hours: int | None = None
    """Its own promise, from payment; None: the usual one."""
    ships_on: date | None = None
    """A presale's day."""
    lacks: list[LackState] = []
    """What the rule of its category asks and is not there: nobody can pin it or sell it in a promotion."""
    axes: list[AxisState] = []
    """Along which the SKUs lie: none, one, or what is in rows and then the sizes; no place holds two."""


class CatalogueState(Struct, frozen=True):
    products: list[ProductState]


class CartItemState(Struct, frozen=True):
    number: int
    product_id: str
    on_shelf: bool


class NextState(Struct, frozen=True):
    """Where 下一品 goes; ``number`` is None for a product that is not in the cart."""

    product_id: str
    number: int | None


class CartState(Struct, frozen=True):
    items: list[CartItemState]
    next: NextState | None


class PinnedState(Struct, frozen=True):
    """What is wanted at 讲解, and what somebody who can know said is there, and when."""

    wanted: str | None
    confirmed: str | None
    confirmed_at: datetime | None
    cue_id: str | None
