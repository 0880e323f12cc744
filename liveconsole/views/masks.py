"""Names of viewers and words from outside as they may be shown in public. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from liveconsole.messages.fields import FORGOTTEN
from liveconsole.messages.text import normalise

NOBODY: Final = "观众"
"""Who is known by no name: forgotten on request, or never told of."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_KEPT: Final = frozenset("\u200d")  # joins emoji; alone it shows nothing
_SPACE: Final = re.compile(r"\s+")
_PILE: Final = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+"
)


def mask_name(name: str) -> str:
    """``糖糖不吃糖`` → ``糖**``: the first letter and always two stars, so that no length is told either."""
    for letter in normalise(name) if name != FORGOTTEN else "":
        if unicodedata.category(letter)[0] in "LNS":
            return f"{letter}**"
    return NOBODY


def plain_line(text: str, cap: int) -> str:
    """One line of at most ``cap`` characters without control, direction or unseen characters.

    Mark-up stays as written: whoever shows the line shows it as text.
    """
    line = _SPACE.sub(" ", text[: cap * 4]).strip()
    if not line.isprintable():
        line = "".join(c for c in line if c in _KEPT or unicodedata.category(c) not in _UNSEEN)
    line = _PILE.sub(r"\1", line)
    return line if len(line) <= cap else line[: cap - 1] + "…"
