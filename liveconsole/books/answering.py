"""One question to the books, with words for all that an answer may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from liveconsole.books import BOOKS
from liveconsole.books.cases.page import watch_of
from liveconsole.books.reading import BadQuery, BookReader
from liveconsole.messages.bounds import BOOK_BYTES
from liveconsole.messages.inputs import NotTaken
from liveconsole.store.errors import TookTooLong

WATCH: Final = "watch"
"""What the engine asks for itself: the clocks of what waits after the order; not at the door."""
_encode: Final = msgspec.json.Encoder().encode


def answer(reader: BookReader, name: str, query: Mapping[str, str]) -> bytes:
    """Return what one book answers, as JSON; of `WATCH` a `ClockWatch`. All of an answer is of one moment.

    Raises:
        NotTaken: ``bad_query`` (its detail is the field) or ``took_too_long``.
        StoreError: the disk failed.
    """
    try:
        with reader.at_one_moment():
            told = _encode(watch_of(reader)) if name == WATCH else BOOKS[name](reader, query)
    except BadQuery as error:
        raise NotTaken("bad_query", error.field) from error
    except TookTooLong as error:
        raise NotTaken("took_too_long", name) from error
    if len(told) > BOOK_BYTES:
        raise AssertionError(f"the book {name} answers {len(told)} bytes")
    return told
