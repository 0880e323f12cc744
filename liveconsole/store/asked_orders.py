"""Orders, after-sales and reviews of all the years, for the writer: a handful at a time, by ids."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from liveconsole.domain.room_asks import FromBooks, KnownCase, KnownLine, KnownOrder, KnownReview
from liveconsole.store.port import Link

_CASES = (
    "SELECT aftersale_id, order_id, status FROM aftersale"
    " WHERE aftersale_id IN (SELECT value FROM json_each(?))"
)
_ORDERS = (
    "SELECT order_id, total_fen, paid_fen, refund_fen, status, ship FROM order_row"
    " WHERE order_id IN (SELECT value FROM json_each(?))"
)
_LINES = (
    "SELECT order_id, sku_id, quantity, unit_price_fen, product_id FROM order_line"
    " WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, line"
)
_BACK = (
    "SELECT order_id, sum(amount_fen) FROM shop_ask WHERE order_id IN (SELECT value FROM json_each(?))"
    " AND act = 'compensate' AND by_coupon = 0 AND status = 'done' GROUP BY order_id"
)

_REVIEW = (
    "SELECT r.seq, r.product_id, r.stars, r.text, coalesce(c.agreed, 0), o.buyer,"
    " o.buyer IS NOT NULL AND p.pid IS NULL"
    " FROM review r LEFT JOIN review_agreed c ON c.review_id = r.seq"
    " LEFT JOIN order_row o ON o.order_id = r.order_id LEFT JOIN person p ON p.pid = o.buyer WHERE r.seq = ?"
)
"""Who was forgotten has no row any more, and agrees to nothing."""


class AskedOrders:
    """The part of a reader that knows what a command about an order or a review names."""

    _file: Link

    def known_of(self, order_ids: Sequence[str], aftersale_ids: Sequence[str]) -> FromBooks:
        """Return these, and the orders that the after-sales are of."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_CASES, (json.dumps(list(aftersale_ids)),)).all()
            cases = {row[0]: KnownCase(*row) for row in rows}
            wanted = sorted({*order_ids, *(case.order_id for case in cases.values())})
            return FromBooks(True, _orders(c, json.dumps(wanted)), cases)

    def known_review(self, review_id: int) -> KnownReview | None:
        """Return a review with its buyer, and whether he agrees that it is shown."""
        with self._file.reading() as c:
            row = c.exec_driver_sql(_REVIEW, (review_id,)).one_or_none()
        if row is None:
            return None
        seq, product_id, stars, text, agreed, buyer, forgotten = row
        return KnownReview(seq, product_id, stars, text, bool(agreed) and not forgotten, buyer)


def _orders(c: Connection, ids: str) -> dict[str, KnownOrder]:
    lines: dict[str, list[KnownLine]] = {}
    for order_id, sku_id, quantity, price, product_id in c.exec_driver_sql(_LINES, (ids,)):
        lines.setdefault(order_id, []).append(KnownLine(sku_id, quantity, price, product_id or ""))
    back = {row[0]: int(row[1] or 0) for row in c.exec_driver_sql(_BACK, (ids,))}
    found = {}
    for order_id, total, paid_fen, refund_fen, status, ship in c.exec_driver_sql(_ORDERS, (ids,)):
        found[order_id] = KnownOrder(
            order_id,
            total,
            paid_fen,
            refund_fen,
            placed=status != "seen",
            paid=status == "paid",
            closed=status == "closed",
            shipped=ship is not None,
            lines=lines.get(order_id, []),
            back_fen=back.get(order_id, 0),
        )
    return found
