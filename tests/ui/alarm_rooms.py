"""A room for every alarm that the engine can say, made by the rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import msgspec

from liveconsole.advice import law_files
from liveconsole.messages.backups import BackupFailed, BackupState
from liveconsole.messages.care import ClockStepped
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.envelope import Event
from liveconsole.messages.state import CaseBellState, OpenQuestionState
from tests.ui.committed import NOW
from tests.ui.evening import Evening
from tests.unit.domain.desk import placed


def _in_trouble(name: str) -> Callable[[], Evening]:
    def room() -> Evening:
        at = Evening()
        at.health = {"trouble": name}
        return at

    return room


def below_floor() -> Evening:
    at = Evening()
    at.fire(at.coupon(scope={"product_ids": ["scarf"]}))
    at.room.products["scarf"].floor_fen = at.room.skus["scarf"].floor_fen = (
        19_000  # as a door left open would
    )
    return at


def off_price(each: int) -> Callable[[], Evening]:
    def room() -> Evening:
        at = Evening("manual", ago=100)
        at.fire(at.sale())
        at.confirm("c-sale")
        at.until(50)
        at.fact("order.placed", placed("7302", "c", 1, each, sku_id="scarf", cue_id="c-sale"))
        at.until(0)
        return at

    return room


def oversold() -> Evening:
    at = Evening(ago=10, stock={"gloves": 2})
    at.buys("o1", "gloves", 9900, 5)
    at.until(0)
    return at


def given_away(budget_fen: int) -> Callable[[], Evening]:
    """A sale has given 1,000 元 away."""

    def room() -> Evening:
        at = Evening(ago=60)
        at.ok("room.set", {"budget": {"fen": budget_fen}})
        at.fire(at.sale())
        for n in range(10):
            at.buys(f"b{n}", "scarf", 9900)
        at.until(0)
        return at

    return room


def used_twice() -> Evening:
    """Two orders were paid with one coupon."""
    at = Evening(ago=300, hold_seconds=1)
    at.fire(at.coupon())
    owned = at.ok("coupon.claim", {"cue_id": "c-coupon", "viewer": {"id": "v"}}, "producer")
    line = {"sku_id": "scarf", "quantity": 1}
    order = {"buyer": {"id": "v"}, "lines": [line], **owned}
    for order_id in ("7301", "7302"):
        at.ok("order.request", {"order_id": order_id, **order}, "producer")
        at.wait(2)
    for order_id in ("7301", "7302"):
        at.pays(order_id, 17_900)
    at.until(0)
    return at


def more_than_set() -> Evening:
    at = Evening("manual", ago=100)
    at.fire(at.sale(quantity=2))
    at.confirm("c-sale")
    at.fact("order.placed", placed("o1", "b", 3, 9900, sku_id="scarf", cue_id="c-sale"))
    at.until(0)
    return at


def to_be_started(ago: float) -> Callable[[], Evening]:
    def room() -> Evening:
        at = Evening("manual", ago=ago)
        at.fire(at.sale())
        at.until(0)
        return at

    return room


def to_be_ended() -> Evening:
    at = Evening("manual", ago=60)
    at.fire(at.sale())
    at.confirm("c-sale")
    at.stop("c-sale")
    at.until(0)
    return at


def clock_set() -> Evening:
    at = Evening()
    at.fold([Event("clock.stepped", at.now, "clock", ClockStepped(-3600.4))])
    return at


def strange() -> Evening:
    at = Evening()
    at.fact("promotion.measured", {"cue_id": "x9", "sold": 1})
    return at


def silent() -> Evening:
    at = Evening()
    at.health = {"sources": {"/oba/comments": {"last_at": NOW - timedelta(minutes=9), "events": 9}}}
    return at


def disconnected() -> Evening:
    at = Evening()
    since = NOW - timedelta(minutes=1)
    at.health = {"connections": {"obs": ConnectionState("away", since, "no_secret")}}
    return at


def unqualified() -> Evening:
    """Its licence was taken away while it was explained."""
    at = Evening()
    at.ok("law.read", {"rules": msgspec.to_builtins(law_files.load().rules)}, "platform")
    at.ok("cart.pin", {"product_id": "scarf"})
    at.ok("catalogue.put", {"products": [{"product_id": "scarf", "category": "food"}]})
    return at


def unfilled() -> Evening:
    """Somebody paid for a group that nobody else joined."""
    at = Evening(ago=200)
    spec = {"sku_id": "scarf", "price_fen": 15_000, "size": 2, "groups": 2, "per_buyer": 1, "seconds": 60}
    at.ok("cue.add", {"cue_id": "c-group", "kind": "group_buy", "spec": spec})
    at.fire("c-group")
    order = {"order_id": "7301", "buyer": {"id": "v"}, "lines": [{"sku_id": "scarf", "quantity": 1}]}
    at.ok("order.request", {**order, "cue_id": "c-group", "group_id": "one"}, "producer")
    at.pays("7301", 15_000)
    at.until(0)
    return at


def muted() -> Evening:
    at = Evening("manual", ago=60)
    at.says("加微信", "观众1")
    at.ok("viewer.mute", {"viewer_id": "观众1"})
    at.until(0)
    return at


def beyond_the_limit() -> Evening:
    at = Evening("manual", ago=10)
    at.ok("stock.limit", {"sku_id": "gloves", "units": 2})
    at.buys("o1", "gloves", 9900, 3)
    at.until(0)
    return at


def not_backed_up() -> Evening:
    at = Evening()
    failed = BackupFailed("folder_gone", "移动硬盘", NOW - timedelta(hours=9), NOW - timedelta(minutes=1), 3)
    at.health = {"backup": BackupState("folder", None, failed)}
    return at


def unanswered() -> Evening:
    at = Evening()
    since = NOW - timedelta(minutes=9)
    at.health = {"open_question": OpenQuestionState(7, "起球吗", 12, since, NOW - timedelta(minutes=1))}
    return at


def lost_ask() -> Evening:
    """The shop did not say what became of a note."""
    at = Evening("wechat_shop", shop={"kind": "wechat_shop", "appid": "wx0000000000000001"})
    at.fact("order.placed", placed("7301", price_fen=19_900))
    asked = at.ok("shop.answer", {"act": "remark", "order_id": "7301", "text": "易碎"})
    at.ok("ask.told", {"ask_id": asked["ask_id"], "outcome": "unknown"}, "platform")
    return at


def owed_ask() -> Evening:
    """A refund that a person has to give at the shop."""
    at = Evening("manual", ago=700)
    at.fact("order.placed", placed("7301", price_fen=19_900))
    at.ok("shop.answer", {"act": "remark", "order_id": "7301", "text": "易碎"})
    at.until(0)
    return at


def waiting(name: str, minutes: int) -> Callable[[], Evening]:
    """Buyers whose first answer is due so many minutes from now."""

    def make() -> Evening:
        at = Evening()
        due = NOW + timedelta(minutes=minutes)
        at.health = {name: CaseBellState(3, "first_answer", due - timedelta(minutes=5), due)}
        return at

    return make


ALARM_ROOMS: Final[dict[str, Callable[[], Evening]]] = {
    "cannot_write": _in_trouble("cannot_write"),
    "trouble": _in_trouble("of_a_newer_engine"),
    "floor_broken": below_floor,
    "below_promise": off_price(9000),
    "above_promise": off_price(19_900),
    "oversold": oversold,
    "limit_passed": beyond_the_limit,
    "unqualified": unqualified,
    "coupon_overused": used_twice,
    "group_refunds": unfilled,
    "asks_more": more_than_set,
    "budget_over": given_away(100_000),
    "unknown": to_be_started(200),
    "log_damaged": _in_trouble("log_damaged"),
    "clock": clock_set,
    "unknown_cue": strange,
    "owed_end": to_be_ended,
    "owed_start": to_be_started(20),
    "ask_unknown": lost_ask,
    "cases_overdue": waiting("cases_overdue", -2),
    "budget_near": given_away(110_000),
    "backup": not_backed_up,
    "connection": disconnected,
    "stale_source": silent,
    "mute_owed": muted,
    "asks_owed": owed_ask,
    "question_waits": unanswered,
    "cases_soon": waiting("cases_soon", 3),
}
"""code → a room in which it stands."""
