"""What a platform sold by what was read off it, and no order has told of: it has left the stock all the same.

Of two counts of one thing, the orders that came and the figure that was read, the larger one holds. So a
second reading corrects the first and adds nothing to it, and orders that are told of later take their units
out of what was read, not out of the stock once more. Of a sale of several SKUs nobody reads which of them
went: each is taken to have sold what it could have, for units that may be gone are not promised again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from liveconsole.domain.kind import kind_named
from liveconsole.domain.room import Cue, Room, SaleCount
from liveconsole.messages.specs import parse_spec

ASKED: Final = frozenset({"firing", "unknown", "on_air", "ended", "refused"})
"""The platform has it or had it; what waits in the queue has sold nothing, whatever is typed in."""

_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


def untold(counts: Mapping[str, SaleCount], sold: int | None, left: int | None) -> dict[str, int]:
    """Return the units of each SKU of a sale of which the platform showed ``sold`` and ``left``; of what is
    sold by the lot it shows lots."""
    lots = [count for count in counts.values() if count.lot]
    if lots:
        gone = sold or 0
        if left is not None:
            gone = max(gone, min(count.quantity // count.lot for count in lots) - left)
        return {
            sku_id: min(max(0, gone * count.lot - count.held - count.sold), count.left)
            for sku_id, count in counts.items()
        }
    told = sum(count.held + count.sold for count in counts.values())
    gone = sold or 0
    if left is not None and all(count.set_aside for count in counts.values()):
        gone = max(gone, sum(count.quantity for count in counts.values()) - left)
    more = max(0, gone - told)
    if len(counts) == 1:
        return dict.fromkeys(counts, more)
    return {sku_id: min(more, count.left) for sku_id, count in counts.items()}


def reckon(room: Room, cue: Cue) -> None:
    """Bring the stock into line with what was read of a sale, and with what orders have told since."""
    read = cue.measured
    if read is None or not cue.sale or cue.status not in ASKED:
        return
    for sku_id, units in untold(cue.sale, read.sold, read.left).items():
        count, sku = cue.sale[sku_id], room.skus.get(sku_id)
        if sku is not None:
            sku.on_hand += count.untold - units
            sku.untold += units - count.untold
        count.untold = units


def begin_anew(cue: Cue) -> None:
    """It is fired, or written anew: what was read before is of another round. Units that are gone stay so."""
    cue.measured = None
    for count in cue.sale.values():
        count.untold = 0


def rang(room: Room, cue: Cue, at: datetime) -> None:
    """Note since when what was read leaves orders without units."""
    for sku in (room.skus[sku_id] for sku_id in cue.sale if sku_id in room.skus):
        if sku.oversold and sku.oversold_at is None:
            sku.oversold_at = at


def quantities(kind: str, sent: dict[str, Any]) -> dict[str, int]:
    """Return how many of each SKU a promotion of the log set aside; none where it is not sold by the unit."""
    found = kind_named(kind)
    cue = Cue("", kind, parse_spec(kind, found.logged(sent)), sent, "queued", _NO_TIME, "")
    found.shape(cue)
    return {sku_id: count.quantity for sku_id, count in cue.sale.items()}
