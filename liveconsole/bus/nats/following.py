"""What a seat makes of live batches that may come late, twice, from an engine of the past, or not at all: the
log in order, and the wish to read what is missing. Pure."""

from __future__ import annotations

from collections import deque
from typing import Any, Final, NamedTuple

Json = dict[str, Any]

HELD_BYTES: Final = 16 * 1024 * 1024
"""What may wait for who reads the stream; beyond it the oldest goes, and is read from the log."""


class LiveBatch(NamedTuple):
    """One message of the live subject."""

    epoch: int
    first: int
    last: int
    body: bytes


class Beat(NamedTuple):
    """An engine says that it is there: everything up to ``head`` was sent before."""

    epoch: int
    head: int


class Epoch:
    """The newest leader that was heard of. What an earlier one says is of the past."""

    def __init__(self) -> None:
        self.newest = 0

    def holds(self, epoch: int) -> bool:
        """Tell whether something said in an epoch counts; a higher one counts from now on."""
        self.newest = max(self.newest, epoch)
        return epoch >= self.newest


class LogPlace:
    """A place in the log. ``wanted``: the log is known to go on to there."""

    def __init__(self, after: int, epoch: Epoch) -> None:
        self.at = self.wanted = after
        self._epoch = epoch
        self._waiting: deque[LiveBatch] = deque()
        self._bytes = 0

    @property
    def behind(self) -> bool:
        """Whether something is missing that no batch which waits here goes on from."""
        goes_on = bool(self._waiting) and self._waiting[0].first <= self.at + 1
        return self.wanted > self.at and not goes_on

    def hear(self, batch: LiveBatch) -> None:
        """Keep a live batch until `next_live`."""
        if not self._epoch.holds(batch.epoch) or batch.last <= self.at:
            return
        self._waiting.append(batch)
        self._bytes += len(batch.body)
        while self._bytes > HELD_BYTES and len(self._waiting) > 1:
            self._bytes -= len(self._waiting.popleft().body)

    def beaten(self, beat: Beat) -> None:
        """The engine has sent everything up to there."""
        if self._epoch.holds(beat.epoch):
            self.wanted = max(self.wanted, beat.head)

    def next_live(self) -> tuple[LiveBatch, int] | None:
        """Return the next batch that goes on where this stands, and up to where its lines are known already
        (`beyond`). None: there is none, or something before it is missing (`behind`)."""
        while self._waiting:
            batch = self._waiting[0]
            stale = batch.last <= self.at or not self._epoch.holds(batch.epoch)
            if not stale and batch.first > self.at + 1:
                self.wanted = max(self.wanted, batch.last)
                return None
            self._bytes -= len(self._waiting.popleft().body)
            if stale:
                continue
            known, self.at = self.at, batch.last
            return batch, known
        return None

    def read(self, last: int) -> None:
        """A page of the log brought everything up to ``last``."""
        self.at = max(self.at, last)

    def ended(self) -> None:
        """The log goes on no further than this, whatever was heard of it."""
        self.wanted = self.at
        self._waiting.clear()
        self._bytes = 0


def beyond(lines: list[Json], known: int) -> list[Json]:
    """Return those lines of a batch or page that tell of something after a seq."""
    return [line for line in lines if last_of(line) > known]


def last_of(line: Json) -> int:
    """Return the last seq that a line of the stream tells of."""
    seq: int = line["data"]["to"] if line["type"] == "stream.skipped" else line["seq"]
    return seq
