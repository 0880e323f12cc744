"""本场上限 as the room holds it: a plain struct of the snapshot, as `room` has the others."""

from __future__ import annotations

from msgspec import Struct, field

from liveconsole.messages.fields import Pid


class BroadcastLimit(Struct):
    """Of one SKU, in units, over every promotion and the shop's own price; None: no such bound."""

    units: int | None = None
    per_buyer: int | None = None
    taken: int = 0
    """Held or sold by orders of this broadcast, gifts included."""
    buyers: dict[Pid, int] = field(default_factory=dict)
    """Buyer → units of them."""
