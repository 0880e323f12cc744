"""A room in which everything that somebody outside may write reads one text.

The rules make it once with a mark in every such place. What stands at the mark is put in on the wire, so
that no rule and no door has cut or refused any of it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any, Final

import msgspec

from liveconsole.messages.state import State
from tests.ui.committed import NOW
from tests.ui.evening import BAG, COUPON, SALE, Evening

_MARK: Final = "outside-text"
_SKUS: Final = ("scarf", "bscarf", "gloves", "bgloves", "thermal", "bthermal")


def state_of(text: str) -> State:
    """The room with this text; halves of characters, which no JSON can carry, left out."""
    sendable = "".join(letter for letter in text if not 0xD800 <= ord(letter) < 0xE000)
    return msgspec.json.decode(
        _room().replace(_MARK.encode(), json.dumps(sendable)[1:-1].encode()), type=State
    )


@cache
def _room() -> bytes:
    at = Evening("manual", ago=700, goods=False, open_=False)
    at.health = {"sources": {_MARK: {"last_at": NOW - timedelta(seconds=3), "events": 5}}}
    _goods(at)
    at.ok("broadcast.open", {"title": _MARK})
    _rundown(at)
    _ended(at)
    _waiting(at)
    at.fact("promotion.measured", {"cue_id": _MARK, "sold": 2})
    for product_id in ("scarf", None):
        at.ok("pledge.put", {"text": _MARK, "product_id": product_id}, "assistant")
    at.ok("note.put", {"text": _MARK}, "assistant")
    at.until(0)
    people = {f"p{n}": (f"p{n}", _MARK) for n in range(6)}
    return at.body(people=people)


def _goods(at: Evening) -> None:
    products = []
    for product_id in ("scarf", "gloves", "thermal"):
        skus = [
            {"sku_id": sku_id, "title": _MARK, "price_fen": 19900, "stock": 500, "floor_fen": floor}
            for sku_id, floor in ((product_id, 0), (f"b{product_id}", 9000))
        ]
        product: dict[str, Any] = {"product_id": product_id, "title": _MARK, "price_fen": 19900}
        product |= {"stock": 1000, "skus": skus, "points": _MARK, "code": _MARK, "groups": [_MARK]}
        products.append(product)
    at.ok("catalogue.put", {"products": products})
    at.ok("cart.add", {"product_ids": ["scarf", "gloves", "thermal"]})


def _coupon(cue_id: str, at: Evening) -> str:
    return at.coupon(cue_id, name=_MARK, link=f"https://{_MARK}", rule={"off_fen": 100}, seconds=900)


def _prize(**more: Any) -> dict[str, Any]:
    return {"prize": {"name": _MARK, "value_fen": 1}, "entry": {"keyword": _MARK}} | more


def _rundown(at: Evening) -> None:
    """Its first segment is on; one of its promotions was not armed."""
    low = SALE | {"sku_id": "bscarf", "price_fen": 5000}
    cues = [
        {"kind": "flash_sale", "spec": SALE},
        {"kind": "coupon", "spec": COUPON | {"name": _MARK}},
        {"kind": "lucky_bag", "spec": BAG | _prize()},
        {"kind": "flash_sale", "spec": low},
    ]
    segment = {"product_id": "scarf", "title": _MARK, "script": _MARK, "conditions": _MARK, "cues": cues}
    segments = [{"segment_id": name, "minutes": 5, **segment} for name in ("s1", "s2")]
    at.ok("rundown.put", {"segments": segments}, "assistant")
    at.next()
    at.confirm(at.room.pinned.cue_id or "")
    for cue_id in list(at.room.queue):
        at.ok("cue.remove", {"cue_id": cue_id})


def _ended(at: Evening) -> None:
    """A bag with winners of every kind, one that the platform draws, a sale whose end is owed, a refusal."""
    at.bag("e-bag", **_prize(seconds=60))
    at.bag("e-platform", **_prize(draw="platform"))
    at.sale("o-sale", sku_id="bgloves")
    at.fire("e-bag", "e-platform", "o-sale")
    for cue_id in ("e-bag", "e-platform", "o-sale"):
        at.confirm(cue_id)
    comments = [{"viewer": {"id": f"p{n}", "name": _MARK}, "text": _MARK} for n in range(6)]
    at.facts("comment.posted", comments)
    at.wait(70)
    bag = at.cue("e-bag").bag
    assert bag is not None
    won = [winner.viewer_id for winner in bag.winners]
    assert len(won) == 3
    at.ok("bag.settle", {"cue_id": "e-bag", "viewer_id": won[0], "ok": True})
    at.ok("bag.settle", {"cue_id": "e-bag", "viewer_id": won[1], "ok": False, "reason": _MARK})
    at.stop("e-platform", reason=_MARK)
    at.confirm("e-platform", "ended")
    at.stop("o-sale")
    _coupon("r-coupon", at)
    at.ok("cue.reject", {"cue_id": "r-coupon", "reason": _MARK})


def _waiting(at: Evening) -> None:
    """A promotion of every kind in every place where it can stand before its end."""
    skus = iter(_SKUS)
    for status in ("on_air", "unknown", "recallable", "approved", "queued"):
        names = {
            "flash_sale": at.sale(f"{status}-flash_sale-False", sku_id=next(skus), seconds=900),
            "coupon": _coupon(f"{status}-coupon-False", at),
            "lucky_bag": at.bag(f"{status}-lucky_bag-False", **_prize(seconds=900)),
            "nameless": at.bag(f"{status}-lucky_bag-True", **_prize(entry={}, seconds=900)),
        }
        if status in ("queued", "approved"):
            pin = at.add(f"{status}-pin-False", "pin", {"product_id": "thermal"})
            names["pin"] = pin
        if status == "queued":
            continue
        if status == "approved":
            at.approve(*names.values())
            continue
        if status == "unknown":
            at.until(195)
            at.fire(*names.values())
            at.pin("gloves", "unknown-pin-False")
            at.until(2)
        elif status == "recallable":
            at.ok("room.set", {"recall_seconds": 3})
            at.fire(*names.values())
        else:
            at.fire(*names.values())
            for cue_id in names.values():
                at.confirm(cue_id)
