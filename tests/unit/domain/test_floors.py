"""The floor holds whatever changes: every command is one that asks or one that cannot lower a price; the rows
of K1 in a room of this process, and each of them without its mend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from liveconsole.domain import (
    authors,
    catalogue,
    cue,
    cue_folds,
    floors,
    order_facts,
    order_request,
    puts,
    roles,
    sales,
    stacking,
)
from liveconsole.domain.evolve import FOLDS
from liveconsole.domain.kinds import coupon as coupons
from liveconsole.domain.room import Room, Sku
from liveconsole.messages.commands import COMMANDS, INTERNAL
from liveconsole.messages.refusals import Refused
from tests.floor_rows import ROWS, broken, coupon, done, good, opened, press, run, sale, sku, under_floor
from tests.unit.domain.desk import Desk

ASKS: Final[dict[str, str]] = {
    "cue.add": "a draft is judged as if it ran",
    "cue.edit": "what stands there then, likewise",
    "cue.again": "a draft that was judged when less was on air",
    "cue.approve": "from here on it counts as what may run",
    "cue.fire": "what was approved, missed or recalled is judged anew; the host's fire approves",
    "go.next": "makes drafts of the rundown and approves what waits about its product",
    "catalogue.put": "a price, a floor, or goods that fill a basket up",
    "room.set": "coupons of the shop, and a platform where two coupons may meet",
    "order.request": "the last gate: each line by itself",
}
CANNOT: Final[dict[str, str]] = {
    "broadcast.open": "what leaves with it lowers nothing by leaving; what is owed stays and counts",
    "broadcast.close": "nothing may run or be owed",
    "stock.add": "goods without stock count as goods, so that none can come back",
    "stock.limit": "fewer units, at no other price",
    "product.shelf": "goods off the shelf count as goods, so that none can come back",
    "cart.add": "order on a screen",
    "cart.remove": "order on a screen",
    "cart.move": "order on a screen",
    "cart.renumber": "order on a screen",
    "cart.pin": "a pin has no price",
    "cart.unpin": "a pin has no price",
    "cue.move": "order in the queue",
    "cue.remove": "one fewer",
    "cue.reject": "one fewer",
    "cue.recall": "one fewer",
    "cue.stop": "it counts until the platform says that it is over, and its coupons while they are good",
    "cue.confirm": "what a person saw: what fires counts already, and an end takes away",
    "cue.measure": "what a person saw: it is not refused, it rings",
    "bag.source": "who enters a draw",
    "place.free": "who has a place, at a price that was judged",
    "clock.repair": "moves moments, all by the same; what runs keeps the time that it has left",
    "shop.keep": "what is asked about, at no price",
    "prices.settle": "a person has seen to what came already",
    "bag.no_more": "it opens nothing",
    "bag.settle": "a prize is no discount",
    "bag.winners": "a prize is no discount",
    "room.halt": "as cue.stop for each",
    "coupon.claim": "one on air counts whole, whoever has claimed it",
    "rundown.put": "a plan: what it says is judged when cues are made of it",
    "rundown.move": "a plan",
    "rundown.remove": "a plan",
    "rundown.duplicate": "a plan",
    "rundown.keep": "a plan: minutes, places and what is left out",
    "note.put": "words",
    "order.note": "words",
    "orders.import": "what was paid long ago",
    "note.clear": "words",
    "question.answer": "words",
    "pledge.put": "words",
    "pledge.clear": "words",
    "drill.start": "in a rehearsal: it gives nothing itself",
    "drill.stop": "it gives nothing",
    "effect.asked": "counts from its firing on",
    "connection.told": "who does a thing, not at what price",
    "source.gap": "when a source told nothing",
    "effect.answered": "counts from its firing on",
    "effect.over": "it ends",
    "draw.beacon": "a prize is no discount",
    "world.proved": "what was seen to work",
    "law.read": "rules that take away, and no price",
    "viewer.forget": "a name, and no coupon",
    "viewer.mute": "who is read here",
    "viewer.unmute": "who is read here",
    "member.join": "who is a member: his level's discount is a shop coupon, judged when it is set",
    "member.leave": "who is a member",
    "member.checkin": "points",
    "member.spend": "points; the coupon that they are given for asks by itself",
    "member.deposit": "money that was paid in",
    "viewer.confirm": "what a person did about somebody at the platform",
    "answer.put": "words",
    "shop.answer": "a coupon and a price of its own are judged: tests/unit/domain/test_shop_asks.py",
    "shop.confirm": "what a person did at the shop",
    "ask.sending": "what the shop is asked for",
    "ask.told": "what the shop said",
    "case.step": "how far a case is",
    "review.consent": "who may be shown",
    "review.show": "what is on the picture",
    "review.hide": "what is on the picture",
    "story.collect": "which comments are kept to be shown",
    "answer.remove": "words",
    "review.note": "who has read what",
    "review.machine": "what the lists found",
    "right.put": "a list",
    "parts.put": "who gets what afterwards",
    "sharer.put": "tried in tests/unit/domain/test_sharers.py, both ways round",
    "prepare.plan": "a plan",
    "prepare.drop": "a plan",
    "prepare.tick": "a list",
    "rivals.put": "what others sell",
    "board.type": "a figure for the boards",
    "switchback.plan": "a test of the boards",
    "switchback.drop": "a test of the boards",
    "right.remove": "a list",
    "violation.note": "what the platform said",
    "violation.step": "what was done about it",
}


class Answered:
    def __init__(self, code: str, params: dict[str, Any], result: dict[str, Any]) -> None:
        self.code, self.params, self.result = code, params, result


class InProcess:
    """A room without a door; ``refused``: the commands that were told of a floor."""

    def __init__(self) -> None:
        self.desk = Desk(open_=False)
        self.desk.room, self.desk.log = Room("room"), []
        self.refused: set[str] = set()

    def ask(self, type_: str, role: str = "host", /, **data: Any) -> Answered:
        if type_ in ("order.request", "coupon.claim"):
            role = "producer"
        said = self.desk.ask(type_, data, role)
        if isinstance(said, Refused):
            if said.code == "below_price_floor":
                self.refused.add(type_)
            return Answered(said.code, said.params, {})
        armed = said.result.get("not_armed", ())
        if any(one["code"] == "below_price_floor" for one in armed):
            self.refused.add(type_)
        return Answered("", {}, said.result)

    def tell(self, type_: str, /, **data: Any) -> None:
        self.desk.fact(type_, data)

    def state(self) -> dict[str, Any]:
        return self.desk.state()

    def wait(self, seconds: float) -> None:
        self.desk.wait(seconds)


@pytest.mark.parametrize("row", ROWS)
def test_the_floor_holds(row: str) -> None:
    ROWS[row](InProcess())


def test_every_command_asks_or_cannot_lower_a_price() -> None:
    """A new command stands in one of the two tables before it is let in."""
    assert set(ASKS) | set(CANNOT) == set(COMMANDS) | set(INTERNAL)
    assert not set(ASKS) & set(CANNOT)


def test_every_command_that_asks_was_refused_somewhere_for_a_floor() -> None:
    refused: set[str] = set()
    for row in ROWS.values():
        room = InProcess()
        row(room)
        refused |= room.refused
    assert refused == set(ASKS)


# The twins ------------------------------------------------------------------------------------------


def _only_what_was_touched(room: Any, then: Any, own: Any, strict: Any, before: Any) -> Refused | None:
    for sku_id, floor in floors._under(room, then, own):
        return Refused("below_price_floor", floors.told(sku_id, floor, then.lowest(sku_id)))
    return None


def _claimed_here_only(one: Any) -> int:
    found: int = one.claimed - one.used
    return found


def _the_last_who_pressed(before: Any, role: str) -> list[str]:
    return [role]


def _nothing(*args: Any, **more: Any) -> Any:
    return None


def _none(*args: Any, **more: Any) -> list[Any]:
    return []


@pytest.mark.parametrize(
    ("row", "place", "name", "without"),
    [
        ("1 other goods", floors, "_first", _only_what_was_touched),
        ("1 drafts", floors, "_first", _only_what_was_touched),
        ("2 new goods", floors, "_first", _only_what_was_touched),
        ("2 new goods, manual", floors, "_first", _only_what_was_touched),
        ("2 new goods", floors, "between", _nothing),
        ("2 shop coupons", floors, "between", _nothing),
        ("3 alarm", floors, "standing", _none),
        ("3 alarm", order_request, "_under_floor", _nothing),
        ("4 in hands", coupons, "in_hands", _claimed_here_only),
        ("4 in hands", stacking, "_is_left", _nothing),
        ("4 in hands", cue_folds, "tells_claims", lambda room, cue: True),
        ("5 dearer", catalogue, "_under_a_sale", _nothing),
        ("6 one coupon", order_facts, "_retaken_coupon", _none),
        ("8 floors", puts, "highest_floor", _nothing),
        ("8 floors", roles, "lowered_floor", _nothing),
        ("bundles", stacking, "parts_of", _none),
        ("bundles", stacking, "in_scope", lambda parts, scope: 10**6),
        ("gifts", stacking.OffersThatMeet, "_gift", _nothing),
        ("9 four eyes", authors, "edited", _the_last_who_pressed),
        ("9 four eyes", authors, "of_segment", lambda segment: [segment.by]),
    ],
)
def test_twin_without_its_mend_the_row_fails(
    row: str, place: Any, name: str, without: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, without)
    with pytest.raises((AssertionError, ValueError)):
        ROWS[row](InProcess())


# More of the kind -----------------------------------------------------------------------------------


def test_a_floor_that_is_raised_in_the_recall_window_lets_nothing_begin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fire(room: InProcess) -> str:
        opened(room, good("y", 9_900, 3_500))
        done(room, "room.set", recall_seconds=3)
        run(room, "sale", "flash_sale", sale("y", 4_000))
        done(room, "catalogue.put", products=[good("y", 9_900, 5_000)])
        room.wait(4)
        fired = room.desk.cue()
        return f"{fired.status} {fired.reason}"

    assert fire(InProcess()) == "missed below_price_floor"
    monkeypatch.setattr(floors, "of_spec", _nothing)
    assert fire(InProcess()).startswith("on_air"), "the twin"


def test_a_planned_sale_is_judged_by_what_is_on_air_at_its_time() -> None:
    room = InProcess()
    opened(room, good("a", 19_900, 14_000), good("b", 29_900))
    at = (room.desk.now + timedelta(seconds=60)).isoformat()
    done(room, "cue.add", cue_id="b", kind="flash_sale", spec=sale("b", 100), at=at)
    done(room, "cue.approve", cue_id="b")
    said = room.ask("cue.add", kind="coupon", spec=coupon(20_000, 10_000))
    under_floor(said, "a", 9_950)


@pytest.mark.parametrize("planned", [True, False])
def test_what_is_armed_together_is_judged_together(planned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """下一品 approves each beside those before it, or they would refuse one another at the key."""

    def armed(room: InProcess) -> list[str]:
        opened(room, good("y", 9_900, 3_500))
        drafts = [
            {"kind": "flash_sale", "spec": sale("y", 4_000)},
            {"kind": "coupon", "spec": coupon(0, 1_000, scope={"product_ids": ["y"]})},
        ]
        segment = {"segment_id": "s", "product_id": "y", "cues": drafts if planned else []}
        if not planned:
            for draft in drafts:
                done(room, "cue.add", **draft)
        done(room, "rundown.put", segments=[segment])
        return [one["code"] for one in done(room, "go.next")["not_armed"]]

    assert armed(InProcess()) == ["below_price_floor"]
    monkeypatch.setattr(cue, "with_approved", lambda room, one: room)
    assert armed(InProcess()) == [], "the twin"


def test_a_sale_over_here_and_still_on_at_the_platform_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """改价 by a person: until he has restored it, buyers have it."""

    def then(room: InProcess) -> str:
        opened(room, good("y", 9_900, 3_500), platform="manual")
        run(room, "sale", "flash_sale", sale("y", 4_000, via="price"))
        done(room, "cue.stop", cue_id="sale")
        return room.ask("cue.add", cue_id="c", kind="coupon", spec=coupon(0, 1_000)).code

    room = InProcess()
    assert then(room) == "below_price_floor"
    done(room, "cue.confirm", cue_id="sale", step="ended", done=True)
    done(room, "cue.add", cue_id="c", kind="coupon", spec=coupon(0, 1_000))
    monkeypatch.setattr(stacking, "_is_left", _nothing)
    assert then(InProcess()) == "", "the twin"


def test_a_coupon_in_an_order_that_nobody_has_paid_comes_back() -> None:
    room = InProcess()
    opened(room, good("y", 9_900, 3_500), good("z", 9_900))
    run(room, "coupon", "coupon", coupon(0, 1_000, valid_seconds=9_000))
    owned = done(room, "coupon.claim", cue_id="coupon", viewer={"id": "v"})
    lines = [{"sku_id": "z", "quantity": 1}]
    done(room, "order.request", order_id="o", buyer={"id": "v"}, lines=lines, **owned)
    done(room, "cue.stop", cue_id="coupon")
    asked = {"kind": "flash_sale", "spec": sale("y", 4_000)}
    under_floor(room.ask("cue.add", **asked), "y", 3_000)
    room.tell("order.paid", order_id="o", paid_fen=8_900)
    done(room, "cue.add", **asked)


def test_a_coupon_that_comes_back_goes_to_the_order_that_was_paid_with_it() -> None:
    room = InProcess()
    opened(room, good("y", 9_900), hold_seconds=10)
    run(room, "coupon", "coupon", coupon(0, 400, quantity=1, per_buyer=1))
    owned = done(room, "coupon.claim", cue_id="coupon", viewer={"id": "v"})
    order_ = {"buyer": {"id": "v"}, "lines": [{"sku_id": "y", "quantity": 1}], **owned}
    done(room, "order.request", order_id="o1", **order_)
    room.wait(11)
    done(room, "order.request", order_id="o2", **order_)
    room.tell("order.paid", order_id="o1", paid_fen=9_500)
    assert "coupon_overused" in {alarm["code"] for alarm in room.state()["alarms"]}
    room.wait(11)
    assert "coupon_overused" not in {alarm["code"] for alarm in room.state()["alarms"]}
    (held,) = room.desk.room.coupons.values()
    assert (held.order_id, room.desk.cue("coupon").used) == ("o1", 1)
    assert room.ask("order.request", order_id="o3", **order_).code == "coupon_used"
    assert room.desk.refold() == room.desk.room


def test_goods_that_nobody_can_have_now_still_fill_a_basket_up() -> None:
    """Without stock or off the shelf: so neither 加单 nor the shelf can bring a price down."""
    room = InProcess()
    opened(room, good("y", 6_000, 3_500), good("b", 4_000, stock=0))
    done(room, "product.shelf", product_id="b", on=False)
    under_floor(room.ask("cue.add", kind="coupon", spec=coupon(10_000, 5_000)), "y", 3_000)


def test_what_stands_already_blocks_nothing_else_but_may_not_sink() -> None:
    room = InProcess()
    opened(room, good("y", 9_900, 3_500), good("z", 9_900))
    run(room, "sale", "flash_sale", sale("y", 4_000))
    done(room, "catalogue.put", products=[good("y", 9_900, 5_000)])
    done(room, "cue.add", kind="flash_sale", spec=sale("z", 2_000))
    done(room, "room.set", shop_coupons=[{"rule": {"off_fen": 100}, "scope": {"product_ids": ["z"]}}])
    under_floor(room.ask("room.set", shop_coupons=[{"off_fen": 100}]), "y", 3_900)


def test_a_coupon_of_the_shop_that_breaks_a_floor_has_its_key() -> None:
    room = InProcess()
    opened(room, good("y", 9_900, 3_500), shop_coupons=[{"off_fen": 100}, {"off_fen": 5_000}])
    done(room, "catalogue.put", products=[good("y", 9_900, 6_000)])
    (alarm,) = broken(room)
    assert [act["type"] for act in alarm["acts"]] == ["room.set", "room.set"]
    room.ask("room.set", **alarm["acts"][1]["data"])
    assert [c.rule.off_fen for c in room.desk.room.settings.shop_coupons] == [100]
    assert broken(room) == []


def test_what_only_people_hold_is_ended_by_taking_the_goods_off_the_shelf() -> None:
    room = InProcess()
    opened(room, good("y", 9_900, 3_500))
    run(room, "coupon", "coupon", coupon(0, 1_000))
    done(room, "coupon.claim", cue_id="coupon", viewer={"id": "v"})
    done(room, "cue.stop", cue_id="coupon")
    done(room, "catalogue.put", products=[good("y", 9_900, 9_500)])
    (alarm,) = broken(room)
    assert [act["type"] for act in alarm["acts"]] == ["product.shelf"]
    press(room, alarm)
    assert broken(room) == []


def test_a_gate_left_open_is_shut_at_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever let it come so far: with every other guard asleep the order is refused, line by line."""
    monkeypatch.setattr(floors, "of_spec", _nothing)
    room = InProcess()
    opened(room, good("y", 6_000, 3_500), good("b", 29_900))
    run(room, "coupon", "coupon", coupon(10_000, 5_000))
    run(room, "sale", "flash_sale", sale("b", 4_000))
    owned = done(room, "coupon.claim", cue_id="coupon", viewer={"id": "v"})
    lines = [{"sku_id": "b", "quantity": 1}, {"sku_id": "y", "quantity": 1}]
    said = room.ask("order.request", order_id="o", buyer={"id": "v"}, lines=lines, **owned)
    under_floor(said, "y", 3_000)
    assert said.params["combination"] == "原价 60.00 + 满减 50.00（凑到 100.00，每件摊 30.00）"
    assert [s.held for s in room.desk.room.skus.values()] == [0, 0]
    alone = [{"sku_id": "y", "quantity": 2}]
    done(room, "order.request", order_id="o", buyer={"id": "v"}, lines=alone, **owned)


def test_the_price_that_is_charged_is_never_above_the_shops() -> None:
    room = InProcess()
    opened(room, good("y", 9_900))
    run(room, "sale", "flash_sale", sale("y", 5_000))
    room.desk.room.skus["y"].price_fen = 4_000  # as a log of an older program may have it
    bought = done(
        room, "order.request", order_id="o", buyer={"id": "v"}, lines=[{"sku_id": "y", "quantity": 1}]
    )
    assert bought["total_fen"] == 4_000
    assert sales.running(room.desk.room, "y", room.desk.now) is not None


@pytest.mark.parametrize("count", [1, 7, 40])
def test_the_product_that_makes_the_breach_is_named_wherever_it_stands(count: int) -> None:
    for guilty in {0, count // 2, count - 1}:
        room = InProcess()
        opened(room, good("y", 6_000, 3_500))
        run(room, "coupon", "coupon", coupon(10_000, 5_000))
        puts_ = [good(f"p{n}", 4_000 if n == guilty else 9_000 + n) for n in range(count)]
        said = room.ask("catalogue.put", products=puts_)
        assert (said.code, said.params["index"]) == ("below_price_floor", guilty)


def test_a_floor_that_was_dropped_is_remembered_for_the_host_too_until_he_says_another() -> None:
    room = InProcess()
    opened(room, good("q", 19_900, skus=[sku("A", 19_900, floor_fen=14_000), sku("B", 9_900)]))
    done(room, "catalogue.put", products=[good("q", 19_900, skus=[sku("B", 9_900)])])
    done(room, "catalogue.put", products=[good("q", 19_900, skus=[sku("B", 9_900), sku("A", 19_900)])])
    a: Sku = room.desk.room.skus["A"]
    assert (a.floor_fen, room.desk.room.skus["B"].floor_fen) == (14_000, None)
    assert room.ask("catalogue.put", products=[good("q", 19_900, skus=[sku("C", 100)])]).code == (
        "below_price_floor"
    )
    cheap = [sku("C", 100, floor_fen=50)]
    done(room, "catalogue.put", products=[good("q", 19_900, skus=cheap)])
    assert room.desk.refold() == room.desk.room


def test_both_who_wrote_it_are_its_authors_until_somebody_answers_for_the_whole() -> None:
    room = InProcess()
    opened(room, good("y", 9_900), four_eyes=True)
    done(room, "cue.add", "assistant", cue_id="c", kind="flash_sale", spec=sale("y", 5_000))
    for role in ("host", "operator"):
        done(room, "cue.edit", role, cue_id="c", spec=sale("y", 5_000))
        assert room.desk.cue("c").authors == ["assistant"]
    done(room, "cue.edit", "operator", cue_id="c", spec=sale("y", 4_900))
    assert room.ask("cue.approve", "operator", cue_id="c").code == "four_eyes"
    done(room, "cue.edit", "assistant", cue_id="c", spec=sale("y", 4_800))
    assert room.desk.cue("c").authors == ["operator", "assistant"]
    assert room.ask("cue.approve", "operator", cue_id="c").code == "four_eyes"
    done(room, "cue.approve", cue_id="c")


def test_the_event_of_a_coupon_used_twice_folds() -> None:
    assert "coupon.overused" in FOLDS
