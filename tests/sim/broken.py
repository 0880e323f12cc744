"""How a run says that a promise was broken."""

from __future__ import annotations


class Broken(Exception):
    """A promise of the house did not hold; its text says which, and at what."""


def must(holds: object, words: str, *about: object) -> None:
    """Raise `Broken` unless it holds. ``about`` is shown only then."""
    if not holds:
        raise Broken(" ".join([words, *map(repr, about)]))
