"""Logs from before late facts said so themselves: which of their order events are late.

Such a log kept every order in the room, so an event about an order of an earlier broadcast looks like any
other. Whoever folds it from its first line remembers here which orders there were; the memory goes with the
fold, and ends at the first opening that was written by a version whose late facts are marked.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from liveconsole.domain.room import Room
from liveconsole.messages.envelope import Event, late_for, late_of
from liveconsole.messages.events import EVENTS
from liveconsole.messages.order_books import OF_THE_BOOKS

_MARKED: Final = frozenset(
    {"order.placed", "order.counted", "order.paid", "order.closed", "order.refunded", "promotion.measured"}
)
_SEEN: Final = (
    frozenset(
        {
            *(name for name in EVENTS if name.startswith("order.")),
            "promotion.measured",
        }
    )
    - OF_THE_BOOKS
    - {"order.settled"}
)


class LateFactMarks:
    """Take every event of ``LOOKED_AT`` in order, on the room as it stands before the event."""

    LOOKED_AT: Final = _SEEN | {"broadcast.opened"}

    def __init__(self) -> None:
        self._orders: dict[str, int] | None = {}
        self._cues: dict[str, int] = {}

    def told(self, room: Room, event: Event) -> Event:
        """Return the event, marked as late where it is."""
        if self._orders is None or event.type not in self.LOOKED_AT or late_of(event.actor) is not None:
            return event
        data: Any = event.data
        if event.type == "broadcast.opened":
            if data.number:
                self._orders, self._cues = None, {}
            else:
                self._cues |= {id_: cue.broadcast or room.tonight for id_, cue in room.cues.items()}
            return event
        number = self._number(room, data)
        if number is None or event.type not in _MARKED:
            return event
        return msgspec.structs.replace(event, actor=late_for(number))

    def _number(self, room: Room, data: Any) -> int | None:
        order_id, cue_id = getattr(data, "order_id", None), getattr(data, "cue_id", None)
        if order_id is None:
            return None if cue_id in room.cues else self._cues.get(cue_id or "")
        assert self._orders is not None
        if order_id in room.orders:
            return None
        number = self._orders.get(order_id)
        if number is None and cue_id is not None and cue_id not in room.cues:
            number = self._cues.get(cue_id)
        self._orders.setdefault(order_id, number or room.tonight)
        return number
