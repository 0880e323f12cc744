"""A promotion that orders have made too large: the engine offers the edit that fits, and takes it."""

from __future__ import annotations

from typing import Any

import pytest

from liveconsole.domain import stock
from liveconsole.messages.state import FixState
from tests.unit.domain.desk import SALE, Desk, placed

TWO = {
    "skus": [
        {"sku_id": "scarf", "price_fen": 5900, "quantity": 10},
        {"sku_id": "hat", "price_fen": 3900, "quantity": 20},
    ],
    "per_buyer": 2,
    "seconds": 60,
}  # fmt: skip
BAG: dict[str, Any] = {
    "prize": {"name": "围巾", "value_fen": 9900, "product_id": "scarf"},
    "winners": 10, "entry": {}, "seconds": 60,
}  # fmt: skip


def queued(spec: dict[str, Any], kind: str = "flash_sale") -> Desk:
    desk = Desk()
    desk.ok("cue.add", {"kind": kind, "spec": spec, "cue_id": "c"})
    desk.ok("cue.approve", {"cue_id": "c"})
    return desk


def fix_of(desk: Desk, role: str = "host") -> FixState | None:
    return next(cue.can.fix for cue in desk.shown(role).cues if cue.cue_id == "c")


def test_what_fits_needs_none() -> None:
    assert fix_of(queued(SALE | {"quantity": 10})) is None


@pytest.mark.parametrize("role", ["host", "operator", "assistant"])
def test_a_sale_as_large_as_stock_is_cut_by_one_command_of_any_seat(role: str) -> None:
    desk = queued(SALE | {"quantity": 10})
    desk.fact("order.placed", placed("o1", quantity=3))
    fix = fix_of(desk, role)
    assert fix is not None
    assert (fix.quantity, fix.because.code, fix.because.params["available"]) == (7, "over_stock", 7)
    assert desk.no("cue.fire", {"cue_id": "c"}) == "over_stock"
    desk.ok(fix.type, fix.data, role)
    assert desk.cue("c").status == "queued", "an edit is approved anew"
    assert fix_of(desk, role) is None
    desk.ok("cue.approve", {"cue_id": "c"})
    desk.ok("cue.fire", {"cue_id": "c"})


def test_several_that_are_too_many_are_one_answer_and_one_that_is_gone_leaves() -> None:
    desk = queued(TWO)
    desk.fact("order.placed", placed("o1", quantity=10))
    desk.fact("order.placed", placed("o2", quantity=4, sku_id="hat"))
    fix = fix_of(desk)
    assert fix is not None
    assert fix.data["spec"]["skus"] == [{"sku_id": "hat", "price_fen": 3900, "quantity": 16}]
    desk.ok(fix.type, fix.data)
    assert desk.cue("c").sale.keys() == {"hat"}


def test_the_limit_of_one_buyer_is_never_above_what_is_left() -> None:
    desk = queued(SALE | {"quantity": 10, "per_buyer": 4})
    desk.fact("order.placed", placed("o1", quantity=8))
    fix = fix_of(desk)
    assert fix is not None
    assert (fix.data["spec"]["quantity"], fix.data["spec"]["per_buyer"]) == (2, 2)


def test_where_nothing_is_left_there_is_nothing_to_offer() -> None:
    desk = queued(SALE | {"quantity": 10})
    desk.fact("order.placed", placed("o1", quantity=10))
    assert fix_of(desk) is None


def test_a_bag_has_as_many_winners_as_prizes() -> None:
    desk = queued(BAG, "lucky_bag")
    desk.fact("order.placed", placed("o1", quantity=4))
    fix = fix_of(desk)
    assert fix is not None
    assert (fix.quantity, fix.data["spec"]["winners"]) == (6, 6)
    desk.ok(fix.type, fix.data)
    assert fix_of(desk) is None


def test_no_edit_is_offered_that_would_carry_persons() -> None:
    """The twin is the test above: the same bag, with nobody kept out."""
    desk = queued(BAG | {"exclude": ["p-1"]}, "lucky_bag")
    desk.fact("order.placed", placed("o1", quantity=4))
    assert fix_of(desk) is None


def test_what_a_running_sale_has_promised_is_not_offered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = queued(SALE | {"quantity": 10})
    desk.ok("cue.add", {"kind": "flash_sale", "spec": SALE | {"seconds": 600}, "cue_id": "other"})
    desk.ok("cue.approve", {"cue_id": "other"})
    desk.ok("cue.fire", {"cue_id": "other"})
    fix = fix_of(desk)
    assert fix is not None
    assert fix.quantity == 5
    # The twin: counted by what is on hand alone, no key would be offered and the row would wait for ever.
    monkeypatch.setattr(stock, "available", lambda room, sku_id, without=None: 10)
    assert fix_of(desk) is None
