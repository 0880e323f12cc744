"""Before the day: plans and ticks belong to the broadcast that is to come; who gets which part."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liveconsole.domain import preparing
from tests.unit.domain.desk import START, Desk

SOON = START + timedelta(days=3)


def _plan(desk: Desk, days: float = 3, **more: object) -> str:
    at = (desk.now + timedelta(days=days)).isoformat()
    return str(desk.ok("prepare.plan", {"at": at, **more})["plan_id"])


def test_a_tick_is_of_the_broadcast_that_comes_next() -> None:
    desk = Desk()
    later, first = _plan(desk, 9), _plan(desk, 3)
    assert desk.ok("prepare.tick", {"item": "video", "done": True}, "assistant")["plan_id"] == first
    assert desk.room.prepare[first].done == {"video": True}
    assert desk.room.prepare[later].done == {}
    before = len(desk.log)
    desk.ok("prepare.tick", {"item": "video", "done": True})
    assert len(desk.log) == before, "it was done already"
    desk.ok("prepare.tick", {"item": "video", "done": False})
    assert desk.room.prepare[first].done == {"video": False}


def test_without_a_plan_a_tick_is_kept_for_whatever_comes_next() -> None:
    desk = Desk(open_=False)
    assert desk.ok("prepare.tick", {"item": "video", "done": True})["plan_id"] == "next"
    desk.ok("broadcast.open", {})
    assert desk.room.prepare == {}, "the opening took it"


def test_what_was_ticked_before_anybody_planned_is_of_the_first_plan() -> None:
    desk = Desk(open_=False)
    desk.ok("prepare.tick", {"item": "video", "done": True})
    desk.ok("prepare.tick", {"item": "group", "done": True})
    desk.ok("prepare.tick", {"item": "group", "done": False})
    first, second = _plan(desk), _plan(desk, 5)
    assert desk.room.prepare[first].done == {"video": True}
    assert desk.room.prepare[second].done == {}
    assert set(desk.room.prepare) == {first, second}
    assert desk.no("prepare.plan", {"at": SOON.isoformat(), "plan_id": "next"}) == "unknown_plan"


def test_an_opening_takes_the_plan_whose_time_has_come_and_no_other() -> None:
    desk = Desk(open_=False)
    tonight, other = _plan(desk, 0.2), _plan(desk, 5)
    desk.ok("prepare.tick", {"item": "video", "done": True, "plan_id": other})
    desk.ok("broadcast.open", {})
    assert tonight not in desk.room.prepare
    assert desk.room.prepare[other].done == {"video": True}


def test_a_plan_nobody_held_leaves_a_month_later() -> None:
    desk = Desk(open_=False)
    plan_id = _plan(desk, 1)
    desk.now += timedelta(days=20)
    desk.ok("broadcast.open", {})
    assert plan_id in desk.room.prepare
    desk.ok("broadcast.close", {})
    desk.now += timedelta(days=20)
    desk.ok("broadcast.open", {})
    assert plan_id not in desk.room.prepare


def test_noes_have_their_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    assert desk.no("prepare.tick", {"item": "video", "done": True, "plan_id": "none"}) == "unknown_plan"
    assert desk.no("prepare.drop", {"plan_id": "none"}) == "unknown_plan"
    assert desk.no("prepare.plan", {"at": SOON.isoformat(), "plan_id": "none"}) == "unknown_plan"
    assert desk.no("prepare.plan", {"at": (START - timedelta(hours=1)).isoformat()}) == "in_the_past"
    assert desk.no("prepare.plan", {"at": (START + timedelta(days=5000)).isoformat()}) == "over_limit"
    for _ in range(preparing.PLANS_LIMIT):
        plan_id = _plan(desk)
    assert desk.no("prepare.plan", {"at": SOON.isoformat()}) == "over_limit"
    desk.ok("prepare.plan", {"at": SOON.isoformat(), "plan_id": plan_id})
    for number in range(preparing.ITEMS_LIMIT):
        desk.ok("prepare.tick", {"item": f"i{number}", "done": True, "plan_id": plan_id})
    assert desk.no("prepare.tick", {"item": "more", "done": True, "plan_id": plan_id}) == "over_limit"
    desk.ok("prepare.tick", {"item": "i0", "done": False, "plan_id": plan_id})


def test_a_rivals_week_begins_on_its_monday() -> None:
    desk = Desk()
    rows = [{"shop": " 隔壁 ", "title": "帽子", "price_fen": 3900}]
    assert desk.ok("rivals.put", {"week": "2026-11-27", "rows": rows})["week"] == "2026-11-23"
    assert desk.log[-1].data.rows[0].shop == "隔壁"  # type: ignore[attr-defined]
    assert desk.no("rivals.put", {"week": "2026-11-27", "rows": []}) == "bad_shape"
    assert desk.no("rivals.put", {"week": "2026-11-27", "rows": [rows[0] | {"title": " "}]}) == "bad_shape"


def test_parts_are_at_most_the_whole() -> None:
    desk = Desk()
    host, agency = {"who": "host", "percent": "60"}, {"who": "agency", "percent": "40.01"}
    assert desk.no("parts.put", {"parts": [host, agency]}) == "over_limit"
    assert desk.no("parts.put", {"parts": [host, host]}) == "bad_shape"
    assert desk.no("parts.put", {"parts": [{"who": "host", "percent": "-3"}]}) == "bad_shape"
    assert desk.ok("parts.put", {"parts": [host, agency | {"percent": "40"}]})["since"] == "2026-11-11"
    assert desk.no("parts.put", {"parts": [host]}, "assistant") == "forbidden"
