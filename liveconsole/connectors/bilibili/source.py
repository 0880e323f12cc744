"""The client of a Bilibili room's live socket: found over HTTP, kept alive by two heartbeats.

What it needs stands with the secrets (``bilibili``): the four of the open-live service, or else ``room``,
whose web socket an unknown guest may hear, with masked names.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets as chance
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp

from liveconsole import credentials
from liveconsole.connectors.bilibili import door, packets
from liveconsole.connectors.bilibili.mapping import map_message
from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.socket_source import QUEUE, post_all
from liveconsole.connectors.source import Health, Post
from liveconsole.connectors.wire import at, decoded
from liveconsole.tasks import cancel_all, spawn

log = logging.getLogger(__name__)

ENV_OPEN: Final = "LIVECONSOLE_BILIBILI_OPEN"
ENV_WEB: Final = "LIVECONSOLE_BILIBILI_WEB"
FRAME_LIMIT: Final = 1 << 20
_ANSWER_LIMIT: Final = 1 << 20
_BEAT_SECONDS: Final = 25.0
_APP_BEAT_SECONDS: Final = 20.0
_SILENT_SECONDS: Final = 75.0
"""Without a frame for so long (a heartbeat is answered), the socket is taken for dead."""
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 60.0

Secrets = Callable[[], dict[str, str]]


class BilibiliSource:
    """``folder`` holds the secrets; without one there are none."""

    name = "bilibili"

    def __init__(
        self,
        folder: Path | None = None,
        *,
        secrets: Secrets | None = None,
        first_wait: float = _FIRST_WAIT,
        beat_seconds: float = _BEAT_SECONDS,
    ) -> None:
        self.health = Health()
        self._secrets = secrets or (lambda: credentials.read(folder, "bilibili") if folder else {})
        self._first_wait, self._beat_seconds = first_wait, beat_seconds
        self._began, self._messages = time.time_ns() // 1_000_000, 0
        self._open = os.environ.get(ENV_OPEN) or door.OPEN
        self._web = os.environ.get(ENV_WEB) or door.WEB

    async def run(self, post: Post) -> None:
        queue: asyncio.Queue[CloudEvent] = asyncio.Queue(QUEUE)
        poster = spawn(post_all(queue, post), name="bilibili: post")
        wait = self._first_wait
        timeout = aiohttp.ClientTimeout(total=None, connect=5)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                while True:
                    try:
                        if await self._follow(session, queue):
                            wait = self._first_wait
                    except door.SaysNo as why:
                        log.warning("bilibili says no: %s", why)
                        self.health.state, wait = "refused", _LONGEST_WAIT
                    except (aiohttp.ClientError, OSError, TimeoutError, credentials.SecretsUnreadable) as why:
                        log.debug("bilibili is not there: %s", type(why).__name__)
                        self.health.state = "waiting"
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, _LONGEST_WAIT)
        finally:
            self.health.state = "off"
            await cancel_all([poster])

    async def _follow(self, session: aiohttp.ClientSession, queue: asyncio.Queue[CloudEvent]) -> bool:
        """Listen until the socket ends; whether it was ever let in."""
        kept = await asyncio.to_thread(self._secrets)
        if not (all(kept.get(name) for name in door.OPEN_NEEDS) or kept.get("room")):
            self.health.state = "no_secret"
            return False
        if self.health.state != "refused":
            self.health.state = "waiting"
        async with self._found(session, kept) as live:
            return await self._listen(session, live, queue)

    @asynccontextmanager
    async def _found(
        self, session: aiohttp.ClientSession, kept: dict[str, str]
    ) -> AsyncIterator[door.LiveSocket]:
        if not all(kept.get(name) for name in door.OPEN_NEEDS):
            room = kept["room"]
            address = f"{self._web}/xlive/web-room/v1/index/getDanmuInfo"
            answer = await _answer(session.get(address, params={"id": room, "type": "0"}))
            yield door.web_socket(answer, room)
            return
        live = door.open_socket(await self._call(session, kept, "start", door.start_body(kept)))
        beats = (
            spawn(self._app_beats(session, kept, live.game_id), name="bilibili: app")
            if live.game_id
            else None
        )
        try:
            yield live
        finally:
            if beats is not None:
                await cancel_all([beats])
                try:
                    async with asyncio.timeout(3):
                        await self._call(session, kept, "end", door.end_body(kept, live.game_id))
                except (aiohttp.ClientError, OSError, TimeoutError):
                    log.debug("bilibili was not told that we left")

    async def _call(
        self, session: aiohttp.ClientSession, kept: dict[str, str], what: str, body: bytes
    ) -> Any:
        headers = door.signed(body, kept, nonce=chance.token_hex(16), timestamp=int(time.time()))
        return await _answer(session.post(f"{self._open}/v2/app/{what}", data=body, headers=headers))

    async def _app_beats(self, session: aiohttp.ClientSession, kept: dict[str, str], game_id: str) -> None:
        while True:
            await asyncio.sleep(_APP_BEAT_SECONDS)
            try:
                await self._call(session, kept, "heartbeat", door.beat_body(game_id))
            except (aiohttp.ClientError, OSError, TimeoutError) as why:
                log.debug("a heartbeat of the app did not arrive: %s", type(why).__name__)

    async def _listen(
        self, session: aiohttp.ClientSession, live: door.LiveSocket, queue: asyncio.Queue[CloudEvent]
    ) -> bool:
        for url in live.urls:
            try:
                socket = await session.ws_connect(url, max_msg_size=FRAME_LIMIT)
            except (aiohttp.ClientError, OSError, TimeoutError) as why:
                log.debug("one of the sockets is not there: %s", type(why).__name__)
                continue
            async with socket:
                return await self._let_in(socket, live, queue)
        return False

    async def _let_in(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        live: door.LiveSocket,
        queue: asyncio.Queue[CloudEvent],
    ) -> bool:
        await socket.send_bytes(packets.packed(packets.AUTH, live.auth))
        beats = spawn(self._beats(socket), name="bilibili: heartbeat")
        let_in = False
        try:
            while True:
                frame = await socket.receive(timeout=_SILENT_SECONDS)
                if frame.type not in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT):
                    return let_in
                data = frame.data.encode() if isinstance(frame.data, str) else frame.data
                for packet in self._packets(data):
                    if packet.operation == packets.AUTH_REPLY:
                        code = at(decoded(packet.body), "code")
                        if code not in (0, None):
                            raise door.SaysNo(str(code)[:40])
                        let_in, self.health.state = True, "connected"
                    elif packet.operation == packets.MESSAGE:
                        self.health.heard()
                        mapped = map_message(decoded(packet.body), live.source, self._serial())
                        self.health.mapped(mapped)
                        for event in mapped.events:
                            await queue.put(event)
        finally:
            await cancel_all([beats])

    def _serial(self) -> str:
        self._messages += 1
        return f"{self._began}-{self._messages}"

    def _packets(self, frame: bytes) -> list[packets.Packet]:
        try:
            return packets.packets(frame)
        except packets.BadPacket as why:
            log.debug("a frame of bilibili is of no use: %s", why)
            self.health.broken += 1
            return []

    async def _beats(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while not socket.closed:
            await socket.send_bytes(packets.packed(packets.HEARTBEAT))
            await asyncio.sleep(self._beat_seconds)


async def _answer(asked: Any) -> Any:
    """The JSON of an answer, of bounded size."""
    async with asyncio.timeout(10), asked as answer:
        body = await answer.content.read(_ANSWER_LIMIT)
        if answer.status >= 500:
            raise TimeoutError(str(answer.status))
        return decoded(body)
