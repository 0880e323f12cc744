"""An engine in this process, for what is measured behind the door."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from liveconsole.engine.chance import SystemChance
from liveconsole.engine.clock import Clock
from liveconsole.engine.core import RoomCore
from liveconsole.engine.engine import Engine
from liveconsole.messages.inputs import CommandAnswer, CommandInput
from liveconsole.store.opening import open_store
from liveconsole.store.rows import Write
from liveconsole.store.store import Store


class EngineInProcess:
    """A running engine without a door."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self.engine, self.store = engine, store
        self._ids = itertools.count(1)

    async def ask(self, type_: str, role: str = "host", **data: Any) -> CommandAnswer:
        """What a seat's command is answered, on disk."""
        id_ = f"inside-{next(self._ids)}"
        return await self.engine.ask(CommandInput(id_, type_, data, role, body_hash=id_.encode()))

    async def must(self, type_: str, **data: Any) -> dict[str, Any]:
        """The result of a command that is not refused."""
        answer = await self.ask(type_, **data)
        if not answer.ok:
            raise RuntimeError(f"{type_}: {answer.body!r}")
        result: dict[str, Any] = msgspec.json.decode(answer.body)["result"]
        return result

    def slow_disk(self, seconds: float) -> None:
        """From now on every commit takes so much longer, as on a disk whose fsync does."""
        commit = self.store.commit

        def slowed(write: Write) -> None:
            time.sleep(seconds)
            commit(write)

        setattr(self.store, "commit", slowed)  # noqa: B010  # one store, of the bench alone


@contextlib.asynccontextmanager
async def inside(folder: Path, *, simulated: bool = False) -> AsyncIterator[EngineInProcess]:
    """An engine on a new store in ``folder`` until the block ends."""
    store = open_store(folder, simulated=simulated)
    clock = Clock()
    core = RoomCore(store, now=clock.now(), chance=SystemChance(), simulated=simulated)
    engine = Engine(store, core, clock, state=_no_state, overlay=_nothing)
    try:
        await engine.start()
        yield EngineInProcess(engine, store)
    finally:
        await engine.stop()


def _no_state(_now: datetime, _health: dict[str, Any], _role: str, _have: str) -> bytes:
    return b"{}"


def _nothing(_core: RoomCore, _now: datetime, _health: dict[str, Any]) -> bytes:
    return b"{}"
