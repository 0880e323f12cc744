"""What rings on every seat: the worst first, since when, and the keys that end it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from liveconsole.domain.gaps import SILENT_SECONDS
from liveconsole.messages.alarms import ACTS, ALARMS, act_words, alarm_words
from liveconsole.messages.care import ClockStepped
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.envelope import Event
from liveconsole.messages.state import AlarmState
from tests.unit.domain.desk import START, Desk, placed, product

COUPON = {
    "name": "减",
    "rule": {"threshold_fen": 20_000, "off_fen": 10_000},
    "scope": {"product_ids": ["b"]},
    "quantity": 5,
    "per_buyer": 1,
    "seconds": 60,
}


def rings(desk: Desk, role: str = "host", **more: Any) -> list[AlarmState]:
    return desk.shown(role, **more).alarms


def codes(desk: Desk, **more: Any) -> list[str]:
    return [alarm.code for alarm in rings(desk, **more)]


def _press(desk: Desk, alarm: AlarmState, key: int = 0) -> None:
    desk.ok(alarm.acts[key].type, alarm.acts[key].data)


def test_a_quiet_room_rings_for_nothing() -> None:
    desk = Desk()
    desk.run_sale()
    assert codes(desk) == []


def test_a_floor_that_is_broken_stands_until_its_key_ends_it() -> None:
    """faults K1.3: the state carried a lowest price under the floor, and nobody was told so."""
    desk = Desk(recall_seconds=0)
    dear = [product("a", 19_900, 9, floor_fen=14_000), product("b", 29_900, 9)]
    desk.ok("catalogue.put", {"products": dear})
    desk.ok(
        "cue.add", {"cue_id": "coupon", "kind": "coupon", "spec": COUPON | {"scope": {"product_ids": ["b"]}}}
    )
    desk.ok("cue.fire", {"cue_id": "coupon"})
    desk.room.products["b"].floor_fen = desk.room.skus["b"].floor_fen = 25_000  # as a door left open would
    (alarm,) = rings(desk)
    assert (alarm.code, alarm.since, alarm.cue_id) == ("floor_broken", START, "coupon")
    assert alarm.params["floor_fen"] == 25_000
    assert alarm.params["final_fen"] < 25_000
    assert [(act.type, act.text) for act in alarm.acts] == [("cue.stop", "停止")]
    assert rings(desk, "viewer")[0].acts == [], "who may not stop it has no key"
    _press(desk, alarm)
    assert codes(desk) == []


def test_oversold_says_by_how_much_and_since_when() -> None:
    desk = Desk("rehearsal", recall_seconds=0)
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 2)]})
    desk.wait(5)
    desk.fact("order.placed", placed("o1", quantity=5, price_fen=9900))
    (alarm,) = rings(desk)
    assert (alarm.code, alarm.since, alarm.params["units"]) == ("oversold", desk.now, 3)
    _press(desk, alarm)
    assert codes(desk) == []


def test_more_than_was_set_asks_whether_units_were_added() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.queue_sale(quantity=2)
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    desk.fact("order.placed", placed("o1", quantity=3))
    (alarm,) = rings(desk)
    assert (alarm.code, alarm.text) == ("asks_more", "平台卖得比设的多 1 件：加过单？")
    assert [act.type for act in alarm.acts] == ["stock.add", "cue.stop"]
    _press(desk, alarm)
    assert "asks_more" not in codes(desk)


def test_what_a_person_owes_rings_from_the_start_to_the_end() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert codes(desk) == ["owed_start"]
    desk.wait(180)
    (alarm,) = rings(desk)
    assert (alarm.code, alarm.since) == ("unknown", START)
    assert [act.text for act in alarm.acts] == ["已开始", "没有开始"]
    _press(desk, alarm)
    assert codes(desk) == []
    desk.ok("cue.stop", {"cue_id": "sale"})
    (alarm,) = rings(desk, "assistant")
    assert (alarm.code, alarm.since, len(alarm.acts)) == ("owed_end", desk.now, 1)
    _press(desk, alarm)
    assert codes(desk) == []


def test_a_program_that_does_not_end_what_is_over_rings_after_a_while() -> None:
    desk = Desk("rehearsal", recall_seconds=0)
    desk.ok("cart.pin", {"product_id": "hat"})
    pin = desk.room.pinned.cue_id
    assert pin is not None
    owed = desk.cue(pin).owed
    assert owed is not None
    desk.ok(
        "effect.answered", {"cue_id": pin, "step": "on_air", "key": owed.key, "outcome": "done"}, "platform"
    )
    desk.ok("cart.unpin", {})
    assert codes(desk) == []
    desk.wait(30)
    assert codes(desk) == ["owed_end"]


def test_a_source_that_falls_silent_on_air() -> None:
    desk = Desk()
    health = {"sources": {"/oba": {"last_at": START, "events": 9}}}
    desk.wait(SILENT_SECONDS - 1)
    assert codes(desk, health=health) == []
    desk.wait(1)
    (alarm,) = rings(desk, health=health)
    assert (alarm.code, alarm.since, alarm.text) == ("stale_source", START, "评论 · oba 没有数据了")
    desk.ok("broadcast.close", {})
    assert codes(desk, health=health) == [], "off air nobody waits for comments"


def test_a_connection_that_is_not_well_rings_on_air() -> None:
    """Once it has not come back by itself."""
    desk = Desk("manual", open_=False)
    told = {"connections": {"obs": ConnectionState("away", START, "loading")}}
    assert codes(desk, health=told) == []
    desk.ok("broadcast.open", {})
    desk.wait(14)
    assert codes(desk, health=told) == []
    desk.wait(1)
    (alarm,) = rings(desk, health=told)
    assert (alarm.code, alarm.text, alarm.since) == ("connection", "OBS：OBS 正在加载，马上再连", START)
    assert alarm_words("connection", alarm.params, english=True) == "OBS: OBS is loading; trying again"
    lost = {"connections": {"shop": ConnectionState("connecting", START)}}
    assert [alarm.text for alarm in rings(desk, health=lost)] == ["微信小店：正在连接"]
    assert codes(desk, health={"connections": {"shop": ConnectionState("connected", START)}}) == []


def test_trouble_the_clock_and_promotions_of_nobodys_in_their_order() -> None:
    desk = Desk("rehearsal")
    desk.fact("promotion.measured", {"cue_id": "x9", "sold": 1})
    desk.fold([Event("clock.stepped", desk.now, "clock", ClockStepped(-3600.4))])
    seen = rings(desk, health={"trouble": "cannot_write"})
    assert [alarm.code for alarm in seen] == ["cannot_write", "clock", "unknown_cue"]
    assert seen[1].text == "电脑时间被改了 -3600 秒"
    assert (
        alarm_words("clock", seen[1].params, english=True) == "The computer's clock was set by -3600 seconds"
    )
    assert seen[2].params == {"count": 1, "cue_ids": "x9"}
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    assert codes(desk) == []


def test_trouble_says_since_when_it_stands() -> None:
    desk = Desk()
    for trouble in ("cannot_write", "log_damaged", "clock_ahead"):
        (alarm,) = rings(desk, health={"trouble": trouble, "trouble_since": START})
        assert alarm.since == START
        assert rings(desk, health={"trouble": trouble})[0].since is None, "an engine that does not say"


def test_every_alarm_and_key_has_both_languages_and_an_unknown_one_shows_itself() -> None:
    for texts in (ALARMS, ACTS):
        assert all(zh and en and zh != en for zh, en in texts.values())
    assert alarm_words("of_a_newer_engine", {}) == "of_a_newer_engine"
    assert act_words("more", {"units": 3}, english=True) == "3 more were added"
    assert timedelta(seconds=SILENT_SECONDS) > timedelta(minutes=1)


def test_what_a_person_has_to_do_at_the_shop_rings_until_somebody_says_so() -> None:
    desk = Desk("manual")
    desk.fact("order.placed", placed("o1", price_fen=9900))
    asked = desk.ok("shop.answer", {"act": "remark", "order_id": "o1", "text": "易碎"}, "assistant")
    assert codes(desk) == [], "he is given a while"
    desk.wait(600)
    (alarm,) = rings(desk)
    assert (alarm.code, alarm.since, alarm.order_id) == ("asks_owed", START, "o1")
    desk.ok("shop.confirm", {"ask_id": asked["ask_id"], "done": True}, "assistant")
    assert codes(desk) == []
