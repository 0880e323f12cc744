"""Every command and every fact, as every role is told of it: what moved comes, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from liveconsole.advice import law_files
from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.events import EVENTS
from liveconsole.messages.facts import FACTS
from liveconsole.messages.state import SECTIONS, State
from liveconsole.views.state.inputs import StateInputs
from liveconsole.views.state.marks import GROUND, KEPT, MARKS
from liveconsole.views.state.revisions import REVISIONS_KEPT
from liveconsole.views.state.sections import Sections
from tests.state_reader import NoNames, StateReader, fresh
from tests.unit.domain.desk import SALE, Desk, placed, product, request

ROLES = ("host", "operator", "assistant", "viewer")
COUPON = {"name": "减8", "rule": {"off_fen": 800}, "quantity": 5, "per_buyer": 1, "seconds": 60}
SHARED = COUPON | {"share": {"friends": 2}}
SERIES = {"count": 2, "gap_seconds": 5}
BAG = {"prize": {"name": "帽子", "value_fen": 100}, "winners": 1, "entry": {"keyword": "要"}, "seconds": 60}
GROUP = {"sku_id": "scarf", "price_fen": 8000, "size": 2, "groups": 2, "per_buyer": 1, "seconds": 60}
BARGAIN = {"sku_id": "scarf", "price_fen": 7000, "friends": 2, "per_buyer": 1, "seconds": 60}
VIEWER = {"viewer": {"id": "v", "name": "小红"}}


class Told:
    """A desk's log, as `Sections` serves it to one reader of each role."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.sections = Sections("log")
        self.readers = [StateReader(role) for role in ROLES]
        self._seen = 0

    def answer(self, role: str, have: str) -> bytes:
        log = self.desk.log
        self.sections.mark(event.type for event in log[self._seen :])
        self._seen = len(log)
        return self.sections.answer(StateInputs(self.desk.room, self.desk.now, NoNames(), {}), role, have)

    def look(self) -> set[str]:
        """All of them look; what moved for anybody."""
        moved: set[str] = set()
        for reader in self.readers:
            moved |= reader.take(self.answer(reader.role, reader.have))
            reader.must_be(fresh(self.desk.room, self.desk.now, reader.role))
        return moved


def _busy(**settings: Any) -> Desk:
    """Something of everything: on air, waiting, ended, owed."""
    desk = Desk(recall_seconds=0, **settings)
    desk.ok("rundown.put", {"segments": [{"segment_id": "a", "product_id": "scarf"}, {"segment_id": "b"}]})
    for cue_id, kind, spec in (
        ("sale", "flash_sale", SALE),
        ("coupon", "coupon", COUPON),
        ("bag", "lucky_bag", BAG),
        ("drawn", "lucky_bag", BAG | {"seconds": 10}),
        ("pk", "pk", {"opponent": "小美", "seconds": 600}),
        ("shared", "coupon", SHARED),
        ("group", "group_buy", GROUP),
        ("bargain", "bargain", BARGAIN),
    ):
        desk.ok("cue.add", {"cue_id": cue_id, "kind": kind, "spec": spec})
        desk.ok("cue.fire", {"cue_id": cue_id})
    desk.fact("comment.posted", {"viewer": {"id": "w"}, "text": "要"})
    desk.wait(10)
    desk.queue_sale("waits", sku_id="hat", price_fen=3900)
    desk.queue_sale("other", sku_id="hat", price_fen=3900)
    desk.ok("order.request", request("o1", "v", sku_id="hat"))
    desk.ok("order.request", request("o2", "w"))
    desk.fact("order.placed", placed("o3"))
    desk.ok("note.put", {"text": "好"})
    desk.ok("pledge.put", {"text": "送小样"})
    desk.ok("cart.pin", {"product_id": "hat"})
    return desk


def _recallable(desk: Desk) -> None:
    desk.ok("room.set", {"recall_seconds": 3})
    desk.ok("cue.fire", {"cue_id": "waits"})


def _slipping(desk: Desk) -> None:
    """An anchor that the segments before it push over its time."""
    before = [{"segment_id": f"before {n}", "minutes": 5} for n in range(2)]
    late = {"segment_id": "late", "minutes": 1, "anchor_at": (desk.now + timedelta(minutes=3)).isoformat()}
    desk.ok("rundown.put", {"segments": [*before, late]})


def _platform_bag(desk: Desk) -> None:
    desk.ok("cue.add", {"cue_id": "theirs", "kind": "lucky_bag", "spec": BAG | {"draw": "platform"}})
    desk.ok("cue.fire", {"cue_id": "theirs"})


def _series(desk: Desk) -> None:
    desk.ok("cue.add", {"cue_id": "rain", "kind": "lucky_bag", "spec": BAG | {"series": SERIES}})
    desk.ok("cue.fire", {"cue_id": "rain"})


def _closed(desk: Desk) -> None:
    for cue_id in ("sale", "coupon", "pk"):
        desk.ok("cue.stop", {"cue_id": cue_id})
    desk.wait(60)
    desk.ok("broadcast.close", {})


def _reopened(desk: Desk) -> None:
    _closed(desk)
    desk.ok("broadcast.open", {})


def _answered(desk: Desk) -> None:
    desk.ok("answer.put", {"answer_id": "a1", "question": "起球吗", "zh": "不起球"})


def _ruled(desk: Desk) -> None:
    rules = msgspec.to_builtins(law_files.load().rules)
    desk.ok("law.read", {"rules": rules}, "platform")


def _with_a_right(desk: Desk) -> None:
    _ruled(desk)
    desk.ok("right.put", {"title": "片头曲", "kind": "music"})


def _with_a_violation(desk: Desk) -> None:
    _ruled(desk)
    desk.ok("violation.note", {})


OF_BOOKS = {
    *("member.join", "member.leave", "member.checkin", "member.spend", "member.deposit"),
    "order.note",
    "orders.import",
    "parts.put",
    "prepare.plan",
    "prepare.drop",
    "prepare.tick",
    "rivals.put",
    "sharer.put",
    "board.type",
    "switchback.plan",
    "switchback.drop",
    "shop.answer",
    "shop.confirm",
    "case.step",
}
"""What only the books tell: tests/unit/domain/test_membership.py, tests/unit/domain/test_preparing.py,
tests/unit/engine/test_after_orders.py."""
OF_REVIEWS = {"review.consent", "review.show", "review.hide"}
ELSEWHERE = OF_REVIEWS | OF_BOOKS
ELSEWHERE |= {"viewer.forget", "viewer.confirm", "clock.repair", "question.answer", "shop.keep"}
"""Where nobody is asked a mute is confirmed for nothing (tests/unit/domain/test_viewers.py). What
a shop has otherwise stands in no section (tests/unit/domain/test_shop.py), nor does what it is asked for
after the order: the books show it (tests/contract/test_cases.py). Which review is on the picture needs
one that the books know: tests/unit/engine/test_shown_reviews.py. Others need people, the computer's
time or the log, which no room has: tests/contract/test_faults_k7.py, tests/faults/test_fault_clock_ahead.py
and tests/contract/test_asked_questions.py show what they move."""
COMMANDED: dict[str, Any] = {
    "room.set": {"four_eyes": True},
    "room.halt": {},
    "broadcast.open": (_closed, {}),
    "broadcast.close": (_reopened, {}),
    "catalogue.put": {"products": [product("glove", 3900, 9, unknown="kept")]},
    "stock.add": {"sku_id": "hat", "by": 5},
    "stock.limit": {"sku_id": "hat", "units": 9},
    "product.shelf": {"product_id": "hat", "on": False},
    "viewer.mute": {"viewer_id": "w", "reason": "刷屏"},
    "viewer.unmute": (lambda desk: desk.ok("viewer.mute", {"viewer_id": "w"}), {"viewer_id": "w"}),
    "answer.put": {"question": "起球吗", "zh": "不起球"},
    "review.note": (
        _ruled,
        {"subject": "product:hat", "step": "person", "verdict": "passed"},
    ),
    "right.put": (_ruled, {"title": "片头曲", "kind": "music"}),
    "right.remove": (
        _with_a_right,
        lambda desk: {"right_id": next(iter(desk.room.law.rights))},
    ),
    "violation.note": (_ruled, {"text": "说了最"}),
    "violation.step": (
        _with_a_violation,
        lambda desk: {"violation_id": next(iter(desk.room.law.violations)), "step": "kept"},
    ),
    "answer.remove": (lambda desk: _answered(desk), {"answer_id": "a1"}),
    "cart.add": (lambda desk: desk.ok("cart.remove", {"product_id": "hat"}), {"product_ids": ["hat"]}),
    "cart.remove": {"product_id": "hat"},
    "cart.move": {"product_id": "hat", "to": 1},
    "cart.renumber": (lambda desk: desk.ok("cart.remove", {"product_id": "scarf"}), {}),
    "cart.pin": {"product_id": "scarf"},
    "cart.unpin": {},
    "go.next": {},
    "cue.add": {"kind": "coupon", "spec": COUPON},
    "cue.edit": {"cue_id": "waits", "spec": {**SALE, "sku_id": "hat", "price_fen": 3800}},
    "cue.move": {"cue_id": "waits"},
    "cue.remove": {"cue_id": "waits"},
    "cue.approve": {"cue_id": "waits"},
    "cue.reject": {"cue_id": "waits"},
    "cue.fire": {"cue_id": "waits"},
    "cue.recall": (_recallable, {"cue_id": "waits"}),
    "cue.stop": {"cue_id": "sale"},
    "cue.confirm": (lambda desk: _fired_by_hand(desk), {"cue_id": "waits", "step": "on_air", "done": True}),
    "cue.measure": {"cue_id": "coupon", "claimed": 3},
    "cue.again": {"cue_id": "waits"},
    "bag.source": {"cue_id": "bag", "source": "other"},
    "bag.no_more": (_series, {"cue_id": "rain"}),
    "place.free": (lambda desk: _list(desk), {"cue_id": "list", "viewer_id": "p1"}),
    "prices.settle": (
        lambda desk: desk.fact("order.placed", placed("dear", price_fen=9999)),
        {"code": "above_promise", "cue_id": "sale"},
    ),
    "bag.settle": {"cue_id": "drawn", "viewer_id": "w", "ok": True},
    "bag.winners": (_platform_bag, {"cue_id": "theirs", "names": ["甲"]}),
    "order.request": request("o9", "x"),
    "coupon.claim": {"cue_id": "coupon", "viewer": {"id": "v"}},
    "rundown.put": {"segments": [{"segment_id": "c"}]},
    "rundown.move": {"segment_id": "a"},
    "rundown.remove": {"segment_ids": ["a"]},
    "rundown.duplicate": {"segment_id": "a"},
    "rundown.keep": (lambda desk: _slipping(desk), {"segment_id": "late", "way": "skip"}),
    "note.put": {"text": "快"},
    "story.collect": {"keyword": "我的故事"},
    "note.clear": {},
    "pledge.put": {"text": "包邮"},
    "pledge.clear": (lambda desk: None, {}),
    "drill.start": (lambda desk: _rehearsal(desk), {"drill": "cut_line"}),
    "drill.stop": (lambda desk: _drilling(desk), {}),
}
"""command → its data, or (what comes before it, its data)."""


def _rehearsal(desk: Desk) -> None:
    desk.room.simulated, desk.room.settings.platform = True, "rehearsal"


def _list(desk: Desk) -> None:
    """Two who said the word, of whom one has the place."""
    desk.ok(
        "cue.add",
        {"cue_id": "list", "kind": "first_come", "spec": {"keyword": "1", "places": 1, "seconds": 60}},
    )
    desk.ok("cue.fire", {"cue_id": "list"})
    for pid in ("p1", "p2"):
        desk.fact("comment.posted", {"viewer": {"id": pid}, "text": "1"})


def _drilling(desk: Desk) -> None:
    _rehearsal(desk)
    desk.ok("drill.start", {"drill": "cut_line"})


def _fired_by_hand(desk: Desk) -> None:
    _closed(desk)
    desk.wait(200)
    desk.ok("room.set", {"platform": "manual"})
    desk.ok("broadcast.open", {})
    desk.ok("cue.fire", {"cue_id": "waits"})


OF_THE_BOOKS = {"order.shipment", "order.settled", "review.posted"}
"""Facts that change nothing of the room: the books show them."""
POSTED: dict[str, dict[str, Any]] = {
    "comment.posted": {**VIEWER, "text": "要"},
    "viewer.entered": VIEWER,
    "viewer.followed": VIEWER,
    "viewer.joined_club": VIEWER,
    "viewer.shared": VIEWER,
    "viewer.liked": {**VIEWER, "count": 3},
    "gift.sent": {**VIEWER, "gift": "玫瑰", "count": 1, "value_fen": 100},
    "room.measured": {"online": 7},
    "stock.measured": {"sku_id": "hat", "on_hand": 7},
    "promotion.measured": {"cue_id": "nobody's", "sold": 1},
    "order.placed": placed("o8", quantity=3),
    "order.paid": {"order_id": "o1", "paid_fen": 4900},
    "order.closed": {"order_id": "o2", "reason": ""},
    "order.refunded": {"order_id": "o3", "refund_fen": 100},
    "pk.scored": {"cue_id": "pk", "ours": 3, "theirs": 2},
    "group.joined": {"cue_id": "group", **VIEWER, "group_id": "one"},
    "share.brought": {"cue_id": "shared", **VIEWER, "by": {"id": "b"}},
    "bargain.helped": {"cue_id": "bargain", **VIEWER, "for": {"id": "b"}},
    "aftersale.updated": {"aftersale_id": "a1", "order_id": "o3", "kind": "refund", "status": "asked"},
    "order.shipment": {"order_id": "o3", "status": "shipped"},
    "order.settled": {"order_id": "o3", "settled_fen": 100},
    "review.posted": {"product_id": "hat", "stars": 5},
}


@pytest.mark.parametrize("type_", sorted(COMMANDS.keys() - ELSEWHERE))
def test_a_command_moves_what_it_changes_for_every_role(type_: str) -> None:
    desk = _busy()
    given = COMMANDED[type_]
    before, data = given if isinstance(given, tuple) else (lambda desk: None, given)
    before(desk)
    data = data(desk) if callable(data) else data
    if type_ == "pledge.clear":
        data = {"pledge_id": next(iter(desk.room.pledges))}
    told = Told(desk)
    assert told.look() == set(SECTIONS), "the first body is whole"
    assert told.look() == set()
    desk.ok(type_, data)
    assert told.look(), f"{type_} moved nothing: it shows nothing"


@pytest.mark.parametrize("type_", [type_ for type_ in FACTS if type_ not in OF_THE_BOOKS])
def test_a_fact_moves_what_it_changes_for_every_role(type_: str) -> None:
    desk = _busy()
    told = Told(desk)
    told.look()
    desk.fact(type_, POSTED[type_])
    assert told.look(), f"{type_} moved nothing: it shows nothing"


@pytest.mark.parametrize("type_", sorted(OF_THE_BOOKS))
def test_a_fact_of_the_books_alone_moves_no_section(type_: str) -> None:
    desk = _busy()
    told = Told(desk)
    told.look()
    desk.fact(type_, POSTED[type_])
    assert told.look() == set()


def test_an_alarm_that_names_goods_by_their_number_moves_with_the_cart() -> None:
    desk = Desk("manual", recall_seconds=0)
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.ok("cue.confirm", {"cue_id": "sale", "step": "on_air", "done": True})
    desk.fact("order.placed", placed("dear", price_fen=9900, cue_id="sale"))
    desk.ok("cart.move", {"product_id": "scarf", "to": 2})
    told = Told(desk)
    told.look()
    desk.ok("cart.renumber", {})
    assert "alarms" in told.look()


def test_every_event_says_what_it_may_change() -> None:
    assert set(MARKS) == set(EVENTS)
    assert set().union(*MARKS.values()) == KEPT
    assert all("cues" in MARKS[type_] for type_ in GROUND)


def test_an_order_of_a_busy_evening_travels_as_a_difference() -> None:
    desk = _busy()
    told = Told(desk)
    told.look()
    desk.ok("order.request", request("o9", "x", sku_id="hat"))
    reader = told.readers[0]
    part = msgspec.json.decode(told.answer("host", reader.have))
    assert [row["product_id"] for row in part["delta"]["catalogue"]["rows"]] == ["hat"]
    assert not {"catalogue", "room", "rundown", "notes"} & part.keys()
    told.look()
    assert reader.told_by_difference == 1


@pytest.mark.parametrize("have", ["", "log", "log:", "x:1,,:", "log:other,cues:1", "log:{log},cues:x,no:1"])
def test_what_cannot_be_read_or_is_of_another_log_is_not_known(have: str) -> None:
    told = Told(_busy())
    told.look()
    whole = msgspec.json.decode(told.answer("host", have.format(log=told.readers[0].revisions["log"])))
    assert {key for keys in SECTIONS.values() for key in keys} <= whole.keys()
    assert "delta" not in whole


def test_a_role_is_told_nothing_by_what_another_had() -> None:
    told = Told(_busy())
    told.look()
    host, viewer = told.readers[0], told.readers[-1]
    assert host.revisions["log"] != viewer.revisions["log"]
    assert "cues" in msgspec.json.decode(told.answer("viewer", host.have))


def test_an_old_revision_is_told_whole_and_memory_stays_bounded() -> None:
    desk = _busy()
    told = Told(desk)
    told.look()
    old = told.readers[0].have
    for number in range(REVISIONS_KEPT + 1):
        desk.ok("stock.add", {"sku_id": "hat", "by": 1 + number % 2})
        told.look()
    part = msgspec.json.decode(told.answer("host", old))
    assert "catalogue" in part
    assert len(told.sections._catalogue._kept) == REVISIONS_KEPT


def test_a_restarted_engine_gives_the_same_revisions() -> None:
    desk = _busy()
    told = Told(desk)
    told.look()
    again = Told(desk)
    for reader in told.readers:
        part = msgspec.json.decode(again.answer(reader.role, reader.have))
        assert set(part) == {"seq", "revisions"}


def _lent(paid: bool) -> tuple[Desk, Told]:
    """A sale queued beside an ended promotion, whose one coupon an order has."""
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "coupon", "kind": "coupon", "spec": COUPON | {"valid_seconds": 600}})
    desk.ok("cue.fire", {"cue_id": "coupon"})
    coupon = desk.ok("coupon.claim", {"cue_id": "coupon", "viewer": {"id": "v"}})
    desk.ok("cue.stop", {"cue_id": "coupon"})
    desk.queue_sale()
    told = Told(desk)
    told.look()
    assert desk.seen()["lowest_fen"] == 5100
    desk.ok("order.request", request("o1", "v", sku_id="hat", **coupon))
    told.look()
    assert desk.seen()["lowest_fen"] == 5100, "it comes back if nobody pays"
    after = ("order.paid", {"paid_fen": 4100}) if paid else ("order.closed", {"reason": ""})
    desk.fact(after[0], {"order_id": "o1", **after[1]})
    return desk, told


def test_coupons_of_an_ended_promotion_move_prices_when_the_last_is_used() -> None:
    desk, told = _lent(paid=True)
    assert "cues" in told.look()
    assert desk.seen()["lowest_fen"] == 5900


def test_coupons_of_an_ended_promotion_move_prices_until_they_are_valid_no_longer() -> None:
    desk, told = _lent(paid=False)
    told.look()
    assert desk.seen()["lowest_fen"] == 5100
    desk.wait(601)
    desk.fact("room.measured", {"online": 1})
    told.look()
    assert desk.seen()["lowest_fen"] == 5900, "time alone has taken it away"


def test_nothing_undeclared_is_on_the_wire() -> None:
    desk = _busy()
    desk.fact("promotion.measured", {"cue_id": "nobody's", "sold": 1})
    for role in ROLES:
        body = msgspec.json.decode(Told(desk).answer(role, ""))
        for row in body["catalogue"]["products"]:
            for name in set(row) - PRODUCT_FIELDS:
                del row[name]
        state = msgspec.convert(body, State)
        assert msgspec.to_builtins(state).keys() == body.keys()
        declared_only(state, body)


PRODUCT_FIELDS = {"product_id", "title", "price_fen", "floor_fen", "list_price_fen", "stock", "on_shelf",
                  "available", "skus", "points", "image", "groups", "code"}  # fmt: skip


def declared_only(shown: Any, sent: Any, path: str = "") -> None:
    """Every key of an object on the wire is a field of the struct that it becomes."""
    if isinstance(shown, msgspec.Struct):
        extra = set(sent) - set(shown.__struct_fields__)
        assert not extra, f"{path}: {extra}"
        for name in sent:
            declared_only(getattr(shown, name), sent[name], f"{path}.{name}")
    elif isinstance(shown, list):
        for one, other in zip(shown, sent, strict=True):
            declared_only(one, other, f"{path}[]")
