"""The shop's own time: given from outside, and what it has planned for later."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Final

CHINA: Final = timezone(timedelta(hours=8))


class ShopClock:
    """Whole unix seconds. While a planned step is carried out the time is that of the step, so that a shop
    that is asked seldom stands exactly where one stands that is asked every second."""

    def __init__(self, source: Callable[[], float], skew: int = 0) -> None:
        """``skew``: by how many seconds the shop is ahead of everybody else."""
        self._source = source
        self._skew = skew
        self._playing: int | None = None
        self._plans: list[tuple[int, int, Callable[[], object]]] = []
        self._order = count()

    def now(self) -> int:
        return int(self._source()) + self._skew if self._playing is None else self._playing

    def day(self) -> int:
        """The day in Beijing, as ``20240612``: quotas begin anew with it."""
        return int(datetime.fromtimestamp(self.now(), CHINA).strftime("%Y%m%d"))

    def plan(self, at: int, step: Callable[[], object]) -> None:
        heapq.heappush(self._plans, (at, next(self._order), step))

    def catch_up(self) -> None:
        """Carry out what is due by now, in order of time."""
        until = self.now()
        while self._plans and self._plans[0][0] <= until:
            self._playing, _, step = heapq.heappop(self._plans)
            try:
                step()
            finally:
                self._playing = None

    @property
    def ends(self) -> int | None:
        """When the last of what is planned is due."""
        return max((at for at, _, _ in self._plans), default=None)
