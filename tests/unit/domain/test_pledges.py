"""口头承诺: what was promised aloud, with time and product, until the next opening."""

from __future__ import annotations

import pytest

from liveconsole.domain.pledges import PLEDGES_LIMIT
from liveconsole.messages.state import PledgeState
from tests.unit.domain.desk import START, Desk, encoded


def test_a_pledge_is_about_the_product_that_is_explained_now() -> None:
    desk = Desk()
    desk.ok("cart.pin", {"product_id": "scarf"})
    said = desk.ok("pledge.put", {"text": " 多送小样两份 "}, "assistant")
    assert said["product_id"] == "scarf"
    assert desk.shown().pledges == [
        PledgeState(said["pledge_id"], "多送小样两份", "scarf", "assistant", START)
    ]
    assert encoded(desk.refold()) == encoded(desk.room)


def test_another_product_or_none_can_be_named() -> None:
    desk = Desk()
    desk.ok("cart.pin", {"product_id": "scarf"})
    assert desk.ok("pledge.put", {"text": "送帽子", "product_id": "hat"})["product_id"] == "hat"
    assert desk.ok("pledge.put", {"text": "全场包邮", "product_id": None})["product_id"] is None
    desk.ok("cart.unpin", {})
    assert desk.ok("pledge.put", {"text": "再送一次"})["product_id"] is None
    assert desk.no("pledge.put", {"text": "x", "product_id": "nothing"}) == "unknown_product"


def test_a_pledge_outlives_every_note() -> None:
    desk = Desk()
    desk.ok("pledge.put", {"text": "多送小样"})
    for n in range(30):
        desk.ok("note.put", {"text": str(n)})
    desk.ok("note.clear", {})
    assert [pledge.text for pledge in desk.shown().pledges] == ["多送小样"]


def test_one_too_many_is_refused_and_none_forgotten() -> None:
    desk = Desk()
    for n in range(PLEDGES_LIMIT):
        desk.ok("pledge.put", {"text": str(n)})
    assert desk.no("pledge.put", {"text": "还有一个"}) == "over_limit"
    assert len(desk.shown().pledges) == PLEDGES_LIMIT


def test_it_is_taken_back_once() -> None:
    desk = Desk()
    first = desk.ok("pledge.put", {"text": "写错了"})["pledge_id"]
    desk.ok("pledge.put", {"text": "多送小样"})
    assert desk.ok("pledge.clear", {"pledge_id": first})["pledge_ids"] == [first]
    before = len(desk.log)
    assert desk.ok("pledge.clear", {"pledge_id": first})["pledge_ids"] == []
    assert len(desk.log) == before
    assert [pledge.text for pledge in desk.shown().pledges] == ["多送小样"]
    assert encoded(desk.refold()) == encoded(desk.room)


def test_it_belongs_to_its_broadcast_and_to_the_hours_after_it() -> None:
    desk = Desk(open_=False)
    assert desk.no("pledge.put", {"text": "还没开播"}) == "not_open"
    desk.ok("broadcast.open", {})
    desk.ok("pledge.put", {"text": "多送小样"})
    desk.ok("broadcast.close", {})
    desk.ok("pledge.put", {"text": "下播后想起来的"})
    assert [pledge.text for pledge in desk.shown().pledges] == ["多送小样", "下播后想起来的"]
    desk.ok("broadcast.open", {})
    assert desk.shown().pledges == []
    assert encoded(desk.refold()) == encoded(desk.room)


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_pledge_is_none(text: str) -> None:
    assert Desk().no("pledge.put", {"text": text}) == "bad_shape"


def test_a_long_one_is_refused_whole() -> None:
    assert Desk().no("pledge.put", {"text": "送" * 501}) == "too_long"
