"""Orders as the feed needs them: who still has to pay and until when, who bought, whether refunds rise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

KNOWN_MAX: Final = 50_000
REFUND_MINUTES: Final = 10
REFUNDS_LEAST: Final = 3
"""Fewer in ten minutes are no trend."""
REFUNDS_GROW: Final = 2.0
"""Rising: so many times the rate before."""


class PlacedOrder(Struct, gc=False):
    """One order that this feed saw placed. ``about`` is the numbers in the cart."""

    order_id: str
    seq: int
    at: str
    about: str
    fen: int
    pid: str = ""
    name: str = ""
    until: str = ""
    """When its hold ends; ``""`` where the platform keeps that to itself."""


class Refunds(Struct, frozen=True):
    """Refunded orders of the last ten minutes, and per ten minutes before them since the feed began."""

    now: int
    before: float
    rising: bool


class Orders:
    """Known orders by id, bounded; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._known: dict[str, PlacedOrder] = {}
        self.unpaid: dict[str, PlacedOrder] = {}
        """Neither paid nor closed, oldest first."""
        self.buyers: dict[str, int] = {}
        """pid → orders that stand."""
        self._refunds: dict[int, int] = {}
        self._since = 0

    def place(self, event: Mapping[str, Any], about: str) -> PlacedOrder | None:
        """``order.placed`` or ``order.granted``; None when it is known, which only teaches its deadline."""
        data = event["data"]
        order_id, buyer = data["order_id"], data["buyer"]
        known = self._known.get(order_id)
        until = data.get("hold_until") or ""
        if known is not None:
            known.until = known.until or until
            return None
        made = PlacedOrder(
            order_id, event["seq"], event["at"], about, data["total_fen"], buyer["id"], until=until
        )
        made.name = buyer.get("name", "")
        self._known[order_id] = self.unpaid[order_id] = made
        if made.pid:
            self.buyers[made.pid] = self.buyers.get(made.pid, 0) + 1
        if len(self._known) > KNOWN_MAX:
            gone = self._known.pop(next(iter(self._known)))
            self.unpaid.pop(gone.order_id, None)
            if len(self.buyers) > KNOWN_MAX:
                self.buyers.pop(gone.pid, None)
        return made

    def move(self, what: str, order_id: str) -> tuple[PlacedOrder | None, bool]:
        """``paid``, ``closed``, ``lapsed`` or ``refunded``: the order, and whether that ended its waiting."""
        placed = self._known.get(order_id)
        if placed is None or what == "refunded":
            return placed, False
        waited = self.unpaid.pop(order_id, None) is not None
        if what in ("closed", "lapsed") and waited:
            self._unbuy(placed.pid)
        return placed, waited

    def _unbuy(self, pid: str) -> None:
        left = self.buyers.get(pid, 0) - 1
        if left > 0:
            self.buyers[pid] = left
        else:
            self.buyers.pop(pid, None)

    def begin(self, minute: int) -> None:
        """The first minute (since the epoch) that was followed; later calls change nothing."""
        self._since = self._since or minute

    def refunded(self, minute: int) -> None:
        """One more refund in this minute."""
        self._refunds[minute] = self._refunds.get(minute, 0) + 1

    def refunds(self, minute: int) -> Refunds:
        """Tell whether refunds rise, as of ``minute``. Before ten earlier minutes are known nothing rises."""
        edge = minute - REFUND_MINUTES
        now = sum(count for at, count in self._refunds.items() if at > edge)
        long = edge - self._since + 1 if self._since else 0
        earlier = sum(count for at, count in self._refunds.items() if at <= edge)
        before = earlier * REFUND_MINUTES / long if long > 0 else 0.0
        rising = long >= REFUND_MINUTES and now >= REFUNDS_LEAST and now >= REFUNDS_GROW * before
        return Refunds(now, before, rising)
