"""Late facts: about orders and promotions that have left the room. They are on the log and in the books."""

from __future__ import annotations

from typing import Any

from liveconsole.domain.context import Fold
from liveconsole.domain.room import Room
from liveconsole.messages.envelope import LATE, Event


def tonight(fold: Fold) -> Fold:
    """Return the fold, which passes over events that say of themselves that they are late."""

    def folded(room: Room, data: Any, event: Event) -> None:
        if not event.actor.startswith(LATE):
            fold(room, data, event)

    return folded
