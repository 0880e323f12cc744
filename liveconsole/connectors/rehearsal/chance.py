"""Seeded randomness: the world's dice, and the engine's `Chance` where a rehearsal must be repeatable."""

from __future__ import annotations

import hashlib
import math
from random import Random

from liveconsole.domain.drand import QUICKNET


def poisson(dice: Random, mean: float) -> int:
    """How often something of that mean happens; the normal curve stands in for large means."""
    if mean <= 0:
        return 0
    if mean > 50:
        return max(0, round(dice.gauss(mean, math.sqrt(mean))))
    floor, product, count = math.exp(-mean), dice.random(), 0
    while product > floor:
        product *= dice.random()
        count += 1
    return count


class SeededChance:
    """`liveconsole.domain.context.Chance` for simulated rooms only: whoever knows the seed foresees all."""

    chain = QUICKNET

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._count = 0

    def fresh(self, size: int) -> bytes:
        self._count += 1
        return _stretch(f"{self._seed}/fresh/{self._count}", size)

    def secret(self, draw_id: str) -> bytes:
        return _stretch(f"{self._seed}/secret/{draw_id}", 32)


def person_key(seed: int) -> bytes:
    """The room's own key of a repeatable rehearsal, so that two of them name people alike."""
    return _stretch(f"{seed}/person_key", 32)


def _stretch(name: str, size: int) -> bytes:
    return hashlib.shake_256(f"liveconsole rehearsal {name}".encode()).digest(size)
