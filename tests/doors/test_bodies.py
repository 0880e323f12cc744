"""No body holds the engine up, blows an answer up, or stays on the log for more than it says."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable
from typing import Any, Final

import pytest

from liveconsole.bus import decode
from liveconsole.messages.bounds import REFUSALS
from tests.contract.engine_process import BATCH, LINES, EngineProcess
from tests.doors.bent_engine import BentEngine
from tests.doors.posts import bearer, own
from tests.doors.wire import comment, gather, replies, request
from tests.goals import within

MIB: Final = 1024 * 1024
BODIES: Final[dict[str, bytes]] = {
    "a string that never ends": b'["' + b'\\"' * (MIB // 2 - 2),
    "quotes": b'"' * MIB,
    "backslashes": b'["' + b"\\" * (MIB - 4),
    "open brackets": b"[" * MIB,
    "brackets in pairs": b"[" * (MIB // 2) + b"]" * (MIB // 2),
    "brackets in a string": b'["' + b"[" * (MIB - 10) + b'"]',
    "deep elements": b"[" + b",".join([b"[" * 20 + b"]" * 20] * (MIB // 41 - 1)) + b"]",
    "one number": b"[" + b"1" * (MIB - 2) + b"]",
    "one fraction": b"[0." + b"1" * (MIB - 4) + b"]",
    "one exponent": b"[1e" + b"1" * (MIB - 4) + b"]",
    "many keys": b"[{" + b",".join(b'"k%d":1' % n for n in range(80_000)) + b"}]",
    "many numbers": b"[" + b"1," * (MIB // 2 - 2) + b"1]",
    "many objects": b"[" + b"{}," * (MIB // 3 - 2) + b"{}]",
    "many lists": b"[" + b"[]," * (MIB // 3 - 2) + b"[]]",
    "halves of letters": b'["' + rb"\ud800" * (MIB // 6 - 2) + b'"]',
    "empty lines": b"\n" * MIB,
    "lines of one number": b"1\n" * (MIB // 2),
    "lines of one quote": b'"\n' * (MIB // 2),
}
WITHIN: Final = 1.5
"""Seconds of the processor for a MiB; what is not linear takes minutes."""


def _read(body: bytes) -> float:
    began = time.thread_time()
    for kind in (BATCH, LINES):
        try:
            decode.read_events(kind, body, simulated=False)
        except decode.UnreadableBody:
            pass
    try:
        decode.read_command("application/json", body, "host")
    except decode.UnreadableBody:
        pass
    return time.thread_time() - began


@pytest.mark.parametrize("name", BODIES)
def test_every_body_is_read_in_a_moment(name: str) -> None:
    within(_read(BODIES[name]), WITHIN)


def test_twin_a_scan_that_begins_again_at_every_quote_is_quadratic(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'["' + b'\\"' * 6_000
    good = _read(body)
    string = rb'"(?:[^"\\]|\\.)*"'
    monkeypatch.setattr(decode, "_STRINGS", re.compile(string, re.DOTALL))
    monkeypatch.setattr(decode, "_TOKENS", re.compile(string + rb"|[\[\]{},]", re.DOTALL))
    assert _read(body) > 50 * good


def test_who_may_not_command_is_refused_before_the_body_comes(
    engine: EngineProcess, bent: Callable[..., BentEngine]
) -> None:
    def refused_at_once(running: EngineProcess) -> bool:
        head = [("Host", own(running)), ("Content-Type", "application/json"), bearer(running, "viewer")]
        sent = request("POST", "/v1/commands", [*head, ("Content-Length", "50000")], b"", length=False)
        with socket.create_connection(("127.0.0.1", running.port), timeout=5) as line:
            line.sendall(sent + b'["')
            found = gather(line, within=1.0)
        return bool(found) and (found[0].status, found[0].code) == (403, "forbidden")

    assert refused_at_once(engine)
    # The twin: where the rules alone say who may what, the body is waited for.
    assert not refused_at_once(bent(without="commanders"))


def test_a_viewers_body_of_quotes_stops_nobody(engine: EngineProcess) -> None:
    """K6.1 as it was found: 13.6 seconds without the engine, with the token of a viewer."""
    for role in ("viewer", "producer", "host"):
        began = time.monotonic()
        answer = engine.call("POST", "/v1/commands", b'["' + b'\\"' * 25_000, role=role)
        assert answer.status == (403 if role == "viewer" else 400)
        within(time.monotonic() - began, 1)


def test_an_answer_says_a_thousand_refusals_and_counts_the_rest(engine: EngineProcess) -> None:
    """K6.4."""
    good = json.dumps(comment("bodies-last")).encode()
    body = b"[" + b"1," * 500_000 + good + b"]"
    began = time.monotonic()
    answer = engine.call("POST", "/v1/events", body, role="producer", kind=BATCH)
    within(time.monotonic() - began, WITHIN)
    said = answer.json
    assert (said["accepted"], len(said["refused"]), said["refused_more"]) == (1, REFUSALS, 499_000)
    assert [problem["index"] for problem in said["refused"]] == list(range(REFUSALS))
    assert len(answer.body) < 200_000


def test_twin_an_answer_that_says_every_refusal_is_longer_than_what_it_answers(
    bent: Callable[..., BentEngine],
) -> None:
    body = b"[" + b"1," * 20_000 + b"1]"
    whole = bent(limits={"REFUSALS": 1 << 40}).call("POST", "/v1/events", body, role="producer", kind=BATCH)
    assert (len(whole.json["refused"]), len(whole.body) > 20 * len(body)) == (20_001, True)


def test_ids_that_are_used_twice_are_counted_as_well(engine: EngineProcess) -> None:
    first = [comment(f"twice-{n}") for n in range(1_200)]
    other = [comment(f"twice-{n}", text="另一句") for n in range(1_200)]
    assert engine.post(first)["accepted"] == 1_200
    said = engine.post([*other, 1, 2])
    assert (said["accepted"], said["duplicates"]) == (0, 0)
    assert (len(said["refused"]), said["refused_more"]) == (REFUSALS, 202)
    assert "refused_more" not in engine.post([comment("bodies-plain"), 1])


def test_the_same_command_from_another_role_is_no_way_to_its_answer(engine: EngineProcess) -> None:
    """K8.1: the role first; and whoever may ask gets no answer that another role was given."""
    product = {"product_id": "roles", "title": "围巾", "price_fen": 9900, "stock": 1}
    for type_, data in (
        ("catalogue.put", {"products": [product]}),
        ("room.set", {"recall_seconds": 3}),
    ):
        body = {"id": f"role-first-{type_}", "type": type_, "data": data}
        assert engine.call("POST", "/v1/commands", body).json["ok"] is True
        again = engine.call("POST", "/v1/commands", body)
        assert (again.status, again.json["ok"]) == (200, True)
        for role in ("viewer", "producer"):
            answer = engine.call("POST", "/v1/commands", body, role=role)
            assert (answer.status, answer.json["code"]) == (403, "forbidden"), role
        answer = engine.call("POST", "/v1/commands", body, role="assistant")
        may = type_ == "catalogue.put"
        assert (answer.status, answer.json["code"]) == ((409, "id_reused") if may else (403, "forbidden")), (
            type_
        )
        assert b"roles" not in answer.body


def test_twin_a_hash_without_the_role_gives_the_hosts_answer(bent: Callable[..., BentEngine]) -> None:
    running = bent(without="asker")
    body = {"id": "same", "type": "room.set", "data": {"recall_seconds": 3}}
    assert running.call("POST", "/v1/commands", body).json["ok"] is True
    assert running.call("POST", "/v1/commands", body, role="assistant").json["ok"] is True


# Unknown fields ----------------------------------------------------------------------------------------


def _kept(engine: EngineProcess, type_: str, data: dict[str, Any], id_: str) -> dict[str, Any]:
    before = engine.seq()
    sent = {"specversion": "1.0", "id": id_, "source": "/unknown", "type": type_, "data": data}
    assert engine.post([sent])["accepted"] == 1
    (line,) = [line for line in engine.log(before) if line.get("id") == id_]
    kept: dict[str, Any] = line["data"]
    return kept


VIEWER: Final = {"id": "u1", "name": "小明"}


def test_unknown_fields_stay_within_their_bound(engine: EngineProcess) -> None:
    small = {"lang": "zh", "tags": ["a", {"b": 1}]}
    kept = _kept(engine, "comment.posted", {"viewer": VIEWER, "text": "x", **small}, "small")
    assert kept == {"viewer": VIEWER, "text": "x", **small}
    large = {"first": "a" * 5_000, "second": "b" * 5_000, "third": "c" * 1_000}
    kept = _kept(engine, "comment.posted", {"viewer": VIEWER, "text": "x", **large}, "large")
    del large["second"]
    assert kept == {"viewer": VIEWER, "text": "x", **large, "cut_fields": ["second"]}
    kept = _kept(engine, "comment.posted", {"viewer": VIEWER, "text": "x", "k" * 900_000: 1}, "name")
    assert kept == {"viewer": VIEWER, "text": "x", "cut_fields": ["k" * 100]}
    many = {f"field-{n}": "v" * 500 for n in range(1_000)}
    kept = _kept(engine, "room.measured", {"online": 1, **many}, "many")
    assert len(json.dumps(kept)) < 10_000
    assert kept["cut_fields"][:2] == ["field-15", "field-16"]


def test_unknown_fields_in_the_lines_of_an_order_count_too(engine: EngineProcess) -> None:
    line = {"sku_id": "s", "quantity": 1, "unit_price_fen": 100}
    order = {"order_id": "o1", "buyer": VIEWER, "total_fen": 100}
    lines = [{**line, "note": "n" * 3_000} for _ in range(4)]
    kept = _kept(engine, "order.placed", {**order, "lines": lines}, "lines")
    assert [len(one.get("note", "")) for one in kept["lines"]] == [3_000, 3_000, 0, 0]
    assert kept["cut_fields"] == ["lines.2.note", "lines.3.note"]


def test_unknown_fields_of_persons_never_reach_the_log(engine: EngineProcess) -> None:
    """K7.2, for every fact that holds a person."""
    private = {**VIEWER, "phone": "13800001111", "nickname": "明明", "more": {"id": "x"}}
    facts: list[tuple[str, dict[str, Any]]] = [
        ("comment.posted", {"viewer": private, "text": "x"}),
        ("comment.posted", {"viewer": private, "text": "x", "lang": "zh"}),
        ("viewer.followed", {"viewer": private}),
        ("gift.sent", {"viewer": private, "gift": "花", "count": 1, "value_fen": 1}),
        ("order.placed", {"order_id": "o2", "buyer": private, "lines": [], "total_fen": 0}),
    ]
    for n, (type_, data) in enumerate(facts):
        kept = _kept(engine, type_, data, f"private-{n}")
        assert (kept.get("viewer") or kept.get("buyer")) == VIEWER
        assert "cut_fields" not in kept


def test_twin_an_engine_that_keeps_all_keeps_all(bent: Callable[..., BentEngine]) -> None:
    running = bent(without="unknown")
    data = {"viewer": {**VIEWER, "phone": "1"}, "text": "x", "blob": "b" * 100_000}
    kept = _kept(running, "comment.posted", data, "all")
    assert len(kept["blob"]) == 100_000


def test_a_time_has_the_length_of_a_time(engine: EngineProcess) -> None:
    long = {**comment("long-time"), "time": "2026-11-22T12:00:00." + "0" * 500_000 + "Z"}
    said = engine.post([long])
    assert [problem["code"] for problem in said["refused"]] == ["bad_shape"]


def test_the_door_is_open_behind_all_of_that(engine: EngineProcess) -> None:
    head = [("Host", own(engine)), ("Content-Type", BATCH), bearer(engine)]
    body = json.dumps([comment("bodies-end")]).encode()
    assert replies(engine.port, request("POST", "/v1/events", head, body))[0].status == 200
