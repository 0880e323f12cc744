"""专属价: four goods at most, the same for three days, and never under a floor however things meet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from liveconsole.domain import stacking
from liveconsole.domain.stacking import OffersThatMeet
from tests.unit.domain.desk import Desk, product


def _desk() -> Desk:
    desk = Desk()
    goods = [product(f"p{n}", 10_000, 50, floor_fen=7_000) for n in range(6)]
    desk.ok("catalogue.put", {"products": goods})
    return desk


def _give(*fens: int, sharer: str = "s1") -> dict[str, Any]:
    return {
        "viewer_id": sharer,
        "goods": [{"sku_id": f"p{n}", "price_fen": fen} for n, fen in enumerate(fens)],
    }


COUPON = {"name": "减 10", "rule": {"off_fen": 1_000}, "quantity": 5, "per_buyer": 1, "seconds": 600}


def test_four_goods_at_most_and_the_same_for_three_days() -> None:
    desk = _desk()
    assert desk.no("sharer.put", _give(*[9_000] * 5)) == "over_limit"
    desk.ok("sharer.put", _give(9_000, 9_100, 9_200, 9_300))
    desk.now += timedelta(days=2, hours=23)
    assert desk.no("sharer.put", _give(8_900)) == "goods_fixed"
    assert desk.no("sharer.put", _give()) == "goods_fixed", "nor taken away"
    desk.ok("sharer.put", _give(8_900, sharer="s2"))
    desk.now += timedelta(hours=2)
    desk.ok("sharer.put", _give(8_900))
    assert len(desk.room.sharers) == 2


def test_noes_have_their_reasons() -> None:
    desk = _desk()
    assert (
        desk.no("sharer.put", {"viewer_id": "s", "goods": [{"sku_id": "x", "price_fen": 1}]}) == "unknown_sku"
    )
    twice = [{"sku_id": "p0", "price_fen": 9_000}] * 2
    assert desk.no("sharer.put", {"viewer_id": "s", "goods": twice}) == "bad_shape"
    assert desk.no("sharer.put", _give(10_001)) == "bad_shape", "dearer than the shop"
    assert desk.no("sharer.put", _give(9_000), "assistant") == "forbidden"


def test_a_sharers_price_is_judged_with_what_runs() -> None:
    desk = _desk()
    assert desk.no("sharer.put", _give(6_999)) == "below_price_floor"
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    desk.ok("cue.approve", {"cue_id": "c"})
    assert desk.no("sharer.put", _give(7_500)) == "below_price_floor", "7,500 less the coupon"
    desk.ok("sharer.put", _give(8_000))


def test_what_comes_later_is_judged_with_a_sharers_price() -> None:
    desk = _desk()
    desk.ok("sharer.put", _give(7_500))
    refused = desk.ask("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    assert getattr(refused, "code", "") == "below_price_floor"
    assert "专属价" in str(getattr(refused, "params", {}))
    desk.now += timedelta(days=3, minutes=1)
    desk.ok("note.put", {"text": "三天过了"})
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})


def test_the_twin_a_guard_that_forgets_sharers_lets_the_floor_break(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(self: OffersThatMeet, room: Any, *more: Any, **named: Any) -> None:
        sharers, room.sharers = room.sharers, {}
        try:
            seeing(self, room, *more, **named)
        finally:
            room.sharers = sharers

    seeing = stacking.OffersThatMeet.__init__
    desk = _desk()
    desk.ok("sharer.put", _give(7_500))
    monkeypatch.setattr(stacking.OffersThatMeet, "__init__", blind)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})


def test_a_floor_that_is_raised_over_a_sharers_price_rings() -> None:
    desk = _desk()
    desk.ok("sharer.put", _give(7_500))
    assert not [alarm for alarm in desk.state()["alarms"] if alarm["code"] == "floor_broken"]
    desk.ok("catalogue.put", {"products": [product("p0", 10_000, 50, floor_fen=8_000)]})
    (alarm,) = [alarm for alarm in desk.state()["alarms"] if alarm["code"] == "floor_broken"]
    assert "专属价" in str(alarm["params"])
    desk.now += timedelta(days=3, minutes=1)
    desk.ok("note.put", {"text": "三天过了"})
    assert not [alarm for alarm in desk.state()["alarms"] if alarm["code"] == "floor_broken"]
