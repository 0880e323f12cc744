"""Whose comments enter a bag: the source that brings this room's comments, until a person hands it over."""

from __future__ import annotations

import copy

import msgspec
import pytest

from liveconsole.domain import audience
from liveconsole.domain.draw import rules_hash
from liveconsole.domain.evolve import evolve
from liveconsole.domain.kinds.lucky_bag import promise
from liveconsole.domain.room import Room
from liveconsole.domain.room_bags import Bag
from liveconsole.engine import folding
from liveconsole.messages.envelope import Event
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import Person
from tests.unit.domain.desk import START, Desk, encoded

BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 60}


class Sourced(Desk):
    """A desk whose comments come from more than one tool."""

    def says(self, source: str, who: str, text: str = "要") -> list[str]:
        return self.fact("comment.posted", {"viewer": {"id": who}, "text": text}, source)

    def fire(self, cue_id: str = "bag", **fields: object) -> None:
        self.ok("cue.add", {"cue_id": cue_id, "kind": "lucky_bag", "spec": {**BAG, **fields}})
        self.ok("cue.fire", {"cue_id": cue_id})

    def bag(self, cue_id: str = "bag") -> Bag:
        bag = self.cue(cue_id).bag
        assert bag is not None
        return bag


def desk_heard(**counts: int) -> Sourced:
    desk = Sourced("own", recall_seconds=0)
    for source, count in counts.items():
        for n in range(count):
            desk.says(f"/{source}", f"{source}{n}", "主播好")
    return desk


def test_a_stray_comment_of_another_tool_owns_nothing() -> None:
    """K5.4: 300 people entered through the real source, and one entrant was drawn."""
    desk = desk_heard(real=20, stray=2)
    desk.fire()
    assert desk.seen("bag")["source"] == "/real"
    assert desk.says("/stray", "s1") == ["comment.posted"]
    for n in range(300):
        assert desk.says("/real", f"v{n}") == ["comment.posted", "bag.entered"]
    assert len(desk.bag().entries) == 300
    desk.wait(60)
    receipt = desk.bag().receipt
    assert receipt is not None
    assert receipt["source"] == "/real"
    assert receipt["rules"]["entry"]["source"] == "/real"
    assert rules_hash(receipt["rules"]) == receipt["rules_sha256"]


def test_twin_without_the_choice_the_stray_comment_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promise, "loudest", lambda room, now: "")
    desk = desk_heard(real=20)
    desk.fire()
    desk.says("/stray", "s1")
    for n in range(300):
        desk.says("/real", f"v{n}")
    assert list(desk.bag().entries) == ["s1"]


def test_five_minutes_count_and_no_more() -> None:
    desk = desk_heard(old=50)
    desk.wait(200)
    desk.says("/new", "n", "来了")
    desk.fire("first", seconds=20)
    assert desk.bag("first").source == "/old"
    desk.wait(110)
    desk.fire("second", seconds=20)
    assert desk.bag("second").source == "/new"
    desk.wait(600)
    desk.fire("third", seconds=20)
    assert desk.bag("third").source == ""


def test_where_none_has_spoken_a_word_that_does_not_match_chooses_nothing() -> None:
    desk = desk_heard()
    desk.fire()
    assert desk.says("/stray", "s1", "主播好") == ["comment.posted"]
    assert desk.says("/real", "v1") == ["comment.posted", "bag.source", "bag.entered"]
    assert desk.says("/stray", "s1") == ["comment.posted"]
    assert list(desk.bag().entries) == ["v1"]


def test_a_person_hands_it_over_and_the_log_says_who() -> None:
    desk = desk_heard(real=5)
    desk.fire()
    desk.says("/real", "v1")
    handed = {"cue_id": "bag", "source": "/spare"}
    assert desk.ask("bag.source", handed, "assistant").code == "forbidden"  # type: ignore[union-attr]
    assert desk.ok("bag.source", handed, "operator") == handed
    assert (desk.log[-1].type, desk.log[-1].actor) == ("bag.source", "operator")
    assert desk.says("/real", "v2") == ["comment.posted"]
    assert desk.says("/spare", "v1") == ["comment.posted"], "nobody enters twice"
    assert desk.says("/spare", "v3") == ["comment.posted", "bag.entered"]
    assert list(desk.bag().entries) == ["v1", "v3"]
    before = len(desk.log)
    assert desk.ok("bag.source", handed) == handed
    assert len(desk.log) == before
    desk.wait(60)
    receipt = desk.bag().receipt
    assert receipt is not None
    assert (receipt["source"], receipt["rules"]["entry"]["source"]) == ("/spare", "/real")


def test_what_cannot_be_handed_over() -> None:
    desk = desk_heard(real=5)
    handed = {"cue_id": "bag", "source": "/spare"}
    assert desk.no("bag.source", handed) == "unknown_cue"
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    assert desk.no("bag.source", handed) == "not_running"
    desk.ok("cue.fire", {"cue_id": "bag"})
    assert desk.no("bag.source", {"cue_id": "bag", "source": ""}) == "bad_shape"
    desk.now = desk.cue("bag").ends_at or desk.now
    assert desk.no("bag.source", handed) == "too_late"
    desk.ok("cue.add", {"cue_id": "theirs", "kind": "lucky_bag", "spec": {**BAG, "draw": "platform"}})
    assert desk.no("bag.source", {**handed, "cue_id": "theirs"}) == "wrong_kind"


def test_many_sources_are_remembered_within_a_bound_and_folded_the_same_in_a_run() -> None:
    events = [
        Event(
            "comment.posted", START.replace(second=n // 40 % 60), "producer", CommentPosted(Person("p"), "x"),
            n + 1, f"/s{n % 97}", str(n),
        )
        for n in range(4_000)
    ]  # fmt: skip
    one_by_one = Room("room")
    for event in events:
        one_by_one = evolve(one_by_one, copy.copy(event))
    assert encoded(folding.onto(Room("room"), events)) == encoded(one_by_one)
    assert max(map(len, one_by_one.heard.values())) == audience._SOURCES
    assert msgspec.msgpack.decode(encoded(one_by_one), type=Room).heard == one_by_one.heard
