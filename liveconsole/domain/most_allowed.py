"""The most of something that a guard lets through, where more is never let through than less."""

from __future__ import annotations

from collections.abc import Callable

from liveconsole.domain import time_limit


def most_allowed(allows: Callable[[int], bool], wrong: int) -> int | None:
    """Return the most under ``wrong``, which is not allowed; None: not even 1 is.

    Raises:
        Stopped: the time of the dry run is over.
    """
    well = 0
    while wrong - well > 1:
        time_limit.ask()
        middle = (well + wrong) // 2
        if allows(middle):
            well = middle
        else:
            wrong = middle
    return well or None
