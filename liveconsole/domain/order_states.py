"""How far an order is: the one rule, for a row that is shown and for a question to the tables.

- Closed: it was closed, all of its money went back, its hold lapsed, or it is of the past and was never paid.
- Unpaid: placed, and neither paid nor closed.
- To ship: paid, and nobody told of a parcel. Of the past it is done instead: its parcels were never told.
- Done: delivered, and the days in which it may be sent back are over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain.china import begin_of, day_of
from liveconsole.messages.order_pages import OrderState

SHIPPED: Final = "shipped"
STEPS: Final = ("shipped", "in_transit", "out_for_delivery", "delivered", "exception", "returned")
"""What a shipment's status may be for the rule; any other word is a parcel on its way."""
LAPSED: Final = 8
"""In the flags of an order: its hold ended unpaid."""


def step_of(status: str) -> str:
    """Return the step that a source's word stands for."""
    return status if status in STEPS else SHIPPED


def done_before(now: datetime, window_days: int) -> datetime:
    """Return the moment before which what was delivered is done: the window ends with a day of China."""
    return begin_of(day_of(now) - timedelta(days=window_days))


def state_of(
    status: str,
    *,
    paid_fen: int,
    refund_fen: int,
    flags: int,
    past: bool,
    ship: str | None,
    delivered_at: datetime | None,
    done: datetime,
) -> OrderState:
    """Return the state of an order. ``ship``: its step; ``done``: `done_before` now."""
    if status == "closed" or (status == "paid" and 0 < paid_fen <= refund_fen):
        return "closed"
    if status != "paid":
        return "closed" if past or status == "seen" or flags & LAPSED else "unpaid"
    match ship:
        case None:
            return "done" if past else "to_ship"
        case "exception" | "returned":
            return "exception"
        case "out_for_delivery":
            return "out_for_delivery"
        case "delivered":
            return "done" if delivered_at is not None and delivered_at < done else "delivered"
        case _:
            return "shipped"


SQL: Final = (
    "CASE WHEN o.status = 'closed' OR (o.status = 'paid' AND o.paid_fen > 0"
    " AND o.refund_fen >= o.paid_fen) THEN 'closed'"
    " WHEN o.status <> 'paid' THEN"
    " CASE WHEN o.past = 1 OR o.status = 'seen' OR (o.flags & 8) <> 0 THEN 'closed'"
    " ELSE 'unpaid' END"
    " WHEN o.ship IS NULL THEN CASE o.past WHEN 1 THEN 'done' ELSE 'to_ship' END"
    " WHEN o.ship IN ('exception', 'returned') THEN 'exception'"
    " WHEN o.ship = 'out_for_delivery' THEN 'out_for_delivery'"
    " WHEN o.ship = 'delivered' THEN CASE WHEN o.delivered_at < :done THEN 'done' ELSE 'delivered' END"
    " ELSE 'shipped' END"
)
"""The same of a row ``o`` of the table of orders, ``:done`` in µs; a test holds the two together."""
NARROWED: Final[dict[OrderState, str]] = {
    "unpaid": "o.past = 0 AND o.status IN ('placed', 'held')",
    "to_ship": "o.past = 0 AND o.status = 'paid' AND o.ship IS NULL",
    "shipped": "o.past IN (0, 1) AND o.status = 'paid' AND o.ship IN ('shipped', 'in_transit')",
    "out_for_delivery": "o.past IN (0, 1) AND o.status = 'paid' AND o.ship = 'out_for_delivery'",
    "exception": "o.past IN (0, 1) AND o.status = 'paid' AND o.ship IN ('exception', 'returned')",
    "delivered": "o.ship = 'delivered' AND o.delivered_at >= :done",
}
"""State → what all of its orders have and an index finds: the states in which few orders are at a time."""
