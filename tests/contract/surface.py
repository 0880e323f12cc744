"""A surface of keys as a program outside would be one: frames, presses, answers."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.contract.engine_process import EngineProcess

Json = dict[str, Any]


class Surface:
    """What it was told, in order, and the newest keys by their slot."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[Json] = []
        self.answers: list[Json] = []
        self.raw: list[str] = []

    async def hear(self) -> Json:
        """The next message."""
        text = await self.socket.receive_str()
        self.raw.append(text)
        told: Json = json.loads(text)
        (self.frames if told["type"] == "keys" else self.answers).append(told)
        return told

    @property
    def keys(self) -> dict[str, Json]:
        return {key["slot"]: key for key in self.frames[-1]["keys"]}

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not (self.frames and true()):
                await self.hear()

    async def stands(self, slot: str, state: str) -> Json:
        await self.until(lambda: self.keys[slot]["state"] == state)
        return self.keys[slot]

    async def send(self, slot: str, ms: int | None = None, *, shown: str = "", id_: str = "") -> str:
        """Press (or hold) the key as it is shown; the press's id."""
        press = {"press": slot} if ms is None else {"hold": slot, "ms": ms}
        name = id_ or uuid.uuid4().hex
        await self.socket.send_json({"id": name, "shown": shown or self.keys[slot]["shown"], **press})
        return name

    async def answered(self, id_: str, *status: str) -> Json:
        """The answer to a press, once it is one of these."""

        def last() -> Json:
            return next((a for a in reversed(self.answers) if a["id"] == id_), {})

        async with asyncio.timeout(10):
            while last().get("status") not in status:
                await self.hear()
        return last()


@asynccontextmanager
async def surface(running: EngineProcess, lang: str = "zh") -> AsyncIterator[Surface]:
    """A surface with its first frame."""
    headers = {"Authorization": f"Bearer {running.tokens['keys']}"}
    url = f"{running.found['url']}/v1/keys?lang={lang}"
    async with aiohttp.ClientSession(headers=headers) as session, session.ws_connect(url) as socket:
        made = Surface(socket)
        async with asyncio.timeout(10):
            await made.hear()
        yield made
