"""Which SKUs a few letters mean: 「驼色M」, 「黑 L」, 「驼色」, read off the titles of one product. Pure.

A fragment is a whole word of a title, or letters that stand in one word only. What fits several is refused
with their titles by whoever asks, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from liveconsole.messages.text import folded_with_places

_WORD: Final = re.compile(r"[a-z0-9.]+|[^\W_a-z0-9]+")
"""A size or a figure, or letters of a colour: 「驼色m」 is two words."""
_BETWEEN: Final = re.compile(r"[\s/\-·]*")


class WordFit(Struct, frozen=True):
    """Letters from ``start`` to ``end``, the SKUs that they fit, and the words of titles that have them."""

    start: int
    end: int
    fits: tuple[int, ...]
    words: frozenset[str]

    @property
    def single(self) -> bool:
        return len(self.words) == 1 or len(self.fits) == 1


class Chosen(Struct, frozen=True):
    """Fragments that narrow each other, what is left of the SKUs, and whether that is the only reading."""

    start: int
    end: int
    fits: tuple[int, ...]
    sure: bool


class SkuWords:
    """The words of a product's SKUs."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._words = [frozenset(_WORD.findall(folded_with_places(title)[0])) for title in titles]
        self._all = frozenset().union(*self._words)

    def chosen(self, text: str, place: int) -> Chosen | None:
        """What the longest run of fragments at this place narrows down to; a new one begins where none is
        left.
        """
        first = self._fragment(text, place)
        if first is None:
            return None
        fits, end, sure, said = first.fits, first.end, first.single, first.words
        while True:
            found = _BETWEEN.match(text, end)
            following = self._fragment(text, found.end() if found is not None else end)
            if following is None or following.words <= said:
                return Chosen(place, end, fits, sure)  # the same colour again is of the next one
            both = tuple(n for n in fits if n in following.fits)
            if not both:
                return Chosen(place, end, fits, sure)
            fits, end, said = both, following.end, said | following.words
            sure = len(fits) == 1 or (sure and following.single)

    def goes_with(self, before: Chosen, chosen: Chosen, text: str) -> bool:
        """Whether what stands alone here could be meant of a part of what was said before it: in 「驼色M L」
        the L of 驼色, or the L of every colour.
        """
        parts, place = [], before.start
        while place < before.end and (part := self._fragment(text, place)) is not None:
            parts.append(part)
            found = _BETWEEN.match(text, part.end)
            place = found.end() if found is not None else part.end
        return len(parts) > 1 and any(set(part.fits) & set(chosen.fits) for part in parts)

    def _fragment(self, text: str, place: int) -> WordFit | None:
        found = _WORD.match(text, place)
        if found is None:
            return None
        word = found.group()
        if word.isascii():
            return self._ascii(word, place, text)
        # WordFit run on into what is said next (「驼色各30」): the longest that a title has.
        for end in range(len(word), 0, -1):
            if fits := [each for each in self._all if not each.isascii() and word[:end] in each]:
                return self._of(place, place + end, [word[:end]] if word[:end] in fits else fits)
        return None

    def _ascii(self, word: str, place: int, text: str) -> WordFit | None:
        """A size is said whole: the L of XL is none. 「L30」 is thirty of L where no title says so."""
        if place and text[place - 1].isascii() and text[place - 1].isalnum():
            return None
        if word in self._all:
            return self._of(place, place + len(word), [word])
        letters = re.match(r"[a-z]+(?=\d)", word)
        if letters is not None and letters.group() in self._all:
            return self._of(place, place + letters.end(), [letters.group()])
        return None

    def _of(self, start: int, end: int, words: Sequence[str]) -> WordFit:
        fits = tuple(n for n, its in enumerate(self._words) if its & set(words))
        return WordFit(start, end, fits, frozenset(words))
