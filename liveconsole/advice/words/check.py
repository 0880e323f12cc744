"""Finds the words of the lists in a text, and lets be what is no violation."""

from __future__ import annotations

import ahocorasick
from msgspec import Struct

from liveconsole.advice.words.letters import Letters
from liveconsole.advice.words.lists import Lists


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
        self._words: ahocorasick.Automaton = ahocorasick.Automaton()
        for term in lists.terms:
            word = Letters(term.text).text
            if word.strip() and word not in self._words:
                self._words.add_word(word, (len(word), term))
        self._phrases: ahocorasick.Automaton = ahocorasick.Automaton()
        for phrase in lists.allowed:
            word = Letters(phrase).text
            if word.strip():
                self._phrases.add_word(word, len(word))
        self._words.make_automaton()
        self._phrases.make_automaton()

    def check(self, text: str) -> list[TermFound]:
        """What is found, in the order of the text; where words overlap, the longest that begins first."""
        if not text or not len(self._words):
            return []
        letters = Letters(text)
        hits = [
            (end - length + 1, -length, term)
            for end, (length, term) in self._words.iter(letters.text)
            if not letters.cuts_a_word(end - length + 1, end + 1)
        ]
        if not hits:
            return []
        hits.sort(key=lambda hit: hit[:2])
        allowed = self._allowed(letters.text)
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

    def _allowed(self, text: str) -> list[tuple[int, int]]:
        if not len(self._phrases):
            return []
        return [(end - length + 1, end + 1) for end, length in self._phrases.iter(text)]
