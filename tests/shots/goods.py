"""What is sold on the evening of the pictures: the rehearsal's own shop and a dozen more, in their order.

Our own words; any likeness to goods on sale is chance.
"""

from __future__ import annotations

from typing import Any

MORE: list[tuple[str, str, int, int, int, int]] = [
    ("D09", "羊绒衫 圆领基础款", 45900, 69900, 29900, 120),
    ("D10", "灯芯绒阔腿裤", 16900, 25900, 9900, 210),
    ("D11", "羊羔毛外套 短款", 32900, 49900, 21900, 90),
    ("D12", "真丝眼罩 3 只装", 5900, 9900, 2900, 400),
    ("D13", "加厚羊毛袜 5 双", 4900, 7900, 2500, 800),
    ("D14", "针织半身裙 过膝", 13900, 21900, 8900, 160),
    ("D15", "家居保暖拖鞋", 3900, 6900, 1900, 500),
    ("D16", "牛仔衬衫 微阔版", 15900, 23900, 9900, 140),
    ("D17", "羊毛混纺围脖", 6900, 10900, 3900, 260),
    ("D18", "磁吸皮带 男女同款", 8900, 12900, 4900, 180),
    ("D19", "法兰绒睡衣套装", 19900, 29900, 12900, 150),
    ("D20", "旅行收纳袋 6 件套", 4500, 6900, 2300, 300),
]
"""id, title, price, list price, floor (分), stock."""

SCRIPT = """大家看我手上这条，驼色，两米长，
十六微米长绒，贴着脖子一点不扎。
平时直播间一百九十九，
今天九十九，就五十条，
送礼盒，自己戴送妈妈都体面。
想要的先把地址填好，
我们数三二一上链接。"""
GLOVES = """手套男女同款，指尖能划手机。
里面加了一层绒，零下十度不冻手。
平时九十九，今天五十九，就十八双。
大人小孩都能戴，均码。"""


def more_products() -> list[dict[str, Any]]:
    """As ``catalogue.put`` takes them."""
    return [
        {
            "product_id": id_,
            "title": title,
            "price_fen": price,
            "list_price_fen": listed,
            "floor_fen": floor,
            "stock": stock,
        }
        for id_, title, price, listed, floor, stock in MORE
    ]


def sale(
    sku_id: str, price_fen: int, quantity: int, seconds: int = 180, per_buyer: int = 2
) -> dict[str, Any]:
    spec = {"sku_id": sku_id, "price_fen": price_fen, "quantity": quantity, "per_buyer": per_buyer}
    return {"kind": "flash_sale", "spec": spec | {"seconds": seconds}}


def coupon(
    name: str, threshold: int, off: int, quantity: int = 500, seconds: int = 600, only: str = ""
) -> dict[str, Any]:
    rule = {"threshold_fen": threshold, "off_fen": off}
    spec = {"name": name, "rule": rule, "quantity": quantity, "per_buyer": 1, "seconds": seconds}
    return {"kind": "coupon", "spec": spec | ({"scope": {"product_ids": [only]}} if only else {})}


def bag(prize: str, fen: int, keyword: str, winners: int = 3, seconds: int = 180) -> dict[str, Any]:
    spec = {
        "prize": {"name": prize, "value_fen": fen},
        "winners": winners,
        "entry": {"keyword": keyword, "match": "lenient"},
        "seconds": seconds,
    }
    return {"kind": "lucky_bag", "spec": spec}


def segment(product_id: str | None, minutes: float, *cues: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"product_id": product_id, "minutes": minutes, "cues": list(cues), **more}


RUNDOWN: list[dict[str, Any]] = [
    segment(None, 3, title="开场 · 暖场", tag="proof"),
    segment("C01", 6, tag="proof"),
    segment("C05", 5, tag="explain"),
    segment("C02", 4, tag="proof"),
    segment("C06", 4, bag("羊毛贝雷帽", 6900, "开心过冬"), tag="benefit"),
    segment("C08", 5, sale("C08", 4900, 120, per_buyer=3), tag="explain"),
    segment("C07", 5, tag="proof"),
    segment(
        "C03", 8, sale("C03", 9900, 50, 300), coupon("满 199 减 20", 19900, 2000),
        bag("羊绒混纺手套", 9900, "驼色好看"), script=SCRIPT, tag="explain",
    ),
    segment("C04", 6, sale("C04", 5900, 18, 600, 1), script=GLOVES, tag="benefit"),
    segment("D09", 7, tag="proof"),
    segment("D13", 4, sale("D13", 2990, 200), tag="benefit"),
    segment("D11", 6, tag="proof"),
    segment("D10", 5, coupon("裤装满 99 减 15", 9900, 1500, 300, only="D10"), tag="explain"),
    segment("D14", 5, tag="proof"),
    segment("D12", 4, bag("真丝眼罩", 5900, "一夜好眠")),
    segment("D19", 6, sale("D19", 14900, 60), tag="explain"),
    segment("D16", 5, tag="proof"),
    segment("D17", 4, sale("D17", 4500, 100)),
    segment("D15", 4),
    segment(None, 3, title="返场 · 预告下一场", tag="proof"),
]  # fmt: skip
STOCKED = 4
"""Times the rehearsal's own stock: it is made for ten minutes, not for an evening."""
PLAYED = 7
"""Segments that are over when the pictures are taken; the next one is on."""
