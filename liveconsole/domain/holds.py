"""Until when orders that the console granted hold their units: ``room.holds``, and the same as a heap.

An entry of the heap that says another moment than ``holds``, or an order that is not there, is stale; none is
ever at the top. Folds only.
"""

from __future__ import annotations

from datetime import datetime
from heapq import heappop, heappush

from liveconsole.domain.room import Room


def hold(room: Room, order_id: str, until: datetime) -> None:
    """Begin a hold, or move its end."""
    if room.holds.get(order_id) == until:
        return
    room.holds[order_id] = until
    heappush(room.hold_heap, (until, order_id))
    _trim(room)


def let_go(room: Room, order_id: str) -> None:
    """End a hold where there is one."""
    if room.holds.pop(order_id, None) is not None:
        _trim(room)


def stands(room: Room, entry: tuple[datetime, str]) -> bool:
    """Tell whether an entry of the heap is not stale."""
    return room.holds.get(entry[1]) == entry[0]


def _trim(room: Room) -> None:
    while room.hold_heap and not stands(room, room.hold_heap[0]):
        heappop(room.hold_heap)
