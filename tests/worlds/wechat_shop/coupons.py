"""Coupons of the shop: a new one is not live until its status is set to 2."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tests.worlds.wechat_shop.clock import ShopClock
from tests.worlds.wechat_shop.goods import Goods
from tests.worlds.wechat_shop.wire import (
    BAD_ARGUMENTS,
    Answerer,
    Body,
    Pages,
    Refused,
    Reply,
    ident,
    inner,
    whole,
)

NEW, LIVE, VOID, DELETED = 1, 2, 4, 5
_NO_COUPON: Final = 10021001
_WRONG_STATUS: Final = 10021003
_OVER: Final = 10021034
_STANDS: Final = 10021037
_MOST_OFF: Final = 20_000
_MOST_PRODUCTS: Final = 2000
_WIDEST_NAME: Final = 20
"""Ten Chinese characters; others count as half of one."""

PER_COUNT, PER_PRICE, DISCOUNT, OFF = 1, 2, 3, 4
"""What a coupon does, of a product; a hundred more: of the whole shop."""


@dataclass(slots=True)
class Coupon:
    coupon_id: str
    created_at: int
    updated_at: int
    asked: Body
    """The body that it was made from."""
    status: int = NEW
    received: int = 0
    used: int = 0
    takers: dict[str, list[UserCoupon]] = field(default_factory=dict)


@dataclass(slots=True)
class UserCoupon:
    user_coupon_id: str
    coupon_id: str
    openid: str
    received_at: int
    start: int
    end: int
    status: int = 100
    used_at: int = 0
    order_id: str = ""
    discount_fen: int = 0


class Coupons:
    def __init__(self, clock: ShopClock, goods: Goods) -> None:
        self._clock = clock
        self._goods = goods
        self.coupons: dict[str, Coupon] = {}
        self.taken: dict[str, UserCoupon] = {}
        self._pages = Pages()

    def endpoints(self) -> dict[str, Answerer]:
        base = "/channels/ec/coupon/"
        return {
            base + "create": self.create,
            base + "update": self.update,
            base + "update_status": self.update_status,
            base + "get": self.get,
            base + "get_list": self.get_list,
            base + "get_user_coupon_list": self.get_user_coupon_list,
            base + "get_user_coupon": self.get_user_coupon,
        }

    # -- what happens in the shop

    def receive(self, coupon_id: str, openid: str) -> UserCoupon | None:
        """A buyer takes one, if there is one to take."""
        coupon = self.coupons[coupon_id]
        asked, now = coupon.asked, self._clock.now()
        receive = asked["receive_info"]
        mine = coupon.takers.setdefault(openid, [])
        if (
            coupon.status != LIVE
            or not receive["start_time"] <= now <= receive["end_time"]
            or coupon.received >= receive["total_num"]
            or len(mine) >= receive["limit_num_one_person"]
        ):
            return None
        valid = asked["valid_info"]
        days = valid.get("valid_day_num", 0)
        start, end = (
            (valid["start_time"], valid["end_time"])
            if valid["valid_type"] == 1
            else (now, now + days * 86_400)
        )
        one = UserCoupon(str(109_694_341 + len(self.taken)), coupon_id, openid, now, start, end)
        self.taken[one.user_coupon_id] = one
        mine.append(one)
        coupon.received += 1
        return one

    def use(self, user_coupon_id: str, order_id: str, goods_fen: int) -> int:
        """How much it takes off an order."""
        one = self.taken[user_coupon_id]
        off = _off(self.coupons[one.coupon_id].asked, goods_fen)
        one.status, one.used_at, one.order_id, one.discount_fen = 102, self._clock.now(), order_id, off
        self.coupons[one.coupon_id].used += 1
        return off

    # -- what is asked

    def create(self, body: Body) -> Reply:
        self._check(body)
        now = self._clock.now()
        coupon_id = str(12_639_900 + len(self.coupons))
        self.coupons[coupon_id] = Coupon(coupon_id, now, now, body)
        return {"data": {"coupon_id": coupon_id}}

    def update(self, body: Body) -> Reply:
        coupon = self._coupon(body)
        if coupon.status in (VOID, DELETED):
            raise Refused(_WRONG_STATUS, "coupon status does not allow this")
        merged = {**coupon.asked, **{name: value for name, value in body.items() if name != "coupon_id"}}
        self._check(merged)
        total = merged["receive_info"]["total_num"]
        if coupon.status == LIVE and total < coupon.asked["receive_info"]["total_num"]:
            raise Refused(BAD_ARGUMENTS, "total_num of a live coupon only grows")
        coupon.asked, coupon.updated_at = merged, self._clock.now()
        return {"data": {"coupon_id": coupon.coupon_id}}

    def update_status(self, body: Body) -> Reply:
        coupon = self._coupon(body)
        status = body.get("status")
        if status not in (LIVE, VOID, DELETED):
            raise Refused(BAD_ARGUMENTS, "invalid status")
        if status == coupon.status:
            raise Refused(_STANDS, "coupon has this status already")
        if status not in {NEW: (LIVE, VOID, DELETED), LIVE: (VOID,), VOID: (DELETED,)}.get(coupon.status, ()):
            raise Refused(_WRONG_STATUS, "coupon status does not allow this")
        if status == LIVE and coupon.asked["receive_info"]["end_time"] <= self._clock.now():
            raise Refused(_OVER, "the time to receive the coupon is over")
        coupon.status, coupon.updated_at = status, self._clock.now()
        return {}

    def get(self, body: Body) -> Reply:
        return {"coupon": coupon_wire(self._coupon(body))}

    def get_list(self, body: Body) -> Reply:
        status = whole(body, "status", 1, 5) if "status" in body else None
        whole(body, "page", 1, 10**6, 1)
        size = whole(body, "page_size", 1, 200)

        def ids() -> list[str]:
            return [one.coupon_id for one in reversed(self.coupons.values()) if status in (None, one.status)]

        page, key = self._page(body, size, ids())
        return {"coupons": [{"coupon_id": one} for one in page], "total_num": len(ids()), "page_ctx": key}

    def get_user_coupon_list(self, body: Body) -> Reply:
        openid = ident(body, "openid")
        status = whole(body, "status", 100, 103) if "status" in body else None
        size = whole(body, "page_size", 1, 200)
        mine = {
            one.user_coupon_id: one
            for one in self.taken.values()
            if one.openid == openid and status in (None, one.status)
        }
        page, key = self._page(body, size, list(mine))
        listed = [{"user_coupon_id": one, "coupon_id": mine[one].coupon_id} for one in page]
        return {"user_coupon_list": listed, "total_num": len(mine), "page_ctx": key}

    def get_user_coupon(self, body: Body) -> Reply:
        one = self.taken.get(ident(body, "user_coupon_id"))
        if one is None or one.openid != ident(body, "openid"):
            raise Refused(_NO_COUPON, "user coupon not exist")
        return {
            "openid": one.openid,
            "unionid": "",
            "user_coupon": {
                "user_coupon_id": one.user_coupon_id,
                "coupon_id": one.coupon_id,
                "status": one.status,
                "create_time": one.received_at,
                "update_time": one.used_at or one.received_at,
                "start_time": one.start,
                "end_time": one.end,
                "ext_info": {"use_time": one.used_at},
                "order_id": one.order_id,
                "discount_fee": one.discount_fen,
            },
        }

    def _page(self, body: Body, size: int, ids: list[str]) -> tuple[list[str], str]:
        if body.get("page", 1) == 1:
            return self._pages.first(ids, size)
        return self._pages.next(ident(body, "page_ctx"), size)

    def _coupon(self, body: Body) -> Coupon:
        coupon = self.coupons.get(ident(body, "coupon_id"))
        if coupon is None:
            raise Refused(_NO_COUPON, "coupon not exist")
        return coupon

    def _check(self, body: Body) -> None:
        type_ = whole(body, "type", 1, 104)
        name = ident(body, "name")
        if type_ % 100 not in (PER_COUNT, PER_PRICE, DISCOUNT, OFF) or 4 < type_ < 101:
            raise Refused(BAD_ARGUMENTS, "invalid type")
        if sum(2 if ord(letter) > 0xFF else 1 for letter in name) > _WIDEST_NAME:
            raise Refused(BAD_ARGUMENTS, "invalid name")
        self._check_discount(type_, inner(body, "discount_info"))
        if whole(inner(body, "promote_info"), "promote_type", 1, 10) not in (1, 9, 10):
            raise Refused(BAD_ARGUMENTS, "invalid promote_type")
        receive = inner(body, "receive_info")
        start = whole(receive, "start_time", 0, 2**40)
        whole(receive, "end_time", start, 2**40)
        whole(receive, "total_num", 1, 10**9)
        whole(receive, "limit_num_one_person", 1, 10**6)
        valid = inner(body, "valid_info")
        if whole(valid, "valid_type", 1, 2) == 2:
            whole(valid, "valid_day_num", 1, 365)
        else:
            from_ = whole(valid, "start_time", 0, 2**40)
            whole(valid, "end_time", from_ + 1, 2**40)

    def _check_discount(self, type_: int, discount: Body) -> None:
        condition = discount.get("discount_condition", {})
        if not isinstance(condition, dict):
            raise Refused(BAD_ARGUMENTS, "invalid discount_condition")
        self._check_products(type_, condition.get("product_ids", []))
        does = type_ % 100
        if condition.get("product_cnt") and condition.get("product_price"):
            raise Refused(BAD_ARGUMENTS, "product_cnt and product_price exclude each other")
        if does == PER_COUNT:
            whole(condition, "product_cnt", 1, 10**6)
        if does == PER_PRICE:
            whole(condition, "product_price", 1, 10**9)
        if does in (PER_COUNT, DISCOUNT):
            if whole(discount, "discount_num", 2000, 10_000) % 100:
                raise Refused(BAD_ARGUMENTS, "invalid discount_num")
        else:
            fee = whole(discount, "discount_fee", 1, _MOST_OFF)
            if does == PER_PRICE and fee >= condition["product_price"]:
                raise Refused(BAD_ARGUMENTS, "invalid discount_fee")

    def _check_products(self, type_: int, products: Any) -> None:
        if not isinstance(products, list) or len(products) > _MOST_PRODUCTS:
            raise Refused(BAD_ARGUMENTS, "invalid product_ids")
        if (type_ > 100) == bool(products):
            raise Refused(BAD_ARGUMENTS, "product_ids belong to a coupon of products, and to no other")
        if any(str(one) not in self._goods.products for one in products):
            raise Refused(10020052, "product not exist")


def _off(asked: Body, goods_fen: int) -> int:
    discount = asked["discount_info"]
    does = asked["type"] % 100
    if does in (PER_COUNT, DISCOUNT):
        return int(goods_fen * (10_000 - discount["discount_num"]) // 10_000)
    if does == PER_PRICE and goods_fen < discount["discount_condition"]["product_price"]:
        return 0
    return min(goods_fen, int(discount["discount_fee"]))


def coupon_wire(coupon: Coupon) -> dict[str, Any]:
    asked = coupon.asked
    names = ("name", "promote_info", "discount_info", "receive_info", "valid_info", "ext_info")
    total = asked["receive_info"]["total_num"]
    info = {name: asked[name] for name in names if name in asked}
    info["discount_info"] = {"discount_num": 0, "discount_fee": 0, **info["discount_info"]}
    info["valid_info"] = {"valid_day_num": 0, **info["valid_info"]}
    return {
        "coupon_id": coupon.coupon_id,
        "type": asked["type"],
        "status": coupon.status,
        "create_time": coupon.created_at,
        "update_time": coupon.updated_at,
        "coupon_info": info,
        "stock_info": {"issued_num": total, "receive_num": coupon.received, "used_num": coupon.used},
    }
