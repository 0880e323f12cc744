"""Gifts that are told as a streak so far (连击): what each message adds to the one before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

_STREAKS: Final = 5_000
"""Streaks, and messages, that are remembered; of more the oldest go."""


class Streaks:
    """Per streak the count so far, and per message what it added: the same message again adds the same."""

    def __init__(self, most: int = _STREAKS) -> None:
        self._most = most
        self._so_far: OrderedDict[Hashable, int] = OrderedDict()
        self._added: OrderedDict[str, int] = OrderedDict()

    def __len__(self) -> int:
        return max(len(self._so_far), len(self._added))

    def added(
        self, message: str, streak: Hashable, count: int, *, ended: bool = False, anew: bool = False
    ) -> int:
        """Return what this message adds.

        Args:
            count: of the streak so far.
            ended: it is the streak's last word.
            anew: the streak has no name of its own, so a count that did not grow begins another one.
        """
        if message in self._added:
            return self._added[message]
        before = self._so_far.get(streak, 0)
        if anew and not ended and count <= before:
            before = 0
        more = max(0, count - before)
        if ended:
            self._so_far.pop(streak, None)
        else:
            self._so_far[streak] = max(before, count)
            self._so_far.move_to_end(streak)
        self._added[message] = more
        for kept in (self._so_far, self._added):
            while len(kept) > self._most:
                kept.popitem(last=False)
        return more
