"""What viewers may see of a room: a type without any field for a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.domain.room import Cue, Room
from liveconsole.engine.core import RoomCore
from liveconsole.messages.specs import CouponSpec, FlashSaleSpec, LuckyBagSpec
from liveconsole.views.state import orders_are_reported

STALE: Final = timedelta(seconds=60)
"""A figure read off the platform is not shown to viewers any longer than this."""
_encode = msgspec.json.Encoder().encode


class Pinned(Struct):
    title: str
    price_fen: int


class Running(Struct, omit_defaults=True):
    kind: str
    title: str
    ends_at: datetime | None = None
    price_fen: int | None = None
    left: int | None = None
    entrants: int | None = None
    keyword: str | None = None
    reason: str | None = None


class OverlayView(Struct):
    simulated: bool
    pinned: Pinned | None
    running: list[Running]


class _Timed(OverlayView):
    now: datetime


def overlay_view(core: RoomCore, now: datetime, health: dict[str, Any]) -> bytes:
    """The overlay's JSON. ``now`` lets a page with another clock count down rightly."""
    view = look(core.room, now)
    return _encode(_Timed(view.simulated, view.pinned, view.running, now))


def look(room: Room, now: datetime) -> OverlayView:
    """What is on air: the pinned product, countdowns, what is left, how many entered."""
    pinned = None
    product = room.products.get(room.pinned.confirmed or "")
    if product is not None and product.on_shelf:
        pinned = Pinned(product.title, product.price_fen)
    on_air = [room.cues[cue_id] for cue_id in sorted(room.live) if room.cues[cue_id].status == "on_air"]
    on_air.sort(key=lambda cue: cue.on_air_at or now)
    shown = (_running(room, cue, now) for cue in on_air)
    return OverlayView(room.simulated, pinned, [one for one in shown if one is not None])


def _running(room: Room, cue: Cue, now: datetime) -> Running | None:
    match cue.spec:
        case FlashSaleSpec(skus=skus):
            sku = room.skus.get(skus[0].sku_id)
            product = room.products.get(sku.product_id) if sku is not None else None
            if product is not None and not product.on_shelf:
                return None
            title = product.title if product is not None else ""
            price = min(sku.price_fen for sku in skus)
            return Running("flash_sale", title, cue.ends_at, price_fen=price, left=_left(room, cue, now))
        case CouponSpec(name=name, quantity=quantity):
            reported = room.settings.platform != "manual" or cue.claimed > 0
            left = quantity - cue.claimed if reported else _measured(cue, now)
            return Running("coupon", name, cue.ends_at, left=left)
        case LuckyBagSpec(prize=prize, entry=entry):
            entrants = len(cue.bag.entries) if cue.bag is not None else None
            return Running("lucky_bag", prize.name, cue.ends_at, entrants=entrants, keyword=entry.keyword)
    return None


def _left(room: Room, cue: Cue, now: datetime) -> int | None:
    if room.settings.platform == "manual" and not orders_are_reported(room):
        return _measured(cue, now)
    return sum(count.left for count in cue.sale.values())


def _measured(cue: Cue, now: datetime) -> int | None:
    if cue.measured is None or now - cue.measured.at > STALE:
        return None
    return cue.measured.left
