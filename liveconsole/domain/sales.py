"""The tally of what is sold by the unit at a price of its own (`Cue.sale`): where an order belongs, and when
it is over. One rule for every kind that keeps such a tally."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from liveconsole.domain.kind import kind_of
from liveconsole.domain.room import Cue, Room
from liveconsole.domain.together import sells_lots
from liveconsole.messages.refusals import Refused


def running(room: Room, sku_id: str, now: datetime) -> Cue | None:
    """Return the sale on air whose price an order of this SKU has without naming it; judged by our clock, not
    by the tick that ends it."""
    return next((cue for cue in _open(room, sku_id, now) if not kind_of(cue).BY_NAME), None)


def at_price(room: Room, sku_id: str, fen: int, now: datetime) -> Cue | None:
    """Return the sale on air that a platform sold a unit in for so much: its price, or less by a coupon."""
    found = [cue for cue in _open(room, sku_id, now) if fen <= cue.sale[sku_id].price_fen]
    return min(found, key=lambda cue: cue.sale[sku_id].price_fen, default=None)


def _open(room: Room, sku_id: str, now: datetime) -> Iterator[Cue]:
    cues = (room.cues[cue_id] for cue_id in room.live)
    return (cue for cue in cues if by_unit(cue, sku_id) and is_open(cue, now))


def by_unit(cue: Cue, sku_id: str) -> bool:
    """Tell whether a line of this SKU is of the sale by itself: what is sold by the lot goes together."""
    count = cue.sale.get(sku_id)
    return count is not None and not count.lot


def running_lots(room: Room, now: datetime) -> Iterator[Cue]:
    """Yield what is sold by the lot on air."""
    for cue_id in room.live:
        cue = room.cues[cue_id]
        if sells_lots(cue) and is_open(cue, now):
            yield cue


def named(room: Room, cue_id: str, now: datetime) -> Cue | Refused:
    """Return the sale that an order asks for by its cue."""
    cue = room.cues.get(cue_id)
    if cue is None or cue.status == "removed":
        return Refused("unknown_cue", {"cue_id": cue_id})
    if not cue.sale:
        return Refused("wrong_kind", {"kind": "flash_sale", "cue_id": cue_id})
    return cue if is_open(cue, now) else Refused("not_on_air", {"cue_id": cue_id})


def is_open(cue: Cue, now: datetime) -> bool:
    return cue.status == "on_air" and (cue.ends_at is None or now < cue.ends_at)


def bought(cue: Cue, pid: str) -> int:
    """Units that this buyer holds or has paid in the sale."""
    return cue.buyers.get(pid, 0)


def limit(cue: Cue) -> int:
    """Units that one buyer may have of it."""
    return kind_of(cue).per_buyer(cue.spec)


def oversold(cue: Cue) -> int:
    """Units beyond the promise: over the quantity, or to buyers over their limit, whichever is more."""
    return max(sum(count.oversold for count in cue.sale.values()), cue.over_limit)
