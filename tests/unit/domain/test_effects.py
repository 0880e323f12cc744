"""The platform: what it is owed, how it answers, and a person who answers for it."""

from __future__ import annotations

import pytest

from liveconsole.domain.effects import Effect, owed
from liveconsole.messages.state import MeasuredState, PinnedState
from tests.unit.domain.desk import Desk, placed

COUPON = {"name": "减 8", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60}


def _fired(platform: str) -> Desk:
    desk = Desk(platform, recall_seconds=0)
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert desk.cue().status == "firing"
    return desk


def _owed(desk: Desk) -> Effect:
    (effect,) = owed(desk.room)
    return effect


def _answer(desk: Desk, effect: Effect, outcome: str) -> None:
    data = {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step, "outcome": outcome}
    desk.ok("effect.answered", data, "platform")


def _asked(desk: Desk, effect: Effect) -> None:
    desk.ok("effect.asked", {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step}, "platform")


def test_own_owes_nothing() -> None:
    desk = Desk()
    desk.run_sale()
    desk.ok("cue.stop", {"cue_id": "sale"})
    assert owed(desk.room) == []
    assert desk.cue().owed is None


def test_the_platform_is_asked_by_one_key_and_its_yes_puts_it_on_air() -> None:
    desk = _fired("rehearsal")
    effect = _owed(desk)
    assert (effect.step, effect.asked, effect.cue_id) == ("on_air", False, "sale")
    _asked(desk, effect)
    assert _owed(desk).asked
    assert _owed(desk).key == effect.key
    _answer(desk, effect, "done")
    assert desk.cue().status == "on_air"
    assert owed(desk.room) == []
    events = len(desk.log)
    _answer(desk, effect, "done")
    _answer(desk, effect, "refused")
    assert len(desk.log) == events, "a second answer changes nothing"


def test_unknown_is_asked_again_and_never_fired_again() -> None:
    desk = _fired("rehearsal")
    effect = _owed(desk)
    _asked(desk, effect)
    _answer(desk, effect, "unknown")
    assert desk.cue().status == "unknown"
    assert desk.no("cue.fire", {"cue_id": "sale"}) == "already_fired"
    assert _owed(desk).key == effect.key
    assert desk.wait(3600) == []
    _answer(desk, effect, "refused")
    assert desk.cue().status == "refused"
    assert [e.type for e in desk.log].count("cue.firing") == 1
    desk.ok("cue.fire", {"cue_id": "sale"})
    assert _owed(desk).key != effect.key, "another try is another effect"


def test_an_end_is_owed_until_the_platform_said_yes() -> None:
    desk = _fired("rehearsal")
    _answer(desk, _owed(desk), "done")
    desk.ok("room.halt", {})
    effect = _owed(desk)
    assert (effect.step, desk.cue().ended_because) == ("ended", "halted")
    for outcome in ("refused", "unknown"):
        _answer(desk, effect, outcome)
        assert _owed(desk) == effect
    assert desk.no("broadcast.close", {}) == "still_running"
    assert desk.no("room.set", {"platform": "own"}) == "still_running"
    _answer(desk, effect, "done")
    assert owed(desk.room) == []
    desk.ok("broadcast.close", {})


def test_a_halt_before_the_platform_was_asked_owes_no_stop() -> None:
    desk = _fired("rehearsal")
    desk.ok("room.halt", {})
    assert owed(desk.room) == []
    desk = _fired("rehearsal")
    _asked(desk, _owed(desk))
    desk.ok("room.halt", {})
    assert _owed(desk).step == "ended"


def test_under_manual_nothing_is_on_air_before_a_person_said_so() -> None:
    desk = _fired("manual")
    assert owed(desk.room) == [], "nothing is sent"
    assert desk.seen()["owed"]["step"] == "on_air"
    assert desk.wait(179) == []
    assert desk.wait(1) == ["cue.unknown"]
    assert desk.no("cue.confirm", {"cue_id": "sale", "step": "ended", "done": True}) == "not_asked"
    confirmed = {"cue_id": "sale", "step": "on_air", "done": True, "remaining_seconds": 45}
    desk.ok("cue.confirm", confirmed, "assistant")
    assert desk.cue().status == "on_air"
    assert desk.wait(45) == ["cue.ended"]
    assert desk.seen()["owed"]["step"] == "ended", "the price is to be restored"
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "ended", "done": False})
    assert desk.cue().owed is not None
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "ended", "done": True})
    assert desk.cue().owed is None
    assert desk.no("cue.confirm", {"cue_id": "sale", "step": "ended", "done": True}) == "not_asked"


def test_a_person_says_no() -> None:
    desk = _fired("manual")
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": False})
    assert desk.cue().status == "refused"
    assert desk.cue().owed is None
    desk.ok("cue.fire", {"cue_id": "sale"}, "operator")
    assert desk.cue().status == "firing"


def test_a_person_saw_it_end_by_itself() -> None:
    desk = _fired("manual")
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "ended", "done": True})
    assert (desk.cue().ended_because, desk.cue().owed) == ("platform", None)


def test_nobody_confirms_for_a_program_that_may_still_answer() -> None:
    desk = _fired("rehearsal")
    data = {"cue_id": "sale", "step": "on_air", "done": True}
    assert desk.no("cue.confirm", data) == "not_asked"
    _answer(desk, _owed(desk), "unknown")
    desk.ok("cue.confirm", data)
    assert desk.cue().status == "on_air"


def test_a_pin_under_manual_is_unknown_after_30_seconds() -> None:
    desk = Desk("manual")
    desk.ok("cart.pin", {"product_id": "scarf"})
    pinned = desk.shown().pinned
    assert (pinned.wanted, pinned.confirmed) == ("scarf", None)
    assert desk.wait(30) == ["cue.unknown"]
    cue_id = desk.room.pinned.cue_id
    desk.ok("cue.confirm", {"cue_id": cue_id, "step": "on_air", "done": True})
    confirmed_at = desk.now
    desk.wait(12)
    assert desk.shown().pinned == PinnedState("scarf", "scarf", confirmed_at, cue_id)
    desk.ok("cart.unpin", {})
    pinned = desk.shown().pinned
    assert pinned.wanted is None
    assert pinned.confirmed == "scarf", "still there until somebody says otherwise"
    desk.ok("cue.confirm", {"cue_id": cue_id, "step": "ended", "done": True})
    assert desk.shown().pinned.confirmed is None


def test_left_is_not_known_under_manual_until_somebody_measured_it() -> None:
    desk = _fired("manual")
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    assert (desk.seen()["left"], desk.seen()["sold"]) == (None, None)
    desk.ok("cue.measure", {"cue_id": "sale", "sold": 2, "left": 3}, "assistant")
    read_at = desk.now
    desk.wait(7)
    assert (desk.seen()["left"], desk.seen()["sold"]) == (3, 2)
    assert desk.shown().cues[0].measured == MeasuredState(read_at, sold=2, left=3, by="person")
    desk.fact("order.placed", placed("o1"))
    assert desk.seen()["left"] == 4, "a source reports orders now"


def test_under_manual_orders_beyond_the_quantity_ask_before_they_stop_the_sale() -> None:
    desk = _fired("manual")
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    for n in range(5):
        desk.fact("order.placed", placed(f"o{n}", f"b{n}"))
    assert desk.fact("order.placed", placed("o5", "b5")) == [
        "order.placed",
        "order.counted",
        "stock.oversold",
    ]
    assert desk.cue().status == "on_air"
    assert (desk.seen()["asks_more"], desk.seen()["oversold"]) == (True, 1)
    for n in range(6):
        desk.fact("order.paid", {"order_id": f"o{n}", "paid_fen": 5900})
    assert desk.cue().status == "on_air", "sold out by our count, but the question is open"
    desk.ok("cue.measure", {"cue_id": "sale", "left": 20})
    assert not desk.seen()["asks_more"]


@pytest.mark.parametrize("platform", ["own", "manual"])
def test_a_real_room_has_no_simulated_platform(platform: str) -> None:
    desk = Desk(platform)
    assert desk.no("room.set", {"platform": "rehearsal"}) == "not_a_rehearsal"


def test_a_bag_ends_drawn_without_owing_anything() -> None:
    desk = Desk("manual", recall_seconds=0)
    bag = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {}, "seconds": 60}
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bag})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.ok("cue.confirm", {"cue_id": "bag", "step": "on_air", "done": True, "remaining_seconds": 50})
    comment = {"viewer": {"id": "v1"}, "text": "来了"}
    assert desk.fact("comment.posted", comment) == ["comment.posted", "bag.source", "bag.entered"]
    assert desk.wait(50) == ["bag.closed", "cue.drawn", "cue.ended"]
    assert desk.seen("bag")["winners"][0]["viewer_id"] == "v1"
    assert desk.cue("bag").owed is None


def test_a_coupon_that_was_stopped_is_owed_to_the_platform() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    desk.ok("cue.fire", {"cue_id": "c"})
    desk.ok("cue.stop", {"cue_id": "c"}, "assistant")
    owing = desk.cue("c").owed
    assert owing is not None
    assert owing.step == "ended"


def test_halted_while_unanswered_cannot_be_confirmed_on_air() -> None:
    desk = _fired("manual")
    desk.ok("room.halt", {})
    assert desk.no("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True}) == "not_asked"
    assert desk.cue().owed is not None
