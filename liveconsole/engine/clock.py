"""The one clock of a room: wall time read once, carried on by a clock that counts sleep.

The wall is the computer's (`time.time_ns`); of a room in a database it is the database's, so that an engine
that takes over on another machine goes on at the same time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from liveconsole.steady import steady_clock

STEP_NS: Final = 2_000_000_000
"""A wall clock that moves more than this against ours has been set by somebody."""
TOO_FAR_AHEAD: Final = 60
"""Seconds by which the room's time may be ahead of the computer's before somebody has to see to it."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = 1_000_000


class Clock:
    """Aware UTC in whole milliseconds; never goes back. May be read from any thread."""

    def __init__(
        self,
        *,
        wall: Callable[[], int] = time.time_ns,
        steady: Callable[[], int] | None = None,
    ) -> None:
        self._wall = wall
        self._steady = steady or steady_clock()
        self._base = wall()
        self._began = self._steady()
        self._offset = 0

    def anchor(self, last: datetime | None) -> None:
        """Go on from the log's last ``at`` if the wall stands before it."""
        if last is not None:
            ahead = (last - _EPOCH) // timedelta(microseconds=1) * 1000
            now = self._now()
            self._base += max(0, ahead - now)
            self._offset -= max(0, ahead - now)

    def now(self) -> datetime:
        """Return the engine's time."""
        return _EPOCH + timedelta(milliseconds=self._now() // _MS)

    def wall(self) -> datetime:
        """Return the wall's time: the computer's, or the database's."""
        return _EPOCH + timedelta(milliseconds=self._wall() // _MS)

    def ahead(self) -> int:
        """Whole seconds by which the engine's time is ahead of the computer's, as it was last looked at."""
        return max(0, round(-self._offset / 1e9))

    def repair(self) -> None:
        """Go on at the computer's time: the log has an event that says so."""
        self._base += self._wall() - self._now()
        self._offset = 0

    def until(self, due: datetime) -> float:
        """Seconds until ``due``; 0 where it has passed."""
        return max(0.0, ((due - _EPOCH) / timedelta(seconds=1)) - self._now() / 1e9)

    def stepped(self) -> float | None:
        """By how many seconds the wall clock was set since the last call, if by more than 2 s."""
        offset = self._wall() - self._now()
        step = offset - self._offset
        if abs(step) <= STEP_NS:
            return None
        self._offset = offset
        return step / 1e9

    def _now(self) -> int:
        return self._base + self._steady() - self._began
