"""An order of a member by the discount of his level: asked of the books, on the log, in the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole.messages.inputs import CommandInput
from liveconsole.store import Store, open_store
from liveconsole.views.report import fold
from tests.unit.engine.evenings import Evenings

LEVELS = [
    {"rule": {"zhe": zhe}, "name": zhe, "member_from": since}
    for since, zhe in ((0, "9.9"), (500, "9.5"), (2_000, "9"))
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "room")
    yield found
    found.close()


def layers(answer: dict[str, Any]) -> dict[str, int]:
    return {one["kind"]: one["fen"] for one in answer["result"].get("discounts", [])}


def test_a_level_is_what_the_books_say_and_its_discount_is_told_apart(store: Store) -> None:
    shop = Evenings(store, shop_coupons=LEVELS)
    shop.open("第一场")
    lines = [{"sku_id": "b", "quantity": 3}]
    assert shop.request("o0", lines=lines)["result"]["total_fen"] == 59_700, "no member, no level"
    shop.paid("o0", 59_700)
    shop.close()
    shop.pass_by(2)
    shop.open("今晚")
    shop.restart()
    assert not shop.room.orders, "what he paid is on disk alone"
    shop.ok("member.join", viewer_id="v", consent=True)
    assert layers(shop.request("o1")) == {"member": 995}
    shop.coupon("c", rule={"off_fen": 2_000})
    with_both = shop.request("o2", coupon_id=shop.claim("c", "v"))
    assert layers(with_both) == {"coupon": 2_000, "member": 995}
    assert with_both["result"]["total_fen"] == 16_905
    assert layers(shop.request("o3", buyer="somebody")) == {}
    shop.paid("o1", 18_905)
    shop.paid("o2", 16_905)
    assert shop.room.cues["c"].given_fen == 2_000, "the level's part is not the coupon's"
    report = fold(map(json.loads, store.read(0, 10_000)))
    assert report.totals.member_off_fen == 1_990
    (coupon,) = report.promotions
    assert coupon.discount_fen == report.totals.discount_fen == 2_000
    assert report.totals.gmv_fen == shop.room.totals.gmv_fen == 35_810
    shop.fact("order.refunded", order_id="o0", refund_fen=59_700)
    assert layers(shop.request("o4")) == {"member": 199}, "成长值 falls by what is given back"
    shop.ok("member.leave", viewer_id="v")
    assert layers(shop.request("o5")) == {}


def test_who_joins_in_the_commit_of_his_order_has_his_level(store: Store) -> None:
    """Twin: asked of members of before alone, he would have the lowest one."""
    shop = Evenings(store, shop_coupons=LEVELS)
    shop.open()
    shop.request("o0", lines=[{"sku_id": "b", "quantity": 3}])
    shop.paid("o0", 59_700)
    order = {"order_id": "o1", "buyer": {"id": "v"}, "lines": [{"sku_id": "b", "quantity": 1}]}
    join = CommandInput("j", "member.join", {"viewer_id": "v", "consent": True}, "host", b"j")
    _, answer = shop.process(join, CommandInput("o", "order.request", order, "producer", b"o"))
    assert layers(json.loads(answer.body)) == {"member": 995}
