"""The shop's products, their SKUs and what is left of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.worlds.wechat_shop.clock import ShopClock
from tests.worlds.wechat_shop.wire import (
    BAD_ARGUMENTS,
    Answerer,
    Body,
    Pages,
    Refused,
    Reply,
    ident,
    whole,
)

ON_SALE: Final = 5
AUDITED: Final = 4
UNDER_AUDIT: Final = 2
_NO_PRODUCT: Final = 10020052
UPLOADING: Final = 7
_NEVER_LISTED: Final = 0
_LOCKED: Final = 10020014
_BUSY: Final = 10020067
_SHORT: Final = 10020054


@dataclass(slots=True)
class Sku:
    sku_id: str
    price_fen: int
    stock: int
    attributes: tuple[tuple[str, str], ...] = ()
    code: str = ""
    picture: str = ""
    reserved: int = 0
    """Units that an unfinished 限时抢购 keeps apart from ``stock``."""


@dataclass(slots=True)
class Product:
    product_id: str
    title: str
    skus: dict[str, Sku]
    pictures: tuple[str, ...] = ()
    status: int = ON_SALE
    edit_status: int = AUDITED
    code: str = ""
    flow: list[dict[str, Any]] = field(default_factory=list)


class Goods:
    def __init__(self, clock: ShopClock) -> None:
        self._clock = clock
        self.products: dict[str, Product] = {}
        self.locked: set[str] = set()
        """Products whose SKUs an unfinished 限时抢购 holds."""
        self._pages = Pages()

    def endpoints(self) -> dict[str, Answerer]:
        base = "/channels/ec/product/"
        return {
            base + "list/get": self.list_get,
            base + "get": self.get,
            base + "listing": self.listing,
            base + "delisting": self.delisting,
            base + "auditfree": self.audit_free,
            base + "getauditquota": self.audit_quota,
            base + "stock/get": self.stock_get,
            base + "stock/batchget": self.stock_batch_get,
            base + "stock/update": self.stock_update,
            base + "stock/getflow": self.stock_flow,
        }

    # -- what happens in the shop

    def offer(
        self,
        product_id: str,
        title: str,
        skus: Iterable[Sku],
        pictures: Sequence[str] = (),
        status: int = ON_SALE,
    ) -> Product:
        """Put a product up."""
        mine = {sku.sku_id: sku for sku in skus}
        product = Product(product_id, title, mine, tuple(pictures), status)
        self.products[product_id] = product
        return product

    def move(
        self, product_id: str, sku_id: str, by: int, op: int, order_id: str = "0", task_id: str = "0"
    ) -> None:
        """Change what is left, from an unfinished 限时抢购's own units where one holds the SKU."""
        sku = self.products[product_id].skus[sku_id]
        before = sku.reserved if task_id != "0" else sku.stock
        if task_id != "0":
            sku.reserved += by
        else:
            sku.stock += by
        self.products[product_id].flow.append(
            {
                "amount": abs(by),
                "beginning_amount": before,
                "ending_amount": before + by,
                "stock_sub_type": 2 if task_id != "0" else 1,
                "op_type": op,
                "update_time": self._clock.now(),
                "ext_info": {
                    "upload_source": 0,
                    "order_id": order_id,
                    "out_warehouse_id": "",
                    "limited_discount_id": task_id,
                    "finder_id": "",
                },
                "sku_id": sku_id,
            }
        )

    # -- what is asked

    def product(self, body: Body) -> Product:
        product_id = ident(body, "product_id")
        if product_id not in self.products:
            raise Refused(_NO_PRODUCT, "product not exist")
        return self.products[product_id]

    def _changeable(self, body: Body) -> Product:
        product = self.product(body)
        if product.edit_status == UPLOADING:
            raise Refused(_BUSY, "product is being uploaded")
        return product

    def _sku(self, body: Body) -> tuple[Product, Sku]:
        product = self.product(body)
        sku_id = ident(body, "sku_id")
        if sku_id not in product.skus:
            raise Refused(BAD_ARGUMENTS, "sku not exist")
        return product, product.skus[sku_id]

    def list_get(self, body: Body) -> Reply:
        status = whole(body, "status", 0, 255) if "status" in body else None
        size = whole(body, "page_size", 1, 30, 10)

        def ids() -> list[str]:
            return [one.product_id for one in self.products.values() if status in (None, one.status)]

        page, key = self._pages.page(body.get("next_key"), size, ids)
        return {"product_ids": page, "next_key": key, "total_num": len(ids())}

    def get(self, body: Body) -> Reply:
        which = whole(body, "data_type", 1, 3, 1)
        product = product_wire(self.product(body))
        reply: Reply = {}
        if which & 1:
            reply["product"] = product
        if which & 2:
            reply["edit_product"] = product
        return reply

    def listing(self, body: Body) -> Reply:
        product = self._changeable(body)
        if product.edit_status == UNDER_AUDIT:
            raise Refused(10020011, "product is under audit")
        product.status = ON_SALE
        return {}

    def delisting(self, body: Body) -> Reply:
        product = self._changeable(body)
        if product.status != ON_SALE:
            raise Refused(10020047, "product is not on sale")
        product.status = 11
        return {}

    def audit_free(self, body: Body) -> Reply:
        product = self._changeable(body)
        if product.product_id in self.locked:
            raise Refused(_LOCKED, "product is in limited discount, sku is locked")
        for row in body.get("skus", []):
            sku_id = ident(row, "sku_id")
            if sku_id not in product.skus:
                raise Refused(BAD_ARGUMENTS, "sku not exist")
            if "sale_price" in row:
                product.skus[sku_id].price_fen = whole(row, "sale_price", 1, 10**9)
        return {}

    def audit_quota(self, body: Body) -> Reply:
        return {"audit_quota": {"block_status": False, "avail_quota": 1000, "total_quota": 4000}}

    def stock_get(self, body: Body) -> Reply:
        _, sku = self._sku(body)
        return {"data": _stock(sku)}

    def stock_batch_get(self, body: Body) -> Reply:
        wanted = body.get("product_id")
        if not isinstance(wanted, list) or not wanted or len(wanted) > 50:
            raise Refused(BAD_ARGUMENTS, "invalid product_id")
        found = [self.products[str(one)] for one in wanted if str(one) in self.products]
        if not found:
            raise Refused(_NO_PRODUCT, "product not exist")
        return {
            "data": {
                "spu_stock_list": [
                    {
                        "product_id": product.product_id,
                        "sku_stock": [
                            {"sku_id": sku.sku_id, **_stock(sku), "finder_total_num": 0}
                            for sku in product.skus.values()
                        ],
                    }
                    for product in found
                ]
            }
        }

    def stock_update(self, body: Body) -> Reply:
        product, sku = self._sku(body)
        how = whole(body, "diff_type", 1, 3)
        amount = whole(body, "num", 0, 10**9)
        if product.edit_status == UNDER_AUDIT or product.status == _NEVER_LISTED:
            raise Refused(10020091, "product was never listed, or is under audit")
        by = {1: amount, 2: -amount, 3: amount - sku.stock}[how]
        if sku.stock + by < 0:
            raise Refused(_SHORT, "stock is not enough")
        self.move(product.product_id, sku.sku_id, by, op=1 if by > 0 else 2)
        return {}

    def stock_flow(self, body: Body) -> Reply:
        product, sku = self._sku(body)
        start = whole(body, "begin_time", 0, 2**40)
        end = whole(body, "end_time", start, 2**40)
        size = whole(body, "page_size", 1, 100, 10)
        rows = [
            {name: value for name, value in row.items() if name != "sku_id"}
            for row in reversed(product.flow)
            if row["sku_id"] == sku.sku_id and start <= row["update_time"] <= end
        ]
        offset = int(str(body.get("next_key") or "0"))
        more = offset + size < len(rows)
        return {
            "data": {
                "stock_flow_info_list": rows[offset : offset + size],
                "next_key": str(offset + size) if more else "",
            }
        }


def attributes_wire(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"attr_key": key, "attr_value": value} for key, value in pairs]


def _stock(sku: Sku) -> dict[str, Any]:
    return {
        "normal_stock_num": sku.stock,
        "limited_discount_stock_num": sku.reserved,
        "warehouse_stocks": [],
        "total_stock_num": sku.stock + sku.reserved,
    }


def product_wire(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.product_id,
        "out_product_id": "",
        "title": product.title,
        "short_title": "",
        "head_imgs": list(product.pictures),
        "desc_info": {"imgs": []},
        "cats": [],
        "cats_v2": [{"cat_id": "10000111"}],
        "attrs": [],
        "express_info": {"template_id": "123456"},
        "status": product.status,
        "edit_status": product.edit_status,
        "skus": [
            {
                "sku_id": sku.sku_id,
                "out_sku_id": "",
                "thumb_img": sku.picture,
                "sale_price": sku.price_fen,
                "stock_num": sku.stock,
                "sku_code": sku.code,
                "sku_attrs": attributes_wire(sku.attributes),
                "status": product.status,
            }
            for sku in product.skus.values()
        ],
        "min_price": min((sku.price_fen for sku in product.skus.values()), default=0),
        "spu_code": product.code,
        "product_qua_infos": [],
    }
