"""What was measured, and how it stands to its limit or rival and to what it must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct

Of = Literal["value", "ratio"]


class Bound(Struct, frozen=True):
    """What a figure must reach, or (``goal``) should."""

    limit: float
    most: bool
    """At most ``limit``; otherwise at least."""
    of: Of = "value"
    goal: bool = False

    def holds(self, number: float | None) -> bool:
        """Whether ``number`` keeps it; what was not measured does not."""
        if number is None:
            return False
        return number <= self.limit if self.most else number >= self.limit


def least(limit: float, of: Of = "value", *, goal: bool = False) -> Bound:
    """At least ``limit``."""
    return Bound(limit, False, of, goal)


def most(limit: float, of: Of = "value", *, goal: bool = False) -> Bound:
    """At most ``limit``."""
    return Bound(limit, True, of, goal)


class BenchRow(Struct, frozen=True):
    """One line of the table. ``ratio`` is what its sentence in ``beside`` says it is, both measured in the
    same run."""

    row: str
    what: str
    value: float | None
    unit: str = ""
    beside: str = ""
    """The limit or the rival, in words."""
    other: float | None = None
    """Its figure, in the same unit."""
    ratio: float | None = None
    bounds: Sequence[Bound] = ()
    note: str = ""

    def number(self, bound: Bound) -> float | None:
        """What ``bound`` is about."""
        return self.ratio if bound.of == "ratio" else self.value

    def verdict(self) -> str:
        """``ok``, ``miss`` (a must is not kept), ``ok, below goal``, or nothing where nothing is asked."""
        if not self.bounds:
            return ""
        if any(not b.goal and not b.holds(self.number(b)) for b in self.bounds):
            return "miss"
        below = any(not b.holds(self.number(b)) for b in self.bounds)
        return "ok, below goal" if below else "ok"

    def as_json(self) -> dict[str, Any]:
        """The line for ``--json``."""
        return {
            "row": self.row,
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "beside": self.beside,
            "other": self.other,
            "ratio": self.ratio,
            "bounds": [
                {
                    "of": b.of,
                    "at": "most" if b.most else "least",
                    "limit": b.limit,
                    "kind": "goal" if b.goal else "must",
                    "kept": b.holds(self.number(b)),
                }
                for b in self.bounds
            ],
            "verdict": self.verdict(),
            "note": self.note,
        }


def against(value: float | None, other: float | None) -> float | None:
    """value / other, where both were measured."""
    return value / other if value is not None and other else None


def quantile(values: Sequence[float], share: float) -> float:
    """The nearest-rank quantile; 0.0 of nothing."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
