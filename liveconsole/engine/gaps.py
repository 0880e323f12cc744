"""Looks every second whether a source has a gap, and tells the log when one begins and when it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.domain.gaps import due
from liveconsole.engine.engine import Engine
from liveconsole.messages.connections import ConnectionState
from liveconsole.messages.gaps import SourceGap
from liveconsole.messages.inputs import NotTaken
from liveconsole.views.state.figures import heard_sources

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
Capture = Callable[[datetime], Mapping[str, Mapping[str, Any]]]
Connected = Callable[[], Mapping[str, ConnectionState]]
"""How each capture tool, and each connection, does, as the state says it."""


async def follow_gaps(
    engine: Engine,
    capture: Capture,
    connected: Connected,
    now: Callable[[], datetime],
    before: Sequence[SourceGap] = (),
    seconds: float = LOOK_SECONDS,
) -> None:
    """Look until cancelled.

    Args:
        before: `interrupted` of the room as it was before this engine began.
    """
    for gap in before:
        engine.sources.spoke_before(gap.source, gap.since)
        with suppress(NotTaken):
            await engine.ask_self("source.gap", msgspec.to_builtins(gap))
    while True:
        await asyncio.sleep(seconds)
        try:
            await tell_gaps(engine, capture, connected, now())
        except NotTaken as why:
            log.debug("a gap is told later: %s", why.code)


async def tell_gaps(engine: Engine, capture: Capture, connected: Connected, now: datetime) -> None:
    """Tell what there is to tell now."""
    heard = heard_sources(engine.sources.heard_at(), capture(now), connected())
    for gap in await engine.view(lambda core: due(core.room, heard, now)):
        await engine.ask_self("source.gap", msgspec.to_builtins(gap))
