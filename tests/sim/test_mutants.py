"""The simulation is not blind: of every planted bug some seed tells."""

from __future__ import annotations

import pytest

from tests.sim.mutants import MUTANTS
from tests.sim.run import run

SEEDS = 60
"""Enough for most of them several times over."""
RARE = {"floor_not_rejudged_at_fire": 200, "closed_order_reopened": 200, "snapshot_of_another_version_used": 200}
"""What needs a rarer evening."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_is_seen(name: str) -> None:
    with MUTANTS[name]():
        for seed in range(RARE.get(name, SEEDS)):
            if run(seed).broken is not None:
                return
    pytest.fail(f"{name} survived: the checks are blind to it")


def test_enough_bugs_are_planted() -> None:
    assert len(MUTANTS) >= 20


def test_a_mutant_takes_its_bug_along() -> None:
    """After every one of them the rules are whole again."""
    for entered in MUTANTS.values():
        with entered():
            pass
    assert run(1).broken is None
