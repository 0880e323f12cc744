from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole.bus.decode import read_events
from liveconsole.engine.people import People
from liveconsole.engine.shown import _Names
from liveconsole.messages.inputs import SentFact
from liveconsole.store.opening import open_store
from liveconsole.store.store import Store
from tests.contract.engine_process import BATCH, event

KEY = b"k" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "room")
    yield opened
    opened.close()


@pytest.fixture
def people(store: Store) -> People:
    return People(KEY, store)


def sent(type_: str, data: dict[str, Any]) -> SentFact:
    import msgspec

    (fact,) = read_events(BATCH, msgspec.json.encode([event("1", type_, data)]), simulated=False).facts
    return fact


def test_a_pid_is_keyed_and_steady(store: Store, people: People) -> None:
    pid = people.meet("u1", "小明").pid
    assert pid == people.pid("u1") == people.meet("u1", "").pid
    assert len(pid) == 21
    assert pid[0] == "p"
    assert pid != People(b"x" * 32, store).pid("u1")
    assert people.met == {pid: ("u1", "小明")}


def test_names_never_get_into_what_is_kept(people: People) -> None:
    viewer: dict[str, Any] = {"id": "u1", "name": "小明", "level": 3}
    order: dict[str, Any] = {
        "order_id": "o",
        "buyer": {"id": "u1", "name": "小明"},
        "lines": [],
        "total_fen": 0,
        "note": {"a": 1},
    }
    facts: list[tuple[str, dict[str, Any], str]] = [
        ("comment.posted", {"viewer": {"id": "u1", "name": "小明"}, "text": "x"}, "viewer"),
        ("comment.posted", {"viewer": viewer, "text": "x", "lang": "zh"}, "viewer"),
        ("viewer.liked", {"viewer": viewer, "count": 2}, "viewer"),
        ("order.placed", order, "buyer"),
    ]
    for type_, data, field in facts:
        typed, kept = people.take_in(sent(type_, data))
        pid = people.pid("u1")
        assert getattr(typed, field).id == pid
        assert getattr(typed, field).name == ""
        assert kept == {**data, field: {"id": pid}}


def test_a_fact_without_people_is_kept_as_it_is(people: People) -> None:
    fact = sent("room.measured", {"online": 5, "more": 1})
    assert people.take_in(fact) == (fact.data, fact.kept)


@pytest.mark.parametrize(
    ("type_", "data", "where"),
    [
        ("order.request", {"buyer": {"id": "u1", "name": "小明"}}, lambda d: d["buyer"]["id"]),
        ("coupon.claim", {"viewer": {"id": "u1"}}, lambda d: d["viewer"]["id"]),
        ("bag.settle", {"viewer_id": "u1"}, lambda d: d["viewer_id"]),
        ("cue.add", {"spec": {"exclude": ["u1"]}}, lambda d: d["spec"]["exclude"][0]),
        ("cue.fire", {"expect": {"exclude": ["u1"]}}, lambda d: d["expect"]["exclude"][0]),
    ],
)
def test_commands_come_in_with_pids(people: People, type_: str, data: dict[str, Any], where: Any) -> None:
    before = repr(data)
    inside = people.ask_in(type_, data)
    assert where(inside) == people.pid("u1")
    assert repr(data) == before


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("order.request", {"buyer": "u1"}),
        ("order.request", {}),
        ("order.request", {"buyer": {"id": 5}}),
        ("coupon.claim", {"viewer": None}),
        ("bag.settle", {"viewer_id": ["u1"]}),
        ("cue.add", {"spec": {"exclude": "u1"}}),
        ("cue.add", {"spec": {"exclude": [5, None]}}),
        ("cue.add", []),
        ("cue.add", None),
    ],
)
def test_wrong_shapes_are_left_for_the_rules(people: People, type_: str, data: Any) -> None:
    assert people.ask_in(type_, data) == data


def test_a_seat_may_send_back_the_pid_that_it_was_shown(people: People) -> None:
    pid = people.pid("u1")
    assert people.ask_in("bag.settle", {"viewer_id": pid}) == {"viewer_id": pid}


def test_a_producer_cannot_pass_for_somebody_by_his_pid(people: People) -> None:
    pid = people.pid("u1")
    asked = people.ask_in("order.request", {"buyer": {"id": pid, "name": ""}})
    assert asked["buyer"]["id"] not in (pid, "")
    typed, _ = people.take_in(sent("viewer.entered", {"viewer": {"id": pid, "name": ""}}))
    assert getattr(typed, "viewer").id != pid  # noqa: B009  # the union has members without viewers


def test_what_was_not_written_is_met_again(people: People) -> None:
    people.meet("u1", "小明")
    people.forget_unwritten()
    assert people.met == {}
    people.meet("u1", "小明")
    assert list(people.met.values()) == [("u1", "小明")]


def test_a_new_name_is_news_and_an_unknown_one_is_not(people: People) -> None:
    people.meet("u1", "小明")
    people.written()
    people.meet("u1", "")
    people.meet("u1", "小明")
    assert people.met == {}
    people.meet("u1", "大明")
    assert list(people.met.values()) == [("u1", "大明")]


def test_shown_again_with_names(people: People) -> None:
    pid = people.meet("u1", "小明").pid
    line = f'{{"viewer":{{"id":"{pid}"}},"winners":["{pid}"]}}'.encode()
    assert people.shown(line).decode() == '{"viewer":{"id":"u1","name":"小明"},"winners":["u1"]}'
    assert people.shown(b'{"a":1}') == b'{"a":1}'


def test_somebody_forgotten_has_no_name(people: People) -> None:
    unknown: Iterable[str] = ["p" + "0" * 20]
    assert people.names(unknown) == {}


def test_who_is_kept_out_of_a_segments_bag_is_a_pid_as_well(people: People) -> None:
    bag = {"kind": "lucky_bag", "spec": {"winners": 1, "exclude": ["viewer-7"]}}
    rest: list[Any] = [{"cues": None}, "x"]
    asked = {"segments": [{"segment_id": "a", "cues": [bag, {"kind": "pin", "spec": 3}]}, *rest]}
    inside = people.ask_in("rundown.put", asked)
    (pid,) = inside["segments"][0]["cues"][0]["spec"]["exclude"]
    assert pid == people.pid("viewer-7") != "viewer-7"
    assert inside["segments"][1:] == rest
    assert people.ask_in("rundown.put", {"segments": 3}) == {"segments": 3}


def test_who_is_watched_rings_when_he_has_another_name(people: People) -> None:
    names = _Names(people)
    known = people.meet("u1", "小红")
    people.meet("u2", "路人")
    assert names.names([known.pid]) == {known.pid: ("u1", "小红")}
    people.meet("u2", "别人")
    people.meet("u1", "小红")
    assert not names.renamed(), "nobody who is shown has another name"
    people.meet("u1", "小明")
    assert names.renamed()
    assert not names.renamed(), "told once; whoever shows him asks again"
    names.shown(b'{"viewer_id":"%b"}' % known.pid.encode())
    people.meet("u1", "小兰")
    assert names.renamed()


def test_a_name_that_no_commit_kept_is_none(people: People) -> None:
    names = _Names(people)
    known = people.meet("u1", "小红")
    names.names([known.pid])
    people.forget_unwritten()
    assert names.renamed()
