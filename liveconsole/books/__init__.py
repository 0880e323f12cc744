"""What outlives a broadcast, by SQL on the read tables: orders, customers, boards, settlement.

A book answers one question of the door: a query in, JSON out. It reads, on a connection of its own
(`reading.BookReader`), and never writes; what it shows of a broadcast that runs comes out of the room's
folds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from liveconsole.books.reading import BookReader

Book = Callable[[BookReader, Mapping[str, str]], bytes]
"""Answers a query with JSON, at most `bounds.BOOK_BYTES` of it; raises `reading.BadQuery`."""

_WHERE: Final = {
    "orders": "orders",
    "customers": "customer_views",
    "boards": "boards",
    "prepare": "prepare",
    "cases": "cases",
    "reviews": "reviews",
    "settlement": "settlement",
    "sharers": "sharers",
}
"""Name at the door, ``/v1/NAME`` → the module here whose ``answer`` it is; one a line."""


def load() -> None:
    """Import every book. An engine has a process of its own for them and imports none."""
    for module in _WHERE.values():
        import_module(f"{__name__}.{module}")


def _book(module: str) -> Book:
    def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
        book: Book = import_module(f"{__name__}.{module}").answer
        return book(reader, query)

    return answer


BOOKS: Final[dict[str, Book]] = {name: _book(module) for name, module in _WHERE.items()}
"""By their names at the door."""
