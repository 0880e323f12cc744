"""What a phone is told of a room: words of the house, what its seat may do, names for who sees names."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from liveconsole.messages.phone import QUEUED, PhoneView
from liveconsole.messages.rights import MAY
from liveconsole.views.kinds.kind import length_field
from liveconsole.views.phone import PhoneInputs, phone_view, winners_in
from liveconsole.views.rundown import rundown_state
from liveconsole.views.state.can import can_state
from tests.unit.domain.desk import START, Desk, product

BAG: dict[str, Any] = {
    "prize": {"name": "手套", "value_fen": 9900},
    "winners": 1,
    "entry": {"keyword": "驼色"},
    "seconds": 30,
}
COUPON: dict[str, Any] = {
    "name": "加购券",
    "rule": {"threshold_fen": 19900, "off_fen": 2000},
    "quantity": 500,
    "per_buyer": 1,
    "seconds": 600,
}


def look(desk: Desk, role: str = "host", *, english: bool = False) -> PhoneView:
    room = desk.room
    can = {cue.cue_id: can_state(room, cue, role, desk.now) for cue in room.cues.values()}
    people = {pid: (pid, "糖糖不吃糖") for pid in winners_in(room)}
    rundown = rundown_state(room, desk.now)
    return phone_view(PhoneInputs(room, desk.now, role, can, rundown, people, english))


def test_a_step_that_a_person_owes_is_asked_in_the_words_of_the_card_at_the_desk() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    desk.ok("cue.approve", {"cue_id": "c"})
    desk.ok("cue.fire", {"cue_id": "c"})
    (task,) = look(desk, "phone").tasks
    assert (task.title, task.step, task.since) == ("优惠券 加购券 满 199 减 20 × 500", "on_air", START)
    assert [(field.label, field.value) for field in task.fields][:3] == [
        ("券名", "加购券"),
        ("门槛", "199"),
        ("减", "20"),
    ]
    assert (task.done, task.failed, task.why_not) == ("已完成", "没成功", "")
    (task,) = look(desk, english=True).tasks
    assert (task.done, task.failed) == ("Done", "Not done")
    assert look(desk, "viewer").tasks[0].why_not, "who only looks is told why"
    desk.ok("cue.confirm", {"cue_id": "c", "step": "on_air", "done": True}, "phone")
    view = look(desk)
    assert view.tasks == []
    assert (view.clocks.ends, view.clocks.ends_at) == ("优惠券", desk.cue("c").ends_at)


def test_what_may_be_fired_is_what_the_engine_would_take_of_this_seat() -> None:
    desk = Desk()
    desk.queue_sale()
    assert "审核" in look(desk, "deputy").queue[0].why_not
    desk.ok("cue.approve", {"cue_id": "sale"})
    (row,) = look(desk, "deputy").queue
    assert (row.title, row.about, row.fire, row.why_not) == ("秒杀 ¥59 × 5", "1 号 scarf", "开抢", "")
    for role in ("assistant", "phone", "screen", "viewer"):
        seen = look(desk, role)
        assert (seen.fires, seen.queue[0].why_not) == (False, "等主播开抢")
    for number in range(QUEUED + 3):
        desk.queue_sale(f"more-{number}")
    seen = look(desk)
    assert (len(seen.queue), seen.queue_more) == (QUEUED, 4)
    desk.ok("catalogue.put", {"products": [product("scarf", 9900, 10, floor_fen=8000)]})
    assert "底价" in look(desk, "deputy").queue[0].why_not


@pytest.mark.parametrize(("role", "named"), [("deputy", True), ("phone", False), ("screen", False)])
def test_nobody_is_named_to_a_phone_that_has_not_proved_the_certificate(role: str, named: bool) -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.fact("comment.posted", {"viewer": {"id": "p1", "name": "糖糖不吃糖"}, "text": "驼色"})
    desk.wait(40)
    desk.ok("note.put", {"text": "给糖糖不吃糖留一双", "to": "host"}, "assistant")
    seen = look(desk, role)
    assert ("糖糖" in msgspec.json.encode(seen).decode()) is named
    (draw,) = seen.draws
    assert (draw.count, draw.open, bool(draw.winners), bool(seen.notes)) == (1, 1, named, named)


def test_what_runs_on_the_pinned_product_is_its_price_and_what_is_left() -> None:
    desk = Desk(recall_seconds=0)
    assert look(desk).pinned is None
    desk.ok("cart.pin", {"number": 1})
    pinned = look(desk).pinned
    assert pinned is not None
    assert (pinned.price_fen, pinned.left, pinned.of, pinned.number) == (9900, 10, None, 1)
    desk.run_sale()
    pinned = look(desk).pinned
    assert pinned is not None
    assert (pinned.price_fen, pinned.left, pinned.of) == (5900, 5, 5)


@pytest.mark.parametrize("approved", [True, False])
def test_its_key_fires_exactly_where_the_key_of_the_number_does(approved: bool) -> None:
    """Also for a seat that fires what somebody else proposed: that is agreed to first."""
    desk = Desk()
    desk.queue_sale("theirs")
    if approved:
        desk.ok("cue.approve", {"cue_id": "theirs"})
    for role in MAY:
        can = can_state(desk.room, desk.cue("theirs"), role, desk.now)
        (row,) = look(desk, role).queue
        assert (row.why_not == "") == (can.key == "fire" and can.fire is True), role


@pytest.mark.parametrize(("seconds", "said"), [(45, "45 秒"), (420, "7 分钟"), (432, "7:12 分:秒")])
def test_a_length_is_said_as_a_person_reads_it(seconds: int, said: str) -> None:
    field = length_field(("时长", "length"), seconds)
    assert f"{field.value} {field.unit[0]}" == said
