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


class Scored(NamedTuple):
    """One customer with his three scores."""

    bought: CustomerSum
    recency_days: int
    r: int
    f: int
    m: int
    segment: str

    @property
    def score(self) -> str:
        """Return the three as they are written: ``545``."""
        return f"{self.r}{self.f}{self.m}"


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


def scored(customers: Sequence[CustomerSum], on: int, segments: Sequence[RfmSegment]) -> list[Scored]:
    """Return every customer with his scores as of day ``on`` (an ordinal), in the order given."""
    if not customers:
        return []
    late = cuts(on - one.last_day for one in customers)
    often = cuts(one.orders for one in customers)
    much = cuts((one.fen for one in customers), _FEN)
    named: dict[tuple[int, int, int], str] = {}
    found = []
    for one in customers:
        days = on - one.last_day
        r = _FIFTHS - bisect_right(late, _FIFTHS * days)
        f = 1 + bisect_right(often, _FIFTHS * one.orders)
        m = 1 + bisect_right(much, _FIFTHS * one.fen)
        name = named.get((r, f, m))
        if name is None:
            name = named[r, f, m] = segment_of(r, f, m, segments)
        found.append(Scored(one, days, r, f, m, name))
    return found


def segment_of(r: int, f: int, m: int, segments: Sequence[RfmSegment]) -> str:
    """Return the first segment whose three intervals hold the scores; `OTHERS` where none does."""
    for one in segments:
        if all(
            low <= score <= high for score, (low, high) in zip((r, f, m), (one.r, one.f, one.m), strict=True)
        ):
            return one.name
    return OTHERS
