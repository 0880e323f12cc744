"""The orders of all the years: a list with search, states, and what they come to.

Of buyers only masked names leave it, and of notes what stands on the log now: a person who was forgotten is
in neither.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec

from liveconsole.advice import after_order, seller_files
from liveconsole.books.order_notes import WrittenBeside, written_beside
from liveconsole.books.order_search import OrdersWanted, look, place_of, ranged, wanted
from liveconsole.books.reading import BookReader, limit_in
from liveconsole.domain.aftersale import Figures
from liveconsole.domain.order_states import SQL, done_before, state_of
from liveconsole.messages.bounds import BOOK_BYTES
from liveconsole.messages.order_books import ADDRESS_TAG
from liveconsole.messages.order_pages import (
    ORDER_STATES,
    BookAftersale,
    BookLine,
    BookOrder,
    BookShipment,
    BothSaid,
    OrderBookPage,
    StateCount,
)
from liveconsole.store.order_flags import COUNTED, PLACED
from liveconsole.store.rows import micros, moment
from liveconsole.views.masks import mask_name, plain_line
from liveconsole.views.unpaid import urge

LINES_SHOWN: Final = 5
_TITLE_LONG: Final = 60
_AFTERSALES_SHOWN: Final = 5
_PAGE_BYTES: Final = BOOK_BYTES - 64 * 1024
_COUNTED_DAYS: Final = 90
"""The range of the counts where a query names none."""

_ROW: Final = (
    "o.placed_at, o.rowid, o.order_id, o.status, o.buyer, o.total_fen, o.paid_fen, o.refund_fen, o.broadcast,"
    " o.units, o.flags, o.paid_at, o.scene, o.province, o.payment, o.past, o.ship, o.delivered_at"
)
_LINES = (
    "SELECT l.order_id, l.line, l.sku_id, l.quantity, l.unit_price_fen, coalesce(l.product_id, g.product_id),"
    " coalesce(g.title, ''), coalesce(g.sku_title, '') FROM json_each(?) j CROSS JOIN order_line l"
    " ON l.order_id = j.value LEFT JOIN goods_row g ON g.sku_id = l.sku_id ORDER BY l.order_id, l.line"
)
_SHIPMENTS = (
    "SELECT s.order_id, s.status, s.at, s.shipped_at, s.delivered_at, s.carrier, s.waybill, s.eta, s.text"
    " FROM json_each(?) j CROSS JOIN shipment s ON s.order_id = j.value"
)
_AFTERSALES = (
    "SELECT a.order_id, a.aftersale_id, a.kind, a.status FROM json_each(?) j CROSS JOIN aftersale a"
    " ON a.order_id = j.value ORDER BY a.asked_at"
)
_COUNTS = (
    f"SELECT {SQL} state, count(*), sum(o.total_fen), sum(o.paid_fen), sum(o.refund_fen)"
    " FROM order_row o WHERE {where} GROUP BY 1"
)
_WAITING: Final = "o.past = 0 AND o.status IN ('placed', 'held') AND o.flags & 8 = 0"
_UNPAID = f"SELECT count(*), min(o.placed_at) FROM order_row o WHERE {_WAITING}"
_MOST = (
    "SELECT max(g.title) FROM order_row o CROSS JOIN order_line l ON l.order_id = o.order_id"
    f" CROSS JOIN goods_row g ON g.sku_id = l.sku_id WHERE {_WAITING} AND g.title <> ''"
    " GROUP BY g.product_id ORDER BY count(*) DESC, g.product_id LIMIT 1"
)
_encode = msgspec.json.Encoder().encode


def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
    """Answer with one page; see `page`."""
    return _encode(page(reader, query))


def page(reader: BookReader, query: Mapping[str, str]) -> OrderBookPage:
    """Return one page: ``q`` (an order id or its end, goods, else a buyer's name), ``buyer``, ``state``,
    ``sort`` (newest, oldest), ``from``, ``to``, ``broadcast``, ``scene``, ``payment``, ``province``, ``tag``,
    ``limit``, ``after``, ``counts=1``."""
    asked, limit = wanted(query), limit_in(query)
    done = done_before(reader.now(), _window_days(reader))
    rows, after = look(reader, asked, micros(done), limit, _ROW)
    orders: list[BookOrder] = []
    size = 0
    for place, order in enumerate(_orders(reader, rows, done)):
        size += len(_encode(order))
        if size > _PAGE_BYTES and orders:
            after = place_of(rows[place - 1])
            break
        orders.append(order)
    counts = _counts(reader, asked, done) if query.get("counts") else None
    return OrderBookPage(
        orders,
        f"{after[0]}.{after[1]}" if after is not None else "",
        counts,
        _urge(reader) if asked.state == "unpaid" else None,
    )


def _window_days(reader: BookReader) -> int:
    file = seller_files.path(after_order.CLOCKS, reader.folder)
    try:
        return _window_of(file, file.stat().st_mtime_ns)
    except (OSError, seller_files.BadSellerFile):
        return Figures().window_days


@lru_cache(maxsize=4)
def _window_of(file: Path, changed: int) -> int:
    return after_order.figures(file.read_text("utf-8-sig"))[0].window_days


def _counts(reader: BookReader, asked: OrdersWanted, done: datetime) -> list[StateCount]:
    if asked.first is None and asked.broadcast is None:
        begins = micros(reader.now() - timedelta(days=_COUNTED_DAYS))
        asked = msgspec.structs.replace(asked, first=begins)
    values: dict[str, Any] = {"done": micros(done)}
    where = " AND ".join(ranged(asked, values))
    found = {row[0]: row for row in reader.rows(_COUNTS.format(where=where), values)}
    return [
        StateCount(state, *(found[state][1:] if state in found else (0, 0, 0, 0))) for state in ORDER_STATES
    ]


def _urge(reader: BookReader) -> BothSaid | None:
    orders, oldest = reader.rows(_UNPAID)[0]
    if not orders or oldest is None:
        return None
    most = reader.rows(_MOST)
    return urge(orders, moment(oldest), plain_line(most[0][0], _TITLE_LONG) if most else "")


def _orders(reader: BookReader, rows: Sequence[Any], done: datetime) -> list[BookOrder]:
    ids = json.dumps([row[2] for row in rows])
    lines = _by_order(reader.rows(_LINES, (ids,)))
    shipments = {row[0]: row for row in reader.rows(_SHIPMENTS, (ids,))}
    aftersales = _by_order(reader.rows(_AFTERSALES, (ids,)))
    written = written_beside(reader, [row[2] for row in rows])
    names = reader.names(list({row[4] for row in rows if row[4]}))
    found = []
    for row in rows:
        order_id, who = row[2], names.get(row[4])
        beside = written.get(order_id, WrittenBeside())
        found.append(
            _order(
                row,
                done,
                buyer=mask_name(who[1] or who[0]) if who is not None else "",
                lines=lines.get(order_id, []),
                shipment=_shipment(shipments.get(order_id)),
                aftersales=[BookAftersale(*each[1:]) for each in aftersales.get(order_id, [])],
                note=beside.note,
                tags=beside.tags,
            )
        )
    return found


def _order(row: Any, done: datetime, *, lines: list[Any], aftersales: list[Any], **beside: Any) -> BookOrder:
    placed_at, _, order_id, status, _, total, paid, refund, broadcast, units, flags, paid_at, *told = row
    scene, province, payment, past, ship, delivered_at = told
    state = state_of(
        status,
        paid_fen=paid,
        refund_fen=refund,
        flags=flags,
        past=bool(past),
        ship=ship,
        delivered_at=_moment(delivered_at),
        done=done,
    )
    return BookOrder(
        order_id=order_id,
        state=state,
        placed_at=_moment(placed_at),
        paid_at=_moment(paid_at),
        total_fen=total if flags & (PLACED | COUNTED) else None,
        paid_fen=paid if status == "paid" or paid else None,
        units=units,
        broadcast=broadcast,
        refund_fen=refund,
        past=bool(past),
        scene=scene,
        province=province,
        payment=payment,
        lines=[_line(each) for each in lines[:LINES_SHOWN]],
        more_lines=max(0, len(lines) - LINES_SHOWN),
        aftersales=aftersales[-_AFTERSALES_SHOWN:],
        change_address=ADDRESS_TAG in beside["tags"],
        **beside,
    )


def _line(row: Any) -> BookLine:
    _, _, sku_id, units, price, product_id, title, sku = row
    return BookLine(
        sku_id, units, price, product_id, plain_line(title, _TITLE_LONG), plain_line(sku, _TITLE_LONG)
    )


def _shipment(row: Any) -> BookShipment | None:
    if row is None:
        return None
    _, status, at, shipped_at, delivered_at, *told = row
    return BookShipment(status, moment(at), moment(shipped_at), _moment(delivered_at), *told)


def _moment(us: int | None) -> datetime | None:
    return None if us is None else moment(us)


def _by_order(rows: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found
