"""What a seat asks of the connections of its room: something a person pressed, and to keep a secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from ui.seat.bus import Bus, Json
from ui.seat.seat import Answer, Seat

Then = Callable[[Answer], None]
LOCKED: Final = Answer(False, code="locked")


class SeatConnections:
    """Every answer goes to ``then``, unless ``owner`` was destroyed meanwhile; nothing here raises. Who is
    ``locked`` only looks."""

    def __init__(self, seat: Seat, locked: Callable[[], bool] = lambda: False) -> None:
        self._seat, self.locked = seat, locked

    def act(self, owner: QObject, name: str, action: str, data: Json, then: Then) -> None:
        """Let a connection do something; ``result`` is all that it said of it, its no included."""

        async def ask(client: Bus) -> Json:
            return {"ok": True, "result": await client.act(name, action, data)}

        if self.locked():
            then(LOCKED)
            return
        self._ask(owner, f"{name} {action}", ask, lambda answer: then(_of_act(answer)))

    def differences(self, owner: QObject, after: int, limit: int, then: Then) -> None:
        """A page of where the shop's goods differ from ours: ``result`` is what the door said."""

        async def ask(client: Bus) -> Json:
            return {"ok": True, "result": await client.shop_differences(after, limit)}

        self._ask(owner, "differences of the shop", ask, then)

    def keep_secret(self, owner: QObject, name: str, values: dict[str, str], then: Then) -> None:
        """Hand secrets in; ``result`` says where they lie."""

        async def ask(client: Bus) -> Json:
            return {"ok": True, "result": {"kept": await client.keep_secret(name, values)}}

        if self.locked():
            then(LOCKED)
            return
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


def _of_act(answer: Answer) -> Answer:
    """What the door said, or what the connection itself said of what it was asked."""
    said = answer.result
    if not answer.ok or said.get("ok", True):
        return answer
    return Answer(False, said, str(said.get("code", "")), said.get("params") or {}, str(said.get("text", "")))
