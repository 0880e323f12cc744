"""Settings, opening and closing."""

from __future__ import annotations

from typing import Any

from tests.unit.domain.desk import Desk, request


def test_only_what_is_sent_changes_and_nothing_new_makes_no_event() -> None:
    desk = Desk()
    desk.ok("room.set", {"recall_seconds": 5, "shop_coupons": [{"threshold_fen": 10000, "off_fen": 100}]})
    events = len(desk.log)
    desk.ok("room.set", {"recall_seconds": 5})
    assert len(desk.log) == events
    room = desk.state()["room"]
    assert (room["recall_seconds"], room["hold_seconds"], room["platform"]) == (5, 900, "own")
    assert room["shop_coupons"][0]["rule"]["off_fen"] == 100
    desk.ok("room.set", {"sources": {"oba": True}})
    desk.ok("room.set", {"sources": {"wxlivespy": True}})
    assert desk.state()["room"]["sources"] == {"oba": True, "wxlivespy": True}


def test_settings_out_of_bounds() -> None:
    desk = Desk()
    wrong: list[dict[str, Any]]
    wrong = [{"recall_seconds": 61}, {"platform": "tiktok"}, {"hold_seconds": 0}, {"shop_coupons": [{}]}]
    for bad in wrong:
        assert desk.no("room.set", bad) == "bad_shape"


def test_a_broadcast_closes_only_when_nothing_runs() -> None:
    desk = Desk()
    assert desk.no("broadcast.open", {}) == "already_open"
    desk.run_sale()
    refused = desk.refusal("broadcast.close", {})
    assert (refused.code, refused.params["cues"][0]["cue_id"]) == ("still_running", "sale")
    desk.ok("cue.stop", {"cue_id": "sale"})
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.ok("broadcast.close", {})
    assert desk.state()["pinned"]["wanted"] is None, "what is explained ends with it"
    assert desk.state()["broadcast"]["status"] == "closed"
    assert desk.no("broadcast.close", {}) == "not_open"


def test_an_order_at_the_normal_price_needs_no_broadcast() -> None:
    desk = Desk(open_=False)
    desk.ok("order.request", request("o1"))
