"""Money told in parts: each id once, a telling without one is the whole so far, within a bound."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from liveconsole.domain.amounts import PARTS_KEPT, ToldAmount
from liveconsole.domain.order import tell
from liveconsole.domain.room_orders import Order
from liveconsole.engine.books import order_of, row_of
from liveconsole.messages.facts import OrderRefunded
from tests.unit.domain.desk import START

TELLING = st.tuples(st.integers(0, 999), st.sampled_from(["a", "b", "c", None]))


@given(st.lists(TELLING, max_size=8), st.data())
def test_in_any_order_and_repeated_it_comes_to_the_same(
    told: list[tuple[int, str | None]], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(told), max_size=3)) if told else []
    ends = []
    for order in (told, data.draw(st.permutations(told + again))):
        amount = ToldAmount()
        for fen, part_id in order:
            amount.told(fen, part_id)
        ends.append(amount.fen)
    assert ends[0] == ends[1]
    assert ends[0] >= max((fen for fen, _ in told), default=0)


def test_ids_beyond_the_bound_still_add_up() -> None:
    amount = ToldAmount()
    for n in range(PARTS_KEPT + 50):
        amount.told(1, f"r{n}")
    assert (amount.fen, len(amount.parts)) == (PARTS_KEPT + 50, PARTS_KEPT + 1)


def test_a_refund_that_is_told_after_the_order_left_adds_to_what_the_books_have() -> None:
    order = Order("o1", broadcast=1)
    for refund in ("r1", "r2"):
        tell(order, OrderRefunded("o1", 1000, refund), START)
    late = order_of(row_of(order, 7))
    tell(late, OrderRefunded("o1", 500, "r3"), START)
    assert late.refund_fen == 2500
    tell(late, OrderRefunded("o1", 2600), START)
    assert late.refund_fen == 2600, "a running total holds where it is larger"
