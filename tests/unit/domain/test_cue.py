"""The life of a cue: every way from the queue to its end."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from liveconsole.domain.room import Cue
from tests.unit.domain.desk import SALE, START, Desk, request


def test_add_judges_the_spec_alone_and_gives_the_reasons_in_the_contracts_order() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [{**_scarf(), "floor_fen": 5000}]})
    spec = {
        "skus": [
            {"sku_id": "scarf", "price_fen": 4900, "quantity": 99},
            {"sku_id": "nobody", "price_fen": 1, "quantity": 1},
        ],
        "per_buyer": 1000,
        "seconds": 60,
    }
    refused = desk.refusal("cue.add", {"kind": "flash_sale", "spec": spec})
    assert refused.code == "unknown_sku"
    assert [r["code"] for r in refused.params["also"]] == ["below_price_floor", "over_stock", "over_limit"]


def _scarf() -> dict[str, Any]:
    return {"product_id": "scarf", "title": "scarf", "price_fen": 9900, "stock": 10}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"kind": "flash_sale", "spec": {**SALE, "price_fen": -1}}, "bad_spec"),
        ({"kind": "flash_sale", "spec": {**SALE, "price_fen": 59.5}}, "bad_spec"),
        ({"kind": "flash_sale", "spec": {**SALE, "price_fen": 20000}}, "bad_spec"),
        ({"kind": "flash_sale", "spec": "x"}, "bad_spec"),
        ({"kind": "raffle", "spec": {}}, "bad_spec"),
        ({"kind": "flash_sale"}, "bad_spec"),
        ({"kind": "pin", "spec": {"product_id": "x" * 501}}, "too_long"),
        ({"kind": "pin", "spec": {"product_id": "nobody"}}, "unknown_sku"),
        ({"kind": "pin", "spec": {"product_id": "hat"}, "at": "tomorrow"}, "bad_shape"),
        ({"kind": "pin", "spec": {"product_id": "hat"}, "at": "2026-11-11T12:00:00"}, "bad_shape"),
        ({"kind": "pin", "spec": {"product_id": "hat"}, "at": "2026-11-11T11:59:59+00:00"}, "in_the_past"),
        ({"kind": "pin", "spec": {"product_id": "hat"}, "cue_id": 7}, "bad_shape"),
    ],
)
def test_a_bad_cue_is_refused_with_its_reason(data: dict[str, Any], code: str) -> None:
    assert Desk().no("cue.add", data) == code


def test_the_same_id_twice() -> None:
    desk = Desk()
    desk.queue_sale()
    assert desk.no("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE}) == "cue_exists"


def test_a_fired_sale_can_be_taken_back_for_three_seconds() -> None:
    desk = Desk()
    desk.queue_sale()
    fired = desk.ok("cue.fire", {"cue_id": "sale"})
    assert fired["status"] == "recallable"
    assert fired["fires_at"] == "2026-11-11T12:00:03.000+00:00"
    assert desk.cue().approved_by == "host"
    assert desk.no("cue.fire", {"cue_id": "sale"}) == "already_fired"
    desk.wait(2)
    desk.ok("cue.recall", {"cue_id": "sale"}, "assistant")
    assert desk.cue().status == "recalled"
    assert desk.wait(10) == []


def test_after_the_window_it_runs_and_a_recall_is_too_late() -> None:
    desk = Desk()
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.now += timedelta(seconds=3)
    assert desk.no("cue.recall", {"cue_id": "sale"}) == "too_late", "judged by the clock, not by its tick"
    assert desk.tick() == ["cue.firing", "cue.on_air"]
    assert desk.cue().ends_at == START + timedelta(seconds=63)
    assert desk.no("cue.recall", {"cue_id": "sale"}) == "too_late"
    assert desk.no("cue.edit", {"cue_id": "sale", "spec": SALE}) == "too_late"
    assert desk.no("cue.remove", {"cue_id": "sale"}) == "too_late"
    assert desk.wait(60) == ["cue.ended"]
    assert desk.cue().ended_because == "time_up"
    assert desk.no("cue.fire", {"cue_id": "sale"}) == "already_fired"


def test_no_window_fires_at_once_in_one_commit() -> None:
    desk = Desk(recall_seconds=0)
    desk.queue_sale()
    assert desk.ok("cue.fire", {"cue_id": "sale"})["status"] == "firing"
    assert [e.type for e in desk.log[-3:]] == ["cue.approved", "cue.firing", "cue.on_air"]


def test_a_fire_needs_an_open_room_an_approval_and_what_the_seat_saw() -> None:
    desk = Desk(open_=False)
    desk.queue_sale()
    assert desk.no("cue.fire", {"cue_id": "sale"}) == "not_open"
    desk.ok("broadcast.open", {})
    assert desk.no("cue.fire", {"cue_id": "nobody"}) == "unknown_cue"
    assert desk.no("cue.fire", {"cue_id": "sale"}, "operator") == "not_approved"
    desk.ok("cue.approve", {"cue_id": "sale"}, "operator")
    assert desk.ok("cue.approve", {"cue_id": "sale"}, "operator")["status"] == "approved"
    assert desk.no("cue.fire", {"cue_id": "sale", "expect": {**SALE, "price_fen": 1}}) == "changed"
    assert desk.no("cue.fire", {"cue_id": "sale", "expect": {"price_fen": 1}}) == "changed"
    desk.ok("cue.fire", {"cue_id": "sale", "expect": SALE}, "operator")


def test_an_edit_takes_the_approval_back() -> None:
    desk = Desk()
    desk.queue_sale()
    desk.ok("cue.approve", {"cue_id": "sale"})
    desk.ok("cue.edit", {"cue_id": "sale", "spec": {**SALE, "price_fen": 6900}}, "assistant")
    assert desk.cue().status == "queued"
    assert desk.cue().approved_by is None
    assert desk.no("cue.fire", {"cue_id": "sale"}, "operator") == "not_approved"


def test_four_eyes() -> None:
    desk = Desk(four_eyes=True)
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE}, "host")
    assert desk.no("cue.approve", {"cue_id": "sale"}, "host") == "four_eyes"
    assert desk.no("cue.fire", {"cue_id": "sale"}, "host") == "not_approved"
    desk.ok("cue.approve", {"cue_id": "sale"}, "operator")
    desk.ok("cue.edit", {"cue_id": "sale", "spec": SALE}, "operator")
    assert desk.no("cue.approve", {"cue_id": "sale"}, "host") == "four_eyes", "nothing was written"
    desk.ok("cue.edit", {"cue_id": "sale", "spec": SALE | {"quantity": 4}}, "operator")
    assert desk.no("cue.approve", {"cue_id": "sale"}, "operator") == "four_eyes", "its author now"
    desk.ok("cue.approve", {"cue_id": "sale"}, "host")


def test_a_planned_cue_stands_by_and_its_window_begins_before_its_time() -> None:
    desk = Desk()
    desk.queue_sale(at=START + timedelta(seconds=60))
    assert desk.ok("cue.approve", {"cue_id": "sale"})["status"] == "standby"
    assert desk.wait(56) == []
    assert desk.wait(1) == ["cue.recallable"]
    assert desk.cue().fires_at == START + timedelta(seconds=60)
    assert desk.wait(3) == ["cue.firing", "cue.on_air"]
    assert desk.cue().on_air_at == START + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("away", "status"), [(85, "on_air"), (90, "on_air"), (90.001, "missed"), (9000, "missed")]
)
def test_more_than_30_seconds_late_to_start_is_missed(away: float, status: str) -> None:
    desk = Desk()
    desk.queue_sale(at=START + timedelta(seconds=60))
    desk.ok("cue.approve", {"cue_id": "sale"})
    desk.sleep(away)
    assert desk.cue().status == status


def test_a_recall_window_that_the_engine_slept_through() -> None:
    desk = Desk()
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.sleep(40) == ["cue.missed"]
    assert desk.cue().reason == "late"
    desk.ok("cue.fire", {"cue_id": "sale"}, "operator")
    assert desk.cue().status == "recallable", "a person decides"


def test_an_end_is_never_missed() -> None:
    desk = Desk()
    desk.run_sale()
    assert desk.sleep(100_000) == ["cue.ended"]
    assert desk.cue().ended_because == "time_up"


def test_a_planned_cue_whose_time_finds_the_room_closed_or_the_rules_against_it() -> None:
    desk = Desk(open_=False)
    desk.queue_sale(at=START + timedelta(seconds=60))
    desk.ok("cue.approve", {"cue_id": "sale"})
    assert desk.wait(60) == ["cue.missed"]
    assert desk.cue().reason == "not_open"
    desk = Desk()
    desk.queue_sale(at=START + timedelta(seconds=60))
    desk.ok("cue.approve", {"cue_id": "sale"})
    desk.ok("stock.add", {"sku_id": "scarf", "by": -8})
    assert desk.wait(60) == ["cue.missed"]
    assert desk.cue().reason == "over_stock"


def test_overlap_and_what_is_left_are_judged_at_approval_and_at_fire() -> None:
    desk = Desk()
    desk.run_sale()
    desk.queue_sale("second", quantity=5)
    assert desk.refusal("cue.approve", {"cue_id": "second"}).params["cue_id"] == "sale"
    assert desk.no("cue.fire", {"cue_id": "second"}) == "overlap"
    desk.ok("cue.stop", {"cue_id": "sale"})
    desk.ok("cue.approve", {"cue_id": "second"})
    for n in range(6):
        desk.ok("order.request", request(f"o{n}", f"b{n}"))
    refused = desk.refusal("cue.fire", {"cue_id": "second"})
    assert (refused.code, refused.params["available"]) == ("over_stock", 4)


def test_two_planned_rounds_of_one_sku_may_follow_but_not_overlap() -> None:
    desk = Desk()
    desk.queue_sale("one", at=START + timedelta(seconds=60))
    desk.queue_sale("two", at=START + timedelta(seconds=119))
    desk.queue_sale("three", at=START + timedelta(seconds=120))
    desk.ok("cue.approve", {"cue_id": "one"})
    assert desk.no("cue.approve", {"cue_id": "two"}) == "overlap"
    desk.ok("cue.approve", {"cue_id": "three"})
    desk.wait(125)
    assert desk.cue("one").ended_because == "time_up"
    assert desk.cue("three").status == "on_air"


def test_two_cues_due_in_one_tick_see_each_other() -> None:
    desk = Desk()
    desk.ok("room.set", {"recall_seconds": 0})
    desk.queue_sale("one", at=START + timedelta(seconds=60), seconds=5)
    desk.queue_sale("two", at=START + timedelta(seconds=66), seconds=5)
    for cue_id in ("one", "two"):
        desk.ok("cue.approve", {"cue_id": cue_id})
    # Both are due in one tick: the first one, late, would take the time that the second was approved for.
    desk.sleep(70)
    assert (desk.cue("one").status, desk.cue("two").status) == ("missed", "on_air")
    assert desk.cue("one").reason == "overlap"


def test_a_deadline_copies_the_cue_that_it_moves_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.ok("room.set", {"recall_seconds": 0})
    for number in range(20):
        desk.queue_sale(f"sale {number}", at=START + timedelta(seconds=60 + 10 * number), seconds=5)
        desk.ok("cue.approve", {"cue_id": f"sale {number}"})
    copied: list[str] = []
    deepcopy = copy.deepcopy

    def seen(thing: Any, memo: Any = None) -> Any:
        if isinstance(thing, Cue):
            copied.append(thing.cue_id)
        return deepcopy(thing, memo)

    monkeypatch.setattr(copy, "deepcopy", seen)
    desk.wait(66)
    assert copied == ["sale 0", "sale 0"], "it went on air, and it ended"


def test_the_queue_is_moved_removed_and_rejected() -> None:
    desk = Desk()
    for cue_id in ("a", "b", "c"):
        desk.queue_sale(cue_id)
    desk.ok("cue.move", {"cue_id": "c", "before": "a"}, "assistant")
    assert desk.room.queue == ["c", "a", "b"]
    desk.ok("cue.move", {"cue_id": "c"})
    assert desk.room.queue == ["a", "b", "c"]
    assert desk.no("cue.move", {"cue_id": "a", "before": "x"}) == "unknown_cue"
    desk.ok("cue.remove", {"cue_id": "b"})
    assert desk.room.queue == ["a", "c"]
    assert desk.no("cue.approve", {"cue_id": "b"}) == "unknown_cue"
    desk.ok("cue.reject", {"cue_id": "a", "reason": "太便宜"})
    assert desk.no("cue.fire", {"cue_id": "a"}) == "not_approved"
    assert [c["cue_id"] for c in desk.state()["cues"]] == ["a", "c"]


def test_halt_stops_everything_but_a_bag_on_air() -> None:
    desk = Desk()
    desk.run_sale("running")
    bag = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 60}
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bag})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.ok("room.set", {"recall_seconds": 3})
    desk.queue_sale("window", sku_id="hat", price_fen=3900, quantity=5)
    desk.ok("cue.fire", {"cue_id": "window"})
    desk.queue_sale("later", at=START + timedelta(seconds=600))
    desk.ok("cue.approve", {"cue_id": "later"})
    result = desk.ok("room.halt", {})
    assert desk.cue("running").ended_because == "halted"
    assert desk.cue("window").status == "recalled"
    assert (desk.cue("later").status, desk.cue("later").approved_by) == ("approved", "host")
    assert desk.room.pinned.wanted is None
    assert result["going_on"] == ["bag"]
    assert "cue.drawn" in desk.wait(60)
    assert desk.wait(600) == [], "the planned one waits for a new approval"
    assert desk.ok("room.halt", {}) == {"ended": [], "recalled": [], "approved": [], "going_on": []}


def test_a_bag_is_stopped_only_with_a_reason() -> None:
    desk = Desk(recall_seconds=0)
    bag = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 60}
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bag})
    desk.ok("cue.fire", {"cue_id": "bag"})
    assert desk.no("cue.stop", {"cue_id": "bag"}) == "needs_reason"
    desk.ok("cue.stop", {"cue_id": "bag", "reason": "口令写错"})
    assert desk.wait(120) == [], "a stopped bag is not drawn"
    assert desk.seen("bag")["reason"] == "口令写错"


def test_a_stop_in_the_recall_window_takes_it_back() -> None:
    desk = Desk()
    desk.queue_sale()
    assert desk.no("cue.stop", {"cue_id": "sale"}) == "not_running"
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.stop", {"cue_id": "sale"})
    assert desk.cue().status == "recalled"


def test_the_floor_is_judged_again_at_fire() -> None:
    desk = Desk()
    desk.queue_sale()
    desk.ok("catalogue.put", {"products": [{**_scarf(), "floor_fen": 6000}]})
    refused = desk.refusal("cue.fire", {"cue_id": "sale"})
    assert refused.code == "below_price_floor"
    assert refused.params["combination"]
