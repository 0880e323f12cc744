"""Made-up viewers who buy in groups: what was paid for nothing goes back, told once."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import SimpleNamespace
from typing import Any

import msgspec

from liveconsole.connectors.rehearsal.friends import Doings, Friends
from liveconsole.connectors.rehearsal.view import CouponView, GroupView, RehearsalRoom, of_state
from liveconsole.messages.facts import FACTS
from tests.ui.alarm_rooms import unfilled
from tests.ui.evening import Evening
from tests.ui.rooms import sample_state

GROUP = GroupView("g", "scarf", 3, 1, 5)


def friends() -> tuple[Friends, list[str], list[tuple[str, dict[str, Any]]]]:
    asked: list[str] = []
    told: list[tuple[str, dict[str, Any]]] = []

    def ask(_type: str, data: dict[str, Any], then: Callable[[bool, dict[str, Any]], Any]) -> None:
        asked.append(data["order_id"])
        then(True, {"total_fen": 6_600})

    numbers = iter(range(1, 10_000))
    out: Any = SimpleNamespace(number=lambda letter: f"{letter}{next(numbers)}")
    crowd: Any = SimpleNamespace(somebody=lambda dice: {"id": f"v{dice.randint(1, 99)}", "name": "甲"})
    doings = Doings(
        ask, lambda *_: None, lambda type_, data: told.append((type_, data)), lambda _wait, do: do()
    )
    return Friends(Random(7), crowd, out, doings), asked, told


def test_money_of_a_group_that_was_not_full_goes_back_once() -> None:
    made, asked, told = friends()
    made.step(1.0, RehearsalRoom(True, groups=[GROUP]), 5.0)
    assert asked
    assert told == [], "nothing goes back while the groups are open"
    over = RehearsalRoom(True, goes_back=asked[0])
    for _ in range(3):  # until the room has read it, it is seen again
        made.step(1.0, over, 5.0)
    assert told == [("order.refunded", {"order_id": asked[0], "refund_fen": 6_600})]
    made.step(1.0, RehearsalRoom(True, goes_back="somebody-elses"), 5.0)
    assert len(told) == 1, "of an order that no viewer of ours made it knows no amount"


def test_who_wants_a_shared_coupon_brings_others_first_and_some_bring_too_few() -> None:
    made, _, told = friends()
    asks: list[int] = []
    viewer = {"id": "me", "name": "乙"}
    for _ in range(40):
        before = len(told)
        made.share(CouponView("c", 0, None, 3), viewer, lambda before=before: asks.append(len(told) - before))  # type: ignore[misc]
    assert set(asks) == {2, 3}, "the coupon is asked for after them, in vain where one is missing"
    assert {type_ for type_, _ in told} == {"share.brought"}
    for type_, data in told:
        found: Any = msgspec.convert(data, FACTS[type_])
        assert (found.cue_id, found.by.id) == ("c", "me")


def test_the_audience_sees_how_many_are_to_be_brought() -> None:
    at = Evening(ago=20)
    at.fire(at.coupon(share={"friends": 2}), at.coupon("c-plain"))
    seen = {coupon.cue_id: coupon.friends for coupon in of_state(at.shown()).coupons}
    assert seen == {"c-coupon": 2, "c-plain": 0}


def test_what_is_remembered_has_a_bound() -> None:
    made, asked, told = friends()
    for _ in range(60):
        made.step(10.0, RehearsalRoom(True, groups=[GROUP]), 5.0)
    assert len(asked) > 1_000
    made.step(1.0, RehearsalRoom(True, goes_back=asked[0]), 0.0)
    made.step(1.0, RehearsalRoom(True, goes_back=asked[-1]), 0.0)
    assert [data["order_id"] for _, data in told] == [asked[-1]]


def test_the_platform_sees_what_the_room_says_goes_back() -> None:
    assert of_state(sample_state()).goes_back is None
    at = unfilled()
    order_id = of_state(at.shown()).goes_back
    assert order_id is not None
    at.facts("order.refunded", [{"order_id": order_id, "refund_fen": at.room.orders[order_id].paid_fen}])
    assert of_state(at.shown()).goes_back != order_id
