"""What may go wrong in a run: chosen by the seed, counted when it happened, and stopped for liveness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

KINDS: dict[str, float] = {
    "crash.before_commit": 0.004,
    "crash.after_commit": 0.004,
    "crash.before_answer": 0.006,
    "crash.after_mark": 0.08,
    "crash.after_ask": 0.08,
    "crash.anywhere": 1.0,
    "crash.power_cut": 1.0,
    "engine.clean_stop": 0.7,
    "engine.zombie": 1.0,
    "engine.frozen": 0.7,
    "machine.suspended": 0.7,
    "clock.forward": 0.7,
    "clock.back": 0.7,
    "disk.full": 1.0,
    "disk.busy": 0.01,
    "disk.unknown_kept": 0.01,
    "disk.unknown_lost": 0.006,
    "disk.broken": 0.003,
    "disk.slow": 0.01,
    "snapshot.small": 1.0,
    "snapshot.older": 1.0,
    "net.request_lost": 0.02,
    "net.answer_lost": 0.03,
    "net.request_twice": 0.03,
    "net.slow": 0.02,
    "platform.late": 0.15,
    "platform.never": 0.12,
    "platform.lost": 0.1,
    "platform.arrives_late": 0.08,
    "platform.raises": 0.08,
    "platform.twice": 0.15,
    "platform.refuses": 0.2,
    "platform.refuses_end": 0.5,
    "seat.double": 0.1,
    "seat.stale": 0.15,
    "seat.wrong_role": 0.05,
    "seat.nonsense": 0.04,
    "seat.asks_again": 0.1,
    "seat.id_reused": 0.03,
    "producer.twice": 0.06,
    "producer.second_later": 0.06,
    "producer.after_restart": 0.5,
    "producer.hours_later": 0.5,
    "producer.out_of_order": 0.25,
    "producer.poison": 0.06,
    "producer.id_reused": 0.05,
    "engine.small_batches": 1.0,
}
"""kind → how likely at each chance, or its weight among what strikes every few seconds."""
STRIKES = (
    "crash.anywhere",
    "crash.power_cut",
    "engine.clean_stop",
    "engine.zombie",
    "engine.frozen",
    "machine.suspended",
    "clock.forward",
    "clock.back",
    "disk.full",
    "snapshot.older",
    "producer.hours_later",
)
"""Faults that strike a machine, one every few seconds; the others wait at their own place in the code."""


class Faults:
    """A run has about half of all kinds, so that each is seen alone and in company."""

    def __init__(self, dice: Random, only: frozenset[str] | None = None) -> None:
        self.told: Callable[[str], None] = lambda kind: None
        chosen = [kind for kind in KINDS if dice.random() < 0.5]
        self.chosen = frozenset(chosen if only is None else only)
        self.active = True
        self.seen: Counter[str] = Counter()
        self._dice = dice

    def strikes(self, kind: str, factor: float = 1.0) -> bool:
        """Whether it happens here and now."""
        if kind in self.chosen and self.active and self._dice.random() < KINDS[kind] * factor:
            self.seen[kind] += 1
            self.told(kind)
            return True
        return False

    def next_strike(self) -> str | None:
        possible = [kind for kind in STRIKES if kind in self.chosen]
        if not possible or not self.active:
            return None
        return self._dice.choices(possible, [KINDS[kind] for kind in possible])[0]
