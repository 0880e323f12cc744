"""How a test asks a shop, and a clock that stands where it is put."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.worlds.wechat_shop.made_up import PRODUCT, SKU, coupon_body, task_body
from tests.worlds.wechat_shop.shop import ASSISTANT, SHOP, TOKEN_PATH, Shop


@dataclass(slots=True)
class HandClock:
    """Unix seconds that move when they are told to."""

    at: float = 1_720_000_000.0

    def __call__(self) -> float:
        return self.at

    def go(self, seconds: float) -> None:
        self.at += seconds


class Asker:
    """Asks a shop without a network, with tokens of both accounts."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.tokens = {
            account.owner: self.token(account.appid, account.secret) for account in (SHOP, ASSISTANT)
        }

    def token(self, appid: str, secret: str, forced: bool = False) -> str:
        asked = {"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": forced}
        said = self._shop.answer(TOKEN_PATH, "", json.dumps(asked).encode())
        return str(said.get("access_token", said.get("errcode")))

    def __call__(self, path: str, body: dict[str, Any], owner: str = "shop") -> dict[str, Any]:
        full = path if path.startswith("/") else f"/channels/ec/{path}"
        return self._shop.answer(full, self.tokens[owner], json.dumps(body).encode())

    def code(self, path: str, body: dict[str, Any], owner: str = "shop") -> Any:
        return self(path, body, owner)["errcode"]


def evening(shop: Shop, ask: Asker, clock: HandClock) -> dict[str, str]:
    """One thing of every sort."""
    ask("product/limiteddiscounttask/add", task_body(shop))
    coupon_id = ask("coupon/create", coupon_body(shop))["data"]["coupon_id"]
    ask("coupon/update_status", {"coupon_id": coupon_id, "status": 2})
    taken = shop.coupons.receive(coupon_id, "oBuyer")
    assert taken is not None
    order = shop.orders.place(
        "oBuyer", [(PRODUCT, SKU, 2)], user_coupon_id=taken.user_coupon_id, freight_fen=500
    )
    clock.go(10)
    shop.orders.pay(order.order_id)
    shop.orders.send(order.order_id)
    aftersale = shop.aftersales.open(order.order_id, 100)
    return {
        "order_id": order.order_id,
        "coupon_id": coupon_id,
        "user_coupon_id": taken.user_coupon_id,
        "after_sale_order_id": aftersale.aftersale_id,
        "product_id": PRODUCT,
        "sku_id": SKU,
    }
