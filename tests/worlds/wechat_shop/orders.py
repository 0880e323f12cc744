"""The shop's orders: placed, paid, sent, closed; listed by ids only, and read one by one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.worlds.wechat_shop.clock import ShopClock
from tests.worlds.wechat_shop.coupons import Coupons
from tests.worlds.wechat_shop.discounts import Discounts
from tests.worlds.wechat_shop.goods import Goods, attributes_wire
from tests.worlds.wechat_shop.wire import (
    BAD_ARGUMENTS,
    Answerer,
    Body,
    Pages,
    Refused,
    Reply,
    ident,
    inner,
    whole,
)

UNPAID, PAID, SENT, DONE, CANCELLED, ALL_REFUNDED = 10, 20, 30, 100, 250, 200
IN_LIVE: Final = 2
NOT_TO_SEND: Final = 100_001
_WIDEST: Final = 7 * 86_400


@dataclass(slots=True)
class Line:
    product_id: str
    sku_id: str
    count: int
    price_fen: int
    task_id: str = "0"
    changed_fen: int | None = None
    """Of the whole line, where the shop made it cheaper."""
    in_aftersale: int = 0
    after_aftersale: int = 0


@dataclass(slots=True)
class Order:
    order_id: str
    openid: str
    created_at: int
    updated_at: int
    lines: list[Line]
    status: int = UNPAID
    discounted_fen: int = 0
    freight_fen: int = 0
    paid_at: int = 0
    payment_method: int = 1
    province: str = "广东"
    scene: int = IN_LIVE
    live_id: str = ""
    finder_id: str = ""
    user_coupon_id: str = ""
    merchant_notes: str = ""
    sent_at: int = 0
    waybills: list[tuple[str, str]] = field(default_factory=list)
    """(carrier's code, waybill) of every parcel, where the shop was told of them by its interface."""
    listed_at: int = 0
    """When lists begin to show its newest state."""
    aftersales: list[tuple[str, int]] = field(default_factory=list)
    refunded_fen: int = 0

    @property
    def goods_fen(self) -> int:
        return sum(
            line.price_fen * line.count if line.changed_fen is None else line.changed_fen
            for line in self.lines
        )

    @property
    def price_fen(self) -> int:
        return self.goods_fen - self.discounted_fen + self.freight_fen


def no_lag() -> int:
    return 0


class Orders:
    def __init__(self, clock: ShopClock, goods: Goods, discounts: Discounts, coupons: Coupons) -> None:
        self._clock = clock
        self.goods = goods
        self._discounts = discounts
        self._coupons = coupons
        self.orders: dict[str, Order] = {}
        self.live_id = ""
        """The live that new orders are of."""
        self.finder_id = "sph3FZbOEY46mAB"
        self.pages = Pages()
        self.lag: Callable[[], int] = no_lag
        """How many seconds after a change lists show it."""
        self.changed: Callable[[str, Order], None] = lambda what, order: None
        """Told of every change, with the name of its push."""
        self._by_update: list[tuple[int, str]] = []
        self._by_creation: list[tuple[int, str]] = []

    def endpoints(self) -> dict[str, Answerer]:
        base = "/channels/ec/order/"
        return {
            base + "list/get": self.list_get,
            base + "get": self.get,
            base + "merchantnotes/update": self.merchant_notes,
            base + "delivery/send": self.delivery_send,
            base + "price/update": self.price_update,
        }

    # -- what happens in the shop

    def place(
        self,
        openid: str,
        lines: Sequence[tuple[str, str, int]],
        *,
        prices_fen: Sequence[int] = (),
        discounted_fen: int = 0,
        freight_fen: int = 0,
        user_coupon_id: str = "",
        province: str = "广东",
        scene: int = IN_LIVE,
        order_id: str = "",
    ) -> Order:
        """``lines``: (product id, SKU id, units), at what they cost now or at ``prices_fen``."""
        self._discounts.settle()
        now = self._clock.now()
        order_id = order_id or str(3_705_115_058_471_208_928 + len(self.orders))
        taken = [self._line(order_id, *line) for line in lines]
        for line, price in zip(taken, prices_fen, strict=False):
            line.price_fen = price
        order = Order(order_id, openid, now, now, taken)
        order.discounted_fen, order.freight_fen = discounted_fen, freight_fen
        order.province, order.scene = province, scene
        if user_coupon_id:
            order.user_coupon_id = user_coupon_id
            order.discounted_fen += self._coupons.use(user_coupon_id, order_id, order.goods_fen)
        if scene == IN_LIVE:
            order.live_id, order.finder_id = self.live_id, self.finder_id
        self.orders[order_id] = order
        insort(self._by_creation, (now, order_id))
        self._touch(order, "order_new")
        return order

    def pay(self, order_id: str) -> Order:
        order = self._in(order_id, UNPAID)
        order.status, order.paid_at = PAID, self._clock.now()
        self._touch(order, "order_pay")
        return order

    def close(self, order_id: str) -> Order:
        """Cancelled by the buyer, or over its time, before it was paid."""
        order = self._in(order_id, UNPAID)
        order.status = CANCELLED
        self._give_back(order)
        self._touch(order, "order_cancel")
        return order

    def send(self, order_id: str) -> Order:
        order = self._in(order_id, PAID)
        order.status, order.sent_at = SENT, self._clock.now()
        self._touch(order, "order_deliver")
        return order

    def confirm(self, order_id: str) -> Order:
        order = self._in(order_id, SENT)
        order.status = DONE
        self._touch(order, "order_confirm")
        return order

    def turn(self, order_id: str, status: int) -> Order:
        """Any other status, also one that no document knows."""
        order = self.orders[order_id]
        order.status = status
        self._touch(order, "order_ext_info_update")
        return order

    def refunded(self, order_id: str, fen: int) -> None:
        """An after-sale gave money back. The order itself changes only when nothing of it is left."""
        order = self.orders[order_id]
        order.refunded_fen += fen
        if order.refunded_fen >= order.price_fen:
            order.status = ALL_REFUNDED
            self._give_back(order)
            self._touch(order, "order_cancel")

    # -- what is asked

    def list_get(self, body: Body) -> Reply:
        size = whole(body, "page_size", 1, 100)
        page, key = self.pages.page(body.get("next_key"), size, lambda: self._within(body))
        return {"order_id_list": page, "next_key": key, "has_more": key != ""}

    def get(self, body: Body) -> Reply:
        order = self.orders.get(ident(body, "order_id"))
        if order is None:
            raise Refused(BAD_ARGUMENTS, "order not exist")
        return {"order": self.wire(order)}

    def merchant_notes(self, body: Body) -> Reply:
        order = self.orders.get(ident(body, "order_id"))
        if order is None:
            raise Refused(BAD_ARGUMENTS, "order not exist")
        order.merchant_notes = str(body.get("merchant_notes", ""))
        self._touch(order, "order_ext_info_update")
        return {}

    def delivery_send(self, body: Body) -> Reply:
        order = self.orders.get(ident(body, "order_id"))
        parcels = body.get("delivery_list")
        if order is None or not isinstance(parcels, list) or not parcels:
            raise Refused(BAD_ARGUMENTS, "order not exist")
        if order.status != PAID:
            raise Refused(NOT_TO_SEND, "order status not allowed")
        had = {(line.product_id, line.sku_id): line.count for line in order.lines}
        for parcel in parcels:
            if not parcel.get("waybill_id") or not parcel.get("delivery_id"):
                raise Refused(BAD_ARGUMENTS, "waybill_id empty")
            for one in parcel.get("product_infos") or ():
                place = (str(one["product_id"]), str(one["sku_id"]))
                if int(one["product_cnt"]) > had.get(place, 0):
                    raise Refused(BAD_ARGUMENTS, "product_cnt error")
        order.waybills += [(str(one["delivery_id"]), str(one["waybill_id"])) for one in parcels]
        self.send(order.order_id)
        return {}

    def price_update(self, body: Body) -> Reply:
        order = self.orders.get(ident(body, "order_id"))
        if order is None:
            raise Refused(BAD_ARGUMENTS, "order not exist")
        if order.status != UNPAID:
            raise Refused(NOT_TO_SEND, "order status not allowed")
        for one in body.get("change_order_infos") or ():
            lines = [line for line in order.lines if line.sku_id == str(one["sku_id"])]
            fen = int(one["change_price"])
            if not lines or lines[0].product_id != str(one["product_id"]):
                raise Refused(BAD_ARGUMENTS, "sku not exist")
            if fen >= lines[0].price_fen * lines[0].count:
                raise Refused(BAD_ARGUMENTS, "price can only go down")
            lines[0].changed_fen = fen
        self._touch(order, "order_ext_info_update")
        return {}

    def _within(self, body: Body) -> list[str]:
        by = "update_time_range" if "update_time_range" in body else "create_time_range"
        limits = inner(body, by)
        start = whole(limits, "start_time", 0, 2**40)
        end = whole(limits, "end_time", start, start + _WIDEST)
        status = whole(body, "status", 0, 1000) if "status" in body else None
        openid = body.get("openid")
        index = self._by_update if by == "update_time_range" else self._by_creation
        low, high = bisect_left(index, (start, "")), bisect_right(index, (end, "~"))
        now = self._clock.now()
        found = []
        for at, order_id in index[low:high]:
            order = self.orders[order_id]
            stands = at == (order.updated_at if by == "update_time_range" else order.created_at)
            if (
                stands
                and order.listed_at <= now
                and status in (None, order.status)
                and openid in (None, order.openid)
            ):
                found.append(order_id)
        return list(dict.fromkeys(found))

    def _in(self, order_id: str, status: int) -> Order:
        order = self.orders[order_id]
        if order.status != status:
            raise ValueError(f"the order {order_id} is in {order.status}, not in {status}")
        return order

    def _line(self, order_id: str, product_id: str, sku_id: str, count: int) -> Line:
        task = self._discounts.running(product_id, sku_id)
        if task is not None and task.skus[sku_id].sold + count <= task.skus[sku_id].granted:
            task.skus[sku_id].sold += count
            self.goods.move(product_id, sku_id, -count, 4, order_id, task.task_id)
            return Line(product_id, sku_id, count, task.skus[sku_id].price_fen, task.task_id)
        self.goods.move(product_id, sku_id, -count, 4, order_id)
        return Line(product_id, sku_id, count, self.goods.products[product_id].skus[sku_id].price_fen)

    def _give_back(self, order: Order) -> None:
        for line in order.lines:
            task = self._discounts.tasks.get(line.task_id)
            open_ = task is not None and not task.let_go
            if task is not None and open_:
                task.skus[line.sku_id].sold -= line.count
            self.goods.move(
                line.product_id, line.sku_id, line.count, 5, order.order_id, line.task_id if open_ else "0"
            )

    def _touch(self, order: Order, what: str) -> None:
        order.updated_at = self._clock.now()
        order.listed_at = order.updated_at + self.lag()
        insort(self._by_update, (order.updated_at, order.order_id))
        self.changed(what, order)

    # -- on the wire

    def wire(self, order: Order) -> dict[str, Any]:
        detail = {
            "product_infos": [self._line_wire(line) for line in order.lines],
            "pay_info": _pay_wire(order),
            "price_info": {
                "product_price": order.goods_fen,
                "order_price": order.price_fen,
                "freight": order.freight_fen,
                "discounted_price": order.discounted_fen,
                "is_discounted": order.discounted_fen > 0,
                "merchant_receieve_price": order.price_fen,
            },
            "delivery_info": _delivery_wire(order),
            "coupon_info": {"user_coupon_id": order.user_coupon_id},
            "ext_info": {
                "customer_notes": "",
                "merchant_notes": order.merchant_notes,
                "finder_id": order.finder_id,
                "live_id": order.live_id,
                "order_scene": order.scene,
            },
            "sharer_info": {},
            "settle_info": {"commission_fee": 0, "predict_commission_fee": 0},
            "sku_sharer_infos": [],
        }
        return {
            "order_id": order.order_id,
            "status": order.status,
            "create_time": order.created_at,
            "update_time": order.updated_at,
            "order_detail": detail,
            "aftersale_detail": {
                "aftersale_order_list": [
                    {"aftersale_order_id": one, "status": status} for one, status in order.aftersales
                ],
                "on_aftersale_order_cnt": sum(line.in_aftersale > 0 for line in order.lines),
            },
            "openid": order.openid,
        }

    def _line_wire(self, line: Line) -> dict[str, Any]:
        product = self.goods.products[line.product_id]
        sku = product.skus[line.sku_id]
        return {
            "product_id": line.product_id,
            "sku_id": line.sku_id,
            "sku_cnt": line.count,
            "on_aftersale_sku_cnt": line.in_aftersale,
            "finish_aftersale_sku_cnt": line.after_aftersale,
            "title": product.title,
            "thumb_img": product.pictures[0] if product.pictures else "",
            "sale_price": line.price_fen,
            **(
                {}
                if line.changed_fen is None
                else {"is_change_price": True, "change_price": line.changed_fen}
            ),
            "market_price": sku.price_fen,
            "sku_attrs": attributes_wire(sku.attributes),
            "sku_code": sku.code,
        }


def _pay_wire(order: Order) -> dict[str, Any]:
    if not order.paid_at:
        return {"payment_method": order.payment_method}
    return {
        "prepay_id": f"42{order.order_id}",
        "transaction_id": f"13{order.order_id}",
        "prepay_time": order.created_at,
        "pay_time": order.paid_at,
        "payment_method": order.payment_method,
    }


def _delivery_wire(order: Order) -> dict[str, Any]:
    sent = [
        {
            "waybill_id": waybill,
            "delivery_id": carrier,
            "delivery_time": order.sent_at,
            "deliver_type": 1,
            "product_infos": [
                {"product_id": line.product_id, "sku_id": line.sku_id, "product_cnt": line.count}
                for line in order.lines
            ],
        }
        for carrier, waybill in order.waybills or [("STO", f"13{order.order_id}")]
    ]
    return {
        "address_info": {
            "user_name": "陈**",
            "postal_code": "",
            "province_name": order.province,
            "city_name": "",
            "county_name": "",
            "detail_info": "***",
            "tel_number": "***",
        },
        "delivery_product_info": sent if order.sent_at else [],
        "ship_done_time": order.sent_at,
        "deliver_method": 0,
    }
