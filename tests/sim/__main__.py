"""``python -m tests.sim SEED``: one seed's story, run twice and compared. Without a seed: a thousand."""

from __future__ import annotations

import argparse
import sys

from tests.sim import batch
from tests.sim.run import run


def main(argv: list[str]) -> int:
    words = argparse.ArgumentParser(prog="make sim", description=__doc__)
    words.add_argument("seed", nargs="?", type=int)
    words.add_argument("--mode", choices=["safety", "liveness"], help="the seed's own by default")
    words.add_argument("--count", type=int, default=1000, help="seeds without SEED")
    words.add_argument("--first", type=int, default=0)
    asked = words.parse_args(argv)
    return one(asked.seed, asked.mode) if asked.seed is not None else all_of(asked.first, asked.count)


def one(seed: int, mode: str | None) -> int:
    first = run(seed, mode, telling=print)  # type: ignore[arg-type]
    again = run(seed, mode)  # type: ignore[arg-type]
    struck = ", ".join(f"{kind} {times}" for kind, times in sorted(first.faults.items()) if times)
    print(f"\nseed {seed}, {first.mode}: {first.seconds:.1f} virtual seconds, {first.events} events")
    print(f"faults: {struck}\ntrace: {first.trace}")
    if first.broken is not None:
        print(f"BROKEN: {first.broken}")
    same = (first.trace, first.broken) == (again.trace, again.broken)
    if not same:
        print(f"NOT THE SAME TWICE: the second run left {again.trace}")
    return 0 if same and first.broken is None else 1


def all_of(first: int, count: int) -> int:
    found = batch.many(first, count)
    print(found.words())
    for kind, seeds in sorted(found.faults.items(), key=lambda pair: pair[1]):
        print(f"{seeds:6} seeds with {kind}")
    for seed, broken in sorted(found.broken.items()):
        print(batch.line(seed, broken))
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
