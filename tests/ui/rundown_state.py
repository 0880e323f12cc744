"""The sample evening with a rundown: two segments done, the third on, the fourth next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.ui.committed import NOW, wire
from tests.ui.sample_state import sample_state


def template(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "spec": spec}


def sale(product_id: str, fen: int, quantity: int) -> dict[str, Any]:
    spec = {"sku_id": product_id, "price_fen": fen, "quantity": quantity, "per_buyer": 1, "seconds": 600}
    return template("flash_sale", spec)


_COUPON = template(
    "coupon",
    {"name": "满 129 减 10", "rule": {"threshold_fen": 12900, "off_fen": 1000}, "quantity": 100,
     "per_buyer": 1, "seconds": 600},
)  # fmt: skip
_BAG = template(
    "lucky_bag", {"prize": {"name": "帽子", "value_fen": 6900}, "winners": 3, "entry": {}, "seconds": 180}
)
_PLAN: list[tuple[str, float, list[dict[str, Any]]]] = [
    ("coat", 12, []),
    ("silk", 9, []),
    ("scarf", 8, [sale("scarf", 9900, 50), _COUPON, _BAG]),
    ("gloves", 6, [sale("gloves", 5900, 18)]),
    ("thermal", 8, [_COUPON]),
    ("beret", 5, [_BAG]),
    ("vest", 8, []),
    ("pants", 7, [sale("pants", 4900, 100), _COUPON]),
]


def segment(
    number: int, product_id: str | None, minutes: float, cues: list[Any], **more: Any
) -> dict[str, Any]:
    return {
        "segment_id": f"s{number}",
        "product_id": product_id,
        "title": "",
        "script": "先讲面料，再讲尺码",
        "minutes": minutes,
        "cues": cues,
        "conditions": "",
        "tag": "benefit" if cues else "explain",
        "tag_told": False,
        "number": number if product_id is not None else None,
        "product_title": "",
        "on_shelf": product_id != "vest",
        "by": "assistant",
        "current": False,
        "done": False,
        "started_at": None,
        "ended_at": None,
        "spent_seconds": 0,
        "steps": [],
    } | more


def _ago(seconds: float) -> str:
    return wire(NOW - timedelta(seconds=seconds))


def rundown() -> dict[str, Any]:
    """Behind by some minutes; the third segment has been on for 6:21."""
    segments = [segment(n, *row) for n, row in enumerate(_PLAN, 1)]
    segments[0] |= {"done": True, "started_at": _ago(1656), "ended_at": _ago(926), "spent_seconds": 730}
    segments[1] |= {"done": True, "started_at": _ago(926), "ended_at": _ago(381), "spent_seconds": 545}
    segments[2] |= {
        "current": True,
        "started_at": _ago(381),
        "problems": [],
        "steps": [
            {"step": "unpin", "ok": True, "cue_id": "c-old", "kind": "pin", "status": "ended"},
            {"step": "pin", "ok": True, "cue_id": "c-pin", "kind": "pin", "status": "on_air"},
            {"step": "prompter", "ok": True, "cue_id": "", "kind": "", "status": None},
            {"step": "arm", "ok": True, "cue_id": "c-sale", "kind": "flash_sale", "status": "on_air"},
            {"step": "arm", "ok": False, "cue_id": "", "kind": "coupon", "status": None,
             "code": "over_limit", "params": {"detail": "x"}, "text": "超过上限"},
        ],
    }  # fmt: skip
    segments[3]["problems"] = []
    return {
        "segments": segments,
        "current": "s3",
        "next": "s4",
        "hour_benefits": {"since": _ago(756), "fired": 3, "low": 3, "high": 5},
        "ahead_seconds": -30,
        "ends_at": None,
    }


def rundown_state() -> dict[str, Any]:
    """A fresh copy of the body of ``GET /v1/state``."""
    state = sample_state()
    state["rundown"] = rundown()
    state["notes"] = []
    return state
