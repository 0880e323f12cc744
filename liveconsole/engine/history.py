"""The years, read off the writer's thread: the list of broadcasts, and the report of any of them.

The list is one row a broadcast. A report folds its own evening whole, and of the other years only what it
needs: goods and settings, what is carried over from and to the evenings around it, and its late facts.
"""

from __future__ import annotations

import asyncio
import logging
import time
from bisect import bisect
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import msgspec

from liveconsole import tasks
from liveconsole.engine.cards import CARD_VERSION, TOO_LONG, card_of
from liveconsole.messages.broadcasts import (
    TESTS_MOST,
    BroadcastCard,
    BroadcastSummary,
    PastBroadcast,
    PastBroadcasts,
)
from liveconsole.messages.envelope import late_for
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.store.errors import StoreBroken, StoreError
from liveconsole.store.reader import Reader
from liveconsole.store.rows import BroadcastRow, CardRow
from liveconsole.views.questions import Questions, built_in
from liveconsole.views.report import NoBroadcast, Report, ReportFold

log = logging.getLogger(__name__)

T = TypeVar("T")

EVENTS_MOST: Final = 3_000_000
"""That one report reads: its own evening's, for the most part."""
_LISTED: Final = 5_000
PAST_MOST: Final = 500
"""Rows of one page of past broadcasts."""
_OPENED: Final = "broadcast.opened"
_PLANNED: Final = "switchback.planned"
_READ_SECONDS: Final = 0.4
"""How long cards are read before somebody else has the thread."""
_MOVING: Final = ("order.", "orders.", "coupon.", "cue.", "bag.", "effect.", "promotion.", "stock.oversold")
"""Types that are about one order or promotion, which leaves the room."""
_PAGE: Final = 2_000
_REST: Final = 0.003
"""Seconds between two pages of a report, so that the loop and the writer have the interpreter."""
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_decode_card = msgspec.json.Decoder(BroadcastCard).decode


async def _nowhere(cards: Sequence[CardRow]) -> None:
    """Nothing is kept."""


def _nobody(error: Exception) -> None:
    """Nobody is told."""


def summaries(reader: Reader, *, simulated: bool) -> list[BroadcastSummary]:
    """Return every broadcast, the first one first; the newest `_LISTED` of them."""
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
    """Return the report of one broadcast, names masked.

    Raises:
        NoBroadcast: there is none of that number.
        NotTaken: ``report_too_long``, over `EVENTS_MOST`.
        StoreError: the log cannot be read.
    """
    mine = next((row for row in reader.broadcasts(before=number + 1, limit=1) if row.number == number), None)
    if mine is None:
        raise NoBroadcast(f"there is no broadcast {number}")
    folding = ReportFold(number, simulated=simulated, questions=questions)
    read = 0
    for page in _pages(reader, mine):
        read += len(page)
        if read > EVENTS_MOST:
            raise NotTaken("report_too_long", str(EVENTS_MOST))
        folding.add(map(_decode, page))
        if rest:
            time.sleep(rest)
    return folding.report()


def _pages(reader: Reader, mine: BroadcastRow) -> Iterator[list[bytes]]:
    """What the report of one broadcast needs of the log, in order.

    Its own evening whole; goods, cart and settings of all years; what is rare in the evenings from and to
    which something is carried over; promotions that waited for it; late facts of it.
    """
    rows = reader.broadcasts(limit=_LISTED)
    whole = reader.last_seq() + 1
    behind_it = [row for row in rows if row.number > mine.number]
    ends = behind_it[0].opened_seq if behind_it else whole
    last = next((row.opened_seq for row in behind_it if _nothing_of(reader, mine, row)), whole)
    yield from _lines(reader, _seqs_before(reader, mine, rows))
    after = max(0, _begins(mine) - 1)
    while after < ends - 1 and (page := reader.read(after, min(_PAGE, ends - 1 - after))):
        after += len(page)
        yield page
    behind = reader.rare_seqs(ends - 1, last) + reader.rare_seqs(last - 1, whole, without=_MOVING)
    late = (seq for seq in reader.late_seqs(late_for(mine.number)) if seq >= last)
    yield from _lines(reader, sorted({*behind, *late}))


def bounds_of(reader: Reader, mine: BroadcastRow) -> tuple[int, int]:
    """Return the first and the last seq of an evening; the first one begins with the log."""
    behind = next((row for row in reader.broadcasts(limit=_LISTED) if row.number > mine.number), None)
    return max(1, _begins(mine)), behind.opened_seq - 1 if behind is not None else reader.last_seq()


def seqs_before(reader: Reader, mine: BroadcastRow) -> list[int]:
    """Return what stands before an evening and bears on it, in order."""
    return _seqs_before(reader, mine, reader.broadcasts(limit=_LISTED))


def _begins(mine: BroadcastRow) -> int:
    return 0 if mine.number == 1 else mine.opened_seq


def _seqs_before(reader: Reader, mine: BroadcastRow, rows: list[BroadcastRow]) -> list[int]:
    first, carried_cues = _beginning(reader, mine, rows)
    before = reader.rare_seqs(0, first, without=_MOVING)
    if first:
        left = next(row.number for row in rows if row.opened_seq == first)
        before = sorted({*before, *reader.seqs_of_cues(first, left, carried_cues)})
    return before + reader.rare_seqs(first - 1, _begins(mine))


def _beginning(reader: Reader, mine: BroadcastRow, rows: list[BroadcastRow]) -> tuple[int, list[str]]:
    """The seq from which orders and promotions are read, and older promotions that are read as well: from the
    oldest broadcast of which an order was carried over, at least from the one before. From the first line on
    where the opening is of an older version and does not say."""
    carried = _carried(reader, mine)
    if mine.number == 1 or carried is None or "stock" not in carried:
        return 0, []
    oldest = min([order.get("broadcast", 1) for order in carried["orders"]] + [mine.number - 1])
    first = next((row.opened_seq for row in rows if row.number == oldest), 0)
    return (0 if oldest == 1 else first), [cue["cue_id"] for cue in carried["cues"]]


def _nothing_of(reader: Reader, mine: BroadcastRow, later: BroadcastRow) -> bool:
    """Whether a later broadcast has taken nothing over from this one: what is told from then on is late."""
    carried = _carried(reader, later)
    if carried is None:
        return False
    return all(one.get("broadcast") != mine.number for one in (*carried["orders"], *carried["cues"]))


def _carried(reader: Reader, row: BroadcastRow) -> dict[str, Any] | None:
    carried: dict[str, Any] | None = _decode(reader.lines_at([row.opened_seq])[0])["data"].get("carried")
    return carried


def _lines(reader: Reader, seqs: list[int]) -> Iterator[list[bytes]]:
    for start in range(0, len(seqs), _PAGE):
        yield reader.lines_at(seqs[start : start + _PAGE])


class History:
    """The door's questions about the years, on a thread and a connection of their own, one by one.

    ``keep`` puts cards on disk, where the next engine finds them; ``broken`` is told where the disk failed.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        simulated: bool,
        questions: Callable[[], Questions] = built_in,
        keep: Callable[[Sequence[CardRow]], Awaitable[None]] = _nowhere,
        broken: Callable[[Exception], None] = _nobody,
    ) -> None:
        self._reader = reader
        self._simulated = simulated
        self._questions = questions
        self._keep, self._broken = keep, broken
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._last: tuple[int, int, bytes] | None = None
        """Number, the log's last seq then, and the report."""
        self._cards: dict[int, tuple[bytes, BroadcastCard]] = {}
        """Number → what it was read of (`_mark`), and the card."""
        self._closing = False
        self._reading: asyncio.Task[None] | None = None

    async def broadcasts(self) -> bytes:
        """Return the list as JSON."""
        return await self._run(lambda: _encode(summaries(self._reader, simulated=self._simulated)))

    async def past(self, before: int, limit: int) -> bytes:
        """Return a page of `PastBroadcasts` as JSON, at once; what it lacks of cards is read behind it."""
        page, unread = await self._run(lambda: self._past(before, limit))
        if unread and not self._closing and (self._reading is None or self._reading.done()):
            self._reading = tasks.spawn(self._read_and_keep(unread), name="past broadcasts")
        return _encode(page)

    async def report(self, number: int) -> bytes | None:
        """Return the report as JSON; None where there is no such broadcast."""
        return await self._run(lambda: self._report(number))

    def forget(self) -> None:
        """Somebody was forgotten: keep no report that was made before."""
        self._last = None

    async def read_on(self) -> None:
        """Return when the cards that are being read are read and kept."""
        if self._reading is not None:
            await asyncio.wait([self._reading])

    async def rest(self) -> None:
        """Read no more cards; those that were read are kept when this returns."""
        self._closing = True
        await self.read_on()

    def close(self) -> None:
        """Let go of thread and connection, after what is being read."""
        self._closing = True
        self._thread.shutdown()
        self._reader.close()

    async def _run(self, look: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, look)

    def _report(self, number: int) -> bytes | None:
        seq = self._reader.last_seq()
        if self._last is not None and self._last[:2] == (number, seq):
            return self._last[2]
        try:
            found = self._read_report(number)
        except NoBroadcast:
            return None
        body = _encode(found)
        self._last = (number, seq, body)
        return body

    def _past(self, before: int, limit: int) -> tuple[PastBroadcasts, list[tuple[BroadcastRow, bytes]]]:
        """The page, and the closed ones of it, with their marks, whose card is not read or is read of less
        than there is now."""
        found = self._reader.broadcasts(before, min(limit, PAST_MOST))
        marks = self._marks([row for row in found if row.closed_at is not None])
        self._fetch([number for number in marks if number not in self._cards])
        tests = self._tests()
        rows, unread = [], []
        for row in reversed(found):
            card = None
            if (mark := marks.get(row.number)) is not None:
                read_of, card = self._cards.get(row.number, (b"", None))
                if read_of != mark:
                    card = None
                    unread.append((row, mark))
            summary = _summary(row, simulated=self._simulated)
            rows.append(PastBroadcast(summary, card, tests.get(row.number, [])))
        newest = self._reader.broadcasts(limit=1)
        of = newest[0].number if newest else 0
        return PastBroadcasts(rows, of, len(unread)), unread

    def _tests(self) -> dict[int, list[str]]:
        """Number → the tests that were planned in it, in their order, each name once."""
        planned = self._reader.of_types([_PLANNED])
        begun = [each.seq for each in self._reader.of_types([_OPENED])] if planned else []
        found: dict[int, list[str]] = {}
        for each in planned:
            # Every opening counts one further, so a plan is of as many as were opened before it.
            names = found.setdefault(bisect(begun, each.seq), [])
            name = msgspec.json.decode(each.data)["name"]
            if name not in names and len(names) < TESTS_MOST:
                names.append(name)
        return found

    def _marks(self, rows: list[BroadcastRow]) -> dict[int, bytes]:
        """Number → what moves when something more is told of that evening."""
        late = self._reader.late_counts([late_for(row.number) for row in rows])
        return {row.number: _encode([CARD_VERSION, late[late_for(row.number)], *row]) for row in rows}

    def _fetch(self, numbers: list[int]) -> None:
        """Take cards that an earlier engine read off the disk; one that cannot be used is read anew."""
        for kept in self._reader.cards(numbers) if numbers else ():
            try:
                self._cards[kept.number] = kept.mark, _decode_card(kept.body)
            except UNREADABLE as error:
                log.warning("the card of broadcast %d is read anew: %s", kept.number, error)

    async def _read_and_keep(self, unread: list[tuple[BroadcastRow, bytes]]) -> None:
        read = await self._run(lambda: self._read_cards(unread))
        try:
            await self._keep(read)
        except StoreBroken as error:
            self._broken(error)
        except StoreError as error:
            log.warning("%d cards of past broadcasts are not kept: %s", len(read), error)

    def _read_cards(self, unread: list[tuple[BroadcastRow, bytes]]) -> list[CardRow]:
        """One at least; the newest first."""
        until = time.monotonic() + _READ_SECONDS
        read = []
        for row, mark in unread:
            try:
                card = card_of(self._read_report(row.number))
            except NotTaken:
                card = TOO_LONG
            except (NoBroadcast, StoreError) as error:
                log.error("no card of broadcast %d: %s", row.number, error)
                break
            self._cards[row.number] = mark, card
            read.append(CardRow(row.number, mark, _encode(card)))
            if self._closing or time.monotonic() > until:
                break
        return read

    def _read_report(self, number: int) -> Report:
        return report(
            self._reader, number, simulated=self._simulated, questions=self._questions(), rest=_REST
        )
