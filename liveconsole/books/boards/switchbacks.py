"""Blocks with and without something: what the difference a minute is, once there are enough of them.

Of each two neighbouring blocks chance took one to be on (`domain.board_figures.plan`), so each pair is one
measurement of the difference, free of how the evening went up or down; the interval is Student's at 95 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import Final, Literal

from msgspec.structs import replace

from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.boards.sums import MINUTE, PaidSums, bars
from liveconsole.books.boards.told import Happened, happened, mean_online
from liveconsole.books.reading import BookReader
from liveconsole.messages.boards import BoardWhy, Switchback, Unit
from liveconsole.store.rows import moment

PLANS_MOST: Final = 20
"""The newest of one broadcast are shown."""
_TYPES: Final = ("switchback.planned", "switchback.dropped")
_T: Final = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's t at 97.5 % for 1 to 30 degrees of freedom; more have the last."""


def switchbacks_of(reader: BookReader, scope: BoardScope, enough: int, *, known: bool) -> list[Switchback]:
    """Return the tests of a broadcast, the newest first."""
    if scope.number is None:
        return []
    planned: dict[str, Happened] = {}
    ends: dict[str, int] = {}
    for each in happened(reader, _TYPES, scope.first_seq, scope.behind_seq):
        plan_id = each.data["plan_id"]
        if each.type == "switchback.planned":
            planned[plan_id] = each
        elif plan_id in planned:
            ends.setdefault(plan_id, each.at)
    newest = list(planned.items())[: -PLANS_MOST - 1 : -1]
    return [
        _test(reader, scope, each, min(scope.until, ends.get(plan_id, scope.until)), enough, known=known)
        for plan_id, each in newest
    ]


def _test(
    reader: BookReader, scope: BoardScope, plan: Happened, end: int, enough: int, *, known: bool
) -> Switchback:
    data = plan.data
    width, order, figure = data["minutes"] * MINUTE, data["blocks"], data["figure"]
    over = min(len(order), max(0, end - plan.at) // width)
    values = _values(reader, scope, plan.at, width, over, figure, data["minutes"])
    unit: Unit = "people" if figure == "online" else "fen_per_minute" if figure == "gmv_fen" else "orders"
    head = Switchback(
        data["name"],
        figure,
        unit,
        sum(order[:over]),
        over - sum(order[:over]),
        enough,
        plan_id=data["plan_id"],
        minutes=data["minutes"],
        started_at=moment(plan.at),
        blocks=order,
        now=over if scope.live and end == scope.until and over < len(order) else None,
    )
    if figure != "online" and not known:
        return replace(head, why=BoardWhy("no_orders_told"))
    pairs = [
        (values[n], values[n + 1]) if order[n] else (values[n + 1], values[n]) for n in range(0, over - 1, 2)
    ]
    told = [(on, off) for on, off in pairs if on is not None and off is not None]
    if len(told) < enough:
        return replace(head, why=BoardWhy("too_few", {"n": len(told), "of": enough}))
    return _judged(head, told)


def _values(
    reader: BookReader, scope: BoardScope, start: int, width: int, over: int, figure: str, minutes: int
) -> list[float | None]:
    """Of each block that is over the figure a minute; of a level its mean."""
    if figure == "online":
        return [mean_online(reader, scope, start + n * width, start + (n + 1) * width) for n in range(over)]
    found = bars(reader, scope, width, start)
    name = "gmv_fen" if figure == "gmv_fen" else "paid"
    return [getattr(found.get(n, PaidSums()), name) / minutes for n in range(over)]


def _judged(head: Switchback, pairs: Sequence[tuple[float, float]]) -> Switchback:
    differences = [on - off for on, off in pairs]
    mean = fmean(differences)
    half = _T[min(len(pairs) - 1, len(_T)) - 1] * stdev(differences) / sqrt(len(pairs))
    low, high = mean - half, mean + half
    verdict: Literal["more", "less", "open"] = "more" if low > 0 else "less" if high < 0 else "open"
    return replace(
        head,
        on_mean=fmean(on for on, _ in pairs),
        off_mean=fmean(off for _, off in pairs),
        difference=mean,
        low=low,
        high=high,
        verdict=verdict,
    )
