"""Which comments are kind, told by a list of words alone: the method stands in docs/comments.md."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from liveconsole.respath import resources
from liveconsole.views.questions import GOOD, asks, one_of, spellings

LEAST: Final = 20
"""Comments of a segment under which nothing is said of it."""
LETTERS: Final = 60
"""Letters of a comment that are looked at."""
WORDS_MAX: Final = 2_000
_SAYS: Final = re.compile("[\u4e00-\u9fffA-Za-z]")


class GoodWords:
    """``counts``: whether a comment says anything; ``good``: whether it is kind."""

    def __init__(self, text: str) -> None:
        good: list[str] = []
        none: list[str] = []
        for line in text.lstrip("\ufeff").splitlines():
            bare = line.partition("#")[0].strip()
            (none if bare.startswith("!") else good).extend(bare.removeprefix("!").split())
        self._good = one_of(each for word in good[:WORDS_MAX] for each in spellings(word))
        self._none = one_of(each for word in none[:WORDS_MAX] for each in spellings(word))

    def counts(self, text: str) -> bool:
        """Tell whether a comment has letters: 扣 1, pictures and marks alone say nothing."""
        return _SAYS.search(text[:LETTERS]) is not None

    def good(self, text: str) -> bool:
        """Tell whether a comment is kind: it has a good word outside every phrase that is none, and asks
        nothing."""
        text = text[:LETTERS]
        if self._good.search(text) is None or asks(text):
            return False
        return self._good.search(self._none.sub("\0", text)) is not None


@cache
def built_in() -> GoodWords:
    """Return the list that comes with the program."""
    return GoodWords((resources() / GOOD).read_text("utf-8"))
