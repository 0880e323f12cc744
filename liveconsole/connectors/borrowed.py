"""The engine of a data folder for as long as a command needs it: the one that runs, or one that is started
for it and stopped after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from liveconsole.bus.client import BusError, Client
from liveconsole.bus.discovery import FILE, Discovery
from liveconsole.bus.launch import find_or_start

log = logging.getLogger(__name__)

_DOWN_WITHIN: Final = 20.0


@asynccontextmanager
async def engine_of(folder: Path, options: Sequence[str] = ()) -> AsyncIterator[Discovery]:
    """``options``: further words for ``serve`` where it has to be started.

    Raises:
        EngineGone: none could be started.
    """
    found, ours = await find_or_start(folder, options=options)
    try:
        yield found
    finally:
        if ours:
            await _stop(found, folder)


async def _stop(found: Discovery, folder: Path) -> None:
    """End it, and wait until it has: whoever comes next finds the folder free."""
    try:
        async with Client(found.url, found.tokens["host"], found.proof_key) as host:
            await host.stop()
    except BusError as why:
        log.warning("the engine that was started for this could not be stopped: %s", why)
        return
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _DOWN_WITHIN
    while (folder / FILE).exists() and loop.time() < deadline:  # noqa: ASYNC110  # another process's file
        await asyncio.sleep(0.05)
