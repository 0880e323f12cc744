"""Names are joined on the way out, on bytes, and nobody can write himself into another person's place."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.store.people import pids_in, shown

A, B, GONE = "p" + "a" * 20, "p" + "b" * 20, "p" + "0" * 20
NAMES = {A: ("wx-1", '小"明\\'), B: ("wx-2", "Bob")}


def out(value: object) -> object:
    return json.loads(shown(msgspec.json.encode(value), NAMES))


def test_a_person_gets_outside_id_and_name_and_keeps_other_fields() -> None:
    said = out({"viewer": {"level": 3, "id": A, "medal": "x"}, "text": "hi"})
    assert said == {"viewer": {"level": 3, "id": "wx-1", "name": '小"明\\', "medal": "x"}, "text": "hi"}


def test_an_empty_name_behind_the_id_is_filled_not_doubled() -> None:
    line = shown(b'{"buyer":{"id":"%b","name":""}}' % B.encode(), NAMES)
    assert line == b'{"buyer":{"id":"wx-2","name":"Bob"}}'


def test_lists_of_people_bare_ids_and_keys() -> None:
    said = out(
        {
            "winners": [{"viewer_id": A, "entry_id": "e1"}, {"viewer_id": B, "entry_id": "e2"}],
            "exclude": [A, B, GONE],
            "entries": [[A, "e1"], [B, "e2"]],
            "next": B,
            "taken": {A: 2, B: 1},
        }
    )
    assert said == {
        "winners": [
            {"viewer_id": "wx-1", "name": '小"明\\', "entry_id": "e1"},
            {"viewer_id": "wx-2", "name": "Bob", "entry_id": "e2"},
        ],
        "exclude": ["wx-1", "wx-2", "forgotten"],
        "entries": [["wx-1", "e1"], ["wx-2", "e2"]],
        "next": "wx-2",
        "taken": {"wx-1": 2, "wx-2": 1},
    }


def test_a_forgotten_person_is_forgotten_by_id_and_name() -> None:
    assert out({"viewer": {"id": GONE}}) == {"viewer": {"id": "forgotten", "name": "forgotten"}}


@pytest.mark.parametrize(
    "text",
    [
        A,
        f'"id":"{A}"',
        f'x","viewer":{{"id":"{A}"}}',
        f'["{A}"]',
        f'{{"{A}":1}}',
        f'\\","id":"{A}"',
        f',"{A}",',
    ],
)
def test_what_a_viewer_writes_is_never_taken_for_a_person(text: str) -> None:
    assert out({"text": text, "name": text, "title": text}) == {"text": text, "name": text, "title": text}


@given(st.recursive(st.text() | st.sampled_from([f'"{A}"', f'":"{A}"', "\\", '"']), st.lists, max_leaves=8))
def test_free_text_comes_out_as_it_went_in(value: object) -> None:
    assert out({"text": value}) == {"text": value}


def test_pids_in_finds_them_all_once() -> None:
    lines = [msgspec.json.encode({"viewer": {"id": A}}), msgspec.json.encode([A, B]), b'{"text":"p1"}']
    assert pids_in(lines) == {A, B}


def test_a_line_without_people_is_the_same_object() -> None:
    line = b'{"order_id":"o1","paid_fen":990}'
    assert shown(line, NAMES) is line
