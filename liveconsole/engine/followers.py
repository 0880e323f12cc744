"""Followers of the log: from any seq, in order, then live. Who falls behind loses comments only.

What waits for a follower, and what one batch brings, is bounded in events and in bytes (`messages.bounds`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from liveconsole.engine.outcome import Committed
from liveconsole.messages.bounds import FRAME_BYTES, LAG_BYTES, OTHERS_BYTES, RING_BYTES, Lag

log = logging.getLogger(__name__)

LAG_LIMIT: Final = 5_000
"""Events that may wait for one live follower before its comments are left out."""
OTHERS_LIMIT: Final = 20_000
"""Events other than comments that may wait; beyond it the follower is cut off and comes back from its seq."""
_COMMENT: Final = "comment.posted"
SKIPPED_TYPES: Final = frozenset({_COMMENT})
FORGOTTEN: Final = "viewer.forgotten"
_RING: Final = 8_192
_PAGE: Final = 1_000
_BATCH: Final = 1_000
_COMMENT_MARK: Final = b'"type":"comment.posted"'
_MARKED: Final = 64
"""Bytes of a line in which its seq and its type stand."""
_NOTE_BYTES: Final = 300
"""Room for the note that says what was left out."""

Pages = Callable[[int, int], Awaitable[list[bytes]]]


class Tail:
    """The newest part of the log in memory, and who follows it. Used on the event loop only."""

    def __init__(self, pages: Pages, last: int) -> None:
        self._pages = pages
        self._ring: deque[Committed] = deque()
        self._held = 0
        self._bytes = 0
        self.last = last
        self._followers: set[LogFollower] = set()
        self._movers: set[asyncio.Future[None]] = set()

    def publish(self, committed: Committed) -> None:
        """Hand on what was committed."""
        if committed.first > self.last + 1:
            self._missed(committed.first - 1)
        if not committed.types:
            return
        if FORGOTTEN in committed.types:
            self._forget(committed.last)
            return
        self.last = committed.last
        self._ring.append(committed)
        self._held += len(committed.types)
        self._bytes += committed.size
        while (self._held > _RING or self._bytes > RING_BYTES) and len(self._ring) > 1:
            gone = self._ring.popleft()
            self._held -= len(gone.types)
            self._bytes -= gone.size
        for follower in tuple(self._followers):
            follower._offer(committed)
        self._wake_movers()

    def _missed(self, last: int) -> None:
        """Events up to ``last`` stand in the log and never came here (a bug behind the disk's yes): everybody
        reads them there."""
        log.warning("the events %d to %d are read from the log", self.last + 1, last)
        self.last, self._held, self._bytes = last, 0, 0
        self._ring.clear()
        for follower in self._followers:
            follower._behind()
        self._wake_movers()

    def _forget(self, last: int) -> None:
        """Somebody was forgotten: nothing that is held here names him any more. Everybody reads on from the
        log, also what waited for him."""
        self.last, self._held, self._bytes = last, 0, 0
        self._ring.clear()
        for follower in self._followers:
            follower._begin_anew()
        self._wake_movers()

    @property
    def followers(self) -> int:
        """How many follow now."""
        return len(self._followers)

    def follow(self, after: int, lag: Lag | None = None) -> LogFollower:
        """Return a follower that begins behind ``after``."""
        follower = LogFollower(self, after, lag)
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

    def _gone(self, follower: LogFollower) -> None:
        self._followers.discard(follower)


class LogFollower:
    """One reader. It first reads all that it missed; only once live may it fall behind and lose comments.

    With ``lag``, over a network, its comments are left out by what that says, and also those of the past
    where reading them takes too long.
    """

    def __init__(self, tail: Tail, after: int, lag: Lag | None = None) -> None:
        self._tail = tail
        self._lag = lag
        self._frame = FRAME_BYTES if lag is None else lag.frame_bytes
        self._time = asyncio.get_running_loop().time if lag is not None else _no_time
        self._began = self._time()
        self._waiting_since: deque[float] = deque()
        self._at = after
        self._live = False
        self._closed = False
        self._queue: deque[Committed] = deque()
        self._queued = 0
        self._bytes = 0
        self._skipped: _Skipped | None = None
        self._ready = asyncio.Event()

    async def batch(self) -> list[bytes] | None:
        """Return the next lines; None when it is over."""
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
        if self._lag is not None and self._takes_too_long(self._lag):
            return await self._catch_up_without_comments()
        if recent is None:
            lines = await self._tail._page(self._at)
            if lines:
                self._at = _seq_of(lines[-1])
            return lines
        batch = _Batch(self._frame)
        whole = all(batch.take(chunk.lines) == len(chunk.lines) for chunk in recent)
        self._at += len(batch.lines)
        self._live = whole
        return batch.lines

    def _takes_too_long(self, lag: Lag) -> bool:
        missed = self._tail.last - self._at
        return missed > lag.events and self._time() - self._began > lag.catching_up

    async def _catch_up_without_comments(self) -> list[bytes]:
        """The next page of the past as one that fell behind is told of it."""
        lines = await self._tail._page(self._at)
        if not lines:
            return lines
        types = [_COMMENT if _COMMENT_MARK in line[:_MARKED] else "" for line in lines]
        self._skipped = _Skipped(self._at + 1, self._frame)
        self._skipped.add(Committed(self._at + 1, types, lines))
        self._at = _seq_of(lines[-1])
        return self._told()

    def _behind(self) -> None:
        """What comes next is in the log only."""
        self._began = self._time()
        self._live = False
        self._ready.set()

    def _begin_anew(self) -> None:
        """Read what it has not had yet in the log."""
        if self._skipped is not None:
            self._at = self._skipped.first - 1
        elif self._queue:
            self._at = self._queue[0].first - 1
        self._skipped = None
        self._queue.clear()
        self._waiting_since.clear()
        self._queued = self._bytes = 0
        self._behind()

    def _offer(self, chunk: Committed) -> None:
        if not self._live:
            return
        chunk = _from(chunk, self._at)
        if not chunk.types:
            return
        self._at = chunk.last
        self._queue.append(chunk)
        self._queued += len(chunk.types)
        self._bytes += chunk.size
        if self._is_late():
            self._skip()
        self._ready.set()

    def _is_late(self) -> bool:
        lag = self._lag
        if lag is None:
            return self._queued > LAG_LIMIT or self._bytes > LAG_BYTES
        self._waiting_since.append(self._time())
        waits = self._waiting_since[-1] - self._waiting_since[0]
        return self._queued > lag.events or self._bytes > lag.bytes or waits > lag.seconds

    def _skip(self) -> None:
        if self._skipped is None:
            self._skipped = _Skipped(self._queue[0].first, self._frame)
        for chunk in self._queue:
            self._skipped.add(chunk)
        self._queue.clear()
        self._waiting_since.clear()
        self._queued, self._bytes = self._skipped.others, self._skipped.size
        if self._queued > OTHERS_LIMIT or self._bytes > OTHERS_BYTES:
            self.close()

    def _told(self) -> list[bytes]:
        assert self._skipped is not None
        lines = self._skipped.lines()
        if not self._skipped:
            self._skipped = None
        others = self._skipped
        self._queued = sum(len(chunk.types) for chunk in self._queue) + (others.others if others else 0)
        self._bytes = sum(chunk.size for chunk in self._queue) + (others.size if others else 0)
        return lines

    def _next(self) -> list[bytes]:
        batch = _Batch(self._frame)
        while self._queue:
            chunk = self._queue.popleft()
            since = self._waiting_since.popleft() if self._waiting_since else 0.0
            self._bytes -= chunk.size
            taken = batch.take(chunk.lines)
            if taken < len(chunk.lines):
                rest = Committed(chunk.first + taken, chunk.types[taken:], chunk.lines[taken:])
                self._bytes += rest.size
                self._queue.appendleft(rest)
                if self._lag is not None:
                    self._waiting_since.appendleft(since)
                break
        self._queued -= len(batch.lines)
        return batch.lines


class _Batch:
    """Lines for one frame: at most `_BATCH`, and ``frame`` bytes with what stands between them, or one."""

    def __init__(self, frame: int) -> None:
        self.lines: list[bytes] = []
        self._left = frame - 1

    def take(self, lines: Sequence[bytes]) -> int:
        """As many of the lines as have room, from the first on; how many those are."""
        for taken, line in enumerate(lines):
            size = len(line) + 1
            if self.lines and (size > self._left or len(self.lines) == _BATCH):
                return taken
            self._left -= size
            self.lines.append(line)
        return len(lines)


class _Missed:
    """A run of the log that one follower missed, with what it shall get of it all the same."""

    def __init__(self, first: int) -> None:
        self.first = self.last = first
        self.counts: Counter[str] = Counter()
        self.lines: list[bytes] = []
        self.size = 0


class _Skipped:
    """What one follower missed, in runs of a frame each: who leaves between two comes back behind the first.

    ``others``, ``size``: the events that it shall get all the same, and their bytes. Empty, it is false.
    """

    def __init__(self, first: int, frame: int) -> None:
        self._runs = deque([_Missed(first)])
        self._frame = frame
        self.others = 0
        self.size = 0

    def __bool__(self) -> bool:
        return bool(self._runs)

    @property
    def first(self) -> int:
        """The seq with which it begins."""
        return self._runs[0].first

    def add(self, chunk: Committed) -> None:
        run = self._runs[-1]
        for seq, (type_, line) in enumerate(zip(chunk.types, chunk.lines, strict=True), chunk.first):
            size = 0 if type_ in SKIPPED_TYPES else len(line) + 1
            if (run.lines or (run.counts and size)) and run.size + size + _NOTE_BYTES > self._frame:
                run = _Missed(seq)
                self._runs.append(run)
            if size:
                run.lines.append(line)
                run.size += size
                self.others += 1
                self.size += size
            else:
                run.counts[type_] += 1
            run.last = seq

    def lines(self) -> list[bytes]:
        """Return the next frame."""
        run = self._runs.popleft()
        self.others -= len(run.lines)
        self.size -= run.size
        if not run.counts:
            return run.lines
        data = {"from": run.first, "to": run.last, "counts": dict(run.counts)}
        return [msgspec.json.encode({"type": "stream.skipped", "data": data}), *run.lines]


def _no_time() -> float:
    return 0.0


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
