"""Which connections this program has, and the room as they see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.connection import Connector, MakeConnector
from liveconsole.engine.core import RoomCore
from liveconsole.engine.engine import Engine
from liveconsole.messages.inputs import CommandAnswer

_T = TypeVar("_T")


def _shop(settings: Any, folder: Path) -> Connector:
    from liveconsole.connectors.wechat_shop.connector import ShopConnector

    return ShopConnector(settings, folder)


def _obs(settings: Any, folder: Path) -> Connector:
    from liveconsole.connectors.obs.connector import ObsConnector

    return ObsConnector(settings, folder)


def _browser(settings: Any, folder: Path) -> Connector:
    from liveconsole.connectors.browser.connector import BrowserConnector
    from liveconsole.connectors.browser.mappings import figures, told

    return BrowserConnector(settings, folder, told, figures)


MAKERS: Final[Mapping[str, MakeConnector]] = {"shop": _shop, "obs": _obs, "browser": _browser}
"""Name of the connection → how it is made. Each loads its own modules when it is: a room that is connected to
nothing waits for none of them."""


class ConnectedRoom:
    """The engine behind `connection.RoomDoor`."""

    def __init__(
        self,
        engine: Engine,
        post: Callable[[list[CloudEvent]], Awaitable[object]],
        now: Callable[[], datetime],
        folder: Path,
    ) -> None:
        self._engine, self._post, self._now, self._folder = engine, post, now, folder

    @property
    def folder(self) -> Path:
        return self._folder

    def now(self) -> datetime:
        return self._now()

    async def post(self, events: list[CloudEvent]) -> object:
        return await self._post(events)

    async def ask_self(self, type: str, data: dict[str, Any]) -> CommandAnswer:
        return await self._engine.ask_self(type, data)

    async def view(self, look: Callable[[RoomCore], _T]) -> _T:
        return await self._engine.view(look)

    async def keep_picture(self, body: bytes) -> str:
        return await self._engine.pictures.take(body)
