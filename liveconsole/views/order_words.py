"""Orders of all the years in words: states, and the columns of a file of them."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.order_pages import OrderState

STATE_WORDS: Final[dict[OrderState, tuple[str, str]]] = {
    "unpaid": ("待付款", "unpaid"),
    "to_ship": ("待发货", "to ship"),
    "shipped": ("已发货", "shipped"),
    "out_for_delivery": ("派送中", "out for delivery"),
    "exception": ("异常件", "exception"),
    "delivered": ("已签收", "delivered"),
    "done": ("完成", "done"),
    "closed": ("关闭", "closed"),
}
COLUMN_WORDS: Final[dict[str, tuple[str, str]]] = {
    "order_id": ("订单号", "order id"),
    "state": ("状态", "state"),
    "placed_at": ("下单时间", "placed at"),
    "paid_at": ("付款时间", "paid at"),
    "total": ("总金额", "total"),
    "paid": ("实付", "paid"),
    "refund": ("退款", "refund"),
    "units": ("件数", "units"),
    "goods": ("商品", "goods"),
    "scene": ("下单场景", "scene"),
    "payment": ("支付方式", "payment method"),
    "province": ("省份", "province"),
    "carrier": ("快递", "carrier"),
    "tags": ("标签", "tags"),
    "buyer_id": ("买家id", "buyer id"),
    "buyer": ("买家昵称", "buyer name"),
    "waybill": ("运单号", "waybill"),
    "note": ("备注", "note"),
}
PERSONAL: Final = ("buyer_id", "buyer", "waybill", "note", "tags")
"""Columns that are in a file only where somebody asks for them: whom they are about, or what was typed."""
