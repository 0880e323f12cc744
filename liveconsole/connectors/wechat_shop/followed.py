"""The two lists of a shop that are followed: its orders and its after-sales."""

from __future__ import annotations

from typing import Any, Final

from liveconsole.connectors.wechat_shop.aftersales import aftersale_seen
from liveconsole.connectors.wechat_shop.api import ShopApi
from liveconsole.connectors.wechat_shop.orders import OrderSeen, Step, order_seen
from liveconsole.connectors.wechat_shop.poller import Reading
from liveconsole.connectors.wechat_shop.sweep import ListWindow
from liveconsole.connectors.wechat_shop.wire import inner

ORDER_LIST: Final = "/channels/ec/order/list/get"
ORDER_GET: Final = "/channels/ec/order/get"
AFTERSALE_LIST: Final = "/channels/ec/aftersale/getaftersalelist"
AFTERSALE_GET: Final = "/channels/ec/aftersale/getaftersaleorder"
_DAY: Final = 86_400
_PAGE: Final = 100
_STEPS: Final[tuple[Step, ...]] = ("placed", "paid", "closed")


class FollowedOrders:
    """``since``: an order that was placed before, by the shop's clock, is of another time, whatever
    changes it now: it tells nothing."""

    list_path = ORDER_LIST
    widest = 7 * _DAY

    def __init__(self, source: str, since: int) -> None:
        self._source, self._since = source, since

    def list_body(self, window: ListWindow) -> dict[str, Any]:
        between = {"start_time": window.start, "end_time": window.end}
        return {"update_time_range": between, "page_size": _PAGE}

    def ids(self, reply: dict[str, Any]) -> list[Any]:
        return _list(reply, "order_id_list")

    async def read(self, api: ShopApi, id_: str, told: list[str]) -> Reading | None:
        seen = await self.seen(api, id_, told)
        if seen is None:
            return None
        if seen.created < self._since:
            return Reading(seen.updated, [], closed=True, events=[])
        return Reading(seen.updated, list(seen.steps), seen.closed, seen.events)

    async def seen(self, api: ShopApi, id_: str, told: list[str]) -> OrderSeen | None:
        """Ask for one order."""
        reply = await api.read(ORDER_GET, {"order_id": id_})
        return order_seen(inner(reply, "order"), self._source, [step for step in _STEPS if step in told])


class FollowedAftersales:
    """An after-sale is told with the order that it is of, lest a refund be of an order that nobody knows."""

    list_path = AFTERSALE_LIST
    widest = _DAY

    def __init__(self, source: str, since: int) -> None:
        self._source, self._since = source, since
        self._orders = FollowedOrders(source, since)

    def list_body(self, window: ListWindow) -> dict[str, Any]:
        return {"begin_update_time": window.start, "end_update_time": window.end}

    def ids(self, reply: dict[str, Any]) -> list[Any]:
        return _list(reply, "after_sale_order_id_list")

    async def read(self, api: ShopApi, id_: str, told: list[str]) -> Reading | None:
        reply = await api.read(AFTERSALE_GET, {"after_sale_order_id": id_})
        seen = aftersale_seen(inner(reply, "after_sale_order"), self._source)
        if seen is None:
            return None
        order = await self._orders.seen(api, seen.order_id, told)
        if order is None:
            return None
        if order.created < self._since:
            return Reading(seen.updated, [], closed=True, events=[])
        events = [*order.events, *seen.events]
        return Reading(seen.updated, list(order.steps), seen.closed, events)


def _list(reply: dict[str, Any], name: str) -> list[Any]:
    found = reply.get(name)
    return found if isinstance(found, list) else []
