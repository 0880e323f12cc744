"""Which lines give way where a window is low, in the one order that the desk has for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ui.panels.stage.product import HIGH_LINES, HIGH_SHORT
from ui.panels.stage.running import CARD, LINE

LOW: Final = 840
"""Pixels of the desk at text scale 1 under which what runs is always one line."""


LOWEST: Final = 500
"""Pixels of the desk at text scale 1 under which what is on stage may be two lines: large type on a small
screen. The smallest window at the usual size of type is higher."""


TINY: Final = 320
"""Pixels of the desk at text scale 1 under which the opening of a broadcast is one line: the largest type in
the smallest window."""


class DeskColumn(StrEnum):
    """One of the three."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


class Fold(StrEnum):
    """What gives way. Never: strip, 现在要做, recall bar, stop keys, 下一品, three rows of the queue."""

    PLAN_BARS = "plan_bars"
    DONE_SEGMENTS = "done_segments"
    CAPTION = "caption"
    """The line over the questions, and their second line of chips."""
    CARDS = "cards"
    """What runs, in one line."""
    METER = "meter"
    """扣 1."""
    SIZES = "sizes"
    """The stock by sizes, as the scarcest one."""
    PICTURE = "picture"
    """The picture on stage, smaller."""
    TOTAL = "total"
    """The queue's sum: only in the smallest window, where two rows are left."""
    LINES = "lines"
    """What is on stage, as two lines: its name and what is left, its price and whether viewers see it."""


GIVES: Final = {
    Fold.CARDS: CARD - LINE,
    Fold.CAPTION: 60,
    Fold.METER: 40,
    Fold.SIZES: 66,
    Fold.PICTURE: 0,  # it goes with the sizes: one height of the card for both
    Fold.TOTAL: 31,
    Fold.LINES: HIGH_SHORT - HIGH_LINES,
}
"""Pixels at text scale 1 that a column has back of each."""
FEED: Final = 640
"""Pixels at text scale 1 of the right column with a dozen rows of the feed under all that is over them."""


ORDER: Final = (
    (Fold.PLAN_BARS, DeskColumn.LEFT),
    (Fold.DONE_SEGMENTS, DeskColumn.LEFT),
    (Fold.CAPTION, DeskColumn.RIGHT),
    (Fold.CARDS, DeskColumn.MIDDLE),
    (Fold.METER, DeskColumn.RIGHT),
    (Fold.SIZES, DeskColumn.MIDDLE),
    (Fold.PICTURE, DeskColumn.MIDDLE),
    (Fold.TOTAL, DeskColumn.MIDDLE),
    (Fold.LINES, DeskColumn.MIDDLE),
)


def folded(window: float, lacks: Mapping[DeskColumn, int], gives: Mapping[Fold, int]) -> frozenset[Fold]:
    """What gives way.

    Args:
        window: the desk's height in pixels of text scale 1.
        lacks: by how much each column is lower than all that it holds, with nothing folded.
        gives: how much each step gives its column.
    """
    found = {Fold.CARDS} if window < LOW else set()
    left = dict(lacks)
    for step in found:
        left[DeskColumn.MIDDLE] = left.get(DeskColumn.MIDDLE, 0) - gives.get(step, 0)
    for step, column in ORDER:
        if step is Fold.LINES and window >= LOWEST:
            continue
        if step not in found and left.get(column, 0) > 0:
            found.add(step)
            left[column] -= gives.get(step, 0)
    return frozenset(found)
