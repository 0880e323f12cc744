"""What this evening is about: the goods of its cart and of its rundown, and the promotions that wait."""

from __future__ import annotations

from liveconsole.domain.room import Cue, Product, Room


def tonight(room: Room) -> list[Product]:
    """Return the products of the cart and of the rundown, each once."""
    ids = [item.product_id for item in room.cart]
    ids += [s.written.product_id for s in room.rundown.segments.values() if s.written.product_id is not None]
    return [room.products[id_] for id_ in dict.fromkeys(ids) if id_ in room.products]


def waiting(room: Room) -> list[Cue]:
    """Return the promotions that are queued and not over."""
    return [room.cues[cue_id] for cue_id in room.queue]
