"""One order of the shop → the facts of it. Pure.

``sale_price`` is what a unit costs in the shop or in the 限时抢购 that runs, ``order_price`` what the buyer
pays in the end: of what lies between them the layers that the API names are told apart, the rest is
``other``. Of the buyer only the openid and the province go on: no name, no address, no telephone.

A refund is told by its after-sale (`aftersales`), never by the status of the order.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, Literal

from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.wechat_shop.wire import fen, ident, inner, moment, rows, whole

Step = Literal["placed", "paid", "closed"]

_PAID: Final = frozenset({20, 21, 30, 100, 200})
"""Nobody sends what was not paid."""
_CLOSED: Final = {190: "oversold", 200: "aftersale", 250: "cancelled"}
_GIFT_WAITS: Final = 12
_RECEIVED: Final = 100
"""The buyer said that he has it, or his time to say otherwise is over."""
_PARCELS_MOST: Final = 20
_WORD: Final = 64
_SCENES: Final = {1: "other", 2: "live", 3: "video", 4: "share", 5: "window", 6: "article"}
_PAYMENTS: Final = {1: "wechat", 2: "later", 3: "other", 4: "other"}
_LAYERS: Final = (
    ("discounted_price", "shop_coupon"),
    ("vip_discounted_price", "member"),
    ("deduction_price", "member"),
    ("change_down_price", "merchant"),
    ("bulkbuy_discounted_price", "merchant"),
    ("national_subsidy_merchant_discounted_price", "merchant"),
    ("platform_activity_merchant_discounted_price", "merchant"),
    ("national_subsidy_discounted_price", "subsidy"),
    ("cash_coupon_discounted_price", "platform"),
    ("finder_discounted_price", "platform"),
)
"""Fields of ``price_info`` → kinds of discount. What the shop's own points take off the shop pays; what a
creator adds reaches the shop in full, as the platform's does."""


class OrderSeen(Struct, frozen=True):
    """An order as it was read, and what it says that is not told yet."""

    order_id: str
    updated: int
    created: int
    steps: frozenset[Step]
    """All that is true of it, told before or now."""
    closed: bool
    events: list[CloudEvent]


def order_seen(order: dict[str, Any], source: str, told: Collection[Step] = ()) -> OrderSeen | None:
    """Return what an order says beyond the steps that were told of it; None for one that cannot be read.

    The ids of the events are made of the order's own, so that what is told again is known to be the same.
    """
    order_id, created = ident(order.get("order_id")), whole(order.get("create_time"))
    placed = _placed(order, order_id)
    if not order_id or not created or placed is None:
        return None
    updated = max(whole(order.get("update_time")) or 0, created)
    steps: dict[Step, CloudEvent] = {
        "placed": cloudevent(source, f"{order_id}/placed", "order.placed", placed, moment(created))
    }
    status = whole(order.get("status"))
    if _is_paid(order, status):
        pay = inner(inner(order, "order_detail"), "pay_info")
        paid = {"order_id": order_id, "paid_fen": placed["total_fen"]}
        if payment_id := ident(pay.get("transaction_id")):
            paid["payment_id"] = payment_id
        at = moment(pay.get("pay_time")) or moment(updated)
        steps["paid"] = cloudevent(source, f"{order_id}/paid", "order.paid", paid, at)
    if status in _CLOSED:
        closed = {"order_id": order_id, "reason": _CLOSED[status]}
        steps["closed"] = cloudevent(source, f"{order_id}/closed", "order.closed", closed, moment(updated))
    fresh = [event for step, event in steps.items() if step not in told]
    fresh += _parcels(order, order_id, source, status, updated)
    return OrderSeen(order_id, updated, created, frozenset(steps), status in _CLOSED, fresh)


def _parcels(
    order: dict[str, Any], order_id: str, source: str, status: int | None, updated: int
) -> list[CloudEvent]:
    """What is on its way, parcel by parcel, and that it came. Told with every reading of the order: the ids
    are the parcels' own, and what was told before is known by them."""
    sent = rows(inner(inner(order, "order_detail"), "delivery_info"), "delivery_product_info")
    found = []
    for row in sent[:_PARCELS_MOST]:
        waybill, carrier = ident(row.get("waybill_id")), ident(row.get("delivery_id"))
        if not waybill:
            continue
        data = {"order_id": order_id, "status": "shipped", "waybill": waybill[:_WORD]}
        if carrier:
            data["carrier"] = carrier[:_WORD]
        at = moment(row.get("delivery_time"))
        found.append(cloudevent(source, f"{order_id}/shipped/{waybill[:_WORD]}", "order.shipment", data, at))
    if status == _RECEIVED and found:
        came = {"order_id": order_id, "status": "delivered"}
        found.append(cloudevent(source, f"{order_id}/delivered", "order.shipment", came, moment(updated)))
    return found


def facts_of(order: dict[str, Any], had: Collection[Step], source: str) -> list[CloudEvent]:
    """Return the facts of an order beyond the steps that were told of it; none of one that cannot be read."""
    seen = order_seen(order, source, had)
    return seen.events if seen is not None else []


def _is_paid(order: dict[str, Any], status: int | None) -> bool:
    """By the status where it is one that is known, else by the moment of the payment."""
    pay = inner(inner(order, "order_detail"), "pay_info")
    return status in _PAID or bool(whole(pay.get("pay_time"))) or bool(ident(pay.get("transaction_id")))


def _placed(order: dict[str, Any], order_id: str) -> dict[str, Any] | None:
    detail = inner(order, "order_detail")
    prices, about = inner(detail, "price_info"), inner(detail, "ext_info")
    total, freight = fen(prices.get("order_price")), _freight(prices)
    lines = _lines(detail)
    if total is None or not lines:
        return None
    freight = min(freight, total)
    lines, off = _at_sale_prices(detail, prices, lines, freight - total)
    data: dict[str, Any] = {
        "order_id": order_id,
        "buyer": {"id": ident(order.get("openid")) or f"order:{order_id}", "name": ""},
        "lines": lines,
        "total_fen": total,
    }
    if freight:
        data["freight_fen"] = freight
    if off > 0:
        coupon_id = ident(inner(detail, "coupon_info").get("user_coupon_id"))
        data["discounts"] = _discounts(prices, off, coupon_id)
    if (scene := whole(about.get("order_scene"))) is not None:
        data["scene"] = _SCENES.get(scene, str(scene))
    if live_id := ident(about.get("live_id")):
        data["live_id"] = live_id[:200]
    if province := ident(inner(inner(detail, "delivery_info"), "address_info").get("province_name")):
        data["province"] = province[:40]
    if method := whole(inner(detail, "pay_info").get("payment_method")):
        data["payment"] = _PAYMENTS.get(method, str(method))
    if order.get("is_present") is True or whole(order.get("status")) == _GIFT_WAITS:
        data["gift"] = True
    return data


def _freight(prices: dict[str, Any]) -> int:
    changed = fen(prices.get("change_freight")) if prices.get("is_change_freight") is True else None
    return changed if changed is not None else fen(prices.get("freight")) or 0


def _lines(detail: dict[str, Any]) -> list[dict[str, Any]]:
    """What was bought; empty when a line of it cannot be read: half an order is none."""
    found = []
    for row in rows(detail, "product_infos"):
        sku_id = ident(row.get("sku_id"))
        count, price = whole(row.get("sku_cnt")), fen(row.get("sale_price"))
        if not sku_id or count is None or not 0 < count <= 1_000_000 or price is None:
            return []
        found.append({"sku_id": sku_id, "quantity": count, "unit_price_fen": price})
    return found


def _at_sale_prices(
    detail: dict[str, Any], prices: dict[str, Any], lines: list[dict[str, Any]], beside: int
) -> tuple[list[dict[str, Any]], int]:
    """The lines at what their units cost in a 限时抢购, and what was taken off the order beyond that. Where
    the API says of a line what the sale took off, and its price still has that in it, the price gives
    way."""
    off = sum(line["unit_price_fen"] * line["quantity"] for line in lines) + beside
    named = sum(fen(prices.get(name)) or 0 for name, _ in _LAYERS)
    cheaper = []
    for line, row in zip(lines, rows(detail, "product_infos"), strict=True):
        sale = fen(row.get("limited_discount_discounted_price")) or 0
        each, rest = divmod(sale, line["quantity"])
        if not sale or rest or sale > off - named or each > line["unit_price_fen"]:
            cheaper.append(line)
            continue
        off -= sale
        cheaper.append({**line, "unit_price_fen": line["unit_price_fen"] - each})
    return cheaper, off


def _discounts(prices: dict[str, Any], off: int, coupon_id: str) -> list[dict[str, Any]]:
    """The layers that add up to ``off``. Where the named ones say more, some are part of the first."""
    found: list[dict[str, Any]] = []
    for name, kind in reversed(_LAYERS):
        amount = min(fen(prices.get(name)) or 0, off)
        if amount:
            off -= amount
            found.insert(0, {"kind": kind, "fen": amount})
            if kind == "shop_coupon" and coupon_id:
                found[0]["id"] = coupon_id
    if off:
        found.append({"kind": "other", "fen": off})
    return found
