"""What an evening brings: by the shop's word where it has settled an order, else a range.

An order that is not settled brings what was paid and not given back, less the fee of each line's category
and what a payout costs. A fee is a range, and money that is asked back may still go: the low end takes all of
it off, the high end nothing. What nobody knows makes the sum unknown, never less. Integer 分; a part of a
分 goes against the shop at the low end, and in its favour at the high one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct, field

from liveconsole.domain.discount import share

WHOLE: Final = 10_000
"""A rate is in hundredths of a percent: 500 is 5 %."""


class Rate(Struct, frozen=True, gc=False):
    """Of ``WHOLE``, the least and the most."""

    low: int
    high: int


class SoldLine(Struct, frozen=True, gc=False):
    """``fen``: its price at the order, by which payment and refund are shared over lines. ``category``: as
    the catalogue calls it; empty where it says none."""

    category: str
    fen: int


class SoldOrder(Struct, frozen=True, gc=False):
    """One order that was paid. ``asked_back_fen``: what open after-sales ask for, beyond what went back.
    ``settled_fen``: what the shop paid us of it in the end; None while it has not."""

    paid_fen: int
    refund_fen: int
    lines: Sequence[SoldLine]
    asked_back_fen: int = 0
    settled_fen: int | None = None
    fee_fen: int | None = None
    commission_fen: int | None = None
    """Of those who brought the buyer, as the shop says; None: it says none."""
    after_fen: int = 0
    """What may have gone back after the shop had paid, and be taken off a later payout."""
    times: int = 1
    """So many orders are just like this one."""

    @property
    def left_fen(self) -> int:
        return max(0, self.paid_fen - self.refund_fen)


class CategorySum(Struct):
    """What of an evening was of one category: the sum on which its fee is taken, and the fee."""

    base_fen: int = 0
    fee_low_fen: int = 0
    fee_high_fen: int = 0


class Settlement(Struct):
    """An evening's sum. ``low_fen`` and ``high_fen`` are of what is known; `known`: that is all."""

    orders: int = 0
    settled: int = 0
    paid_fen: int = 0
    refund_fen: int = 0
    asked_back_fen: int = 0
    commission_fen: int = 0
    settled_fen: int = 0
    low_fen: int = 0
    high_fen: int = 0
    unknown_orders: int = 0
    unknown_fen: int = 0
    """What was paid and not given back of orders whose fee nobody knows."""
    unknown: dict[str, int] = field(default_factory=dict)
    """Category → lines without a fee; empty: the catalogue says none."""
    categories: dict[str, CategorySum] = field(default_factory=dict)
    payout_known: bool = True

    @property
    def known(self) -> bool:
        return not self.unknown_orders and (self.payout_known or self.settled == self.orders)


class CategoryRate(Struct, frozen=True, gc=False):
    """The rate of a category by what a catalogue calls it, and what the table calls it."""

    name: str
    rate: Rate


def settle(orders: Iterable[SoldOrder], rates: dict[str, CategoryRate], payout: Rate | None) -> Settlement:
    """Return what the orders come to.

    Args:
        rates: what a catalogue calls a category → its rate; those that are not in it are unknown.
        payout: what a payout costs of what reaches the shop; None: nobody said.
    """
    found = Settlement(payout_known=payout is not None)
    for order in orders:
        times = order.times
        found.orders += times
        found.paid_fen += order.paid_fen * times
        found.refund_fen += order.refund_fen * times
        if order.settled_fen is not None:
            found.settled += times
            found.settled_fen += order.settled_fen * times
            found.commission_fen += (order.commission_fen or 0) * times
            found.low_fen += (order.settled_fen - order.after_fen) * times
            found.high_fen += order.settled_fen * times
        else:
            _open(found, order, rates, payout or Rate(0, 0))
    return found


def _open(found: Settlement, order: SoldOrder, rates: dict[str, CategoryRate], payout: Rate) -> None:
    """Add one that the shop has not settled."""
    left, times = order.left_fen, order.times
    unknown = [line.category for line in order.lines if line.category not in rates]
    if unknown or not order.lines:
        if left:  # of what was given back whole nothing is charged, whatever it was
            found.unknown_orders += times
            found.unknown_fen += left * times
            for category in unknown or [""]:
                found.unknown[category] = found.unknown.get(category, 0) + times
        return
    commission = min(order.commission_fen or 0, left)
    asked = min(order.asked_back_fen, left)
    found.commission_fen += commission * times
    found.asked_back_fen += asked * times
    kept = left - asked
    by_category: dict[str, int] = {}
    for line in order.lines:
        by_category[line.category] = by_category.get(line.category, 0) + line.fen
    low_fee = sum(high for _, _, high in _fees(by_category, kept, rates))
    high_fee = 0
    for category, (base, low, high) in zip(by_category, _fees(by_category, left, rates), strict=True):
        sum_ = found.categories.setdefault(rates[category].name, CategorySum())
        sum_.base_fen += base * times
        sum_.fee_low_fen += low * times
        sum_.fee_high_fen += high * times
        high_fee += low
    least = max(0, kept - low_fee - commission)
    most = max(0, left - high_fee - commission)
    high = most - most * payout.low // WHOLE
    found.low_fen += min(least - _up(least * payout.high), high) * times
    found.high_fen += high * times


def _fees(
    by_category: dict[str, int], fen: int, rates: dict[str, CategoryRate]
) -> list[tuple[int, int, int]]:
    """Each category's part of a sum, with the least and the most that is charged on it."""
    amounts = list(by_category.values())
    whole = sum(amounts)
    if whole < fen:  # more was paid than the lines' prices: the way there is charged with the goods
        amounts = [amount * -(-fen // whole) if whole else fen for amount in amounts]
    parts = share(fen, amounts)
    return [
        (part, part * rates[name].rate.low // WHOLE, _up(part * rates[name].rate.high))
        for name, part in zip(by_category, parts, strict=True)
    ]


def _up(hundredths: int) -> int:
    return -(-hundredths // WHOLE)


def split(fen: int, parts: Sequence[int]) -> list[int]:
    """Return each part of a sum, the shop's own last: they add up to it exactly, the largest remainders get
    the 分 that are left, earlier ones first. A loss is shared as a gain is.

    Args:
        parts: hundredths of a percent, at most `WHOLE` together; the rest is the shop's.
    """
    weights = [*parts, WHOLE - sum(parts)]
    if any(weight < 0 for weight in weights):
        raise ValueError(f"{parts} is more than the whole")
    size = abs(fen)
    found = [size * weight // WHOLE for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % WHOLE), i))
    for i in by_remainder[: size - sum(found)]:
        found[i] += 1
    return found if fen >= 0 else [-each for each in found]
