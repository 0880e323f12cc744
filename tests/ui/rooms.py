"""Rooms for tests of the desk, made by the rules and kept beside this file as the wire has them.

``python -m tests.ui.rooms`` makes the kept ones anew; `test_rooms` sees to it that they are what the rules
make today. A test that needs another room makes it with `Evening`, or goes on from `running` or `planned`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.evening import BAG, COUPON, PRICES, SALE, Evening
from ui.windows.host.notes import as_note

__all__ = [
    "KEPT", "NOW", "SCRIPT", "Evening", "by_hand", "empty_state", "host_state", "hosted", "kept", "made",
    "manual_state", "planned", "queue_of", "rundown_state", "running", "sale_of", "sample_state", "template",
]  # fmt: skip

_FOLDER: Final = Path(__file__).with_name("kept_rooms")
_HEARD: Final = {
    "/oba/comments": {"last_at": NOW - timedelta(seconds=0.2), "events": 44147},
    "/shop/orders": {"last_at": NOW - timedelta(seconds=2), "events": 1470},
    "/obs": {"last_at": None, "events": 0},
}
_SOLD: Final = {"coat": 48, "silk": 7, "scarf": 37, "gloves": 326, "pants": 393}
"""Units that `_crowd` buys and pays; what is left of each is the stock of `GOODS`."""
_NEXT_SALE: Final[dict[str, Any]] = {"sku_id": "gloves", "price_fen": 5900, "quantity": 18, "seconds": 600}
_COSY: Final = {
    "name": "手套立减 8 元",
    "rule": {"off_fen": 800},
    "scope": {"product_ids": ["gloves"]},
    "quantity": 100,
}
SCRIPT: Final = """大家看我手上这条，驼色，两米长，
十六微米长绒，贴着脖子一点不扎。
平时直播间一百九十九，
今天九十九，就五十条，
送礼盒，自己戴送妈妈都体面。
想要的先把地址填好，
我们数三二一上链接。"""


def running(*, counting: bool = True, crowd: bool = False) -> Evening:
    """The scarf is explained (``c-pin``); a sale of it, a coupon and a bag run (``c-sale``, ``c-coupon``,
    ``c-bag``), a coupon for gloves is armed (``c-arm``), a sale of them is in its recall window (``c-next``).

    Args:
        counting: with ``c-next``.
        crowd: with all the people and orders of the kept room; it takes seconds, and figures are all it adds.
    """
    stock = {"silk": 7, "coat": 94, "scarf": 165, "gloves": 344, "pants": 703} if crowd else {}
    at = Evening(ago=2400, stock=stock, recall_seconds=3)
    at.health = {"sources": _HEARD}
    if crowd:
        _earlier(at)
    at.until(381)
    at.pin("scarf")
    _promotions(at, counting=counting, crowd=crowd)
    return at


def _promotions(at: Evening, *, counting: bool, crowd: bool = False, people: bool = False) -> None:
    at.until(300)
    at.sale()
    at.coupon()
    at.bag()
    at.coupon("c-arm", **_COSY)
    if counting:
        at.sale("c-next", **_NEXT_SALE)
    for cue_id, ago in (("c-coupon", 171), ("c-sale", 142), ("c-bag", 108)):
        at.until(ago)
        at.fire(cue_id)
        at.until(ago - 3)
        if cue_id == "c-coupon" and (crowd or people):
            _coupons(at, used=48 if crowd else 0)
        elif cue_id == "c-sale":
            at.turned_away = {"c-sale": 214}
            for n in range(42):
                at.buys(f"sale-{n}", "scarf", 9900, paid=n < 37)
    at.approve("c-arm")
    if crowd or people:
        at.says("驼色好看", *(f"e{n}" for n in range(1204)))
    if crowd:
        _audience(at)
    if counting:
        at.until(0.9)
        at.fire("c-next")
    at.until(0)


def _earlier(at: Evening) -> None:
    """700 orders of the first hour: 630 paid, 9 closed, 10 that nobody paid in time."""
    for n in range(10):
        at.buys(f"lapsed-{n}", "thermal", paid=False)
    for n in range(9):
        at.buys(f"closed-{n}", "thermal", paid=False)
        at.fact("order.closed", {"order_id": f"closed-{n}"}, "/shop/orders")
    for n in range(7):
        at.buys(f"silk-{n}", "silk")
    for n in range(326):
        at.buys(f"gloves-{n}", "gloves")
    for n in range(297):
        at.buys(f"pants-{n}", "pants", quantity=2 if n < 96 else 1)


def _coupons(at: Evening, used: int) -> None:
    """212 claims of the coupon, some of them used for a coat; then three berets that are not paid yet."""
    for n in range(212):
        claim = {"cue_id": "c-coupon", "viewer": {"id": f"v{n}"}}
        coupon_id = at.ok("coupon.claim", claim, "producer")["coupon_id"]
        if n < used:
            line = {"sku_id": "coat", "quantity": 1}
            order = {"order_id": f"coat-{n}", "buyer": {"id": f"v{n}"}, "lines": [line]}
            at.ok("order.request", {**order, "coupon_id": coupon_id}, "producer")
            at.pays(f"coat-{n}", 126_000)
    for n in range(2 if used else 0):
        at.fact("order.refunded", {"order_id": f"coat-{n}", "refund_fen": 19_900}, "/shop/orders")
    for n in range(3 if used else 0):
        at.buys(f"beret-{n}", "beret", paid=False)


def _audience(at: Evening) -> None:
    at.facts("comment.posted", ({"viewer": {"id": f"p{n % 3000}"}, "text": "来了"} for n in range(42943)))
    at.facts("viewer.entered", ({"viewer": {"id": f"p{n % 3000}"}} for n in range(12904)))
    at.facts("viewer.followed", ({"viewer": {"id": f"p{n}"}} for n in range(860)))
    at.facts("viewer.liked", [{"viewer": {"id": "p1"}, "count": 182_000}])
    at.facts("room.measured", [{"online": 3482, "exposures": 10912}])


def by_hand() -> Evening:
    """A room of 人工协助: a change of pin that nobody confirmed, a sale of unknown state, a coupon without
    figures, a bag whose end is owed; no source reports orders."""
    at = Evening("manual", ago=600)
    at.health = {"sources": _HEARD}
    at.pin("scarf", "c-was")
    at.confirm("c-was")
    at.coupon()
    at.bag(draw="platform", seconds=300)
    at.until(240)
    at.fire("c-coupon")
    at.confirm("c-coupon")
    at.fire("c-bag")
    at.confirm("c-bag")
    at.until(204)
    at.sale()
    at.fire("c-sale")
    at.until(41)
    at.pin("gloves")
    at.until(12)
    at.stop("c-bag", reason="奖品错了")
    at.until(0)
    return at


def queue_of(role: str = "host", *, platform: str = "own", **statuses: str) -> State:
    """Sales of different goods, each brought to its status: ``a="approved", b="queued"``; ``refused`` ones
    are sent back. Nothing is explained and nothing else is there."""
    at = Evening(platform, recall_seconds=3 if "recallable" in statuses.values() else 0)
    goods = ((p, fen) for p, fen in PRICES.items() if p not in ("silk", "vest"))
    for (cue_id, status), (product_id, fen) in zip(statuses.items(), goods, strict=False):
        at.sale(cue_id, sku_id=product_id, price_fen=fen - 100, quantity=5)
        if status != "queued":
            at.ok("cue.reject" if status == "rejected" else "cue.approve", {"cue_id": cue_id})
    for cue_id, status in statuses.items():
        if status not in ("queued", "approved", "rejected"):
            at.fire(cue_id)
        assert at.cue(cue_id).status == status, (cue_id, status)
    return at.shown(role)


# The rundown -----------------------------------------------------------------------------------------


def template(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A promotion that a segment brings along."""
    return {"kind": kind, "spec": spec}


def sale_of(product_id: str, fen: int, quantity: int) -> dict[str, Any]:
    spec = {"sku_id": product_id, "price_fen": fen, "quantity": quantity, "per_buyer": 1, "seconds": 600}
    return template("flash_sale", spec)


_TEN_OFF: Final = template(
    "coupon", COUPON | {"name": "满 129 减 10", "rule": {"threshold_fen": 12900, "off_fen": 1000}}
)
_HATS: Final = template("lucky_bag", BAG | {"prize": {"name": "帽子", "value_fen": 6900}})
_BELOW_FLOOR: Final = template(
    "coupon",
    COUPON | {"name": "围巾立减", "rule": {"off_fen": 12_000}, "scope": {"product_ids": ["scarf"]}},
)
_PLAN: Final[list[tuple[str, float, list[dict[str, Any]]]]] = [
    ("coat", 12, []),
    ("silk", 9, []),
    ("scarf", 8, [template("flash_sale", SALE), _TEN_OFF, _HATS, _BELOW_FLOOR]),
    ("gloves", 6, [sale_of("gloves", 5900, 18)]),
    ("thermal", 8, [_TEN_OFF]),
    ("beret", 5, [_HATS]),
    ("vest", 8, []),
    ("pants", 7, [sale_of("pants", 4900, 100), _TEN_OFF]),
]


def planned(*, counting: bool = False) -> Evening:
    """A rundown ``s1`` … ``s8``: two segments done, the third on for 6:21 with its sale, coupon and bag on
    air and a coupon that the rules would not arm, the fourth next. ``counting``: a coupon waits approved
    (``c-arm``), and a sale is in its recall window (``c-next``)."""
    at = Evening(ago=1656)
    at.health = {"sources": _HEARD}
    segments = [
        {"segment_id": f"s{n}", "product_id": product_id, "minutes": minutes, "cues": cues}
        | {"script": "先讲面料，再讲尺码"}
        for n, (product_id, minutes, cues) in enumerate(_PLAN, 1)
    ]
    at.ok("rundown.put", {"segments": segments, "replace": True}, "assistant")
    for ago in (1656, 926, 381):
        at.until(ago)
        at.next()
    at.until(140)
    at.fire(*(cue_id for cue_id in at.room.queue if at.cue(cue_id).status == "approved"))
    if counting:
        at.until(0.9)
        at.ok("room.set", {"recall_seconds": 3})
        at.coupon("c-arm", **_COSY)
        at.approve("c-arm")
        at.sale("c-next", **_NEXT_SALE)
        at.fire("c-next")
    at.until(0)
    return at


def hosted(*, counting: bool = False, running_too: bool = True) -> Evening:
    """What the host's screen is tried on: a rundown with scripts, notes, and the promotions of `running`.

    Args:
        counting: a sale is in its recall window.
        running_too: without it nothing is on air but the pin.
    """
    at = Evening(ago=1300, recall_seconds=3)
    at.health = {"sources": _HEARD}
    rows = [(None, "开场", ""), ("silk", "", ""), ("scarf", "", SCRIPT)]
    rows += [("gloves", "", "手套男女同款。\n内里加绒，能划手机。"), ("beret", "", "")]
    segments = [
        {"segment_id": f"s{n}", "product_id": product_id, "title": title, "script": script, "minutes": 8}
        for n, (product_id, title, script) in enumerate(rows)
    ]
    at.ok("rundown.put", {"segments": segments, "replace": True}, "assistant")
    at.next()
    at.next()
    at.until(381)
    at.next()
    for text in (
        as_note("165 / 52 公斤，会不会太长？", 87),
        as_note("什么时候发货？", 31),
        as_note("有没有黑色？"),
        "库存只有 18，下一品别超 6 分钟",
    ):
        at.ok("note.put", {"text": text}, "assistant")
    if running_too:
        _promotions(at, counting=counting, people=True)
    at.until(0)
    return at


# What is kept ----------------------------------------------------------------------------------------

KEPT: Final[dict[str, Callable[[], Evening]]] = {
    "sample": lambda: running(crowd=True),
    "manual": by_hand,
    "rundown": planned,
    "host": hosted,
    "host_counting": lambda: hosted(counting=True),
    "host_quiet": lambda: hosted(running_too=False),
    "empty": lambda: Evening(goods=False, open_=False),
}
"""Name → how it is made."""


def kept_file(name: str) -> Path:
    return _FOLDER / f"{name}.json"


def kept(name: str) -> State:
    """A fresh copy of a kept room, as a host's seat decodes it."""
    return msgspec.json.decode(kept_file(name).read_bytes(), type=State)


def made(name: str) -> bytes:
    """A room as the rules make it now, in the form in which it is kept."""
    return msgspec.json.format(KEPT[name]().body()) + b"\n"


def sample_state() -> State:
    """The rich evening: `running` with all its people and orders."""
    return kept("sample")


def empty_state() -> State:
    """A room that was just made: nothing open, nothing in the cart, nobody there."""
    return kept("empty")


def manual_state() -> State:
    """A room of 人工协助 (`by_hand`)."""
    return kept("manual")


def rundown_state() -> State:
    """An evening with a rundown (`planned`)."""
    return kept("rundown")


def host_state(*, counting: bool = False, running: bool = True) -> State:
    """An evening for the host's screen (`hosted`)."""
    return kept("host_counting" if counting else "host" if running else "host_quiet")


if __name__ == "__main__":
    _FOLDER.mkdir(exist_ok=True)
    for name in KEPT:
        kept_file(name).write_bytes(made(name))
