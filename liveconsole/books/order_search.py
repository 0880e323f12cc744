"""Which orders a text, filters and a page mean, as SQL.

What is named by few rows (an id, its end, a buyer, goods that seldom sold) is looked for from there; what is
named by many, or by nothing, from the newest order back, which has a page soon. Goods have few titles, so
those are searched, never the lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args

from msgspec import Struct, field

from liveconsole.books.reading import BadQuery, BookReader, day_in
from liveconsole.domain.china import begin_of, end_of
from liveconsole.domain.order_states import NARROWED, SQL
from liveconsole.messages.order_pages import ORDER_SORTS, ORDER_STATES, OrderSort, OrderState
from liveconsole.store.rows import micros
from liveconsole.store.tables import TAIL

TEXT_LONG: Final = 100
BUYERS_MOST: Final = 200
"""Buyers in whose names a text stands that are looked at."""
SKUS_MOST: Final = 2_000
SPAN: Final = 40_000
"""Orders that one page walks past; where none of them is wanted the page is empty, and the next goes on."""
FEW: Final = 5_000
"""Lines of goods up to which their orders are collected, rather than met on the way back."""
_CURSOR: Final = re.compile(r"(-?\d{1,18})\.(\d{1,18})", re.ASCII)
_FILTERS: Final = ("scene", "payment", "province")

_GOODS = (
    "SELECT sku_id FROM goods_row WHERE instr(lower(title), ?) > 0 OR instr(lower(sku_title), ?) > 0"
    " OR sku_id = ? OR product_id = ? LIMIT ?"
)
_LINES = (
    "SELECT count(*) FROM"
    " (SELECT 1 FROM json_each(?) j CROSS JOIN order_line l ON l.sku_id = j.value LIMIT ?) AS few"
)
_NAMED = "SELECT rowid FROM order_row WHERE order_id = :text"
_TAILED = (
    " UNION SELECT rowid FROM order_row WHERE tail = :tail"
    " AND substr(order_id, length(order_id) - length(:text) + 1) = :text"
)
_BOUGHT = (
    " UNION SELECT r.rowid FROM json_each(:buyers) j CROSS JOIN order_row r ON r.buyer = j.value"
    " AND r.buyer <> ''"
)
_WITH = (
    " UNION SELECT r.rowid FROM json_each(:skus) j CROSS JOIN order_line l ON l.sku_id = j.value"
    " CROSS JOIN order_row r ON r.order_id = l.order_id"
)
_MET = (
    "(o.order_id = :text OR o.buyer IN (SELECT value FROM json_each(:buyers)) OR EXISTS (SELECT 1"
    " FROM order_line l WHERE l.order_id = o.order_id AND l.sku_id IN (SELECT value FROM json_each(:skus))))"
)
_TAGGED = (
    "o.order_id IN (SELECT n.order_id FROM order_note n CROSS JOIN event e ON e.seq = n.tags_seq,"
    " json_each(CAST(e.data AS TEXT), '$.tags') g WHERE g.value = :tag)"
)


class OrdersWanted(Struct, frozen=True):
    """What a query asks for. ``after``: the (moment, row) behind which the page begins."""

    text: str = ""
    buyer: str = ""
    state: OrderState | None = None
    sort: OrderSort = "newest"
    tag: str = ""
    first: int | None = None
    """µs, in; ``end``: out."""
    end: int | None = None
    broadcast: int | None = None
    after: tuple[int, int] | None = None
    where: dict[str, str] = field(default_factory=dict)


def wanted(query: Mapping[str, str]) -> OrdersWanted:
    """Return what a query asks for.

    Raises:
        BadQuery: it cannot be read.
    """
    text, state, sort = query.get("q", "").strip(), query.get("state", ""), query.get("sort", "newest")
    if len(text) > TEXT_LONG or "\0" in text:
        raise BadQuery("q")
    buyer = query.get("buyer", "").strip()
    if len(buyer) > TEXT_LONG or "\0" in buyer:
        raise BadQuery("buyer")
    if state not in ("", *ORDER_STATES):
        raise BadQuery("state")
    if sort not in ORDER_SORTS:
        raise BadQuery("sort")
    first, last = day_in(query, "from"), day_in(query, "to")
    broadcast = query.get("broadcast", "")
    if broadcast and not (broadcast.isascii() and broadcast.isdigit() and len(broadcast) < 10):
        raise BadQuery("broadcast")
    return OrdersWanted(
        text,
        buyer,
        next((each for each in ORDER_STATES if each == state), None),
        next(each for each in get_args(OrderSort) if each == sort),
        query.get("tag", ""),
        None if first is None else micros(begin_of(first)),
        None if last is None else micros(end_of(last)),
        int(broadcast) if broadcast else None,
        _cursor(query.get("after", "")),
        {name: query[name] for name in _FILTERS if query.get(name)},
    )


def _cursor(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise BadQuery("after")
    return int(found[1]), int(found[2])


class FoundOrders(NamedTuple):
    """What a page found: rows, and where the next one goes on; None: there is no more."""

    rows: list[Any]
    next: tuple[int, int] | None


def look(reader: BookReader, asked: OrdersWanted, done: int, limit: int, columns: str) -> FoundOrders:
    """Return ``limit`` orders at most; the columns begin with ``placed_at`` and ``rowid``. ``done``: see
    `domain.order_states`, in µs."""
    values: dict[str, Any] = {"done": done, "limit": limit + 1}
    some, few = _of_text(reader, asked, values)
    parts = [*some, *ranged(asked, values)]
    few = few or asked.state in NARROWED or bool(asked.tag) or bool(asked.broadcast)
    if asked.state is not None:
        values["state"] = asked.state
        parts.append(f"{SQL} = :state")
        if asked.state in NARROWED:
            parts.append(NARROWED[asked.state])
    if asked.tag:
        values["tag"] = asked.tag
        parts.append(_TAGGED)
    # An order of which only the payment is known is found by its id alone: nobody knows when it was placed.
    at = "coalesce(o.placed_at, 0)" if few else "o.placed_at"
    order, way = ("DESC", "<") if asked.sort == "newest" else ("ASC", ">")
    if asked.after is not None:
        values["after_at"], values["after_row"] = asked.after
        parts.append(f"({at}, o.rowid) {way} (:after_at, :after_row)")
    end = None if few else _end_of_walk(reader, asked, order, way)
    if not few:
        parts.append("o.placed_at IS NOT NULL")
    if end is not None:
        values["end_at"], values["end_row"] = end
        parts.append(f"({at}, o.rowid) {'>' if way == '<' else '<'}= (:end_at, :end_row)")
    ordered = f"ORDER BY {at} {order}, o.rowid {order} LIMIT :limit"
    rows = reader.rows(f"SELECT {columns} FROM order_row o WHERE {' AND '.join(parts)} {ordered}", values)
    if len(rows) > limit:
        return FoundOrders(rows[:limit], place_of(rows[limit - 1]))
    return FoundOrders(rows, end)


def place_of(row: Sequence[Any]) -> tuple[int, int]:
    """Return where a page goes on behind this order."""
    return row[0] or 0, row[1]


def _end_of_walk(reader: BookReader, asked: OrdersWanted, order: str, way: str) -> tuple[int, int] | None:
    """Return the last order that this page looks at; None where it comes to the end of all."""
    values: dict[str, Any] = {"span": SPAN - 1}
    parts = ["o.placed_at IS NOT NULL", *days(asked, values)]
    if asked.after is not None:
        values["after_at"], values["after_row"] = asked.after
        parts.append(f"(o.placed_at, o.rowid) {way} (:after_at, :after_row)")
    sql = (
        f"SELECT o.placed_at, o.rowid FROM order_row o WHERE {' AND '.join(parts)}"
        f" ORDER BY o.placed_at {order}, o.rowid {order} LIMIT 1 OFFSET :span"
    )
    return next(iter(map(place_of, reader.rows(sql, values))), None)


def ranged(asked: OrdersWanted, values: dict[str, Any]) -> list[str]:
    """Return what a range of days, a broadcast and filters by one column mean."""
    parts = [f"o.{name} = :{name}" for name in asked.where]
    values |= asked.where
    parts += days(asked, values)
    if asked.broadcast is not None:
        values["broadcast"] = asked.broadcast
        parts.append("o.broadcast = :broadcast")
    return parts


def days(asked: OrdersWanted, values: dict[str, Any]) -> list[str]:
    """Return what the days mean."""
    parts = []
    for name, bound, sign in (("first", asked.first, ">="), ("end", asked.end, "<")):
        if bound is not None:
            values[name] = bound
            parts.append(f"o.placed_at {sign} :{name}")
    return parts


def _of_text(reader: BookReader, asked: OrdersWanted, values: dict[str, Any]) -> tuple[list[str], bool]:
    """What a text means, and whether that is few orders. What goods are called is not looked for in names."""
    text = asked.text
    if not text:
        return _of_buyer(reader, asked, values)
    sought = text.encode().lower().decode()
    skus = [row[0] for row in reader.rows(_GOODS, (sought, sought, text, text, SKUS_MOST))]
    number = text.isascii() and text.isdigit()
    buyers = [] if number or skus else _pids(reader, sought, text)
    values |= {"text": text, "tail": text[-TAIL:], "buyers": json.dumps(buyers), "skus": json.dumps(skus)}
    many = skus and reader.rows(_LINES, (values["skus"], FEW + 1))[0][0] > FEW
    if many:
        return [_MET, *_of_buyer(reader, asked, values)[0]], False
    named = _NAMED + (_TAILED if len(text) >= TAIL else "") + (_BOUGHT if buyers else "")
    few = f"o.rowid IN ({named}{_WITH if skus else ''})"
    return [few, *_of_buyer(reader, asked, values)[0]], True


def _of_buyer(reader: BookReader, asked: OrdersWanted, values: dict[str, Any]) -> tuple[list[str], bool]:
    if not asked.buyer:
        return [], False
    sought = asked.buyer.encode().lower().decode()
    values["of"] = json.dumps(_pids(reader, sought, asked.buyer))
    return ["o.buyer IN (SELECT value FROM json_each(:of)) AND o.buyer <> ''"], True


def _pids(reader: BookReader, sought: str, id_: str) -> list[str]:
    return reader.people_called(sought, id_, BUYERS_MOST)
