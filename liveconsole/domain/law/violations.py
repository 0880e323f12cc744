"""平台警告了: what was on air, the minutes before it marked on the log, and the steps until it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from liveconsole.domain import fire
from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.naming import cue_title
from liveconsole.domain.room import Room
from liveconsole.domain.room_law import StepTaken, Violation
from liveconsole.messages.envelope import Event
from liveconsole.messages.law import (
    VIOLATIONS_LIMIT,
    OnAirThen,
    ViolationDone,
    ViolationNote,
    ViolationNoted,
    ViolationStepped,
)
from liveconsole.messages.refusals import Refused

MARKED: Final = timedelta(minutes=10)
"""So much of the log before a warning is marked."""
_OPEN_KEPT: Final = 50
"""Cards of earlier broadcasts that are not closed and stay: the newest."""
_ON_AIR_TOLD: Final = 20


def note(room: Room, data: ViolationNote, ctx: Context) -> Decision | Refused:
    """Also after the close: a platform often says so later."""
    if room.broadcast.status == "none":
        return Refused("not_open")
    if len(room.law.violations) >= VIOLATIONS_LIMIT + _OPEN_KEPT:
        return Refused("over_limit", {"detail": f"violations: > {VIOLATIONS_LIMIT}"})
    violation_id = f"v{ctx.chance.fresh(8).hex()}"
    noted = ViolationNoted(
        violation_id=violation_id,
        since=ctx.now - MARKED,
        text=data.text.strip(),
        product_id=room.pinned.wanted,
        segment_id=room.rundown.current,
        on_air=_on_air(room),
        appeal_by=ctx.now + timedelta(hours=data.appeal_hours) if data.appeal_hours is not None else None,
    )
    return Decision([ctx.event("violation.noted", noted)], {"violation_id": violation_id})


def _on_air(room: Room) -> list[OnAirThen]:
    running = [cue for cue in map(room.cues.__getitem__, room.live) if cue.status in fire.RUNNING]
    return [OnAirThen(cue.cue_id, cue.kind, *cue_title(room, cue)) for cue in running[:_ON_AIR_TOLD]]


def step(room: Room, data: ViolationDone, ctx: Context) -> Decision | Refused:
    """Each step once; what is said again with other words is said anew."""
    known = room.law.violations.get(data.violation_id)
    if known is None:
        return Refused("unknown_violation", {"violation_id": data.violation_id})
    result = {"violation_id": data.violation_id, "step": data.step}
    done = known.steps.get(data.step)
    if done is not None and done.text == data.text.strip():
        return Decision([], result)
    stepped = ViolationStepped(data.violation_id, data.step, data.text.strip())
    return Decision([ctx.event("violation.stepped", stepped)], result)


def opened(room: Room) -> None:
    """Another broadcast begins: cards that are closed have left, the others wait."""
    waiting = [one for one in room.law.violations.values() if "closed" not in one.steps]
    room.law.violations = {one.violation_id: one for one in waiting[-_OPEN_KEPT:]}


def _noted(room: Room, data: ViolationNoted, event: Event) -> None:
    room.law.violations[data.violation_id] = Violation(
        violation_id=data.violation_id,
        at=event.at,
        by=event.actor,
        since=data.since,
        broadcast=room.tonight,
        text=data.text,
        product_id=data.product_id,
        segment_id=data.segment_id,
        on_air=data.on_air,
        appeal_by=data.appeal_by,
    )


def _stepped(room: Room, data: ViolationStepped, event: Event) -> None:
    known = room.law.violations.get(data.violation_id)
    if known is not None:
        known.steps[data.step] = StepTaken(event.at, event.actor, data.text)


COMMANDS: Final[dict[str, Rule]] = {"violation.note": note, "violation.step": step}
FOLDS: Final[dict[str, Fold]] = {"violation.noted": _noted, "violation.stepped": _stepped}
