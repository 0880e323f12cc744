"""What came of a broadcast, as ``make run`` prints it: a fold of the log's lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from liveconsole.domain.order_units import is_gift
from liveconsole.messages.envelope import DOUBLE


class Summary(Struct):
    """Counts of what happened, each order once however often it was told of.

    ``orders``: placed or granted. ``paid``: orders that were paid, also when they were closed or refunded
    after. ``sold``: units that were bought in paid orders, gifts not among them. ``gmv_fen``: what was paid.
    ``fired``: kind → cues whose platform was asked. ``winners``: who was drawn, here or by the platform;
    alternates who moved up take the place of who was passed over and do not add to it.
    """

    comments: int = 0
    fired: dict[str, int] = field(default_factory=dict)
    winners: int = 0
    _kinds: dict[str, str] = field(default_factory=dict)
    _typed: dict[str, int] = field(default_factory=dict)
    """cue id → names typed in so far: a second time they are corrected."""
    _orders: dict[str, int] = field(default_factory=dict)
    """order id → units that were bought."""
    _paid: dict[str, int] = field(default_factory=dict)
    """order id → 分."""

    @property
    def orders(self) -> int:
        return len(self._orders)

    @property
    def paid(self) -> int:
        return len(self._paid)

    @property
    def sold(self) -> int:
        return sum(self._orders.get(order_id, 0) for order_id in self._paid)

    @property
    def gmv_fen(self) -> int:
        return sum(self._paid.values())

    def add(self, events: Iterable[Mapping[str, Any]]) -> Summary:
        """Go on with further lines of the log (``{"type", "data", …}``), in order; returns itself."""
        for event in events:
            data = event["data"]
            match event["type"]:
                case "comment.posted":
                    self.comments += event.get("actor") != DOUBLE
                case "cue.queued":
                    self._kinds[data["cue_id"]] = data["kind"]
                case "cue.firing":
                    kind = self._kinds.get(data["cue_id"], "pin")
                    self.fired[kind] = self.fired.get(kind, 0) + 1
                case "cue.drawn":
                    self.winners += len(data["winners"])
                case "bag.winners":
                    self.winners += len(data["names"]) - self._typed.get(data["cue_id"], 0)
                    self._typed[data["cue_id"]] = len(data["names"])
                case "order.placed" | "order.granted":
                    units = sum(line["quantity"] for line in data["lines"] if not _came_along(line))
                    self._orders.setdefault(data["order_id"], units)
                case "order.paid":
                    self._paid.setdefault(data["order_id"], data["paid_fen"])
                case _:
                    pass
        return self

    def line(self, seed: int, *, simulated: bool, screenshot: str | None = None) -> dict[str, Any]:
        """Return the JSON line of ``make run`` and of a headless rehearsal."""
        return {
            "seed": seed,
            "simulated": simulated,
            "comments": self.comments,
            "orders": self.orders,
            "paid": self.paid,
            "sold": self.sold,
            "gmv_fen": self.gmv_fen,
            "fired": dict(sorted(self.fired.items())),
            "winners": self.winners,
            "screenshot": screenshot,
        }


def _came_along(line: Mapping[str, Any]) -> bool:
    """`order_units.is_gift` of a line as the log has it, told or granted."""
    return bool(line.get("gift")) or is_gift(line.get("unit_price_fen"))
