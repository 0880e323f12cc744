"""K1.7, 首单核价: what orders came to, beside what was promised and beside the floor."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liveconsole.domain import first_orders, order, order_facts
from liveconsole.messages.alarms import alarm_words
from liveconsole.messages.state import AlarmState
from tests.unit.domain.desk import Desk, encoded, placed, product

COUPON = {"name": "减十", "rule": {"off_fen": 1000}, "quantity": 50, "per_buyer": 1, "seconds": 300}
CODES = ("floor_broken", "below_promise", "above_promise")


def _desk(platform: str = "manual") -> Desk:
    """A scarf of 99 with a floor of 40, at 59 in a sale that began long enough ago."""
    desk = Desk(platform, recall_seconds=0)
    scarf = product("scarf", 9900, 100, floor_fen=4000)
    desk.ok("catalogue.put", {"products": [scarf, product("hat", 4900, 100)]})
    return desk


def _sale(desk: Desk) -> None:
    desk.queue_sale(quantity=50, per_buyer=3)
    desk.ok("cue.fire", {"cue_id": "sale"})
    if desk.room.settings.platform == "manual":
        desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    desk.wait(first_orders.GRACE.total_seconds())


def rings(desk: Desk, role: str = "host") -> list[AlarmState]:
    return [alarm for alarm in desk.shown(role).alarms if alarm.code in CODES and alarm.order_id]


def _one(desk: Desk) -> AlarmState:
    (alarm,) = rings(desk)
    return alarm


@pytest.mark.parametrize("platform", ["manual", "own"])
def test_an_order_at_the_promised_price_rings_for_nothing(platform: str) -> None:
    desk = _desk(platform)
    _sale(desk)
    desk.fact("order.placed", placed("o1", price_fen=5900, quantity=2))
    desk.fact("order.placed", placed("o2", sku_id="hat", price_fen=4900))
    assert rings(desk) == []
    assert desk.room.orders["o1"].off is None


@pytest.mark.parametrize("platform", ["manual", "own"])
def test_dearer_than_promised_names_the_order_the_sum_and_what_mends_it(platform: str) -> None:
    desk = _desk(platform)
    _sale(desk)
    desk.fact("order.placed", placed("o1", price_fen=9900))
    alarm = _one(desk)
    assert (alarm.code, alarm.order_id, alarm.cue_id, alarm.since) == (
        "above_promise",
        "o1",
        "sale",
        desk.now,
    )
    assert {n: alarm.params[n] for n in ("asked_fen", "promised_fen", "by_fen", "count")} == {
        "asked_fen": 9900, "promised_fen": 5900, "by_fen": 4000, "count": 1,
    }  # fmt: skip
    assert alarm.text.startswith("订单 o1 收了 99.00 元，比承诺的 59.00 元贵 40.00 元")
    if platform == "manual":
        assert alarm.text.endswith("要做：改价：1 号 scarf 应卖 59.00 元")
    assert [act.type for act in alarm.acts] == ["cue.stop", "prices.settle"]
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 9900})
    assert "给订单 o1 退差 40.00 元" in _one(desk).text
    assert "give ¥40.00 back" in alarm_words("above_promise", _one(desk).params, english=True)
    desk.fact("order.refunded", {"order_id": "o1", "refund_fen": 1500, "refund_id": "r1"})
    assert "退差 25.00 元" in _one(desk).text
    desk.fact("order.refunded", {"order_id": "o1", "refund_fen": 2500, "refund_id": "r2"})
    assert rings(desk) == [], "the difference was given back"


def test_cheaper_than_promised_says_which_layer_broke_it() -> None:
    desk = _desk()
    _sale(desk)
    less = placed("o1", price_fen=5900) | {
        "total_fen": 4500, "discounts": [{"kind": "member", "fen": 900}, {"kind": "粉丝价", "fen": 500}],
    }  # fmt: skip
    desk.fact("order.placed", less)
    alarm = _one(desk)
    assert (alarm.code, alarm.params["by_fen"]) == ("below_promise", 1400)
    assert "便宜 14.00 元（会员价 9.00、粉丝价 5.00）" in alarm.text
    assert "(member price 9.00, 粉丝价 5.00)" in alarm_words("below_promise", alarm.params, english=True)


@pytest.mark.parametrize("kind", sorted(first_orders.PLATFORM_PAID))
def test_what_the_platform_pays_is_no_broken_promise_of_ours(kind: str) -> None:
    desk = _desk()
    _sale(desk)
    desk.fact("order.placed", placed("o1", price_fen=5900) | {
        "total_fen": 2900, "discounts": [{"kind": kind, "fen": 3000}],
    })  # fmt: skip
    desk.fact("order.placed", placed("o2", price_fen=2900) | {"discounts": [{"kind": kind, "fen": 3000}]})
    assert rings(desk) == []
    # The twin: the same sum out of our own pocket rings twice.
    desk.fact("order.placed", placed("o3", price_fen=5900) | {
        "total_fen": 2900, "discounts": [{"kind": "merchant", "fen": 3000}],
    })  # fmt: skip
    assert {alarm.code for alarm in rings(desk)} == {"below_promise", "floor_broken"}


def test_below_the_floor_names_the_order_and_the_goods() -> None:
    desk = _desk()
    desk.fact("order.placed", placed("o1", price_fen=3500, quantity=2))
    floor, below = rings(desk)
    assert (floor.code, floor.order_id) == ("floor_broken", "o1")
    assert (floor.params["final_fen"], floor.params["floor_fen"]) == (3500, 4000)
    assert floor.text.startswith("scarf：订单 o1 每件只收 35.00 元，低于底价 40.00 元")
    assert below.code == "below_promise"
    desk.fact("order.closed", {"order_id": "o1", "reason": "没付"})
    assert rings(desk) == []


def test_coupons_and_shop_coupons_that_may_meet_are_promised() -> None:
    desk = _desk()
    desk.ok("room.set", {"shop_coupons": [{"threshold_fen": 5000, "off_fen": 500}]})
    _sale(desk)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    desk.ok("cue.fire", {"cue_id": "c"})
    desk.ok("cue.confirm", {"cue_id": "c", "step": "on_air", "done": True})
    desk.fact("order.placed", placed("o1", price_fen=5900) | {"total_fen": 4400})
    assert rings(desk) == []
    desk.fact("order.placed", placed("o2", price_fen=5900) | {"total_fen": 4399})
    assert (_one(desk).code, _one(desk).params["promised_fen"]) == ("below_promise", 4400)


def test_a_coupon_that_takes_off_less_than_it_says_is_dearer_than_promised() -> None:
    desk = _desk()
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    desk.ok("cue.fire", {"cue_id": "c"})
    desk.ok("cue.confirm", {"cue_id": "c", "step": "on_air", "done": True})
    used = {"discounts": [{"kind": "coupon", "fen": 500, "id": "c"}]}
    desk.fact("order.placed", placed("o1", price_fen=9900) | {"total_fen": 9400} | used)
    alarm = _one(desk)
    assert (alarm.code, alarm.cue_id, alarm.params["by_fen"]) == ("above_promise", "c", 500)
    assert "点「停止发放」" in alarm.text
    assert alarm.acts[0].data == {"cue_id": "c"}, "停券"


def test_a_price_that_was_not_put_back_rings_after_the_end() -> None:
    desk = _desk()
    _sale(desk)
    desk.ok("cue.stop", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "ended", "done": True})
    desk.fact("order.placed", placed("o1", price_fen=5900))
    assert rings(desk) == [], "told of some seconds late"
    desk.wait(first_orders.GRACE.total_seconds())
    desk.fact("order.placed", placed("o2", price_fen=5900))
    alarm = _one(desk)
    assert (alarm.code, alarm.cue_id) == ("below_promise", "sale")
    assert "点「结束」" in alarm.text


def test_just_after_the_start_either_price_is_fair_unless_the_order_names_the_sale() -> None:
    desk = _desk()
    desk.queue_sale(quantity=50, per_buyer=3)
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    desk.fact("order.placed", placed("o1", price_fen=9900))
    assert rings(desk) == []
    desk.fact("order.placed", placed("o2", price_fen=9900, cue_id="sale"))
    assert _one(desk).order_id == "o2"


def test_beyond_the_buyers_limit_the_shops_price_is_fair() -> None:
    desk = _desk()
    _sale(desk)
    desk.fact("order.placed", placed("o1", "ann", quantity=3))
    desk.fact("order.placed", placed("o2", "ann", price_fen=9900))
    assert rings(desk) == []


def test_alarms_do_not_grow_with_the_orders_and_end_with_a_key() -> None:
    desk = _desk()
    _sale(desk)
    for n in range(30):
        desk.fact("order.placed", placed(f"o{n:02}", f"b{n}", price_fen=6000 + n))
    alarm = _one(desk)
    assert (alarm.order_id, alarm.params["count"], alarm.params["most_fen"]) == ("o00", 30, 129)
    assert "共 30 单，最多差 1.29 元" in alarm.text
    assert desk.no("prices.settle", {"code": "above_promise", "cue_id": "sale"}, "assistant") == "forbidden"
    seen = next(act for act in alarm.acts if act.type == "prices.settle")
    assert desk.ok(seen.type, seen.data) == {"orders": 30}
    assert rings(desk) == []
    assert desk.room.off_orders == {}
    assert desk.ok(seen.type, seen.data) == {"orders": 0}
    desk.fact("order.placed", placed("late", price_fen=7000))
    assert _one(desk).order_id == "late", "what comes later rings anew"
    assert encoded(desk.refold()) == encoded(desk.room)


def test_beyond_a_thousand_orders_only_how_many_and_by_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "OFF_KEPT", 5)
    desk = _desk()
    _sale(desk)
    for n in range(12):
        desk.fact("order.placed", placed(f"o{n:02}", f"b{n}", price_fen=6000 + n))
    alarm = _one(desk)
    assert (len(desk.room.off_orders), alarm.order_id) == (5, "o00")
    assert (alarm.params["count"], alarm.params["most_fen"]) == (12, 111)
    for n in range(5):
        desk.fact("order.closed", {"order_id": f"o{n:02}", "reason": ""})
    assert desk.room.off_orders == {}
    assert (_one(desk).order_id, _one(desk).params["count"]) == ("o05", 7), "the others are not forgotten"
    assert desk.ok("prices.settle", {"code": "above_promise", "cue_id": "sale"}) == {"orders": 7}
    assert rings(desk) == []
    assert desk.room.off_beyond == {}


def test_the_twin_without_the_comparison_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_facts, "judged", lambda *_: None)
    desk = _desk()
    _sale(desk)
    desk.fact("order.placed", placed("o1", price_fen=100))
    assert rings(desk) == []


def test_goods_that_are_not_known_are_unmatched_and_not_judged() -> None:
    desk = _desk()
    desk.fact("order.placed", placed("o1", sku_id="ghost", price_fen=1))
    assert rings(desk) == []


def test_the_console_s_own_grants_are_not_judged_again() -> None:
    desk = _desk("own")
    _sale(desk)
    desk.ok(
        "order.request",
        {"order_id": "o1", "buyer": {"id": "b"}, "lines": [{"sku_id": "scarf", "quantity": 1}]},
    )
    desk.fact("order.placed", placed("o1", price_fen=9900))
    assert rings(desk) == []


@st.composite
def _stories(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    told: list[tuple[str, dict[str, Any]]] = []
    for n in range(draw(st.integers(1, 4))):
        price = draw(st.sampled_from([3000, 5900, 6500, 9900]))
        more = {"discounts": draw(st.sampled_from([[], [{"kind": "member", "fen": 100}]]))}
        told.append(("order.placed", placed(f"o{n}", f"b{n}", 1, price) | more))
        if draw(st.booleans()):
            told.append(("order.paid", {"order_id": f"o{n}", "paid_fen": price, "payment_id": "p"}))
        if draw(st.booleans()):
            told.append(("order.closed", {"order_id": f"o{n}", "reason": ""}))
        for part in range(draw(st.integers(0, 2))):
            refund = {"order_id": f"o{n}", "refund_fen": draw(st.integers(1, 4000)), "refund_id": f"r{part}"}
            told.append(("order.refunded", refund))
    return told


@settings(max_examples=100)
@given(_stories(), st.data())
def test_in_any_order_and_repeated_the_facts_give_the_same_alarms(
    told: list[tuple[str, dict[str, Any]]], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(told), max_size=4))
    shuffled = data.draw(st.permutations(told + again))
    ends = []
    for facts in (told, shuffled):
        desk = _desk()
        _sale(desk)
        for type_, fact in facts:
            desk.fact(type_, fact)
        ends.append(rings(desk))
    assert ends[0] == ends[1]


def test_parts_with_ids_add_up_and_without_them_are_running_totals() -> None:
    """K9.8: two refunds of 10 each came to 10, two payments of 60 and 40 to 60."""
    desk = _desk()
    desk.fact("order.placed", placed("o1", price_fen=9900))
    for payment, fen in (("p1", 6000), ("p2", 3900), ("p1", 6000)):
        desk.fact("order.paid", {"order_id": "o1", "paid_fen": fen, "payment_id": payment})
    for refund in ("r1", "r2", "r2"):
        desk.fact("order.refunded", {"order_id": "o1", "refund_fen": 1000, "refund_id": refund})
    assert (desk.room.totals.gmv_fen, desk.room.totals.refund_fen) == (9900, 2000)
    desk.fact("order.placed", placed("o2", price_fen=9900))
    for fen in (6000, 9900, 6000):
        desk.fact("order.paid", {"order_id": "o2", "paid_fen": fen})
    assert desk.room.totals.gmv_fen == 19_800


def test_an_order_that_is_carried_over_goes_on_ringing_and_the_others_do_not() -> None:
    desk = _desk()
    _sale(desk)
    desk.fact("order.placed", placed("open", "ann", price_fen=9900))
    desk.fact("order.placed", placed("paid", "bob", price_fen=9900))
    desk.fact("order.paid", {"order_id": "paid", "paid_fen": 9900})
    desk.ok("cue.stop", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "ended", "done": True})
    desk.ok("broadcast.close", {})
    desk.ok("broadcast.open", {})
    assert list(desk.room.off_orders) == ["open"]
    assert (_one(desk).order_id, _one(desk).params["count"]) == ("open", 1)
    assert encoded(desk.refold()) == encoded(desk.room)
