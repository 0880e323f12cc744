"""What the simulated world sees of the room: what everybody in the audience could see. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from liveconsole.domain.room import Cue, Room
from liveconsole.domain.stock import available
from liveconsole.messages.specs import CouponSpec, FlashSaleSpec, LuckyBagSpec, parse_spec


class SaleView(Struct, frozen=True):
    cue_id: str
    skus: list[tuple[str, int]]
    """(SKU id, price in 分)."""
    per_buyer: int
    left: int | None


class CouponView(Struct, frozen=True):
    cue_id: str
    threshold_fen: int
    product_ids: list[str] | None


class BagView(Struct, frozen=True):
    cue_id: str
    keyword: str


class RoomView(Struct, frozen=True):
    open: bool
    pinned: str | None = None
    sales: list[SaleView] = []
    coupons: list[CouponView] = []
    bags: list[BagView] = []
    winners: list[tuple[str, str]] = []
    """(cue id, viewer id) of everybody who holds a prize."""
    free: dict[str, int] = {}
    """SKU id → units that nobody has and no sale has promised."""


def of_room(room: Room) -> RoomView:
    """From the engine's own room (headless)."""
    on_air = [seen for id_ in room.live if (seen := _of_cue(room.cues[id_])) is not None]
    winners = [
        (cue.cue_id, winner.viewer_id)
        for cue in room.cues.values()
        if cue.bag is not None
        for winner in cue.bag.winners
        if winner.viewer_id not in cue.bag.settled
    ]
    free = {sku_id: available(room, sku_id) for sku_id in room.skus}
    return _view(room.broadcast.status, room.pinned.wanted, on_air, winners, free)


def of_state(state: Mapping[str, Any]) -> RoomView:
    """From the body of ``GET /v1/state``."""
    on_air = [seen for row in state["cues"] if (seen := _of_row(row)) is not None]
    winners = [
        (str(row["cue_id"]), str(winner["viewer_id"]))
        for row in state["cues"]
        for winner in row.get("winners") or ()
    ]
    free = {
        str(sku["sku_id"]): int(sku["available"])
        for product in state["catalogue"]["products"]
        for sku in product["skus"]
    }
    return _view(state["broadcast"]["status"], state["pinned"]["wanted"], on_air, winners, free)


OnAir = SaleView | CouponView | BagView


def _view(
    status: str,
    pinned: str | None,
    on_air: list[OnAir],
    winners: list[tuple[str, str]],
    free: dict[str, int],
) -> RoomView:
    return RoomView(
        status == "open",
        pinned,
        [each for each in on_air if isinstance(each, SaleView)],
        [each for each in on_air if isinstance(each, CouponView)],
        [each for each in on_air if isinstance(each, BagView)],
        winners,
        free,
    )


def _of_cue(cue: Cue) -> OnAir | None:
    if cue.status != "on_air":
        return None
    left = sum(count.quantity - count.sold - count.held for count in cue.sale.values())
    return _seen(cue.cue_id, cue.spec, left)


def _of_row(row: Mapping[str, Any]) -> OnAir | None:
    if row["status"] != "on_air":
        return None
    return _seen(str(row["cue_id"]), parse_spec(row["kind"], dict(row["spec"])), row.get("left"))


def _seen(cue_id: str, spec: object, left: int | None) -> OnAir | None:
    if isinstance(spec, FlashSaleSpec):
        return SaleView(cue_id, [(sku.sku_id, sku.price_fen) for sku in spec.skus], spec.per_buyer, left)
    if isinstance(spec, CouponSpec):
        rule = spec.rule
        threshold = rule.threshold_fen or (min(t.threshold_fen for t in rule.tiers) if rule.tiers else 0)
        return CouponView(cue_id, threshold, None if spec.scope is None else list(spec.scope.product_ids))
    if isinstance(spec, LuckyBagSpec):
        return BagView(cue_id, spec.entry.keyword or "")
    return None
