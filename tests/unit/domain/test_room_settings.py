"""`room.set`: its bounds are the named ones, who may give it, and its event says what changed and no more."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.messages.commands import HOLD_MOST, PROPOSAL_LEAST, PROPOSAL_MOST, RECALL_MOST
from tests.unit.domain.desk import Desk

IN_BOUNDS: list[dict[str, Any]] = [
    {"recall_seconds": 0}, {"recall_seconds": RECALL_MOST}, {"hold_seconds": 1}, {"hold_seconds": HOLD_MOST},
    {"proposal_seconds": PROPOSAL_LEAST}, {"proposal_seconds": PROPOSAL_MOST},
    {"stand_back": "days:30"}, {"four_eyes": True}, {"title": "秋冬羊绒专场"},
]  # fmt: skip
BEYOND: list[dict[str, Any]] = [
    {"recall_seconds": -1}, {"recall_seconds": RECALL_MOST + 1}, {"hold_seconds": 0},
    {"hold_seconds": HOLD_MOST + 1}, {"proposal_seconds": PROPOSAL_LEAST - 1}, {"proposal_seconds": 0},
    {"proposal_seconds": PROPOSAL_MOST + 1}, {"stand_back": "days:31"}, {"four_eyes": 1},
]  # fmt: skip


@pytest.mark.parametrize("sent", IN_BOUNDS)
def test_a_value_within_its_bounds_is_kept(sent: dict[str, Any]) -> None:
    desk = Desk()
    desk.ok("room.set", sent)
    ((name, value),) = sent.items()
    assert getattr(desk.room.settings, name) == value


@pytest.mark.parametrize("sent", BEYOND)
def test_a_value_beyond_them_is_refused_by_its_name(sent: dict[str, Any]) -> None:
    desk = Desk()
    refused = desk.refusal("room.set", sent)
    assert refused.code == "bad_shape"
    assert next(iter(sent)) in str(refused.params)


@pytest.mark.parametrize("role", ["assistant", "viewer", "producer"])
def test_who_may_not_set_the_room(role: str) -> None:
    desk = Desk()
    assert desk.refusal("room.set", {"recall_seconds": 9}, role).code == "forbidden"
    assert desk.room.settings.recall_seconds != 9
