"""What the platform could at a moment of the log: the room's own rule over what the log tells of settings."""

from __future__ import annotations

from typing import Any

import msgspec

from liveconsole.domain.budget import limit_of
from liveconsole.domain.platforms import PLATFORMS, can_with
from liveconsole.messages.budgets import BroadcastBudget
from liveconsole.messages.connections import CONNECTIONS
from liveconsole.messages.state.room import Capabilities


class Reach:
    """The platform and its connections as of the last event of a broadcast; the next one begins with them."""

    def __init__(self, before: Reach | None = None) -> None:
        self._platform: str = before._platform if before is not None else "own"
        self._connected: set[str] = set(before._connected) if before is not None else set()
        self._cannot: dict[str, list[str]] = dict(before._cannot) if before is not None else {}
        self._budget: BroadcastBudget | None = before._budget if before is not None else None

    @property
    def can(self) -> Capabilities:
        """Return who did what then."""
        return can_with(self._platform, self._connected, self._cannot)

    @property
    def simulated(self) -> bool:
        """Tell whether it was a platform of rehearsals."""
        return PLATFORMS[self._platform].simulated

    def budget_fen(self, gmv_fen: int | None) -> int | None:
        """Return what the broadcast might give away; None without a budget, or where nobody can tell."""
        return limit_of(self._budget, gmv_fen) if self._budget is not None else None

    def tells_claims(self, part: str) -> bool:
        """Tell whether each claim was told; what a connection did was claimed at the platform."""
        return part not in PLATFORMS[self._platform].connections

    def set(self, settings: dict[str, Any]) -> None:
        """Fold the data of a ``room.set``; a platform of a newer program changes nothing."""
        if (name := settings.get("platform")) in PLATFORMS:
            self._platform = name
        if "budget" in settings:
            self._budget = msgspec.convert(settings["budget"], BroadcastBudget | None)
        for connection in (name for name in CONNECTIONS if name in settings):
            self._cannot.pop(connection, None)
            (self._connected.add if settings[connection] else self._connected.discard)(connection)

    def told(self, data: dict[str, Any]) -> None:
        """Fold the data of a ``connection.told``."""
        self._cannot[data["name"]] = data.get("cannot", [])
