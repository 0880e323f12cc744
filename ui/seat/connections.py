"""What a seat asks of the connections of its room: something a person pressed, and to keep a secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from ui.seat.bus import Bus, Json
from ui.seat.seat import Answer, Seat

Then = Callable[[Answer], None]


class SeatConnections:
    """Every answer goes to ``then``, unless ``owner`` was destroyed meanwhile; nothing here raises."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def act(self, owner: QObject, name: str, action: str, data: Json, then: Then) -> None:
        """Let a connection do something; ``result`` is all that it said of it."""

        async def ask(client: Bus) -> Json:
            said = await client.act(name, action, data)
            return {"result": said, **said}

        self._ask(owner, f"{name} {action}", ask, then)

    def keep_secret(self, owner: QObject, name: str, values: dict[str, str], then: Then) -> None:
        """Hand secrets in; ``result`` says where they lie."""

        async def ask(client: Bus) -> Json:
            return {"ok": True, "result": {"kept": await client.keep_secret(name, values)}}

        self._ask(owner, "keep a secret", ask, then)

    def secrets(self, owner: QObject, then: Then) -> None:
        """Which are kept: ``result`` is name → fields."""

        async def ask(client: Bus) -> Json:
            return {"ok": True, "result": await client.secrets()}

        self._ask(owner, "secrets", ask, then)

    def _ask(self, owner: QObject, what: str, ask: Callable[[Bus], Awaitable[Json]], then: Then) -> None:
        tasks.spawn(self._told(owner, ask, then), name=what)

    async def _told(self, owner: QObject, ask: Callable[[Bus], Awaitable[Json]], then: Then) -> None:
        answer = await self._seat.at_door(ask)
        if shiboken6.isValid(owner):
            then(answer)
