"""What a person asked of the shop after the order, done by its interface, each once, and read back.

The interface has no idempotency key. Each thing is known by what it leaves in the shop: the status of an
after-sale, a waybill, a note, a price. So the shop is read before anything is sent, and nothing is done for
certain that was not read there; what nobody answered is looked for, never sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Literal

from liveconsole.connectors.wechat_shop.asking import ShopCalls, Sleep, once, pauses, read
from liveconsole.connectors.wechat_shop.effects import SETTLED_AFTER
from liveconsole.connectors.wechat_shop.errors import ShopError
from liveconsole.connectors.wechat_shop.followed import AFTERSALE_GET, ORDER_GET
from liveconsole.connectors.wechat_shop.wire import fen, ident, inner, rows, whole
from liveconsole.domain.shop_asks import AskEffect
from liveconsole.engine.dispatch import PlatformSaid
from liveconsole.messages.after_order import ShopAsked
from liveconsole.messages.reasons import reason_of

ACCEPT: Final = "/channels/ec/aftersale/acceptapply"
REJECT: Final = "/channels/ec/aftersale/rejectapply"
SEND: Final = "/channels/ec/order/delivery/send"
REMARK: Final = "/channels/ec/order/merchantnotes/update"
PRICE: Final = "/channels/ec/order/price/update"

_OPEN: Final = "MERCHANT_PROCESSING"
_NO: Final = frozenset({"MERCHANT_REJECT_REFUND", "MERCHANT_REJECT_RETURN"})
_WITHDRAWN: Final = frozenset({"USER_CANCELD", "RETURN_CLOSED"})
_BY_WAYBILL: Final = 1

Stands = Literal["done", "other", "absent"]
"""How the shop has it: as it was asked for; otherwise, and for good; as before."""


class ShopAsks:
    """`liveconsole.engine.dispatch.EffectProgram` of what is asked after the order.

    ``code_of``: a carrier's code in the shop, by whatever a person calls it.
    """

    def __init__(
        self,
        shop: ShopCalls,
        now: Callable[[], datetime],
        code_of: Callable[[str], str] = str,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._shop = shop
        self._now = now
        self._code_of = code_of
        self._sleep = sleep
        self._born = now()
        self._sent: dict[str, datetime] = {}

    async def ask(self, effect: AskEffect) -> PlatformSaid:
        """Carry it out, at most once, and see it in the shop."""
        asked = effect.asked_for
        try:
            stands, detail = await self._look(asked)
        except ShopError as why:
            return _refused(why)  # nothing was sent
        if stands != "absent" or effect.key in self._sent:
            return self._said(effect, stands)
        path, body = self._call(asked, detail)
        self._sent[effect.key] = self._now()
        try:
            await once(self._shop, path, body)
        except ShopError as why:
            if not why.unsure:
                return _refused(why)
            return PlatformSaid("unknown", reason_of("shop", why.word, why.params))
        finally:
            self._sent[effect.key] = self._now()
            self._forget()
        return await self._seen(effect)

    async def _seen(self, effect: AskEffect) -> PlatformSaid:
        """Look for it until the shop shows it; it was taken, so it is not sent again in any case."""
        for wait in pauses():
            await self._sleep(wait)
            try:
                stands = await self._stands(effect.asked_for)
            except ShopError:
                continue
            if stands == "done":
                return PlatformSaid("done")
        return PlatformSaid("unknown", reason_of("shop", "ask_not_seen"))

    async def query(self, effect: AskEffect) -> PlatformSaid:
        """Tell what became of it."""
        try:
            return self._said(effect, await self._stands(effect.asked_for))
        except ShopError as why:
            return PlatformSaid("unknown", reason_of("shop", why.word, why.params))

    def _said(self, effect: AskEffect, stands: Stands) -> PlatformSaid:
        if stands == "done":
            return PlatformSaid("done")
        if stands == "other":
            return PlatformSaid("refused", reason_of("shop", "ask_overtaken"))
        sent = self._sent.get(effect.key, self._born)
        if self._now() - max(sent, effect.since) >= SETTLED_AFTER:
            return PlatformSaid("refused", reason_of("shop", "ask_lost"))
        return PlatformSaid("unknown", reason_of("shop", "ask_not_seen"))

    async def _stands(self, asked: ShopAsked) -> Stands:
        return (await self._look(asked))[0]

    async def _look(self, asked: ShopAsked) -> tuple[Stands, dict[str, Any]]:
        """How the shop has it; of what is asked about an order the order's details, too."""
        if asked.act in ("accept", "reject"):
            reply = await read(
                self._shop, AFTERSALE_GET, {"after_sale_order_id": asked.aftersale_id}, self._sleep
            )
            return _decided(ident(inner(reply, "after_sale_order").get("status")), asked.act), {}
        reply = await read(self._shop, ORDER_GET, {"order_id": asked.order_id}, self._sleep)
        detail = inner(inner(reply, "order"), "order_detail")
        return ("done" if _is_done(asked, detail) else "absent"), detail

    def _call(self, asked: ShopAsked, detail: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        match asked.act:
            case "accept":
                address = {"address_id": asked.address_id} if asked.address_id else {}
                return ACCEPT, {"after_sale_order_id": asked.aftersale_id, **address}
            case "reject":
                return REJECT, {"after_sale_order_id": asked.aftersale_id, "reject_reason": asked.reason}
            case "ship":
                return SEND, {"order_id": asked.order_id, "delivery_list": [self._parcel(asked, detail)]}
            case "remark":
                return REMARK, {"order_id": asked.order_id, "merchant_notes": asked.text}
            case "price":
                products = asked.products | _products(detail)
                changed = [
                    {
                        "product_id": products.get(line.sku_id, ""),
                        "sku_id": line.sku_id,
                        "change_price": line.fen,
                    }
                    for line in asked.lines
                ]
                return PRICE, {
                    "order_id": asked.order_id,
                    "change_express": False,
                    "change_order_infos": changed,
                }
            case _:
                raise AssertionError(f"no interface of the shop does {asked.act}")

    def _parcel(self, asked: ShopAsked, detail: dict[str, Any]) -> dict[str, Any]:
        """What is in it: the lines that were named, else all that the shop's own order has."""
        there = {
            ident(row.get("sku_id")): whole(row.get("sku_cnt")) or 0
            for row in rows(detail, "product_infos")
            if ident(row.get("sku_id"))
        }
        products = asked.products | _products(detail)
        units = {line.sku_id: line.quantity for line in asked.lines} or there or asked.units
        return {
            "delivery_id": self._code_of(asked.carrier),
            "waybill_id": asked.waybill,
            "deliver_type": _BY_WAYBILL,
            "product_infos": [
                {"product_cnt": count, "product_id": products.get(sku_id, ""), "sku_id": sku_id}
                for sku_id, count in units.items()
            ],
        }

    def _forget(self) -> None:
        """Keep those that may still be on their way."""
        since = self._now() - SETTLED_AFTER
        for key in [key for key, sent in self._sent.items() if sent < since]:
            del self._sent[key]


def _refused(why: ShopError) -> PlatformSaid:
    return PlatformSaid("refused", reason_of("shop", why.word, why.params))


def _decided(status: str, act: str) -> Stands:
    if status == _OPEN or not status:
        return "absent"
    if (status in _NO) == (act == "reject") and status not in _WITHDRAWN:
        return "done"
    return "other"


def _is_done(asked: ShopAsked, detail: dict[str, Any]) -> bool:
    if asked.act == "ship":
        sent = rows(inner(detail, "delivery_info"), "delivery_product_info")
        return any(ident(row.get("waybill_id")) == asked.waybill for row in sent)
    if asked.act == "remark":
        return inner(detail, "ext_info").get("merchant_notes") == asked.text
    return _has_price(detail, asked)


def _products(detail: dict[str, Any]) -> dict[str, str]:
    """SKU id → product id, as the shop's own order has them: the room need not have the goods."""
    found = {ident(row.get("sku_id")): ident(row.get("product_id")) for row in rows(detail, "product_infos")}
    return {sku_id: product_id for sku_id, product_id in found.items() if sku_id and product_id}


def _has_price(detail: dict[str, Any], asked: ShopAsked) -> bool:
    """The line costs what was asked for: the shop shows a changed price for the whole line."""
    wanted = {line.sku_id: line.fen for line in asked.lines}
    there: dict[str, int | None] = {}
    for row in rows(detail, "product_infos"):
        if (sku_id := ident(row.get("sku_id"))) in wanted:
            there[sku_id] = fen(row.get("change_price")) if row.get("is_change_price") is True else None
    return all(there.get(sku_id) == price for sku_id, price in wanted.items())
