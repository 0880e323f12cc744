"""Text from outside: how it is cut, and how it is made comparable.

The original text is always what is kept and shown; the normalised form is only for comparing.
"""

from __future__ import annotations

import unicodedata
from typing import Final

TEXT_LIMIT: Final = 500
"""Characters of one text field at the door (contract): facts are cut to it, commands refused."""

_FORMAT_CATEGORIES: Final = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})


def cut(text: str) -> tuple[str, int | None]:
    """Return the text within ``TEXT_LIMIT`` and, where it was longer, its original length."""
    if len(text) <= TEXT_LIMIT:
        return text, None
    return text[:TEXT_LIMIT], len(text)


def normalise(text: str) -> str:
    """NFKC without zero-width, format and control characters, trimmed: both sides of a 口令 match."""
    if text.isascii() and text.isprintable():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text)
    if folded.isprintable():  # nothing of the categories below in it: the way of nearly every comment
        return folded.strip()
    return "".join(c for c in folded if unicodedata.category(c) not in _FORMAT_CATEGORIES).strip()


def letters_only(text: str) -> str:
    """Return the normalised text without punctuation, emoji and spaces, case folded (``match: lenient``)."""
    plain = normalise(text)
    if plain.isalnum():
        return plain.casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LN").casefold()


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """NFKC letter by letter in lower case, and for each letter of it the place in ``text`` it came from.

    One place more stands at the end (``len(text)``), so that a span of the result is
    ``text[places[start]:places[end]]``.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for folded in unicodedata.normalize("NFKC", letter).casefold():
            letters.append(folded)
            places.append(place)
    return "".join(letters), [*places, len(text)]
