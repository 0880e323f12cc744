"""A room as a connection sees it, with its own rules and no engine around them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from liveconsole.bus import discovery
from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.obs.connector import ObsConnector
from liveconsole.messages.connection_words.obs import WORDS
from liveconsole.messages.connections import ObsConnection
from liveconsole.messages.inputs import CommandAnswer
from liveconsole.tasks import cancel_all, spawn
from tests.unit.domain.desk import Desk
from tests.worlds.obs.server import FakeObs

_T = TypeVar("_T")
WITHIN = 8.0
SCENES = {"kind:flash_sale": "秒杀", "pin": "商品", "idle": "候场"}
TEXTS = {"价格牌": "{number}号 {price}"}


class DeskRoom:
    """`connection.RoomDoor` of a `Desk`; ``looks`` counts how often it was looked at."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder = desk, folder
        self.looks = 0

    def now(self) -> datetime:
        return self.desk.now

    async def post(self, events: list[CloudEvent]) -> object:
        raise AssertionError("OBS tells the room of nothing")

    async def ask_self(self, type: str, data: dict[str, Any]) -> CommandAnswer:
        raise AssertionError("OBS asks the room for nothing")

    async def view(self, look: Callable[[Any], _T]) -> _T:
        self.looks += 1
        return look(SimpleNamespace(room=self.desk.room))

    async def keep_picture(self, body: bytes) -> str:
        raise AssertionError("OBS gives no picture")


@asynccontextmanager
async def connected(
    settings: ObsConnection, room: DeskRoom, *, wait: float = 0.05
) -> AsyncIterator[ObsConnector]:
    """A connector that runs."""
    made = ObsConnector(settings, room.folder, first_wait=wait, tick=0.02)
    running = spawn(made.run(room), name="obs under test")
    try:
        yield made
        assert not running.done(), "it ended by a bug"
    finally:
        await cancel_all([running])


async def until(holds: Callable[[], object], within: float = WITHIN) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        await asyncio.sleep(0.01)


def announce(folder: Path, port: int = 4400, token: str = "overlay-token") -> None:
    """As an engine that listens does."""
    found = discovery.Discovery(f"http://127.0.0.1:{port}", 1, "1", "key", {"overlay": token})
    discovery.announce(folder, found)


def settings(obs: FakeObs, **more: Any) -> ObsConnection:
    return ObsConnection(address=obs.address, **more)


def pin(desk: Desk, product_id: str = "scarf") -> None:
    desk.wait(1)
    desk.ok("cart.pin", {"product_id": product_id})


def said(made: ObsConnector) -> tuple[str, str]:
    assert made.state().code in {"", *WORDS}
    return made.state().state, made.state().code


@asynccontextmanager
async def followed(obs: FakeObs, room: DeskRoom, **more: Any) -> AsyncIterator[ObsConnector]:
    """Connected, with the room's first picture shown."""
    async with connected(settings(obs, **more), room) as made:
        await until(lambda: said(made) == ("connected", ""))
        yield made
