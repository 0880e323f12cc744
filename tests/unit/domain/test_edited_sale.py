"""A sale that was asked for, refused, and edited: what orders had of it by then stays counted."""

from __future__ import annotations

from tests.unit.domain.desk import SALE, Desk, placed


def refused_sale() -> Desk:
    """The platform sold two units in it before it said no."""
    desk = Desk("rehearsal", recall_seconds=0)
    desk.queue_sale()
    desk.ok("cue.fire", {"cue_id": "sale"})
    desk.fact("order.placed", placed("o1", quantity=2, cue_id="sale"))
    owed = desk.cue().owed
    assert owed is not None
    said = {"key": owed.key, "cue_id": "sale", "step": "on_air"}
    desk.ok("effect.asked", said, "platform")
    desk.ok("effect.answered", said | {"outcome": "refused"}, "platform")
    assert desk.cue().status == "refused"
    return desk


def test_units_of_before_the_edit_count_to_the_sale_and_its_limit() -> None:
    desk = refused_sale()
    desk.ok("cue.edit", {"cue_id": "sale", "spec": SALE | {"quantity": 4}})
    count = desk.cue().sale["scarf"]
    assert (count.held, count.sold, count.left) == (2, 0, 2)
    assert desk.cue().buyers == {"b": 2}
    assert desk.refold() == desk.room


def test_an_order_that_closes_after_the_edit_gives_back_what_it_had() -> None:
    """Without the recount it left the sale with fewer than no units held, and more left than there are."""
    desk = refused_sale()
    desk.ok("cue.edit", {"cue_id": "sale", "spec": SALE | {"quantity": 4, "per_buyer": 1}})
    assert desk.cue().over_limit == 1
    desk.fact("order.closed", {"order_id": "o1", "reason": ""})
    count = desk.cue().sale["scarf"]
    assert (count.held, count.sold, count.left) == (0, 0, 4)
    assert (desk.cue().buyers, desk.cue().over_limit) == ({}, 0)


def test_a_sku_that_left_the_sale_takes_nothing_of_it() -> None:
    desk = refused_sale()
    desk.ok("cue.edit", {"cue_id": "sale", "spec": SALE | {"sku_id": "hat", "price_fen": 3900}})
    desk.fact("order.paid", {"order_id": "o1", "paid_fen": 11800})
    count = desk.cue().sale["hat"]
    assert (count.held, count.sold) == (0, 0)
    assert desk.room.skus["scarf"].sold == 2
