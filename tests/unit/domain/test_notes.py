"""Notes between seats, proposals that wait, and a promotion once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liveconsole.messages.state import NoteState
from tests.unit.domain.desk import START, Desk, encoded

COUPON = {"name": "减8", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60}


def test_a_note_stands_before_the_host_until_it_is_cleared() -> None:
    desk = Desk()
    note_id = desk.ok("note.put", {"text": "尺码表在第三页"}, "assistant")["note_id"]
    assert desk.shown().notes == [NoteState(note_id, "尺码表在第三页", "assistant", "host", START)]
    desk.ok("note.put", {"text": "好", "to": "assistant"})
    desk.ok("note.clear", {"note_id": note_id})
    assert [note.text for note in desk.shown().notes] == ["好"]
    before = len(desk.log)
    assert desk.ok("note.clear", {"note_id": note_id})["note_ids"] == []
    assert len(desk.log) == before
    desk.ok("note.clear", {})
    assert desk.shown().notes == []
    assert encoded(desk.refold()) == encoded(desk.room)


def test_the_last_twenty_notes_are_kept() -> None:
    desk = Desk()
    for n in range(25):
        desk.ok("note.put", {"text": str(n)})
    assert [note.text for note in desk.shown().notes] == [str(n) for n in range(5, 25)]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_note_is_none(text: str) -> None:
    assert Desk().no("note.put", {"text": text}) == "bad_shape"


def test_a_proposal_waits_for_ever_where_nobody_asked_for_an_end() -> None:
    desk = Desk()
    desk.queue_sale()
    (waiting,) = desk.shown().cues
    assert (waiting.proposed_at, waiting.proposal_ends_at) == (START, None)
    assert desk.wait(100_000) == []


def test_a_proposal_that_nobody_decides_is_rejected_by_itself() -> None:
    desk = Desk(proposal_seconds=600)
    desk.queue_sale()
    desk.wait(300)
    desk.ok("cue.edit", {"cue_id": "sale", "spec": {**desk.cue().spec_sent, "quantity": 4}}, "assistant")
    assert desk.shown().cues[0].proposal_ends_at == START + timedelta(minutes=15)
    assert desk.wait(599) == []
    assert desk.wait(1) == ["cue.rejected"]
    assert (desk.seen()["status"], desk.seen()["reason"]) == ("rejected", "proposal_expired")
    assert desk.seen()["reason_text"] != "proposal_expired"
    assert desk.ok("cue.approve", {"cue_id": "sale"})["status"] == "approved", "it can still be taken"


def test_what_is_decided_planned_or_the_hosts_own_does_not_expire() -> None:
    desk = Desk(proposal_seconds=10)
    desk.queue_sale("approved")
    desk.ok("cue.approve", {"cue_id": "approved"})
    desk.queue_sale("planned", at=desk.now.replace(hour=14), sku_id="hat", price_fen=3900)
    desk.ok("cue.add", {"cue_id": "own", "kind": "coupon", "spec": COUPON})
    assert desk.wait(60) == []


def test_what_was_prepared_before_the_broadcast_waits_from_its_opening() -> None:
    desk = Desk(open_=False, proposal_seconds=60)
    desk.queue_sale()
    assert desk.wait(1000) == []
    desk.ok("broadcast.open", {})
    assert desk.wait(59) == []
    assert desk.wait(1) == ["cue.rejected"]


def test_once_more_with_what_is_left() -> None:
    desk = Desk()
    desk.run_sale(quantity=8)
    desk.fact("order.placed", {
        "order_id": "o", "buyer": {"id": "b"}, "total_fen": 41300,
        "lines": [{"sku_id": "scarf", "quantity": 7, "unit_price_fen": 5900}],
    })  # fmt: skip
    desk.fact("order.paid", {"order_id": "o", "paid_fen": 41300})
    assert desk.cue().status == "ended"
    again = desk.ok("cue.again", {"cue_id": "sale"}, "assistant")
    cue = desk.cue(again["cue_id"])
    assert (cue.status, cue.again_of, cue.proposed_by) == ("queued", "sale", "assistant")
    assert again["spec"]["quantity"] == 3
    assert again["spec"]["per_buyer"] == 2
    desk.ok("stock.add", {"sku_id": "scarf", "by": -2})
    assert desk.ok("cue.again", {"cue_id": "sale"})["spec"] == {
        **desk.cue().spec_sent,
        "quantity": 1,
        "per_buyer": 1,
    }
    desk.ok("stock.add", {"sku_id": "scarf", "by": -1})
    assert desk.no("cue.again", {"cue_id": "sale"}) == "over_stock"
    assert encoded(desk.refold()) == encoded(desk.room)


def test_once_more_leaves_out_a_sku_that_is_gone() -> None:
    desk = Desk()
    skus = [
        {"sku_id": "scarf", "price_fen": 5900, "quantity": 2},
        {"sku_id": "hat", "price_fen": 3900, "quantity": 9},
    ]
    sale = {"skus": skus, "per_buyer": 1, "seconds": 60}
    desk.ok("cue.add", {"cue_id": "two", "kind": "flash_sale", "spec": sale})
    desk.ok("stock.add", {"sku_id": "scarf", "by": -10})
    assert desk.ok("cue.again", {"cue_id": "two"})["spec"] == {**sale, "skus": [skus[1]]}


def test_once_more_a_coupon_with_an_id_of_its_own() -> None:
    desk = Desk()
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    assert desk.ok("cue.again", {"cue_id": "c", "new_cue_id": "d"}) == {
        "cue_id": "d", "status": "queued", "spec": COUPON,
    }  # fmt: skip
    assert desk.no("cue.again", {"cue_id": "c", "new_cue_id": "d"}) == "cue_exists"
    assert desk.no("cue.again", {"cue_id": "x"}) == "unknown_cue"
