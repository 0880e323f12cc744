"""A 微信小店 as its documents describe it: pure, on a clock given from outside, asked by path and body.

Where a document names no code for a wrong argument, 10020051 (参数有误) is said. What is not documented and
had to be decided: a list stands still while it is paged through; an order's update time moves when its
status or its notes do, and with an after-sale only when nothing of the order is left; while a 限时抢购 runs a
line's ``sale_price`` is the task's, ``market_price`` the SKU's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tests.worlds.wechat_shop.aftersales import Aftersale, Aftersales
from tests.worlds.wechat_shop.clock import ShopClock
from tests.worlds.wechat_shop.coupons import Coupons
from tests.worlds.wechat_shop.discounts import Discounts
from tests.worlds.wechat_shop.goods import Goods
from tests.worlds.wechat_shop.live import Lives
from tests.worlds.wechat_shop.orders import Order, Orders
from tests.worlds.wechat_shop.tokens import Account, Tokens
from tests.worlds.wechat_shop.wire import Answerer, Refused, Reply

SHOP: Final = Account("wx0000000000000001", "shop-secret", "shop")
ASSISTANT: Final = Account("wx0000000000000002", "assistant-secret", "assistant")
TOKEN_PATH: Final = "/cgi-bin/stable_token"
CHANGES: Final = frozenset(
    f"/channels/ec/{path}"
    for path in (
        "aftersale/acceptapply",
        "aftersale/rejectapply",
        "coupon/create",
        "coupon/update",
        "coupon/update_status",
        "order/delivery/send",
        "order/merchantnotes/update",
        "order/price/update",
        "product/auditfree",
        "product/delisting",
        "product/limiteddiscounttask/add",
        "product/limiteddiscounttask/delete",
        "product/limiteddiscounttask/stop",
        "product/limiteddiscounttask/update",
        "product/listing",
        "product/stock/update",
    )
)
"""What changes something. All others that there are only tell; what moves money is not there at all."""
_QUOTA_GET: Final = "/cgi-bin/openapi/quota/get"
_QUOTA_CLEAR: Final = "/cgi-bin/openapi/quota/clear"


class Shop:
    def __init__(self, now: Callable[[], float], *, skew: int = 0) -> None:
        self.clock = ShopClock(now, skew)
        self.tokens = Tokens(self.clock, {one.appid: one for one in (SHOP, ASSISTANT)})
        self.goods = Goods(self.clock)
        self.discounts = Discounts(self.clock, self.goods)
        self.coupons = Coupons(self.clock, self.goods)
        self.orders = Orders(self.clock, self.goods, self.discounts, self.coupons)
        self.aftersales = Aftersales(self.clock, self.orders)
        self.lives = Lives(self.clock, self.orders)
        self.push: Callable[[dict[str, Any]], None] = lambda envelope: None
        """Told of every callback that the shop would send, in clear."""
        self.orders.changed = self._order_changed
        self.aftersales.changed = self._aftersale_changed
        of_shop = (self.goods, self.discounts, self.coupons, self.orders, self.aftersales)
        self._endpoints: dict[str, tuple[str, Answerer]] = {
            **{path: ("shop", answer) for part in of_shop for path, answer in part.endpoints().items()},
            **{path: ("assistant", answer) for path, answer in self.lives.endpoints().items()},
        }
        self.refuses: dict[str, tuple[int, str]] = {}
        """What calls whose path begins so are refused with until somebody mends it: a shop that is closed
        (10080001), a path that is banned (48004), a switch that is off (48001)."""
        self._calls = 0

    def answer(self, path: str, token: str, raw: bytes, address: str = "127.0.0.1") -> Reply:
        """What is said to a call; also what is refused."""
        self.clock.catch_up()
        try:
            said = self._answer(path, token, raw, address)
        except Refused as why:
            return self.refusal(why.code, why.message)
        if path == TOKEN_PATH:
            return said
        return {"errcode": 0, "errmsg": "ok", **said}

    def paths(self) -> list[str]:
        """All that may be asked of a shop or its 视频号助手."""
        return [*self._endpoints]

    def refusal(self, code: int, message: str) -> Reply:
        self._calls += 1
        return {"errcode": code, "errmsg": f"{message} rid: {self._calls:08x}-00000000-00000000"}

    def _answer(self, path: str, token: str, raw: bytes, address: str) -> Reply:
        self.tokens.admit(address)
        if path not in self._endpoints and path not in (TOKEN_PATH, _QUOTA_GET, _QUOTA_CLEAR):
            raise Refused(40066, "invalid url")
        if not raw:
            raise Refused(44002, "empty post data")
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(47001, "data format error")
        if path == TOKEN_PATH:
            return self.tokens.stable_token(body)
        caller = self.tokens.owner(token)
        if path == _QUOTA_GET:
            return self.tokens.quota_get(caller, body, body.get("cgi_path") in self._endpoints)
        if path == _QUOTA_CLEAR:
            return self.tokens.quota_clear(caller, body)
        owner, answer = self._endpoints[path]
        if owner != caller:
            raise Refused(48001, "api unauthorized")
        for begins, why in self.refuses.items():
            if path.startswith(begins):
                raise Refused(*why)
        self.tokens.count(caller, path)
        return answer(body)

    # -- what is pushed

    def _order_changed(self, what: str, order: Order) -> None:
        # Some callbacks quote the id and others do not; so do the documented ones.
        quoted = what in ("order_pay", "order_cancel", "order_confirm")
        info: dict[str, Any] = {"order_id": order.order_id if quoted else int(order.order_id)}
        if what == "order_pay":
            info["pay_time"] = str(order.paid_at)
        elif what == "order_cancel":
            info["cancel_type"] = "3" if order.refunded_fen else "2"
        elif what == "order_confirm":
            info["confirm_type"] = "1"
        elif what == "order_deliver":
            info["finish_delivery"] = 1
        elif what == "order_ext_info_update":
            info["type"] = 1
        self._push(f"channels_ec_{what}", order.openid, {"order_info": info})

    def _aftersale_changed(self, one: Aftersale) -> None:
        body = {
            "status": one.status,
            "after_sale_order_id": one.aftersale_id,
            "order_id": one.order.order_id,
            "wxa_vip_discounted_price": 0,
        }
        name = "finder_shop_aftersale_status_update"
        self._push("channels_ec_aftersale_update", one.order.openid, {name: body})

    def _push(self, event: str, openid: str, body: dict[str, Any]) -> None:
        head = {"ToUserName": "gh_000000000001", "FromUserName": openid, "CreateTime": self.clock.now()}
        self.push({**head, "MsgType": "event", "Event": event, **body})
