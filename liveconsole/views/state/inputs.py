"""What the state is made from at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from liveconsole.domain.room import Room
from liveconsole.views.kinds.kind import People, TurnedAway


class PersonNames(Protocol):
    """People as the outside knows them."""

    def names(self, pids: Iterable[str]) -> People:
        """pid → (outside id, name), as far as anybody knows."""

    def shown(self, line: bytes) -> bytes:
        """JSON with outside ids and names in place of pids."""

    def renamed(self) -> bool:
        """Tell whether somebody who was asked for is known by another name since the last call."""


class StateInputs(Struct, frozen=True):
    """``health``: the engine's own account of itself and its sources."""

    room: Room
    now: datetime
    names: PersonNames
    health: Mapping[str, Any]
    turned_away: TurnedAway | None = None
