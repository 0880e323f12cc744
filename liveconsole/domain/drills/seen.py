"""What a drill's mark is made of: the events of the log while it ran, in their order, no more. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain.room import Cue, Room
from liveconsole.domain.room_drills import Drilled, Seen
from liveconsole.messages.drills import Because
from liveconsole.messages.envelope import Event
from liveconsole.messages.specs import SaleSku

KEPT: Final = 1_000
"""So much is kept of one drill. What goes beyond is counted, and then there is no mark."""

_OF_A_CUE: Final = frozenset(
    {
        *("cue.queued", "cue.edited", "cue.approved", "cue.rejected", "cue.removed", "cue.standby"),
        *("cue.recallable", "cue.recalled", "cue.missed", "cue.firing", "cue.unknown", "cue.on_air"),
        *("cue.ended", "cue.refused"),
    }
)
_WORDS: Final = {"note.put": "note", "question.answered": "answered", "rundown.went": "went"}


class Run(Struct, frozen=True):
    """One drill as a marker gets it."""

    drill_id: str
    drill: str
    started_at: datetime
    ended_at: datetime
    because: Because
    seen: list[Seen]
    beyond: int = 0

    def second(self, at: datetime) -> float:
        return (at - self.started_at).total_seconds()

    @property
    def own(self) -> str:
        """How the ids of what the drill itself puts into the queue begin."""
        return f"{self.drill_id}-"


def note(room: Room, event: Event) -> None:
    """Keep what a running drill is marked by; called behind every fold."""
    run = room.drill
    if run is None or run.ended_at is not None:
        return
    for found in seen(room, event):
        last = run.seen[-1] if run.seen else None
        if last is not None and _goes_with(found, last):
            last.n += found.n
        elif len(run.seen) >= KEPT:
            run.beyond += 1
        else:
            run.seen.append(found)


def _goes_with(found: Seen, last: Seen) -> bool:
    """Units of one sale in one second are one thing."""
    if found.what != "units" or last.what != "units" or found.cue_id != last.cue_id:
        return False
    return (found.at - last.at).total_seconds() < 1


def seen(room: Room, event: Event) -> list[Seen]:
    """Return what one event says of how a drill goes; ``room`` is the room behind it."""
    data: Any = event.data
    at, actor = event.at, event.actor
    if event.type in _OF_A_CUE:
        cue = room.cues.get(data.cue_id)
        what = event.type.removeprefix("cue.")
        if cue is None:
            return [Seen(at, what, data.cue_id, actor)]
        return [_of_cue(Seen(at, what, cue.cue_id, actor), cue, getattr(data, "because", ""))]
    if (what := _WORDS.get(event.type, "")) != "":
        return [Seen(at, what, actor=actor)]
    if event.type == "order.granted":
        sold = [(line.cue_id, line.quantity) for line in data.lines if line.cue_id is not None]
        return [Seen(at, "units", cue_id, actor, n=units) for cue_id, units in sold]
    if event.type == "stock.oversold":
        return [Seen(at, "oversold", data.cue_id or "", actor, n=data.units)]
    return []


def _of_cue(found: Seen, cue: Cue, because: str) -> Seen:
    found.done_as, found.again_of, found.because = cue.spec.done_as, cue.again_of, because
    skus: list[SaleSku] = getattr(cue.spec, "skus", [])
    if skus:
        found.skus = [sku.sku_id for sku in skus]
        found.fen = min(sku.price_fen for sku in skus)
        found.n = sum(sku.quantity for sku in skus)
    return found


def run_of(drilled: Drilled, ended_at: datetime, because: Because) -> Run:
    return Run(
        drilled.drill_id,
        drilled.drill,
        drilled.started_at,
        ended_at,
        because,
        list(drilled.seen),
        drilled.beyond,
    )
