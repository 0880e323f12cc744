"""What each product brought on each day of China and in each broadcast: sums that go along with every
commit (`order_days`).

An order of one line is summed up by the product beside it. What was paid for several lines is shared over
them by amount, the largest remainders first, as the report does it, order by order when it is written: so the
sums of a year are exact, and read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from liveconsole.domain.amounts import spread
from liveconsole.store.order_days import DAY, GMV, NO_DAY, OF, ONE, PAID_FOR, SOLD_OF_LINE, moved
from liveconsole.store.port import straight

SUMS: Final = ("paid", "units", "gmv_fen", "refund_fen", "orders")
"""``orders``: how many are in a row, whatever they came to."""
_ADD: Final = " ON CONFLICT (day, broadcast, product_id) DO UPDATE SET " + ", ".join(
    f"{name} = product_day.{name} + excluded.{name}" for name in SUMS
)
_PUT: Final = f"INSERT INTO product_day VALUES (?, ?, ?, ?, ?, ?, ?, ?){_ADD}"
_KNOWN: Final = f"o.only_product IS NOT NULL AND {PAID_FOR}"
LINES: Final = (
    f"SELECT o.order_id, coalesce(l.product_id, ''), {PAID_FOR}, {SOLD_OF_LINE},"
    f" l.quantity * coalesce(l.unit_price_fen, 0), {GMV}, o.refund_fen, coalesce(o.placed_at, 0), {DAY},"
    " o.broadcast"
    " FROM order_row o JOIN order_line l ON l.order_id = o.order_id"
    " WHERE {where} AND o.lines > 1 ORDER BY o.order_id, l.line"
)
"""The lines of orders of several, for `shared`."""


def _of_one(sign: str, which: str) -> str:
    return (
        f"INSERT INTO product_day SELECT {DAY}, o.broadcast, coalesce(o.only_product, ''),"
        f" {sign}sum(CASE WHEN {_KNOWN} THEN 1 ELSE 0 END),"
        f" {sign}sum(CASE WHEN {_KNOWN} THEN o.only_units ELSE 0 END),"
        f" {sign}sum({GMV}), {sign}sum(o.refund_fen), {sign}count(*) FROM order_row o"
        f" WHERE {which} AND o.lines < 2 GROUP BY 1, 2, 3{_ADD}"
    )


_LEAVE: Final = [(_of_one("-", which),) for which in (OF, ONE)]
_ENTER: Final = [(_of_one("", which),) for which in (OF, ONE)]
_CLEAR: Final = [
    (
        f"DELETE FROM product_day WHERE orders = 0 AND day IN (SELECT {DAY} FROM order_row o WHERE {which}"
        f" UNION ALL SELECT {NO_DAY})",
    )
    for which in (OF, ONE)
]
_SEVERAL: Final = [LINES.format(where=which) for which in (OF, ONE)]


class ProductShare(NamedTuple):
    """What one order of several lines comes to for one of its products; ``at``: µs, when it was placed, 0
    where nobody told it."""

    day: int
    broadcast: int
    product_id: str
    at: int
    paid: int
    units: int
    gmv_fen: int
    refund_fen: int


def shared(rows: Iterable[Any]) -> Iterator[ProductShare]:
    """Yield what each order of `LINES` comes to for each product; together it is the order's."""
    for _, order in groupby(rows, itemgetter(0)):
        lines = list(order)
        weights = [line[4] for line in lines]
        _, _, paid, _, _, gmv, refund, at, day, broadcast = lines[0]
        found: dict[str, ProductShare] = {}
        for line, fen, back in zip(lines, spread(gmv, weights), spread(refund, weights), strict=True):
            product_id, units = line[1], line[3] if paid else 0
            had = found.get(product_id) or ProductShare(
                day, broadcast, product_id, at, int(bool(paid)), 0, 0, 0
            )
            found[product_id] = had._replace(
                units=had.units + units, gmv_fen=had.gmv_fen + fen, refund_fen=had.refund_fen + back
            )
        yield from found.values()


def leave(c: Connection, order_ids: Collection[str]) -> bool:
    """Take these orders and their lines out of the sums, as they stand; tell whether any was in them."""
    return bool(moved(c, _LEAVE, order_ids) + _put(c, order_ids, -1))


def enter(c: Connection, order_ids: Collection[str], *, left: bool) -> None:
    """Put these orders into the sums, as they stand after `order_days.enter`."""
    moved(c, _ENTER, order_ids)
    _put(c, order_ids, 1)
    if left:
        moved(c, _CLEAR, order_ids)


def _put(c: Connection, order_ids: Collection[str], sign: int) -> int:
    sums: dict[tuple[int, int, str], list[int]] = defaultdict(lambda: [0] * len(SUMS))
    for share in shared(_lines(c, order_ids)):
        mine = sums[share.day, share.broadcast, share.product_id]
        for n, amount in enumerate((share.paid, share.units, share.gmv_fen, share.refund_fen, 1)):
            mine[n] += sign * amount
    if sums:
        straight(c).executemany(_PUT, [(*key, *mine) for key, mine in sums.items()])
    return len(sums)


def _lines(c: Connection, order_ids: Collection[str]) -> list[Any]:
    many, one = _SEVERAL
    plain = [id_ for id_ in order_ids if "\0" not in id_]
    found: list[Any] = []
    if plain:
        found += straight(c).execute(many, (json.dumps(plain),)).fetchall()
    for id_ in order_ids:
        if "\0" in id_:
            found += straight(c).execute(one, (id_,)).fetchall()
    return found
