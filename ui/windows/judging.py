"""What the rules would say to firing each waiting cue now, so that a row says it before it is pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from ui.panels.queue.rows import Judged, waiting
from ui.room import RoomView
from ui.seat import Seat

AGAIN_AFTER: Final = 2.0
"""Seconds between two rounds; whatever changes in between is judged by the engine at fire anyway."""


class Judging(QObject):
    """One round at a time, over the first nine cues; ``show(judged, now)`` gets each round's answers."""

    def __init__(
        self,
        seat: Seat,
        show: Callable[[Mapping[str, Judged], datetime], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._seat, self._show = seat, show
        self._asked: dict[str, tuple[Any, ...]] = {}
        self._judged: dict[str, Judged] = {}
        self._round: asyncio.Task[None] | None = None
        self._again = 0.0

    def forget(self) -> None:
        """Another engine answers now: judge everything anew."""
        self._asked.clear()

    def look(self, room: RoomView) -> None:
        """The state has changed."""
        if self._round is not None and not self._round.done():
            return
        now = asyncio.get_running_loop().time()
        cues = waiting(room)[:9]
        wanted = {cue["cue_id"]: (cue["spec"], cue["status"]) for cue in cues}
        changed = {c: key for c, key in wanted.items() if self._asked.get(c) != key}
        if now >= self._again:
            changed = wanted
        if changed:
            self._again = now + AGAIN_AFTER
            kinds = {cue["cue_id"]: cue["kind"] for cue in cues}
            self._round = tasks.spawn(self._ask(changed, kinds, set(wanted)), name="judge the queue")

    async def _ask(
        self, changed: dict[str, tuple[Any, ...]], kinds: dict[str, str], present: set[str]
    ) -> None:
        for cue_id, key in changed.items():
            said = await self._seat.judge("cue.fire", {"cue_id": cue_id})
            if said is None:
                return
            self._asked[cue_id] = key
            self._judged[cue_id] = judged_of(said)
        self._judged = {c: j for c, j in self._judged.items() if c in present}
        if shiboken6.isValid(self):
            self._show(self._judged, self._seat.now())


def judged_of(said: Mapping[str, Any]) -> Judged:
    """The answer of ``POST /v1/judge`` as a row reads it."""
    return Judged(
        "" if said.get("ok") else str(said.get("code", "")),
        said.get("params") or {},
        str(said.get("text", "")),
        said.get("lowest_fen"),
        (said.get("lowest") or {}).get("floor_fen"),
        said.get("exposure_fen"),
        str((said.get("lowest") or {}).get("combination") or ""),
    )
