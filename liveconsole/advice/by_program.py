"""What a platform's program makes of a promotion, where it is another thing than was written: what a person
must do by hand after all, and what is not asked for with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from liveconsole.advice.notices import LimitNotice
from liveconsole.domain.kind import kind_named
from liveconsole.domain.platforms import PLATFORMS, by_hand, connection_for, doer
from liveconsole.domain.room import Room
from liveconsole.messages.specs import SaleSku, Spec

_WHY: Final = {
    "audience_by_hand": (
        "接口说不了只给谁：这一场由人在手机上设",
        "The interface cannot be told for whom it is kept: a person sets this one on the phone",
    ),
    "gift_by_hand": (
        "买赠不经程序：这一场由人在手机上建，赠品要先设成非卖商品",
        "No program starts gifts: a person makes this one on the phone, of goods set as gifts before",
    ),
    "bundle_by_hand": (
        "接口建不了组合价：这一场由人在手机上建",
        "The interface knows no bundles: a person makes this one on the phone",
    ),
    "price_by_hand": (
        "改价不经接口：这一场由人在手机上改，结束后改回来",
        "A changed price goes through no interface: a person changes it on the phone, and back afterwards",
    ),
    "tiers_by_hand": (
        "接口建不了阶梯满减：这张券由人在手机上建，或分成几张",
        "The interface knows no tiers: a person makes this coupon on the phone, or make several of it",
    ),
    "share_by_hand": (
        "接口建不了分享券：由人在手机上建",
        "The interface knows no coupons for sharing: a person makes it on the phone",
    ),
    "group_by_hand": (
        "接口建不了拼团：由人在手机上建",
        "The interface knows no group buys: a person makes it on the phone",
    ),
    "bargain_by_hand": (
        "接口建不了砍价：由人在手机上建",
        "The interface knows no bargains: a person makes it on the phone",
    ),
    "days_by_hand": (
        "有效期写成整天，程序才能建：不然这张券由人在手机上建",
        "Only a coupon that is valid for whole days is made by the program: this one a person makes",
    ),
}


def notices(room: Room, kind: str, spec: Spec) -> Iterator[LimitNotice]:
    """Return what to know of a promotion that a connection would start."""
    part = kind_named(kind).DONE_AS
    if doer(room, kind) != "program" or connection_for(room, part) is None:
        return
    if why := by_hand(kind, spec):
        yield LimitNotice(why, *_WHY[why])
        return
    if getattr(spec, "valid_seconds", 0) is None:
        yield LimitNotice(
            "day_by_program",
            "没写有效期：店里建的券领后 1 天内有效",
            "No validity is written: the shop's coupon is valid for a day from its claim",
        )
    skus = getattr(spec, "skus", ())
    products = len(kind_named(kind).goods(room, spec))
    most = PLATFORMS[room.settings.platform].products_max
    if skus and most is not None and products > most:
        yield LimitNotice(
            "products_by_program",
            f"程序一场最多开 {most} 个商品，多了 {products - most} 个：请分成几场",
            f"A program starts {most} products a sale at most, {products - most} too many: make several",
            str(products - most),
        )
    yield from _short(room, skus)
    per_buyer, units = kind_named(kind).per_buyer(spec), sum(sku.quantity for sku in skus)
    if 0 < per_buyer < units:
        yield LimitNotice(
            "limit_not_asked",
            f"每人限 {per_buyer} 件不会带到平台：接口没有这一项，要限购请在商品里设",
            f"The limit of {per_buyer} a buyer does not reach the platform: set it with the product",
        )


def _short(room: Room, skus: Sequence[SaleSku]) -> Iterator[LimitNotice]:
    """What the shop says it has, where that is less than is promised; it takes no such sale."""
    for sku in skus:
        known = room.skus.get(sku.sku_id)
        if known is None or known.measured is None or known.measured.units >= sku.quantity:
            continue
        title, has = room.products[known.product_id].title, known.measured.units
        yield LimitNotice(
            "shop_stock",
            f"平台上「{title}」只有 {has} 件，多了 {sku.quantity - has} 件",
            f"The platform has {has} of “{title}”, {sku.quantity - has} less than this sale",
            str(sku.quantity - has),
        )
