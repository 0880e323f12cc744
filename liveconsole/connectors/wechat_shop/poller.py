"""Follow one list of the shop: list what changed, read each, put its facts on the log, then move the mark."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent
from liveconsole.connectors.source import Post, deliver
from liveconsole.connectors.wechat_shop import sweep
from liveconsole.connectors.wechat_shop.api import ShopApi
from liveconsole.connectors.wechat_shop.errors import ShopError, not_heard
from liveconsole.connectors.wechat_shop.sweep import ListWindow, Marks
from liveconsole.connectors.wechat_shop.wire import flag, ident
from liveconsole.messages.inputs import FactsAnswer

log = logging.getLogger(__name__)

PAGES: Final = 2_000
"""Pages of one listing, at most."""
_AT_ONCE: Final = 4
"""Readings that are on their way together."""
_CHUNK: Final = 40
"""Readings whose facts go to the log together."""


class Reading(Struct, frozen=True):
    """What one id turned out to be."""

    updated: int
    told: list[str]
    closed: bool
    events: list[CloudEvent]


class _Read(Struct, frozen=True):
    """What one id turned out to be, None for what cannot be read, and between which moments of our clock."""

    id_: str
    reading: Reading | None
    asked_at: float
    answered_at: float


class ShopList(Protocol):
    """A list that is followed, and how one of it is read."""

    list_path: str
    widest: int
    """Seconds of the widest window that may be asked."""

    def list_body(self, window: ListWindow) -> dict[str, Any]: ...

    def ids(self, reply: dict[str, Any]) -> list[Any]: ...

    async def read(self, api: ShopApi, id_: str, told: list[str]) -> Reading | None:
        """None: what came cannot be read."""


class Poller:
    """One list of one shop, as a job (`jobs.ShopJob`). ``save`` writes down how far `marks` goes."""

    def __init__(
        self,
        name: str,
        every: float,
        api: ShopApi,
        followed: ShopList,
        marks: Marks,
        post: Post,
        save: Callable[[], Awaitable[None]],
    ) -> None:
        self.name, self.every = name, every
        self.waiting: int | None = None
        """What is known to have changed and is not read yet."""
        self.told = 0
        """Facts that went to the log."""
        self.broken = 0
        """Readings that were of no use."""
        self._api = api
        self._followed = followed
        self._marks = marks
        self._post = post
        self._save = save
        self._telling = asyncio.Lock()
        """A turn and what a push said may read the same at once: the later reading has the last word."""

    async def turn(self) -> int:
        """Follow the list up to now; return how many facts that brought.

        Raises:
            ShopError: not all of it could be read. What could is on the log; the mark stands where it stood.
        """
        before = self.told
        dated = self._api.dated
        now = self._now() if dated is None else min(self._now(), dated)
        for window in sweep.windows(self._marks, now, self._followed.widest):
            await self._follow(window)
        return self.told - before

    async def read_now(self, ids: list[str]) -> None:
        """Read these at once: something said that they changed. The mark stays."""
        await self._read_all(ids, self._now())

    async def _follow(self, window: ListWindow) -> None:
        listed_at = self._now()
        listed = await self._list(window)
        moments = sweep.list_again(self._marks, window, listed)
        again = {moment: await self._list(ListWindow(moment, window.end)) for moment in moments}
        ids = sweep.to_read(self._marks, window, listed, again, self._now())
        seen = await self._read_all(ids, listed_at)
        sweep.go_on(self._marks, window, seen, listed_at, self._api.dated)
        if ids:
            await self._save()

    async def _list(self, window: ListWindow) -> list[str]:
        """All ids of a window, page by page. An end that was not said is none: half a list would move the
        mark past what stands in the other half."""
        path, body = self._followed.list_path, self._followed.list_body(window)
        found: dict[str, None] = {}
        keys: set[str] = set()
        for _ in range(PAGES):
            reply = await self._api.read(path, body)
            found.update((id_, None) for each in self._followed.ids(reply) if (id_ := ident(each)))
            more, key = flag(reply.get("has_more")), ident(reply.get("next_key"))
            if more is None:
                raise not_heard("unreadable", path, unsure=False)
            if not more:
                return list(found)
            if not key or key in keys:
                break
            keys.add(key)
            body = {**body, "next_key": key}
        raise not_heard("endless", path, unsure=False)

    async def _read_all(self, ids: list[str], listed_at: float) -> int:
        """Read and tell; return the latest moment that the shop's clock had passed at the listing."""
        seen, self.waiting = 0, len(ids)
        try:
            for start in range(0, len(ids), _CHUNK):
                seen = max(seen, await self._read_chunk(ids[start : start + _CHUNK], listed_at))
        finally:
            self.waiting = 0
        return seen

    async def _read_chunk(self, ids: list[str], listed_at: float) -> int:
        gate = asyncio.Semaphore(_AT_ONCE)
        stopped = asyncio.Event()

        async def one(id_: str) -> _Read | ShopError | None:
            async with gate:
                if stopped.is_set():
                    return None
                asked_at = self._now()
                try:
                    reading = await self._read(id_)
                except ShopError as why:
                    stopped.set()
                    return why
                self.waiting = max(0, (self.waiting or 0) - 1)
                return _Read(id_, reading, asked_at, self._now())

        answers = await asyncio.gather(*(one(id_) for id_ in ids))
        read = [answer for answer in answers if isinstance(answer, _Read)]
        async with self._telling:
            seen = await self._tell(read, listed_at)
        if (why := next((one for one in answers if isinstance(one, ShopError)), None)) is not None:
            if read:
                await self._save()
            raise why
        return seen

    async def _tell(self, read: list[_Read], listed_at: float) -> int:
        """Put what was read on the log, then take it as known; return as `_read_all` does."""
        read = [one for one in read if not sweep.overtaken(self._marks, one.id_, one.asked_at)]
        events = [event for one in read if one.reading is not None for event in one.reading.events]
        if events:
            await deliver(self._noted, events)
            self.told += len(events)
        seen = 0
        for one in read:
            id_, reading, asked_at, at = one.id_, one.reading, one.asked_at, one.answered_at
            if reading is None:
                sweep.learn_nothing(self._marks, id_, asked_at, at)
                continue
            told, closed = reading.told, reading.closed
            sweep.learn(self._marks, id_, reading.updated, told, asked_at, at, closed=closed)
            if sweep.plausible(reading.updated, at):
                seen = max(seen, sweep.passed(reading.updated, at, listed_at))
        return seen

    async def _noted(self, events: list[CloudEvent]) -> None:
        """Post, and count what the room does not take as it is: it would say the same again."""
        answer = await self._post(events)
        for one in answer.refused if isinstance(answer, FactsAnswer) else ():
            if one.code != "id_reused":
                self.broken += 1
                log.error("%s is no fact: %s", events[one.index]["id"], one.code)

    async def _read(self, id_: str) -> Reading | None:
        known = self._marks.known.get(id_)
        try:
            reading = await self._followed.read(self._api, id_, known.told if known is not None else [])
        except ShopError as why:
            if why.action != "refused":
                raise
            log.warning("%s of %s cannot be read: %s", id_, self._followed.list_path, why.code)
            reading = None
        if reading is None:
            self.broken += 1
        return reading

    def _now(self) -> float:
        return self._api.clock().timestamp()
