"""Make, run and stop the connections of a room as its settings say, inside the engine's process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from liveconsole import credentials
from liveconsole.bus.connections import NotConnected
from liveconsole.connectors.connection import Compare, Connector, MakeConnector, RoomDoor
from liveconsole.domain.effects import Effect
from liveconsole.domain.room import Settings
from liveconsole.domain.shop_asks import AskEffect
from liveconsole.engine.dispatch import EffectProgram, PlatformProgram, PlatformSaid
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.connections import CONNECTIONS, ConnectionState
from liveconsole.messages.differences import DifferencePage
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.worlds import World
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

ACT_SECONDS: Final = 30.0
_LOOK: Final = 0.5
_PIN_SECONDS: Final = 10.0
_AGAIN: Final = 5.0
"""Seconds until a connection that ended by a bug is made anew."""
_READ_BACK: Final[dict[tuple[str, str, str], World]] = {("obs", "check", "follows"): "picture"}
"""Connection, action, and what it said → the world that it read back, which no fact and no effect proves."""
_STARTS_WITHIN: Final = 3.0
_STARTS_LOOK: Final = 0.1
_SECRETS_OF: Final = {"wechat_shop": "shop", "relay": "shop"}
"""Whose secrets go to a connection of another name; one that has ``secrets_kept`` is told of them at once."""
COMPARES: Final = "shop"
"""The connection whose goods are compared with ours."""
_DONE_BY: Final[dict[str, str]] = {"pins": "browser", "sales": "shop", "coupons": "shop"}


class Connections:
    """The connections of one engine, and the port of `bus.connections`. Everything on the engine's loop."""

    def __init__(self, folder: Path, room: RoomDoor, makers: Mapping[str, MakeConnector]) -> None:
        self._folder = folder
        self._room = room
        self._makers = makers
        self._on: dict[str, tuple[Any, Connector, asyncio.Task[None]]] = {}
        self._failed: dict[str, float] = {}

    async def follow(self, wanted: Callable[[], Settings]) -> None:
        """Follow the room's settings until cancelled, then stop every connection."""
        try:
            while True:
                await self.turn(wanted())
                await asyncio.sleep(_LOOK)
        finally:
            await cancel_all([task for _, _, task in self._on.values()])
            self._on.clear()

    async def turn(self, settings: Settings) -> None:
        """Start what is set and does not run, stop what is not set or was set anew."""
        for name in CONNECTIONS:
            setting, running = getattr(settings, name), self._on.get(name)
            if running is not None and running[0] != setting:
                del self._on[name]
                await cancel_all([running[2]])
                running = None
            if setting is None or name not in self._makers:
                continue
            if running is None or (running[2].done() and await self._may_try(name)):
                self._on[name] = setting, *self._started(name, setting)

    def _started(self, name: str, setting: Any) -> tuple[Connector, asyncio.Task[None]]:
        try:
            made = self._makers[name](setting, self._folder)
        except Exception:  # a part of the program that is not there must not take the others with it
            log.exception("connection %s could not be made", name)
            made = _NotMade()
        return made, spawn(made.run(self._room), name=f"connection {name}")

    async def _may_try(self, name: str) -> bool:
        """Wait a while after a bug; meanwhile what the connection did is a person's."""
        now = asyncio.get_running_loop().time()
        if name not in self._failed:
            self._failed[name] = now
            parts = [part for part, by in (*_DONE_BY.items(), ("orders", "shop")) if by == name]
            with suppress(NotTaken):
                told = {"name": name, "cannot": parts, "code": "failed"}
                await self._room.ask_self("connection.told", told)
        if now - self._failed[name] < _AGAIN:
            return False
        del self._failed[name]
        return True

    def get(self, name: str) -> Connector | None:
        """Return a connection that runs."""
        found = self._on.get(name)
        return found[1] if found is not None and not found[2].done() else None

    def states(self) -> dict[str, ConnectionState]:
        """Return how each one that is set does; one that ended by a bug says so."""
        return {
            name: ConnectionState("failed") if task.done() else made.state()
            for name, (_, made, task) in self._on.items()
        }

    async def act(self, name: str, action: str, data: dict[str, Any]) -> ConnectionSaid:
        """See `bus.connections.ConnectionsPort`."""
        if name not in CONNECTIONS:
            raise LookupError(name)
        found = self.get(name)
        if found is None:
            raise NotConnected(name)
        try:
            async with asyncio.timeout(ACT_SECONDS):
                said = await found.act(action, data)
        except TimeoutError:
            return ConnectionSaid(False, "no_answer")
        world = _READ_BACK.get((name, action, said.code))
        if world is not None and said.ok:
            with suppress(NotTaken):  # what is so now can be read back again
                await self._room.ask_self("world.proved", {"world": world, "by": name})
        return said

    async def differences(self, after: int, limit: int, *, kept: bool) -> DifferencePage:
        """See `bus.connections.ConnectionsPort`."""
        compare: Compare | None = getattr(self.get(COMPARES), "differences", None)
        if compare is None:
            raise NotConnected(COMPARES)
        async with asyncio.timeout(ACT_SECONDS):
            return await compare(after, limit, kept=kept)

    async def secrets(self) -> dict[str, list[str]]:
        """See `bus.connections.ConnectionsPort`."""
        return await asyncio.to_thread(credentials.fields, self._folder)

    async def keep_secret(self, name: str, values: dict[str, str]) -> str:
        """See `bus.connections.ConnectionsPort`."""
        if name not in credentials.FIELDS:
            raise LookupError(name)
        try:
            where = await asyncio.to_thread(credentials.keep, self._folder, name, values)
        except credentials.SecretsUnreadable as why:
            raise ValueError(str(why)) from why
        found = self.get(_SECRETS_OF.get(name, name))
        if found is not None and hasattr(found, "secrets_kept"):
            found.secrets_kept()
        return where


class _NotMade:
    """In place of a connection that could not be made: it has failed from the start."""

    def state(self) -> ConnectionState:
        return ConnectionState("failed")

    async def run(self, room: RoomDoor) -> None:
        return

    async def act(self, action: str, data: dict[str, Any]) -> ConnectionSaid:
        raise LookupError(action)


def longer_than_others(effect: Effect) -> float:
    """Return how many seconds more an effect may take. A product that is pinned again waits for as long as
    the platform would hide its card (`BrowserConnection`'s page map, ten seconds)."""
    return _PIN_SECONDS if type(effect.spec).done_as == "pins" else 0.0


class ConnectedPlatform:
    """The program of platforms that are done by connections: each kind of promotion by its own."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def ask(self, effect: Effect) -> PlatformSaid:
        """See `dispatch.PlatformProgram`."""
        program = self._program(effect)
        waits = _STARTS_WITHIN / _STARTS_LOOK
        while program is None and waits > 0:  # an engine that has just started owes before it is connected
            await asyncio.sleep(_STARTS_LOOK)
            program, waits = self._program(effect), waits - 1
        return await program.ask(effect) if program is not None else _NOBODY

    async def query(self, effect: Effect) -> PlatformSaid:
        """See `dispatch.PlatformProgram`."""
        program = self._program(effect)
        return await program.query(effect) if program is not None else _NOBODY

    def _program(self, effect: Effect) -> PlatformProgram | None:
        name = _DONE_BY.get(type(effect.spec).done_as, "")
        found = self._connections.get(name)
        return found if found is not None and hasattr(found, "ask") else None  # type: ignore[return-value]


ASKS: Final = "shop"
"""The connection that asks the shop for what comes after the order."""


class AskedByConnection:
    """The program of what is asked of the shop, by its connection."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def ask(self, effect: AskEffect) -> PlatformSaid:
        """See `dispatch.EffectProgram`."""
        program = self._program()
        waits = _STARTS_WITHIN / _STARTS_LOOK
        while program is None and waits > 0:
            await asyncio.sleep(_STARTS_LOOK)
            program, waits = self._program(), waits - 1
        return await program.ask(effect) if program is not None else _NOBODY

    async def query(self, effect: AskEffect) -> PlatformSaid:
        """See `dispatch.EffectProgram`."""
        program = self._program()
        return await program.query(effect) if program is not None else _NOBODY

    def _program(self) -> EffectProgram[AskEffect] | None:
        found = self._connections.get(ASKS)
        asks: EffectProgram[AskEffect] | None = getattr(found, "asks", None)
        return asks


_NOBODY: Final = PlatformSaid("unknown", "not connected")
