"""One after-sale of the shop → the facts of it. Pure. Its statuses and reasons are open lists: one that is
not known is told as it was sent."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.connectors.wechat_shop.wire import fen, ident, inner, moment, whole

_REFUNDED: Final = frozenset({"MERCHANT_REFUND_SUCCESS", "MERCHANT_RETURN_SUCCESS"})
_CLOSED: Final = frozenset({"USER_CANCELD", "RETURN_CLOSED"})
_STATUSES: Final = {
    "MERCHANT_PROCESSING": "asked",
    "MERCHANT_OVERDUE_REFUND": "seller",
    "MERCHANT_REFUND_RETRY_FAIL": "seller",
    "MERCHANT_FAIL": "seller",
    "USER_WAIT_RETURN": "buyer",
    "USER_WAIT_CONFIRM": "buyer",
    "USER_WAIT_CONFIRM_UPDATE": "buyer",
    "USER_WAIT_HANDLE_MERCHANT_AFTER_SALE": "buyer",
    "MERCHANT_WAIT_RECEIPT": "returned",
    "MERCHANT_REJECT_REFUND": "rejected",
    "MERCHANT_REJECT_RETURN": "rejected",
    "PLATFORM_REFUNDING": "platform",
    "PLATFORM_REFUND_FAIL": "platform",
    **dict.fromkeys(_REFUNDED, "refunded"),
    **dict.fromkeys(_CLOSED, "closed"),
}
_KINDS: Final = {"REFUND": "refund", "RETURN": "return", "EXCHANGE": "exchange", "RESEND": "resend"}
_OPEN_TEXT: Final = 100


class AftersaleSeen(Struct, frozen=True):
    """An after-sale as it was read."""

    aftersale_id: str
    order_id: str
    updated: int
    closed: bool
    events: list[CloudEvent]


def aftersale_seen(aftersale: dict[str, Any], source: str) -> AftersaleSeen | None:
    """Return what an after-sale says; None for one that cannot be read.

    Each status of it is told once; its refund, whatever became of it later, is one refund.
    """
    id_, order_id = ident(aftersale.get("after_sale_order_id")), ident(aftersale.get("order_id"))
    status = ident(aftersale.get("status"))
    if not id_ or not order_id or not status:
        return None
    updated = max(whole(aftersale.get("update_time")) or 0, whole(aftersale.get("create_time")) or 0)
    at = moment(updated)
    data = _data(aftersale, id_, order_id, status)
    told = f"aftersale/{id_}/{updated}/{status}"
    events = [cloudevent(source, told, "aftersale.updated", data, at)]
    if status in _REFUNDED and (amount := data.get("amount_fen")):
        refund = {"order_id": order_id, "refund_fen": amount, "refund_id": id_}
        events.append(cloudevent(source, f"aftersale/{id_}/refunded", "order.refunded", refund, at))
    return AftersaleSeen(id_, order_id, updated, status in _REFUNDED or status in _CLOSED, events)


def _data(aftersale: dict[str, Any], id_: str, order_id: str, status: str) -> dict[str, Any]:
    sent, product = ident(aftersale.get("type")), inner(aftersale, "product_info")
    data: dict[str, Any] = {
        "aftersale_id": id_,
        "order_id": order_id,
        "kind": _KINDS.get(sent, sent[:_OPEN_TEXT] or "refund"),
        "status": _STATUSES.get(status, status[:_OPEN_TEXT]),
    }
    if reason := ident(aftersale.get("reason")):
        data["reason"] = reason[:_OPEN_TEXT]
    if (amount := fen(inner(aftersale, "refund_info").get("amount"))) is not None:
        data["amount_fen"] = amount
    sku_id, count = ident(product.get("sku_id")), whole(product.get("count"))
    if sku_id and count and 0 < count <= 1_000_000:
        data["lines"] = [{"sku_id": sku_id, "quantity": count}]
    if (due := moment(aftersale.get("deadline"))) is not None:
        data["due_at"] = due
    return data
