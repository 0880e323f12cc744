"""What rivals' best sellers say: price bands, how far they lie over ours, how much hangs on few."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

EDGES: Final = (5_000, 10_000, 20_000, 50_000)
"""Upper ends of the price bands in 分, the last one has none: ≤ 50, 50–100, 100–200, 200–500, > 500 元."""
FIRST: Final = 3
"""Goods whose share of the sales is 爆品集中度."""
_SHORT: Final = 2
"""Letters of a title that are too few to know goods by."""


def bands(prices: Iterable[int]) -> list[int]:
    """Return how many prices lie in each band; one on an edge is in the lower."""
    counts = [0] * (len(EDGES) + 1)
    for fen in prices:
        counts[next((place for place, edge in enumerate(EDGES) if fen <= edge), len(EDGES))] += 1
    return counts


def band_edges() -> list[tuple[int, int | None]]:
    """Return each band's ends in 分: above the first, up to the second."""
    return [*pairwise((0, *EDGES)), (EDGES[-1], None)]


def overlap(ours: Sequence[int], theirs: Sequence[int]) -> float | None:
    """Return the share of SKUs that lie in the same bands, 0 to 1; None where one of both has none."""
    if not sum(ours) or not sum(theirs):
        return None
    return float(
        sum(min(Fraction(a, sum(ours)), Fraction(b, sum(theirs))) for a, b in zip(ours, theirs, strict=True))
    )


def concentration(sold: Sequence[int | None]) -> float | None:
    """Return the share of sales that the first goods have; None where one's sales are not known, or all are
    nought."""
    known = [units for units in sold if units is not None]
    if len(known) < len(sold) or not sum(known):
        return None
    return sum(sorted(known, reverse=True)[:FIRST]) / sum(known)


def plain_title(title: str) -> str:
    """Return a title as it is compared: no case, no blanks, no signs."""
    letters = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def same_goods(ours: str, theirs: str) -> bool:
    """Tell whether two titles may be of the same goods: one stands whole in the other."""
    first, second = sorted((plain_title(ours), plain_title(theirs)), key=len)
    return len(first) >= _SHORT and first in second
