"""I16: the facts of many orders, repeated and shuffled at will, end in the same room."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from liveconsole.domain.take import take
from tests.unit.domain.desk import Desk, placed, request

Told = tuple[str, dict[str, Any]]


@st.composite
def stories(draw: st.DrawFn) -> list[Told]:
    """What happened to a few orders, each in its own right order."""
    told: list[Told] = []
    for n in range(draw(st.integers(1, 4))):
        order_id, buyer = f"o{n}", draw(st.sampled_from(["ann", "bob"]))
        more: dict[str, Any] = draw(
            st.sampled_from([{"cue_id": "sale"}, {"sku_id": "hat"}, {"sku_id": "ghost"}])
        )
        told.append(("order.placed", placed(order_id, buyer, draw(st.integers(1, 4)), **more)))
        if draw(st.booleans()):
            told.append(("order.paid", {"order_id": order_id, "paid_fen": draw(st.integers(0, 30_000))}))
        if draw(st.booleans()):
            told.append(("order.closed", {"order_id": order_id, "reason": "取消"}))
        if draw(st.booleans()):
            told.append(("order.refunded", {"order_id": order_id, "refund_fen": draw(st.integers(0, 9_000))}))
    return told


def _end(told: list[Told], requested: bool, *, in_one_run: bool = False) -> Any:
    desk = Desk()
    desk.run_sale()
    if requested:
        desk.ask("order.request", request("o0", "ann", 2))
    if in_one_run:
        facts = [desk.made(type_, data) for type_, data in told]
        desk.fold(take(desk.room, facts, desk.now, desk.chance))
    else:
        for type_, data in told:
            desk.fact(type_, data)
    room, cue = desk.room, desk.cue()
    return (
        room.orders,
        room.totals,
        room.skus,
        cue.sale,
        cue.buyers,
        cue.over_limit,
        room.holds,
        room.hold_heap,
    )


@settings(max_examples=150)
@given(stories(), st.booleans(), st.data())
def test_order_facts_converge(told: list[Told], requested: bool, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(told), max_size=4))
    shuffled = data.draw(st.permutations(told + again))
    end = _end(told, requested)
    assert _end(list(shuffled), requested) == end
    assert _end(list(shuffled), requested, in_one_run=True) == end
