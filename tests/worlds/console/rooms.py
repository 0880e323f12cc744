"""A room as a connection sees it, without an engine: what it is told and given is written down."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from liveconsole.bus.errors import Busy
from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.domain.effects import Effect
from liveconsole.messages.inputs import CommandAnswer, NotTaken
from liveconsole.messages.specs import PinSpec

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)


class PaperRoom:
    """`connection.RoomDoor`. Products ``p1``… stand in the cart in their order."""

    def __init__(self, folder: Path, titles: list[str]) -> None:
        self.folder = folder
        self.told: list[tuple[str, tuple[str, ...]]] = []
        self.events: list[CloudEvent] = []
        self.pictures: list[bytes] = []
        self.full = self.cannot_write = 0
        """So many calls are refused yet."""
        self._now = AT
        products = {f"p{n}": SimpleNamespace(title=title) for n, title in enumerate(titles, 1)}
        cart = [SimpleNamespace(number=n, product_id=f"p{n}") for n in range(1, len(titles) + 1)]
        self.room = SimpleNamespace(products=products, cart=cart, cues={})

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def pass_by(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    async def post(self, events: list[CloudEvent]) -> object:
        if self.full:
            self.full -= 1
            raise Busy("inbox_full", "full", 429, 0.001)
        self.events += events
        return None

    async def ask_self(self, type: str, data: dict[str, Any]) -> CommandAnswer:
        if self.cannot_write:
            self.cannot_write -= 1
            raise NotTaken("cannot_write")
        assert (type, data["name"]) == ("connection.told", "browser")
        self.told.append((data["code"], tuple(data["cannot"])))
        return CommandAnswer(True, b"")

    async def view(self, look: Callable[[Any], Any]) -> Any:
        return look(SimpleNamespace(room=self.room))

    async def keep_picture(self, body: bytes) -> str:
        self.pictures.append(body)
        return hashlib.sha256(body).hexdigest()

    def owes(self, number: int, step: Any = "on_air", *, key: str = "", asked: bool = False) -> Effect:
        """An effect that the room owes from now on."""
        key = key or f"k{number}{step}"
        self.room.cues[key] = SimpleNamespace(owed=key)
        return Effect(key, key, step, "pin", PinSpec(f"p{number}"), AT, asked)

    def settled(self, effect: Effect) -> None:
        self.room.cues[effect.cue_id].owed = None
