"""What the simulated world sees of the room: what everybody in the audience could see. Pure."""

from __future__ import annotations

from msgspec import Struct

from liveconsole.messages.specs import (
    BargainSpec,
    BundleSpec,
    CouponSpec,
    FirstComeSpec,
    FlashSaleSpec,
    GiftSpec,
    GroupBuySpec,
    LuckyBagSpec,
    PkSpec,
    RedPacketSpec,
)
from liveconsole.messages.state import CueState, State


class SaleView(Struct, frozen=True):
    cue_id: str
    skus: list[tuple[str, int]]
    """(SKU id, price in 分)."""
    per_buyer: int
    left: int | None


class LotView(Struct, frozen=True):
    """What is bought whole: a bundle."""

    cue_id: str
    items: list[tuple[str, int]]
    """(SKU id, units of it in one)."""
    per_buyer: int
    left: int | None


class GiftView(Struct, frozen=True):
    """What has to be bought for a gift: ``units`` of one of the products, or goods for ``threshold_fen``."""

    cue_id: str
    product_ids: list[str]
    units: int
    threshold_fen: int
    per_buyer: int
    left: int | None


class CouponView(Struct, frozen=True):
    cue_id: str
    threshold_fen: int
    product_ids: list[str] | None
    friends: int = 0
    """So many one has to bring for it; 0: anybody has it."""


class BagView(Struct, frozen=True):
    cue_id: str
    keyword: str


class ListView(Struct, frozen=True):
    """A list that is open: the word, and who has a place; ``sku``: (SKU id, price in 分) of what one buys."""

    cue_id: str
    keyword: str
    sku: tuple[str, int] | None
    placed: list[tuple[str, str]]
    """(viewer id, name)."""


class PkView(Struct, frozen=True):
    cue_id: str
    round: int


class PacketView(Struct, frozen=True):
    cue_id: str
    packets: int


class GroupView(Struct, frozen=True):
    """``openable``: groups that nobody has opened yet."""

    cue_id: str
    sku_id: str
    size: int
    per_buyer: int
    openable: int


class BargainView(Struct, frozen=True):
    cue_id: str
    sku_id: str
    friends: int


class DrillView(Struct, frozen=True):
    drill_id: str
    name: str


class RehearsalRoom(Struct, frozen=True):
    open: bool
    pinned: str | None = None
    sales: list[SaleView] = []
    lots: list[LotView] = []
    gifts: list[GiftView] = []
    coupons: list[CouponView] = []
    bags: list[BagView] = []
    lists: list[ListView] = []
    pks: list[PkView] = []
    packets: list[PacketView] = []
    groups: list[GroupView] = []
    bargains: list[BargainView] = []
    goes_back: str | None = None
    """The first order whose group was not full in time and whose money has not gone back."""
    winners: list[tuple[str, str]] = []
    """(cue id, viewer id) of everybody whose prize is not settled."""
    free: dict[str, int] = {}
    """SKU id → units that nobody has and no sale has promised."""
    drill: DrillView | None = None
    """The one that runs."""
    cues: list[tuple[str, str]] = []
    """(cue id, status) of every promotion: what a drill takes away behind itself."""


def of_state(state: State) -> RehearsalRoom:
    """What the audience of a room sees of it."""
    drill = state.room.drill
    on_air = [seen for cue in state.cues if (seen := _seen(cue)) is not None]
    return RehearsalRoom(
        open=state.broadcast.status == "open",
        pinned=state.pinned.wanted,
        sales=[each for each in on_air if isinstance(each, SaleView)],
        gifts=[each for each in on_air if isinstance(each, GiftView)],
        lots=[each for each in on_air if isinstance(each, LotView)],
        coupons=[each for each in on_air if isinstance(each, CouponView)],
        bags=[each for each in on_air if isinstance(each, BagView)],
        lists=[each for each in on_air if isinstance(each, ListView)],
        pks=[each for each in on_air if isinstance(each, PkView)],
        packets=[each for each in on_air if isinstance(each, PacketView)],
        groups=[each for each in on_air if isinstance(each, GroupView)],
        bargains=[each for each in on_air if isinstance(each, BargainView)],
        goes_back=next((each.order_id for each in state.alarms if each.code == "group_refunds"), None),
        winners=[
            (cue.cue_id, winner.viewer_id)
            for cue in state.cues
            for winner in cue.winners
            if winner.settled is None
        ],
        free={sku.sku_id: sku.available for product in state.catalogue.products for sku in product.skus},
        drill=None if drill is None or drill.ended_at is not None else DrillView(drill.drill_id, drill.drill),
        cues=[(cue.cue_id, cue.status) for cue in state.cues],
    )


_View = (
    SaleView
    | LotView
    | GiftView
    | CouponView
    | BagView
    | ListView
    | PkView
    | PacketView
    | GroupView
    | BargainView
)


def _seen(cue: CueState) -> _View | None:
    if cue.status != "on_air":
        return None
    spec = cue.terms
    if isinstance(spec, FlashSaleSpec):
        return SaleView(
            cue.cue_id, [(sku.sku_id, sku.price_fen) for sku in spec.skus], spec.per_buyer, cue.left
        )
    if isinstance(spec, BundleSpec):
        items = [(item.sku_id, item.quantity) for item in spec.items]
        return LotView(cue.cue_id, items, spec.per_buyer, cue.left)
    if isinstance(spec, GiftSpec) and spec.buy.product_ids is not None:
        return GiftView(cue.cue_id, list(spec.buy.product_ids), spec.buy.units, 0, spec.per_buyer, cue.left)
    if isinstance(spec, GiftSpec):
        threshold = spec.buy.threshold_fen or 0
        return GiftView(cue.cue_id, [], 0, threshold, spec.per_buyer, cue.left)
    if isinstance(spec, CouponSpec):
        rule = spec.rule
        threshold = rule.threshold_fen or (min(t.threshold_fen for t in rule.tiers) if rule.tiers else 0)
        scope = None if spec.scope is None else list(spec.scope.product_ids)
        return CouponView(cue.cue_id, threshold, scope, spec.share.friends if spec.share is not None else 0)
    if isinstance(spec, LuckyBagSpec):
        return BagView(cue.cue_id, spec.entry.keyword or "")
    return _played(cue)


def _played(cue: CueState) -> _View | None:
    spec = cue.terms
    if isinstance(spec, FirstComeSpec):
        sku = (
            (spec.sku_id, spec.price_fen) if spec.sku_id is not None and spec.price_fen is not None else None
        )
        placed = [(place.viewer_id, place.name) for place in cue.places]
        return ListView(cue.cue_id, spec.keyword, sku, placed)
    if isinstance(spec, PkSpec):
        return PkView(cue.cue_id, max(1, len(cue.rounds)))
    if isinstance(spec, RedPacketSpec):
        return PacketView(cue.cue_id, spec.packets)
    if isinstance(spec, GroupBuySpec):
        opened = cue.groups.opened if cue.groups is not None else 0
        return GroupView(cue.cue_id, spec.sku_id, spec.size, spec.per_buyer, max(0, spec.groups - opened))
    if isinstance(spec, BargainSpec):
        return BargainView(cue.cue_id, spec.sku_id, spec.friends)
    return None
