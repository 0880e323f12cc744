"""What the one writer keeps of its answers, and what it does about a store that broke."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from liveconsole.bench import comments
from liveconsole.bus.decode import read_events
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.engine.outcome import WriteLost
from liveconsole.messages.inputs import CommandAnswer, CommandInput
from liveconsole.store import Store, StoreBroken, chain, open_store
from liveconsole.store.linking import check_log
from tests.goals import within

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


def test_a_receipt_names_where_the_log_ended_before_its_draw(store: Store) -> None:
    core = core_on(store)
    assert ask(core, "o", "broadcast.open", {}).ok
    assert ask(core, "s", "room.set", {"recall_seconds": 0}).ok
    bag = {"prize": {"name": "杯", "value_fen": 1}, "winners": 1, "entry": {}, "seconds": 30}
    assert ask(core, "q", "cue.add", {"cue_id": "b", "kind": "lucky_bag", "spec": bag}).ok
    assert ask(core, "f", "cue.fire", {"cue_id": "b"}).ok
    on_disk = store.log_head()
    core.tick(NOW + timedelta(seconds=31))
    drawn = core.room.cues["b"].bag
    assert drawn is not None
    assert drawn.receipt is not None
    assert drawn.receipt["chain"] == {"seq": on_disk.seq, "head": on_disk.link}
    assert check_log(store, {on_disk.seq: {on_disk.link}}).differs is None
    assert core_on(store).room.cues["b"].bag == drawn


def test_the_chain_is_a_small_part_of_what_a_comment_costs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A twenty-fifth on a quiet machine, decoding and disk included."""
    real, spent = chain.links, 0.0

    def timed(*args: Any) -> list[bytes]:
        nonlocal spent
        began = perf_counter()
        found = real(*args)
        spent += perf_counter() - began
        return found

    monkeypatch.setattr(chain, "links", timed)
    core, bodies = core_on(store), comments.bodies(20_000)
    began = perf_counter()
    for body in bodies:
        core.process([read_events(comments.TYPE, body, simulated=False)], NOW)
    whole = perf_counter() - began
    assert spent > 0
    within(spent, 0.1 * whole)
