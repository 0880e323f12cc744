"""What is told of an order or a promotion of before, one and three hundred broadcasts later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.bus.decode import read_events
from liveconsole.domain.room import Room
from liveconsole.messages.envelope import late_of
from liveconsole.messages.inputs import CommandInput
from liveconsole.store import Store, open_store
from tests.unit.engine.evenings import Evenings, encoded

LATE = [1, 300]
"""Broadcasts after its own in which something is told of an order."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def shop(store: Store) -> Evenings:
    return Evenings(store)


# late facts


@pytest.mark.parametrize("after", LATE)
@pytest.mark.parametrize("restart", [False, True])
def test_what_is_told_late_goes_to_the_books_of_its_broadcast(
    shop: Evenings, after: int, restart: bool
) -> None:
    shop.first_evening()
    shop.pass_by(after - 1)
    shop.open()
    if restart:
        shop.core.save()
        shop.restart()
    was = encoded(shop.room)
    shop.fact("order.refunded", order_id="back", refund_fen=9900)
    shop.placed("kept", "sale-1")
    shop.fact("order.closed", order_id="shut", reason="退货")
    shop.paid("open", 9000)
    shop.placed("never told of", "sale-1")
    shop.fact("promotion.measured", cue_id="sale-1", sold=4)
    if restart:
        shop.restart()
    sums = shop.books(1).sums
    assert (sums.placed, sums.paid, sums.closed, sums.unpaid) == (5, 3, 1, 1)
    assert (sums.gmv_fen, sums.refunded, sums.refund_fen) == (3 * 9900 + 9000, 1, 9900)
    assert sums.refund_owed_fen == 9900
    assert shop.order("back").refund_fen == 9900
    assert shop.order("open").status == "paid"
    assert shop.order("never told of").broadcast == 1
    assert b'"sold":4' in shop.store.cue_bodies(1)[0]
    assert shop.books(after + 1).sums == type(sums)()
    room = msgspec.msgpack.decode(was, type=Room)
    room.seq, room.at = shop.room.seq, shop.room.at
    assert encoded(room) == encoded(shop.room), "nothing of it has come into the room"
    assert encoded(shop.refolded()) == encoded(shop.room)


def test_a_late_fact_stands_on_the_log_as_it_was_sent(shop: Evenings) -> None:
    shop.first_evening()
    shop.open()
    sent = shop.event("order.refunded", {"order_id": "back", "refund_fen": 9900, "why": "大了"})
    sent["time"] = "2026-06-20T20:00:00+08:00"
    assert shop.post(sent).accepted == 1
    assert shop.post(sent).duplicates == 1
    (line,) = shop.log("order.refunded")
    assert {name: line[name] for name in ("source", "id", "type", "time", "data")} == {
        name: sent[name] for name in ("source", "id", "type", "time", "data")
    }
    assert line["seq"] == shop.room.seq
    assert late_of(line["actor"]) == 1


@pytest.mark.parametrize("after", LATE)
def test_an_id_of_before_is_no_new_order_and_no_new_promotion(shop: Evenings, after: int) -> None:
    shop.first_evening()
    shop.pass_by(after - 1)
    shop.open()
    shop.restart()
    assert shop.request("kept")["code"] == "order_exists"
    assert shop.answer("order.request", {"order_id": "kept"}, "assistant")["code"] == "forbidden"
    assert shop.no("cue.add", cue_id="sale-1", kind="pin", spec={"product_id": "a"}) == "cue_exists"
    assert shop.no("cue.measure", cue_id="sale-1", sold=1) == "unknown_cue"
    assert shop.request("new")["ok"]


def test_in_one_commit_with_the_opening(shop: Evenings) -> None:
    """What leaves at an opening is known to have left before it is on disk."""
    shop.open()
    shop.placed("o1")
    shop.close()
    batch = "application/cloudevents-batch+json"

    def facts(*told: tuple[str, dict[str, Any]]) -> Any:
        return read_events(batch, msgspec.json.encode([shop.event(*one) for one in told]), simulated=False)

    shop.process(
        facts(("order.paid", {"order_id": "o1", "paid_fen": 9900})),
        CommandInput("open", "broadcast.open", {}, "host", b"open"),
        facts(("order.refunded", {"order_id": "o1", "refund_fen": 500})),
        CommandInput("close", "broadcast.close", {}, "host", b"close"),
        CommandInput("again", "broadcast.open", {}, "host", b"again"),
        facts(("order.refunded", {"order_id": "o1", "refund_fen": 700})),
    )
    assert (shop.books(1).sums.paid, shop.books(1).sums.refund_fen) == (1, 700)
    assert shop.books(2).sums == shop.books(3).sums == type(shop.books(2).sums)()
    assert encoded(shop.refolded()) == encoded(shop.room)


def test_what_is_told_of_an_order_in_the_room_is_never_late(shop: Evenings) -> None:
    shop.open()
    shop.paid("o1")  # the payment comes first
    shop.close()
    shop.open()
    assert "o1" in shop.room.orders
    assert shop.books(1).sums.gmv_fen == 9900
    shop.placed("o1")
    assert [e for e in shop.log("order.placed") if late_of(e["actor"]) is not None] == []
    assert shop.room.orders["o1"].lines
    # placed tonight: from now on it is tonight's, as the report has it
    assert (shop.books(1).sums.gmv_fen, shop.books(2).sums.gmv_fen, shop.books(2).sums.units) == (0, 9900, 1)
