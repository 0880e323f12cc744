"""Which clocks of what waits after the order have ended, or soon will: read from the books every few seconds.

A clock's moments follow from the tables alone, so an engine that starts anew tells of the same ones.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Any, Final

from liveconsole.domain.aftersale import ClockWatch, Ringing
from liveconsole.engine.engine import Engine
from liveconsole.messages.inputs import NotTaken
from liveconsole.messages.state import CaseBellState

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 5.0
_LONGEST: Final = 60.0
"""Seconds after which the books are read also where nothing came: what is too old to wait drops out."""
_REST: Final = 50.0
"""So many times as long as a look took nothing is read: 2 % of a core at most, whatever waits."""


class CaseWatch:
    """Follows the books of one engine. `told` may be asked on its loop at any time."""

    def __init__(self) -> None:
        self._made = ClockWatch()
        self._read_to = -1
        self._age = 0.0

    async def follow(self, engine: Engine, seconds: float = LOOK_SECONDS) -> None:
        """Look until cancelled; where there is much to read, less often."""
        loop = asyncio.get_running_loop()
        slept = seconds
        while True:
            began = loop.time()
            await self.look(engine, slept)
            slept = max(seconds, (loop.time() - began) * _REST)
            await asyncio.sleep(slept)

    async def look(self, engine: Engine, slept: float = LOOK_SECONDS) -> None:
        """Read the books, where something came since or they were read long ago. ``slept``: seconds since the
        last look."""
        seq = engine.health()["seq"]
        self._age += slept
        if seq == self._read_to and self._age < _LONGEST:
            return
        try:
            self._made = await engine.books.watch()
        except NotTaken as error:  # the next look may do better; the door says what is wrong with the disk
            log.warning("the clocks after the order could not be read: %s", error)
            return
        self._read_to, self._age = seq, 0.0

    def told(self, now: datetime) -> dict[str, Any]:
        """Return what the health of the engine says of them, under the names of `HealthState`."""
        return {
            "cases_overdue": _bell(self._made.overdue(now)),
            "cases_soon": _bell(self._made.ends_soon(now)),
        }


def _bell(found: Ringing | None) -> CaseBellState | None:
    if found is None:
        return None
    return CaseBellState(found.count, found.clock.rule, found.since, found.clock.due_at)
