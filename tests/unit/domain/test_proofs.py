"""What was seen to work outside: proved by what happened alone, bounded, the same however it is folded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from liveconsole.domain import proofs
from liveconsole.domain.room import Room
from liveconsole.engine import folding
from liveconsole.messages.worlds import WORLDS
from liveconsole.views.state import state_of
from tests.unit.domain.desk import START, Desk

COMMENT: dict[str, Any] = {"viewer": {"id": "v", "name": "小鱼"}, "text": "多少钱"}
ORDER: dict[str, Any] = {
    "order_id": "1",
    "buyer": {"id": "b"},
    "lines": [{"sku_id": "hat", "quantity": 1, "unit_price_fen": 4900}],
    "total_fen": 4900,
}


def proved(desk: Desk) -> dict[str, str]:
    worlds = state_of(desk.room, desk.now).health.worlds
    return {name: one.proved_by for name, one in worlds.items() if one.proved_by}


def answer(desk: Desk, cue_id: str, outcome: str, role: str = "platform") -> None:
    owed = desk.room.cues[cue_id].owed
    assert owed is not None
    data = {"cue_id": cue_id, "step": "on_air", "key": owed.key, "outcome": outcome}
    desk.ok("effect.answered", data, role)


def test_what_comes_from_outside_proves_its_world() -> None:
    desk = Desk("manual")
    assert proved(desk) == {}
    desk.fact("comment.posted", COMMENT, "/oba/comments")
    assert proved(desk) == {"comments": "/oba/comments"}
    desk.fact("order.placed", ORDER, "/wechat_shop/orders")
    desk.fact("room.measured", {"online": 8}, "/oba/room")
    assert proved(desk) == {"comments": "/oba/comments", "orders": "/wechat_shop/orders"}
    desk.fact("room.measured", {"exposures": 90}, "/wechat_shop/figures")
    assert proved(desk)["figures"] == "/wechat_shop/figures"


def test_what_is_played_back_proves_nothing() -> None:
    desk = Desk("manual")
    desk.fact("comment.posted", COMMENT, "/tape/0123456789ab")
    desk.fact("order.placed", ORDER, "/tape/0123456789ab")
    assert proved(desk) == {}


def test_a_rehearsal_proves_nothing() -> None:
    desk = Desk("rehearsal")
    desk.fact("comment.posted", COMMENT, "/oba/comments")
    desk.fact("order.placed", ORDER, "/oba/orders")
    desk.ok("cart.pin", {"product_id": "hat"})
    answer(desk, next(iter(desk.room.cues)), "done")
    desk.ok("world.proved", {"world": "picture", "by": "obs"}, "platform")
    assert (proved(desk), desk.room.proved) == ({}, {})


def test_what_a_person_says_is_no_proof() -> None:
    """A person at a phone pinned it: nobody read it back."""
    desk = Desk("manual")
    desk.ok("cart.pin", {"product_id": "hat"})
    cue_id = next(iter(desk.room.cues))
    desk.ok("cue.confirm", {"cue_id": cue_id, "step": "on_air", "done": True})
    assert desk.room.cues[cue_id].status == "on_air"
    assert proved(desk) == {}


@pytest.mark.parametrize(
    ("outcome", "what"), [("done", {"pins": "rehearsal"}), ("refused", {}), ("unknown", {})]
)
def test_a_program_that_answered_done_proves(outcome: str, what: dict[str, str]) -> None:
    desk = Desk("rehearsal")
    desk.room.simulated = False  # the platform that has programs for everything, in a room that counts
    desk.ok("cart.pin", {"product_id": "hat"})
    answer(desk, next(iter(desk.room.cues)), outcome)
    assert proved(desk) == what


def test_a_connection_says_what_it_read_back_and_the_log_keeps_the_news() -> None:
    desk = Desk("manual")
    for _ in range(5):
        desk.ok("world.proved", {"world": "picture", "by": "obs"}, "platform")
    assert [event.type for event in desk.log].count("world.proved") == 1
    assert proved(desk) == {"picture": "obs"}
    desk.now += proofs.RENEWED
    desk.ok("world.proved", {"world": "picture", "by": "obs"}, "platform")
    assert desk.room.proved["picture"].at == desk.now
    assert desk.no("world.proved", {"world": "picture", "by": "me"}) == "forbidden"
    assert desk.no("world.proved", {"world": "moon", "by": "obs"}, "platform") == "bad_shape"


def test_a_proof_outlives_the_broadcast_and_a_flood_moves_it_seldom() -> None:
    desk = Desk("manual")
    moments = set()
    for _ in range(120):
        desk.now += timedelta(seconds=30)
        desk.fact("comment.posted", COMMENT, "/oba/comments")
        moments.add(desk.room.proved["comments"].at)
    assert len(moments) <= 60 * 60 / proofs.RENEWED.total_seconds()
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    assert proved(desk) == {"comments": "/oba/comments"}


def test_the_twins_prove_what_nobody_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the two rules a recording proves comments, and a press on a phone a pin."""
    monkeypatch.setattr(proofs, "_PLAYED", ())
    monkeypatch.setattr(proofs, "_PROGRAM", "host")
    desk = Desk("manual")
    desk.fact("comment.posted", COMMENT, "/tape/0123456789ab")
    desk.ok("cart.pin", {"product_id": "hat"})
    cue_id = next(iter(desk.room.cues))
    desk.ok("cue.confirm", {"cue_id": cue_id, "step": "on_air", "done": True})
    assert proved(desk) == {"comments": "/tape/0123456789ab", "pins": "manual"}


def test_worlds_are_a_list() -> None:
    desk = Desk("manual")
    for source in range(50):
        desk.fact("comment.posted", COMMENT, f"/maker/{source}")
        desk.now += proofs.RENEWED
    for world in WORLDS:
        desk.ok("world.proved", {"world": world, "by": "x"}, "platform")
    assert set(desk.room.proved) == set(WORLDS)


def test_folded_at_once_it_is_what_it_is_one_by_one() -> None:
    """Comments of one moment are added up: who proved is still the first of them that counts."""
    desk = Desk("manual")
    for source in ("/tape/a", "/b", "/c", "/b"):
        desk.fact("comment.posted", COMMENT, source)
    assert desk.room.proved["comments"].by == "/b"
    again = folding.onto(Room("room"), desk.log)
    assert again.proved == desk.room.proved
    assert again.proved["comments"].at == START


def test_another_shop_has_proved_nothing_yet() -> None:
    """Set otherwise it is the same shop; only one that goes elsewhere begins anew, and only with its own."""
    desk = Desk("manual")
    shop = {"kind": "wechat_shop", "appid": "wx1"}
    desk.ok("room.set", {"shop": shop, "obs": {}})
    desk.fact("comment.posted", COMMENT, "/oba/comments")
    desk.fact("order.placed", ORDER, "/wechat_shop/orders")
    desk.ok("world.proved", {"world": "picture", "by": "obs"}, "platform")
    desk.ok("room.set", {"shop": {**shop, "poll_seconds": 20}})
    assert set(proved(desk)) == {"comments", "orders", "picture"}
    desk.ok("room.set", {"shop": {**shop, "appid": "wx2"}})
    assert set(proved(desk)) == {"comments", "picture"}
    desk.ok("room.set", {"obs": {"address": "127.0.0.1:4456"}})
    assert set(proved(desk)) == {"comments"}


def test_a_pin_is_proved_by_the_connection_that_did_it() -> None:
    desk = Desk("browser", browser={"platform": "wechat_channels"})
    desk.ok("cart.pin", {"product_id": "hat"})
    answer(desk, next(iter(desk.room.cues)), "done")
    assert proved(desk) == {"pins": "browser"}
