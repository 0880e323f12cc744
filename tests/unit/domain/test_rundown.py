"""排品表 and 下一品: what a seat can do to the plan, and what going on does to the room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.domain.decide import decide
from liveconsole.messages.envelope import Command
from liveconsole.messages.refusals import Refused
from liveconsole.messages.state import RundownState, StepState
from liveconsole.views.rundown import MIX_WANTED, benefits, mix, pace, short_of
from tests.unit.domain.desk import SALE, START, Desk, encoded, product

COUPON = {"name": "减8", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60}
BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 60}


def segment(segment_id: str, product_id: str | None, minutes: float = 5, **more: Any) -> dict[str, Any]:
    return {"segment_id": segment_id, "product_id": product_id, "minutes": minutes, **more}


def planned(*segments: dict[str, Any], **settings: Any) -> Desk:
    desk = Desk(**settings)
    desk.ok("catalogue.put", {"products": [product("glove", 3900, 9)]})
    desk.ok("rundown.put", {"segments": list(segments)}, "assistant")
    return desk


def three(**settings: Any) -> Desk:
    return planned(
        segment(
            "a",
            "scarf",
            cues=[{"kind": "flash_sale", "spec": SALE}, {"kind": "coupon", "spec": COUPON}],
            tag="explain",
        ),
        segment("b", "hat", 10, tag="proof"),
        segment("c", "glove", tag="benefit"),
        **settings,
    )


def order(desk: Desk) -> list[str]:
    return [segment.segment_id for segment in rundown(desk).segments]


def rundown(desk: Desk) -> RundownState:
    return desk.shown().rundown


def ahead(desk: Desk) -> int | None:
    return pace(rundown(desk), desk.now).ahead_seconds


def steps_of(desk: Desk, place: int) -> list[StepState]:
    return rundown(desk).segments[place].steps


def test_a_plan_is_put_changed_moved_copied_and_thinned() -> None:
    desk = three()
    desk.ok("rundown.put", {"segments": [{"segment_id": "b", "script": "看这顶帽子"}]})
    assert [s.written.minutes for s in desk.room.rundown.segments.values()] == [5, 10, 5], "the rest stays"
    desk.ok("rundown.move", {"segment_id": "c", "before": "a"})
    assert order(desk) == ["c", "a", "b"]
    copied = desk.ok("rundown.duplicate", {"segment_id": "a"})["segment_id"]
    assert order(desk) == ["c", "a", copied, "b"]
    one, other = desk.room.rundown.segments["a"].written, desk.room.rundown.segments[copied].written
    assert msgspec.structs.replace(other, segment_id="a") == one
    assert desk.ok("rundown.remove", {"segment_ids": ["a", "b", "gone"]})["segment_ids"] == ["a", "b"]
    desk.ok("rundown.put", {"segments": [segment("d", None), segment("c", "hat")], "replace": True})
    assert order(desk) == ["d", "c"]
    assert encoded(desk.refold()) == encoded(desk.room)


def test_new_segments_come_before_the_one_that_is_named() -> None:
    desk = three()
    made = desk.ok("rundown.put", {"segments": [{"product_id": "hat"}, {"minutes": 1}], "before": "b"})
    assert order(desk) == ["a", *made["segment_ids"], "b", "c"]


def test_what_is_so_already_makes_no_event() -> None:
    desk = three()
    before = len(desk.log)
    desk.ok("rundown.put", {"segments": [{"segment_id": "a", "product_id": "scarf"}]})
    desk.ok("rundown.move", {"segment_id": "c"})
    desk.ok("rundown.move", {"segment_id": "c", "before": "c"})
    desk.ok("rundown.remove", {"segment_ids": ["nobody"]})
    assert len(desk.log) == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"segments": [segment("x", "nothing")]}, "unknown_product"),
        ({"segments": [segment("x", None), segment("x", None)]}, "segment_twice"),
        ({"segments": [segment("x", None, script="字" * 5001)]}, "too_long"),
        ({"segments": [segment("x", None, title="字" * 501)]}, "too_long"),
        ({"segments": [segment("x", None, -1)]}, "bad_shape"),
        ({"segments": [segment("x", None, cues=[{"kind": "coupon", "spec": {}}])]}, "bad_spec"),
        ({"segments": [segment("x", None, cues=[{"kind": "raffle", "spec": {}}])]}, "bad_shape"),
        ({"segments": [segment(str(n), None) for n in range(501)]}, "bad_shape"),
        ({"segments": [segment(str(n), None, script="字" * 5000) for n in range(41)]}, "over_limit"),
    ],
)
def test_a_plan_that_cannot_be(data: dict[str, Any], code: str) -> None:
    desk = Desk()
    assert desk.no("rundown.put", data) == code
    assert desk.room.rundown.segments == {}


def test_a_script_may_be_longer_than_any_other_text() -> None:
    desk = planned(segment("a", "scarf", script="字" * 5000))
    assert len(rundown(desk).segments[0].script) == 5000
    spec = {**COUPON, "script": "字" * 501}
    assert desk.no(
        "rundown.put", {"segments": [segment("a", None, cues=[{"kind": "coupon", "spec": spec}])]}
    ) == ("too_long")


def test_next_pins_arms_in_order_and_fires_no_money() -> None:
    desk = three()
    desk.queue_sale("other", sku_id="hat", price_fen=3900)
    answer = desk.ok("go.next", {"expect": {"segment_id": "a"}}, "operator")
    assert (answer["segment_id"], answer["product_id"], answer["number"]) == ("a", "scarf", 1)
    assert desk.shown().pinned.confirmed == "scarf"
    sale, coupon = answer["armed"]
    assert desk.room.queue[:2] == [sale, coupon]
    assert [(desk.cue(c).kind, desk.cue(c).status) for c in (sale, coupon)] == [
        ("flash_sale", "approved"), ("coupon", "approved"),
    ]  # fmt: skip
    assert desk.cue(sale).proposed_by == "assistant", "who wrote the segment proposed it"
    assert desk.cue("other").status == "queued"
    assert desk.wait(600) == []
    assert [(s.step, s.ok, s.status) for s in steps_of(desk, 0)] == [
        ("pin", True, "on_air"), ("prompter", True, None),
        ("arm", True, "approved"), ("arm", True, "approved"),
    ]  # fmt: skip
    desk.ok("go.next", {})
    assert [step.step for step in steps_of(desk, 1)] == ["unpin", "pin", "prompter", "arm"]
    assert desk.shown().pinned.wanted == "hat"


@pytest.mark.parametrize("expect", ["a", "scarf", {"segment_id": "a"}, {"product_id": "scarf"}])
def test_pressing_twice_does_nothing_twice(expect: Any) -> None:
    desk = three()
    desk.ok("go.next", {"expect": expect})
    before = encoded(desk.room)
    assert desk.ok("go.next", {"expect": expect})["already"] is True
    assert encoded(desk.room) == before


def test_without_what_was_expected_twice_is_two_steps() -> None:
    desk = three()
    desk.ok("go.next", {})
    assert desk.ok("go.next", {})["segment_id"] == "b", "the guard is what the seat says it showed"
    assert desk.no("go.next", {"expect": "a"}) == "changed"


def test_the_step_of_a_pin_tells_what_the_platform_said() -> None:
    desk = three(platform="manual")
    pin = desk.ok("go.next", {})["cue_id"]

    def status() -> str | None:
        return next(step.status for step in steps_of(desk, 0) if step.step == "pin")

    assert status() == "firing"
    desk.wait(31)
    assert status() == "unknown"
    desk.ok("cue.confirm", {"cue_id": pin, "step": "on_air", "done": False})
    assert status() == "refused"


def test_a_template_that_the_rules_refuse_is_told_and_the_rest_is_armed() -> None:
    desk = three()
    desk.ok("catalogue.put", {"products": [{**product("scarf", 9900, 10), "floor_fen": 6000}]})
    assert [problem.code for problem in rundown(desk).segments[0].problems] == ["below_price_floor"]
    answer = desk.ok("go.next", {})
    assert [n["code"] for n in answer["not_armed"]] == ["below_price_floor"]
    assert [desk.cue(c).kind for c in answer["armed"]] == ["coupon"]


def test_four_eyes_leaves_a_segments_own_author_waiting() -> None:
    desk = Desk(four_eyes=True)
    desk.ok("rundown.put", {"segments": [segment("a", "scarf", cues=[{"kind": "coupon", "spec": COUPON}])]})
    answer = desk.ok("go.next", {})
    assert [n["code"] for n in answer["not_armed"]] == ["four_eyes"]
    (cue,) = [c for c in desk.room.cues.values() if c.kind == "coupon"]
    assert cue.status == "queued"
    desk.ok("cue.approve", {"cue_id": cue.cue_id}, "operator")


def test_going_back_takes_the_same_cues_again_and_makes_new_ones_of_those_that_ran() -> None:
    desk = three(recall_seconds=0)
    sale, coupon = desk.ok("go.next", {})["armed"]
    desk.ok("cue.fire", {"cue_id": coupon})
    desk.ok("cue.stop", {"cue_id": coupon})
    desk.ok("go.next", {})
    answer = desk.ok("go.next", {"to": "a"})
    assert answer["armed"][0] == sale
    assert answer["armed"][1] != coupon
    assert desk.ok("go.next", {"to": "a"})["already"] is True
    assert desk.no("go.next", {"to": "z"}) == "unknown_segment"
    assert desk.ok("go.next", {})["segment_id"] == "c", "what is done is passed"
    assert desk.no("go.next", {}) == "nothing_next"


def test_off_the_shelf_is_passed_and_talk_without_a_product_unpins() -> None:
    desk = planned(segment("a", "scarf"), segment("b", "hat"), segment("talk", None))
    desk.ok("product.shelf", {"product_id": "hat", "on": False})
    desk.ok("go.next", {})
    assert desk.ok("go.next", {})["segment_id"] == "talk"
    pinned = desk.state()["pinned"]
    assert (pinned["wanted"], pinned["confirmed"]) == (None, None), "where nobody is asked it is off at once"


def test_a_product_that_is_explained_goes_on_being_explained() -> None:
    desk = planned(segment("a", "scarf"), segment("b", "scarf", tag="benefit"))
    pin = desk.ok("go.next", {})["cue_id"]
    assert desk.ok("go.next", {"expect": {"segment_id": "b"}})["cue_id"] == pin
    assert desk.cue(pin).status == "on_air"


def test_not_before_the_broadcast_and_anew_in_the_next() -> None:
    desk = planned(segment("a", "scarf"), open_=False)
    assert desk.no("go.next", {}) == "not_open"
    desk.ok("broadcast.open", {})
    desk.ok("go.next", {})
    assert desk.no("go.next", {}) == "nothing_next"
    desk.wait(60)
    desk.ok("broadcast.close", {})
    assert desk.room.rundown.segments["a"].spent_seconds == 60
    desk.ok("broadcast.open", {})
    assert desk.ok("go.next", {})["segment_id"] == "a"


def test_only_who_may_goes_on() -> None:
    desk = three()
    assert desk.no("go.next", {}, "assistant") == "forbidden"
    assert desk.no("rundown.put", {"segments": []}, "viewer") == "forbidden"


def test_the_clock_against_the_plan() -> None:
    desk = three()
    seen = rundown(desk)
    assert (ahead(desk), seen.current, seen.next) == (None, None, "a")
    desk.ok("go.next", {})
    desk.wait(240)
    assert ahead(desk) == 0
    desk.wait(120)
    assert ahead(desk) == -60, "it runs over"
    desk.ok("go.next", {})
    desk.wait(180)
    desk.ok("go.next", {})
    seen = rundown(desk)
    assert ahead(desk) == 360, "7 of 10 minutes saved, 1 lost"
    assert seen.segments[1].spent_seconds == 180
    assert mix(seen, desk.now).planned == {"explain": 5, "proof": 10, "benefit": 5}
    assert mix(seen, desk.now).spent["proof"] == 3
    later = pace(seen, desk.now.replace(minute=desk.now.minute + 6))
    assert (later.ahead_seconds, later.left_seconds) == (300, -60)


def test_the_clock_of_what_was_left_out() -> None:
    desk = three()
    desk.ok("go.next", {})
    desk.wait(300)
    desk.ok("go.next", {"to": "c"})
    assert ahead(desk) == 600


def test_benefits_are_counted_by_the_hour() -> None:
    desk = three(recall_seconds=0)
    desk.run_sale("one")
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.ok("go.next", {})
    opened = desk.shown().broadcast.opened_at
    assert opened == START
    hour = benefits(rundown(desk), opened, desk.now)
    assert (hour.since, hour.fired) == (START, 2)
    desk.wait(3600)
    assert benefits(rundown(desk), opened, desk.now).fired == 0
    desk.ok("broadcast.close", {})
    assert rundown(desk).benefits == []


def test_what_minutes_are_for_is_told_from_the_promotions_where_nobody_says_it() -> None:
    sale = {"kind": "flash_sale", "spec": SALE}
    desk = planned(
        segment("a", "scarf"),
        segment("b", "scarf", cues=[sale]),
        segment("c", "scarf", cues=[sale], tag="proof"),
        segment("d", "hat", cues=[{"kind": "pin", "spec": {"product_id": "hat"}}]),
    )

    def seen() -> list[tuple[str, bool]]:
        return [(segment.tag, segment.tag_told) for segment in rundown(desk).segments]

    assert seen() == [("explain", False), ("benefit", False), ("proof", True), ("explain", False)]
    desk.ok("rundown.put", {"segments": [{"segment_id": "c", "tag": None}]})
    assert seen()[2] == ("benefit", False)
    assert mix(rundown(desk), desk.now).planned == {"explain": 10, "proof": 0, "benefit": 10}
    copied = desk.ok("rundown.duplicate", {"segment_id": "b"})["segment_id"]
    assert desk.room.rundown.segments[copied].written.tag is None
    assert desk.no("rundown.put", {"segments": [{"segment_id": "c", "tag": "talk"}]}) == "bad_shape"


def test_the_mix_and_the_hour_run_on_between_two_states() -> None:
    desk = three(recall_seconds=0)
    desk.run_sale("one")
    desk.ok("go.next", {})
    seen = rundown(desk)
    later = desk.now + timedelta(minutes=4, seconds=30)
    assert mix(seen, later).spent == {"explain": 4.5, "proof": 0, "benefit": 0}
    assert benefits(seen, START, later).fired == 1
    next_hour = benefits(seen, START, desk.now + timedelta(minutes=125))
    assert (next_hour.fired, next_hour.since) == (0, START + timedelta(hours=2))
    closed = benefits(seen, None, later)
    assert (closed.since, closed.fired) == (None, 0)


@given(st.dictionaries(st.sampled_from(["explain", "proof", "benefit"]), st.floats(0, 600)))
def test_what_is_short_is_the_farthest_behind_or_none(minutes: dict[str, float]) -> None:
    tag, lack = short_of(minutes)
    whole = sum(minutes.values())
    lacks = {name: whole * part / 10 - minutes.get(name, 0) for name, part in MIX_WANTED.items()}
    assert lack == (pytest.approx(max(lacks.values())) if tag else 0)
    assert bool(tag) == (max(lacks.values()) >= max(3, whole / 10))
    assert not tag or lacks[tag] == pytest.approx(max(lacks.values()))


STEP = st.one_of(
    st.tuples(st.just("go.next"), st.sampled_from([{}, {"expect": {"segment_id": "b"}}, {"to": "c"}])),
    st.tuples(
        st.just("rundown.move"), st.sampled_from([{"segment_id": "a"}, {"segment_id": "c", "before": "a"}])
    ),
    st.tuples(
        st.just("rundown.remove"), st.sampled_from([{"segment_ids": ["b"]}, {"segment_ids": ["a", "c"]}])
    ),
    st.tuples(st.just("rundown.duplicate"), st.sampled_from([{"segment_id": "a"}, {"segment_id": "c"}])),
    st.tuples(st.just("rundown.put"), st.just({"segments": [segment("b", "hat", 2)]})),
    st.tuples(st.just("broadcast.close"), st.just({})),
    st.tuples(st.just("broadcast.open"), st.just({})),
    st.tuples(
        st.just("product.shelf"), st.sampled_from([{"product_id": "hat", "on": on} for on in (True, False)])
    ),
)


@given(st.lists(st.tuples(STEP, st.integers(0, 600)), max_size=12))
def test_whatever_is_done_to_it_the_log_gives_the_same_plan(steps: list[Any]) -> None:
    desk = three()
    money = 0
    for (type_, data), seconds in steps:
        desk.ask(type_, data)
        desk.wait(seconds)
        money += sum(c.kind != "pin" and c.status == "on_air" for c in desk.room.cues.values())
        seen = rundown(desk)
        coming = decide(desk.room, Command("", "go.next", {}, "host"), desk.now, desk.chance)
        if seen.segments and not isinstance(coming, Refused):
            assert coming.result["segment_id"] == seen.next, "what is shown as next is what comes"
    assert money == 0
    assert encoded(desk.refold()) == encoded(desk.room)
