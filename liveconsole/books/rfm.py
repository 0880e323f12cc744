"""RFM: how recently, how often and for how much somebody bought, each as a score of 1 to 5, and the segment
that the three make.

The cut points are those of the R package ``rfm``: quintiles of type 7, plus one of the unit that is counted
in (a day, an order, a 元). A score's interval holds its lower bound and not its upper one; who came last is
a 5. All of it is in whole numbers: a cut point is kept as five times itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from liveconsole.books.figures import RfmSegment

OTHERS: Final = "Others"
"""The segment of scores that no interval of the table holds."""
_FIFTHS: Final = 5
_FEN: Final = 100


class CustomerSum(NamedTuple):
    """What one customer bought, over all that is looked at."""

    pid: str
    last_day: int
    """Of his last order, as an ordinal of the Chinese day."""
    orders: int
    fen: int
    """Paid, less what was given back."""


class RfmScore(NamedTuple):
    """Three scores, which many customers share."""

    r: int
    f: int
    m: int
    segment: str
    score: str
    """The three as they are written: ``545``."""


def cuts(values: Iterable[int], unit: int = 1) -> list[int]:
    """Return the four cut points of some values, each five times as large as it is."""
    ordered = sorted(values)
    last = len(ordered) - 1
    found = []
    for fifth in range(1, _FIFTHS):
        place, part = divmod(last * fifth, _FIFTHS)
        low, high = ordered[place], ordered[min(place + 1, last)]
        found.append(_FIFTHS * (low + unit) + part * (high - low))
    return found


def scored(customers: Sequence[CustomerSum], on: int, segments: Sequence[RfmSegment]) -> list[RfmScore]:
    """Return the scores of every customer as of day ``on`` (an ordinal), in the order given."""
    if not customers:
        return []
    late = cuts(on - one.last_day for one in customers)
    often = cuts(one.orders for one in customers)
    much = cuts((one.fen for one in customers), _FEN)
    known: dict[tuple[int, int, int], RfmScore] = {}
    found = []
    for _, last_day, orders, fen in customers:
        r = _FIFTHS - bisect_right(late, _FIFTHS * (on - last_day))
        f = 1 + bisect_right(often, _FIFTHS * orders)
        m = 1 + bisect_right(much, _FIFTHS * fen)
        score = known.get((r, f, m))
        if score is None:
            score = known[r, f, m] = RfmScore(r, f, m, segment_of(r, f, m, segments), f"{r}{f}{m}")
        found.append(score)
    return found


def segment_of(r: int, f: int, m: int, segments: Sequence[RfmSegment]) -> str:
    """Return the first segment whose three intervals hold the scores; `OTHERS` where none does."""
    for one in segments:
        if all(
            low <= score <= high for score, (low, high) in zip((r, f, m), (one.r, one.f, one.m), strict=True)
        ):
            return one.name
    return OTHERS
