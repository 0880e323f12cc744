"""Followers of the log: from any seq, in order, then live. Who falls behind loses comments only."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from liveconsole.engine.outcome import Committed

log = logging.getLogger(__name__)

LAG_LIMIT: Final = 5_000
"""Events that may wait for one live follower before its comments are left out."""
OTHERS_LIMIT: Final = 20_000
"""Events other than comments that may wait; beyond it the follower is cut off and comes back from its seq."""
SKIPPED_TYPES: Final = frozenset({"comment.posted"})
_RING: Final = 8_192
_PAGE: Final = 1_000
_BATCH: Final = 1_000

Pages = Callable[[int, int], Awaitable[list[bytes]]]


class Tail:
    """The newest part of the log in memory, and who follows it. Used on the event loop only."""

    def __init__(self, pages: Pages, last: int) -> None:
        self._pages = pages
        self._ring: deque[Committed] = deque()
        self._held = 0
        self.last = last
        self._followers: set[Follower] = set()
        self._movers: set[asyncio.Future[None]] = set()

    def publish(self, committed: Committed) -> None:
        """Hand on what was committed."""
        if committed.first > self.last + 1:
            self._missed(committed.first - 1)
        if not committed.types:
            return
        self.last = committed.last
        self._ring.append(committed)
        self._held += len(committed.types)
        while self._held > _RING and len(self._ring) > 1:
            self._held -= len(self._ring.popleft().types)
        for follower in tuple(self._followers):
            follower._offer(committed)
        self._wake_movers()

    def _missed(self, last: int) -> None:
        """Events up to ``last`` stand in the log and never came here (a bug behind the disk's yes): everybody
        reads them there."""
        log.warning("the events %d to %d are read from the log", self.last + 1, last)
        self.last, self._held = last, 0
        self._ring.clear()
        for follower in self._followers:
            follower._behind()
        self._wake_movers()

    def follow(self, after: int) -> Follower:
        """A follower that begins behind ``after``."""
        follower = Follower(self, after)
        self._followers.add(follower)
        return follower

    async def moved(self, beyond: int) -> None:
        """Return once the log has gone beyond a seq."""
        while self.last <= beyond:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._movers.add(future)
            try:
                await future
            finally:
                self._movers.discard(future)

    def end(self) -> None:
        """The engine stops: every follower ends, every `moved` is cancelled."""
        for follower in tuple(self._followers):
            follower.close()
        for future in tuple(self._movers):
            future.cancel()

    def _wake_movers(self) -> None:
        for future in self._movers:
            if not future.done():
                future.set_result(None)

    def _since(self, after: int) -> list[Committed] | None:
        """What is held behind ``after``, or None where the ring begins later."""
        if after >= self.last:
            return []  # also for a follower that waits for a seq to come
        if not self._ring or self._ring[0].first > after + 1:
            return None
        return [_from(chunk, after) for chunk in self._ring if chunk.last > after]

    async def _page(self, after: int) -> list[bytes]:
        return await self._pages(after, _PAGE)

    def _gone(self, follower: Follower) -> None:
        self._followers.discard(follower)


class Follower:
    """One reader. It first reads all that it missed; only once live may it fall behind and lose comments."""

    def __init__(self, tail: Tail, after: int) -> None:
        self._tail = tail
        self._at = after
        self._live = False
        self._closed = False
        self._queue: deque[Committed] = deque()
        self._queued = 0
        self._skipped: _Skipped | None = None
        self._ready = asyncio.Event()

    async def batch(self) -> list[bytes] | None:
        """The next lines; None when it is over."""
        while not self._closed:
            if self._skipped is not None:
                return self._told()
            if self._queue:
                return self._next()
            if not self._live:
                lines = await self._catch_up()
                if lines:
                    return lines
                continue
            self._ready.clear()
            await self._ready.wait()
        return None

    def close(self) -> None:
        self._closed = True
        self._tail._gone(self)
        self._ready.set()

    async def _catch_up(self) -> list[bytes]:
        """The next of the past, from disk and then from memory; with the last of it the follower is live."""
        recent = self._tail._since(self._at)
        if recent is None:
            lines = await self._tail._page(self._at)
            if lines:
                self._at = _seq_of(lines[-1])
            return lines
        lines = []
        for chunk in recent:
            lines += chunk.lines[: _BATCH - len(lines)]
            if len(lines) == _BATCH:
                self._at += _BATCH
                return lines
        self._at += len(lines)
        self._live = True
        return lines

    def _behind(self) -> None:
        """What comes next is in the log only."""
        self._live = False
        self._ready.set()

    def _offer(self, chunk: Committed) -> None:
        if not self._live:
            return
        chunk = _from(chunk, self._at)
        if not chunk.types:
            return
        self._at = chunk.last
        self._queue.append(chunk)
        self._queued += len(chunk.types)
        if self._queued > LAG_LIMIT:
            self._skip()
        self._ready.set()

    def _skip(self) -> None:
        if self._skipped is None:
            self._skipped = _Skipped(self._queue[0].first)
        for chunk in self._queue:
            self._skipped.add(chunk)
        self._queue.clear()
        self._queued = len(self._skipped.others)
        if self._queued > OTHERS_LIMIT:
            self.close()

    def _told(self) -> list[bytes]:
        skipped, self._skipped = self._skipped, None
        assert skipped is not None
        self._queued = sum(len(chunk.types) for chunk in self._queue)
        return skipped.lines()

    def _next(self) -> list[bytes]:
        lines: list[bytes] = []
        while self._queue and len(lines) < _BATCH:
            chunk = self._queue.popleft()
            room = _BATCH - len(lines)
            if len(chunk.lines) > room:
                self._queue.appendleft(Committed(chunk.first + room, chunk.types[room:], chunk.lines[room:]))
                chunk = Committed(chunk.first, chunk.types[:room], chunk.lines[:room])
            lines.extend(chunk.lines)
        self._queued -= len(lines)
        return lines


class _Skipped:
    """What one follower missed, and what it shall get all the same."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._last = first
        self._counts: Counter[str] = Counter()
        self.others: list[bytes] = []

    def add(self, chunk: Committed) -> None:
        self._last = chunk.last
        for type_, line in zip(chunk.types, chunk.lines, strict=True):
            if type_ in SKIPPED_TYPES:
                self._counts[type_] += 1
            else:
                self.others.append(line)

    def lines(self) -> list[bytes]:
        data = {"from": self._first, "to": self._last, "counts": dict(self._counts)}
        return [msgspec.json.encode({"type": "stream.skipped", "data": data}), *self.others]


class _Seq(msgspec.Struct):
    seq: int


def _seq_of(line: bytes) -> int:
    return msgspec.json.decode(line, type=_Seq).seq


def _from(chunk: Committed, after: int) -> Committed:
    """The part of a chunk behind ``after``."""
    gone = after + 1 - chunk.first
    if gone <= 0:
        return chunk
    rest: Sequence[str] = chunk.types[gone:]
    return Committed(chunk.first + gone, list(rest), chunk.lines[gone:])
