"""The lowest price of what waits in the queue, asked of the rules where the state does not say it: a coupon
for more goods than are reckoned anew with every order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QObject

from liveconsole import tasks
from liveconsole.messages.verdicts import Verdict
from ui.alive import alive
from ui.kinds import kind_of
from ui.panels.queue.rows import Judged, waiting
from ui.seat.room import RoomView
from ui.seat.seat import Seat
from ui.words.costs import combination

AGAIN_AFTER: Final = 30.0
"""Seconds; whatever changes in between is judged by the engine at fire anyway."""
_MOST: Final = 40
"""Cues further back are judged when they come forward."""


class PriceChecks(QObject):
    """One round at a time; ``show(judged, now)`` gets each round's answers."""

    def __init__(
        self,
        seat: Seat,
        show: Callable[[Mapping[str, Judged], datetime], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._seat, self._show = seat, show
        self._asked: dict[str, Any] = {}
        self._judged: dict[str, Judged] = {}
        self._round: asyncio.Task[None] | None = None
        self._again = 0.0

    def forget(self) -> None:
        """Another engine answers now: judge everything anew."""
        self._asked.clear()

    def look(self, room: RoomView) -> None:
        """The state has come."""
        if self._round is not None and not self._round.done():
            return
        now = asyncio.get_running_loop().time()
        silent = [c for c in waiting(room)[:_MOST] if kind_of(c.kind).PRICES and c.lowest is None]
        wanted = {cue.cue_id: cue.spec for cue in silent}
        changed = {cue_id: spec for cue_id, spec in wanted.items() if self._asked.get(cue_id) != spec}
        if now >= self._again:
            changed, self._again = wanted, now + AGAIN_AFTER
        if changed:
            self._round = tasks.spawn(self._ask(changed, set(wanted)), name="judge the queue")

    async def _ask(self, changed: dict[str, Any], present: set[str]) -> None:
        for cue_id, spec in changed.items():
            said = await alive(self, self._seat.judge("cue.fire", {"cue_id": cue_id}))
            if said is None:
                return
            self._asked[cue_id] = spec
            self._judged[cue_id] = judged_of(said)
        self._judged = {c: j for c, j in self._judged.items() if c in present}
        self._show(self._judged, self._seat.now())


def judged_of(said: Verdict) -> Judged:
    """What an answer of ``POST /v1/judge`` says about the price."""
    low = said.lowest
    return Judged(
        lowest_fen=said.lowest_fen,
        floor_fen=low.floor_fen if low is not None else None,
        exposure_fen=said.exposure_fen,
        combination=combination(low),
        sku_id=low.sku_id if low is not None else "",
    )
