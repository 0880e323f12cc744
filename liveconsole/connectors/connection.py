"""What a connection to an outside world is to the engine that runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.engine.core import RoomCore
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.differences import DifferencePage
from liveconsole.messages.inputs import CommandAnswer

_T = TypeVar("_T")


class RoomDoor(Protocol):
    """The running room, as a connection needs it. Every call may raise what `source.Post` and `NotTaken`
    name; it is on disk when `post` or `ask_self` returns."""

    @property
    def folder(self) -> Path:
        """The room's data folder."""

    def now(self) -> datetime:
        """Return the room's own time."""

    async def post(self, events: list[CloudEvent]) -> object:
        """Take facts, as a capture source gives them."""

    async def ask_self(self, type: str, data: dict[str, Any]) -> CommandAnswer:
        """Take a command of the engine's own (role ``platform``)."""

    async def view(self, look: Callable[[RoomCore], _T]) -> _T:
        """Look at the room in memory, on the writer's thread: read only, and quickly."""

    async def keep_picture(self, body: bytes) -> str:
        """Keep a picture and return its hash."""


class Connector(Protocol):
    """One connection as it was set; set anew, another one is made.

    `run` goes on until it is cancelled and never ends because the other side is away; what it raises is a
    bug. One that starts and ends promotions is a `dispatch.PlatformProgram` too.
    """

    def state(self) -> ConnectionState: ...

    async def run(self, room: RoomDoor) -> None: ...

    async def act(self, action: str, data: dict[str, Any]) -> ConnectionSaid:
        """Do what a person pressed and return what came of it; LookupError: no such action. Cancelled after
        `connections.ACT_SECONDS`."""


Compare = Callable[..., Awaitable[DifferencePage]]
"""``differences(after, limit, *, kept)`` of a connection that has read the goods of a shop."""

MakeConnector = Callable[[Any, Path], Connector]
"""(its settings of `messages.connections`, the data folder) → the connector, not running yet."""
