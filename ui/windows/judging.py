"""What the rules would say to firing each waiting cue now, so that a row says it before it is pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject

from liveconsole import tasks
from ui.keys import SLOTS
from ui.panels.queue.rows import Judged, waiting
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.words.costs import combination

ALL_AGAIN_AFTER: Final = 30.0
_MOST: Final = 40
"""Cues further back are judged when they come forward."""
AGAIN_AFTER: Final = 2.0
"""Seconds between two rounds; whatever changes in between is judged by the engine at fire anyway."""


class Judging(QObject):
    """One round at a time; ``show(judged, now)`` gets each round's answers.

    The first nine are asked about again and again. Of those behind them only the prices are shown, which
    change seldom: whether they may fire would be old news.
    """

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
        self._again = self._all_again = 0.0

    def forget(self) -> None:
        """Another engine answers now: judge everything anew."""
        self._asked.clear()

    def look(self, room: RoomView) -> None:
        """The state has changed."""
        if self._round is not None and not self._round.done():
            return
        now = asyncio.get_running_loop().time()
        cues = waiting(room)[:_MOST]
        wanted = {cue["cue_id"]: (cue["spec"], cue["status"]) for cue in cues}
        changed = {c: key for c, key in wanted.items() if self._asked.get(c) != key}
        first = dict(list(wanted.items())[:SLOTS])
        if now >= self._all_again:
            changed, self._all_again = wanted, now + ALL_AGAIN_AFTER
        elif now >= self._again:
            changed |= first
        if changed:
            self._again = now + AGAIN_AFTER
            self._round = tasks.spawn(self._ask(changed, set(first), set(wanted)), name="judge the queue")

    async def _ask(self, changed: dict[str, tuple[Any, ...]], first: set[str], present: set[str]) -> None:
        for cue_id, key in changed.items():
            said = await self._seat.judge("cue.fire", {"cue_id": cue_id})
            if said is None:
                return
            self._asked[cue_id] = key
            found = judged_of(said)
            self._judged[cue_id] = found if cue_id in first else replace(found, code="", params={}, text="")
        self._judged = {c: j for c, j in self._judged.items() if c in present}
        if shiboken6.isValid(self):
            self._show(self._judged, self._seat.now())


def judged_of(said: Mapping[str, Any]) -> Judged:
    """The answer of ``POST /v1/judge`` as a row reads it."""
    low = said.get("lowest") or {}
    return Judged(
        "" if said.get("ok") else str(said.get("code", "")),
        said.get("params") or {},
        str(said.get("text", "")),
        said.get("lowest_fen"),
        low.get("floor_fen"),
        said.get("exposure_fen"),
        combination(low),
        str(low.get("sku_id") or ""),
    )
