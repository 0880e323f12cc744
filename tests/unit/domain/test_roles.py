"""Who may do what: the whole table, and the two uses that an assistant does not have."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.messages.commands import COMMANDS, INTERNAL
from tests.unit.domain.desk import Desk, product

ASSISTANT = {
    "cart.add", "cart.remove", "cart.move", "cart.renumber", "cart.pin", "cart.unpin",
    "cue.add", "cue.edit", "cue.move", "cue.remove", "cue.recall", "cue.confirm", "cue.measure", "cue.stop",
    "bag.settle", "bag.winners", "stock.add", "stock.limit", "catalogue.put", "cue.again",
    "rundown.put", "rundown.move", "rundown.remove", "rundown.duplicate", "rundown.keep",
    "note.put", "note.clear", "order.note",
    "question.answer", "answer.put", "answer.remove", "place.free", "viewer.mute", "viewer.unmute",
    "viewer.confirm",
    "member.join", "member.leave", "member.checkin", "member.spend",
    "shop.answer", "shop.confirm", "case.step", "review.consent",
    "review.show", "review.hide", "story.collect",
    "pledge.put", "pledge.clear",
    "review.note", "right.put", "violation.note", "violation.step",
    "prepare.plan", "prepare.drop", "prepare.tick", "rivals.put",
    "board.type", "switchback.plan", "switchback.drop",
}  # fmt: skip
ALLOWED: dict[str, set[str]] = {
    "host": set(COMMANDS),
    "operator": set(COMMANDS) - {"viewer.forget"},
    "assistant": ASSISTANT,
    "producer": {"order.request", "coupon.claim"},
    "viewer": set(),
    "overlay": set(),
    "keys": {"cue.fire", "cue.recall", "cue.stop", "go.next", "room.halt"},
    "metrics": set(),
    "platform": {*INTERNAL, "viewer.forget"},
    "somebody": set(),
}


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_may_do_what_the_contract_says_and_nothing_else(role: str) -> None:
    desk = Desk()
    for type_ in {**COMMANDS, **INTERNAL}:
        answer = desk.ask(type_, {"anything": 1}, role)
        assert (getattr(answer, "code", "") == "forbidden") == (type_ not in ALLOWED[role]), type_


def test_an_unknown_command() -> None:
    assert Desk().no("cue.explode", {}) == "unknown_type"


def test_an_assistant_stops_a_sale_or_coupon_but_no_bag_and_no_pin() -> None:
    desk = Desk()
    desk.run_sale()
    bag = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 60}
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bag})
    desk.ok("cue.fire", {"cue_id": "bag"})
    pin = desk.ok("cart.pin", {"product_id": "hat"})["cue_id"]
    desk.ok("cue.stop", {"cue_id": "sale"}, "assistant")
    for cue_id in ("bag", pin):
        assert desk.no("cue.stop", {"cue_id": cue_id, "reason": "x"}, "assistant") == "forbidden"


@pytest.mark.parametrize(
    ("sent", "allowed"),
    [
        ({}, True),
        ({"floor_fen": 5000}, True),
        ({"floor_fen": 6000}, True),
        ({"floor_fen": 4999}, False),
        ({"floor_fen": None}, False),
        ({"skus": [{"sku_id": "scarf", "title": "x", "price_fen": 9900, "stock": 1, "floor_fen": 1}]}, False),
        (
            {"skus": [{"sku_id": "scarf", "title": "x", "price_fen": 9900, "stock": 1, "floor_fen": None}]},
            False,
        ),
    ],
)
def test_an_assistant_lowers_no_floor(sent: dict[str, Any], allowed: bool) -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=5000)]})
    data = {"products": [product("scarf", 9900, 10) | sent, product("new", 100, 1, floor_fen=1)]}
    if allowed:
        desk.ok("catalogue.put", data, "assistant")
        assert desk.room.skus["scarf"].floor_fen >= 5000  # type: ignore[operator]
    else:
        refused = desk.refusal("catalogue.put", data, "assistant")
        assert refused.code == "forbidden"
        assert "底价" in refused.text
        desk.ok("catalogue.put", data, "operator")


def test_the_role_is_judged_before_the_shape() -> None:
    assert Desk().no("cue.fire", "nonsense", "assistant") == "forbidden"
    assert Desk().no("cue.fire", "nonsense") == "bad_shape"


def test_a_deputy_fires_what_was_approved_and_is_an_assistant_on_the_log() -> None:
    desk = Desk(recall_seconds=0)
    desk.queue_sale("mine")
    assert desk.no("cue.fire", {"cue_id": "mine"}, "assistant") == "forbidden"
    assert desk.no("cue.fire", {"cue_id": "mine"}, "deputy") == "not_approved"
    desk.ok("cue.approve", {"cue_id": "mine"})
    assert desk.no("cue.fire", {"cue_id": "mine"}, "phone") == "forbidden"
    desk.ok("cue.fire", {"cue_id": "mine"}, "deputy")
    assert next(e for e in reversed(desk.log) if e.type == "cue.on_air").actor == "assistant"
    for command in ("broadcast.close", "room.set", "cue.approve", "viewer.forget"):
        assert desk.no(command, {}, "deputy") == "forbidden"
