"""What 凑单 can do, exactly: the least sum of goods of one scope that reaches a threshold.

The sums that can be made stand as bits of one integer, in steps of the common divisor of the prices. One
table serves every SKU of a scope: a SKU that has one price may be taken any number of times, and so may
everything else. Only where a SKU has several prices (flash sales), those of its own that nobody else has may
not meet in one basket: a table without them is made of the same parts. Everything is integer 分.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import gcd
from typing import Final

from liveconsole.domain import time_limit

_MOST_STEPS: Final = 2_000_000
"""Sums looked at, as bits. A threshold beyond it is taken as exactly reachable, which is the lower price."""
MOST_WORK: Final = 2_000_000_000
"""Bits moved for all the tables of a question (some 50 ms); what would take more is taken as exactly
reachable as well."""
_MOST_APART: Final = 64
"""SKUs of a scope whose own prices are kept apart; where there are more they may meet: never dearer."""
_NEAR: Final = 256
_SOME: Final = re.compile(rb"[^\0]")


class TooMuch(Exception):
    """A table would take more work than there is for it."""


class SumTable:
    """Sums that can be made, as bits up to a size; ``work``: bits that may be moved to make the next."""

    __slots__ = ("_bits", "_bytes", "_size", "_work")

    def __init__(self, size: int, work: int, bits: int = 1) -> None:
        self._size = size
        self._work = work
        self._bits = bits
        self._bytes: bytes | None = None

    def least(self, need: int) -> int | None:
        """Return the least sum ≥ ``need``."""
        if self._bytes is None:
            self._bytes = self._bits.to_bytes(self._size // 8 + 1, "little")
        place, bit = divmod(max(need, 0), 8)
        if place >= len(self._bytes):
            return None
        if first := self._bytes[place] >> bit:
            return need + (first & -first).bit_length() - 1
        if (near := _SOME.search(self._bytes, place + 1, place + _NEAR)) is not None:
            first = self._bytes[near.start()]
            return near.start() * 8 + (first & -first).bit_length() - 1
        above = self._bits >> need
        return need + (above & -above).bit_length() - 1 if above else None

    def any_of(self, pieces: Iterable[int]) -> SumTable:
        """With any number of each of the pieces; one that can be made already adds nothing.

        Raises:
            TooMuch: it takes more than the work that is left.
        """
        bits, size, mask, left = self._bits, self._size, _ones(self._size), self._work
        for piece in pieces:
            if bits >> piece & 1:
                continue
            time_limit.ask()
            shift = piece
            while shift <= size:
                bits |= bits << shift & mask
                shift *= 2
                left -= size
            if left < 0:
                raise TooMuch
        return self if bits is self._bits else SumTable(size, self._work, bits)

    def some_of(self, piece: int, most: int) -> SumTable:
        """With up to ``most`` of one piece."""
        bits, left, chunk, mask = self._bits, min(most, self._size // piece), 1, _ones(self._size)
        while left > 0:
            taken = min(chunk, left)
            bits |= bits << taken * piece & mask
            left -= taken
            chunk *= 2
        return SumTable(self._size, self._work, bits)


class Baskets:
    """What the goods of one scope can be put together to.

    Args:
        goods: unit price above 0 → the SKUs that have it.
        several: the SKUs that may have more than one price, with all of them.
        most: the highest threshold that will be asked for.
        work: bits that may be moved for it.
    """

    def __init__(
        self,
        goods: Mapping[int, set[str]],
        several: Mapping[str, Iterable[int]],
        most: int,
        work: int = MOST_WORK,
    ) -> None:
        self._prices = sorted(goods)
        own: dict[str, set[int]] = {}
        for fen, owners in goods.items():
            if len(owners) == 1:
                (sku_id,) = owners
                if sku_id in several:
                    own.setdefault(sku_id, set()).add(fen)
        self._own = {sku_id: frozenset(fens) for sku_id, fens in own.items()}
        self._step = gcd(*self._prices) or 1
        reach = -(-most // self._step)
        self._reach = reach * self._step
        small = [fen for fen in self._prices if fen <= self._reach]
        self._size = reach + max(small, default=0) // self._step
        self._work = work
        apart = {fen for fens in self._own.values() for fen in fens}
        self._groups = sorted(self._own)
        self._base = [fen // self._step for fen in small if fen not in apart]
        self._tables: dict[tuple[int, int], SumTable] = {}
        self._made: dict[tuple[str, int, int], SumTable] = {}
        self._all: SumTable | None = None
        self._exact = self._size <= _MOST_STEPS
        self._apart = len(self._groups) <= _MOST_APART

    def least(self, sku_id: str, unit: int, most_units: int, threshold: int) -> int | None:
        """Return the least sum ≥ ``threshold`` of 1 to ``most_units`` of the SKU at ``unit`` and any number
        of each of the other goods. None when no such basket exists."""
        if unit >= threshold:
            return unit
        own = self._own.get(sku_id, frozenset())
        need = -(-(threshold - unit) // self._step)
        smallest = next((fen for fen in self._prices if fen not in own and fen != unit), None)
        if smallest is None:  # nothing but itself, and what else has this price
            count = -(-threshold // unit) if unit else 0
            return count * unit if 0 < count <= most_units or (count and unit not in own) else None
        if unit and (most_units > 1 or unit not in own):
            smallest = min(smallest, unit)
        if need * self._step <= smallest:
            return unit + smallest
        if not self._exact:
            return threshold
        try:
            found = [self._of_small(sku_id, own, unit, most_units, need), self._one_large(own, need)]
        except TooMuch:
            self._exact = False
            return threshold
        sums = [steps for steps in found if steps is not None]
        return unit + min(sums) * self._step if sums else None

    def _one_large(self, own: frozenset[int], need: int) -> int | None:
        """One piece that is enough alone. What is larger than any threshold stands in no table."""
        for fen in self._prices[bisect_left(self._prices, need * self._step) :]:
            if fen not in own:
                return fen // self._step
        return None

    def _of_small(
        self, sku_id: str, own: frozenset[int], unit: int, most_units: int, need: int
    ) -> int | None:
        found = self._without(None).least(need)
        if found is None or not self._apart or not own - ({unit} if self._many(unit, most_units) else set()):
            return found
        if self._without_any().least(need) == found:
            return found
        return self._of(sku_id, unit, most_units).least(need)

    def _of(self, sku_id: str, unit: int, most_units: int) -> SumTable:
        """The table for one price of a SKU, without its others."""
        key = (sku_id, unit, most_units)
        table = self._made.get(key)
        if table is None:
            table, piece = self._without(sku_id), unit // self._step
            if unit in self._own[sku_id]:
                many = self._many(unit, most_units)
                table = table.any_of([piece]) if many else table.some_of(piece, most_units - 1)
            self._made[key] = table
        return table

    def _many(self, unit: int, most_units: int) -> bool:
        """Whether so many units are as good as any number."""
        return unit > 0 and (most_units - 1) * unit > self._size * self._step

    def _without_any(self) -> SumTable:
        return _made_of(self._size, self._work, tuple(self._base))

    def _without(self, sku_id: str | None) -> SumTable:
        """Everything, but for what this SKU alone has. Halves of the SKUs with prices of their own are put in
        together, so that each goes in once for each halving and not once for each of the others."""
        if sku_id is None:
            if self._all is None:
                apart = self._pieces(0, len(self._groups))
                self._all = _made_of(self._size, self._work, (*self._base, *apart))
            return self._all
        place, first, end = self._groups.index(sku_id), 0, len(self._groups)
        table = self._without_any()
        while end - first > 1:
            middle = (first + end) // 2
            others = (middle, end) if place < middle else (first, middle)
            first, end = (first, middle) if place < middle else (middle, end)
            known = self._tables.get((first, end))
            if known is None:
                known = self._tables[first, end] = table.any_of(self._pieces(*others))
            table = known
        return table

    def _pieces(self, first: int, end: int) -> list[int]:
        own = {fen for sku_id in self._groups[first:end] for fen in self._own[sku_id]}
        return sorted(fen // self._step for fen in own if fen <= self._reach)


@lru_cache(maxsize=64)
def baskets_of(rows: tuple[tuple[str, tuple[int, ...]], ...], most: int, work: int) -> Baskets:
    """Return the baskets of a scope, told as its SKUs, each with every price that it may have. Most scopes
    stay as they are from one question to the next."""
    goods: dict[int, set[str]] = {}
    for sku_id, fens in rows:
        for fen in fens:
            if (owners := goods.get(fen)) is not None:
                owners.add(sku_id)
            elif fen:
                goods[fen] = {sku_id}
    return Baskets(goods, {sku_id: fens for sku_id, fens in rows if len(fens) > 1}, most, work)


@lru_cache(maxsize=64)
def _made_of(size: int, work: int, pieces: tuple[int, ...]) -> SumTable:
    """Asked again and again while the goods stay the same."""
    return SumTable(size, work).any_of(pieces)


@lru_cache(maxsize=16)
def _ones(size: int) -> int:
    return (1 << (size + 1)) - 1
