"""How much coupons can take off one unit at most, whatever it is put into a basket with.

Every sum from the unit's own price on is taken as one that can be made, so that only prices and rules count:
what is found for a price stays true whatever becomes of the goods, and is kept from one question to the next.
`basket` finds what can really be made, which is never more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from liveconsole.domain.discount import thousandths
from liveconsole.messages.specs import CouponRule

_KEPT: Final = 400_000
"""Prices remembered, of all rules together: some 40 MB. Then everything is found anew."""


class Taking:
    """What a rule takes off one unit."""

    __slots__ = ("flat", "key", "part", "steps")

    def __init__(self, rule: CouponRule) -> None:
        self.part = 1000 - thousandths(rule.zhe) if rule.zhe is not None else 0
        self.steps = _steps(rule)
        # What it takes off is within ``part`` of the price and ``flat`` together; the 1 is a 分 rounded up.
        self.flat = max((off for _, off in self.steps), default=1)
        self.key = (self.part, *self.steps)
        """Two rules with the same are the same."""

    def most(self, price_fen: int) -> int:
        """Return the most that one unit can save with it alone."""
        most = -(-price_fen * self.part // 1000)
        for sum_, off in self.steps:
            saved = min(off, price_fen if sum_ <= price_fen else -(-min(off, sum_) * price_fen // sum_))
            if saved > most:
                most = saved
        return most

    def sums(self, price_fen: int) -> Iterable[int]:
        """Sums at which the discount of one unit can be at its greatest: where a step of the rule begins."""
        if self.part:
            return (price_fen, price_fen + 1)
        return {max(price_fen, sum_) for sum_, _ in self.steps}

    def off_unit(self, price_fen: int, sum_fen: int) -> int:
        """Return what one unit can save in a basket of ``sum_fen``, a part of a 分 taken as a whole one."""
        if self.part:
            off = price_fen * self.part
            return off // 1000 if sum_fen == price_fen else -(-off // 1000)
        off = 0
        for sum_, whole in self.steps:
            if sum_ <= sum_fen:
                off = whole
        off = min(off, sum_fen)
        return off if sum_fen == price_fen else -(-off * price_fen // sum_fen)


def _steps(rule: CouponRule) -> list[tuple[int, int]]:
    """(threshold, what is off from there on), rising."""
    if rule.zhe is not None:
        return []
    if rule.tiers is None:
        return [(rule.threshold_fen or 0, rule.off_fen or 0)]
    sums = sorted({tier.threshold_fen for tier in rule.tiers})
    return [(s, max(t.off_fen for t in rule.tiers if t.threshold_fen <= s)) for s in sums]


class Beside:
    """Coupons of one scope that come in any case, all in the same basket."""

    __slots__ = ("_added", "_plain", "_spare", "_takings")

    def __init__(self, takings: Sequence[Taking]) -> None:
        self._takings = takings
        self._plain: dict[int, int] = {}
        self._spare: dict[int, int] = {}
        self._added: dict[tuple[object, ...], dict[int, int]] = {}

    def plain(self, fen: int) -> int:
        """Return what they take off without another."""
        found = self._plain.get(fen)
        if found is None:
            found = self._plain[fen] = self._best(fen, {s for t in self._takings for s in t.sums(fen)})
            _count()
        return found

    def adds(self, taking: Taking, fen: int) -> int:
        """Return what one more in the same basket adds."""
        if not self._takings:
            return taking.most(fen)
        added = self._added.setdefault(taking.key, {})
        found = added.get(fen)
        if found is None:
            steps = {s for t in (*self._takings, taking) for s in t.sums(fen)}
            found = added[fen] = self._best(fen, steps, taking) - self.plain(fen)
            _count()
        return found

    def may_add(self, taking: Taking, fen: int) -> int:
        """Return a number that `adds` is never over, found at once."""
        if not self._takings:
            return taking.most(fen)
        spare = self._spare.get(fen)
        if spare is None:
            spare = self._spare[fen] = sum([t.most(fen) for t in self._takings]) - self.plain(fen)
            _count()
        return taking.most(fen) + spare

    def _best(self, fen: int, sums: Iterable[int], more: Taking | None = None) -> int:
        most = 0
        takings = self._takings if more is None else (*self._takings, more)
        for sum_ in sums:
            off = 0
            for taking in takings:
                off += taking.off_unit(fen, sum_)
            if off > most:
                most = off
        return most


class OneOf:
    """Coupons of which one may be chosen, as a chain: one more coupon looks at itself alone."""

    __slots__ = ("_adds", "_beside", "_longer", "_may_add", "_shorter", "_taking")

    def __init__(self, shorter: OneOf | None, taking: Taking | None, beside: Beside | None) -> None:
        self._shorter, self._taking, self._beside = shorter, taking, beside
        self._adds: dict[int, int] = {}
        self._may_add: dict[int, int] = {}
        self._longer: dict[object, OneOf] = {}

    def and_(self, taking: Taking, beside: Beside) -> OneOf:
        key = (taking.key, id(beside))
        found = self._longer.get(key)
        if found is None:
            found = self._longer[key] = OneOf(self, taking, beside)
            _count()
        return found

    def adds(self, fen: int) -> int:
        """Return the most that any of them adds to what comes in any case."""
        found = self._adds.get(fen)
        if found is None:
            ahead, found = self._ahead(fen, "_adds")
            for taking, beside in ahead:
                if beside.may_add(taking, fen) > found:
                    found = max(found, beside.adds(taking, fen))
            self._adds[fen] = found
            _count()
        return found

    def may_add(self, fen: int) -> int:
        """Return a number that `adds` is never over, found at once."""
        found = self._may_add.get(fen)
        if found is None:
            ahead, found = self._ahead(fen, "_may_add")
            for taking, beside in ahead:
                found = max(found, beside.may_add(taking, fen))
            self._may_add[fen] = found
            _count()
        return found

    def _ahead(self, fen: int, known: str) -> tuple[list[tuple[Taking, Beside]], int]:
        """Those of which nothing is known at this price, and what is known of the ones before."""
        ahead: list[tuple[Taking, Beside]] = []
        one: OneOf | None = self
        if self._shorter is not None and self._taking is not None and self._beside is not None:
            before = getattr(self._shorter, known).get(fen)
            if before is not None:  # one coupon more: nearly always
                return [(self._taking, self._beside)], before
        while one is not None and fen not in getattr(one, known):
            if one._taking is not None and one._beside is not None:
                ahead.append((one._taking, one._beside))
            one = one._shorter
        return ahead[::-1], getattr(one, known)[fen] if one is not None else 0


class _Memory:
    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.besides: dict[tuple[object, ...], Beside] = {}
        self.none = OneOf(None, None, None)
        self.totals: dict[tuple[int, ...], tuple[object, dict[int, int]]] = {}
        """By the places of what is summed, which is kept beside it so that its place is nobody else's."""
        self.kept = 0


_memory = _Memory()


def _count() -> None:
    _memory.kept += 1


def make_room() -> None:
    """Forget everything where it has become much; to be asked for at the start of a question."""
    if _memory.kept > _KEPT:
        _memory.forget()


def none_of() -> OneOf:
    """Return the chain in which no coupon is yet."""
    return _memory.none


def beside(takings: Sequence[Taking]) -> Beside:
    key = tuple(taking.key for taking in takings)
    found = _memory.besides.get(key)
    if found is None:
        found = _memory.besides[key] = Beside(takings)
    return found


def totals(besides: Sequence[Beside], choices: Sequence[OneOf]) -> dict[int, int]:
    """Return where the sums for these coupons are kept, by price."""
    key = (*map(id, besides), 0, *map(id, choices))
    _, found = _memory.totals.setdefault(key, ((besides, choices), {}))
    return found
