"""Broadcasts that are over, minute by minute: read once, and again when something more was told of one."""

from __future__ import annotations

from itertools import accumulate
from typing import Any, Final
from weakref import WeakKeyDictionary

from msgspec import Struct

from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import MINUTE, PaidSums, bars, paid_of
from liveconsole.books.boards.told import peak_online, peaks_by_bar
from liveconsole.books.reading import BookReader

_KEPT_MOST: Final = 40
_MARK: Final = (
    "SELECT opened_at, closed_at, placed, paid, closed, refunded, unpaid, units, gmv_fen, refund_fen,"
    " audience FROM broadcast WHERE number = ?"
)


class EveningSoFar(Struct, frozen=True):
    """What a broadcast had come to so many minutes after its start."""

    sums: PaidSums
    peak: int | None


class _Evening(Struct, frozen=True):
    """Of one that is over, at the end of each of its minutes. ``mark``: what it was read of."""

    mark: tuple[Any, ...]
    sums: list[PaidSums]
    peaks: list[int | None]


_kept: WeakKeyDictionary[BookReader, dict[int, _Evening]] = WeakKeyDictionary()


def so_far(reader: BookReader, scope: BoardScope, minute: int) -> EveningSoFar:
    """Return what a broadcast had come to after ``minute`` minutes, at least one."""
    if not scope.closed or scope.number is None:
        end = scope.start + minute * MINUTE
        return EveningSoFar(paid_of(reader, scope, scope.start, end), peak_online(reader, scope, end))
    kept = _kept.setdefault(reader, {})
    mark = tuple(reader.rows(_MARK, (scope.number,))[0])
    evening = kept.get(scope.number)
    if evening is None or evening.mark != mark:
        while len(kept) >= _KEPT_MOST:
            del kept[next(iter(kept))]
        evening = kept[scope.number] = _read(reader, scope, mark)
    place = min(minute, len(evening.sums)) - 1
    return EveningSoFar(evening.sums[place], evening.peaks[place])


def _read(reader: BookReader, scope: BoardScope, mark: tuple[Any, ...]) -> _Evening:
    count = max(1, -(-(scope.until - scope.start) // MINUTE))
    found = bars(reader, scope, MINUTE)
    sums = accumulate(
        (found.get(n, PaidSums()) for n in range(count)),
        lambda one, more: PaidSums(*(a + b for a, b in zip(one, more, strict=True))),
    )
    told = peaks_by_bar(reader, scope, MINUTE)
    peaks: list[int | None] = []
    highest: int | None = None
    for n in range(count):
        if (peak := told.get(n)) is not None:
            highest = peak if highest is None else max(highest, peak)
        peaks.append(highest)
    return _Evening(mark, list(sums), peaks)
