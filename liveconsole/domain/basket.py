"""The least sum of goods that reaches a threshold: what 凑单 can do, exactly."""

from __future__ import annotations

from functools import lru_cache
from math import gcd
from typing import Final

_MOST_STEPS: Final = 2_000_000
"""Sums looked at, as bits. A threshold beyond it is taken as exactly reachable, which is the lower price."""


@lru_cache(maxsize=1024)
def least_sum(unit: int, most_units: int, others: tuple[int, ...], threshold: int) -> int | None:
    """The least sum ≥ ``threshold`` of 1 to ``most_units`` of ``unit`` and any number of each of ``others``.

    All in 分, ``others`` above 0. None when no such basket exists. The sums that can be reached stand as
    bits of one integer, in steps of the common divisor of the prices.
    """
    if unit >= threshold:
        return unit
    step = gcd(unit, *others)
    if step == 0 or (not others and unit * most_units < threshold):
        return None
    need = -(-(threshold - unit) // step)
    pieces = [other // step for other in others]
    size = need + max([unit // step, *pieces])
    if size > _MOST_STEPS:
        return threshold
    mask = (1 << (size + 1)) - 1
    sums = _more_units(unit // step, most_units - 1, size) & mask
    for piece in pieces:
        if sums >> need & 1:
            break
        sums = _any_number(sums, piece, size, mask)
    above = sums >> need
    if not above:
        return None
    return unit + (need + (above & -above).bit_length() - 1) * step


def _more_units(unit: int, most: int, size: int) -> int:
    """Bits at 0, unit, 2·unit … up to ``most`` of them, or just past ``size``."""
    if unit == 0:
        return 1
    sums, left, chunk = 1, min(most, size // unit + 1), 1
    while left:
        taken = min(chunk, left)
        sums |= sums << (taken * unit)
        left -= taken
        chunk *= 2
    return sums


def _any_number(sums: int, piece: int, size: int, mask: int) -> int:
    shift = piece
    while shift <= size:
        sums |= (sums << shift) & mask
        shift *= 2
    return sums
