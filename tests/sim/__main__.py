"""``python -m tests.sim SEED`` tells one seed's whole story, twice, and compares."""

from __future__ import annotations

import sys

from tests.sim.run import run


def main(argv: list[str]) -> int:
    seed = int(argv[0])
    first = run(seed, telling=lambda line: print(line))
    again = run(seed)
    print(f"seed {seed} ({first.mode}): {first.seconds:.1f} virtual seconds, {first.events} events, {first.trace}")
    print("faults:", dict(first.faults))
    if first.broken is not None:
        print(f"BROKEN: {first.broken}")
    if again.trace != first.trace or again.broken != first.broken:
        print("NOT THE SAME TWICE")
        return 1
    return 1 if first.broken is not None else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
