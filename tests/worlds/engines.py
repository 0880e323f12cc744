"""A room's engine in this process, on a `virtual` loop, with one connection; it is killed and begun anew."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from liveconsole.cli.connecting import ConnectedRoom
from liveconsole.cli.running import _hand_on, _poster
from liveconsole.connectors.connection import Connector
from liveconsole.connectors.connections import ASKS, AskedByConnection
from liveconsole.engine.chance import SystemChance
from liveconsole.engine.clock import Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.dispatch import Dispatcher, PlatformProgram
from liveconsole.engine.engine import Engine
from liveconsole.messages.inputs import CommandInput
from liveconsole.store.opening import open_store
from liveconsole.tasks import cancel_all, spawn

MakeConnection = Callable[[Path], Connector]


class RoomRun:
    """One life of the room: from what stands on the disk until it is killed or stopped.

    ``wall`` gives unix seconds; the engine's clock goes by nothing else.
    """

    def __init__(
        self, folder: Path, wall: Callable[[], float], make: MakeConnection, platform: str = ""
    ) -> None:
        def nanoseconds() -> int:
            return int(wall() * 1e9)

        self.folder = folder
        clock = Clock(wall=nanoseconds, steady=nanoseconds)
        self._store = open_store(folder)
        self.core = RoomCore(self._store, now=clock.now(), chance=SystemChance())
        clock.anchor(self.core.room.at)
        self.engine = Engine(self._store, self.core, clock, state=lambda *_: b"", overlay=lambda *_: b"")
        self.connector = make(folder)
        self.room = ConnectedRoom(self.engine, _poster(self.engine), clock.now, folder)
        programs: dict[str, PlatformProgram] = {}
        if platform and hasattr(self.connector, "ask"):
            programs[platform] = self.connector  # type: ignore[assignment]
        self.dispatcher = Dispatcher(self.engine, programs)
        self.asks = Dispatcher(self.engine, {ASKS: AskedByConnection(self)})  # type: ignore[arg-type]
        self.engine.on_owed = partial(_hand_on, self.dispatcher, self.asks)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.engine.start()
        self._task = spawn(self.connector.run(self.room), name="connection")

    @property
    def failed(self) -> BaseException | None:
        """What the connection ended by, which it never should."""
        if self._task is None or not self._task.done() or self._task.cancelled():
            return None
        return self._task.exception() or RuntimeError("the connection ended")

    async def ask(self, id_: str, type_: str, **data: Any) -> None:
        answer = await self.engine.ask(CommandInput(id_, type_, data, "host", id_.encode()))
        assert answer.ok, answer.body

    def get(self, name: str) -> Connector | None:
        """The connection, as `AskedByConnection` looks for it."""
        return self.connector

    async def kill(self, into: Path) -> Path:
        """Die here: ``into`` gets the disk as it is at this moment, before anything may tidy up."""
        shutil.copytree(self.folder, into)
        await self._end()
        await cancel_all(self.engine._tasks)
        if self.engine._timer is not None:
            self.engine._timer.cancel()
        self.engine._tail.end()
        await self.engine._history.rest()
        self.engine._reader.close()
        self.engine._history.close()
        self._store.close()
        return into

    async def stop(self) -> None:
        await self._end()
        await self.engine.stop()

    async def _end(self) -> None:
        await self.dispatcher.close()
        await self.asks.close()
        if self._task is not None:
            await cancel_all([self._task])
