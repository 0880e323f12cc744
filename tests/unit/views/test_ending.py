"""What 下播 comes upon is counted once, by the engine, and every seat reads it."""

from __future__ import annotations

from liveconsole.messages.state import EndingState
from liveconsole.views.state import ending
from tests.ui.evening import Evening


def _counts(at: Evening) -> tuple[int, int, int]:
    found = at.shown().broadcast.ending
    return found.running, found.asked, found.unsettled


def test_what_runs_what_is_asked_and_who_waits_are_counted() -> None:
    at = Evening("manual", ago=600)
    assert _counts(at) == (0, 0, 0)
    at.confirm(at.pin("scarf"))
    assert _counts(at) == (0, 0, 0), "a pin ends by itself"
    at.fire(at.sale())
    assert _counts(at) == (1, 1, 0)
    at.confirm("c-sale")
    assert _counts(at) == (1, 0, 0)
    at.fire(at.bag())
    at.confirm("c-bag")
    at.says("驼色好看", *(f"观众{n}" for n in range(5)))
    at.until(400)
    assert _counts(at)[2] == 3
    winner = next(cue for cue in at.shown().cues if cue.winners).winners[0]
    at.ok("bag.settle", {"cue_id": "c-bag", "viewer_id": winner.viewer_id, "ok": True})
    assert _counts(at)[2] == 2


def test_winners_that_the_platform_drew_count_too() -> None:
    at = Evening("manual", ago=300)
    at.fire(at.bag(draw="platform"))
    at.confirm("c-bag")
    at.until(60)
    if at.cue("c-bag").owed is not None:
        at.confirm("c-bag", "ended")
    at.ok("bag.winners", {"cue_id": "c-bag", "names": ["甲", "乙"]})
    assert _counts(at)[2] == 2
    at.ok("bag.settle", {"cue_id": "c-bag", "name": "甲", "ok": True})
    assert _counts(at)[2] == 1


def test_off_air_nothing_is_open() -> None:
    assert _counts(Evening(open_=False)) == (0, 0, 0)
    assert ending.ending_state(Evening(open_=False).room) == EndingState()
