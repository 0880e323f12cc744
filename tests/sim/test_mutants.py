"""The simulation is not blind: of every planted bug some seed tells."""

from __future__ import annotations

import pytest

from tests.sim import mutants_friends, play_mutants
from tests.sim.mutants import MUTANTS
from tests.sim.run import run

__all__ = ["play_mutants"]

SEEDS = 1000
"""Allowed. Nearly all are seen within twenty."""
SEEN_BY = {
    "an_entrant_is_not_marked": 126,
    "archive_forgets_what_is_owed": 92,
    "gifts_not_held": 51,
    "a_plan_forgets_that_it_went_on": 329,
    "helpers_counted_every_time": 41,
    "order_of_the_producer_not_of_the_log": 125,
    "a_broadcasts_limit_is_not_asked": 39,
    "what_a_broadcast_took_is_not_counted": 39,
}
"""The first seed that saw a rare one when this was written: it is asked first. Where the simulation has
changed since, all are asked as ever, which takes a minute or two more."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_is_seen(name: str) -> None:
    with MUTANTS[name]():
        for seed in (SEEN_BY.get(name, 0), *range(SEEDS)):
            if run(seed).broken is not None:
                return
    pytest.fail(f"{name} survived: the checks are blind to it")


def test_enough_bugs_are_planted() -> None:
    assert len(MUTANTS) >= 20
    assert SEEN_BY.keys() <= MUTANTS.keys()
    assert mutants_friends.a_group_held_like_any.__name__ in MUTANTS


def test_a_mutant_takes_its_bug_along() -> None:
    """After every one of them the rules are whole again."""
    for entered in MUTANTS.values():
        with entered():
            pass
    assert run(1).broken is None
