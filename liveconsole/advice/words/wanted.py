"""Words of a list in a text that is read once; ``*`` in a word stands for a few letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Generic, TypeVar

import ahocorasick

from liveconsole.advice.words.letters import Letters

T = TypeVar("T")

STAR: Final = "*"
STAR_LETTERS: Final = 6
"""At most so many letters a ``*`` stands for, none a clause's end: 「全网*最低」 is in 「全网今晚最低」."""


class Wanted(Generic[T]):
    """What to find, each word with what it is a sign of; of the same word the first counts."""

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        self._whole: ahocorasick.Automaton = ahocorasick.Automaton()
        self._begins: ahocorasick.Automaton = ahocorasick.Automaton()
        starred: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for word, sign in words:
            parts = tuple(part for piece in word.split(STAR) if (part := Letters(piece).text).strip())
            if len(parts) == 1 and parts[0] not in self._whole:
                self._whole.add_word(parts[0], (len(parts[0]), sign))
            elif len(parts) > 1:
                starred.setdefault(parts[0], []).append((parts[1:], sign))
        for first, rests in starred.items():
            self._begins.add_word(first, (len(first), rests))
        self._whole.make_automaton()
        self._begins.make_automaton()

    def __len__(self) -> int:
        return len(self._whole) + len(self._begins)

    def iter(self, text: str) -> Iterator[tuple[int, int, T]]:
        """(start, end, sign) of all that stands in the letters of a text, in no order."""
        for last, (length, sign) in self._whole.iter(text) if len(self._whole) else ():
            yield last - length + 1, last + 1, sign
        for last, (length, rests) in self._begins.iter(text) if len(self._begins) else ():
            for parts, sign in rests:
                if (end := _ends(text, last + 1, parts)) is not None:
                    yield last - length + 1, end, sign


def _ends(text: str, at: int, parts: Iterable[str]) -> int | None:
    """Where the nearest of ``parts`` one behind the other ends; None where one is missing."""
    reached = [at]
    for part in parts:
        found: list[int] = []
        for before, following in zip(reached, [*reached[1:], len(text) + 1], strict=True):
            # Behind the next one it is that one's turn: no place is looked at twice.
            for place in range(before, min(before + STAR_LETTERS + 1, following)):
                if text.startswith(part, place):
                    found.append(place + len(part))
                if text[place : place + 1] == "\n":
                    break
        if not found:
            return None
        reached = found
    return reached[0]
