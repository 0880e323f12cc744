"""Whatever stands in a command, the rules answer it: ``bug`` is a fault of the program, never of a seat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liveconsole.advice.judged import AdviceFiles, judged
from liveconsole.domain import roles
from liveconsole.domain.room import Room
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.core import RoomCore
from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.facts import FACTS
from liveconsole.messages.inputs import CommandAnswer, CommandInput
from liveconsole.messages.rights import MAY
from liveconsole.store import open_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROLES: Final = sorted(MAY)
FIELDS: Final = sorted(
    {
        field
        for shape in (*COMMANDS.values(), *FACTS.values())
        for field in shape.__struct_fields__
    }
    | {"skus", "sku_id", "price_fen", "floor_fen", "stock", "rule", "scope", "entry", "prize", "cues"}
    | {"segments", "exclude", "segment_id", "text"}
    | {"tiers", "zhe", "claim", "id", "name", "spec", "seconds", "title"}
)  # fmt: skip
IDS: Final = ["hat", "sale", "bag", "ticket", "seg", "u1", ""]

leaves = (
    st.none()
    | st.booleans()
    | st.sampled_from([0, -1, 1, 2**63, 2**70, 0.5, 1e308])
    | st.sampled_from(IDS)
    | st.text(max_size=3)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)


def bodies(type_: str) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with the command's own fields, anything in them."""
    names = COMMANDS[type_].__struct_fields__ or ("anything",)
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values)) | st.dictionaries(
        st.sampled_from(FIELDS), values, max_size=4
    )


_RUN: Final = {"quantity": 3, "per_buyer": 1, "seconds": 60}
_HAT: Final = {"product_id": "hat", "title": "帽", "price_fen": 4900, "stock": 9, "floor_fen": 100}
_BAG: Final = {
    "prize": {"name": "杯", "value_fen": 1},
    "winners": 1,
    "entry": {"keyword": "要"},
    "seconds": 60,
    "exclude": ["u1"],
}
_TICKET: Final = {"name": "券", "rule": {"off_fen": 100}, "scope": {"product_ids": ["hat"]}, **_RUN}
GOOD: Final[list[tuple[str, dict[str, Any]]]] = [
    ("catalogue.put", {"products": [{**_HAT, "skus": [{**_HAT, "sku_id": "hat"}]}]}),
    ("cart.add", {"product_ids": ["hat"]}),
    ("broadcast.open", {}),
    (
        "cue.add",
        {"cue_id": "sale", "kind": "flash_sale", "spec": {"sku_id": "hat", "price_fen": 3900, **_RUN}},
    ),
    ("cue.add", {"cue_id": "ticket", "kind": "coupon", "spec": _TICKET}),
    ("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": _BAG}),
    ("cue.fire", {"cue_id": "bag", "expect": _BAG}),
    ("rundown.put", {"segments": [{"segment_id": "seg", "title": "段", "product_ids": ["hat"], "cues": []}]}),
    ("room.set", {"shop_coupons": [{"off_fen": 1, "name": "店"}]}),
]


def bent(sent: Any, data: st.DataObject) -> Any:
    """The object with something else in one place of it."""
    inside = isinstance(sent, (dict, list)) and sent and data.draw(st.integers(0, 5))
    if not inside:
        return data.draw(values)
    if isinstance(sent, list):
        place = data.draw(st.integers(0, len(sent) - 1))
        return [bent(one, data) if n == place else one for n, one in enumerate(sent)]
    name = data.draw(st.sampled_from(sorted(sent)))
    return {**sent, name: bent(sent[name], data)}


class Asked:
    """A room with something of everything, and what it answers."""

    def __init__(self, folder: Path) -> None:
        self._store = open_store(folder)
        self.core = RoomCore(self._store, now=NOW, chance=SystemChance())
        self.books = AdviceFiles()
        for type_, data in GOOD:
            assert not self.ask(type_, data, "host"), type_

    def ask(self, type_: str, data: Any, role: str) -> str:
        (answer,) = self.core.process([CommandInput("", type_, data, role)], NOW).answers
        assert isinstance(answer, CommandAnswer)
        return answer.code

    def dry_run(self, type_: str, data: dict[str, Any], role: str) -> None:
        inside = self.core.people.ask_in(type_, data)
        msgspec.json.encode(judged(self.books, self.core.room, type_, inside, NOW, role))

    def close(self) -> None:
        self._store.close()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    found = Asked(tmp_path_factory.mktemp("wrong") / "room")
    yield found
    found.close()


@pytest.mark.parametrize("type_", sorted(COMMANDS))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_command_is_a_bug(asked: Asked, type_: str, data: st.DataObject) -> None:
    sent = data.draw(bodies(type_))
    for role in ROLES:
        assert asked.ask(type_, sent, role) != "bug", (role, type_, sent)
        asked.dry_run(type_, sent, role)


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good[0])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_good_command_with_one_thing_wrong_is_a_bug(
    asked: Asked, good: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    type_, sent = good[0], bent(good[1], data)
    for role in ("host", "assistant"):
        assert asked.ask(type_, sent, role) != "bug", (role, type_, sent)
        if isinstance(sent, dict):
            asked.dry_run(type_, sent, role)


WRONG_IDS: Final[list[Any]] = [["hat"], {"hat": 1}, 7, None, True, 1.5]


@pytest.mark.parametrize("wrong", WRONG_IDS, ids=repr)
def test_a_sku_that_is_no_id_is_a_wrong_shape(asked: Asked, wrong: Any) -> None:
    """The floors are compared on what was sent, before its shape is judged."""
    sent = {"products": [{"product_id": "hat", "skus": [{"sku_id": wrong}]}]}
    for role in ("assistant", "host", "operator"):
        assert asked.ask("catalogue.put", sent, role) == "bad_shape"


def test_twin_ids_used_as_they_come_are_a_bug(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_id(room: Room, data: Any) -> None:
        for one in data["products"][0]["skus"]:
            room.skus.get(one["sku_id"])

    monkeypatch.setitem(roles._NARROWED, ("assistant", "catalogue.put"), by_id)
    sent = {"products": [{"product_id": "hat", "skus": [{"sku_id": ["hat"]}]}]}
    assert asked.ask("catalogue.put", sent, "assistant") == "bug"
