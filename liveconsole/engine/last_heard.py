"""When each source was heard last: what the seats show as the health of a capture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from liveconsole.domain.gaps import patience
from liveconsole.engine.clock import Clock
from liveconsole.messages.inputs import SentFact

_SOURCES: Final = 200
MINUTES: Final = 10
"""Whole minutes in which a source's pauses and its rate are remembered."""


class LastHeard:
    """The last event of every source since this engine started; of too many the oldest goes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, datetime] = {}
        self._counts: dict[str, int] = {}
        self._minutes: dict[str, dict[int, tuple[int, float]]] = {}
        """Source → minute → events in it, and the longest pause that ended in it."""
        self._comments: set[str] = set()
        """Those that brought comments."""

    def heard(self, facts: Sequence[SentFact]) -> None:
        """Somebody posted."""
        now = self._clock.now()
        for source, count in Counter([fact.source for fact in facts]).items():
            if source not in self._last and len(self._last) >= _SOURCES:
                oldest = min(self._last, key=self._last.__getitem__)
                del self._last[oldest], self._counts[oldest], self._minutes[oldest]
                self._comments.discard(oldest)
            self._count(source, count, now)
            self._last[source] = now
            self._counts[source] = self._counts.get(source, 0) + count
            if source not in self._comments and any(_is_comment(fact, source) for fact in facts):
                self._comments.add(source)

    def spoke_before(self, source: str, last: datetime) -> None:
        """Somebody was heard by the engine that ran before."""
        if source not in self._last and len(self._last) < _SOURCES:
            self._last[source], self._counts[source], self._minutes[source] = last, 0, {}
            self._comments.add(source)

    def _count(self, source: str, count: int, now: datetime) -> None:
        """A gap is no pause: what the detector called one does not make it more patient."""
        minutes = self._minutes.setdefault(source, {})
        minute = int(now.timestamp()) // 60
        pause = 0.0
        if (last := self._last.get(source)) is not None:
            pause = (now - last).total_seconds()
            if timedelta(seconds=pause) >= patience(_pauses(minutes), others_speak=True):
                pause = 0.0
        events, longest = minutes.get(minute, (0, 0.0))
        minutes[minute] = events + count, max(longest, pause)
        for old in [old for old in minutes if old <= minute - MINUTES]:
            del minutes[old]

    def not_after(self, now: datetime) -> None:
        """The room's time went back: nobody was heard in the future."""
        self._last = {source: min(last, now) for source, last in self._last.items()}

    def heard_at(self) -> dict[str, dict[str, Any]]:
        """source → the moment of its last event (``last_at``), how many ``events`` came, whether ``comments``
        were among them, its ``pauses`` of late in seconds, and its events ``per_minute`` in the last whole
        minute (None before one)."""
        minute = int(self._clock.now().timestamp()) // 60 - 1
        return {
            source: {
                "last_at": last,
                "events": self._counts[source],
                "comments": source in self._comments,
                "pauses": _pauses(self._minutes[source]),
                "per_minute": _in_minute(self._minutes[source], minute),
            }
            for source, last in self._last.items()
        }

    def ages(self) -> dict[str, dict[str, Any]]:
        """source → ``age_seconds`` of its last event, and how many came."""
        now = self._clock.now()
        return {
            source: {"age_seconds": round((now - last).total_seconds(), 3), "events": self._counts[source]}
            for source, last in self._last.items()
        }


def _pauses(minutes: Mapping[int, tuple[int, float]]) -> list[float]:
    return [longest for _, longest in minutes.values()]


def _in_minute(minutes: Mapping[int, tuple[int, float]], minute: int) -> int | None:
    if not minutes or min(minutes) > minute:
        return None
    return minutes.get(minute, (0, 0.0))[0]


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
