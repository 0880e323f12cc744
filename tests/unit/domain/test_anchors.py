"""Hard anchors: how far the clock slips, and ways that really keep one, against every way there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.domain import anchors
from liveconsole.domain.anchors import BENEFITS_LEAST, SKIPS_MOST, TOLERANCE, arrivals, stops, ways
from liveconsole.messages.state import AnchorState, WayState
from liveconsole.views.anchors import anchor_states
from liveconsole.views.rundown import pace
from tests.unit.domain.desk import SALE, START, Desk, product
from tests.unit.domain.test_rundown import order, planned, rundown, segment

GIVEN_SALE = {"kind": "flash_sale", "spec": {**SALE, "quantity": 1, "per_buyer": 1}}


def at(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


def four(anchor: float = 15, **more: Any) -> Desk:
    """Five, five and five minutes, then the anchored one; the first runs since the opening."""
    desk = planned(
        segment("a", "scarf", least_minutes=3),
        segment("b", "hat", least_minutes=4, tag="proof"),
        segment("c", "glove", tag="proof"),
        segment("d", None, 4, anchor_at=at(anchor), title="八点十二"),
        segment("e", None, 2),
        **more,
    )
    desk.ok("go.next", {})
    return desk


def anchor(desk: Desk) -> AnchorState:
    (one,) = rundown(desk).anchors
    return one


def way(desk: Desk, name: str) -> WayState:
    return next(one for one in anchor(desk).ways if one.way == name)


def start_of(desk: Desk, segment_id: str) -> datetime:
    return pace(rundown(desk), desk.now).starts[segment_id]


def test_a_clock_that_keeps_its_anchor_offers_nothing() -> None:
    desk = four()
    assert (anchor(desk).standing, anchor(desk).ways) == ("ahead", [])
    desk.wait(5 * 60 + 59)
    assert anchor(desk).standing == "ahead", "a minute late is still kept"
    desk.wait(3)
    assert (anchor(desk).standing, anchor(desk).slips_seconds) == ("slipping", 60)


def test_three_ways_with_what_each_costs_and_each_is_taken_by_one_command() -> None:
    made = [four(13), four(13), four(13)]
    names = ["shorten", "skip", "swap"]
    assert [one.way for one in anchor(made[0]).ways] == names
    short, skip, swap = anchor(made[0]).ways
    assert [(cut.segment_id, cut.off_seconds) for cut in short.cuts] == [("a", 120)]
    assert (skip.skips, skip.not_shown, skip.gains_seconds) == (["c"], ["glove"], 300)
    assert (swap.swaps, swap.gains_seconds) == (["d", "c"], 300)
    for desk, name in zip(made, names, strict=True):
        told = way(desk, name)
        desk.ok("rundown.keep", {"segment_id": "d", "way": name, "expect": told.segment_ids})
        assert anchor(desk).standing == "ahead"
        assert start_of(desk, "d") == told.arrives_at <= START + timedelta(minutes=13)
        assert desk.refold() == desk.room
    assert order(made[2]) == ["a", "b", "d", "c", "e"]
    made[1].ok("go.next", {})
    assert rundown(made[1]).next == "d", "下一品 passes over what is skipped"


def test_a_way_that_would_change_something_else_than_was_seen_is_not_taken() -> None:
    desk = four(13)
    seen = way(desk, "skip").segment_ids
    desk.ok("pledge.put", {"text": "手套一定上", "product_id": "glove"})
    assert desk.no("rundown.keep", {"segment_id": "d", "way": "skip", "expect": seen}) == "changed"
    assert desk.no("rundown.keep", {"segment_id": "e", "way": "skip"}) == "no_such_way"
    assert desk.no("rundown.keep", {"segment_id": "x", "way": "skip"}) == "unknown_segment"


def test_what_was_promised_aloud_is_not_skipped() -> None:
    desk = four(13)
    desk.ok("pledge.put", {"text": "手套一定上", "product_id": "glove"})
    assert way(desk, "skip").skips == ["b"]
    desk.ok("pledge.put", {"text": "帽子也上", "product_id": "hat"})
    assert [one.way for one in anchor(desk).ways] == ["shorten", "swap"]


def test_an_hour_keeps_its_benefits() -> None:
    desk = planned(
        segment("a", "scarf"),
        *(segment(f"b{n}", "hat", 3, cues=[GIVEN_SALE]) for n in range(BENEFITS_LEAST)),
        segment("d", None, anchor_at=at(11)),
    )
    desk.ok("go.next", {})
    assert "skip" not in [one.way for one in anchor(desk).ways]
    desk.ok("rundown.put", {"segments": [segment("b9", "hat", 3, cues=[GIVEN_SALE])]})
    assert way(desk, "skip").skips in (["b0"], ["b1"], ["b2"])


def test_where_it_would_have_nothing_to_sell_nothing_is_offered_and_it_says_why() -> None:
    desk = four(13)
    desk.ok("rundown.put", {"segments": [{"segment_id": "d", "cues": [GIVEN_SALE]}]})
    assert anchor(desk).problem is None
    desk.ok("stock.add", {"sku_id": "scarf", "by": -10})
    found = anchor(desk)
    assert found.problem is not None
    assert (found.problem.code, found.ways) == ("over_stock", [])


def test_a_planned_sale_anchors_the_segment_of_its_goods() -> None:
    desk = four(60)
    desk.ok("rundown.put", {"segments": [{"segment_id": "d", "anchor_at": None}]})
    assert rundown(desk).anchors == []
    desk.queue_sale("late", at=START + timedelta(minutes=8), sku_id="glove", price_fen=3500)
    assert rundown(desk).anchors == [], "nobody has approved it"
    desk.ok("cue.approve", {"cue_id": "late"})
    found = anchor(desk)
    assert (found.segment_id, found.cue_id, found.standing, found.slips_seconds) == (
        "c",
        "late",
        "slipping",
        120,
    )
    assert way(desk, "skip").skips == ["b"]


def test_another_anchor_is_not_missed_for_it() -> None:
    desk = planned(
        segment("a", "scarf", 2),
        segment("b", "hat", 6),
        segment("c", None, 4, anchor_at=at(8)),
        segment("d", None, 9, anchor_at=at(10)),
    )
    desk.ok("go.next", {})
    late = next(one for one in rundown(desk).anchors if one.segment_id == "d")
    assert late.standing == "slipping"
    assert [one.way for one in late.ways] == ["skip"], "in b's place it would push c behind its time"


def test_kept_and_missed_are_told_with_their_seconds() -> None:
    desk = four()
    desk.ok("go.next", {"to": "d"})
    assert (anchor(desk).standing, anchor(desk).by_seconds) == ("kept", 0)
    desk.wait(14 * 60)
    desk.ok("go.next", {"to": "e"})
    assert (anchor(desk).standing, anchor(desk).by_seconds) == ("missed", -60)
    late = four()
    late.wait(15 * 60 + 61)
    assert anchor(late).standing == "missed"
    late.ok("go.next", {"to": "d"})
    assert (anchor(late).standing, anchor(late).by_seconds) == ("missed", 61)


def test_the_second_evening_remembers_neither_anchor_nor_cut_nor_skip() -> None:
    desk = four(13)
    desk.ok("rundown.keep", {"segment_id": "d", "way": "shorten"})
    desk.ok("rundown.put", {"segments": [{"segment_id": "b", "skip": True}]})
    desk.ok("rundown.put", {"segments": [{"segment_id": "e", "anchor_at": at(600)}]})
    assert desk.room.rundown.segments["a"].written.minutes == 3
    desk.ok("broadcast.close", {})
    desk.ok("rundown.put", {"segments": [{"segment_id": "c", "anchor_at": at(660)}]})
    desk.ok("broadcast.open", {})
    plan = {id_: s.written for id_, s in desk.room.rundown.segments.items()}
    assert [plan[id_].anchor_at for id_ in "ade"] == [None, None, None]
    assert plan["c"].anchor_at == START + timedelta(minutes=660), (
        "written between the two, it is of the second"
    )
    assert (plan["a"].minutes, plan["a"].planned_minutes, plan["b"].skip) == (5, None, False)
    assert desk.refold() == desk.room


def test_whoever_says_how_long_a_cut_segment_is_says_so_for_good() -> None:
    desk = four(13)
    desk.ok("rundown.keep", {"segment_id": "d", "way": "shorten"})
    desk.ok("rundown.put", {"segments": [{"segment_id": "a", "minutes": 7}]})
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    assert desk.room.rundown.segments["a"].written.minutes == 7


def test_a_moment_that_is_gone_is_no_anchor_and_a_copy_has_none() -> None:
    desk = four()
    gone = {"segments": [{"segment_id": "e", "anchor_at": at(-1)}]}
    assert desk.no("rundown.put", gone) == "in_the_past"
    desk.wait(20 * 60)
    desk.ok("rundown.put", {"segments": [{"segment_id": "d", "title": "还是它", "anchor_at": at(15)}]})
    copied = desk.ok("rundown.duplicate", {"segment_id": "d"})["segment_id"]
    assert desk.room.rundown.segments[copied].written.anchor_at is None


# Against every way there is --------------------------------------------------------------------------

LENGTHS = st.integers(1, 8)


@st.composite
def evenings(draw: st.DrawFn) -> tuple[Desk, str]:
    """A rundown of up to seven segments whose last or last but one is anchored, some of them promised."""
    count = draw(st.integers(2, 7))
    goods = [f"p{n}" for n in range(count)]
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product(id_, 3900, 9) for id_ in goods]})
    rows = []
    for number, product_id in enumerate(goods):
        minutes = draw(LENGTHS)
        row = segment(product_id, product_id, minutes, tag=draw(st.sampled_from(["proof", "benefit"])))
        if draw(st.booleans()):
            row["least_minutes"] = draw(st.integers(0, minutes))
        if number and draw(st.integers(0, 9)) < 2:
            row["anchor_at"] = at(draw(st.integers(1, 40)))
        rows.append(row)
    target = draw(st.integers(1, count - 1))
    rows[target]["anchor_at"] = at(draw(st.integers(1, 20)))
    desk.ok("rundown.put", {"segments": rows})
    desk.ok("go.next", {})
    for product_id in goods:
        if draw(st.integers(0, 3)) == 0:
            desk.ok("pledge.put", {"text": "一定上", "product_id": product_id})
    desk.wait(draw(st.integers(0, 600)))
    return desk, goods[target]


def _every_skip(desk: Desk, segment_id: str) -> list[tuple[int, float]]:
    """(how many, seconds lost) of every set that brings it there and breaks nothing, by trying them all."""
    there = stops(desk.room, desk.now)
    place = next(n for n, stop in enumerate(there) if stop.segment_id == segment_id)
    due = there[place].anchor_at
    assert due is not None
    pledged = {pledge.product_id for pledge in desk.room.pledges.values()}
    plan = desk.room.rundown.segments
    current = desk.room.rundown.current
    free = [
        stop.segment_id
        for stop in there[:place]
        if stop.segment_id != current
        and plan[stop.segment_id].written.anchor_at is None
        and plan[stop.segment_id].written.product_id not in pledged
    ]
    begins = {stop.segment_id: begin for stop, begin in zip(there, arrivals(there, desk.now), strict=True)}
    opened = desk.room.broadcast.opened_at
    assert opened is not None

    def hour(id_: str) -> int:
        return int((begins[id_] - opened).total_seconds() // 3600)

    def benefits(without: tuple[str, ...], number: int) -> int:
        return sum(
            stop.benefit and stop.segment_id not in without and hour(stop.segment_id) == number
            for stop in there
        )

    found = []
    for count in range(1, SKIPS_MOST + 1):
        for chosen in combinations(free, count):
            rest = [stop for stop in there if stop.segment_id not in chosen]
            after = dict(zip((s.segment_id for s in rest), arrivals(rest, desk.now), strict=True))
            hours = {hour(id_) for id_ in chosen if plan[id_].written.tag == "benefit"}
            leaves = all(benefits(chosen, number) >= BENEFITS_LEAST for number in hours)
            if after[segment_id] <= due and leaves:
                lost = sum(stop.seconds for stop in there if stop.segment_id in chosen)
                found.append((count, lost))
    return found


@given(evenings())
def test_ways_keep_the_anchor_are_the_least_of_their_kind_and_break_no_promise(
    made: tuple[Desk, str],
) -> None:
    desk, segment_id = made
    there = stops(desk.room, desk.now)
    due = desk.room.rundown.segments[segment_id].written.anchor_at
    place = next((n for n, stop in enumerate(there) if stop.segment_id == segment_id), None)
    found = {one.way: one for one in ways(desk.room, there, segment_id, desk.now)}
    if place is None or due is None or arrivals(there, desk.now)[place] < due + TOLERANCE:
        assert found == {}
        return
    need = (arrivals(there, desk.now)[place] - due).total_seconds()
    for one in found.values():
        assert one.gains >= need - 0.001
    _least_cut(found.get("shorten"), there[:place], need)
    skips = _every_skip(desk, segment_id)
    assert ("skip" in found) == bool(skips)
    if skips:
        chosen = found["skip"].skips
        lost = sum(stop.seconds for stop in there if stop.segment_id in chosen)
        assert (len(chosen), lost) == min(skips)
    _last_swap(desk, found.get("swap"), segment_id)
    together = _every_combination(desk, segment_id)
    single = {"shorten", "skip", "swap"} & found.keys()
    assert ("combine" in found) == (not single and bool(together))
    if "combine" in found:
        one = found["combine"]
        assert (bool(one.swaps), len(one.skips)) == min(together)
        desk.ok("rundown.keep", {"segment_id": segment_id, "way": "combine"})
        after = stops(desk.room, desk.now)
        begins = dict(zip((s.segment_id for s in after), arrivals(after, desk.now), strict=True))
        assert begins[segment_id] <= due + timedelta(milliseconds=1)
        assert all(stop.seconds >= stop.least - 0.001 for stop in after)


def _every_combination(desk: Desk, segment_id: str) -> set[tuple[bool, int]]:
    """(with an exchange, how many skips) of everything that brings it there, by trying all of it."""
    there = stops(desk.room, desk.now)
    place = next(n for n, stop in enumerate(there) if stop.segment_id == segment_id)
    due, found = there[place].anchor_at, set()
    assert due is not None
    for other in (None, *(n for n in range(place) if there[n].may_move)):
        order_ = list(there)
        if other is not None:
            order_[other], order_[place] = order_[place], order_[other]
        before = order_[: place if other is None else other]
        for count in range(SKIPS_MOST + 1):
            for chosen in combinations([stop for stop in before if stop.may_skip and stop.seconds], count):
                if _leaves(desk, there, chosen) and _reaches(desk, order_, before, chosen, due, there):
                    found.add((other is not None, count))
    return found


def _leaves(desk: Desk, there: list[Any], chosen: Any) -> bool:
    """Whether every hour that loses a benefit keeps enough of them; nothing was on air here."""
    opened = desk.room.broadcast.opened_at
    assert opened is not None
    begins = {s.segment_id: begin for s, begin in zip(there, arrivals(there, desk.now), strict=True)}
    hour = {id_: (begin - opened) // timedelta(hours=1) for id_, begin in begins.items()}
    lost = {stop.segment_id for stop in chosen if stop.benefit}
    for number in {hour[id_] for id_ in lost}:
        left = sum(s.benefit and s.segment_id not in lost and hour[s.segment_id] == number for s in there)
        if left < BENEFITS_LEAST:
            return False
    return True


def _reaches(desk: Desk, order_: list[Any], before: Any, chosen: Any, due: datetime, there: Any) -> bool:
    """Whether it is there in time with all cut that can be, and no other anchor is missed for it."""
    gone = {stop.segment_id for stop in chosen}
    rest = [stop for stop in before if stop.segment_id not in gone]
    need = (desk.now - due).total_seconds() + sum(stop.seconds for stop in rest)
    if need > sum(stop.seconds - stop.least for stop in rest) + 1e-6:
        return False
    shift = max(0.0, need)
    at, kept = desk.now, set()
    for stop in order_:
        if stop.segment_id in gone:
            continue
        if stop.anchor_at is not None and at - timedelta(seconds=shift * (stop not in before)) <= (
            stop.anchor_at + TOLERANCE
        ):
            kept.add(stop.segment_id)
        at += timedelta(seconds=stop.seconds)
    begun = zip(there, arrivals(there, desk.now), strict=True)
    held = {s.segment_id for s, b in begun if s.anchor_at is not None and b <= s.anchor_at + TOLERANCE}
    return held <= kept


def test_where_no_single_way_is_enough_several_are_offered_together() -> None:
    desk = planned(
        segment("a", "scarf", 10, least_minutes=8),
        segment("b", "hat", 4, tag="proof"),
        segment("d", None, 4, anchor_at=at(8.5), title="八点十二"),
    )
    desk.ok("go.next", {})
    (only,) = anchor(desk).ways
    assert (only.way, only.skips) == ("combine", ["b"])
    assert sum(cut.off_seconds for cut in only.cuts) == 90
    desk.ok("rundown.keep", {"segment_id": "d", "way": "combine", "expect": only.segment_ids})
    assert start_of(desk, "d") == START + timedelta(minutes=8.5)
    assert desk.refold() == desk.room


def test_a_combination_that_misses_another_anchor_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without the look at other anchors the exchange that pushes one out is taken."""
    desk = planned(
        segment("a", "scarf", 4),
        segment("x", "hat", 2, tag="proof", least_minutes=1),
        segment("c", None, 4, anchor_at=at(6)),
        segment("d", None, 9, anchor_at=at(4)),
    )
    desk.ok("go.next", {})
    assert [one.way for one in ways(desk.room, stops(desk.room, desk.now), "d", desk.now)] == []
    monkeypatch.setattr(anchors, "_held", lambda *_: set())
    assert ways(desk.room, stops(desk.room, desk.now), "d", desk.now) != []


def _least_cut(one: Any, before: Any, need: float) -> None:
    spare = sorted((stop.seconds - stop.least for stop in before), reverse=True)
    if sum(spare) < need:
        assert one is None
        return
    assert sum(cut.seconds for cut in one.cuts) == pytest.approx(need)
    least = {stop.segment_id: stop.seconds - stop.least for stop in before}
    assert all(0 < cut.seconds <= least[cut.segment_id] for cut in one.cuts)
    fewest = next(n for n in range(1, len(spare) + 1) if sum(spare[:n]) >= need)
    assert len(one.cuts) == fewest


def _last_swap(desk: Desk, one: Any, segment_id: str) -> None:
    there = stops(desk.room, desk.now)
    place = next(n for n, stop in enumerate(there) if stop.segment_id == segment_id)

    def held(order: list[Any]) -> set[str]:
        begun = zip(order, arrivals(order, desk.now), strict=True)
        return {
            s.segment_id
            for s, begins in begun
            if s.anchor_at is not None and begins <= s.anchor_at + TOLERANCE
        }

    good = []
    for other in range(place):
        order = list(there)
        order[other], order[place] = order[place], order[other]
        due = there[place].anchor_at
        free = there[other].anchor_at is None and there[other].segment_id != desk.room.rundown.current
        if (
            free
            and due is not None
            and arrivals(order, desk.now)[other] <= due
            and held(there) <= held(order)
        ):
            good.append(there[other].segment_id)
    assert (one.swaps if one is not None else None) == ((segment_id, good[-1]) if good else None)


def test_a_way_that_forgets_what_was_promised_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: with the promise taken out of the rule the trial by all ways must notice."""
    desk = four(13)
    desk.ok("pledge.put", {"text": "手套一定上", "product_id": "glove"})
    whole = anchors._stop
    monkeypatch.setattr(anchors, "_stop", lambda segment, planned, _: whole(segment, planned, ()))
    chosen = next(
        one.skips for one in ways(desk.room, stops(desk.room, desk.now), "d", desk.now) if one.way == "skip"
    )
    assert chosen == ("c",)
    monkeypatch.undo()
    assert min(_every_skip(desk, "d")) == (1, 300)
    assert way(desk, "skip").skips == ["b"]


@given(evenings(), st.integers(1, 900))
def test_what_the_state_says_between_two_events_is_what_it_would_say_made_anew(
    made: tuple[Desk, str], seconds: int
) -> None:
    """Time alone moves an anchor: at every such moment, and at no other."""
    desk, _ = made
    moments = sorted({desk.now, *anchors.moments(desk.room)})
    then = desk.now + timedelta(seconds=seconds)
    made_at = max(moment for moment in moments if moment <= then)
    assert anchor_states(desk.room, made_at) == anchor_states(desk.room, then)


@pytest.mark.parametrize("slip", [0, 90, 240, 600])
def test_an_evening_with_slips_keeps_every_anchor_by_taking_what_is_offered(slip: int) -> None:
    """On virtual time: the host talks too long once, and takes the first way at every call."""
    desk = planned(
        *(segment(f"s{n}", None, 5, least_minutes=3, title=f"{n}") for n in range(4)),
        segment("first", "scarf", 5, anchor_at=at(21), least_minutes=4),
        *(segment(f"t{n}", None, 5, least_minutes=2, title=f"{n}") for n in range(4)),
        segment("second", "hat", 5, anchor_at=at(46)),
    )
    desk.ok("go.next", {})
    desk.wait(slip)
    while rundown(desk).next is not None:
        slipping = [one for one in rundown(desk).anchors if one.standing == "slipping"]
        if slipping and slipping[0].ways:
            one = slipping[0]
            desk.ok("rundown.keep", {"segment_id": one.segment_id, "way": one.ways[0].way})
            continue
        left = pace(rundown(desk), desk.now).left_seconds
        desk.wait(max(1, left))
        desk.ok("go.next", {})
    standing = {one.segment_id: one.standing for one in rundown(desk).anchors}
    assert standing == {"first": "kept", "second": "kept"}
