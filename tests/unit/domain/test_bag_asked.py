"""福袋雨 whose bags the platform draws: each is started there by a person, who says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.domain.evolve import evolve
from liveconsole.domain.kinds.lucky_bag import series
from liveconsole.domain.room import Room
from liveconsole.domain.tick import next_due
from liveconsole.messages.events import EVENTS
from liveconsole.messages.reasons import reason_words
from liveconsole.views.report import fold
from tests.unit.domain.desk import Desk
from tests.unit.domain.test_bag_series import rain
from tests.unit.views.log_lines import lines_of


def begun(done: bool, **more: Any) -> dict[str, Any]:
    return {"cue_id": "bag", "step": "on_air", "done": done, **more}


def types(desk: Desk) -> list[str]:
    return [event.type for event in desk.log if event.type.startswith(("bag.", "cue."))]


def test_bags_of_the_platform_are_each_said_to_be_started_and_each_has_its_names() -> None:
    desk = rain("manual", draw="platform")
    assert desk.wait(60) == []
    assert desk.ok("bag.winners", {"cue_id": "bag", "names": ["甲"]})["bag"] == 1
    for _ in (2, 3):
        assert desk.wait(40) == ["bag.asked"]
        assert desk.ok("cue.confirm", begun(True))["owed"] is False
        assert types(desk)[-1] == "bag.opened"
        desk.wait(60)
    cue = desk.cue("bag")
    assert (cue.status, cue.ended_because) == ("ended", "time_up")
    desk.ok("bag.winners", {"cue_id": "bag", "names": ["乙"], "bag": 2})
    assert desk.cue("bag").ended_because == "time_up", "one is still to be typed in"
    desk.ok("bag.winners", {"cue_id": "bag", "names": []})
    assert desk.cue("bag").ended_because == "platform"
    assert [bag.platform_names for bag in desk.cue("bag").bags] == [["甲"], ["乙"], []]
    desk.ok("bag.settle", {"cue_id": "bag", "name": "乙", "ok": True})
    assert [bag.platform_settled for bag in desk.cue("bag").bags] == [{}, {"0": True}, {}]
    desk.ok("bag.winners", {"cue_id": "bag", "names": ["甲甲"], "bag": 1})
    assert desk.no("bag.winners", {"cue_id": "bag", "names": ["丙"], "bag": 1}) == "already_settled"


def test_the_time_line_tells_when_each_was_asked_for_and_when_it_was_started() -> None:
    """How long a person kept people waiting is what the report is read for."""
    desk = rain("manual", draw="platform")
    desk.wait(100)
    desk.wait(25)
    desk.ok("cue.confirm", begun(True), "assistant")
    report = fold(lines_of(desk))
    told = [(one.type, one.detail, one.at) for one in report.actions if one.type.startswith("bag.")]
    assert [one[:2] for one in told] == [("bag.asked", "2"), ("bag.opened", "2")]
    assert told[1][2] - told[0][2] >= timedelta(seconds=25)


def test_a_bag_that_a_person_starts_waits_for_his_word_and_runs_from_it() -> None:
    desk = rain("manual", draw="platform")
    assert desk.no("cue.confirm", begun(True)) == "not_asked", "the first runs"
    assert desk.wait(100) == ["bag.asked"]
    cue = desk.cue("bag")
    assert next_due(desk.room) is None, "time opens nothing there, and ends nothing"
    assert desk.wait(3_600) == []
    assert (cue.status, len(cue.bags)) == ("on_air", 1)
    desk.ok("cue.confirm", begun(True, remaining_seconds=45), "assistant")
    assert cue.ends_at == desk.now + timedelta(seconds=45), "what the phone shows is left"
    assert desk.no("cue.confirm", begun(True)) == "not_asked", "said once"
    assert desk.wait(45 + 39) == []
    assert desk.wait(1) == ["bag.asked"]


def test_what_was_not_started_does_not_come_nor_do_those_behind_it() -> None:
    desk = rain("manual", draw="platform")
    desk.wait(100)
    desk.ok("cue.confirm", begun(False))
    assert types(desk)[-1] == "bag.no_more"
    assert reason_words("confirmed_not_done") is not None
    assert desk.wait(1) == ["cue.ended"]
    assert len(desk.cue("bag").bags) == 1
    desk.ok("bag.winners", {"cue_id": "bag", "names": ["甲"]})
    assert desk.cue("bag").ended_because == "platform", "nobody waits for names of bags that never were"


@pytest.mark.parametrize("way", ["bag.no_more", "cue.stop", "room.halt"])
def test_while_it_is_asked_for_the_series_ends_as_it_does_between_two_bags(way: str) -> None:
    desk = rain("manual", draw="platform")
    desk.wait(100)
    data = {} if way == "room.halt" else {"cue_id": "bag", "reason": "不发了"}
    desk.ok(way, data)
    desk.wait(1)
    cue = desk.cue("bag")
    assert cue.status == "ended"
    assert cue.owed is None or cue.owed.step == "ended"


def test_where_nobody_is_asked_bags_take_turns_by_the_clock() -> None:
    assert rain("own", draw="platform").wait(140) == ["bag.opened"]


def test_a_series_that_is_asked_for_outlives_the_engine() -> None:
    desk = rain("manual", draw="platform")
    desk.wait(100)
    again = Room("room")
    for event in desk.log:
        data = msgspec.json.decode(msgspec.json.encode(event.data), type=EVENTS[event.type])
        evolve(again, msgspec.structs.replace(event, data=data))
    assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(desk.room)
    assert again.cues["bag"].owed is not None


def test_without_the_asking_the_next_bag_counts_down_unstarted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "does", lambda _room, _cue: "program")
    assert rain("manual", draw="platform").wait(100) == ["bag.opened"]
