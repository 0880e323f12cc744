"""Text as it is compared with a list: what hides a word from the eye of a machine is taken away."""

from __future__ import annotations

import unicodedata
from typing import Final

from liveconsole.messages.text import OLD_FORMS, folded_with_places

_BREAKS: Final = frozenset('\n\r\t,;:!?。，；：！？、…()（）[]【】「」『』《》“”"')
"""Where a sentence or a part of it ends: no word goes over it."""
_JOINERS: Final = frozenset(".*-_·•~'`^|/\\+=")
"""What is put between the letters of a word, besides blanks, pictures and marks."""
_LOST: Final = frozenset(
    {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me", "Zs", "Zl", "Zp", "Sk", "So", "Pc", "Pd", "Po"}
)


class Letters:
    """``text`` without joiners, in one form; ``places``: where each letter stood, one more at the end."""

    def __init__(self, text: str) -> None:
        folded, places = folded_with_places(text)
        folded = folded.translate(OLD_FORMS)
        kept = _kept(folded)
        self.text = "".join("\n" if folded[n] in _BREAKS else folded[n] for n in kept)
        self.places = [*(places[n] for n in kept), len(text)]
        self._folded = folded
        self._kept = [*kept, len(folded)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these letters stand in the text as it was given."""
        return self.places[start], self.places[end - 1] + 1

    def cuts_a_word(self, start: int, end: int) -> bool:
        """Whether these letters are a part of a longer Latin word or number, as it was written."""
        first, last = self._kept[start], self._kept[end - 1]
        before = self._folded[first - 1] if first else ""
        after = self._folded[last + 1] if last + 1 < len(self._folded) else ""
        return _one_word(before, self._folded[first]) or _one_word(self._folded[last], after)


def _kept(folded: str) -> list[int]:
    """Places of the letters that count: of 「100 %」 the sign too, of 「药，到，病，除」 no comma."""
    kept: list[int] = []
    number = False
    for place, letter in enumerate(folded):
        if letter in _BREAKS or not _joins(letter) or (number and letter == "%"):
            kept.append(place)
        if not _joins(letter):
            number = letter.isdigit()
    breaks = [-1, *(n for n, place in enumerate(kept) if folded[place] in _BREAKS), len(kept)]
    spread = {
        breaks[n]
        for n in range(1, len(breaks) - 1)
        if breaks[n] - breaks[n - 1] == 2 == breaks[n + 1] - breaks[n]
    }
    return [place for n, place in enumerate(kept) if n not in spread] if spread else kept


def _joins(letter: str) -> bool:
    if letter.isalnum():
        return False
    return letter in _JOINERS or unicodedata.category(letter) in _LOST


def _one_word(left: str, right: str) -> bool:
    if not left.isascii() or not right.isascii():
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())
