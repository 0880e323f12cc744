"""What a customer is worth, for the boards: asked of all the years once a day, and kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from liveconsole.books import ltv
from liveconsole.books.boards.scope import BoardScope
from liveconsole.books.reading import BookReader
from liveconsole.domain.china import day_of
from liveconsole.messages.boards import BoardWhy
from liveconsole.store.order_days import NO_DAY, day_number
from liveconsole.store.rows import moment

MONTHS: Final = 12
ORDERS_MOST: Final = 100_000
"""Orders of all the years up to which a board waits for it; of more the customers' own page tells it."""
_LEAST_CUSTOMERS: Final = 30
_SO_FAR: Final = (
    "SELECT coalesce(sum(orders), 0), sum(gmv_fen), sum(refund_fen) FROM order_day"
    f" WHERE day > {NO_DAY} AND day <= ?"
)
_KEPT_MOST: Final = 8
_kept: WeakKeyDictionary[BookReader, dict[tuple[object, ...], int | BoardWhy]] = WeakKeyDictionary()


def worth_of(reader: BookReader, scope: BoardScope) -> int | BoardWhy:
    """Return the revenue of a customer's first year, in 分, as of the day before the scope's last; or why
    nobody can tell."""
    on: date = day_of(moment(min(scope.until, scope.now))) - timedelta(days=1)
    so_far = reader.rows(_SO_FAR, (day_number(moment(min(scope.until, scope.now))) - 1,))[0]
    if so_far[0] > ORDERS_MOST:
        return BoardWhy("with_customers")
    asked = (on, *so_far)
    kept = _kept.setdefault(reader, {})
    if asked not in kept:
        while len(kept) >= _KEPT_MOST:
            del kept[next(iter(kept))]
        kept[asked] = (
            _worth(reader, on) if so_far[0] else BoardWhy("too_few", {"n": 0, "of": _LEAST_CUSTOMERS})
        )
    return kept[asked]


def _worth(reader: BookReader, on: date) -> int | BoardWhy:
    found = ltv.read(reader, on)
    if found.customers < _LEAST_CUSTOMERS:
        return BoardWhy("too_few", {"n": found.customers, "of": _LEAST_CUSTOMERS})
    fen = ltv.lifetime(ltv.means(found.ages, found.customers, MONTHS))
    return BoardWhy("too_early") if fen is None else fen
