"""Finds the words of the lists in a text, and lets be what is no violation."""

from __future__ import annotations

from msgspec import Struct

from liveconsole.advice.words.letters import Letters
from liveconsole.advice.words.lists import Lists
from liveconsole.advice.words.wanted import Wanted


class TermFound(Struct, frozen=True):
    """``text[start:end]`` of what was checked; ``term`` is the word as the list has it."""

    term: str
    kind: str
    start: int
    end: int
    text: str
    zh: str
    en: str
    suggestion: str = ""


class Checker:
    """The lists as one machine: a text is read once, however many words there are."""

    def __init__(self, lists: Lists) -> None:
        self._words = Wanted((term.text, term) for term in lists.terms)
        self._phrases = Wanted((phrase, phrase) for phrase in lists.allowed)

    def check(self, text: str) -> list[TermFound]:
        """What is found, in the order of the text; where words overlap, the longest that begins first."""
        if not text or not len(self._words):
            return []
        letters = Letters(text)
        hits = [
            (start, start - end, term)
            for start, end, term in self._words.iter(letters.text)
            if not letters.cuts_a_word(start, end)
        ]
        if not hits:
            return []
        hits.sort(key=lambda hit: hit[:2])
        allowed = [(start, end) for start, end, _ in self._phrases.iter(letters.text)]
        found: list[TermFound] = []
        upto = 0
        for start, minus, term in hits:
            end = start - minus
            if start < upto or any(a <= start and end <= b for a, b in allowed):
                continue
            upto = end
            first, last = letters.span(start, end)
            found.append(
                TermFound(
                    term.text, term.kind, first, last, text[first:last], term.zh, term.en, term.suggestion
                )
            )
        return found
