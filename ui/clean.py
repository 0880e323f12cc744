"""Text from outside, fit to be painted: the rule that every word on the screen goes through."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category

CAP: Final = 500
"""Characters of one outside text that are ever measured or painted (reliability: paint ≤ 2 ms)."""

_MARKS: Final = 4
"""Marks that one letter may carry; no script that is written needs more."""
_GONE: Final = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARKED: Final = re.compile(
    "[\u0300-\u1fff\u20d0-\u20ff\u2c00-\u2dff\u302a-\u302f\u3099\u309a\ua600-\uabff\ufb1e\ufe20-\ufe2f"
    "\U00010000-\U0001efff]|[\ufe00-\ufe0f]{2}"
)
"""Scripts that have marks: only their texts are worth the look at every letter."""
_CHAIN: Final = re.compile("((?:\u200d[^\u200d]{1,2}){8})(?:\u200d[^\u200d]{1,2})+|\u200d(?=\u200d)")
_SPACE: Final = re.compile(r"\s+")
_ODD: Final = re.compile(
    "[^\u0020-\u007e\u00b7\u2010-\u2027\u3001-\u30ff\u4e00-\u9fff\uff01-\uff5e¥]|[\u302a-\u302f\u3099\u309a]"
)
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def clean(text: str, cap: int = CAP, *, lines: bool = False) -> str:
    """Text fit to be painted: no control, zero-width, direction or tag characters, at most four marks on a
    letter and eight joins in a row, one line (unless ``lines``), at most ``cap`` characters; text that
    runs right to left is isolated so that it cannot turn its neighbours round.
    """
    text = text[:cap]
    if is_ordinary(text):
        return text
    if lines:
        return "\n".join(clean(line, cap) for line in text.splitlines())
    text = _GONE.sub("", _SPACE.sub(" ", text))
    if _MARKED.search(text) is not None:
        text = _thinned(text)
    text = _CHAIN.sub(r"\1", text)
    if _RIGHT_TO_LEFT.search(text):
        return f"\u2068{text}\u2069"
    return text


def is_ordinary(text: str) -> bool:
    """Whether all of it is written Chinese and what is on a keyboard: no letter is wider than 宽."""
    return _ODD.search(text) is None


def _thinned(text: str) -> str:
    """The text without the marks that are piled on too high, whatever script they are of."""
    kept, pile = [], 0
    for letter in text:
        if category(letter) in ("Mn", "Me"):
            pile += 1
            if pile > _MARKS:
                continue
        elif letter != "\u200d":
            pile = 0
        kept.append(letter)
    return "".join(kept)
