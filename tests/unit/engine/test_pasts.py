"""What our books have of somebody, asked before the rules: whom, when, and of which orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from liveconsole.domain.context import Past
from liveconsole.engine.pasts import asked_of
from liveconsole.engine.people import People
from liveconsole.messages.facts import CommentPosted
from liveconsole.messages.fields import Person
from liveconsole.messages.inputs import CommandInput, FactsInput, Input, SentFact
from liveconsole.messages.membership import MemberLevel
from liveconsole.store import Store, open_store, pasts
from liveconsole.store.pasts import PaidOrders
from tests import stores
from tests.unit.domain.desk import Desk
from tests.unit.domain.test_audiences import BAG, COUPON
from tests.unit.engine.evenings import Evenings


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "room")
    yield found
    found.close()


class OneAsked:
    """A reader that knows one buyer, and remembers whom it was asked about."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def forgotten(self) -> set[str]:
        return set()

    def pasts_of(self, pids: Sequence[str]) -> dict[str, PaidOrders]:
        self.asked.append(list(pids))
        return dict.fromkeys(pids, PaidOrders(2, 700))


def claim(who: str) -> CommandInput:
    return CommandInput("1", "coupon.claim", {"cue_id": "c", "viewer": {"id": who, "name": ""}}, "producer")


def said(*who: str) -> FactsInput:
    data = [CommentPosted(Person(one, "甲"), "想要") for one in who]
    return FactsInput(
        [SentFact("/a", str(n), "comment.posted", None, one, None, b"") for n, one in enumerate(data)]
    )


def asks(desk: Desk, *inputs: Input) -> tuple[Any, list[list[str]], People]:
    reader: Any = OneAsked()
    people = People(b"k" * 32, reader)
    return asked_of(desk.room, people, reader, inputs), reader.asked, people


def test_nobody_is_asked_about_while_nothing_is_kept_by_our_books() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON})
    desk.ok("cue.fire", {"cue_id": "c"})
    assert asks(desk, claim("a"), said("b"))[:2] == ({}, [])


def test_all_of_one_commit_are_asked_about_at_once_and_by_no_name() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON | {"audience": "new"}})
    desk.ok("cue.fire", {"cue_id": "c"})
    pasts, asked, people = asks(
        desk, claim("a"), claim("name:小红"), claim("masked:9"), said("b"), claim("a")
    )
    assert asked == [[people.pid("a")]], "of a coupon no comment is asked about"
    assert pasts == {people.pid("a"): Past(2, 700)}
    reader: Any = OneAsked()
    seven = [MemberLevel(0, "会员", "member"), MemberLevel(7, "银卡", "silver")]
    for levels, reaches in ((seven, True), (seven[:1], False)):
        found = asked_of(desk.room, people, reader, [claim("a")], levels)
        assert found[people.pid("a")].reaches_level is reaches, "the file says from which one"
    desk.ok("cue.add", {"cue_id": "bag", "kind": "lucky_bag", "spec": BAG | {"audience": "bought"}})
    desk.ok("cue.approve", {"cue_id": "bag"})
    desk.ok("cue.fire", {"cue_id": "bag"})
    pasts, asked, people = asks(desk, said("b", "masked:1", "b"), claim("a"))
    assert asked == [sorted([people.pid("a"), people.pid("b")])]


def test_what_goes_on_air_in_this_commit_is_asked_for_too() -> None:
    """A sale whose countdown ends now is open before the inputs behind it are looked at."""
    desk = Desk()
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON | {"audience": "new"}})
    desk.ok("cue.fire", {"cue_id": "c"})
    assert desk.cue("c").status == "recallable"
    assert asks(desk, claim("a"))[1] != []


def test_a_shape_that_the_rules_will_refuse_asks_nothing() -> None:
    desk = Desk(recall_seconds=0)
    desk.ok("cue.add", {"cue_id": "c", "kind": "coupon", "spec": COUPON | {"audience": "new"}})
    desk.ok("cue.fire", {"cue_id": "c"})
    shapes: list[Any] = [{}, [], "x", {"viewer": "a"}, {"viewer": {"id": 3}}, {"viewer": {}}]
    for data in shapes:
        assert asks(desk, CommandInput("1", "coupon.claim", data, "producer"))[:2] == ({}, [])


def test_an_order_of_years_ago_counts_and_one_given_back_does_not(store: Store) -> None:
    shop = Evenings(store)
    shop.open()
    for order_id, who in (("o1", "kept"), ("o2", "back"), ("o3", "unpaid")):
        line = {"sku_id": "a", "quantity": 1}
        buyer = {"id": who, "name": who}
        shop.ok("order.request", "producer", order_id=order_id, buyer=buyer, lines=[line])
    for order_id in ("o1", "o2"):
        shop.paid(order_id, 19_900)
    shop.close()
    shop.pass_by(3, days=400)
    shop.fact("order.refunded", order_id="o2", refund_fen=19_900)
    shop.open()
    shop.restart()
    assert not shop.room.orders, "they have left the room"
    pids = {who: shop.core.people.pid(who) for who in ("kept", "back", "unpaid", "nobody")}
    found = store.pasts_of(list(pids.values()))
    assert {who: tuple(found[pid]) for who, pid in pids.items()} == {
        "kept": (1, 19_900),
        "back": (0, 0),
        "unpaid": (0, 0),
        "nobody": (0, 0),
    }
    shop.ok("cue.add", cue_id="c", kind="coupon", spec=COUPON | {"audience": "bought"})
    shop.ok("cue.fire", cue_id="c")
    assert shop.no("coupon.claim", "producer", cue_id="c", viewer={"id": "back"}) == "not_for_you"
    assert shop.ok("coupon.claim", "producer", cue_id="c", viewer={"id": "kept"})["audience"] == "yes"


def test_a_buyer_is_found_by_an_index_and_not_by_all_orders(tmp_path: Path) -> None:
    """By the planner of SQLite, whatever store the other tests run on."""
    with stores.kind_of("sqlcipher").open(tmp_path) as store, store._file.reading() as c:
        plan = c.exec_driver_sql(f"EXPLAIN QUERY PLAN {pasts._PASTS}", ('["p1"]',)).all()
    assert any("order_row_buyer" in str(row[-1]) for row in plan), plan
