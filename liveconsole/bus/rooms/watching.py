"""Each room asked once a second, beside the others: who is slow or gone holds nobody up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from liveconsole.bus.client import Client
from liveconsole.bus.discovery import look_up
from liveconsole.bus.errors import BusError, EngineGone
from liveconsole.bus.rooms.listed import ROOMS, BadRooms, ListedRoom, RoomList
from liveconsole.bus.rooms.parts import WallParts
from liveconsole.messages.unreadable import UNREADABLE
from liveconsole.messages.wall import RoomStands, Wall, WallRoom
from liveconsole.tasks import cancel_all, spawn
from liveconsole.views.masks import plain_line

log = logging.getLogger(__name__)

BEAT: Final = 1.0
"""Seconds between two questions to one room, at least."""
PATIENCE: Final = 4.0
"""Seconds after which an engine that does not answer is gone."""


class WatchedRooms:
    """The rooms of a list as they stand. On one event loop."""

    def __init__(self, listed: RoomList, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._listed, self._now = listed, now
        self._rooms: dict[str, _WatchedRoom] = {}
        self._left_out = 0

    async def follow(self) -> None:
        """Keep asking until cancelled; the list is looked at again each second."""
        try:
            while True:
                try:
                    self._take(await asyncio.to_thread(self._listed.rooms))
                except BadRooms as error:
                    log.warning("the rooms stay as they were: %s", error)
                await asyncio.sleep(BEAT)
        finally:
            gone, self._rooms = list(self._rooms.values()), {}
            for room in gone:
                await room.close()

    async def look(self) -> None:
        """Ask every room once, all at the same time; raises `BadRooms`."""
        self._take(await asyncio.to_thread(self._listed.rooms), follow=False)
        await asyncio.gather(*(room.ask() for room in self._rooms.values()))

    async def close(self) -> None:
        """Let go of every connection."""
        for room in self._rooms.values():
            await room.close()

    def wall(self, may: frozenset[str] | None = None) -> Wall:
        """Return the rooms that a watcher may see (None: all), those first that need somebody."""
        rooms = [room.seen for id_, room in self._rooms.items() if may is None or id_ in may]
        return Wall(self._now(), ordered(rooms), self._left_out if may is None else 0)

    def _take(self, rooms: Sequence[ListedRoom], *, follow: bool = True) -> None:
        self._left_out = max(0, len(rooms) - ROOMS)
        wanted = {room.id: room for room in rooms[:ROOMS]}
        for id_, known in list(self._rooms.items()):
            if wanted.get(id_) != known.listed:
                spawn(self._rooms.pop(id_).close(), name="a room leaves the wall")
        kept = {id_: self._rooms.get(id_) or _WatchedRoom(room, self._now) for id_, room in wanted.items()}
        self._rooms = kept
        if follow:
            for each in kept.values():
                each.follow()


class _WatchedRoom:
    """One room, asked over and over."""

    def __init__(self, listed: ListedRoom, now: Callable[[], datetime]) -> None:
        self.listed, self._now = listed, now
        self.seen = WallRoom(listed.id, plain_line(listed.name, 80), "gone", now(), gmv_why="gone")
        self._client: Client | None = None
        self._at: object = None
        self._parts = WallParts()
        self._task: asyncio.Task[None] | None = None

    def follow(self) -> None:
        if self._task is None:
            self._task = spawn(self._follow(), name="room on the wall")

    async def close(self) -> None:
        if self._task is not None:
            await cancel_all([self._task])
        await self._leave()

    async def _follow(self) -> None:
        while True:
            await self.ask()
            await asyncio.sleep(BEAT)

    async def ask(self) -> None:
        """Ask once; whatever goes wrong is how the room stands."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ask()
        except (EngineGone, TimeoutError, OSError):
            await self._lost("gone")
        except (BusError, KeyError, *UNREADABLE) as error:
            log.info("room %s cannot be read: %s", self.listed.id, type(error).__name__)
            await self._lost("unread")

    async def _ask(self) -> None:
        found = await asyncio.to_thread(look_up, self.listed.folder)
        if found is None:
            raise EngineGone("no engine.json")
        at = (found.url, found.pid, found.tokens["viewer"])
        if at != self._at or self._client is None:
            await self._leave()
            self._client, self._at = Client(found.url, found.tokens["viewer"], found.proof_key), at
        self._parts.take(await self._client.state_body(self._parts.have))
        self.seen = self._parts.shown(self.listed.id, self.seen.name, found.url)

    async def _lost(self, stands: RoomStands) -> None:
        """Since when it is away is said once: from the first time that it was missed."""
        was = self.seen
        since = was.since if was.stands in ("gone", "unread") else self._now()
        self.seen = WallRoom(
            was.id,
            was.name,
            stands,
            since,
            was_on_air=was.was_on_air or was.is_live,
            gmv_why="gone",
        )
        await self._leave()

    async def _leave(self) -> None:
        client, self._client, self._at = self._client, None, None
        self._parts = WallParts()
        if client is not None:
            await client.close()


def ordered(rooms: Sequence[WallRoom]) -> list[WallRoom]:
    """Return those first that need somebody: who went away on air and alarms while on air, then other alarms,
    then what is on air, then the others; those alike in the order of the list."""

    def rank(room: WallRoom) -> int:
        alarmed = bool(room.alarms)
        if room.was_on_air:
            return -1
        if room.stands == "on_air":
            return 0 if alarmed else 2
        return 1 if alarmed else 3 if room.stands == "off_air" else 4

    return sorted(rooms, key=rank)
