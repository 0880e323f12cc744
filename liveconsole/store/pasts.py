"""What the orders of all the years come to for single buyers: asked by the writer for a handful at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from liveconsole.store.asked_orders import AskedOrders

_PASTS = (
    "SELECT j.value, coalesce(sum(o.status = 'paid' AND o.refund_fen < max(o.paid_fen, 1)), 0),"
    " coalesce(sum(o.paid_fen - o.refund_fen), 0)"
    " FROM json_each(?) j LEFT JOIN order_row o ON o.buyer = j.value GROUP BY j.value"
)
_HAS_PAST = "SELECT 1 FROM order_row WHERE broadcast = 0 AND past = 1 LIMIT 1"


class PaidOrders(NamedTuple):
    """Of one buyer: how many stand paid, and what all of his come to less what was given back."""

    orders: int
    fen: int


class Pasts(AskedOrders):
    """The part of a reader that knows buyers, and the orders that somebody named."""

    def has_past_orders(self) -> bool:
        """Tell whether orders were brought in from a file."""
        with self._file.reading() as c:
            return c.exec_driver_sql(_HAS_PAST).first() is not None

    def pasts_of(self, pids: Sequence[str]) -> dict[str, PaidOrders]:
        """Return what each of these has paid; nothing counts as no order."""
        with self._file.reading() as c:
            rows = c.exec_driver_sql(_PASTS, (json.dumps(list(pids)),)).all()
        return {row[0]: PaidOrders(int(row[1]), int(row[2])) for row in rows}
