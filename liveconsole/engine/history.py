"""The years, read off the writer's thread: the list of broadcasts, and the report of any of them.

The list is one row a broadcast. A report folds what is rare in the whole log (orders, promotions, goods) and,
of what comes by the thousand, only its own evening's: a comment of another broadcast is not read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import msgspec

from liveconsole.messages.broadcasts import BroadcastSummary
from liveconsole.messages.inputs import NotTaken
from liveconsole.store.reader import Reader
from liveconsole.store.rows import BroadcastRow
from liveconsole.views.questions import Questions, built_in
from liveconsole.views.report import Folding, NoBroadcast, Report

T = TypeVar("T")

EVENTS_MOST: Final = 3_000_000
"""That one report reads; ten years of evenings have fewer rare ones."""
_LISTED: Final = 5_000
_PAGE: Final = 2_000
_REST: Final = 0.003
"""Seconds between two pages of a report, so that the loop and the writer have the interpreter."""
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def summaries(reader: Reader, *, simulated: bool) -> list[BroadcastSummary]:
    """Every broadcast, the first one first; the newest `_LISTED` of them."""
    return [_summary(row, simulated=simulated) for row in reader.broadcasts(limit=_LISTED)]


def _summary(row: BroadcastRow, *, simulated: bool) -> BroadcastSummary:
    sums: dict[str, int | None] = dict(row.sums._asdict())
    if not row.orders_known:
        sums = {name: value if name == "unmatched" else None for name, value in sums.items()}
    return BroadcastSummary(
        number=row.number,
        title=row.title,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        simulated=simulated,
        orders_known=row.orders_known,
        comments=row.comments,
        **sums,  # type: ignore[arg-type]  # only ``unmatched`` is never None
    )


def report(
    reader: Reader, number: int, *, simulated: bool, questions: Questions | None = None, rest: float = 0.0
) -> Report:
    """The report of one broadcast, names masked.

    Raises:
        NoBroadcast: there is none of that number.
        NotTaken: ``report_too_long``, over `EVENTS_MOST`.
        StoreError: the log cannot be read.
    """
    rows = reader.broadcasts(before=number + 2, limit=2)
    mine = next((row for row in rows if row.number == number), None)
    if mine is None:
        raise NoBroadcast(f"there is no broadcast {number}")
    begins = 0 if number == 1 else mine.opened_seq
    ends = next((row.opened_seq for row in rows if row.number == number + 1), reader.last_seq() + 1)
    folding = Folding(number, simulated=simulated, questions=questions)
    read = 0
    for page in _pages(reader, begins, ends):
        read += len(page)
        if read > EVENTS_MOST:
            raise NotTaken("report_too_long", str(EVENTS_MOST))
        folding.add(map(_decode, page))
        if rest:
            time.sleep(rest)
    return folding.report()


def _pages(reader: Reader, begins: int, ends: int) -> Iterator[list[bytes]]:
    """Rare events before ``begins``, everything up to ``ends``, rare events from there on."""
    rare = reader.rare_seqs()
    before = [seq for seq in rare if seq < begins]
    for start in range(0, len(before), _PAGE):
        yield reader.lines_at(before[start : start + _PAGE])
    after = max(0, begins - 1)
    while after < ends - 1 and (page := reader.read(after, min(_PAGE, ends - 1 - after))):
        after += len(page)
        yield page
    behind = [seq for seq in rare if seq >= ends]
    for start in range(0, len(behind), _PAGE):
        yield reader.lines_at(behind[start : start + _PAGE])


class History:
    """The door's questions about the years, on a thread and a connection of their own, one by one."""

    def __init__(
        self, reader: Reader, *, simulated: bool, questions: Callable[[], Questions] = built_in
    ) -> None:
        self._reader = reader
        self._simulated = simulated
        self._questions = questions
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._last: tuple[int, int, bytes] | None = None
        """Number, the log's last seq then, and the report."""

    async def broadcasts(self) -> bytes:
        """The list as JSON."""
        return await self._run(lambda: _encode(summaries(self._reader, simulated=self._simulated)))

    async def report(self, number: int) -> bytes | None:
        """The report as JSON; None where there is no such broadcast."""
        return await self._run(lambda: self._report(number))

    def close(self) -> None:
        """Let go of thread and connection, after what is being read."""
        self._thread.shutdown()
        self._reader.close()

    async def _run(self, look: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, look)

    def _report(self, number: int) -> bytes | None:
        seq = self._reader.last_seq()
        if self._last is not None and self._last[:2] == (number, seq):
            return self._last[2]
        try:
            found = report(
                self._reader, number, simulated=self._simulated, questions=self._questions(), rest=_REST
            )
        except NoBroadcast:
            return None
        body = _encode(found)
        self._last = (number, seq, body)
        return body
