"""The figures of a broadcast, folded from its log."""

from __future__ import annotations

from typing import Any

from liveconsole.views.summary import Summary


def event(type_: str, **data: Any) -> dict[str, Any]:
    return {"type": type_, "data": data}


def test_an_order_counts_once_however_often_it_is_told_of() -> None:
    lines = [{"sku_id": "a", "quantity": 2}, {"sku_id": "b", "quantity": 1}]
    summary = Summary().add(
        [
            event("order.granted", order_id="1", lines=lines),
            event("order.placed", order_id="1", lines=lines),
            event("order.paid", order_id="2", paid_fen=700),
            event("order.placed", order_id="2", lines=lines[:1]),
            event("order.paid", order_id="2", paid_fen=700),
            event("comment.posted", text="好看"),
        ]
    )
    assert (summary.orders, summary.paid, summary.sold, summary.gmv_fen) == (2, 1, 2, 700)
    assert summary.comments == 1


def test_what_was_fired_and_who_won() -> None:
    summary = Summary().add([event("cue.queued", cue_id="c", kind="lucky_bag")])
    summary.add([event("cue.firing", cue_id="c"), event("cue.drawn", cue_id="c", winners=[{}, {}])])
    summary.add([event("bag.winners", cue_id="d", names=["糖糖"]), event("of.tomorrow")])
    assert summary.line(7, simulated=True) == {
        "seed": 7, "simulated": True, "comments": 0, "orders": 0, "paid": 0, "sold": 0, "gmv_fen": 0,
        "fired": {"lucky_bag": 1}, "winners": 3, "screenshot": None,
    }  # fmt: skip
