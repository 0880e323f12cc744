"""When each source was heard last: what the seats show as the health of a capture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from liveconsole.engine.clock import Clock
from liveconsole.messages.inputs import SentFact

_SOURCES: Final = 200


class LastHeard:
    """The last event of every source since this engine started; of too many the oldest goes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, datetime] = {}
        self._counts: dict[str, int] = {}
        self._comments: set[str] = set()
        """Those that brought comments."""

    def heard(self, facts: Sequence[SentFact]) -> None:
        """Somebody posted."""
        now = self._clock.now()
        for source, count in Counter([fact.source for fact in facts]).items():
            if source not in self._last and len(self._last) >= _SOURCES:
                oldest = min(self._last, key=self._last.__getitem__)
                del self._last[oldest], self._counts[oldest]
                self._comments.discard(oldest)
            self._last[source] = now
            self._counts[source] = self._counts.get(source, 0) + count
            if source not in self._comments and any(_is_comment(fact, source) for fact in facts):
                self._comments.add(source)

    def not_after(self, now: datetime) -> None:
        """The room's time went back: nobody was heard in the future."""
        self._last = {source: min(last, now) for source, last in self._last.items()}

    def heard_at(self) -> dict[str, dict[str, Any]]:
        """source → the moment of its last event (``last_at``), how many ``events`` came, and whether
        ``comments`` were among them."""
        return {
            source: {"last_at": last, "events": self._counts[source], "comments": source in self._comments}
            for source, last in self._last.items()
        }

    def ages(self) -> dict[str, dict[str, Any]]:
        """source → ``age_seconds`` of its last event, and how many came."""
        now = self._clock.now()
        return {
            source: {"age_seconds": round((now - last).total_seconds(), 3), "events": self._counts[source]}
            for source, last in self._last.items()
        }


def _is_comment(fact: SentFact, source: str) -> bool:
    return fact.type == "comment.posted" and fact.source == source


class Troubled:
    """Since when the engine has had the trouble it has; who asks first finds it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._trouble = ""
        self._since: datetime | None = None

    def since(self, trouble: str) -> datetime | None:
        """Return when this trouble was first told of; None without one."""
        if trouble != self._trouble:
            self._trouble, self._since = trouble, self._clock.now() if trouble else None
        return self._since
