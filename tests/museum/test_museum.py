"""A log of an older version folds to what that version recorded, for ever."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import pytest

from liveconsole.domain.evolve import FOLDS
from liveconsole.engine.folding import event_of
from liveconsole.messages.events import EVENTS
from tests.museum.exhibits import HERE, NAMES, folded, stored, totals_of


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((HERE / f"{name}.json").read_bytes())
    return found


def test_the_museum_has_its_first_exhibit() -> None:
    assert "d4352dd" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_evening_folds_to_what_it_came_to(name: str) -> None:
    assert totals_of(folded(name)) == recorded(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_type_in_it_resolves_and_the_exhibit_shows_nearly_all_there_are(name: str) -> None:
    seen = Counter(event.type for event in stored(name))
    assert set(seen) <= set(EVENTS) & set(FOLDS)
    for event in stored(name):
        assert event_of(event).data is not None
    assert len(seen) >= 50


def test_the_twin_a_rule_that_counts_otherwise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = FOLDS["order.paid"]

    def twice(room: Any, data: Any, event: Any) -> None:
        counted(room, data, event)
        room.totals.gmv_fen += 1

    monkeypatch.setitem(FOLDS, "order.paid", twice)
    assert totals_of(folded("d4352dd")) != recorded("d4352dd")
