"""Until when each order has to be sent, as it was promised when it was told: kept in its row.

A line keeps what the catalogue said of its goods at that moment; what is promised later of the same goods is
promised to others. With the payment it comes to two columns of the order: ``ship_own``, µs, the earliest end
of its goods' own promises (null: none has one), and ``ship_usual``, whether any of its goods goes by the
shop's usual hours. Those are the shop's to change, so they are put to it when somebody asks
(`domain.shipping.ship_until`, `books.boards.after`).
"""

from __future__ import annotations

from typing import Final

HOUR_US: Final = 3_600_000_000
_DAY_ENDS: Final = f"(unixepoch(l.ships_on) * 1000000 + 16 * {HOUR_US})"
"""The end of a day of China."""
_BY_THE_DAY: Final = f"(l.ships_on IS NOT NULL AND {_DAY_ENDS} > o.paid_at)"
"""Who pays after a presale's day is sent his as any other."""
OWN: Final = f"min(CASE WHEN {_BY_THE_DAY} THEN {_DAY_ENDS} ELSE o.paid_at + l.ship_hours * {HOUR_US} END)"
"""`ship_own` of an ``order_row o``, over its ``order_line l``; null where nobody told when it was paid."""
USUAL: Final = (
    "coalesce(max(CASE WHEN o.paid_at IS NULL OR (l.ship_hours IS NULL AND (l.ships_on IS NULL"
    f" OR {_DAY_ENDS} <= o.paid_at)) THEN 1 ELSE 0 END), 1)"
)
"""`ship_usual`; an order without lines goes by the usual hours."""
