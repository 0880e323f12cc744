"""How long commits take, and so what may still be committed before a deadline."""

from __future__ import annotations

from typing import Final

from liveconsole.engine.inbox import Inbox, Waiting
from liveconsole.engine.upkeep import slower

_FAR: Final = 0.2
"""A deadline as far away (seconds) as no commit lasts."""
_COMMIT: Final = 0.003
_LONGEST: Final = 0.02
"""Seconds that a commit takes besides its facts: at first, and at most as far as others wait for it."""
_PACE: Final = 30e-6
_SLOWEST: Final = 200e-6
_TELLS: Final = 50
"""Seconds a fact: at first, at most, and how many facts of a commit tell it."""
_PASSED_OVER: Final = 8
"""So many times waiting comments may be left for the next commit."""


class CommitPace:
    """What is planned before a deadline is planned with the slow commits."""

    def __init__(self) -> None:
        self._alone = _COMMIT
        self._each = _PACE
        self._passed_over = 0

    def learn(self, weight: int, seconds: float) -> None:
        """See how long a commit of so many facts took."""
        if weight < _TELLS:
            self._alone = slower(self._alone, min(_LONGEST, seconds))
        else:
            self._each = slower(self._each, min(_SLOWEST, seconds / weight))

    def all_of(self, inbox: Inbox) -> list[Waiting]:
        """Drain for a commit that no deadline is behind."""
        self._passed_over = 0
        return inbox.drain()

    def before(self, left: float, inbox: Inbox) -> list[Waiting]:
        """Drain for a commit ``left`` seconds before a deadline.

        It takes no comments that would still be under way when it comes: what is due finds the writer free,
        and goes without comments, for often another deadline is close behind. They are passed over a few
        times at most. A command that comes too late to be on disk before goes with what is due.
        """
        if self._passed_over >= _PASSED_OVER:
            return self.all_of(inbox)
        if left > _FAR:
            return inbox.drain()
        if 0 < left < self._alone:
            return []
        waited = inbox.comments
        batch = inbox.drain(max(0, int((left - self._alone) / self._each)))
        self._passed_over = self._passed_over + 1 if waited and waited == inbox.comments else 0
        return batch
