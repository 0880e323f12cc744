"""A broadcast beside the last one and the mean of those of the same hour, all at the same minute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from liveconsole.books.boards.evenings import so_far
from liveconsole.books.boards.scope import BoardScope, earlier
from liveconsole.books.boards.sums import MINUTE, PaidSums
from liveconsole.books.boards.tiles import changed
from liveconsole.books.reading import BookReader
from liveconsole.domain.china import CHINA
from liveconsole.messages.boards import BoardComparison, BoardWhy, ComparedFigure, Number, Unit
from liveconsole.store.rows import moment

MEAN_OF: Final = 10
"""Broadcasts that a mean is made of at most; looked for among the newest `_AMONG`."""
_AMONG: Final = 60
_FIGURES: Final[Sequence[tuple[str, Unit, str]]] = (
    ("gmv_fen", "fen", "falls"),
    ("orders_paid", "orders", "falls"),
    ("aov_fen", "fen", "falls"),
    ("online_peak", "people", "falls"),
    ("refund_fen", "fen", "rises"),
)
_OF_SUMS: Final[dict[str, Callable[[PaidSums], Number | None]]] = {
    "gmv_fen": lambda sums: sums.gmv_fen,
    "orders_paid": lambda sums: sums.paid,
    "aov_fen": lambda sums: sums.aov_fen,
    "refund_fen": lambda sums: sums.refund_fen,
}


def comparison_of(reader: BookReader, scope: BoardScope) -> BoardComparison | None:
    """Return None for days, and in the first minute."""
    minute = (scope.until - scope.start) // MINUTE
    if scope.number is None or minute < 1:
        return None
    before = earlier(reader, scope, _AMONG)
    last = before[0] if before else None
    hour = moment(scope.start).astimezone(CHINA).hour
    same = [each for each in before if moment(each.start).astimezone(CHINA).hour == hour]
    same = [each for each in same if each.until - each.start >= minute * MINUTE][:MEAN_OF]
    mine = _at(reader, scope, minute)
    theirs = {each.number: _at(reader, each, minute) for each in ({*same, last} if last else ())}
    figures = []
    for name, unit, bad in _FIGURES:
        this, this_why = mine[name]
        then, then_why = theirs[last.number][name] if last else (None, BoardWhy("no_last"))
        several = [value for each in same if (value := theirs[each.number][name][0]) is not None]
        mean = sum(several) / len(several) if several else None
        if mean is not None and unit != "times":
            mean = round(mean)
        figures.append(
            ComparedFigure(
                name,
                unit,
                this,
                then,
                mean,
                changed(this, then),
                bad,  # type: ignore[arg-type]
                this_why,
                then_why,
                BoardWhy("no_last") if mean is None else None,
            )
        )
    return BoardComparison(
        minute,
        moment(scope.start),
        figures,
        last.number if last else None,
        moment(last.start) if last else None,
        len(same),
    )


def _at(
    reader: BookReader, scope: BoardScope, minute: int
) -> dict[str, tuple[Number | None, BoardWhy | None]]:
    """Its figures so many minutes after its start, each with why it is not known."""
    then = so_far(reader, scope, minute)
    found: dict[str, tuple[Number | None, BoardWhy | None]] = {
        "online_peak": (then.peak, None if then.peak is not None else BoardWhy("no_audience_told"))
    }
    for name, of in _OF_SUMS.items():
        value = of(then.sums) if scope.known else None
        why = None if value is not None else BoardWhy("none_paid" if scope.known else "no_orders_told")
        found[name] = value, why
    return found
