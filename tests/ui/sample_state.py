"""One rich evening in a room, as the door hands it out: for tests of the desk and for its pictures."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

from tests.ui.committed import NOW, wire


def _in(seconds: float) -> str:
    return wire(NOW + timedelta(seconds=seconds))


_GOODS = [
    # id, title, price, floor, list price, stock, available
    ("coat", "双面呢羊毛大衣 藏青", 128000, 110000, 159900, 46, 46),
    ("silk", "桑蚕丝印花围巾", 16800, 12000, 29900, 0, 0),
    ("scarf", "100% 山羊绒围巾 驼色 200×70", 19900, 9900, 39900, 128, 86),
    ("gloves", "羊毛手套 男女同款", 9900, 5000, 12900, 18, 18),
    ("thermal", "亲肤保暖内衣套装", 12900, 9900, None, 532, 532),
    ("beret", "羊毛贝雷帽", 6900, 3900, 9900, 240, 237),
    ("vest", "羽绒马甲 轻薄款", 25900, 19900, None, 88, 88),
    ("pants", "加绒打底裤 2 条装", 7900, 4200, 9900, 310, 310),
]


def _product(row: tuple[str, str, int, int, int | None, int, int]) -> dict[str, Any]:
    product_id, title, price, floor, listed, stock, available = row
    sku = {
        "sku_id": product_id,
        "title": title,
        "price_fen": price,
        "floor_fen": floor,
        "stock": stock,
        "held": 5 if product_id == "scarf" else 0,
        "sold": stock - available - (5 if product_id == "scarf" else 0),
        "available": available,
    }
    points = "16 微米长绒 · 不起球 · 送礼盒" if product_id == "scarf" else ""
    return {
        "product_id": product_id,
        "title": title,
        "price_fen": price,
        "floor_fen": floor,
        "list_price_fen": listed,
        "stock": stock,
        "available": available,
        "on_shelf": product_id != "vest",
        "image": "",
        "code": "",
        "groups": [],
        "points": points,
        "skus": [sku],
    }


def _cue(cue_id: str, kind: str, status: str, spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "cue_id": cue_id,
        "kind": kind,
        "spec": spec,
        "status": status,
        "ended_because": None,
        "fires_at": None,
        "ends_at": None,
        "sold": None,
        "held": None,
        "left": None,
        "oversold": None,
        "claimed": None,
        "used": None,
        "entrants": None,
        "winners": [],
        "proposed_by": "assistant",
        "approved_by": "host",
        "at": _in(-300),
        "reason": "",
        "refused_count": 0,
        "lowest_fen": None,
    } | more


def _gives(given: int | None, held: int | None, most: int) -> dict[str, int | None]:
    return {"given_fen": given, "held_fen": held, "most_fen": most}


def _low(sku_id: str, fen: int, combination: str) -> dict[str, Any]:
    return {
        "sku_id": sku_id, "fen": fen, "floor_fen": None, "label": "按已知优惠最低到手",
        "combination": combination, "combination_en": "regular price",
    }  # fmt: skip


def _cues() -> list[dict[str, Any]]:
    sale = {"sku_id": "scarf", "price_fen": 9900, "quantity": 50, "per_buyer": 1, "seconds": 300}
    coupon = {
        "name": "满 199 减 20",
        "rule": {"threshold_fen": 19900, "off_fen": 2000},
        "quantity": 500,
        "per_buyer": 1,
        "seconds": 600,
    }
    bag = {
        "prize": {"name": "羊毛贝雷帽", "value_fen": 6900},
        "winners": 3,
        "entry": {"keyword": "驼色好看"},
        "seconds": 180,
        "draw": "console",
    }
    cosy = {
        "name": "手套立减 8 元",
        "rule": {"off_fen": 800},
        "scope": {"product_ids": ["gloves"]},
        "quantity": 100,
        "per_buyer": 1,
        "seconds": 600,
    }
    next_sale = {"sku_id": "gloves", "price_fen": 5900, "quantity": 18, "per_buyer": 1, "seconds": 600}
    return [
        _cue("c-pin", "pin", "on_air", {"product_id": "scarf"}),
        _cue(
            "c-sale", "flash_sale", "on_air", sale, ends_at=_in(161), sold=37, held=5, left=8,
            oversold=0, refused_count=214, lowest_fen=9900, lowest=_low("scarf", 9900, "秒杀 99.00"),
            discount=_gives(370_000, 50_000, 500_000),
        ),
        _cue("c-coupon", "coupon", "on_air", coupon, ends_at=_in(432), claimed=212, used=48, left=288,
             discount=_gives(96_000, 0, 1_000_000)),
        _cue("c-bag", "lucky_bag", "on_air", bag, ends_at=_in(75), entrants=1204,
             discount=_gives(0, 0, 20_700)),
        _cue("c-arm", "coupon", "approved", cosy, lowest_fen=8100, lowest=_low("gloves", 8100, "原价 89.00"),
             discount=_gives(0, 0, 80_000)),
        _cue("c-next", "flash_sale", "recallable", next_sale, fires_at=_in(2.1), lowest_fen=5400),
    ]  # fmt: skip


def sample_state() -> dict[str, Any]:
    """A fresh copy of the body of ``GET /v1/state``."""
    products = [_product(row) for row in _GOODS]
    return copy.deepcopy(
        {
            "seq": 48213,
            "room": {
                "room_id": "room",
                "platform": "own",
                "simulated": False,
                "recall_seconds": 3,
                "four_eyes": False,
                "hold_seconds": 900,
                "shop_coupons": [],
                "now": wire(NOW),
            },
            "broadcast": {
                "status": "open",
                "title": "秋冬羊绒专场",
                "opened_at": wire(NOW - timedelta(hours=1, minutes=12, seconds=36)),
                "closed_at": None,
            },
            "catalogue": {"products": products},
            "cart": {
                "items": [
                    {"number": number, "product_id": product["product_id"]}
                    for number, product in enumerate(products, 1)
                ],
                "pinned": {"wanted": "scarf", "confirmed": "scarf", "age": 381.0, "cue_id": "c-pin"},
            },
            "pinned": {"wanted": "scarf", "confirmed": "scarf", "age": 381.0, "cue_id": "c-pin"},
            "cues": _cues(),
            "orders": {
                "placed": 742,
                "paid": 715,
                "closed": 9,
                "refunded": 2,
                "unpaid": 18,
                "units": 811,
                "gmv_fen": 12864000,
                "refund_fen": 39800,
                "unmatched": 0,
                "oversold": 0,
            },
            "discount": _gives(1_248_000, 50_000, 2_600_000),
            "audience": {
                "online": 3482,
                "likes": 182000,
                "comments": 44147,
                "entered": 12904,
                "followed": 860,
                "exposures": 10912,
                "clicks": None,
            },
            "health": {
                "sources": [
                    {
                        "source": "/oba/comments",
                        "last_at": _in(-0.2),
                        "age": 0.2,
                        "count": 44147,
                        "simulated": False,
                    },
                    {
                        "source": "/shop/orders",
                        "last_at": _in(-2),
                        "age": 2.0,
                        "count": 1470,
                        "simulated": False,
                    },
                    {"source": "/obs", "last_at": None, "age": None, "count": 0, "simulated": False},
                ],
                "followers": 3,
                "inbox": 12,
                "disk": {"free_bytes": 42_000_000_000},
                "owed": 0,
            },
        }
    )


def empty_state() -> dict[str, Any]:
    """A room that was just made: nothing open, nothing in the cart, nobody there."""
    state = sample_state()
    state["seq"] = 0
    state["broadcast"] = {"status": "none", "title": "", "opened_at": None, "closed_at": None}
    state["catalogue"]["products"] = []
    nothing = {"wanted": None, "confirmed": None, "age": None, "cue_id": None}
    state["cart"] = {"items": [], "pinned": nothing}
    state["pinned"] = nothing
    state["cues"] = []
    state["orders"] = dict.fromkeys(state["orders"], 0)
    state["discount"] = _gives(0, 0, 0)
    state["audience"] = dict.fromkeys(state["audience"])
    state["health"]["sources"] = []
    return state


def manual_state() -> dict[str, Any]:
    """A real room of 人工协助: a pin that nobody confirmed, a sale of unknown state, an end that is owed."""
    state = sample_state()
    state["room"]["platform"] = "manual"
    state["pinned"] = {"wanted": "gloves", "confirmed": "scarf", "age": 41.0, "cue_id": "c-pin"}
    state["cart"]["pinned"] = state["pinned"]
    state["audience"]["exposures"] = None
    pin, sale, coupon, bag = state["cues"][:4]
    pin |= {
        "status": "unknown",
        "spec": {"product_id": "gloves"},
        "owed": {"step": "on_air", "since": _in(-41)},
    }
    sale |= {
        "status": "unknown",
        "ends_at": None,
        "left": None,
        "owed": {"step": "on_air", "since": _in(-204)},
    }
    coupon |= {"left": None, "claimed": None, "used": None}
    bag |= {"status": "ended", "ended_because": "stopped", "owed": {"step": "ended", "since": _in(-12)}}
    state["health"]["owed"] = 3
    return state
