"""影响力 of a sharer: what he brought, each part as a percentile among this shop's sharers. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

DAYS: Final = 30
"""What counts is of the last days."""
WEIGHTS: Final = {"amount": 40, "visits": 30, "orders": 20, "days": 10}
"""Percent of each part."""


class SharerSums(Struct, frozen=True, gc=False):
    """What one sharer brought: paid amount, visits, orders, and days on which somebody came by him."""

    amount: int
    visits: int
    orders: int
    days: int


class Influence(Struct, frozen=True, gc=False):
    """``score`` and its parts are 0 to 100."""

    score: float
    amount: float
    visits: float
    orders: float
    days: float


def influence(all_: Sequence[SharerSums]) -> list[Influence]:
    """Return each one's, in their order.

    A percentile is the share of sharers who have no more than he has; of nothing it is nought.
    """
    parts: dict[str, list[float]] = {}
    for name in WEIGHTS:
        values = [getattr(one, name) for one in all_]
        ordered = sorted(values)
        parts[name] = [
            100 * bisect_right(ordered, value) / len(ordered) if value > 0 else 0.0 for value in values
        ]
    found = []
    for place in range(len(all_)):
        of = {name: parts[name][place] for name in WEIGHTS}
        score = sum(WEIGHTS[name] * part for name, part in of.items()) / 100
        found.append(Influence(round(score, 1), **{name: round(part, 1) for name, part in of.items()}))
    return found
