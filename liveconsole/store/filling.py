"""What a commit puts into the read tables: orders and what comes after them, broadcasts, cues that left.

Rows of orders replace what stood there. Of a shipment and an after-sale words come in any order: the newest
by its source's time stands, the first moments stay (`_NEWEST`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain as joined
from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from liveconsole.domain.order_states import SHIPPED, STEPS
from liveconsole.messages.facts import AFTERSALE_ANSWERED, AFTERSALE_DISPUTED, AFTERSALE_OVER
from liveconsole.store import goods_days, order_days, parcel_days
from liveconsole.store.money_rows import fill_money
from liveconsole.store.port import straight
from liveconsole.store.rows import (
    OF_BROADCASTS,
    AftersaleRow,
    BroadcastRow,
    MemberRow,
    OrderRow,
    ShipmentRow,
    Sums,
    ToldOfOrder,
    Write,
    micros,
)
from liveconsole.store.tables import METADATA, TAIL

_INTO: Final = re.compile(r'INSERT (?:OR \w+ )?INTO "?(\w+)')
_AT_ONCE: Final = (2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Rows of one statement; at most fifteen parameters each, of SQLite's 32,766 (orders go by fifty)."""


def many(insert: str, values: str, then: str = "") -> dict[int, str]:
    """Return a statement for each of so many rows; ``values``: what stands in the brackets of one."""
    return {size: f"{insert} VALUES {', '.join([f'({values})'] * size)} {then}" for size in _AT_ONCE}


def marks(columns: int) -> str:
    """Return the brackets' inside where every value is a parameter."""
    return ", ".join("?" * columns)


def add(c: Connection, statements: dict[int, str], rows: Sequence[tuple[object, ...]]) -> None:
    """Many rows go in by one statement: the driver lets the interpreter go once for all of them, not once a
    row, so that who decodes the next posts meanwhile is not in its way (nor it in his)."""
    one = statements[1]
    found = _INTO.match(one) if "CONFLICT" in one or "REPLACE" in one else None
    keys = len(METADATA.tables[found[1]].primary_key) if found else 0
    if keys and len({row[:keys] for row in rows}) < len(rows):  # PostgreSQL takes no row twice at once
        for row in rows:
            c.exec_driver_sql(one, row)
        return
    done = 0
    for size, statement in statements.items():
        while len(rows) - done >= size:
            c.exec_driver_sql(statement, tuple(joined.from_iterable(rows[done : done + size])))
            done += size


def _newest(table: str, *names: str) -> str:
    return ", ".join(
        f"{n} = CASE WHEN excluded.at >= {table}.at THEN excluded.{n} ELSE {table}.{n} END" for n in names
    )


def _newest_told(table: str, *names: str) -> str:
    """The same for what a word need not say."""
    return ", ".join(
        f"{n} = CASE WHEN excluded.at >= {table}.at THEN coalesce(excluded.{n}, {table}.{n})"
        f" ELSE coalesce({table}.{n}, excluded.{n}) END"
        for n in names
    )


def _first(table: str, *names: str) -> str:
    return ", ".join(f"{n} = coalesce({table}.{n}, excluded.{n})" for n in names)


_OF_ORDERS: Final = (
    "order_id", "status", "buyer", "total_fen", "paid_fen", "refund_fen", "cue_id", "placed_at", "seq",
    "broadcast", "units", "flags", "gift_units",
)  # fmt: skip
_ORDERS_AT_ONCE: Final = 50
"""Rows of one statement for orders: it asks for the shipment of each, and SQLite's time to read so many
questions grows with their square (28,010 orders in 17.5 s by the thousand, in 0.5 s by fifty)."""
_STEP: Final = f"CASE WHEN status IN {STEPS!r} THEN status ELSE '{SHIPPED}' END"
_OF_PARCELS: Final = ("delivered_at", "shipped_at", "at")
_PUT_ORDERS: Final = many(
    f"INSERT INTO order_row ({', '.join(_OF_ORDERS)}, tail, ship, delivered_at, shipped_at, ship_told)",
    f"{marks(14)}, (SELECT {_STEP} FROM shipment WHERE order_id = ?)"
    + "".join(f", (SELECT {name} FROM shipment WHERE order_id = ?)" for name in _OF_PARCELS),
    f"ON CONFLICT (order_id) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in _OF_ORDERS[1:])}",
)
_TOLD: Final = (
    "UPDATE order_row SET paid_at = coalesce(paid_at, ?), scene = coalesce(scene, ?),"
    " province = coalesce(province, ?), payment = coalesce(payment, ?), past = max(past, ?)"
    " WHERE order_id = ?"
)
_PUT_LINES: Final = many("INSERT OR REPLACE INTO order_line", marks(8))
_PUT_STOCK: Final = many("INSERT OR REPLACE INTO stock_day", marks(6))
_PUT_SHIPMENTS: Final = many(
    "INSERT INTO shipment",
    marks(10),
    f"ON CONFLICT (order_id) DO UPDATE SET {_newest('shipment', 'status', 'text', 'seq')},"
    f" {_newest_told('shipment', 'carrier', 'waybill', 'eta')}, at = max(shipment.at, excluded.at),"
    " shipped_at = min(shipment.shipped_at, excluded.shipped_at),"
    f" {_first('shipment', 'delivered_at')}",
)
_SHIPPED: Final = (
    f"UPDATE order_row SET (ship, delivered_at, shipped_at, ship_told) = (SELECT {_STEP}, s.delivered_at,"
    " s.shipped_at, s.at FROM shipment s WHERE s.order_id = order_row.order_id) WHERE order_id = ?"
)
_PUT_AFTERSALES: Final = many(
    "INSERT INTO aftersale",
    marks(13),
    "ON CONFLICT (aftersale_id) DO UPDATE SET"
    f" {_newest('aftersale', 'status', 'kind', 'order_id', 'seq')},"
    f" {_newest_told('aftersale', 'reason', 'amount_fen', 'due_at')}, at = max(aftersale.at, excluded.at),"
    " asked_at = min(aftersale.asked_at, excluded.asked_at),"
    f" {_first('aftersale', 'answered_at', 'closed_at', 'disputed_at')}",
)
_ADD_REVIEWS: Final = many("INSERT OR REPLACE INTO review", marks(6))
_SEE_GOODS: Final = many("INSERT OR IGNORE INTO goods_row", marks(6))
_PUT_NOTES: Final = many(
    "INSERT INTO order_note",
    marks(3),
    "ON CONFLICT (order_id) DO UPDATE SET text_seq = coalesce(excluded.text_seq, order_note.text_seq),"
    " tags_seq = coalesce(excluded.tags_seq, order_note.tags_seq)",
)
_AGAIN: Final = tuple(f"UPDATE {table} SET text = ? WHERE seq = ?" for table in ("review", "shipment"))
_PUT_MEMBERS: Final = many("INSERT OR REPLACE INTO member", marks(7))
_DROP_MEMBER: Final = "DELETE FROM member WHERE pid = ?"
_PUT_GOODS: Final = many("INSERT OR REPLACE INTO goods_row", marks(6))
_ADD_ASKS: Final = many("INSERT OR REPLACE INTO shop_ask", marks(15))
_MOVE_ASK: Final = (
    "UPDATE shop_ask SET status = ?, settled_at = CASE WHEN ? IN ('done', 'refused') THEN ? END,"
    " settled_seq = ? WHERE ask_id = ?"
)
_PUT_STEPS: Final = many("INSERT OR REPLACE INTO case_step", marks(6))
_PUT_AGREED: Final = many("INSERT OR REPLACE INTO review_agreed", marks(3))
_PUT_CUES: Final = many("INSERT OR REPLACE INTO cue_row (cue_id, broadcast, kind, status, body)", marks(5))
_PUT_BROADCAST: Final = (
    f"INSERT OR REPLACE INTO broadcast ({', '.join(OF_BROADCASTS)}) VALUES ({marks(len(OF_BROADCASTS))})"
)
_LATER: Final = (
    f"UPDATE broadcast SET orders_known = 1, {', '.join(f'{name} = {name} + ?' for name in Sums._fields)}"
    " WHERE number = ?"
)
_MEASURED: Final = "UPDATE cue_row SET measured = ? WHERE cue_id = ?"


def fill(c: Connection, write: Write) -> None:
    """Put in what the commit has for the read tables."""
    _fill_orders(c, write)
    if write.stock:
        add(c, _PUT_STOCK, write.stock)
    if write.reviews:
        add(c, _ADD_REVIEWS, [(*row[:5], micros(row.at)) for row in write.reviews])
    if write.goods:
        add(c, _PUT_GOODS, write.goods)
    if write.money is not None:
        fill_money(c, write.money)
    if write.goods_seen:
        add(c, _SEE_GOODS, write.goods_seen)
    if write.order_notes:
        add(c, _PUT_NOTES, write.order_notes)
    if write.members:
        _fill_members(c, write.members)
    _fill_cases(c, write)
    if write.cues:
        add(c, _PUT_CUES, write.cues)
    _fill_broadcasts(c, write)


def _fill_orders(c: Connection, write: Write) -> None:
    """Orders, their parcels and after-sales, and the sums that they are in: they leave as they were, and go
    in as they are."""
    moved = {row.order_id for row in write.orders} | {row.order_id for row in write.told}
    moved |= {row.order_id for row in write.lines}
    parcels = moved | {row.order_id for row in write.shipments} | {row.order_id for row in write.aftersales}
    if write.aftersales:
        parcels |= parcel_days.orders_of(c, [row.aftersale_id for row in write.aftersales])
    if not parcels:
        return
    parcels_left = parcel_days.leave(c, parcels)
    if moved:
        goods_left, left = goods_days.leave(c, moved), order_days.leave(c, moved)
    if write.orders:
        few = {size: sql for size, sql in _PUT_ORDERS.items() if size <= _ORDERS_AT_ONCE}
        add(c, few, [_order_values(row) for row in write.orders])
    if write.told:
        c.exec_driver_sql(_TOLD, [_told_values(row) for row in write.told])
    if write.lines:
        add(c, _PUT_LINES, write.lines)
    if moved:
        order_days.enter(c, moved, left)
        goods_days.enter(c, moved, left=goods_left)
    if write.shipments:
        add(c, _PUT_SHIPMENTS, [_shipment_values(row) for row in write.shipments])
        c.exec_driver_sql(_SHIPPED, [(row.order_id,) for row in write.shipments])
    if write.aftersales:
        add(c, _PUT_AFTERSALES, [_aftersale_values(row) for row in write.aftersales])
    parcel_days.enter(c, parcels, left=parcels_left)


def _fill_members(c: Connection, rows: Sequence[MemberRow]) -> None:
    kept = [row for row in rows if row.joined_at is not None]
    add(c, _PUT_MEMBERS, [_member_values(row) for row in kept])
    if len(kept) < len(rows):
        c.exec_driver_sql(_DROP_MEMBER, [(row.pid,) for row in rows if row.joined_at is None])


def _fill_cases(c: Connection, write: Write) -> None:
    if write.asks:
        add(c, _ADD_ASKS, [(*row[:11], micros(row.at), None, row.seq, None) for row in write.asks])
    if write.asks_moved:
        moved = [(row.status, row.status, micros(row.at), row.seq, row.ask_id) for row in write.asks_moved]
        c.exec_driver_sql(_MOVE_ASK, moved)
    if write.steps:
        add(c, _PUT_STEPS, [(*row[:4], micros(row.at), row.seq) for row in write.steps])
    if write.agreed:
        add(c, _PUT_AGREED, [(row.review_id, int(row.agreed), micros(row.at)) for row in write.agreed])


def _fill_broadcasts(c: Connection, write: Write) -> None:
    if write.broadcasts:  # in every commit: straight to the driver, at a third of the cost
        driver = straight(c)
        for row in write.broadcasts:
            driver.execute(_PUT_BROADCAST, _broadcast_values(row))
    if write.later:
        c.exec_driver_sql(_LATER, [(*sums, number) for number, sums in write.later.items()])
    if write.measured:
        for cue_id, figures in write.measured:
            _measure(c, cue_id, figures)


def _measure(c: Connection, cue_id: str, figures: bytes) -> None:
    """Put figures over those that were measured before; None takes one away (RFC 7396)."""
    before = c.exec_driver_sql("SELECT measured FROM cue_row WHERE cue_id = ?", (cue_id,)).scalar()
    merged = _patched({} if before is None else msgspec.json.decode(before), msgspec.json.decode(figures))
    c.exec_driver_sql(_MEASURED, (msgspec.json.encode(merged), cue_id))


def _patched(before: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    found = dict(before) if isinstance(before, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = _patched(found.get(name), value)
    return found


def forget(c: Connection, events: Sequence[tuple[int, bytes]]) -> None:
    """Texts of the tables as they stand on the log after somebody was forgotten: (seq, data)."""
    if events:
        for statement in _AGAIN:
            c.exec_driver_sql(statement, [(_text_of(data), seq) for seq, data in events])


def _text_of(data: bytes) -> str | None:
    said = msgspec.json.decode(data)
    text = said.get("text") if isinstance(said, dict) else None
    return text if isinstance(text, str) else None


def empty(c: Connection, tables: Iterable[str]) -> None:
    """Take out every row of these."""
    for table in tables:
        c.exec_driver_sql(f"DELETE FROM {table}")


def _us(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _order_values(row: OrderRow) -> tuple[object, ...]:
    id_ = row.order_id
    return (*row[:7], _us(row.placed_at), *row[8:], id_[-TAIL:], id_, id_, id_, id_)


def _told_values(row: ToldOfOrder) -> tuple[object, ...]:
    return _us(row.paid_at), row.scene, row.province, row.payment, int(row.past), row.order_id


def _shipment_values(row: ShipmentRow) -> tuple[object, ...]:
    at = micros(row.at)
    return (*row[:6], micros(row.told_at), at, at if row.status == "delivered" else None, row.seq)


def _aftersale_values(row: AftersaleRow) -> tuple[object, ...]:
    at = micros(row.at)
    answered = at if row.status in AFTERSALE_ANSWERED else None
    closed = at if row.status in AFTERSALE_OVER else None
    disputed = at if row.status == AFTERSALE_DISPUTED else None
    told_at = micros(row.told_at)
    # The buyer's word counts from when he said it, which may be before an engine was there to hear it.
    asked = min(at, told_at)
    return (*row[:6], asked, answered, closed, _us(row.due_at), told_at, row.seq, disputed)


def _member_values(row: MemberRow) -> tuple[object, ...]:
    day = None if row.checked_in is None else row.checked_in.isoformat()
    return (row.pid, _us(row.joined_at), *row[2:6], day)


def _broadcast_values(row: BroadcastRow) -> tuple[object, ...]:
    head = (row.number, row.title, micros(row.opened_at), _us(row.closed_at), row.opened_seq)
    return (*head, int(row.orders_known), row.comments, *row.sums, row.audience)
