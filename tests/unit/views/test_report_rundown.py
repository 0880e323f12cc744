"""排品表 in the report: moments kept and missed, and what is proposed for the next with its figure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from liveconsole.reports import tables
from liveconsole.views.report import Report
from liveconsole.views.report.fold import fold
from liveconsole.views.report.words import PROPOSALS, ReportWords
from tests.unit.domain.desk import SALE, Desk, request
from tests.unit.domain.test_rundown import planned, segment
from tests.unit.views.log_lines import lines_of


def evening(desk: Desk, *minutes: float) -> None:
    """The segments one after the other, each for so long, and the close."""
    for each in minutes:
        desk.ok("go.next", {})
        desk.wait(each * 60)
    for cue in [c for c in desk.room.cues.values() if c.status == "on_air" and c.kind != "pin"]:
        desk.ok("cue.stop", {"cue_id": cue.cue_id})
    desk.ok("broadcast.close", {})


def report_of(desk: Desk, number: int | None = None) -> Report:
    return fold(lines_of(desk), broadcast=number)


def proposed(report: Report) -> dict[str, tuple[str, int, int]]:
    return {each.proposal_id: (each.why, each.figure, each.of) for each in report.proposals}


def two(**more: Any) -> Desk:
    return planned(segment("a", "scarf", 5, **more), segment("b", "hat", 5))


def test_a_segment_that_ran_over_is_proposed_by_the_median_of_its_evenings() -> None:
    desk = two()
    evening(desk, 6, 5)
    assert proposed(report_of(desk)) == {"a/length": ("longer", 360, 1)}
    for minutes in (9, 4):
        desk.ok("broadcast.open", {})
        evening(desk, minutes, 5)
    assert proposed(report_of(desk)) == {"a/length": ("longer", 360, 3)}
    assert proposed(report_of(desk, 2)) == {"a/length": ("longer", 450, 2)}, "of 6 and 9 minutes"
    (said,) = report_of(desk).proposals
    assert said.data == {"segments": [{"segment_id": "a", "minutes": 6.0}]}
    assert ReportWords().proposal(said) == "#1 scarf：近 3 场实讲中位数 6:00，改成 6 分"


def test_what_is_ticked_stands_in_the_next_evening_and_what_is_not_does_not() -> None:
    desk = two()
    evening(desk, 8, 8)
    first, second = report_of(desk).proposals
    desk.ok(first.type, first.data)
    desk.ok("broadcast.open", {})
    minutes = {id_: s.written.minutes for id_, s in desk.room.rundown.segments.items()}
    assert minutes == {"a": 8.0, "b": 5.0}
    assert (first.segment_id, second.segment_id) == ("a", "b")
    evening(desk, 8, 5)
    assert "a/length" not in proposed(report_of(desk)), "it is as planned now"


def test_a_cut_of_one_evening_is_no_plan() -> None:
    desk = planned(
        segment("a", "scarf", 5, least_minutes=1),
        segment("b", "hat", 5, anchor_at=(Desk().now + timedelta(minutes=2)).isoformat()),
    )
    desk.ok("go.next", {})
    desk.ok("rundown.keep", {"segment_id": "b", "way": "shorten"})
    desk.wait(120)
    desk.ok("go.next", {})
    desk.wait(300)
    desk.ok("broadcast.close", {})
    report = report_of(desk)
    assert [each.minutes for each in report.segments] == [5, 5]
    assert proposed(report) == {"a/length": ("shorter", 120, 1)}
    assert report.segments[1].late_seconds == 0


def test_whoever_goes_past_a_segment_has_not_shown_it() -> None:
    desk = two()
    evening(desk, 0.2, 5)
    assert proposed(report_of(desk)) == {}


def test_a_moment_that_was_missed_is_said_with_its_seconds_and_proposed_earlier() -> None:
    soon = (Desk().now + timedelta(minutes=3)).isoformat()
    desk = planned(segment("a", "scarf", 5), segment("b", "hat", 5, anchor_at=soon), segment("c", None, 1))
    evening(desk, 5, 5, 1)
    report = report_of(desk)
    assert [each.late_seconds for each in report.segments] == [None, 120, None]
    assert proposed(report) == {"b/moment": ("missed", 120, 1)}
    w = ReportWords()
    (row,) = tables.moments(report, w, None).rows
    assert row[3] == "晚 2:00"
    (said,) = report.proposals
    desk.ok(said.type, said.data)
    assert list(desk.room.rundown.segments) == ["b", "a", "c"]


def test_a_moment_is_of_its_own_evening() -> None:
    desk = two()
    evening(desk, 5, 5)
    later = (desk.now + timedelta(minutes=3)).isoformat()
    desk.ok("rundown.put", {"segments": [{"segment_id": "b", "anchor_at": later}]})
    assert report_of(desk, 1).segments[1].anchor_at is None, "written after the close it is of the next"
    desk.ok("broadcast.open", {})
    evening(desk, 5, 5)
    assert report_of(desk, 2).segments[1].late_seconds == 120
    desk.ok("broadcast.open", {})
    evening(desk, 5, 5)
    assert report_of(desk, 3).segments[1].anchor_at is None


def test_what_sold_out_in_seconds_is_proposed_with_twice_the_units() -> None:
    sale = {"kind": "flash_sale", "spec": {**SALE, "quantity": 2}}
    desk = two(cues=[sale])
    desk.ok("room.set", {"recall_seconds": 0})
    desk.ok("go.next", {})
    cue_id = desk.room.queue[0]
    desk.ok("cue.fire", {"cue_id": cue_id})
    desk.wait(20)
    desk.ok("order.request", request("o", "ann", 2, cue_id=cue_id), "producer")
    desk.fact("order.paid", {"order_id": "o", "paid_fen": 11_800})
    desk.wait(280)
    desk.ok("go.next", {})
    desk.wait(300)
    desk.ok("broadcast.close", {})
    report = report_of(desk)
    assert proposed(report) == {"a/sold_out": ("sold_out", 20, 2)}
    (said,) = report.proposals
    desk.ok(said.type, said.data)
    assert desk.room.rundown.segments["a"].written.cues[0].spec == {**SALE, "quantity": 4}


def test_most_questions_are_worth_more_minutes_and_without_comments_nobody_knows() -> None:
    desk = two()
    evening(desk, 5, 5)
    assert [each.asked for each in report_of(desk).segments] == [None, None]
    desk.ok("broadcast.open", {})
    desk.ok("go.next", {})
    for viewer in range(12):
        desk.fact("comment.posted", {"viewer": {"id": str(viewer)}, "text": "这个起球吗？"})
    desk.wait(300)
    desk.ok("go.next", {})
    desk.fact("comment.posted", {"viewer": {"id": "x"}, "text": "有黑色吗？"})
    desk.wait(300)
    desk.ok("broadcast.close", {})
    report = report_of(desk)
    assert [each.asked for each in report.segments] == [12, 1]
    assert proposed(report) == {"a/asked": ("asked", 12, 1)}
    assert report.proposals[0].data == {"segments": [{"segment_id": "a", "minutes": 7.0}]}


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    assert all(zh and en for zh, en in PROPOSALS.values())
