"""What the room's memory has of one person: his place in every bag, and what marks him."""

from __future__ import annotations

from typing import Any

from liveconsole.engine.viewers import in_room
from tests.unit.domain.desk import Desk

BAG: dict[str, Any] = {
    "prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 600,
    "exclude": ["v9"],
}  # fmt: skip


def drawn_among(*viewers: str) -> Desk:
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.ok("cue.confirm", {"cue_id": "bag", "step": "on_air", "done": True})
    for viewer in viewers:
        desk.fact("comment.posted", {"viewer": {"id": viewer}, "text": "要"})
    return desk


def place(desk: Desk, viewer: str) -> list[str]:
    return [bag.place for bag in in_room(desk.room, viewer).bags]


def test_from_entrant_to_winner_to_confirmed() -> None:
    desk = drawn_among("v1", "v9")
    assert (place(desk, "v1"), place(desk, "v2"), place(desk, "v9")) == (["entered"], [], ["kept_out"])
    assert in_room(desk.room, "v9").marks == ["kept_out"]
    assert in_room(desk.room, "v1").marks == []
    desk.wait(600)
    assert place(desk, "v1") == ["won"]
    assert in_room(desk.room, "v1").marks == ["won"]
    assert in_room(desk.room, "v9").marks == [], "the bag that left him out is over"
    desk.ok("bag.settle", {"cue_id": "bag", "viewer_id": "v1", "ok": True})
    assert place(desk, "v1") == ["confirmed"]


def test_who_did_not_claim_was_passed_over() -> None:
    desk = drawn_among("v1")
    desk.wait(600)
    desk.ok("bag.settle", {"cue_id": "bag", "viewer_id": "v1", "ok": False})
    assert place(desk, "v1") == ["passed_over"]
