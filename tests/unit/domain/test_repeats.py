"""整点秒杀: one approval, a cue of its own at every beat, each judged anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from liveconsole.domain import fire, repeats
from liveconsole.domain.room import Cue
from liveconsole.domain.tick import next_due
from tests.unit.domain.desk import SALE, START, Desk, Seeded, product, request

HOUR = 3600
EVERY = {"minutes": 60, "times": 3}


def hourly(desk: Desk, **more: Any) -> str:
    """A plan of three, from the next full hour on, approved."""
    data = {"cue_id": "first", "kind": "flash_sale", "spec": {**SALE, "quantity": 2}, "repeat": EVERY}
    desk.ok("cue.add", data | more)
    desk.ok("cue.approve", {"cue_id": "first"})
    return "first"


def plan(desk: Desk) -> list[Cue]:
    return sorted((c for c in desk.room.cues.values() if c.plan_id == "first"), key=lambda cue: cue.nth)


def begun(desk: Desk) -> list[datetime]:
    return [e.at for e in desk.log if e.type == "cue.on_air"]


def test_one_approval_fires_a_cue_of_its_own_at_every_full_hour_and_no_more() -> None:
    desk = Desk()
    desk.wait(600)
    hourly(desk)
    assert desk.cue("first").at == START + timedelta(hours=1)
    desk.wait(5 * HOUR)
    assert begun(desk) == [START + timedelta(hours=n) for n in (1, 2, 3)]
    assert [(c.nth, c.status, c.approved_by, c.sale["scarf"].quantity) for c in plan(desk)] == [
        (1, "ended", "host", 2),
        (2, "ended", "host", 2),
        (3, "ended", "host", 2),
    ]
    assert desk.room.queue == []
    assert desk.refold() == desk.room


def test_the_next_one_waits_in_the_queue_as_soon_as_the_one_before_it_goes() -> None:
    desk = Desk()
    hourly(desk)
    desk.wait(HOUR)
    _, coming = plan(desk)
    assert desk.room.queue == [coming.cue_id]
    shown = desk.seen(coming.cue_id)
    assert (shown["nth"], shown["repeat"], shown["plan_id"]) == (2, EVERY, "first")
    assert shown["fires_at"].startswith("2026-11-11T14:00:00")


def test_each_is_judged_anew_and_one_that_is_skipped_says_why() -> None:
    desk = Desk(recall_seconds=0)
    hourly(desk)
    desk.wait(HOUR + 120)
    desk.ok("stock.add", {"sku_id": "scarf", "by": -9})
    desk.wait(HOUR)
    skipped = plan(desk)[1]
    assert (skipped.status, skipped.reason) == ("missed", "over_stock")
    desk.ok("stock.add", {"sku_id": "scarf", "by": 9})
    desk.wait(HOUR - 100)
    assert [c.status for c in plan(desk)] == ["ended", "removed", "on_air"], "its row left with the next hour"


def test_a_floor_that_was_raised_meanwhile_skips_the_next() -> None:
    desk = Desk()
    hourly(desk)
    desk.wait(HOUR + 120)
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=6000)]})
    desk.wait(HOUR)
    assert [(c.status, c.reason) for c in plan(desk)][1] == ("missed", "below_price_floor")
    assert len(begun(desk)) == 1


def test_to_take_out_the_next_ends_the_plan() -> None:
    desk = Desk()
    hourly(desk)
    desk.wait(HOUR + 120)
    desk.ok("cue.remove", {"cue_id": plan(desk)[1].cue_id})
    desk.wait(5 * HOUR)
    assert [c.status for c in plan(desk)] == ["ended", "removed"]


def test_the_next_is_edited_and_what_comes_after_it_is_like_it() -> None:
    desk = Desk()
    hourly(desk)
    desk.wait(HOUR + 120)
    second = plan(desk)[1].cue_id
    desk.ok("cue.edit", {"cue_id": second, "spec": {**SALE, "price_fen": 4900, "quantity": 3}})
    assert desk.cue(second).at == START + timedelta(hours=2)
    desk.wait(600)
    assert desk.cue(second).status == "queued", "an edit takes the approval back, of the rest as well"
    desk.ok("cue.approve", {"cue_id": second})
    desk.wait(2 * HOUR - 690)
    assert [(c.status, c.sale["scarf"].price_fen) for c in plan(desk)] == [
        ("ended", 5900),
        ("ended", 4900),
        ("on_air", 4900),
    ]


def test_a_plan_that_was_held_up_is_on_its_beat_again_and_the_hour_that_passed_is_none_of_it() -> None:
    desk = Desk()
    hourly(desk)
    desk.wait(HOUR + 120)
    desk.ok("room.halt", {})
    desk.wait(HOUR + 600)
    second = plan(desk)[1]
    assert second.status == "approved"
    desk.ok("cue.approve", {"cue_id": second.cue_id})
    assert desk.cue(second.cue_id).fires_at == START + timedelta(hours=3)
    desk.wait(3 * HOUR)
    assert begun(desk) == [START + timedelta(hours=n) for n in (1, 3, 4)]


def test_fired_by_hand_it_was_that_hours_own() -> None:
    desk = Desk()
    hourly(desk)
    desk.wait(HOUR - 300)
    desk.ok("cue.fire", {"cue_id": "first"})
    desk.wait(2 * HOUR)
    assert begun(desk) == [START + timedelta(seconds=HOUR - 297), START + timedelta(hours=2)]
    assert [c.nth for c in plan(desk)] == [1, 2, 3]


def test_one_that_was_taken_back_is_that_hours_own_and_the_rest_goes_on() -> None:
    desk = Desk()
    hourly(desk)
    desk.wait(HOUR - 1)
    desk.ok("cue.recall", {"cue_id": "first"})
    desk.wait(HOUR + 10)
    assert begun(desk) == [START + timedelta(hours=2)]
    second = plan(desk)[1].cue_id
    assert desk.no("cue.fire", {"cue_id": second}) == "already_fired"


def test_two_of_one_plan_never_run_at_once_although_their_kind_would_allow_it() -> None:
    desk = Desk(platform="manual", recall_seconds=0)
    coupon = {"name": "满减", "rule": {"off_fen": 500}, "quantity": 5, "per_buyer": 1, "seconds": 50}
    desk.ok(
        "cue.add", {"cue_id": "first", "kind": "coupon", "spec": coupon, "repeat": {"minutes": 1, "times": 3}}
    )
    desk.ok("cue.approve", {"cue_id": "first"})
    desk.wait(HOUR)
    assert desk.cue("first").status == "firing"
    desk.wait(30)
    desk.ok("cue.confirm", {"cue_id": "first", "step": "on_air", "done": True})
    desk.wait(40)
    assert [(c.status, c.reason) for c in plan(desk)][:2] == [("on_air", ""), ("missed", "overlap")]


@pytest.mark.parametrize("away", [10, 40, HOUR + 40, 4 * HOUR])
def test_an_engine_that_was_away_fires_nothing_late_and_passes_over_no_hour_in_silence(away: int) -> None:
    desk = Desk(recall_seconds=0)
    hourly(desk)
    desk.wait(HOUR - 5)
    desk.sleep(away)
    desk.wait(5 * HOUR)
    late = sum(away - 5 - hour * HOUR > 30 for hour in range(3))
    assert len(begun(desk)) == 3 - late
    missed = [e.data.reason for e in desk.log if e.type == "cue.missed"]  # type: ignore[attr-defined]
    assert missed == ["late"] * late
    assert len(plan(desk)) == 3


def test_a_plan_that_has_begun_ends_with_its_broadcast_and_one_that_has_not_waits_for_the_next() -> None:
    desk = Desk()
    hourly(desk)
    desk.ok(
        "cue.add",
        {
            "cue_id": "tomorrow", "kind": "flash_sale", "spec": {**SALE, "sku_id": "hat", "price_fen": 3900},
            "at": (START + timedelta(hours=24)).isoformat(), "repeat": EVERY,
        },
    )  # fmt: skip
    desk.wait(HOUR + 120)
    desk.ok("broadcast.close", {})
    assert [c.status for c in plan(desk)] == ["ended", "removed"]
    assert desk.room.queue == ["tomorrow"]
    desk.ok("broadcast.open", {})
    desk.wait(5 * HOUR)
    assert len(begun(desk)) == 1


@pytest.mark.parametrize(
    ("kind", "spec", "repeat", "code"),
    [
        ("flash_sale", SALE, {"minutes": 1, "times": 2}, "repeat_too_close"),
        ("pin", {"product_id": "scarf"}, EVERY, "cannot_repeat"),
        ("flash_sale", SALE, {"minutes": 0, "times": 2}, "bad_shape"),
        ("flash_sale", SALE, {"minutes": 60, "times": 1}, "bad_shape"),
        ("flash_sale", SALE, {"minutes": 60, "times": 49}, "bad_shape"),
    ],
)
def test_a_beat_that_cannot_be_kept_is_refused(kind: str, spec: Any, repeat: Any, code: str) -> None:
    assert Desk().no("cue.add", {"kind": kind, "spec": spec, "repeat": repeat}) == code


def test_a_single_one_becomes_a_plan_by_an_edit_and_a_plan_a_single_one() -> None:
    desk = Desk()
    desk.queue_sale("first", quantity=2)
    desk.ok("cue.edit", {"cue_id": "first", "spec": {**SALE, "quantity": 2}, "repeat": EVERY})
    assert desk.cue("first").at == START + timedelta(hours=1)
    desk.ok("cue.approve", {"cue_id": "first"})
    desk.wait(HOUR + 70)
    second = plan(desk)[1].cue_id
    desk.ok("cue.edit", {"cue_id": second, "spec": {**SALE, "quantity": 2}, "repeat": None})
    desk.ok("cue.approve", {"cue_id": second})
    desk.wait(5 * HOUR)
    assert len(begun(desk)) == 2


def test_each_hour_sells_its_own_quantity() -> None:
    desk = Desk(recall_seconds=0)
    hourly(desk)
    for hour in (1, 2, 3):
        desk.wait((START + timedelta(hours=hour) - desk.now).total_seconds() + 5)
        running = next(c for c in plan(desk) if c.status == "on_air")
        for buyer in ("a", "b"):
            asked = request(f"{hour}{buyer}", buyer, cue_id=running.cue_id)
            desk.ok("order.request", asked, "producer")
        none_left = request(f"{hour}c", "c", cue_id=running.cue_id)
        assert desk.no("order.request", none_left, "producer") == "sold_out"
    assert desk.refold() == desk.room


def test_without_what_queues_the_next_one_the_plan_ends_with_its_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin: it is `following`, and nothing else, that keeps a plan going."""
    monkeypatch.setattr(repeats, "following", lambda *_: [])
    desk = Desk()
    hourly(desk)
    desk.wait(5 * HOUR)
    assert begun(desk) == [START + timedelta(hours=1)]


def _killed_after(desk: Desk, events: int) -> Desk:
    """The room as a start folds it from so much of the log; time stands at the last event of it."""
    started = Desk.__new__(Desk)
    started.__dict__ |= desk.__dict__
    started.log = desk.log[:events]
    started.room = started.refold()
    started.chance = Seeded()
    started.chance.fresh(events)  # ids after a start are none that were given before it
    started.chance._calls += 1_000
    started.now = started.log[-1].at
    return started


def test_killed_at_any_commit_and_started_again_every_hour_fires_exactly_once() -> None:
    """Whatever had reached the disk, and however long until the start, up to what is late: each of the three
    hours has one cue that fires, at its hour or when the engine is back."""
    desk = Desk(recall_seconds=0)
    hourly(desk)
    commits = [len(desk.log)]
    while (due := next_due(desk.room)) is not None:
        desk.now = max(desk.now, due)
        desk.tick()
        commits.append(len(desk.log))
    assert len(begun(desk)) == 3
    assert len(commits) >= 7
    for events in commits:
        for away in (0, 1, 20):
            back = _killed_after(desk, events)
            back.sleep(away)
            back.wait(6 * HOUR)
            hours = [round((at - START).total_seconds() / HOUR) for at in begun(back)]
            assert hours == [1, 2, 3], (events, away)
            assert [c.nth for c in plan(back)] == [1, 2, 3]


def test_a_start_that_forgot_what_comes_next_would_be_seen() -> None:
    """The twin: a next time that is kept beside the log, and not on it, is gone after the kill."""
    desk = Desk(recall_seconds=0)
    hourly(desk)
    desk.wait(HOUR)
    lost = [e for e in desk.log if not (e.type == "cue.queued" and e.data.nth == 2)]  # type: ignore[attr-defined]
    second = plan(desk)[1].cue_id
    desk.log = [e for e in lost if getattr(e.data, "cue_id", "") != second]
    back = _killed_after(desk, len(desk.log))
    back.wait(6 * HOUR)
    assert len(begun(back)) == 1


def test_four_eyes_that_are_wanted_meanwhile_are_wanted_of_the_next_time() -> None:
    desk = Desk()
    hourly(desk)
    desk.ok("room.set", {"four_eyes": True})
    desk.wait(HOUR + 120)
    second = plan(desk)[1].cue_id
    assert desk.cue(second).status == "queued", "who wrote it approved it"
    desk.ok("cue.approve", {"cue_id": second}, "operator")
    desk.wait(2 * HOUR)
    assert [c.approved_by for c in plan(desk)] == ["host", "operator", "operator"]


def test_whoever_fires_one_time_by_hand_has_not_approved_the_next() -> None:
    desk = Desk()
    data = {"cue_id": "first", "kind": "flash_sale", "spec": {**SALE, "quantity": 2}, "repeat": EVERY}
    desk.ok("cue.add", data, "host")
    desk.ok("room.set", {"four_eyes": True})
    desk.ok("cue.approve", {"cue_id": "first"}, "operator")
    desk.ok("cue.fire", {"cue_id": "first"}, "host")
    assert [c.approved_by for c in plan(desk)] == ["operator", "operator"]
    assert [e.actor for e in desk.log if e.type == "cue.approved"] == ["operator", "clock"]


# 讲到 9 号才能开抢 --------------------------------------------------------------------------------


def test_it_is_fired_only_once_the_product_before_it_was_explained() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE, "only_after": "hat"})
    desk.ok("cue.approve", {"cue_id": "sale"})
    refused = desk.refusal("cue.fire", {"cue_id": "sale"})
    assert (refused.code, refused.text) == ("not_shown_yet", "先讲「hat」，讲过才能开抢")
    assert desk.seen()["can"]["fire"]["code"] == "not_shown_yet"
    desk.ok("cart.pin", {"product_id": "scarf"})
    assert desk.no("cue.fire", {"cue_id": "sale"}) == "not_shown_yet"
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.ok("cart.unpin", {})
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.cue().status == "on_air"


def test_a_pin_of_an_earlier_evening_and_one_that_nobody_confirmed_do_not_count() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE, "only_after": "hat"})
    desk.ok("cue.approve", {"cue_id": "sale"})
    assert desk.no("cue.fire", {"cue_id": "sale"}) == "not_shown_yet"
    desk = Desk(recall_seconds=0)
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE, "only_after": "hat"})
    desk.ok("cue.approve", {"cue_id": "sale"})
    assert desk.no("cue.fire", {"cue_id": "sale"}) == "not_shown_yet"


def test_a_planned_one_is_missed_and_every_time_of_a_plan_asks_it() -> None:
    desk = Desk(recall_seconds=0)
    hourly(desk, only_after="hat")
    desk.wait(HOUR)
    assert (desk.cue("first").status, desk.cue("first").reason) == ("missed", "not_shown_yet")
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.wait(HOUR)
    assert [c.only_after for c in plan(desk)] == ["hat"] * 3
    assert begun(desk)[-1] == START + timedelta(hours=2)


def test_it_is_taken_away_by_an_edit_and_stays_where_the_edit_does_not_speak_of_it() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE, "only_after": "hat"})
    desk.ok("cue.edit", {"cue_id": "sale", "spec": {**SALE, "quantity": 3}})
    assert desk.cue().only_after == "hat"
    desk.ok("cue.edit", {"cue_id": "sale", "spec": SALE, "only_after": None})
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.no("cue.add", {"kind": "flash_sale", "spec": SALE, "only_after": "x"}) == "unknown_product"
    assert desk.refold() == desk.room


def test_without_the_question_it_would_be_fired(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr(fire, "not_shown_yet", lambda *_: None)
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "sale", "kind": "flash_sale", "spec": SALE, "only_after": "hat"})
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.cue().status == "on_air"
