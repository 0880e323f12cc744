"""What every seat sees, what the composer is told, and the schema of the door."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest

from liveconsole.domain.cue_folds import UNKNOWN_KEPT
from liveconsole.domain.judge import judge
from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.draws import CueDrawn
from liveconsole.messages.facts import FACTS
from liveconsole.messages.schema import schema
from liveconsole.views.state.cues import PINS_KEPT
from tests.unit.domain.desk import SALE, START, Desk, encoded, product, request


def test_an_empty_room_and_a_busy_one_have_the_same_shape() -> None:
    desk = Desk(open_=False)
    empty = desk.state()
    assert set(empty) == {
        "seq", "room", "broadcast", "catalogue", "cart", "pinned", "cues", "orders", "audience", "health",
        "rundown", "notes", "muted", "answers", "drafts", "pledges", "stories", "law", "discount",
        "unknown_cues", "alarms", "revisions", "sharing",
    }  # fmt: skip
    assert empty["broadcast"]["status"] == "none"
    assert (empty["room"]["platform"], empty["room"]["simulated"]) == ("own", False)
    desk.ok("broadcast.open", {})
    desk.run_sale()
    assert set(desk.state()) == set(empty)
    assert desk.state()["seq"] == len(desk.log)


def test_a_sale_as_it_burns_down() -> None:
    desk = Desk()
    desk.run_sale(quantity=3)
    desk.ok("order.request", request("o1", "ann", 2))
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 1})
    desk.ok("order.request", request("o2", "bob", 1))
    shown = desk.shown()
    (seen,) = shown.cues
    assert (seen.sold, seen.held, seen.left, seen.oversold) == (2, 1, 0, 0)
    assert seen.spec == {**SALE, "quantity": 3}, "as sent"
    assert seen.terms == desk.cue().spec
    assert seen.ends_at == START + timedelta(seconds=60)
    scarf = shown.catalogue.products[0]
    assert (scarf.stock, scarf.available, scarf.skus[0].sold) == (8, 7, 2)
    orders = shown.orders
    assert (orders.known, orders.placed, orders.paid, orders.unpaid, orders.units) == (True, 2, 1, 1, 2)


def test_what_ran_and_ended_stands_after_what_waits() -> None:
    desk = Desk()
    desk.run_sale("first")
    desk.ok("cue.stop", {"cue_id": "first"})
    desk.wait(1)
    desk.run_sale("second")
    desk.ok("cue.stop", {"cue_id": "second"})
    desk.run_sale("runs")
    desk.queue_sale("waits", sku_id="hat", price_fen=3900)
    shown = desk.shown().cues
    assert [cue.cue_id for cue in shown] == ["waits", "runs", "second", "first"]
    assert shown[0].lowest_fen == 3900


def test_a_long_evening_of_pins_does_not_grow_the_state_for_ever() -> None:
    desk = Desk()
    desk.run_sale()
    for _ in range(60):
        desk.ok("cart.pin", {"product_id": "hat"})
    assert len(desk.shown().cues) == 1 + 1 + PINS_KEPT


def test_winners_get_their_names_from_outside_the_log() -> None:
    desk = Desk(recall_seconds=0)
    bag = {
        "prize": {"name": "帽子", "value_fen": 100},
        "winners": 1,
        "entry": {"keyword": "要"},
        "seconds": 60,
    }
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bag})
    desk.ok("cue.fire", {"cue_id": "bag"})
    promised = desk.shown().cues[0].draw
    assert promised is not None
    assert promised.commit
    for viewer, text in (("p1", "要"), ("p1", "要"), ("p2", "不要")):
        desk.fact("comment.posted", {"viewer": {"id": viewer}, "text": text})
    assert desk.shown().cues[0].entrants == 1
    desk.wait(60)
    (drawn,) = desk.shown(people={"p1": ("wx-1", "小明")}).cues
    (winner,) = drawn.winners
    assert (winner.viewer_id, winner.name) == ("wx-1", "小明")
    told = next(e.data.receipt for e in desk.log if isinstance(e.data, CueDrawn))
    assert told["winners"] == [winner.entry_id]
    # It grows with the entrants and stands on the log: the state is asked for ten times a second.
    assert drawn.draw is not None
    assert drawn.draw.drawn
    assert told["entries"][0]["id"] not in str(msgspec.structs.replace(drawn, winners=[]))


def test_the_audience_is_counted() -> None:
    desk = Desk()
    viewer = {"viewer": {"id": "v"}}
    desk.fact("comment.posted", {**viewer, "text": "hi"})
    desk.fact("viewer.liked", {**viewer, "count": 5})
    gift = {**viewer, "gift": "玫瑰", "count": 2, "value_fen": 200}
    desk.fact("gift.sent", gift)
    desk.fact("gift.sent", {**gift, "combo": True})
    desk.fact("room.measured", {"online": 300})
    for what in ("entered", "followed", "shared"):
        desk.fact(f"viewer.{what}", viewer)
    seen = desk.shown().audience
    assert (seen.comments, seen.likes, seen.gifts, seen.gift_value_fen) == (1, 5, 2, 200)
    assert (seen.online, seen.exposures, seen.entered) == (300, None, 1)


def test_the_composer_is_told_everything_at_once() -> None:
    desk = Desk()
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=5000)]})
    desk.run_sale("runs")
    data = {"kind": "flash_sale", "spec": {**SALE, "price_fen": 4000, "quantity": 50}}
    said = judge(desk.room, "cue.add", data, desk.now)
    assert (said["ok"], said["code"]) == (False, "below_price_floor")
    assert [r["code"] for r in said["also"]] == ["over_stock"]
    assert (said["lowest_fen"], said["exposure_fen"]) == (4000, 50 * 5900)
    assert said["lowest"]["floor_fen"] == 5000
    said = judge(desk.room, "cue.add", {"kind": "flash_sale", "spec": SALE}, desk.now)
    assert said["ok"]
    assert said["at_start"]["code"] == "overlap"
    desk.queue_sale("waits")
    before = encoded(desk.room)
    said = judge(desk.room, "cue.fire", {"cue_id": "waits"}, desk.now)
    assert (said["code"], said["lowest_fen"]) == ("overlap", 5900)
    for broken in (
        {},
        {"kind": "x", "spec": {}},
        {"kind": "pin", "spec": []},
        {"kind": "pin", "spec": {"product_id": 7}},
    ):
        assert judge(desk.room, "cue.add", broken, desk.now)["code"] == "bad_spec"
    assert encoded(desk.room) == before


@pytest.mark.parametrize(("group", "types"), [("facts", FACTS), ("commands", COMMANDS)])
def test_the_schema_names_every_message_and_every_reference_resolves(
    group: str, types: dict[str, type]
) -> None:
    made = schema()
    assert set(made[group]) == set(types)
    text = json.dumps(made)
    for name in {part.split('"')[0] for part in text.split("#/$defs/")[1:]}:
        assert name in made["$defs"], name
    assert msgspec.json.decode(msgspec.json.encode(made)) == made
    assert made["refusals"]["sold_out"]["zh"] == "已抢完"


def test_figures_of_a_promotion_that_nobody_here_made_are_told_and_bounded() -> None:
    desk = Desk("rehearsal")
    for number in range(UNKNOWN_KEPT + 5):
        desk.fact("promotion.measured", {"cue_id": f"<b>{number}", "sold": 1})
    desk.fact("promotion.measured", {"cue_id": "<b>7", "sold": 2})
    told = desk.shown().unknown_cues
    assert len(told) == UNKNOWN_KEPT
    assert (told[0].cue_id, told[0].count, told[1].cue_id) == ("<b>7", 2, f"<b>{UNKNOWN_KEPT + 4}")
    desk.queue_sale()
    desk.fact("promotion.measured", {"cue_id": "sale", "sold": 1})
    assert desk.shown().unknown_cues == told
    assert encoded(desk.refold()) == encoded(desk.room)
    desk.ok("cue.remove", {"cue_id": "sale"})
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    assert desk.shown().unknown_cues == []
