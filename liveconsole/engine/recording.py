"""One broadcast as its log has it, folded to any of its moments. On one thread; nothing is ever written.

It begins with what the report of that broadcast begins with (`history.seqs_before`): goods, cart and settings
of all years, and what is carried over. Whoever goes back finds a room that was kept on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from liveconsole.domain.room import Room
from liveconsole.engine.folding import event_of, onto
from liveconsole.engine.history import bounds_of, seqs_before
from liveconsole.engine.people import People
from liveconsole.store.reader import Reader
from liveconsole.store.rows import BroadcastRow, Meta, StoredEvent

KEPT_EVERY: Final = 4_000
"""Events between two rooms that are kept to go back to, at first."""
KEPT_MOST: Final = 64
"""Such rooms; of more every other one goes, and twice as many events lie between the next."""
_RUN: Final = 1_000
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Room).decode


class Recording:
    """``start``, ``end``: its first and last moment. It is what `ShownState` asks for, too."""

    def __init__(self, reader: Reader, meta: Meta, mine: BroadcastRow) -> None:
        self._reader = reader
        self.people = People(meta.person_key, reader)
        self.forgot = 0
        self.turned_away: Counter[str] = Counter()
        self.first, self.last = bounds_of(reader, mine)
        """Seqs of its own evening."""
        self.start = self.began = mine.opened_at
        newest = reader.events_at([self.last])
        self.end = max(mine.closed_at or newest[0].at, self.start)
        self.room = Room(room_id=meta.room_id, simulated=meta.simulated)
        before = seqs_before(reader, mine)
        for at in range(0, len(before), _RUN):
            onto(self.room, map(event_of, reader.events_at(before[at : at + _RUN])))
        self.seq = max(self.first - 1, self.room.seq)
        self._every = KEPT_EVERY
        self._kept: list[tuple[datetime, int, bytes]] = []
        self._folded: set[str] = set()
        self._ahead: Iterator[StoredEvent] = iter(())
        self._next: StoredEvent | None = None
        self._read_from(self.seq)
        self.to(self.start)
        self._keep()

    def to(self, at: datetime) -> None:
        """Go on to a moment: everything up to it is folded."""
        run: list[StoredEvent] = []
        while self._next is not None and self._next.at <= at and self._next.seq <= self.last:
            run.append(self._next)
            self._next = next(self._ahead, None)
            if len(run) == _RUN:
                self._fold(run)
                run = []
        self._fold(run)

    def seek(self, at: datetime) -> None:
        """Go to a moment, back or forth; what happened between is not told."""
        at = min(max(at, self.start), self.end)
        if self.room.at is not None and at < self.room.at:
            _, self.seq, blob = next(kept for kept in reversed(self._kept) if kept[0] <= at)
            self.room = _decode(blob)
            self._read_from(self.seq)
        self.to(at)
        self._folded.clear()

    def take_folded(self) -> set[str]:
        """Return the types of what was folded since this was asked last."""
        folded, self._folded = self._folded, set()
        return folded

    def _fold(self, run: list[StoredEvent]) -> None:
        if not run:
            return
        onto(self.room, map(event_of, run))
        self.seq = run[-1].seq
        self._folded.update(event.type for event in run)
        if self._kept and self.seq - self._kept[-1][1] >= self._every:
            self._keep()

    def _keep(self) -> None:
        """Behind the last event of its moment: who comes back to that moment misses none."""
        at = self.room.at if self.room.at is not None and self._kept else self.start
        if self._next is not None and self._next.at <= at and self._kept:
            return
        self._kept.append((at, self.seq, _encode(self.room)))
        if len(self._kept) > KEPT_MOST:
            self._kept = self._kept[::2]
            self._every *= 2

    def _read_from(self, seq: int) -> None:
        self._ahead = self._reader.events_after(seq)
        self._next = next(self._ahead, None)
