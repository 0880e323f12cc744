"""What the orders of each day of China come to, by broadcast and entrance: sums that go along with every
commit.

A sum is what `SUMS` makes of ``order_row o``. Before rows of orders change, what they were leaves the sums of
their days; afterwards what they are goes in: the sums of a year are read, not counted.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from liveconsole.domain.china import CHINA
from liveconsole.domain.order_units import GIFT_PRICE_FEN
from liveconsole.store.order_flags import CLOSED, COUNTED, PAID, PLACED
from liveconsole.store.port import straight
from liveconsole.store.rows import micros
from liveconsole.store.ship_promises import OWN, USUAL

KNOWN: Final = f"((o.flags & {PLACED | COUNTED}) <> 0)"
_IS_PAID: Final = f"((o.flags & {PAID}) <> 0)"
_IS_CLOSED: Final = f"((o.flags & {CLOSED}) <> 0)"
PAID_FOR: Final = f"({KNOWN} AND (o.flags & {PAID | CLOSED}) = {PAID})"
"""Paid and not closed: what ``orders_paid`` counts."""
GMV: Final = f"(CASE WHEN {_IS_PAID} THEN o.paid_fen ELSE 0 END)"
"""What was paid, before refunds; also of an order that was closed after."""
SUMS: Final = {
    "placed": KNOWN,
    "paid": PAID_FOR,
    "closed": f"{KNOWN} AND {_IS_CLOSED}",
    "refunded": "o.refund_fen > 0",
    "unpaid": f"{KNOWN} AND (o.flags & {PAID | CLOSED}) = 0",
    "units": f"CASE WHEN {PAID_FOR} AND ((o.flags & {COUNTED}) <> 0 OR o.past <> 0)"
    " THEN o.units - o.gift_units ELSE 0 END",
    "gmv_fen": GMV,
    "refund_fen": "o.refund_fen",
    "nameless": f"{PAID_FOR} AND o.buyer = ''",
    "orders": "1",
}
"""Name → what each order adds to it: the same counts as `domain.order.tally` has for the room's totals.
``nameless``: paid, and nobody told by whom; ``orders``: rows."""
SOLD_OF_LINE: Final = (
    f"CASE WHEN l.unit_price_fen IS NOT DISTINCT FROM {GIFT_PRICE_FEN} THEN 0 ELSE l.quantity END"
)
"""`order_units.units_of` of an ``order_line l``."""
DAY_US: Final = 86_400_000_000
EAST_US: Final = int(CHINA.utcoffset(None).total_seconds()) * 1_000_000
"""How far China's day begins before that of 1970's zone: days are numbered from 1970-01-01 there."""
NO_DAY: Final = -1_000_000
"""Before all days: that of orders of which nobody told when they were placed; their broadcast has them."""
DAY: Final = f"coalesce((o.placed_at + {EAST_US}) / {DAY_US}, {NO_DAY})"
OF: Final = "o.order_id IN (SELECT value FROM json_each(?))"


def _move(sign: str, newest: str, which: str) -> str:
    sums = ", ".join(f"{sign}sum({each})" for each in SUMS.values())
    add = ", ".join(f"{name} = order_day.{name} + excluded.{name}" for name in SUMS)
    return (
        f"INSERT INTO order_day SELECT {DAY}, o.broadcast, coalesce(o.scene, ''), {sums}, {newest}"
        f" FROM order_row o WHERE {which} GROUP BY 1, 2, 3 ON CONFLICT (day, broadcast, scene)"
        f" DO UPDATE SET {add}, newest = max(order_day.newest, excluded.newest)"
    )


def _move_units(sign: str, which: str) -> str:
    return (
        f"INSERT INTO sku_day SELECT l.sku_id, {DAY}, {sign}sum(l.quantity) FROM order_row o"
        f" JOIN order_line l ON l.order_id = o.order_id WHERE {which} AND o.placed_at IS NOT NULL"
        f" AND {PAID_FOR} GROUP BY 1, 2"
        " ON CONFLICT (sku_id, day) DO UPDATE SET units = sku_day.units + excluded.units"
    )


ONE: Final = "o.order_id = ?"
_LEAVE: Final = [(_move("-", "0", which), _move_units("-", which)) for which in (OF, ONE)]
_ENTER: Final = [(_move("", "max(o.seq)", which), _move_units("", which)) for which in (OF, ONE)]
_CLEAR: Final = [
    (
        f"DELETE FROM order_day WHERE orders = 0 AND day IN (SELECT {DAY} FROM order_row o WHERE {which}"
        f" UNION ALL SELECT {NO_DAY})",
        f"DELETE FROM sku_day WHERE units = 0 AND (sku_id, day) IN (SELECT l.sku_id, {DAY} FROM order_row o"
        f" JOIN order_line l ON l.order_id = o.order_id WHERE {which})",
    )
    for which in (OF, ONE)
]
"""A sum of nothing has no row, as after a refill."""
_OF_LINES: Final = [
    (
        "UPDATE order_row AS o SET (lines, only_product, only_units, ship_own, ship_usual) ="
        " (SELECT coalesce(max(l.line), 0),"
        " CASE WHEN max(l.line) = 1 THEN coalesce(max(l.product_id), '') END,"
        f" CASE WHEN max(l.line) = 1 THEN max({SOLD_OF_LINE}) END, {OWN}, {USUAL}"
        f" FROM order_line l WHERE l.order_id = o.order_id) WHERE {which}",
    )
    for which in (OF, ONE)
]
_BUYERS: Final = [f"SELECT DISTINCT o.buyer FROM order_row o WHERE {w} AND o.buyer <> ''" for w in (OF, ONE)]
_PAID_BY: Final = (
    "FROM order_row o INDEXED BY order_row_buyer WHERE o.buyer = {buyer} AND o.placed_at IS NOT NULL"
    f" AND {PAID_FOR}"
)
_FIRST: Final = (
    "INSERT OR REPLACE INTO buyer_first SELECT buyer, first FROM (SELECT j.value AS buyer,"
    f" (SELECT o.placed_at {_PAID_BY.format(buyer='j.value')} ORDER BY o.placed_at LIMIT 1) AS first"
    " FROM json_each(?) j) AS begun WHERE first IS NOT NULL"
)
_NEVER: Final = (
    "DELETE FROM buyer_first WHERE buyer IN (SELECT value FROM json_each(?))"
    f" AND NOT EXISTS (SELECT 1 {_PAID_BY.format(buyer='buyer_first.buyer')})"
)


def day_number(at: datetime) -> int:
    """Return the number of a moment's day."""
    return (micros(at) + EAST_US) // DAY_US


class Leaving(NamedTuple):
    """What left the sums: whether any order did, and whose they were."""

    any: bool = False
    buyers: frozenset[str] = frozenset()


def leave(c: Connection, order_ids: Collection[str]) -> Leaving:
    """Take these orders out of the sums, as they stand; those that have no row yet are in none."""
    buyers = _buyers(c, order_ids)
    return Leaving(moved(c, _LEAVE, order_ids) > 0, buyers)


def enter(c: Connection, order_ids: Collection[str], left: Leaving) -> None:
    """Put these orders and their lines into the sums, as they stand. ``left``: what left before."""
    moved(c, _OF_LINES, order_ids)
    moved(c, _ENTER, order_ids)
    if left.any:
        moved(c, _CLEAR, order_ids)
    if buyers := left.buyers | _buyers(c, order_ids):
        listed = json.dumps(sorted(buyers))
        for statement in (_FIRST, _NEVER) if left.any else (_FIRST,):
            c.exec_driver_sql(statement, (listed,))


def _buyers(c: Connection, order_ids: Collection[str]) -> frozenset[str]:
    plain = json.dumps([id_ for id_ in order_ids if "\0" not in id_])
    found = set(c.exec_driver_sql(_BUYERS[0], (plain,)).scalars())
    for id_ in order_ids:
        if "\0" in id_:
            found.update(c.exec_driver_sql(_BUYERS[1], (id_,)).scalars())
    return frozenset(found)


def moved(c: Connection, statements: Sequence[tuple[str, ...]], order_ids: Collection[str]) -> int:
    """Run statements for these orders, ``(of many as a JSON list, of one)``; return how many rows changed.
    Straight to the driver: they are many in a commit."""
    many, one = statements
    execute = straight(c).execute
    changed = 0
    plain = [id_ for id_ in order_ids if "\0" not in id_]  # SQLite's JSON ends a text at NUL
    if plain:
        listed = json.dumps(plain)
        for statement in many:
            changed += execute(statement, (listed,)).rowcount
    for id_ in order_ids:
        for statement in one if "\0" in id_ else ():
            changed += execute(statement, (id_,)).rowcount
    return changed
