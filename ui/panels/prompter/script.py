"""What there is to say, segment by segment: the rundown's scripts, or the selling points of the cart."""

from __future__ import annotations

from dataclasses import dataclass

from ui.i18n import t
from ui.seat.room import RoomView
from ui.words.goods import points_of


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment's words. All of it may come from outside: it is painted as letters only."""

    key: str
    """The segment's id; without a rundown, the product's."""
    title: str
    text: str


def passages(room: RoomView) -> tuple[list[Passage], str]:
    """Every passage of a room in its order, and the key of the one that is on now.

    The key is ``""`` before the first. A segment without a script gets its product's points.
    """
    rundown = room.rundown
    if rundown.segments:
        found = [
            Passage(
                segment.segment_id,
                segment.title or _named(segment.product_id or "", room),
                segment.script or _points(segment.product_id or "", room),
            )
            for segment in rundown.segments
        ]
        return found, rundown.current or ""
    found = [
        Passage(item.product_id, _named(item.product_id, room), _points(item.product_id, room))
        for item in room.items
    ]
    return found, room.pinned.wanted or ""


def _named(product_id: str, room: RoomView) -> str:
    number, title = room.numbers.get(product_id), room.title(product_id)
    return f"{t('{n} 号', n=number)} {title}" if number is not None else title


def _points(product_id: str, room: RoomView) -> str:
    """The points one under another, as they are said."""
    return "\n".join(points_of(room.products.get(product_id)))
