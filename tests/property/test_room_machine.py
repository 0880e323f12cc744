"""A room under anything that seats, shops, platforms and time can do to it.

After every step: I2 stock, I3 no oversell, I4 buyer limit, I5 coupons, I6 single fire, I8 listed transitions,
I14 money, I15 replay. The twins show that the machine finds what it is for.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from liveconsole.domain import decide, effects, evolve, order_request, sales
from liveconsole.domain.context import Decision
from liveconsole.domain.room import Coupon, Room
from liveconsole.domain.room_orders import Order, OrderTotals
from liveconsole.messages.commands import COMMANDS, INTERNAL
from liveconsole.messages.events import EVENTS
from liveconsole.messages.specs import CouponSpec, FlashSaleSpec
from tests.unit.domain.desk import Desk, encoded, placed, request

SETTINGS = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
FINDING = settings(
    SETTINGS, max_examples=300, database=None, phases=[Phase.generate], report_multiple_bugs=False
)
"""For the twins: it is enough that something is found."""

SKUS = st.sampled_from(["scarf", "hat"])
BUYERS = st.sampled_from(["ann", "bob", "cat"])
ORDERS = st.sampled_from([f"o{n}" for n in range(12)])
RECENT = st.integers(0, 4)
"""Which cue: the newest is 0."""
ROLES = st.sampled_from(["host"] * 5 + ["operator", "assistant", "producer", "viewer"])
KINDS = st.sampled_from(["flash_sale", "flash_sale", "coupon", "pin"])
UNITS = st.integers(1, 3)
STEPS = st.sampled_from(["approve", "fire", "fire", "recall", "stop", "reject", "remove"])
OUTCOMES = st.sampled_from(["done", "refused", "unknown", "lost"])

QUEUE = {"queued", "approved", "standby", "rejected", "refused", "missed", "recalled"}
TRANSITIONS: dict[str, set[str]] = {
    **{status: {"queued", "approved", "standby", "rejected", "removed"} for status in QUEUE},
    "recallable": {"recalled", "missed", "firing", "on_air"},
    "firing": {"unknown", "on_air", "refused", "ended"},
    "unknown": {"on_air", "refused", "ended"},
    "on_air": {"ended"},
    "ended": set(),
    "removed": set(),
}
for _status in ("approved", "standby", "missed", "recalled", "refused", "queued"):
    TRANSITIONS[_status] |= {"recallable", "firing", "on_air"}
TRANSITIONS["standby"] |= {"missed"}
"""What may follow what; one commit may take several steps (a firing that is its own yes)."""


class AnyRoom(RuleBasedStateMachine):
    """Everything at once: bad roles, orders from nowhere, a platform that is slow or says no, and crashes."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.supply = {sku_id: sku.on_hand for sku_id, sku in self.desk.room.skus.items()}
        self.drafts = 0
        self.sent: Counter[str] = Counter()
        self.statuses: dict[str, str] = {}
        self.gone: Counter[str] = Counter()
        """SKU → units of paid orders that have left the room."""
        self.gone_coupons: Counter[str] = Counter()
        """Cue → coupons that have."""
        self.gone_used: Counter[str] = Counter()

    @initialize(platform=st.sampled_from(["own", "manual", "rehearsal"]), window=st.sampled_from([0, 3]))
    def start(self, platform: str, window: int) -> None:
        self.desk.room.simulated = platform == "rehearsal"
        self.desk.ok("room.set", {"platform": platform, "recall_seconds": window, "hold_seconds": 20})

    def give(self, type_: str, data: Any, role: str = "host") -> bool:
        """A command; True when it was accepted."""
        room = self.desk.room
        orders, coupons = dict(room.orders), dict(room.coupons)
        done = isinstance(self.desk.ask(type_, data, role), Decision)
        if done and type_ == "broadcast.open":
            self.leaves(orders, coupons)
        return done

    def leaves(self, orders: dict[str, Order], coupons: dict[str, Coupon]) -> None:
        """What is settled leaves with the opening; what is held, owed or in somebody's hands does not."""
        room = self.desk.room
        for order_id, gone in orders.items():
            if order_id not in room.orders:
                assert _takes(gone) != "held"
                assert not (gone.closed and gone.paid and gone.paid_fen > gone.refund_fen)
                for line in gone.lines if _takes(gone) == "sold" else ():
                    self.gone[line.sku_id] += line.quantity
        for coupon_id, coupon in coupons.items():
            if coupon_id not in room.coupons:
                assert coupon.order_id is not None or coupon.valid_until is not None
                self.gone_coupons[coupon.cue_id] += 1
                self.gone_used[coupon.cue_id] += coupon.order_id is not None
        assert room.totals == OrderTotals() or room.broadcast.number == 1

    def recent(self, place: int) -> str:
        ids = list(self.desk.room.cues)
        return ids[-1 - place] if place < len(ids) else "nobody"

    def draft(self, kind: str, sku: str, units: int) -> dict[str, Any]:
        if kind == "pin":
            return {"product_id": sku}
        if kind == "coupon":
            return {
                "name": "减",
                "rule": {"off_fen": 300},
                "quantity": units,
                "per_buyer": 1,
                "seconds": 60,
            }
        return {"sku_id": sku, "price_fen": 3900, "quantity": units + 1, "per_buyer": 2, "seconds": 60}

    @rule(kind=KINDS, units=UNITS, sku=SKUS, role=ROLES, planned=st.sampled_from([None, None, 5, 40]))
    def queue(self, kind: str, units: int, sku: str, role: str, planned: int | None) -> None:
        self.drafts += 1
        at = None if planned is None else msgspec.to_builtins(_later(self.desk, planned))
        cue_id = f"c{self.drafts}"
        self.give(
            "cue.add", {"cue_id": cue_id, "kind": kind, "spec": self.draft(kind, sku, units), "at": at}, role
        )

    @rule(kind=KINDS, units=UNITS, sku=SKUS)
    def go(self, kind: str, units: int, sku: str) -> None:
        """What a hurried host does: adds, fires, and with luck the platform says yes."""
        self.queue(kind, units, sku, "host", None)
        self.give("cue.fire", {"cue_id": self.recent(0)})
        self.time(3, False)
        self.confirm(0, "on_air", True)
        self.dispatch("done")

    @rule(kind=KINDS, units=UNITS, sku=SKUS, seconds=st.sampled_from([2, 5, 40]))
    def plan(self, kind: str, units: int, sku: str, seconds: int) -> None:
        self.queue(kind, units, sku, "assistant", seconds)
        self.give("cue.approve", {"cue_id": self.recent(0)})

    @rule(place=RECENT, units=UNITS, sku=SKUS, role=ROLES)
    def edit(self, place: int, units: int, sku: str, role: str) -> None:
        cue = self.desk.room.cues.get(self.recent(place))
        spec = self.draft(cue.kind if cue is not None else "pin", sku, units)
        self.give("cue.edit", {"cue_id": self.recent(place), "spec": spec}, role)

    @rule(place=RECENT, role=ROLES, what=STEPS)
    def steer(self, place: int, role: str, what: str) -> None:
        self.give(f"cue.{what}", {"cue_id": self.recent(place)}, role)

    @rule(place=RECENT, step=st.sampled_from(["on_air", "ended"]), done=st.booleans())
    def confirm(self, place: int, step: str, done: bool) -> None:
        self.give("cue.confirm", {"cue_id": self.recent(place), "step": step, "done": done})

    @rule(
        what=st.sampled_from(
            ["room.halt", "broadcast.close", "broadcast.open", "broadcast.open", "go.next", "cart.unpin"]
        )
    )
    def whole_room(self, what: str) -> None:
        self.give(what, {})

    @rule(sku=SKUS, by=st.integers(-4, 4))
    def restock(self, sku: str, by: int) -> None:
        if self.give("stock.add", {"sku_id": sku, "by": by}):
            self.supply[sku] += by

    @rule(sku=SKUS, stock=st.integers(0, 12))
    def recount(self, sku: str, stock: int) -> None:
        put = {"product_id": sku, "title": sku, "price_fen": 9900, "stock": stock}
        if self.give("catalogue.put", {"products": [put]}):
            self.supply[sku] = stock + self.desk.room.skus[sku].sold

    @rule(sku=SKUS, on=st.sampled_from([True, True, False]))
    def shelve(self, sku: str, on: bool) -> None:
        self.give("product.shelf", {"product_id": sku, "on": on})

    @rule(
        order_id=ORDERS,
        buyer=BUYERS,
        units=UNITS,
        sku=SKUS,
        place=st.sampled_from([None, None, 0, 1]),
        coupon=st.booleans(),
    )
    def ask_for(
        self, order_id: str, buyer: str, units: int, sku: str, place: int | None, coupon: bool
    ) -> None:
        data = request(order_id, buyer, units, sku_id=sku)
        mine = [c for c in self.desk.room.coupons.values() if c.viewer == buyer]
        if place is not None:
            data["cue_id"] = self.recent(place)
        if coupon and mine:
            data["coupon_id"] = mine[0].coupon_id
        if self.give("order.request", data, "producer"):
            for line in self.desk.room.orders[order_id].lines:
                if line.cue_id is not None:
                    self.within_promise(line.cue_id, line.sku_id, buyer)

    def within_promise(self, cue_id: str, sku_id: str, buyer: str) -> None:
        """I3, I4 where the console says yes; a platform's own orders may have been counted before."""
        cue = self.desk.room.cues[cue_id]
        assert isinstance(cue.spec, FlashSaleSpec)
        count = cue.sale[sku_id]
        assert count.held + count.sold <= count.quantity
        assert cue.buyers[buyer] <= cue.spec.per_buyer
        assert self.desk.room.skus[sku_id].oversold == 0

    @rule(buyer=BUYERS)
    def claim(self, buyer: str) -> None:
        for cue in self.desk.room.cues.values():
            if cue.kind == "coupon":
                self.give("coupon.claim", {"cue_id": cue.cue_id, "viewer": {"id": buyer}}, "producer")

    @rule(order_id=ORDERS, buyer=BUYERS, units=UNITS, sku=SKUS, place=st.sampled_from([None, 0, 1, 9]))
    def platform_order(self, order_id: str, buyer: str, units: int, sku: str, place: int | None) -> None:
        data = placed(order_id, buyer, units, 3900, sku_id=sku)
        self.desk.fact("order.placed", data | ({"cue_id": self.recent(place)} if place is not None else {}))

    @rule(
        order_id=ORDERS,
        fen=st.integers(0, 20000),
        what=st.sampled_from(["paid", "paid", "closed", "refunded"]),
    )
    def order_fact(self, order_id: str, fen: int, what: str) -> None:
        more: dict[str, dict[str, Any]] = {
            "paid": {"paid_fen": fen}, "closed": {"reason": "x"}, "refunded": {"refund_fen": fen},
        }  # fmt: skip
        self.desk.fact(f"order.{what}", {"order_id": order_id, **more[what]})

    @rule(seconds=st.sampled_from([1, 3, 20, 29, 31, 200]), asleep=st.booleans())
    def time(self, seconds: int, asleep: bool) -> None:
        if asleep:
            self.desk.sleep(seconds)
        else:
            self.desk.wait(seconds)

    @rule(outcome=OUTCOMES)
    def dispatch(self, outcome: str) -> None:
        _dispatch(self.desk, outcome, self.sent)

    @rule()
    def crash(self) -> None:
        """A restart from the snapshot, and one from the log alone, give the same room to the byte."""
        blob = encoded(self.desk.room)
        folded = self.desk.refold()
        folded.simulated = self.desk.room.simulated
        assert encoded(folded) == blob
        self.desk.room = msgspec.msgpack.decode(blob, type=Room)

    @invariant()
    def stock_is_conserved(self) -> None:
        held, sold = _taken(self.desk.room)
        for sku_id, sku in self.desk.room.skus.items():
            assert sku.on_hand + sku.sold == self.supply[sku_id]
            assert (sku.held, sku.sold - self.gone[sku_id]) == (held[sku_id, None], sold[sku_id, None])
            assert sku.free - sku.oversold + sku.held + sku.sold == self.supply[sku_id]

    @invariant()
    def sales_add_up_and_say_nothing_false(self) -> None:
        held, sold = _taken(self.desk.room)
        for cue in self.desk.room.cues.values():
            for sku_id, count in cue.sale.items():
                assert (count.held, count.sold) == (held[sku_id, cue.cue_id], sold[sku_id, cue.cue_id])
                assert count.shown_sold + count.shown_held + count.left == count.quantity
                assert min(count.shown_sold, count.shown_held, count.left) >= 0
            if isinstance(cue.spec, FlashSaleSpec):
                limit = cue.spec.per_buyer
                assert cue.over_limit == sum(max(0, units - limit) for units in cue.buyers.values())
                assert sales.oversold(cue) >= cue.over_limit

    @invariant()
    def coupons_are_claimed_and_used_within_their_bounds(self) -> None:
        room = self.desk.room
        for cue in room.cues.values():
            if isinstance(cue.spec, CouponSpec):
                mine = [c for c in room.coupons.values() if c.cue_id == cue.cue_id]
                assert len(mine) + self.gone_coupons[cue.cue_id] == cue.claimed <= cue.spec.quantity
                assert all(n <= cue.spec.per_buyer for n in Counter(c.viewer for c in mine).values())
                in_use = sum(c.order_id is not None for c in mine)
                assert cue.used == in_use + self.gone_used[cue.cue_id]
        in_orders = [
            o.coupon_id for o in room.orders.values() if o.coupon_id and not (o.closed or o.lapsed or o.paid)
        ]
        assert len(in_orders) == len(set(in_orders))

    @invariant()
    def a_cue_moves_as_listed(self) -> None:
        for cue_id, cue in self.desk.room.cues.items():
            before = self.statuses.get(cue_id, "queued")
            assert cue.status == before or _reaches(before, cue.status), f"{before} → {cue.status}"
            self.statuses[cue_id] = cue.status

    @invariant()
    def nothing_is_fired_twice(self) -> None:
        assert all(times == 1 for times in self.sent.values())
        keys = [e.data.key for e in self.desk.log if e.type == "cue.firing"]  # type: ignore[attr-defined]
        assert len(keys) == len(set(keys))
        fired = Counter(e.data.cue_id for e in self.desk.log if e.type == "cue.firing")  # type: ignore[attr-defined]
        on_air = Counter(e.data.cue_id for e in self.desk.log if e.type == "cue.on_air")  # type: ignore[attr-defined]
        assert all(on_air[cue_id] <= fired[cue_id] for cue_id in on_air)

    @invariant()
    def money_is_whole_and_adds_up(self) -> None:
        room = self.desk.room
        totals, orders = room.totals, [o for o in room.orders.values() if o.broadcast == room.tonight]
        known = [o for o in orders if o.counted or o.placed]
        assert totals.placed == len(known) == totals.paid + totals.closed + totals.unpaid
        assert totals.gmv_fen == sum(o.paid_fen for o in orders if o.paid)
        assert totals.refund_fen == sum(o.refund_fen for o in orders)
        for event in self.desk.log:
            if event.type == "order.granted":
                lines = event.data.lines  # type: ignore[attr-defined]
                assert event.data.total_fen == sum(g.total_fen for g in lines) >= 0  # type: ignore[attr-defined]
                assert all(type(g.total_fen) is int and g.total_fen >= 0 for g in lines)

    @invariant()
    def the_state_can_be_shown(self) -> None:
        body = self.desk.state()
        for cue in body["cues"]:
            assert cue.get("left") is None or cue["left"] >= 0

    def teardown(self) -> None:
        self.crash()


class ConsoleShop(RuleBasedStateMachine):
    """Only the console gives units away: nothing may ever go beyond the promise (I3, I4 in every state)."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(hold_seconds=20)
        self.desk.run_sale(quantity=4, per_buyer=2, seconds=10_000)

    @rule(order_id=ORDERS, buyer=BUYERS, units=UNITS)
    def ask_for(self, order_id: str, buyer: str, units: int) -> None:
        self.desk.ask("order.request", request(order_id, buyer, units, cue_id="sale"), "producer")

    @rule(order_id=ORDERS, what=st.sampled_from(["paid", "closed"]))
    def told(self, order_id: str, what: str) -> None:
        known = self.desk.room.orders.get(order_id)
        if known is not None and not known.lapsed:
            more = {"paid_fen": known.total_fen} if what == "paid" else {"reason": ""}
            self.desk.fact(f"order.{what}", {"order_id": order_id, **more})

    @rule(seconds=st.sampled_from([1, 10, 25]))
    def time(self, seconds: int) -> None:
        self.desk.wait(seconds)

    @invariant()
    def the_promise_holds(self) -> None:
        count = self.desk.cue().sale["scarf"]
        assert count.held + count.sold <= 4
        assert all(units <= 2 for units in self.desk.cue().buyers.values())
        assert self.desk.room.skus["scarf"].oversold == 0


class SlowPlatform(RuleBasedStateMachine):
    """A platform that loses answers: what was sent under a key is never sent again (I6)."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk("rehearsal", recall_seconds=0)
        self.desk.queue_sale()
        self.sent: Counter[str] = Counter()

    @rule(what=st.sampled_from(["cue.fire", "cue.stop"]))
    def steer(self, what: str) -> None:
        self.desk.ask(what, {"cue_id": "sale"})

    @rule(outcome=OUTCOMES)
    def dispatch(self, outcome: str) -> None:
        _dispatch(self.desk, outcome, self.sent)

    @rule()
    def crash(self) -> None:
        self.desk.room = msgspec.msgpack.decode(encoded(self.desk.room), type=Room)

    @invariant()
    def sent_once(self) -> None:
        assert all(times == 1 for times in self.sent.values())


def _dispatch(desk: Desk, outcome: str, sent: Counter[str]) -> None:
    """The dispatcher as it is built: marks on disk, then sends; what was marked is only asked about."""
    for effect in effects.owed(desk.room):
        named = {"key": effect.key, "cue_id": effect.cue_id, "step": effect.step}
        if not effect.asked:
            desk.ok("effect.asked", named, "platform")
            sent[effect.key] += 1
        if outcome != "lost":
            desk.ok("effect.answered", named | {"outcome": outcome}, "platform")


def _later(desk: Desk, seconds: int) -> datetime:
    return desk.now + timedelta(seconds=seconds)


def _takes(known: Order) -> str:
    if not known.counted or known.closed:
        return ""
    return "sold" if known.paid else "" if known.lapsed else "held"


def _taken(room: Room) -> tuple[Counter[tuple[str, str | None]], Counter[tuple[str, str | None]]]:
    """Units held and sold by (sku, None) and (sku, sale), counted anew from the orders alone."""
    held: Counter[tuple[str, str | None]] = Counter()
    sold: Counter[tuple[str, str | None]] = Counter()
    for known in room.orders.values():
        into = {"held": held, "sold": sold}.get(_takes(known))
        for line in known.lines if into is not None else ():
            assert into is not None
            into[line.sku_id, None] += line.quantity
            if line.cue_id is not None:
                into[line.sku_id, line.cue_id] += line.quantity
    return held, sold


def _reaches(before: str, after: str) -> bool:
    """Whether a chain of listed steps leads there: time may have done several at once."""
    seen, ways = {before}, [before]
    while ways:
        for then in TRANSITIONS[ways.pop()]:
            if then == after:
                return True
            if then not in seen:
                seen.add(then)
                ways.append(then)
    return False


TestAnyRoom = AnyRoom.TestCase
TestAnyRoom.settings = settings(SETTINGS, max_examples=150)
TestConsoleShop = ConsoleShop.TestCase
TestConsoleShop.settings = SETTINGS
TestSlowPlatform = SlowPlatform.TestCase
TestSlowPlatform.settings = SETTINGS


def _fails(machine: type[RuleBasedStateMachine]) -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=FINDING)


def test_twin_without_the_hold_check_the_machine_finds_the_oversell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_request._Tally, "take", lambda self, sku_id, quantity, sale: None)
    _fails(ConsoleShop)


def test_twin_without_the_buyers_limit_the_machine_finds_the_second_pair_of_hands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sales, "bought", lambda cue, pid: 0)
    _fails(ConsoleShop)


def test_twin_without_the_mark_on_disk_the_machine_finds_the_second_fire(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(evolve.FOLDS, "effect.sent", lambda room, data, event: None)
    _fails(SlowPlatform)


def test_every_word_has_its_rule_and_its_fold() -> None:
    assert set(decide.RULES) == set(COMMANDS) | set(INTERNAL)
    assert set(evolve.FOLDS) == set(EVENTS)


def test_every_command_is_refused_or_decided_whatever_its_data() -> None:
    desk = Desk()
    desk.run_sale()
    wrong: tuple[Any, ...]
    wrong = ({}, [], "x", None, 7, {"cue_id": "sale"}, {"cue_id": None}, {"product_id": ["x"]})
    for type_ in COMMANDS:
        for data in wrong:
            desk.ask(type_, data)
