"""Goals of time, judged apart from what is right: what is wrong fails at once, a figure is taken anew.

A machine that does something else for a moment makes one figure late, and says nothing about the program. A
figure that misses its goal is therefore measured again by the whole test, twice at most (`--only-rerun` in
pyproject.toml), and every miss is shown as R. What is really slow misses three times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

BEYOND: Final = 3
"""Figures that must lie above a percentile for it to be one: of fewer it is the worst by another name."""


class MissedGoal(AssertionError):
    """A figure of time lies beyond its goal."""


def within(took: float, goal: float, words: object = "") -> None:
    """Hold a figure against the most that it may be, both in one unit.

    Raises:
        MissedGoal: It is more; the test is run again.
    """
    if not took <= goal:
        raise MissedGoal(f"{took:.4g} is more than {goal:.4g} {words}".rstrip())


def at_least(reached: float, goal: float, words: object = "") -> None:
    """Hold a speed or a ratio against the least that it may be.

    Raises:
        MissedGoal: It is less; the test is run again.
    """
    if not reached >= goal:
        raise MissedGoal(f"{reached:.4g} is less than {goal:.4g} {words}".rstrip())


def percentile(figures: Sequence[float], share: float) -> float:
    """The figure under which `share` of them lie.

    Raises:
        MissedGoal: So few were taken that chance would decide it; the test is run again.
    """
    above = len(figures) * (1 - share)
    if above < BEYOND:
        raise MissedGoal(f"{len(figures)} figures have no {share:.0%}: {above:.1f} of {BEYOND} lie above")
    return sorted(figures)[int(len(figures) * share)]
