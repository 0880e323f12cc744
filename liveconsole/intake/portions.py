"""How many of a sale each SKU gets: one total, shared by what is left of each, or evenly. Pure.

The shares add up to the total, and none is above what is left; of a total that is more than all of it, all of
it.
"""

from __future__ import annotations

from collections.abc import Sequence


def by_stock(total: int, left: Sequence[int]) -> list[int]:
    """Return the total shared in the proportion of ``left``; who has any gets one while there is one."""
    left = [max(0, units) for units in left]
    whole = sum(left)
    total = max(0, min(total, whole))
    if not total:
        return [0] * len(left)
    shares = [total * units // whole for units in left]
    _hand_out(shares, left, total, lambda n: (-(total * left[n] % whole), n))
    _nobody_without(shares, left)
    return shares


def evenly(total: int, left: Sequence[int]) -> list[int]:
    """Return the total shared alike; what one has too little for goes to the others."""
    left = [max(0, units) for units in left]
    total = max(0, min(total, sum(left)))
    shares, rest = [0] * len(left), total
    while rest:
        open_ = [n for n, units in enumerate(left) if shares[n] < units]
        each = max(1, rest // len(open_))
        for n in open_:
            more = min(each, left[n] - shares[n], rest)
            shares[n] += more
            rest -= more
    return shares


def _hand_out(shares: list[int], left: Sequence[int], total: int, order: object) -> None:
    rest = total - sum(shares)
    for n in sorted(range(len(shares)), key=order):  # type: ignore[call-overload]
        if rest and shares[n] < left[n]:
            shares[n] += 1
            rest -= 1


def _nobody_without(shares: list[int], left: Sequence[int]) -> None:
    """One of the largest share to each that would get none: a size that is not in the sale cannot be had."""
    for n, units in enumerate(left):
        if units and not shares[n] and max(shares) > 1:
            shares[shares.index(max(shares))] -= 1
            shares[n] = 1
