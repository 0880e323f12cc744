from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from liveconsole.bus.decode import (
    DEPTH_LIMIT,
    UnreadableBody,
    _comment_lines,
    _comments,
    _too_deep,
    read_command,
    read_events,
)
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.inputs import CommandInput
from liveconsole.messages.unknown import _names_people
from tests.contract.engine_process import BATCH, LINES, SINGLE, comment, event

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=30,
)


def names_people(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_names_people(name, inner) or names_people(inner) for name, inner in value.items())
    return isinstance(value, list) and any(map(names_people, value))


def depth_of(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@given(JSON, st.integers(1, 8))
def test_depth_is_told_rightly(value: Any, limit: int) -> None:
    assert _too_deep(json.dumps(value).encode(), limit) is (depth_of(value) > limit)


@given(st.text(alphabet='[]{}",\\ ab', max_size=40))
def test_depth_looks_through_strings(text: str) -> None:
    assert _too_deep(json.dumps([text] * 3).encode(), 1) is False


@given(st.binary(max_size=200), st.sampled_from([BATCH, SINGLE, LINES, "application/json"]))
def test_any_bytes_are_refused_or_read_and_never_a_bug(body: bytes, kind: str) -> None:
    with contextlib.suppress(UnreadableBody):
        assert read_events(kind, body, simulated=False).facts == []


@given(st.lists(JSON, max_size=5))
def test_any_json_between_two_events_takes_neither(values: list[Any]) -> None:
    events = [comment("first"), *values, comment("last")]
    whole = read_events(BATCH, json.dumps(events).encode(), simulated=False)
    lines = read_events(LINES, "\n".join(map(json.dumps, events)).encode(), simulated=False)
    for found in (whole, lines):
        assert [fact.id for fact in found.facts] == ["first", "last"]
        assert [problem.index for problem in found.problems] == list(range(1, len(values) + 1))
        assert [fact.index for fact in found.facts] == [0, len(events) - 1]


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=3), st.text(max_size=700), st.text(max_size=10))
def test_unknown_fields_and_any_text_are_kept(extra: dict[str, Any], text: str, name: str) -> None:
    assume(not names_people(extra))  # such fields are dropped
    data = {**extra, "viewer": {"id": "u", "name": name}, "text": text}
    sent = event("1", "comment.posted", data)
    found = read_events(BATCH, msgspec.json.encode([sent]), simulated=False)
    if found.problems:
        assert depth_of(sent) > DEPTH_LIMIT
        return
    (fact,) = found.facts
    expected = {**data, "text": text[:500]} | ({"cut": len(text)} if len(text) > 500 else {})
    assert fact.kept == (expected if extra.keys() - {"viewer", "text"} or "cut" in expected else None)
    assert isinstance(fact.data, CommentPosted)
    assert fact.data.text == text[:500]
    assert msgspec.json.decode(fact.body) == json.loads(json.dumps(expected))


def test_a_name_that_is_too_long_is_cut_too() -> None:
    sent = event("1", "viewer.entered", {"viewer": {"id": "u", "name": "n" * 900}})
    (fact,) = read_events(BATCH, json.dumps([sent]).encode(), simulated=False).facts
    assert fact.kept == {"viewer": {"id": "u", "name": "n" * 500}, "cut": 900}


def test_a_byte_order_mark_is_no_harm() -> None:
    for kind, body in ((BATCH, [comment("1")]), (SINGLE, comment("1")), (LINES, comment("1"))):
        raw = b"\xef\xbb\xbf" + json.dumps(body).encode()
        assert len(read_events(kind, raw, simulated=False).facts) == 1


def command(**more: Any) -> CommandInput:
    body = {"id": "a", "type": "cart.unpin", "data": {"x": 1, "y": 2}, **more}
    return read_command("application/json", json.dumps(body).encode(), "host")


def test_the_hash_tells_another_body_and_not_another_order_of_keys() -> None:
    first = command().body_hash
    assert command(data={"y": 2, "x": 1}).body_hash == first
    assert command(data={"x": 1, "y": 3}).body_hash != first
    assert command(type="cart.add").body_hash != first
    assert command(expires_at="2026-11-22T12:00:00Z").body_hash != first


@pytest.mark.parametrize("id_", ["a", "~" * 64, "!"])
def test_ids_of_printable_ascii(id_: str) -> None:
    assert command(id=id_).id == id_


_TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(["x" * 501, "名" * 600, '"\\\n\u2028', ""]))
_POSTED = st.lists(
    st.fixed_dictionaries(
        {
            "specversion": st.just("1.0"),
            "id": st.text(min_size=0, max_size=3),
            "source": st.sampled_from(["/a", "/rehearsal/x"]),
            "type": st.sampled_from(["comment.posted", "comment.posted", "viewer.entered"]),
            "data": st.fixed_dictionaries(
                {
                    "viewer": st.fixed_dictionaries(
                        {"id": st.text(max_size=3)}, optional={"name": _TEXTS, "level": st.integers()}
                    ),
                    "text": _TEXTS,
                },
                optional={"emoji": st.integers()},
            ),
        },
        optional={
            "time": st.sampled_from(["", "yesterday", "2026-11-11T20:00:00+08:00", "0001-01-01T00:00:00Z"]),
            "subject": _TEXTS,
        },
    ),
    max_size=4,
)


@given(_POSTED, st.booleans())
def test_a_post_of_plain_comments_is_read_as_every_other_post(
    posted: list[dict[str, Any]], simulated: bool
) -> None:
    body = msgspec.json.encode(posted)
    at_once = read_events(BATCH, body, simulated=simulated)
    one_by_one = read_events("application/json", body, simulated=simulated)
    seen = [
        [(f.source, f.id, f.type, f.time, f.sent_time, f.body, f.index, msgspec.json.encode(f.data))
         for f in read.facts]
        for read in (at_once, one_by_one)
    ]  # fmt: skip
    assert seen[0] == seen[1]
    assert at_once.problems == one_by_one.problems


def test_plain_comments_do_go_the_short_way() -> None:
    read = read_events(BATCH, msgspec.json.encode([comment("1", text="好"), comment("2")]), simulated=False)
    assert [fact.kept for fact in read.facts] == [None, None]


@given(_POSTED, st.booleans(), st.sampled_from(["", "\n", "\r\n", "\n\n"]), st.data())
def test_lines_of_plain_comments_are_read_as_other_lines(
    posted: list[dict[str, Any]], simulated: bool, end: str, data: st.DataObject
) -> None:
    """Also where somebody broke a line in two, or put two into one."""
    lines = [msgspec.json.encode(one).decode() for one in posted]
    for _ in range(data.draw(st.integers(0, 2)) if lines else 0):
        place = data.draw(st.integers(0, len(lines) - 1))
        cut = data.draw(st.integers(0, len(lines[place])))
        lines[place] = (
            lines[place][:cut] + data.draw(st.sampled_from(["\n", ",", "}\n{"])) + lines[place][cut:]
        )
    body = ("\n".join(lines) + end).encode()
    at_once = read_events(LINES, body, simulated=simulated)
    # A blank line in front is the long way.
    one_by_one = read_events(LINES, b"\n" + body, simulated=simulated)
    assert [(f.id, f.body, f.index + 1) for f in at_once.facts] == [
        (f.id, f.body, f.index) for f in one_by_one.facts
    ]
    assert [(p.index + 1, p.code) for p in at_once.problems] == [
        (p.index, p.code) for p in one_by_one.problems
    ]


def test_plain_lines_do_go_the_short_way() -> None:
    body = "\n".join(json.dumps(comment(str(n))) for n in range(3)).encode()
    for whole in (body, body + b"\n", body.replace(b"\n", b"\r\n")):
        assert [fact.kept for fact in read_events(LINES, whole, simulated=False).facts] == [None] * 3
    assert _comment_lines(b"\n" + body, False) is None


def test_twin_lines_joined_without_their_ends_let_a_text_run_over(monkeypatch: pytest.MonkeyPatch) -> None:
    one = json.dumps(comment("1", text="a}\n{b"), ensure_ascii=False).replace("\\n", "\n")
    two = json.dumps(comment("2")) + "," + json.dumps(comment("3"))
    body = f"{one}\n{two}".encode()
    assert _comment_lines(body, False) is None
    assert len(read_events(LINES, body, simulated=False).facts) == 0
    joined = b"[" + body.replace(b"\n", b",") + b"]"
    assert len(_comments(joined, False) or ()) == body.count(b"\n") + 1
