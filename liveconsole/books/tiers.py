"""Tiers by the seller's own figures: what somebody pays a month, what he bought of, how often he is heard."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from liveconsole.books.china_days import day_sql
from liveconsole.books.figures import TierBounds
from liveconsole.books.reading import BookReader
from liveconsole.domain.china import begin_of, end_of
from liveconsole.store.rows import micros
from liveconsole.store.tables import NOISY

HEARD_DAYS: Final = 7
HEARD_MOST: Final = 200_000
"""Events that are looked through for comments: the newest of the seven days. Who counts the rest says
that it is a part."""
_ASKED: Final = 500
_FEN: Final = 100
_BOUGHT: Final = (
    f"SELECT buyer, {day_sql('min(CASE WHEN refund_fen < max(paid_fen, 1) THEN placed_at END)')},"
    f" {day_sql('max(CASE WHEN refund_fen < max(paid_fen, 1) THEN placed_at END)')},"
    " sum(refund_fen < max(paid_fen, 1)) AS orders, sum(paid_fen - refund_fen),"
    " sum(CASE WHEN placed_at >= :since THEN paid_fen - refund_fen ELSE 0 END),"
    " sum(placed_at >= :week)"
    " FROM order_row INDEXED BY order_row_buyer WHERE status = 'paid' AND buyer <> '' AND placed_at < :end"
    " GROUP BY buyer HAVING sum(refund_fen < max(paid_fen, 1)) > 0"
)
_LINES: Final = (
    "SELECT o.buyer, l.product_id, l.sku_id FROM json_each(:pids) j JOIN order_row o ON o.buyer = j.value"
    " AND o.status = 'paid' AND o.placed_at < :end AND o.refund_fen < max(o.paid_fen, 1)"
    " JOIN order_line l ON l.order_id = o.order_id"
)
_AT: Final = "SELECT at FROM event WHERE seq >= ? ORDER BY seq LIMIT 1"
_SAID: Final = (
    "SELECT json_extract(CAST(data AS TEXT), '$.viewer.id'), count(*) FROM event"
    " WHERE seq > :after AND seq <= :newest AND type_id = :comment GROUP BY 1"
)


class Tiered(NamedTuple):
    """One customer and his tier; the last four as `messages.customers.CustomerRow` has them."""

    pid: str
    tier: str
    orders: int
    recency_days: int
    fen: int
    monthly_fen: int
    groups: int | None
    interactions: int
    first_order: bool


def tiered(reader: BookReader, on: date, bounds: TierBounds) -> tuple[list[Tiered], bool]:
    """Return everybody who bought up to the end of a day, and whether more was said than was looked
    through."""
    end, week = micros(end_of(on)), micros(begin_of(on - timedelta(days=HEARD_DAYS - 1)))
    since = micros(begin_of(months_before(on, bounds.months) + timedelta(days=1)))
    rows = reader.rows(_BOUGHT, {"since": since, "week": week, "end": end})
    today = on.toordinal()
    high = bounds.high_yuan * _FEN * bounds.months
    rich = [row[0] for row in rows if row[5] >= high]
    bought_of = _groups_of(reader, rich, end)
    heard, partly = _heard(reader, week, end)
    found = []
    for pid, first, last, orders, fen, lately, this_week in rows:
        interactions = this_week + heard.get(pid, 0)
        groups = bought_of.get(pid, 0) if lately >= high else None
        if groups is not None and groups >= bounds.high_groups:
            tier = "high"
        elif lately >= bounds.mid_yuan * _FEN * bounds.months or interactions >= bounds.mid_interactions:
            tier = "potential"
        else:
            tier = "new"
        newcomer, days = today - first < bounds.first_order_days, today - last
        monthly = lately // bounds.months
        found.append(Tiered(pid, tier, orders, days, fen, monthly, groups, interactions, newcomer))
    return found, partly


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, the last of its month where that has no such day."""
    month = day.year * 12 + day.month - 1 - months
    year, month = divmod(month, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def _groups_of(reader: BookReader, pids: list[str], end: int) -> dict[str, int]:
    """Of how many brands, or groups of goods, each of these bought."""
    if not pids:
        return {}
    named = _named_goods(reader)
    bought: dict[str, set[str]] = {}
    for start in range(0, len(pids), _ASKED):
        asked = {"pids": json.dumps(pids[start : start + _ASKED]), "end": end}
        for pid, product_id, sku_id in reader.rows(_LINES, asked):
            own = product_id or sku_id
            bought.setdefault(pid, set()).update(named.get(own) or (f"goods:{own}",))
    return {pid: len(of) for pid, of in bought.items()}


def _named_goods(reader: BookReader) -> dict[str, tuple[str, ...]]:
    """Product → its brand, else its groups, as it was put last."""
    found: dict[str, tuple[str, ...]] = {}
    for product in _puts(reader):
        if (names := tuple(_names_of(product))) and isinstance(id_ := product.get("product_id"), str):
            found[id_] = names
    return found


def _puts(reader: BookReader) -> Iterator[dict[str, object]]:
    for row in reader.of_types(("catalogue.put",)):
        for product in json.loads(row.data).get("products", ()):
            if isinstance(product, dict):
                yield product


def _names_of(product: dict[str, object]) -> Iterable[str]:
    brand, groups = product.get("brand"), product.get("groups")
    if isinstance(brand, str) and brand.strip():
        yield f"brand:{brand.strip()}"
    elif isinstance(groups, list):
        yield from (f"group:{one}" for one in groups if isinstance(one, str) and one)


def _heard(reader: BookReader, week: int, end: int) -> tuple[dict[str, int], bool]:
    """Comments by person, those that entered a bag among them, and whether a part of these days was not
    looked at."""
    last = reader.last_seq()
    newest = _first_at(reader, end, last) - 1
    begin = _first_at(reader, week, last) - 1
    after = max(begin, newest - HEARD_MOST)
    told = reader.rows(_SAID, {"after": after, "newest": newest, "comment": NOISY["comment.posted"]})
    return {pid: count for pid, count in told if isinstance(pid, str)}, after > begin


def _first_at(reader: BookReader, at: int, last: int) -> int:
    """Return the seq of the first event at or behind a moment; one behind the last where there is none."""
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        found = reader.rows(_AT, (middle,))
        if not found or found[0][0] >= at:
            high = middle
        else:
            low = middle + 1
    return low
