"""What is done for a connected shop again and again, and how each of these does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Protocol

from msgspec import Struct

from liveconsole.connectors.connection import RoomDoor
from liveconsole.connectors.wechat_shop.api import ShopApi
from liveconsole.connectors.wechat_shop.errors import SLOW_SECONDS, ShopError
from liveconsole.messages.connections import Part, ShopConnection

log = logging.getLogger(__name__)

LONGEST_WAIT: Final = 60.0
"""Seconds until something is tried again, however often it came to nothing."""

TellCannot = Callable[[Part, str], Awaitable[None]]
"""A part that the shop does not let us do, and the word for why."""


class ShopLink(Struct):
    """What a job has of the connection that it is of."""

    api: ShopApi
    assistant: ShopApi | None
    """视频号助手's, where its appid and secret are known."""
    room: RoomDoor
    settings: ShopConnection
    source: str
    """CloudEvents' ``source`` of the facts."""
    cannot: TellCannot


class ShopJob(Protocol):
    """One thing that is done every so often."""

    name: str
    every: float

    async def turn(self) -> int:
        """Do it once; return how many facts that brought.

        Raises:
            ShopError: it came to nothing, or not to all of it.
        """


MakeJob = Callable[[ShopLink], ShopJob]


class RunningJob:
    """A job and how it does. One turn at a time, by its own clock or because somebody asked."""

    def __init__(
        self, job: ShopJob, changed: Callable[[], Awaitable[None]], now: Callable[[], datetime]
    ) -> None:
        self.job = job
        self.trouble: ShopError | None = None
        """Why its last turn came to nothing."""
        self.done_at: datetime | None = None
        """When it was done last."""
        self._changed = changed
        self._now = now
        self._lock = asyncio.Lock()
        self._failed = 0

    async def run(self) -> None:
        """Do it until cancelled."""
        while True:
            began = self._now()
            try:
                await self.turn()
                wait = self.job.every
            except ShopError as why:
                wait = self._wait(why)
            await self._changed()
            await asyncio.sleep(max(0.0, wait - (self._now() - began).total_seconds()))

    async def turn(self) -> int:
        """Do it now.

        Raises:
            ShopError: see `ShopJob.turn`.
        """
        async with self._lock:
            try:
                found = await self.job.turn()
            except ShopError as why:
                if self.trouble is None or self.trouble.word != why.word:
                    log.warning("%s of the shop: %s (%s) %s", self.job.name, why.word, why.code, why.params)
                self.trouble = why
                self._failed += 1
                raise
            self.trouble, self._failed, self.done_at = None, 0, self._now()
            return found

    def _wait(self, why: ShopError) -> float:
        if why.action != "again":
            return SLOW_SECONDS
        return min(self.job.every * 2.0 ** min(self._failed - 1, 6), LONGEST_WAIT)
