"""Turn the capture sources of a room on and off as its settings say, inside the engine's process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from liveconsole.connectors.bilibili.source import BilibiliSource
from liveconsole.connectors.douyin_grab.source import DouyinGrabSource
from liveconsole.connectors.dycast.source import DycastSource
from liveconsole.connectors.oba.source import ObaSource
from liveconsole.connectors.source import Health, Post, Source
from liveconsole.connectors.wxlivespy.source import WxlivespySource
from liveconsole.tasks import cancel_all, spawn

SOURCES: Final[dict[str, Callable[[], Source]]] = {
    "oba": ObaSource,
    "wxlivespy": WxlivespySource,
    "douyin_grab": DouyinGrabSource,
    "dycast": DycastSource,
    "bilibili": BilibiliSource,
}
"""Names in ``room.set {"sources": {name: bool}}``. All are off until turned on."""


def of_folder(folder: Path) -> dict[str, Callable[[], Source]]:
    """The same, those that need a secret with the folder that holds it."""
    return SOURCES | {"bilibili": lambda: BilibiliSource(folder)}


_LOOK: Final = 0.5

Spawn = Callable[..., "asyncio.Task[Any]"]


class Sources:
    """The running sources of one engine. Everything on the engine's loop."""

    def __init__(
        self, post: Post, *, makers: Mapping[str, Callable[[], Source]] = SOURCES, spawn: Spawn = spawn
    ) -> None:
        self._post = post
        self._makers = makers
        self._spawn = spawn
        self._on: dict[str, tuple[Source, asyncio.Task[Any]]] = {}
        self._heard: dict[str, tuple[float, datetime]] = {}
        self._since: dict[str, tuple[str, datetime]] = {}

    async def turn(self, wanted: Mapping[str, bool]) -> None:
        """Start what is wanted and does not run (or ended by a bug), stop what is not; unknown names are
        left alone: a newer room may name sources that this program does not have."""
        for name, make in self._makers.items():
            running = self._on.get(name)
            if not wanted.get(name, False):
                if running is not None:
                    del self._on[name]
                    await cancel_all([running[1]])
            elif running is None or running[1].done():
                source = make()
                self._on[name] = source, self._spawn(source.run(self._post), name=f"source {name}")

    def health(self, now: datetime) -> dict[str, dict[str, Any]]:
        """Name → how it does, ``last_at`` by the clock that ``now`` is of, ``state_at`` since when it is
        seen to do so; a source that is off says so."""
        found = {}
        for name in self._makers:
            health = self._on[name][0].health if name in self._on else Health()
            since = self._since.get(name)
            if since is None or since[0] != health.state:
                since = self._since[name] = health.state, now
            last = self._last_at(name, health.last, now)
            found[name] = health.told() | {"last_at": last, "state_at": since[1]}
        return found

    def _last_at(self, name: str, last: float | None, now: datetime) -> datetime | None:
        """Reckoned once for each message: two clocks read anew give another moment every time."""
        if last is None:
            return None
        known = self._heard.get(name)
        if known is None or known[0] != last:
            known = self._heard[name] = last, now - timedelta(seconds=time.monotonic() - last)
        return known[1]

    async def close(self) -> None:
        """Stop all; their ports are free when this returns."""
        await self.turn({})


async def supervise(room_sources: Callable[[], Mapping[str, bool]], sources: Sources) -> None:
    """Follow the room's settings until cancelled, then stop every source."""
    try:
        while True:
            await sources.turn(room_sources())
            await asyncio.sleep(_LOOK)
    finally:
        await sources.close()
