"""Many seeds on every core, each or some of them twice: what broke, what was seen, how fast it was."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from msgspec import Struct, field

from tests.sim.run import run

CHUNK = 20


class Found(Struct):
    """What a number of seeds gave; ``broken`` maps a seed to the promise that did not hold."""

    seeds: int = 0
    repeated: int = 0
    """So many of them were played twice."""
    virtual: float = 0.0
    real: float = 0.0
    """Seconds of processor time over all runs."""
    fastest: float = 0.0
    """Virtual seconds a second in the best chunk: what a core does that has nothing else to do."""
    events: int = 0
    broken: dict[int, str] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    """fault → in how many seeds it struck"""
    types: Counter[str] = field(default_factory=Counter)
    """type of event → in how many seeds it stood on the log"""

    def add(self, other: Found) -> None:
        self.seeds += other.seeds
        self.repeated += other.repeated
        self.virtual += other.virtual
        self.real += other.real
        self.fastest = max(self.fastest, other.virtual / other.real if other.real else 0.0)
        self.events += other.events
        self.broken |= other.broken
        self.faults += other.faults
        self.types += other.types

    def words(self) -> str:
        speed = self.virtual / self.real if self.real else 0.0
        return (
            f"{self.seeds} seeds, {self.repeated} of them twice: {self.virtual:,.0f} virtual seconds,"
            f" {self.events:,} events, {self.real:.1f} s of processor, {speed:,.0f} virtual seconds a second"
            f" ({self.fastest:,.0f} at best)"
        )


def line(seed: int, broken: str) -> str:
    """How a failure is repeated."""
    return f"make sim SEED={seed}   # {broken.splitlines()[0][:300]}"


def some(seeds: Iterable[int], twice_every: int = 1) -> Found:
    """One after the other in this process, up to the first that breaks something."""
    found = Found()
    gc.disable()  # a run is short: its cycles are looked for between two of them
    try:
        for seed in seeds:
            began = time.process_time()
            ran = [run(seed) for _ in range(1 if seed % twice_every else 2)]
            first = ran[0]
            gc.collect(1)
            found.real += time.process_time() - began
            found.seeds += 1
            found.repeated += len(ran) - 1
            found.virtual += sum(one.seconds for one in ran)
            found.events += sum(one.events for one in ran)
            found.faults.update(kind for kind, times in first.faults.items() if times)
            found.types.update(first.types)
            if first.broken is not None:
                found.broken[seed] = first.broken
                break
            if any(one.trace != first.trace for one in ran):
                found.broken[seed] = "two runs of the seed left different traces"
                break
    finally:
        gc.enable()
        gc.collect()
    return found


def many(first: int, count: int, workers: int | None = None, *, twice_every: int = 1) -> Found:
    """In as many processes as there are cores; one seed in so many is played twice."""
    chunks = [range(start, min(start + CHUNK, first + count)) for start in range(first, first + count, CHUNK)]
    found = Found()
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for part in pool.map(partial(some, twice_every=twice_every), chunks):
            found.add(part)
    return found
