"""What the room's connections said that they cannot do: with it a thing goes to a person, at once."""

from __future__ import annotations

from typing import Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.connections import CONNECTIONS, ConnectionTold
from liveconsole.messages.envelope import Event
from liveconsole.messages.events import RoomChanged


def told(room: Room, data: ConnectionTold, ctx: Context) -> Decision:
    """Take what a connection says of itself; of one that is not set, or that says so again, nothing comes."""
    if getattr(room.settings, data.name) is None or room.cannot.get(data.name) == data.cannot:
        return Decision([], {})
    return Decision([ctx.event("connection.told", data)], {})


def changed(room: Room, data: RoomChanged) -> None:
    """Forget what was said by a connection that was set anew."""
    for name in CONNECTIONS:
        if name in data.settings:
            room.cannot.pop(name, None)


def _told(room: Room, data: ConnectionTold, event: Event) -> None:
    room.cannot[data.name] = list(data.cannot)


COMMANDS: Final[dict[str, Rule]] = {"connection.told": told}
FOLDS: Final[dict[str, Fold]] = {"connection.told": _told}
