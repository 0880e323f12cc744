"""What the one writer keeps of its answers, and what it does about a store that broke."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.engine.outcome import WriteLost
from liveconsole.messages.inputs import CommandAnswer, CommandInput
from liveconsole.store import Store, StoreBroken, open_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


def core_on(store: Store) -> RoomCore:
    return RoomCore(store, now=NOW, chance=SystemChance())


def ask(core: RoomCore, id_: str, type_: str, data: dict[str, Any], role: str = "host") -> CommandAnswer:
    (answer,) = core.process([CommandInput(id_, type_, data, role, id_.encode())], NOW).answers
    assert isinstance(answer, CommandAnswer)
    return answer


def put(floor: int) -> dict[str, Any]:
    product = {"product_id": "hat", "title": "hat", "price_fen": 4900, "stock": 5, "floor_fen": floor}
    return {"products": [product]}


def test_what_the_room_forbade_stays_forbidden_under_its_id(store: Store) -> None:
    """A second copy of the press may come when the room would allow it: the seat has been told no."""
    core = core_on(store)
    assert ask(core, "h1", "catalogue.put", put(3000)).ok
    assert ask(core, "a1", "catalogue.put", put(2000), "assistant").code == "forbidden"
    assert ask(core, "h2", "catalogue.put", put(1000)).ok
    assert ask(core, "a1", "catalogue.put", put(2000), "assistant").code == "forbidden"
    assert ask(core_on(store), "a1", "catalogue.put", put(2000), "assistant").code == "forbidden"
    assert ask(core, "a2", "catalogue.put", put(2000), "assistant").ok


def test_a_role_that_may_not_ask_uses_up_nobodys_id(store: Store) -> None:
    core = core_on(store)
    assert ask(core, "same", "broadcast.open", {}, "producer").code == "forbidden"
    assert ask(core, "same", "broadcast.open", {}).ok


def test_a_broken_store_is_not_taken_for_a_full_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    core = core_on(store)

    def fails(write: object) -> None:
        raise StoreBroken("fsync failed")

    monkeypatch.setattr(store, "commit", fails)
    with pytest.raises(WriteLost):
        ask(core, "h1", "broadcast.open", {})
