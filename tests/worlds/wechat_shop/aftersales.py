"""After-sales: opened by buyers, settled by money given back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.worlds.wechat_shop.clock import ShopClock
from tests.worlds.wechat_shop.orders import Order, Orders, no_lag
from tests.worlds.wechat_shop.wire import Answerer, Body, Pages, Refused, Reply, ident, whole

_NO_AFTERSALE: Final = 10020003
_BAD_RANGE: Final = 10020004
_WIDEST: Final = 24 * 3600
_PAGE: Final = 50

OPENED: Final = "MERCHANT_PROCESSING"
GIVEN_BACK: Final = "MERCHANT_REFUND_SUCCESS"
GIVEN_BACK_RETURN: Final = "MERCHANT_RETURN_SUCCESS"
WITHDRAWN: Final = "USER_CANCELD"
WAITS_FOR_GOODS: Final = "USER_WAIT_RETURN"
SAID_NO: Final = "MERCHANT_REJECT_REFUND"
SAID_NO_RETURN: Final = "MERCHANT_REJECT_RETURN"


@dataclass(slots=True)
class Aftersale:
    aftersale_id: str
    order: Order
    line: int
    count: int
    fen: int
    created_at: int
    updated_at: int
    type: str = "REFUND"
    reason: str = "NO_LONGER_WANT"
    status: str = OPENED
    listed_at: int = 0


class Aftersales:
    def __init__(self, clock: ShopClock, orders: Orders) -> None:
        self._clock = clock
        self._orders = orders
        self.aftersales: dict[str, Aftersale] = {}
        self.pages = Pages()
        self.lag: Callable[[], int] = no_lag
        self.changed: Callable[[Aftersale], None] = lambda aftersale: None
        self._by_update: list[tuple[int, str]] = []

    def endpoints(self) -> dict[str, Answerer]:
        base = "/channels/ec/aftersale/"
        return {
            base + "getaftersalelist": self.list_get,
            base + "getaftersaleorder": self.get,
            base + "acceptapply": self.accept,
            base + "rejectapply": self.reject,
        }

    # -- what happens in the shop

    def open(
        self, order_id: str, fen: int, *, line: int = 0, count: int = 1, type_: str = "REFUND"
    ) -> Aftersale:
        order, now = self._orders.orders[order_id], self._clock.now()
        one = Aftersale(
            str(2_000_000_000_000_000 + len(self.aftersales)), order, line, count, fen, now, now, type_
        )
        self.aftersales[one.aftersale_id] = one
        order.aftersales.append((one.aftersale_id, 2))
        order.lines[line].in_aftersale += count
        self._touch(one)
        return one

    def give_back(self, aftersale_id: str) -> Aftersale:
        """The money is with the buyer."""
        one = self.aftersales[aftersale_id]
        one.status = GIVEN_BACK if one.type == "REFUND" else GIVEN_BACK_RETURN
        self._settle(one, 13)
        self._orders.refunded(one.order.order_id, one.fen)
        return one

    def withdraw(self, aftersale_id: str) -> Aftersale:
        one = self.aftersales[aftersale_id]
        one.status = WITHDRAWN
        self._settle(one, 1)
        return one

    def turn(self, aftersale_id: str, status: str) -> Aftersale:
        """Any other status, also one that no document knows."""
        one = self.aftersales[aftersale_id]
        one.status = status
        self._touch(one)
        return one

    def _settle(self, one: Aftersale, status: int) -> None:
        line = one.order.lines[one.line]
        line.in_aftersale -= one.count
        line.after_aftersale += one.count
        one.order.aftersales = [
            (id_, status if id_ == one.aftersale_id else had) for id_, had in one.order.aftersales
        ]
        self._touch(one)

    def _touch(self, one: Aftersale) -> None:
        one.updated_at = self._clock.now()
        one.listed_at = one.updated_at + self.lag()
        insort(self._by_update, (one.updated_at, one.aftersale_id))
        self.changed(one)

    # -- what is asked

    def accept(self, body: Body) -> Reply:
        """A refund is paid at once, a return waits for the goods."""
        one = self._opened(body)
        if one.type == "REFUND":
            self.give_back(one.aftersale_id)
        else:
            self.turn(one.aftersale_id, WAITS_FOR_GOODS)
        return {}

    def reject(self, body: Body) -> Reply:
        one = self._opened(body)
        if not body.get("reject_reason"):
            raise Refused(_NO_AFTERSALE, "reject_reason empty")
        self.turn(one.aftersale_id, SAID_NO if one.type == "REFUND" else SAID_NO_RETURN)
        return {}

    def _opened(self, body: Body) -> Aftersale:
        one = self.aftersales.get(ident(body, "after_sale_order_id"))
        if one is None or one.status != OPENED:
            raise Refused(_NO_AFTERSALE, "aftersale status not allowed")
        return one

    def list_get(self, body: Body) -> Reply:
        page, key = self.pages.page(body.get("next_key"), _PAGE, lambda: self._within(body))
        return {"after_sale_order_id_list": page, "has_more": key != "", "next_key": key}

    def _within(self, body: Body) -> list[str]:
        by = "update" if "begin_update_time" in body else "create"
        try:
            start = whole(body, f"begin_{by}_time", 0, 2**40)
            end = whole(body, f"end_{by}_time", start, start + _WIDEST)
        except Refused as why:
            raise Refused(_BAD_RANGE, why.message) from why
        now = self._clock.now()
        # Opened, and so first touched, when it was created: one index finds both.
        low = bisect_left(self._by_update, (start, ""))
        high = bisect_right(self._by_update, (end, "~"))
        found = []
        for at, aftersale_id in self._by_update[low:high]:
            one = self.aftersales[aftersale_id]
            if at == (one.updated_at if by == "update" else one.created_at) and one.listed_at <= now:
                found.append(aftersale_id)
        return list(dict.fromkeys(found))

    def get(self, body: Body) -> Reply:
        one = self.aftersales.get(ident(body, "after_sale_order_id", _NO_AFTERSALE))
        if one is None:
            raise Refused(_NO_AFTERSALE, "after sale order not exist")
        return {"after_sale_order": aftersale_wire(one)}


def aftersale_wire(one: Aftersale) -> dict[str, Any]:
    line = one.order.lines[one.line]
    return {
        "after_sale_order_id": one.aftersale_id,
        "status": one.status,
        "openid": one.order.openid,
        "order_id": one.order.order_id,
        "product_info": {
            "product_id": line.product_id,
            "sku_id": line.sku_id,
            "count": one.count,
            "voucher_list": [],
            "gift_product_list": [],
        },
        "details": {
            "desc": "",
            "receive_product": False,
            "cancel_time": 0,
            "media_id_list": [],
            "tel_number": "",
            "wxa_vip_discounted_price": 0,
        },
        "refund_info": {"amount": one.fen, "refund_reason": 1},
        "return_info": {"waybill_id": "", "delivery_id": "", "delivery_name": ""},
        "merchant_upload_info": {"reject_reason": "", "refund_certificates": []},
        "create_time": one.created_at,
        "update_time": one.updated_at,
        "reason": one.reason,
        "refund_resp": {"code": "", "ret": 0, "message": ""},
        "type": one.type,
        "gen_scene": 0,
    }
