"""Which comments say a keyword: one rule for whatever is entered by a word."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from liveconsole.messages.specs import Entry
from liveconsole.messages.text import letters_only, normalise


@lru_cache(maxsize=64)
def matcher(entry: Entry) -> Callable[[str], bool]:
    """Return what tells whether a text enters.

    It remembers the texts of late: a room says the same few things over and over.
    """
    return lru_cache(maxsize=2_048)(_compared(entry))


def _compared(entry: Entry) -> Callable[[str], bool]:
    if entry.keyword is None:
        return lambda text: True
    word = wanted(entry)
    if entry.match == "lenient":
        # Most comments lack the first letter of the keyword: they need no look at every character.
        return lambda text: word[0] in normalise(text).casefold() and letters_only(text) == word
    if entry.match == "contains":
        return lambda text: word in normalise(text)
    return lambda text: normalise(text) == word


def wanted(entry: Entry) -> str:
    """Return the keyword as comments are compared with it; empty where nothing of it can be."""
    keyword = entry.keyword or ""
    return letters_only(keyword) if entry.match == "lenient" else normalise(keyword)
