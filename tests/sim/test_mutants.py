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
    "no_fencing": 5,
    "goes_on_with_a_broken_store": 1,
    "secret_not_kept": 3,
    "snapshot_drops_a_field": 3,
    "snapshot_of_another_version_used": 20,
    "stream_leaves_a_gap": 1,
    "retry_on_unknown": 3,
    "a_refused_end_is_given_up": 3,
    "end_missed": 20,
    "recall_after_fire": 8,
    "four_eyes_ignored": 5,
    "floor_not_rejudged_at_fire": 10,
    "a_payment_is_not_marked": 3,
    "time_moves_nothing_that_is_shown": 9,
    "edited_sale_forgets_its_orders": 6,
    "hold_never_lapses": 1,
    "buyer_limit_ignored": 11,
    "coupon_used_twice": 9,
    "a_bundles_sum_only": 5,
    "gifts_worth_nothing": 13,
    "a_plan_runs_over_itself": 13,
    "a_plan_never_ends": 17,
    "a_buyer_fills_a_group_alone": 14,
    "a_group_held_like_any": 7,
    "redraw": 3,
    "entrants_not_frozen": 3,
    "second_source_admitted": 3,
    "somebody_comes_twice": 11,
}
"""The first seed that saw one when this was written, where that is not the first of all: it is asked first.
Where the simulation has changed since, all are asked as ever, which takes a minute or two more."""


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
