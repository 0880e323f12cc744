"""What a person who connects a shop wants to know: what of it answers, each by itself. Nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final

from liveconsole.connectors.wechat_shop.api import ShopApi
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.connectors.wechat_shop.followed import AFTERSALE_LIST, ORDER_LIST
from liveconsole.messages.connection_acts import CheckedPart

PRODUCT_LIST: Final = "/channels/ec/product/list/get"
TASK_LIST: Final = "/channels/ec/product/limiteddiscounttask/list/get"
COUPON_LIST: Final = "/channels/ec/coupon/get_list"
_HOUR: Final = 3_600


async def check(api: ShopApi) -> list[CheckedPart]:
    """Return an answer for each; the token first, and where there is none nothing else is asked."""
    api.budget.forgive()
    first = await _answer("token", api.has_token())
    if not first.ok:
        return [first]
    now = int(api.clock().timestamp())
    orders = {"update_time_range": {"start_time": now - _HOUR, "end_time": now}, "page_size": 1}
    aftersales = {"begin_update_time": now - _HOUR, "end_update_time": now}
    asked = (
        ("orders", ORDER_LIST, orders),
        ("aftersales", AFTERSALE_LIST, aftersales),
        ("products", PRODUCT_LIST, {"page_size": 1}),
        ("sales", TASK_LIST, {"page_size": 1}),
        ("coupons", COUPON_LIST, {"page": 1, "page_size": 1}),
    )
    others = await asyncio.gather(*(_answer(name, api.call(path, body)) for name, path, body in asked))
    return [first, *others]


async def _answer(name: str, asked: Awaitable[object]) -> CheckedPart:
    try:
        await asked
    except ShopError as why:
        return CheckedPart(name, False, why.word, why.params)
    return CheckedPart(name, True)
