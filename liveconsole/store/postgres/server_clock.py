"""The wall time of a room in a database is the server's: whoever leads it, on whatever machine, goes on at
one time. It is read with every renewal of the lease and carried on by a clock that counts sleep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from liveconsole.steady import steady_clock

NOW: Final = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
"""SQL: the server's time in microseconds since 1970."""
GOOD_NS: Final = 250_000_000
"""An answer that took longer says too little of when it was given; the time before it goes on."""


class ServerClock:
    """One thread reads the server, any thread asks what time it is."""

    def __init__(self, steady: Callable[[], int] | None = None) -> None:
        self.steady = steady or steady_clock()
        self._read: tuple[int, int] | None = None

    @property
    def is_set(self) -> bool:
        """Tell whether the server's time is known at all."""
        return self._read is not None

    def read(self, micros: int, asked: int, answered: int) -> None:
        """Take what the server said its time was between two moments of `steady` (nanoseconds): in the middle
        of them, so that it is off by half of their distance at most."""
        if answered - asked <= GOOD_NS or self._read is None:
            self._read = micros * 1_000, (asked + answered) // 2

    def now(self) -> int:
        """Return the server's time, in nanoseconds since 1970, as `time.time_ns` gives the computer's."""
        assert self._read is not None
        wall, at = self._read
        return wall + self.steady() - at
