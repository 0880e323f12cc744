"""The trend of a board: what was paid in every bar, who watched, and what ran above it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from msgspec.structs import replace

from liveconsole.books.boards.program import Program
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import GMV, MINUTE, OrderSums, bars, sums_of
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
        [found.get(n, OrderSums()).gmv_fen for n in range(count)] if known else None,
        [online.get(n) for n in range(count)] if online else None,
        program.segments,
        _promotions(reader, scope, program.promotions, known=known),
        found.get(-1, OrderSums()).gmv_fen if known else None,
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
    fen = sums_of(reader, scope, middle, end).gmv_fen, sums_of(reader, scope, first, middle).gmv_fen
    return (middle - scope.start) // width, (first - scope.start) // width, fen


class _PaidOverTime:
    """GMV between any two moments of a broadcast; read once, however many promotions ask."""

    def __init__(self, reader: BookReader, scope: BoardScope) -> None:
        rows = reader.rows(
            f"SELECT o.placed_at, {GMV} FROM order_row o WHERE {scope.where} AND o.placed_at IS NOT NULL"
            f" AND {GMV} > 0 ORDER BY o.placed_at",
            scope.values,
        )
        self._at: list[int] = [at for at, _ in rows]
        self._sums: list[int] = [0, *accumulate(fen for _, fen in rows)]

    def __call__(self, since: int, before: int) -> int:
        """From ``since`` on to before ``before``."""
        if before <= since:
            return 0
        return self._sums[bisect_left(self._at, before)] - self._sums[bisect_left(self._at, since)]


def _promotions(
    reader: BookReader, scope: BoardScope, promotions: Sequence[BoardPromotion], *, known: bool
) -> list[BoardPromotion]:
    if not known:
        return [replace(told, why=BoardWhy("no_orders_told")) for told in promotions]
    gmv = _PaidOverTime(reader, scope) if promotions else None
    return [_promotion(gmv, scope, told) for told in promotions] if gmv is not None else []


def _promotion(gmv: _PaidOverTime, scope: BoardScope, told: BoardPromotion) -> BoardPromotion:
    """With what was sold in the five minutes before and after it, and its factor: no cause is told by it.

    The factor is the report's (`views.report.promotions`): 分 a minute from its start to its end over
    those of the ten minutes before, or of as many as there were, one at least.
    """
    begun = micros(told.at)
    ended = None if told.until is None else micros(told.until)
    end = min(scope.until if ended is None else ended, scope.until)
    since = max(scope.start, begun - TEN)
    during = gmv(begun, end + 1)
    before = gmv(since, begun) if begun - since >= MINUTE else None
    over = ended is not None and ended + _FIVE <= scope.now
    burst = None
    if before and end - begun >= _SECOND:
        burst = (during / (end - begun)) / (before / (begun - since))
    return replace(
        told,
        before_fen=gmv(max(scope.start, begun - _FIVE), begun),
        during_fen=during,
        after_fen=gmv(end + 1, end + _FIVE) if over else None,
        burst=burst,
        why=None if before else BoardWhy("too_early" if before is None else "none_paid"),
    )
