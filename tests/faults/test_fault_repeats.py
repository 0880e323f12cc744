"""Duplicates after no time, seconds and days; orders in every order; poison between good events."""

from __future__ import annotations

import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.engine_process import LINES, comment, event
from tests.faults.harness.bent import CLOCK
from tests.faults.harness.processes import Engine
from tests.faults.harness.rooms import PLACED, log_of, types_of

Start = Callable[..., Engine]
DAY = 86_400.0


# Duplicates ----------------------------------------------------------------------------------------


def repeated(start: Start, tmp_path: Path, days: float, *bend: str) -> None:
    """The same order is told again: at once and twice at a time, then after a restart ``days`` later."""
    clock = tmp_path / "clock"
    clock.write_text("0 0", "utf-8")
    engine = start(bend=("clock_from_file", *bend), env={CLOCK: str(clock)})
    order = event("1", "order.placed", PLACED, source="/shop")
    answers: list[Any] = []
    racing = [threading.Thread(target=lambda: answers.append(engine.post([order]))) for _ in range(4)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    assert sorted(answer["accepted"] for answer in answers) == [0, 0, 0, 1]
    asked = {"id": "goods", "type": "cart.unpin", "data": {}}
    said = engine.call("POST", "/v1/commands", asked).json
    engine.post([comment(str(n)) for n in range(500)])
    assert engine.stop() == 0
    clock.write_text(f"{days * DAY} 0", "utf-8")
    engine = start(bend=("clock_from_file", *bend), env={CLOCK: str(clock)})
    assert engine.post([order])["duplicates"] == 1, "taken for a new order"
    other = engine.post([event("1", "order.placed", {**PLACED, "total_fen": 1}, source="/shop")])
    assert [problem["code"] for problem in other["refused"]] == ["id_reused"]
    assert engine.call("POST", "/v1/commands", asked).json == said
    assert types_of(log_of(engine))["order.placed"] == 1


@pytest.mark.parametrize("days", [0.0, 1.0, 30.0, 1100.0])
def test_a_fact_told_again_stands_once(start: Start, tmp_path: Path, days: float) -> None:
    repeated(start, tmp_path, days)


def test_twin_with_a_window_it_stands_twice(start: Start, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="taken for a new order"):
        repeated(start, tmp_path, 1.0, "knows_ids_for_a_while")


# Out of order --------------------------------------------------------------------------------------


def life(order_id: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("order.placed", {**PLACED, "order_id": order_id, "cue_id": "none"}),
        ("order.paid", {"order_id": order_id, "paid_fen": 900}),
        ("order.refunded", {"order_id": order_id, "refund_fen": 300}),
        ("order.closed", {"order_id": order_id, "reason": "退货"}),
    ]


def every_sequence(start: Start, *bend: str) -> None:
    """24 orders, each told in another sequence and with a repetition, in posts of their own and together."""
    engine = start(bend=bend)
    engine.done("broadcast.open")
    ends = [engine.state()["orders"]]
    for n, sequence in enumerate(itertools.permutations(range(4))):
        facts = [event(f"{n}-{k}", *life(f"o{n}")[k], source="/shop") for k in sequence]
        if n % 2:
            engine.post([*facts, facts[0]])
        else:
            for fact in facts:
                engine.post([fact])
        ends.append(engine.state()["orders"])
    grown = [added(before, after) for before, after in itertools.pairwise(ends)]
    assert any(grown[0].values())
    assert all(one == grown[0] for one in grown), "it matters who spoke first"


def test_every_sequence_of_an_orders_facts_ends_the_same(start: Start) -> None:
    every_sequence(start)


def test_twin_facts_of_orders_that_were_not_placed_yet_are_dropped(start: Start) -> None:
    with pytest.raises(AssertionError, match="it matters who spoke first"):
        every_sequence(start, "orders_must_be_placed_first")


def added(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: after[name] - before.get(name, 0) for name in after if isinstance(after[name], int)}


# Poison --------------------------------------------------------------------------------------------


def deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def poison() -> list[bytes]:
    """A hundred and more lines that are no event, or none of ours."""
    good = comment("x")
    person = {"id": "u", "name": "n"}
    lines = [
        b"{",
        b"}",
        b"[]x",
        b'"',
        b"nul",
        b"\xff\xfe",
        b"\xc3\x28",
        b"\xed\xa0\x80",
        b"{'a':1}",
        b"{\x00}",
    ]
    lines += [b"1", b"-", b"1e999", b"NaN", b"Infinity", b"0" * 10_000, b"9" * 10_000, b'"\\ud800"', b"true"]
    odd: tuple[Any, ...] = (None, 1, [], {}, True, "", "\0", "x" * 5_000)
    lines += [deep(17), deep(1_000), deep(10_000), b'{"a":' * 500, b'{"specversion":"1.0","id":"p"']
    for name in ("id", "source", "type", "data", "specversion"):
        lines.append(json.dumps({key: good[key] for key in good if key != name}).encode())
        for wrong in odd:
            if not (name in ("id", "source") and wrong == "\0"):  # an odd name, and a name all the same
                lines.append(json.dumps({**good, "id": "p", name: wrong}).encode())
    bad_data: list[tuple[str, Any]] = [
        ("no.such.type", {}),
        ("cue.fired", {"cue_id": "x"}),
        ("comment.posted", {"viewer": person}),
        ("comment.posted", {"text": "x"}),
        ("comment.posted", {"viewer": "u", "text": "x"}),
        ("comment.posted", {"viewer": {"name": "n"}, "text": "x"}),
        ("comment.posted", {"viewer": {"id": 7, "name": "n"}, "text": "x"}),
        ("comment.posted", {"viewer": person, "text": ["x"]}),
        ("viewer.liked", {"viewer": person, "count": -1}),
        ("viewer.liked", {"viewer": person, "count": 1.5}),
        ("viewer.liked", {"viewer": person, "count": 10**30}),
        ("gift.sent", {"viewer": person, "gift": "g", "count": "1", "value_fen": 1}),
        ("gift.sent", {"viewer": person, "gift": "g", "count": 1, "value_fen": 0.1}),
        ("room.measured", {"online": "many"}),
        ("room.measured", {"online": -1}),
        ("promotion.measured", {"sold": 1}),
        ("order.paid", {"order_id": "o"}),
        ("order.paid", {"order_id": "o", "paid_fen": "9"}),
        ("order.paid", {"order_id": "o", "paid_fen": -9}),
        ("order.paid", {"order_id": None, "paid_fen": 9}),
        ("order.refunded", {"order_id": "o", "refund_fen": 1e30}),
        ("order.closed", {"order_id": ["o"], "reason": "r"}),
    ]
    for field, wrong in itertools.product(
        ("lines", "total_fen", "buyer", "order_id"), (None, -1, "x" * 3, [1])
    ):
        if not (field == "order_id" and wrong == "xxx"):
            bad_data.append(("order.placed", {**PLACED, field: wrong}))
    for line in ({"sku_id": "a"}, {"sku_id": "a", "quantity": -1, "unit_price_fen": 1}, 7, None):
        bad_data.append(("order.placed", {**PLACED, "lines": [line]}))
    lines += [json.dumps(event("p", type_, data)).encode() for type_, data in bad_data]
    return lines


def test_poison_between_good_events_takes_none_of_them(start: Start) -> None:
    engine = start()
    kinds = poison()
    assert len(kinds) >= 100
    for n, line in enumerate(kinds):
        around = [json.dumps(comment(f"{n}-{side}")).encode() for side in "ab"]
        answer = engine.post(b"\n".join([around[0], line, around[1]]), kind=LINES)
        assert answer["accepted"] == 2, (line[:200], answer)
        assert [problem["index"] for problem in answer["refused"]] == [1], (line[:200], answer)
    types = types_of(log_of(engine))
    assert types == {"comment.posted": 2 * len(kinds)}
    assert "Traceback" not in engine.errors()
    assert engine.stop() == 0


def poisoned_rule(start: Start, *bend: str) -> None:
    """One fact of a post meets a bug in the rules."""
    engine = start(bend=("bug_in_a_rule", *bend))
    facts = [comment(str(n), "毒" if n in (3, 30) else "好") for n in range(40)]
    answer = engine.post([*facts, event("o", "order.placed", PLACED)])
    assert answer["accepted"] == 39, "neighbours went with it"
    assert [(problem["index"], problem["code"]) for problem in answer["refused"]] == [(3, "bug"), (30, "bug")]
    again = engine.post(facts)
    assert (again["accepted"], again["duplicates"]) == (0, 38)
    found = Counter(line["id"] for line in log_of(engine) if "id" in line)
    assert set(found.values()) == {1}
    assert len(found) == 39


def test_a_fact_that_breaks_a_rule_is_refused_alone(start: Start) -> None:
    poisoned_rule(start)


def test_twin_taken_as_a_whole_the_post_is_lost(start: Start) -> None:
    with pytest.raises(AssertionError, match="neighbours went with it"):
        poisoned_rule(start, "one_bad_takes_all")
