"""What people type for the boards, and the blocks of a switchback test."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.domain.desk import Desk


def typed(desk: Desk) -> list[tuple[str, int | None, int]]:
    found: list[Any] = [event.data for event in desk.log if event.type == "board.typed"]
    return [(data.name, data.value, data.broadcast) for data in found]


def test_a_figure_is_of_the_broadcast_that_runs_or_of_the_one_that_is_named() -> None:
    desk = Desk()
    assert desk.ok("board.type", {"name": "exposure", "value": 90_000}, "assistant") == {"broadcast": 1}
    desk.ok("broadcast.close", {})
    desk.ok("board.type", {"name": "exposure", "value": 95_000}, "assistant")
    desk.ok("broadcast.open", {})
    desk.ok("board.type", {"name": "exposure", "value": None, "broadcast": 1}, "assistant")
    desk.ok("board.type", {"name": "cost_fen", "value": 20_000}, "assistant")
    assert typed(desk) == [("exposure", 90_000, 1), ("exposure", 95_000, 1), ("exposure", None, 1),
                           ("cost_fen", 20_000, 2)]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"name": "exposure", "value": 1, "broadcast": 2}, "bad_shape"),
        ({"name": "exposure", "value": 1, "product_id": "nobody's"}, "unknown_product"),
        ({"name": "lead_days", "value": 1}, "bad_shape"),
        ({"name": "mood", "value": 1}, "bad_shape"),
        ({"name": "exposure", "value": -1}, "bad_shape"),
    ],
)
def test_what_is_of_nothing_is_refused(data: dict[str, Any], code: str) -> None:
    desk = Desk()
    assert desk.no("board.type", data) == code
    assert typed(desk) == []


def test_before_the_first_broadcast_there_is_nothing_to_type_of() -> None:
    desk = Desk(open_=False)
    assert desk.no("board.type", {"name": "exposure", "value": 1}) == "bad_shape"


def test_of_each_two_blocks_chance_takes_one_to_be_on() -> None:
    desk = Desk()
    seen = set()
    for _ in range(12):
        blocks = desk.ok("switchback.plan", {"name": "福袋", "minutes": 5, "blocks": 7})["blocks"]
        assert len(blocks) == 7
        assert all(blocks[n] != blocks[n + 1] for n in range(0, 6, 2))
        seen.add(tuple(blocks))
    assert len(seen) > 1, "the order is no fixed one"


def test_a_test_needs_a_broadcast_and_a_name() -> None:
    desk = Desk(open_=False)
    assert desk.no("switchback.plan", {"name": "福袋", "minutes": 5, "blocks": 4}) == "not_open"
    desk.ok("broadcast.open", {})
    assert desk.no("switchback.plan", {"name": " ", "minutes": 5, "blocks": 4}) == "bad_shape"
    assert desk.no("switchback.plan", {"name": "福袋", "minutes": 5, "blocks": 1}) == "bad_shape"
