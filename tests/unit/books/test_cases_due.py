"""What an order comes to in the list of what waits: due, paid, or neither."""

from __future__ import annotations

from tests.unit.books.test_cases import asked, bought, card, evenings, row
from tests.unit.engine.evenings import Evenings

__all__ = ["evenings"]


def test_what_is_not_paid_is_due_and_never_a_payment_of_nothing(evenings: Evenings) -> None:
    bought(evenings, "o1", "knit", "coat", paid=False)
    one = row(evenings, "order/o1", "unpaid")
    assert (one.paid_fen, one.due_fen) == (None, 39800)
    told_ = card(evenings, "order/o1")
    assert (told_.row.paid_fen, told_.row.due_fen, told_.refund_most_fen) == (None, 39800, None)
    evenings.paid("o1", 39800)
    told_ = card(evenings, "order/o1")
    assert (told_.row.paid_fen, told_.row.due_fen, told_.refund_most_fen) == (39800, None, 39800)


def test_what_was_closed_unpaid_is_neither_due_nor_paid(evenings: Evenings) -> None:
    bought(evenings, "o1", paid=False)
    evenings.fact("order.closed", order_id="o1", reason="cancelled")
    told_ = card(evenings, "order/o1")
    assert (told_.row.paid_fen, told_.row.due_fen) == (None, None)
    asked(evenings, "a1", "never-told", reason="少件", amount_fen=1)
    assert row(evenings, "aftersale/a1", "first_answer").due_fen is None
