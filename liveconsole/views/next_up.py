"""下一品: where it would go as the state stands, for every screen and key that has it. Pure."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from liveconsole.messages.state import CartState, RundownState, SegmentState


class NextUp(Struct, frozen=True):
    """``code``: why it would go nowhere (``not_open``, ``nothing_next``), else empty."""

    code: str = ""
    segment: SegmentState | None = None
    """None without a rundown."""
    product_id: str | None = None
    """None for a segment without one."""

    @property
    def expect(self) -> dict[str, Any] | str | None:
        """What ``go.next`` is held against: a segment, or without a rundown a product."""
        if self.segment is None:
            return self.product_id
        return {"segment_id": self.segment.segment_id, "product_id": self.product_id}


def next_up(rundown: RundownState, cart: CartState, *, is_open: bool) -> NextUp:
    """Tell where it goes: the state says it, and the engine judges what the seat showed."""
    if not is_open:
        return NextUp("not_open")
    if not rundown.segments:
        return NextUp(product_id=cart.next.product_id) if cart.next is not None else NextUp("nothing_next")
    segment = next((one for one in rundown.segments if one.segment_id == rundown.next), None)
    if segment is None:
        return NextUp("nothing_next")
    return NextUp("", segment, segment.product_id)
