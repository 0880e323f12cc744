"""连麦PK and 红包: what nobody told is not known; rounds, scores and money that may have gone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.domain.desk import Desk

PK: dict[str, Any] = {"opponent": "小美", "seconds": 90, "rounds": 3, "stake": "唱一首"}
PACKETS: dict[str, Any] = {"total_fen": 20_000, "packets": 50, "seconds": 60}


def _on_air(kind: str, spec: dict[str, Any], platform: str = "own") -> Desk:
    desk = Desk(platform, recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "it", "kind": kind, "spec": spec}, "assistant")
    desk.ok("cue.fire", {"cue_id": "it"})
    if platform in ("manual", "wechat_shop", "browser"):
        assert desk.seen("it")["owed"]["by"] == "person"
        desk.ok("cue.confirm", {"cue_id": "it", "step": "on_air", "done": True}, "assistant")
    assert desk.cue("it").status == "on_air"
    return desk


def _scores(desk: Desk) -> list[tuple[Any, ...]]:
    return [(r["ours"], r["theirs"], r["won"]) for r in desk.seen("it")["rounds"]]


@pytest.mark.parametrize("platform", ["own", "manual", "wechat_shop", "browser"])
def test_nobody_told_is_not_nil_nil(platform: str) -> None:
    desk = _on_air("pk", PK, platform)
    seen = desk.seen("it")
    assert (seen["ours"], seen["theirs"], _scores(desk)) == (None, None, [(None, None, None)])
    desk.wait(90)
    assert _scores(desk) == [(None, None, None)] * 3
    assert desk.cue("it").status == "ended"


def test_rounds_share_the_time_and_each_has_a_winner_once_it_is_over() -> None:
    desk = _on_air("pk", PK)
    desk.fact("pk.scored", {"cue_id": "it", "ours": 5, "theirs": 3})
    assert _scores(desk) == [(5, 3, None)], "it still runs"
    assert desk.wait(30) == ["pk.round"]
    assert _scores(desk) == [(5, 3, "ours"), (None, None, None)]
    desk.ok("cue.measure", {"cue_id": "it", "ours": 0, "theirs": 0}, "assistant")
    assert (desk.seen("it")["ours"], desk.seen("it")["theirs"]) == (0, 0), "told, and so it is 0"
    assert desk.wait(30) == ["pk.round"]
    desk.fact("pk.scored", {"cue_id": "it", "ours": 1, "theirs": 9})
    assert desk.wait(30) == ["cue.ended"]
    assert _scores(desk) == [(5, 3, "ours"), (0, 0, "draw"), (1, 9, "theirs")]
    desk.fact("pk.scored", {"cue_id": "it", "ours": 10, "theirs": 9})
    assert _scores(desk)[-1] == (10, 9, "ours"), "what is told after the end is of the last round"
    assert desk.refold() == desk.room


def test_an_engine_that_slept_over_the_rounds_ends_it_once() -> None:
    desk = _on_air("pk", PK)
    found = desk.sleep(500)
    assert found[-1] == "cue.ended"
    assert found.count("cue.ended") == 1


def test_a_score_of_one_that_waits_is_passed_over() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "it", "kind": "pk", "spec": PK})
    desk.fact("pk.scored", {"cue_id": "it", "ours": 1, "theirs": 2})
    desk.fact("pk.scored", {"cue_id": "nobody's", "ours": 1, "theirs": 2})
    desk.ok("cue.fire", {"cue_id": "it"})
    assert _scores(desk) == [(None, None, None)]


@pytest.mark.parametrize(
    ("spec", "code"),
    [({"opponent": "  "}, "bad_spec"), ({"rounds": 0}, "bad_spec"), ({"rounds": 10}, "over_limit"),
     ({"rounds": 21}, "bad_spec"), ({"seconds": 0}, "bad_spec")],
)  # fmt: skip
def test_what_cannot_be_played_is_refused(spec: dict[str, Any], code: str) -> None:
    assert Desk().no("cue.add", {"kind": "pk", "spec": PK | spec}) == code


def test_a_room_is_linked_with_one_other() -> None:
    desk = _on_air("pk", PK)
    desk.ok("cue.add", {"cue_id": "second", "kind": "pk", "spec": PK})
    assert desk.no("cue.fire", {"cue_id": "second"}) == "overlap"
    desk.wait(90)
    desk.ok("cue.fire", {"cue_id": "second"})


# 红包 -----------------------------------------------------------------------------------------------


def test_all_of_it_may_have_gone_until_somebody_reads_otherwise() -> None:
    desk = _on_air("red_packet", PACKETS, "manual")
    seen = desk.seen("it")
    assert (seen["claimed"], seen["left"]) == (None, None)
    assert seen["discount"] == {"given_fen": None, "held_fen": None, "most_fen": 20_000}
    assert desk.state()["discount"]["most_fen"] == 20_000
    desk.ok("cue.measure", {"cue_id": "it", "claimed": 20}, "assistant")
    seen = desk.seen("it")
    assert (seen["claimed"], seen["left"], seen["read_off"]) == (20, 30, True)
    assert seen["discount"]["given_fen"] is None, "how much was in them nobody tells"
    desk.ok("cue.measure", {"cue_id": "it", "left": 0}, "assistant")
    assert desk.seen("it")["discount"] == {"given_fen": 20_000, "held_fen": 0, "most_fen": 20_000}


def test_packets_are_in_the_budget_of_the_broadcast() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("room.set", {"budget": {"fen": 30_000, "hard": True}})
    for cue_id in ("one", "two"):
        desk.ok("cue.add", {"cue_id": cue_id, "kind": "red_packet", "spec": PACKETS})
    desk.ok("cue.fire", {"cue_id": "one"})
    assert desk.no("cue.fire", {"cue_id": "two"}) == "over_budget"
    desk.ok("cue.measure", {"cue_id": "one", "left": 0})
    assert desk.state()["discount"]["given_fen"] == 20_000, "all of them were taken"
    desk.ok("room.set", {"budget": {"fen": 40_000, "hard": True}})
    desk.ok("cue.fire", {"cue_id": "two"})


def test_untouched_packets_cost_nothing_once_they_are_over() -> None:
    desk = _on_air("red_packet", PACKETS)
    desk.ok("cue.measure", {"cue_id": "it", "claimed": 0})
    desk.wait(60)
    assert desk.seen("it")["discount"]["most_fen"] == 0


def test_a_packet_holds_a_whole_fen() -> None:
    assert Desk().no("cue.add", {"kind": "red_packet", "spec": PACKETS | {"total_fen": 49}}) == "over_limit"
