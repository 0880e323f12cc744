"""A bag that draws here is drawn at its time or voided with a reason that is shown, whatever would end it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

import liveconsole
from liveconsole.domain import fire, restored
from liveconsole.domain.context import Context
from liveconsole.domain.kinds import lucky_bag, plain
from liveconsole.domain.room import Room
from tests.unit.domain.desk import Desk

BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 600}


def on_air(platform: str = "manual", **fields: Any) -> Desk:
    desk = Desk(platform, recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": {**BAG, **fields}})
    desk.ok("cue.fire", {"cue_id": "bag"})
    if platform == "manual":
        desk.ok("cue.confirm", {"cue_id": "bag", "step": "on_air", "done": True})
    desk.fact("comment.posted", {"viewer": {"id": "v1"}, "text": "要"})
    return desk


ENDS: list[tuple[str, dict[str, Any], str, str]] = [
    ("cue.confirm", {"cue_id": "bag", "step": "ended", "done": True}, "assistant", "forbidden"),
    ("cue.confirm", {"cue_id": "bag", "step": "ended", "done": True}, "operator", "needs_reason"),
    ("cue.confirm", {"cue_id": "bag", "step": "ended", "done": True}, "host", "needs_reason"),
    ("cue.stop", {"cue_id": "bag"}, "host", "needs_reason"),
    ("cue.stop", {"cue_id": "bag", "reason": " \u3000"}, "host", "needs_reason"),
    ("cue.stop", {"cue_id": "bag", "reason": "restored"}, "host", "needs_reason"),
    ("cue.stop", {"cue_id": "bag", "reason": "secret_lost"}, "host", "needs_reason"),
    ("cue.stop", {"cue_id": "bag", "reason": "有人刷屏"}, "assistant", "forbidden"),
    ("bag.winners", {"cue_id": "bag", "names": ["我"]}, "host", "wrong_kind"),
    ("room.set", {"platform": "own"}, "host", "still_running"),
    ("broadcast.close", {}, "host", "still_running"),
    ("cue.remove", {"cue_id": "bag"}, "host", "too_late"),
    ("cue.recall", {"cue_id": "bag"}, "host", "too_late"),
    ("cue.edit", {"cue_id": "bag", "spec": {**BAG, "seconds": 5}}, "host", "too_late"),
]


@pytest.mark.parametrize(("type_", "data", "role", "code"), ENDS)
def test_nothing_ends_a_draw_without_a_reason(type_: str, data: dict[str, Any], role: str, code: str) -> None:
    desk = on_air()
    assert desk.no(type_, data, role) == code
    assert desk.cue("bag").status == "on_air"
    assert desk.wait(600) == ["bag.closed", "cue.drawn", "cue.ended"]


@pytest.mark.parametrize("randomness", ["local", "drand"])
@pytest.mark.parametrize("role", ["host", "operator", "assistant"])
def test_nothing_ends_a_draw_after_its_close(randomness: str, role: str) -> None:
    """Between the close and a public value the bag is on air and its entrants are known: the very moment at
    which somebody may not like them."""
    desk = on_air()
    if randomness == "drand":
        desk = Desk("manual", recall_seconds=0, randomness="drand")
        desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
        desk.ok("cue.fire", {"cue_id": "bag"})
        desk.ok("cue.confirm", {"cue_id": "bag", "step": "on_air", "done": True})
        assert desk.wait(600) == ["bag.closed"]
    else:
        desk.now = desk.cue("bag").ends_at or desk.now  # due, and the clock has not come to it yet
    stop = {"cue_id": "bag", "reason": "不喜欢"}
    assert desk.no("cue.stop", stop, role) == ("forbidden" if role == "assistant" else "too_late")
    assert desk.no("cue.confirm", {"cue_id": "bag", "step": "ended", "done": True}, role) == "too_late"
    assert desk.ok("room.halt", {})["going_on"] == ["bag"]
    assert desk.cue("bag").status == "on_air"


@pytest.mark.parametrize("step", [1, 0, 299, 569, 601, 86_400])
def test_a_countdown_cannot_cut_or_stretch_what_was_announced(step: int) -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    begun = {"cue_id": "bag", "step": "on_air", "done": True, "remaining_seconds": step}
    refusal = desk.refusal("cue.confirm", begun, "assistant")
    assert refusal.code == "wrong_countdown"
    assert refusal.params["least"] == 570
    assert desk.cue("bag").status == "firing"
    assert desk.wait(120) == []
    assert desk.ok("cue.confirm", begun | {"remaining_seconds": 450})["status"] == "on_air"
    assert desk.wait(449) == []
    assert desk.wait(1) == ["bag.closed", "cue.drawn", "cue.ended"]


def test_half_of_the_time_stays_however_late_it_is_said() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.wait(3_000)
    begun = {"cue_id": "bag", "step": "on_air", "done": True, "remaining_seconds": 299}
    assert desk.no("cue.confirm", begun) == "wrong_countdown"
    desk.ok("cue.confirm", begun | {"remaining_seconds": 300})


def test_a_reason_voids_it_and_stands_there() -> None:
    desk = on_air()
    desk.ok("cue.stop", {"cue_id": "bag", "reason": "奖品弄错了"})
    assert (desk.seen("bag")["ended_because"], desk.seen("bag")["reason"]) == ("stopped", "奖品弄错了")


def test_what_the_platform_draws_is_ended_by_whoever_sees_it_end() -> None:
    desk = on_air(draw="platform")
    desk.ok("cue.confirm", {"cue_id": "bag", "step": "ended", "done": True}, "assistant")
    assert desk.cue("bag").ended_because == "platform"


def halts(desk: Desk) -> None:
    fire.end(desk.room, desk.cue("bag"), Context(desk.now, "clock", desk.chance), "halted")


def sells_out(desk: Desk) -> None:
    fire.end(desk.room, desk.cue("bag"), Context(desk.now, "clock", desk.chance), "sold_out")


def times_out(desk: Desk) -> None:
    for event in plain.time_up(desk.room, desk.cue("bag"), Context(desk.now, "clock", desk.chance)):
        desk.fold([event])


@pytest.mark.parametrize("bug", [halts, sells_out, times_out])
def test_a_rule_that_does_not_ask_fails_and_voids_nothing(bug: Callable[[Desk], None]) -> None:
    desk = on_air()
    with pytest.raises(fire.EndsOtherwise):
        bug(desk)
    assert desk.cue("bag").status == "on_air"


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("cue.confirm", {"cue_id": "bag", "step": "ended", "done": True}),
        ("cue.stop", {"cue_id": "bag", "reason": ""}),
    ],
)
def test_twin_without_the_kinds_word_a_draw_is_voided_by_the_way(
    type_: str, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lucky_bag, "cannot_end", plain.cannot_end)
    desk = on_air()
    desk.ok(type_, data)
    assert desk.cue("bag").status == "ended"
    assert desk.cue("bag").bag is not None
    assert desk.cue("bag").bag.receipt is None  # type: ignore[union-attr]


def test_twin_without_the_kinds_word_a_countdown_of_a_second_closes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lucky_bag, "cannot_begin_late", plain.cannot_begin_late)
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.ok("cue.confirm", {"cue_id": "bag", "step": "on_air", "done": True, "remaining_seconds": 1})
    assert "cue.drawn" in desk.wait(1)


def test_every_end_is_made_in_one_place() -> None:
    """Whoever makes a ``cue.ended`` elsewhere does not ask the kind."""
    makers = []
    for file in sorted(Path(liveconsole.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "CueEnded":
                makers.append(file.name)
    assert makers == ["fire.py"]


# A room from a backup -------------------------------------------------------------------------------


def goes_on(desk: Desk, epoch: int = 2) -> list[str]:
    events = restored.go_on(desk.room, epoch, "ab" * 32, Context(desk.now, "clock", desk.chance))
    desk.fold(events)
    return [event.type for event in events]


def test_a_draw_that_ran_is_void_in_a_restored_room() -> None:
    desk = on_air()
    assert goes_on(desk) == ["room.restored", "cue.ended"]
    seen = desk.seen("bag")
    assert (seen["status"], seen["ended_because"], seen["reason"]) == ("ended", "stopped", "restored")
    assert desk.wait(600) == []
    assert goes_on(desk) == [], "once"
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(desk.room), type=Room).epoch == 2


def test_a_closed_draw_that_waits_for_its_value_is_void_too() -> None:
    desk = Desk("own", recall_seconds=0, randomness="drand")
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    assert desk.wait(600) == ["bag.closed"]
    assert goes_on(desk) == ["room.restored", "cue.ended"]
    assert desk.wait(3_600) == []


def test_sales_and_draws_of_the_platform_go_on_and_what_is_owed_is_asked_about_first() -> None:
    desk = on_air(draw="platform")
    assert goes_on(desk) == ["room.restored"]
    desk = Desk("rehearsal", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    assert goes_on(desk) == ["room.restored"]
    owed = desk.cue("bag").owed
    assert owed is not None
    assert owed.sent


def test_twin_a_restored_room_that_says_nothing_draws_again() -> None:
    desk = on_air()
    desk.fold([])
    assert "cue.drawn" in desk.wait(600)
