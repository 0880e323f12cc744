"""A rehearsal in which viewers buy together and help each other: fired, taken up, ended, reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from liveconsole.connectors.rehearsal import friends
from liveconsole.connectors.rehearsal.headless import run_headless
from liveconsole.connectors.rehearsal.moment import Ask
from liveconsole.connectors.rehearsal.view import RehearsalRoom
from liveconsole.domain import groups
from liveconsole.engine.folding import fold as fold_room
from liveconsole.store.opening import open_store
from liveconsole.views.report import fold

GROUP = {"sku_id": "C03", "price_fen": 9900, "size": 3, "groups": 8, "per_buyer": 2, "seconds": 10}
BARGAIN = {"sku_id": "C05", "price_fen": 9900, "friends": 3, "per_buyer": 1, "seconds": 45}


def played(folder: Path, seconds: float = 60.0) -> tuple[list[dict[str, Any]], Any]:
    """An evening of both, fired by somebody at the desk; its log and its room."""
    due: list[tuple[float, str, dict[str, Any]]] = [
        (3.0, "cue.add", {"cue_id": "g", "kind": "group_buy", "spec": GROUP}),
        (3.0, "cue.add", {"cue_id": "k", "kind": "bargain", "spec": BARGAIN}),
        (4.0, "cue.fire", {"cue_id": "g"}),
        (4.0, "cue.fire", {"cue_id": "k"}),
    ]

    def seat(second: float, view: RehearsalRoom) -> list[Ask]:
        now = [each for each in due if each[0] <= second]
        del due[: len(now)]
        return [Ask(f"s{second}-{n}", type_, data, "host") for n, (_, type_, data) in enumerate(now)]

    run_headless(5, "default", seconds, folder, seat=seat)
    store = open_store(folder, create=False)
    try:
        room, _ = fold_room(store)
        return [json.loads(line) for line in store.read(0, 100_000)], room
    finally:
        store.close()


def test_simulated_viewers_fill_groups_and_reach_a_bargain(tmp_path: Path) -> None:
    lines, room = played(tmp_path / "room")
    types = [line["type"] for line in lines]
    assert types.count("group.filled") >= 2
    joined = [
        line["data"] for line in lines if line["type"] == "order.granted" and "group_id" in line["data"]
    ]
    assert len({data["group_id"] for data in joined}) >= 3, "several are opened"
    assert [line for line in lines if line["type"] == "order.closed" and _unfilled(line)], (
        "not all are filled"
    )
    assert {room.cues[cue_id].status for cue_id in ("g", "k")} == {"ended"}
    rows = {row.cue_id: row for row in fold(lines).promotions}
    assert rows["g"].filled == types.count("group.filled")
    assert rows["g"].sold
    assert rows["k"].reached
    assert rows["k"].helpers
    assert rows["k"].sold
    assert rows["k"].sold <= rows["k"].reached


def _unfilled(line: dict[str, Any]) -> bool:
    return bool(line["data"]["reason"] == groups.UNFILLED)


def test_twin_friends_who_never_join_fill_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(friends.Friends, "step", lambda *_: None)
    lines, _ = played(tmp_path / "room", 20.0)
    assert not {"group.filled", "bargain.helped"} & {line["type"] for line in lines}
