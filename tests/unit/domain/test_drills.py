"""Drills: where one may run, how it ends, and that its mark follows from the order of the log."""

from __future__ import annotations

import ast
import inspect
from datetime import timedelta

import pytest

from liveconsole.domain.drills import marks, seen
from liveconsole.domain.drills.seen import Run
from liveconsole.domain.room_drills import Seen
from liveconsole.messages.drills import BETTER, DRILLS, FACTS, NO_MARK, DrillEnded
from liveconsole.messages.rundown import NoteWritten
from tests.unit.domain.desk import START, Desk

START_CUT = {"drill": "cut_line"}


@pytest.mark.parametrize("platform", ["own", "manual"])
def test_a_real_room_starts_no_drill(platform: str) -> None:
    desk = Desk(platform)
    before = len(desk.log)
    assert desk.no("drill.start", START_CUT) == "drill_not_here"
    assert len(desk.log) == before
    assert desk.state()["room"]["drill"] is None


def test_the_refusal_is_what_keeps_it_out() -> None:
    """The twin: a room that only says of itself that it is simulated runs it."""
    desk = Desk("own")
    desk.room.simulated = True
    assert desk.no("drill.start", START_CUT) == "only_rehearsal", "no simulated platform, nothing to drill on"
    assert Desk("rehearsal").ok("drill.start", START_CUT) == {"drill_id": "drill1"}


def test_one_at_a_time_on_air_and_by_its_name() -> None:
    desk = Desk("rehearsal", open_=False)
    assert desk.no("drill.start", START_CUT) == "not_open"
    desk.ok("broadcast.open", {})
    assert desk.no("drill.start", {"drill": "tea"}) == "unknown_drill"
    assert desk.no("drill.stop", {}) == "no_drill"
    desk.ok("drill.start", START_CUT)
    assert desk.no("drill.start", {"drill": "sold_out"}) == "drill_runs"
    shown = desk.state()["room"]["drill"]
    assert (shown["drill"], shown["drill_id"], shown.get("ended_at")) == ("cut_line", "drill1", None)


def test_it_ends_by_the_clock_and_another_may_follow() -> None:
    desk = Desk("rehearsal")
    for number, drill in enumerate(DRILLS.values(), 1):
        desk.ok("drill.start", {"drill": drill.name})
        assert "drill.ended" not in desk.wait(drill.seconds - 1)
        assert "drill.ended" in desk.wait(1)
        shown = desk.state()["room"]["drill"]
        assert shown["drill_id"] == f"drill{number}"
        assert shown.get("mark") is None, "nothing was simulated, so there is nothing to mark"
        assert shown["why"] == "nothing_happened"
    assert desk.refold() == desk.room


@pytest.mark.parametrize(("type_", "because"), [("drill.stop", "stopped"), ("broadcast.close", "closed")])
def test_cut_short_it_has_no_mark(type_: str, because: str) -> None:
    desk = Desk("rehearsal")
    desk.ok("drill.start", START_CUT)
    desk.ok(type_, {})
    ended = next(event.data for event in desk.log if event.type == "drill.ended")
    assert isinstance(ended, DrillEnded)
    assert (ended.because, ended.mark, ended.why) == (because, None, "cut_short")


def test_an_assistant_starts_none() -> None:
    assert Desk("rehearsal").no("drill.start", START_CUT, "assistant") == "forbidden"


def test_what_the_rules_try_out_is_not_seen_twice() -> None:
    """A tick folds on a stage of its own before its events are committed: they count once."""
    desk = Desk("rehearsal", recall_seconds=3)
    desk.ok("drill.start", START_CUT)
    desk.queue_sale("drill1-a")
    desk.ok("cue.fire", {"cue_id": "drill1-a"})
    desk.wait(4)
    assert desk.room.drill is not None
    assert [one.what for one in desk.room.drill.seen].count("firing") == 1


def test_so_much_is_kept_and_no_more() -> None:
    desk = Desk("rehearsal")
    desk.ok("drill.start", START_CUT)
    desk.queue_sale("drill1-a")
    desk.ok("cue.fire", {"cue_id": "drill1-a"})
    desk.ok("note.put", {"text": "x"})
    note = next(event for event in desk.log if event.type == "note.put")
    assert isinstance(note.data, NoteWritten)
    for _ in range(seen.KEPT + 5):
        seen.note(desk.room, note)
    assert desk.room.drill is not None
    assert len(desk.room.drill.seen) == seen.KEPT
    desk.wait(DRILLS["cut_line"].seconds)
    assert (desk.room.drill.mark, desk.room.drill.why) == (None, "too_much")


def _run(drill: str, *whats: Seen) -> Run:
    ended = START + timedelta(seconds=DRILLS[drill].seconds)
    return Run("drill1", drill, START, ended, "time_up", list(whats))


def _one(second: float, what: str, cue_id: str = "drill1-a", actor: str = "host", **fields: object) -> Seen:
    sales = "sales" if cue_id else ""
    return Seen(START + timedelta(seconds=second), what, cue_id, actor, done_as=sales, skus=["C"], **fields)  # type: ignore[arg-type]


def _order_counts() -> None:
    """The same events in two orders: started once more before anybody knew, and when it was known."""
    fired, unknown, known = _one(4, "firing"), _one(14, "unknown"), _one(20, "on_air")
    other = _one(20, "firing", "other")
    careful = marks.marked(_run("silent_platform", fired, unknown, known, other))
    blind = marks.marked(_run("silent_platform", fired, unknown, other, known))
    assert careful.mark is not None
    assert blind.mark is not None
    assert careful.mark > blind.mark


def test_the_order_of_the_log_counts() -> None:
    _order_counts()


def test_a_marker_that_ignores_the_order_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_behind", lambda run, since: sorted(run.seen, key=lambda one: one.what))
    with pytest.raises(AssertionError):
        _order_counts()


def test_while_the_line_is_cut_nothing_at_all_is_started_else_not_the_same_twice() -> None:
    fired, known = _one(4, "firing"), _one(45, "on_air", actor="platform")
    other = _one(20, "firing", "other")
    other.skus = ["D"]
    codes = {
        drill: [fact.code for fact in marks.marked(_run(drill, fired, other, known)).facts]
        for drill in ("cut_line", "silent_platform")
    }
    assert "fired_blind" in codes["cut_line"]
    assert "fired_blind" not in codes["silent_platform"]


def test_what_is_taken_back_in_time_was_never_on_sale() -> None:
    asked = _one(1, "queued", n=80, fen=1990)
    back = _one(5, "recalled", fen=1990)
    right = _one(30, "firing", "right", fen=15_900)
    assert marks.marked(_run("wrong_price", asked, back, right)).mark == 100


def test_a_drill_of_a_newer_program_ends_without_a_mark() -> None:
    run = Run("drill1", "tea", START, START, "time_up", [_one(1, "firing")])
    assert marks.marked(run).why == "nothing_happened"


def test_nobody_is_marked_below_nothing() -> None:
    fired = _one(4, "firing")
    again = [_one(5 + second, "firing", f"again{second}") for second in range(9)]
    assert marks.marked(_run("cut_line", fired, *again)).mark == 0


def test_a_slower_second_half_is_told() -> None:
    asked = [_one(18 * at, "queued", f"drill1-c{at}") for at in range(1, 13)]
    said = [_one(18 * at + (2 if at < 7 else 9), "approved", f"drill1-c{at}") for at in range(1, 13)]
    went = [_one(30 * at, "went", "") for at in range(1, 8)]
    mark = marks.marked(_run("long_day", *sorted([*asked, *said, *went], key=lambda one: one.at)))
    assert mark.better == ["rest"]
    assert [fact.code for fact in mark.facts] == ["decided", "on_time", "slower"]


def test_every_code_of_a_mark_has_words() -> None:
    """Read off the markers themselves, so that one that comes later cannot be without."""
    texts = {
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(marks)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    facts = {
        node.args[0].value
        for node in ast.walk(ast.parse(inspect.getsource(marks)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "DrillFact"
        and isinstance(node.args[0], ast.Constant)
    }
    assert facts <= FACTS.keys()
    assert set(BETTER) <= texts
    assert set(NO_MARK) <= texts
    for words in (*FACTS.values(), *BETTER.values(), *NO_MARK.values()):
        assert len(words) == 2
        assert all(words)
