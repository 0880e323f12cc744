"""The number of a promotion's key: the engine's, the lowest that is free, its own until it ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.desk import SALE, Desk, encoded


def slots(desk: Desk, role: str = "host") -> dict[str, int | None]:
    return {cue.cue_id: cue.slot for cue in desk.shown(role).cues}


def test_numbers_do_not_depend_on_when_a_seat_joined() -> None:
    """faults K2.4: f1 of three removed; a desk opened later numbered the coat 2, the older one 3."""
    desk = Desk()
    for cue_id in ("f1", "f2", "f3"):
        desk.queue_sale(cue_id)
    assert slots(desk) == {"f1": 1, "f2": 2, "f3": 3}
    desk.ok("cue.remove", {"cue_id": "f1"})
    for role in ("host", "operator", "assistant", "viewer"):
        assert slots(desk, role) == {"f2": 2, "f3": 3}
    desk.ok("cue.move", {"cue_id": "f3", "before": "f2"})
    desk.queue_sale("f4")
    assert slots(desk) == {"f3": 3, "f2": 2, "f4": 1}, "a place in the queue is no number"
    assert encoded(desk.refold()) == encoded(desk.room)


def test_a_number_is_kept_on_air_and_free_at_the_end() -> None:
    desk = Desk()
    desk.run_sale("one")
    desk.queue_sale("two", sku_id="hat", price_fen=3900)
    assert slots(desk) == {"two": 2, "one": 1}
    desk.ok("cue.stop", {"cue_id": "one"})
    assert slots(desk) == {"two": 2, "one": None}
    assert "slot" not in desk.seen("one"), "then absent"
    desk.queue_sale("three")
    assert slots(desk)["three"] == 1


def test_what_was_turned_back_waits_with_its_number() -> None:
    desk = Desk()
    desk.queue_sale("one")
    desk.ok("cue.reject", {"cue_id": "one"})
    desk.queue_sale("two", sku_id="hat", price_fen=3900)
    desk.ok("cue.edit", {"cue_id": "one", "spec": SALE | {"quantity": 2}})
    assert slots(desk) == {"one": 1, "two": 2}
    desk.ok("cue.fire", {"cue_id": "one"})
    desk.ok("cue.recall", {"cue_id": "one"})
    assert slots(desk) == {"one": 1, "two": 2}


def test_a_pin_has_none() -> None:
    desk = Desk()
    desk.ok("cart.pin", {"product_id": "hat"})
    desk.queue_sale()
    assert slots(desk) == {"sale": 1, desk.room.pinned.cue_id: None}


@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "fire", "stop", "reject"]), st.integers(0, 6))))
def test_nobody_shares_a_number_and_none_changes(steps: list[tuple[str, int]]) -> None:
    desk = Desk(recall_seconds=0)
    given_: dict[str, int | None] = {}
    for what, n in steps:
        if what == "add":
            desk.queue_sale(f"c{len(desk.log)}", sku_id="hat", price_fen=3900, quantity=1, per_buyer=1)
        elif desk.room.cues:
            cue_id = list(desk.room.cues)[n % len(desk.room.cues)]
            desk.ask(f"cue.{what}", {"cue_id": cue_id})
        held = {c.cue_id: c.slot for c in desk.room.cues.values() if c.slot is not None}
        assert len(set(held.values())) == len(held)
        assert all(given_.setdefault(cue_id, slot) == slot for cue_id, slot in held.items())
        assert {c.cue_id for c in desk.room.cues.values() if c.status not in ("ended", "removed")} == set(
            held
        )
