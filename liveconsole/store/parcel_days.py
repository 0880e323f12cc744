"""How soon the orders of each day of China and each broadcast were sent, and what came back of them: sums
that go along with every commit (`order_days`), also with the words of parcels and after-sales.

Orders stand by the whole hours from payment to sending, begun ones as whole: sent within so many hours are
those of as many and of fewer, whatever the usual hours are that somebody asks by later. What an order was
promised of its own (`ship_promises`) is fixed, so whether it was kept is too: one that goes by nothing else
is in time or late for good; one that goes by the usual hours as well was in time by both, or late for good.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Connection

from liveconsole.store.order_days import DAY, NO_DAY, OF, ONE, PAID_FOR, moved
from liveconsole.store.ship_promises import HOUR_US

WAITING: Final = -1
"""In place of hours: paid, not sent and not given back. Not such as were brought in from a file, whose
parcels nobody tells of."""
NEITHER: Final = -2
"""In place of hours: such as are not asked for when they were sent."""
KEPT: Final = -3
"""In place of hours: sent by its own promise, and it has no other."""
BROKEN: Final = -4
"""In place of hours: sent after its own promise ended."""
HOURS_MOST: Final = 24 * 60 + 1
"""More than any promise of hours that the seller's file takes (`aftersale.Hours`)."""
FIRST_TOLD: Final = "SELECT shipped_at FROM shipment ORDER BY rowid LIMIT 1"
"""µs: the first parcel that any source told of (a row's first moment is that of our clock, which goes
forward). Of what had to be sent before it nobody knows whether it was."""
IS_WAITING: Final = f"({PAID_FOR} AND o.shipped_at IS NULL AND o.past = 0 AND o.refund_fen < o.paid_fen)"
_HOURS: Final = (
    f"CASE WHEN o.paid_at IS NULL OR NOT {PAID_FOR} THEN {NEITHER}"
    f" WHEN o.shipped_at IS NULL THEN CASE WHEN {IS_WAITING} THEN {WAITING} ELSE {NEITHER} END"
    f" WHEN o.shipped_at > o.ship_own THEN {BROKEN} WHEN o.ship_usual = 0 THEN {KEPT}"
    " WHEN o.shipped_at <= o.paid_at THEN 0"
    f" ELSE min((o.shipped_at - o.paid_at + {HOUR_US - 1}) / {HOUR_US}, {HOURS_MOST}) END"
)
BACK: Final = "(o.delivered_at IS NOT NULL OR coalesce(o.ship, '') = 'returned')"
"""It has come, or come back."""
RETURNED: Final = (
    "(EXISTS (SELECT 1 FROM aftersale a WHERE a.order_id = o.order_id AND a.kind = 'return'"
    " AND a.status IN ('returned', 'refunded')) OR coalesce(o.ship, '') = 'returned')"
)
_SUMS: Final = {
    "orders": "1",
    "delivered_units": f"CASE WHEN {BACK} THEN o.units ELSE 0 END",
    "returned_units": f"CASE WHEN {BACK} AND {RETURNED} THEN o.units ELSE 0 END",
}
SUMS: Final = tuple(_SUMS)


def _move(sign: str, told: str, which: str) -> str:
    sums = ", ".join(f"{sign}sum({each})" for each in _SUMS.values())
    add = ", ".join(f"{name} = parcel_day.{name} + excluded.{name}" for name in _SUMS)
    return (
        f"INSERT INTO parcel_day SELECT {DAY}, o.broadcast, {_HOURS}, {sums}, {told} FROM order_row o"
        f" WHERE {which} GROUP BY 1, 2, 3 ON CONFLICT (day, broadcast, hours)"
        f" DO UPDATE SET {add}, told = max(parcel_day.told, excluded.told)"
    )


_LEAVE: Final = [(_move("-", "0", which),) for which in (OF, ONE)]
_ENTER: Final = [(_move("", "coalesce(max(o.ship_told), 0)", which),) for which in (OF, ONE)]
_CLEAR: Final = [
    (
        f"DELETE FROM parcel_day WHERE orders = 0 AND day IN (SELECT {DAY} FROM order_row o WHERE {which}"
        f" UNION ALL SELECT {NO_DAY})",
    )
    for which in (OF, ONE)
]
_OF_CASES: Final = (
    "SELECT DISTINCT order_id FROM aftersale WHERE aftersale_id IN (SELECT value FROM json_each(?))",
    "SELECT order_id FROM aftersale WHERE aftersale_id = ?",
)


def orders_of(c: Connection, aftersale_ids: Iterable[str]) -> set[str]:
    """Return the orders that these after-sales stand at before a new word of them."""
    many, one = _OF_CASES
    ids = set(aftersale_ids)
    plain = json.dumps([id_ for id_ in ids if "\0" not in id_])
    found = set(c.exec_driver_sql(many, (plain,)).scalars())
    for id_ in ids:
        if "\0" in id_:
            found.update(c.exec_driver_sql(one, (id_,)).scalars())
    return found


def leave(c: Connection, order_ids: Collection[str]) -> bool:
    """Take these orders out of the sums, as they stand; tell whether any was in them."""
    return moved(c, _LEAVE, order_ids) > 0


def enter(c: Connection, order_ids: Collection[str], *, left: bool) -> None:
    """Put these orders into the sums, as they and their parcels and after-sales stand."""
    moved(c, _ENTER, order_ids)
    if left:
        moved(c, _CLEAR, order_ids)
