"""A shop with something in it, for whoever needs one at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.worlds.wechat_shop.goods import Sku
from tests.worlds.wechat_shop.shop import Shop

LIVE: Final = "export/UzFfAgtgekIEAQAAAAAAt40WWe5njQAAAAstQy6ubaLX4KHWvLEZgBPE5KNoYRJdUeaEzNPgMJq4tEJ8QSCaA2N"
PICTURE: Final = "https://mmecimage.cn/p/wx37f38d59298839c3/HJE9eJaEc5bJk"
FIRST: Final = 10_000_017_524_246
PRODUCT: Final = str(FIRST)
SKU: Final = "764787449"
HOUR: Final = 3600


def shop_with_goods(now: Callable[[], float], products: int = 5, *, stock: int = 1000, skew: int = 0) -> Shop:
    """Products of two SKUs each, ¥59 and ¥79, ¥69 and ¥89 and so on; a live is on."""
    shop = Shop(now, skew=skew)
    for place in range(products):
        base = 5_900 + place * 1_000
        skus = [
            Sku(f"{764_787_449 + place * 2}", base, stock, (("颜色", "红"),), f"R{place:03d}"),
            Sku(f"{764_787_450 + place * 2}", base + 2_000, stock, (("颜色", "蓝"),), f"B{place:03d}"),
        ]
        shop.goods.offer(str(FIRST + place), f"真丝围巾 {place + 1} 号", skus, (PICTURE,))
    shop.lives.begin(LIVE)
    return shop


def task_body(shop: Shop, **changed: Any) -> dict[str, Any]:
    """A 限时抢购 of ¥39 for an hour, from now."""
    now = shop.clock.now()
    skus = [{"sku_id": SKU, "sale_price": 3_900, "sale_stock": 50}]
    body = {"product_id": PRODUCT, "start_time": now, "end_time": now + HOUR, "limited_discount_skus": skus}
    return {**body, **changed}


def coupon_body(shop: Shop, **changed: Any) -> dict[str, Any]:
    """¥10 off the first product, for an hour."""
    now = shop.clock.now()
    return {
        "type": 4,
        "name": "今晚专享",
        "discount_info": {"discount_condition": {"product_ids": [PRODUCT]}, "discount_fee": 1_000},
        "promote_info": {"promote_type": 1},
        "receive_info": {
            "start_time": now,
            "end_time": now + HOUR,
            "limit_num_one_person": 1,
            "total_num": 100,
        },
        "valid_info": {"valid_type": 1, "start_time": now, "end_time": now + 24 * HOUR},
        **changed,
    }
