"""The budget of a broadcast: against brute sums over random evenings, its alarms, what would break it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from liveconsole.domain import budget, given
from liveconsole.domain.judge import judge
from liveconsole.domain.kind import Given
from liveconsole.messages.refusals import word
from liveconsole.messages.state import State
from tests.unit.domain.desk import SALE, START, Desk

COUPON: dict[str, Any] = {
    "name": "券",
    "rule": {"off_fen": 700},
    "quantity": 6,
    "per_buyer": 1,
    "seconds": 600,
}


def _with(fen: int | None = None, percent: int | None = None, **more: Any) -> Desk:
    desk = Desk(recall_seconds=0)
    said = {"fen": fen, "gmv_percent": percent} | more
    desk.ok("room.set", {"budget": {name: value for name, value in said.items() if value is not None}})
    return desk


def _buys(desk: Desk, order_id: str, *, paid: bool = True, sku_id: str = "scarf") -> None:
    order = {"order_id": order_id, "buyer": {"id": order_id}, "lines": [{"sku_id": sku_id, "quantity": 1}]}
    total = desk.ok("order.request", order, "producer")["total_fen"]
    if paid:
        desk.fact("order.paid", {"order_id": order_id, "paid_fen": total})


def _alarm(shown: State) -> str:
    return next((alarm.code for alarm in shown.alarms if alarm.code.startswith("budget")), "")


def test_given_and_held_are_told_against_it_and_the_alarm_rings_at_80_and_at_100() -> None:
    desk = _with(10_000)
    desk.run_sale()  # 4000 off a unit
    stands = desk.shown().discount.budget
    assert stands is not None
    assert (stands.limit_fen, stands.used_fen, stands.percent) == (10_000, 0, 0)
    _buys(desk, "o1")
    assert _alarm(desk.shown()) == ""
    _buys(desk, "o2", paid=False)
    shown = desk.shown()
    assert shown.discount.budget is not None
    assert (shown.discount.budget.used_fen, shown.discount.budget.percent) == (8000, 80)
    assert _alarm(shown) == "budget_near"
    _buys(desk, "o3")
    shown = desk.shown()
    (alarm,) = [alarm for alarm in shown.alarms if alarm.code == "budget_over"]
    assert alarm.text == "本场让利 120 元，超出预算 100 元（120%）"
    assert [(act.type, act.data) for act in alarm.acts] == [("cue.stop", {"cue_id": "sale"})]
    desk.ok("cue.stop", {"cue_id": "sale"})
    assert desk.shown("assistant").alarms, "it stays true after the stop"


def test_a_share_is_of_what_was_paid_and_of_nothing_it_is_unknown() -> None:
    desk = _with(percent=10)
    desk.run_sale()
    stands = desk.shown().discount.budget
    assert stands is not None
    assert (stands.limit_fen, stands.percent) == (0, None)
    _buys(desk, "o1")  # 59 paid, 40 given
    stands = desk.shown().discount.budget
    assert stands is not None
    assert (stands.limit_fen, stands.percent) == (590, 677)
    both = _with(500, 10)
    both.run_sale()
    _buys(both, "o1")
    stands = both.shown().discount.budget
    assert stands is not None
    assert stands.limit_fen == 500, "the tighter of both"


def test_where_nobody_reports_orders_it_is_unknown_and_rings_never() -> None:
    desk = Desk("manual", recall_seconds=0, budget={"fen": 10_000, "gmv_percent": 5})
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    shown = desk.shown()
    assert shown.discount.budget is not None
    assert (shown.discount.budget.limit_fen, shown.discount.budget.used_fen) == (10_000, None)
    assert shown.discount.budget.percent is None
    assert _alarm(shown) == ""


def test_prizes_stand_beside_it_and_in_no_sum() -> None:
    desk = _with(10_000)
    bag = {"prize": {"name": "手套", "value_fen": 9900}, "winners": 1, "entry": {}, "seconds": 10}
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": bag})
    desk.ok("cue.fire", {"cue_id": "bag"})
    desk.fact("comment.posted", {"viewer": {"id": "v"}, "text": "我要"}, "/a")
    desk.wait(10)
    stands = desk.shown().discount.budget
    assert stands is not None
    assert (stands.prizes_fen, stands.used_fen) == (9900, 0)


def test_what_would_break_it_is_told_before_it_is_fired_and_refused_where_it_is_hard() -> None:
    desk = _with(25_000)
    desk.queue_sale("one")  # 5 × 4000
    said = judge(desk.room, "cue.add", {"kind": "coupon", "spec": COUPON | {"quantity": 50}}, desk.now)
    assert said["ok"]
    assert said["over_budget_fen"] == 50 * 700 - 25_000
    desk.ok("cue.fire", {"cue_id": "one"})
    desk.ok("cue.add", {"cue_id": "two", "kind": "coupon", "spec": COUPON | {"quantity": 10}})
    stands = desk.shown().discount.budget
    assert stands is not None
    assert stands.beyond == {"two": 20_000 + 7000 - 25_000}
    asked = judge(desk.room, "cue.fire", {"cue_id": "two"}, desk.now)
    assert (asked["ok"], asked["over_budget_fen"]) == (True, 2000), "warned, and the host decides"
    desk.ok("room.set", {"budget": {"fen": 25_000, "hard": True}})
    refused = desk.refusal("cue.fire", {"cue_id": "two"})
    assert (refused.code, refused.params["over_fen"]) == ("over_budget", 2000)
    assert "20 元" in refused.text
    assert "¥20" in word(refused.code, refused.params, english=True)
    desk.ok("cue.stop", {"cue_id": "one"})
    desk.ok("cue.fire", {"cue_id": "two"})


PLAN = {"minutes": 60, "times": 3}


def _plan(desk: Desk) -> None:
    first = (START + timedelta(minutes=10)).isoformat()
    spec = SALE | {"quantity": 1, "per_buyer": 1}
    data = {"cue_id": "plan", "kind": "flash_sale", "spec": spec, "at": first, "repeat": PLAN}
    desk.ok("cue.add", data, "assistant")


def test_all_times_of_a_plan_are_counted_when_it_is_made_and_those_to_come_while_it_runs() -> None:
    desk = _with(10_000)  # a time gives 4,000 at most
    spec = SALE | {"quantity": 1, "per_buyer": 1}
    data = {"kind": "flash_sale", "spec": spec, "repeat": PLAN}
    assert judge(desk.room, "cue.add", data, desk.now)["over_budget_fen"] == 2_000
    assert "over_budget_fen" not in judge(desk.room, "cue.add", data | {"repeat": None}, desk.now)
    _plan(desk)
    assert budget.ahead(desk.room, desk.now) == {"plan": 2_000}
    desk.ok("cue.approve", {"cue_id": "plan"})
    hat = {"sku_id": "hat", "price_fen": 1_900, "quantity": 1, "per_buyer": 1, "seconds": 60}
    other = {"kind": "flash_sale", "spec": hat}
    desk.wait(10 * 60 + 30)
    assert desk.cue("plan").status == "on_air"
    assert judge(desk.room, "cue.add", other, desk.now)["over_budget_fen"] == 3 * 4_000 + 3_000 - 10_000
    desk.wait(60)
    assert desk.cue("plan").status == "ended", "and nobody bought"
    assert judge(desk.room, "cue.add", other, desk.now)["over_budget_fen"] == 2 * 4_000 + 3_000 - 10_000
    desk.wait(60 * 60)
    assert "over_budget_fen" not in judge(desk.room, "cue.add", other, desk.now), "one time is left"


def test_a_hard_budget_turns_a_plan_back_at_its_approval_and_no_later_time_for_the_rest() -> None:
    desk = _with(10_000, hard=True)
    _plan(desk)
    assert desk.no("cue.approve", {"cue_id": "plan"}) == "over_budget"
    desk.ok("room.set", {"budget": {"fen": 12_000, "hard": True}})
    desk.ok("cue.approve", {"cue_id": "plan"})
    desk.ok("room.set", {"budget": {"fen": 5_000, "hard": True}})
    desk.wait(11 * 60)
    assert desk.cue("plan").on_air_at is not None, "its first time fits by itself"


def test_a_second_evening_starts_at_nothing_and_the_budget_stays() -> None:
    desk = _with(10_000)
    desk.run_sale()
    _buys(desk, "o1")
    desk.ok("cue.stop", {"cue_id": "sale"})
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    stands = desk.shown().discount.budget
    assert stands is not None
    assert (stands.limit_fen, stands.used_fen, stands.percent) == (10_000, 0, 0)
    desk.ok("room.set", {"budget": None})
    assert desk.shown().discount.budget is None


@pytest.mark.parametrize("said", [{}, {"hard": True, "gmv_percent": 5}, {"fen": 0}, {"gmv_percent": 101}])
def test_a_budget_that_says_nothing_is_refused(said: dict[str, Any]) -> None:
    assert Desk().no("room.set", {"budget": said}) == "bad_shape"


@pytest.mark.parametrize("seed", range(8))
def test_random_evenings_come_to_what_a_person_would_add_up(seed: int) -> None:
    """Every order summed once more from its own lines, apart from the tallies that the room keeps."""
    random, desk = Random(seed), _with(60_000, 40)
    desk.ok("stock.add", {"sku_id": "scarf", "by": 200})
    price = random.choice([9000, 5900, 1])
    desk.run_sale(quantity=60, price_fen=price)
    off: dict[str, int] = {}
    paid: dict[str, int] = {}
    for n in range(40):
        order_id = f"o{n}"
        _buys(desk, order_id, paid=False, sku_id=random.choice(["scarf", "hat"]) if n % 7 else "scarf")
        order = desk.room.orders.get(order_id)
        if order is None:
            continue
        normal = sum(desk.room.skus[line.sku_id].price_fen * line.quantity for line in order.lines)
        off[order_id] = normal - order.total_fen
        match random.randrange(3):
            case 0:
                desk.fact("order.paid", {"order_id": order_id, "paid_fen": order.total_fen})
                paid[order_id] = order.total_fen
            case 1:
                desk.fact("order.closed", {"order_id": order_id})
                del off[order_id]
        spent = budget.spent(desk.room, desk.now)
        assert spent is not None
        assert spent.used_fen == sum(off.values())
        assert spent.limit_fen == min(60_000, sum(paid.values()) * 40 // 100)
        percent = spent.percent
        rings = "" if percent is None or percent < 80 else "budget_near" if percent < 100 else "budget_over"
        assert _alarm(desk.shown()) == rings


def test_without_what_is_held_it_would_ring_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what waits for its payment left out."""
    desk = _with(10_000)
    desk.run_sale()
    for n in range(2):
        _buys(desk, f"o{n}", paid=False)
    assert _alarm(desk.shown()) == "budget_near"
    whole = given.of_broadcast

    def paid_alone(room: Any, now: Any, **more: Any) -> Given:
        one = whole(room, now, **more)
        return Given(one.given_fen, 0, one.most_fen)

    monkeypatch.setattr(given, "of_broadcast", paid_alone)
    assert _alarm(desk.shown()) == ""
