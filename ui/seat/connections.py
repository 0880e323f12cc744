"""What a seat asks of the connections of its room: something a person pressed, and to keep a secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from liveconsole.messages.connection_acts import ConnectionAct, ConnectionSaid
from liveconsole.messages.differences import DifferencePage
from ui.seat.bus import Bus, Json
from ui.seat.seat import Answer, Seat

T = TypeVar("T")
LOCKED: Final = Answer(False, code="locked")


class SeatConnections:
    """What was asked for goes to ``then``, or an `Answer` that says why it was not to be had, unless
    ``owner`` was destroyed meanwhile; nothing here raises. Who is ``locked`` only looks."""

    def __init__(self, seat: Seat, locked: Callable[[], bool] = lambda: False) -> None:
        self._seat, self.locked = seat, locked

    def act(
        self,
        owner: QObject,
        name: str,
        action: ConnectionAct,
        data: Json,
        then: Callable[[ConnectionSaid | Answer], None],
    ) -> None:
        """Let a connection do something; what it says may be a no of its own."""
        if self.locked():
            then(LOCKED)
        else:
            self._ask(owner, f"{name} {action}", lambda client: client.act(name, action, data), then)

    def differences(
        self, owner: QObject, after: int, limit: int, then: Callable[[DifferencePage | Answer], None]
    ) -> None:
        """A page of where the shop's goods differ from ours."""
        asked = "differences of the shop"
        self._ask(owner, asked, lambda client: client.shop_differences(after, limit), then)

    def keep_secret(
        self, owner: QObject, name: str, values: dict[str, str], then: Callable[[str | Answer], None]
    ) -> None:
        """Hand secrets in; what comes says where they lie."""
        if self.locked():
            then(LOCKED)
        else:
            self._ask(owner, "keep a secret", lambda client: client.keep_secret(name, values), then)

    def secrets(self, owner: QObject, then: Callable[[dict[str, list[str]] | Answer], None]) -> None:
        """Which are kept: name → fields."""
        self._ask(owner, "secrets", lambda client: client.secrets(), then)

    def _ask(
        self,
        owner: QObject,
        what: str,
        ask: Callable[[Bus], Awaitable[T]],
        then: Callable[[T | Answer], None],
    ) -> None:
        tasks.spawn(self._told(owner, ask, then), name=what)

    async def _told(
        self, owner: QObject, ask: Callable[[Bus], Awaitable[T]], then: Callable[[T | Answer], None]
    ) -> None:
        told = await self._seat.at_door(ask)
        if shiboken6.isValid(owner):
            then(told)
