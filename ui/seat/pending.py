"""Events on their way to the next frame, bounded where no frame comes (a hidden or frozen window)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

Json = dict[str, Any]

PENDING_MAX: Final = 20_000
"""Beyond so many the comments of the older half are left out, counted; nothing else ever is."""
_COMMENT: Final = "comment.posted"


class Pending:
    """What was left out comes first with the next frame, as the ``stream.skipped`` that the engine would have
    sent: the feed counts and shows both the same way."""

    def __init__(self) -> None:
        self._events: deque[Json] = deque()
        self._bound = PENDING_MAX
        self._left_out = 0
        self._from = self._to = 0

    def __len__(self) -> int:
        return len(self._events)

    def add(self, batch: Sequence[Json]) -> None:
        """Keep these for the next frame."""
        self._events.extend(batch)
        if len(self._events) > self._bound:
            self._shed()

    def take(self) -> list[Json]:
        """Everything since the last frame, in order."""
        events = list(self._events)
        if self._left_out:
            data = {"from": self._from, "to": self._to, "counts": {_COMMENT: self._left_out}}
            events.insert(0, {"type": "stream.skipped", "data": data})
        self._events.clear()
        self._bound, self._left_out = PENDING_MAX, 0
        return events

    def _shed(self) -> None:
        kept: list[Json] = []
        for _ in range(len(self._events) // 2):
            event = self._events.popleft()
            if event["type"] != _COMMENT:
                kept.append(event)
                continue
            if not self._left_out:
                self._from = event["seq"]
            self._left_out += 1
            self._to = event["seq"]
        self._events.extendleft(reversed(kept))
        # Where little could be left out, looking again at every batch would cost more than it frees.
        self._bound = max(PENDING_MAX, len(self._events) + PENDING_MAX // 2)
