"""The trend of a board: what was paid in every bar, who watched, and what ran above it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise
from typing import Final, NamedTuple

from msgspec.structs import replace

from liveconsole.books.boards.program import Program
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import GMV, MINUTE, PaidSums, bars, paid_of
from liveconsole.books.boards.told import online_by_bar
from liveconsole.books.reading import BookReader
from liveconsole.messages.boards import BoardPromotion, BoardTrend, BoardWhy
from liveconsole.store.rows import micros, moment

BARS_MOST: Final = 720
TEN: Final = 10 * MINUTE
_FIVE: Final = 5 * MINUTE
_SECOND: Final = 1_000_000
_DAY_MINUTES: Final = 1440


def ten_minutes(scope: BoardScope) -> tuple[int, int, int] | None:
    """Return where the ten minutes before the last begin, where the last begin, and behind their end; None
    where a broadcast is not so old, or there is none."""
    if scope.number is None or scope.until - scope.start < TEN:
        return None
    end = scope.until + 1
    return max(end - 2 * TEN, scope.start), end - TEN, end


def trend_of(reader: BookReader, scope: BoardScope, program: Program, *, known: bool) -> BoardTrend:
    """Return a bar a minute, or wider ones where those were too many; of days one a day, or more days."""
    wide = 1 if scope.number is not None else _DAY_MINUTES
    span = max(1, scope.until - scope.start)
    wide *= -(-span // (BARS_MOST * wide * MINUTE))
    width = wide * MINUTE
    count = -(-span // width)
    found = bars(reader, scope, width) if known else {}
    online = online_by_bar(reader, scope, width) if scope.number is not None else {}
    last, before, sums = _last_bars(reader, scope, width, known=known)
    return BoardTrend(
        moment(scope.start),
        wide,
        [found.get(n, PaidSums()).gmv_fen for n in range(count)] if known else None,
        [online.get(n) for n in range(count)] if online else None,
        program.segments,
        _promotions(reader, scope, program.promotions, known=known),
        found.get(-1, PaidSums()).gmv_fen if known else None,
        last,
        before,
        *sums,
    )


def _last_bars(
    reader: BookReader, scope: BoardScope, width: int, *, known: bool
) -> tuple[int | None, int | None, tuple[int | None, int | None]]:
    spans = ten_minutes(scope)
    if spans is None or not known:
        return None, None, (None, None)
    first, middle, end = spans
    fen = paid_of(reader, scope, middle, end).gmv_fen, paid_of(reader, scope, first, middle).gmv_fen
    return (middle - scope.start) // width, (first - scope.start) // width, fen


_AT_ONCE: Final = 50
_BETWEEN: Final = " UNION ALL ".join(
    f"SELECT {n}, (SELECT coalesce(sum({GMV}), 0) FROM order_row o INDEXED BY order_row_broadcast"
    " WHERE o.broadcast = ? AND o.placed_at >= ? AND o.placed_at < ?)"
    for n in range(_AT_ONCE)
)


class _PaidOverTime:
    """GMV between any two of some moments of a broadcast: each order is gone through once, in its index,
    however many promotions ask, and none of them is kept."""

    def __init__(self, reader: BookReader, number: int, moments: Iterable[int]) -> None:
        self._at = sorted(set(moments))
        spans = list(pairwise(self._at))
        sums: list[int] = []
        for start in range(0, len(spans), _AT_ONCE):
            some = spans[start : start + _AT_ONCE]
            asked = [*some, *[(0, 0)] * (_AT_ONCE - len(some))]
            rows = reader.rows(_BETWEEN, [value for span in asked for value in (number, *span)])
            sums += [fen for _, fen in sorted(map(tuple, rows))[: len(some)]]
        self._sums: list[int] = [0, *accumulate(sums)]

    def __call__(self, since: int, before: int) -> int:
        """From ``since`` on to before ``before``, both of the moments."""
        if before <= since:
            return 0
        return self._sums[bisect_left(self._at, before)] - self._sums[bisect_left(self._at, since)]


class _Spans(NamedTuple):
    """The moments by which a promotion is looked at."""

    earliest: int
    """Ten minutes before it began, or the start of the broadcast."""
    five_before: int
    begun: int
    ended: int
    """Behind its end, or behind the end of the broadcast."""
    five_after: int


def _spans(scope: BoardScope, told: BoardPromotion) -> _Spans:
    begun = micros(told.at)
    end = min(scope.until if told.until is None else micros(told.until), scope.until)
    return _Spans(max(scope.start, begun - TEN), max(scope.start, begun - _FIVE), begun, end + 1, end + _FIVE)


def _promotions(
    reader: BookReader, scope: BoardScope, promotions: Sequence[BoardPromotion], *, known: bool
) -> list[BoardPromotion]:
    if not known:
        return [replace(told, why=BoardWhy("no_orders_told")) for told in promotions]
    if scope.number is None:
        return []
    spans = [_spans(scope, told) for told in promotions]
    gmv = _PaidOverTime(reader, scope.number, chain.from_iterable(spans))
    return [_promotion(gmv, scope, told, its) for told, its in zip(promotions, spans, strict=True)]


def _promotion(gmv: _PaidOverTime, scope: BoardScope, told: BoardPromotion, its: _Spans) -> BoardPromotion:
    """With what was sold in the five minutes before and after it, and its factor: no cause is told by it.

    The factor is the report's (`views.report.promotions`): 分 a minute from its start to its end over
    those of the ten minutes before, or of as many as there were, one at least.
    """
    lasted, earlier = its.ended - 1 - its.begun, its.begun - its.earliest
    during = gmv(its.begun, its.ended)
    before = gmv(its.earliest, its.begun) if earlier >= MINUTE else None
    over = told.until is not None and micros(told.until) + _FIVE <= scope.now
    burst = None
    if before and lasted >= _SECOND:
        burst = (during / lasted) / (before / earlier)
    return replace(
        told,
        before_fen=gmv(its.five_before, its.begun),
        during_fen=during,
        after_fen=gmv(its.ended, its.five_after) if over else None,
        burst=burst,
        why=None if before else BoardWhy("too_early" if before is None else "none_paid"),
    )
