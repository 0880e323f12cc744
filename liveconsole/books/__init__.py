"""What outlives a broadcast, by SQL on the read tables: orders, customers, boards, settlement.

A book answers one question of the door: a query in, JSON out. It reads, on a connection of its own
(`reading.BookReader`), and never writes; what it shows of a broadcast that runs comes out of the room's
folds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from liveconsole.books import boards, cases, customer_views, orders, prepare, reviews, settlement, sharers
from liveconsole.books.reading import BookReader

Book = Callable[[BookReader, Mapping[str, str]], bytes]
"""Answers a query with JSON, at most `bounds.BOOK_BYTES` of it; raises `reading.BadQuery`."""

BOOKS: Final[dict[str, Book]] = {
    "orders": orders.answer,
    "customers": customer_views.answer,
    "boards": boards.answer,
    "prepare": prepare.answer,
    "cases": cases.answer,
    "reviews": reviews.answer,
    "settlement": settlement.answer,
    "sharers": sharers.answer,
}
"""By their names at the door, ``/v1/NAME``; one a line."""
