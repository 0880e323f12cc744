"""The room, its broadcast, its goods and its cart, from the room in memory. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from liveconsole.domain import asked, broadcast_limits, platforms, stock
from liveconsole.domain.axes import axes_of
from liveconsole.domain.figures import ShopStock
from liveconsole.domain.room import Product, Room
from liveconsole.domain.room_asks import ShownReview
from liveconsole.domain.room_drills import Drilled
from liveconsole.domain.rundown import next_product_of
from liveconsole.domain.shipping import own_promise
from liveconsole.domain.stock import PROMISING, sold_out
from liveconsole.messages.answers import SizeTable
from liveconsole.messages.law import Qualification
from liveconsole.messages.state import (
    AxisState,
    BroadcastState,
    CartItemState,
    CartState,
    DrillState,
    LimitState,
    NextState,
    PictureState,
    PinnedState,
    ProductState,
    RoomState,
    ShopStockState,
    SkuState,
)
from liveconsole.views.state.ending import ending_state
from liveconsole.views.state.law import lacks_state


def room_state(room: Room) -> RoomState:
    settings = {name: getattr(room.settings, name) for name in room.settings.__struct_fields__}
    return RoomState(
        room_id=room.room_id,
        simulated=room.simulated,
        capabilities=platforms.can(room),
        drill=_drill_state(room.drill),
        picture=_picture_state(room.shown_review),
        **settings,
    )


def _picture_state(one: ShownReview | None) -> PictureState | None:
    if one is None:
        return None
    shown = one.shown
    return PictureState(shown.review_id, shown.product_id, shown.stars, shown.text, one.at, shown.until)


def _drill_state(drill: Drilled | None) -> DrillState | None:
    if drill is None:
        return None
    return DrillState(
        drill_id=drill.drill_id,
        drill=drill.drill,
        started_at=drill.started_at,
        ends_at=drill.ends_at,
        ended_at=drill.ended_at,
        mark=drill.mark,
        facts=drill.facts,
        better=drill.better,
        why=drill.why,
    )


def broadcast_state(room: Room) -> BroadcastState:
    broadcast = room.broadcast
    return BroadcastState(
        broadcast.status,
        broadcast.title,
        broadcast.opened_at,
        broadcast.closed_at,
        broadcast.number,
        ending_state(room),
    )


def promised(room: Room) -> dict[str, int]:
    """SKU id → units that promotions of now have promised and nobody has bought yet."""
    found: dict[str, int] = {}
    for cue_id in room.live:
        cue = room.cues[cue_id]
        if cue.status in PROMISING:
            for sku_id, count in cue.sale.items():
                found[sku_id] = found.get(sku_id, 0) + count.to_give
    return found


def product_state(
    room: Room, product: Product, promised: Mapping[str, int], now: datetime | None = None
) -> ProductState:
    """Return a product as it stands at ``now``, or at the last event. Where nobody reports orders what is
    held is not known, and what was read off the platform is all that is known to be sold."""
    told = platforms.orders_known(room)
    known = [room.skus[sku_id] for sku_id in product.sku_ids]
    axes = axes_of(product.title, (sku.title for sku in known))
    skus = [
        SkuState(
            sku_id=sku.sku_id,
            title=sku.title,
            price_fen=sku.price_fen,
            floor_fen=sku.floor_fen,
            stock=max(0, sku.on_hand),
            held=sku.held if told else None,
            sold=sku.sold + sku.untold if told or sku.untold else None,
            oversold=sku.oversold,
            available=max(0, stock.free(room, sku.sku_id) - promised.get(sku.sku_id, 0)),
            values=list(axes.places[at]) if axes.places else [],
            measured=_shop_stock(sku.measured),
            limit=_limit(room, sku.sku_id),
        )
        for at, sku in enumerate(known)
    ]
    sent, lowest, promise = product.sent, asked.before_now(room, product), own_promise(product.sent)
    return ProductState(
        product_id=product.product_id,
        title=product.title,
        price_fen=product.price_fen,
        floor_fen=product.floor_fen,
        list_price_fen=product.list_price_fen,
        stock=sum(sku.stock for sku in skus),
        on_shelf=product.on_shelf,
        available=sum(sku.available for sku in skus),
        skus=skus,
        points=sent.get("points"),
        image=sent.get("image"),
        groups=sent.get("groups"),
        code=sent.get("code"),
        parameters=sent.get("parameters"),
        size_table=_size_table(sent.get("size_table")),
        category=sent.get("category"),
        qualifications=_qualifications(sent),
        ship_hours=promise.hours,
        ships_on=promise.on,
        lacks=lacks_state(room, product, now or room.at or _NEVER),
        sold_out=sold_out(room, product),
        lowest_7d_fen=lowest,
        struck_fen=asked.struck(product.list_price_fen, product.price_fen, lowest),
        axes=[AxisState(name, list(values)) for name, values in zip(axes.names, axes.values, strict=True)],
    )


def _qualifications(sent: Mapping[str, Any]) -> list[Qualification] | None:
    there = sent.get("qualifications")
    return msgspec.convert(there, list[Qualification]) if there else None


def _shop_stock(measured: ShopStock | None) -> ShopStockState | UnsetType:
    return UNSET if measured is None else ShopStockState(measured.units, measured.at, measured.ours)


def _limit(room: Room, sku_id: str) -> LimitState | UnsetType:
    limit = room.limits.get(sku_id)
    if limit is None:
        return UNSET
    taken = broadcast_limits.taken(room, sku_id) if platforms.orders_known(room) else None
    return LimitState(limit.units, limit.per_buyer, taken)


def _size_table(sent: Any) -> SizeTable | None:
    return SizeTable(sent.get("columns", []), sent.get("rows", [])) if sent else None


def product_row(product: Product, shown: ProductState) -> bytes:
    """Return a product's row on the wire: what was sent with it, unknown fields included, under what stands
    now."""
    row: dict[str, Any] = msgspec.to_builtins(shown)
    as_put = {sku["sku_id"]: sku for sku in product.sent.get("skus") or ()}
    for name in _AS_PUT:
        if row[name] is None:
            del row[name]
    if not row["lacks"]:
        del row["lacks"]
    row["skus"] = [{**as_put.get(sku["sku_id"], {}), **sku} for sku in row["skus"]]
    return _encode({**product.sent, **row})


_AS_PUT: Final = (
    "points",
    "image",
    "groups",
    "code",
    "parameters",
    "size_table",
    "category",
    "qualifications",
    "ship_hours",
    "ships_on",
    "lowest_7d_fen",
    "struck_fen",
)
"""Not on the wire where nobody put them, or nothing tells."""
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder().encode


def cart_state(room: Room) -> CartState:
    items = [
        CartItemState(item.number, item.product_id, room.products[item.product_id].on_shelf)
        for item in room.cart
    ]
    coming = next_product_of(room)
    if coming is None:
        return CartState(items, None)
    number = next((item.number for item in room.cart if item.product_id == coming), None)
    return CartState(items, NextState(coming, number))


def pinned_state(room: Room) -> PinnedState:
    pinned = room.pinned
    return PinnedState(pinned.wanted, pinned.confirmed, pinned.confirmed_at, pinned.cue_id)
