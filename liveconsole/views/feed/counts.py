"""What the feed counts of comments beside their rows: the rate, who says 1, how often a group is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

RATE_SECONDS: Final = 60
TOPIC_MINUTES: Final = 10


class Counts:
    """Bounded by time, and the time is the events' own: ``begin`` each second before its comments.

    ``running``, ``ones`` and ``asked`` are written by the fold itself, comment by comment: a call for each of
    10,000 a second would cost more than the counting.
    """

    def __init__(self, groups: Iterable[str]) -> None:
        self.comments = 0
        """Those before `running`."""
        self.running = 0
        """Of the second that runs, since it was last settled."""
        self.ones: set[str] = set()
        """Who said 1 in the second that runs."""
        self.asked: dict[str, int] = {}
        """Group → comments in the minute that runs."""
        self.answered: dict[str, int] = {}
        """Group → when it was last answered, seconds since the epoch."""
        self._answers: dict[str, int] = {}
        """Group → the seq of the fact that it was last answered."""
        self.since = 0
        """The second from which groups are counted, from the epoch; what was asked before it is not known
        while it lies within the window."""
        self._second = 0
        self._groups = tuple(groups)
        self._rates: dict[int, int] = {}
        self._ones: dict[int, set[str]] = {}
        self._topics: dict[int, dict[str, int]] = {}

    def __len__(self) -> int:
        """Seconds and minutes that are remembered."""
        return len(self._rates) + len(self._ones) + len(self._topics)

    def regroup(self, groups: Iterable[str]) -> None:
        """Other groups: their counts begin again."""
        self._groups = tuple(groups)
        self.asked = dict.fromkeys(self._groups, 0)
        self._topics = {self._second // 60: self.asked}
        self.since = self._second
        self.answered = {group: at for group, at in self.answered.items() if group in self._groups}

    def begin(self, second: int) -> None:
        """Another second, never an earlier one: old counts leave."""
        self.settle()
        self._second = second
        self.since = self.since or second
        self.ones = self._ones.setdefault(second, set())
        self.asked = self._topics.setdefault(second // 60, dict.fromkeys(self._groups, 0))
        for old in [past for past in self._ones if second - past > RATE_SECONDS]:
            del self._ones[old]
        for old in [past for past in self._rates if second - past > 2 * RATE_SECONDS]:
            del self._rates[old]
        for old in [minute for minute in self._topics if second // 60 - minute >= TOPIC_MINUTES]:
            del self._topics[old]

    def settle(self) -> None:
        """Count what came in the running second so far."""
        if self.running:
            self.comments += self.running
            self._rates[self._second] = self._rates.get(self._second, 0) + self.running
            self.running = 0

    def rates(self, now: datetime, seconds: int = RATE_SECONDS) -> list[int]:
        """Comments a second over the last whole seconds before ``now``, oldest first."""
        self.settle()
        end = int(now.timestamp())
        return [self._rates.get(second, 0) for second in range(end - seconds, end)]

    def people(self, now: datetime, span: int = 10, points: int = 30) -> tuple[int, list[int]]:
        """Tell how many people said 1 in the last ``span`` seconds, and in each of the last ``points``
        seconds."""
        end = int(now.timestamp())
        people: set[str] = set()
        for second in range(end - span + 1, end + 1):
            people |= self._ones.get(second, set())
        return len(people), [len(self._ones.get(s, ())) for s in range(end - points + 1, end + 1)]

    @property
    def reaches(self) -> int:
        """The second in which the window of the groups begins, from the epoch."""
        return (self._second // 60 - TOPIC_MINUTES + 1) * 60

    def answer_earlier(self, group: str, seq: int, second: int) -> None:
        """It was answered before the first comment that was counted."""
        if group in self._groups and seq > self._answers.get(group, 0):
            self._answers[group] = seq
            self.answered[group] = max(second, self.answered.get(group, 0))

    def add_earlier(self, group: str, second: int, seq: int = 0) -> None:
        """A comment of before the first that was counted asked this."""
        told = self._answers.get(group)
        counts = second > self.answered.get(group, 0) if told is None else seq > told
        if self.reaches <= second <= self._second and counts:
            self._topics.setdefault(second // 60, dict.fromkeys(self._groups, 0))[group] += 1

    def topics(self) -> dict[str, int]:
        """Comments a group in the last ten minutes, since it was last answered."""
        return {name: sum(minute[name] for minute in self._topics.values()) for name in self._groups}

    def answer(self, group: str, seq: int = 0) -> None:
        """The host has answered what this group asks: its count begins again from here, which the log has as
        ``seq``."""
        if seq:
            self._answers[group] = seq
        self.answered[group] = self._second
        for minute in self._topics.values():
            if group in minute:
                minute[group] = 0
