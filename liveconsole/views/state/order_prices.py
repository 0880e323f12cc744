"""Orders that were dearer or cheaper than promised, or below a floor, as alarms: one for each promotion and
code, however many orders it has. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from liveconsole.domain.first_orders import by_how_much, key, stands
from liveconsole.domain.platforms import does
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_orders import OffBeyond, Order
from liveconsole.domain.sales import by_unit
from liveconsole.domain.stacking import RUNS
from liveconsole.messages.facts import Discount
from liveconsole.messages.wording import plain_yuan
from liveconsole.views.kinds import WORDS
from liveconsole.views.kinds.kind import ProductNames
from liveconsole.views.state.alarms import Alarm

_LAYERS: Final[dict[str, tuple[str, str]]] = {
    "flash": ("秒杀价", "flash price"),
    "shop_coupon": ("店铺券", "shop coupon"),
    "member": ("会员价", "member price"),
    "merchant": ("商家优惠", "merchant discount"),
    "other": ("其他优惠", "other discount"),
}
"""Layers of our own in an order's price, besides those that a kind of promotion makes."""


def layer_words(layer: Discount) -> tuple[str, str]:
    """Return a layer with its 元, zh and en; one of a kind that nobody knows is shown as sent."""
    known = WORDS.get(layer.kind)
    zh, en = known.TITLE if known is not None else _LAYERS.get(layer.kind, (layer.kind, layer.kind))
    return f"{zh} {plain_yuan(layer.fen)}", f"{en} {plain_yuan(layer.fen)}"


def off_prices(room: Room) -> Iterator[Alarm]:
    """Return what stands: each names the first order, how many there are and the most that one is off by."""
    found: dict[tuple[str, str | None], list[Order]] = {}
    for order in map(room.orders.__getitem__, room.off_orders):
        for code in order.off_open:
            if order.off is not None and stands(order, code):
                found.setdefault((code, order.off.cue_id), []).append(order)
    for (code, cue_id), orders in found.items():
        yield _alarm(room, code, room.cues.get(cue_id or ""), orders, room.off_beyond.get(key(code, cue_id)))
    for beyond in room.off_beyond.values():
        first = room.orders.get(beyond.order_id)
        if first is None or first.off is None or (beyond.code, first.off.cue_id) in found:
            continue
        rest = msgspec.structs.replace(beyond, count=beyond.count - 1)
        yield _alarm(room, beyond.code, room.cues.get(first.off.cue_id or ""), [first], rest)


def _alarm(room: Room, code: str, cue: Cue | None, orders: list[Order], beyond: OffBeyond | None) -> Alarm:
    first = min(orders, key=lambda order: (order.placed_at is None, order.placed_at, order.order_id))
    off = first.off
    assert off is not None  # only those are looked at
    params: dict[str, Any] = {
        "order_id": first.order_id,
        "count": len(orders) + (beyond.count if beyond else 0),
    }
    if code == "floor_broken":
        assert off.floor is not None
        sku = room.skus.get(off.floor.sku_id)
        params |= {
            "sku_id": off.floor.sku_id,
            "title": sku.title if sku is not None else off.floor.sku_id,
            "final_fen": off.floor.fen,
            "floor_fen": off.floor.floor_fen,
            "final": plain_yuan(off.floor.fen),
            "floor": plain_yuan(off.floor.floor_fen),
        }
    else:
        params |= {
            "by_fen": off.by_fen,
            "promised_fen": off.promised_fen,
            "asked_fen": off.asked_fen,
            "by": plain_yuan(off.by_fen),
            "promised": plain_yuan(off.promised_fen),
            "asked": plain_yuan(off.asked_fen),
        }
    most = max(by_how_much(order.off, code) for order in orders if order.off is not None)
    most = max(most, beyond.most_fen if beyond is not None else 0)
    params |= {"most_fen": most, "most": plain_yuan(most)}
    params["layers"] = "、".join(layer_words(layer)[0] for layer in off.layers)
    params["layers_en"] = ", ".join(layer_words(layer)[1] for layer in off.layers)
    for name, words in zip(("todo", "todo_en"), _todo(room, code, cue, first), strict=True):
        params[name] = words
    acts: list[tuple[str, str, dict[str, Any]]] = []
    if cue is not None and cue.status in RUNS:
        acts.append(("stop", "cue.stop", {"cue_id": cue.cue_id}))
    settle: dict[str, Any] = {"code": code}
    acts.append(("seen_to", "prices.settle", settle | ({"cue_id": cue.cue_id} if cue is not None else {})))
    return Alarm(code, first.placed_at, params, cue, acts, first.order_id)


def _todo(room: Room, code: str, cue: Cue | None, first: Order) -> tuple[str, str]:
    """Tell what a person does at the platform: put the price right, and give back what was too much."""
    zh, en = [], []
    names = _names(room)
    if cue is not None and does(room, cue) != "us":
        if cue.sale and cue.status in RUNS:
            for sku_id in dict.fromkeys(line.sku_id for line in first.lines if by_unit(cue, line.sku_id)):
                price = plain_yuan(cue.sale[sku_id].price_fen)
                thing_zh, thing_en = names.thing(sku_id)
                zh.append(f"改价：{thing_zh} 应卖 {price} 元")
                en.append(f"change the price: {thing_en} at ¥{price}")
        else:
            said = WORDS[cue.kind].instruction("ended", cue.spec_sent, names)
            zh.append(said.zh)
            en.append(said.en)
    if code == "above_promise" and first.off is not None and first.paid:
        back = plain_yuan(first.off.by_fen - first.refund_fen)
        zh.append(f"给订单 {first.order_id} 退差 {back} 元")
        en.append(f"give ¥{back} back on order {first.order_id}")
    elif not zh:
        zh.append("核对平台上的价格和券")
        en.append("check price and coupons at the platform")
    return "；".join(zh), "; ".join(en)


def _names(room: Room) -> ProductNames:
    titles = {sku_id: sku.title for sku_id, sku in room.skus.items()}
    numbers = {item.product_id: item.number for item in room.cart}
    of_sku = {
        sku_id: numbers[sku.product_id] for sku_id, sku in room.skus.items() if sku.product_id in numbers
    }
    return ProductNames(titles, of_sku, {sku_id: sku.price_fen for sku_id, sku in room.skus.items()})
