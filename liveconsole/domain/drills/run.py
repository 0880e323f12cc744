"""A drill begins in a rehearsal and nowhere else, ends by the clock, and is marked as it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.drills import marks, seen
from liveconsole.domain.platforms import is_simulated
from liveconsole.domain.room import Room
from liveconsole.domain.room_drills import Drilled
from liveconsole.messages import commands, drills
from liveconsole.messages.drills import DRILLS, Because, DrillEnded, DrillStarted
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused


def start(room: Room, data: commands.DrillStart, ctx: Context) -> Decision | Refused:
    """Never in a real room, whatever its settings say: what a drill brings about is made up."""
    if not room.simulated:
        return Refused("drill_not_here")
    if not is_simulated(room):
        return Refused("only_rehearsal")
    drill = DRILLS.get(data.drill)
    if drill is None:
        return Refused("unknown_drill", {"drill": data.drill})
    if room.broadcast.status != "open":
        return Refused("not_open")
    if (now := running(room)) is not None:
        return Refused("drill_runs", {"drill": now.drill})
    drill_id = f"drill{room.drills + 1}"
    ends_at = ctx.now + timedelta(seconds=drill.seconds)
    started = DrillStarted(drill_id, drill.name, ends_at)
    return Decision([ctx.event("drill.started", started)], {"drill_id": drill_id})


def stop(room: Room, data: commands.Nothing, ctx: Context) -> Decision | Refused:
    if running(room) is None:
        return Refused("no_drill")
    return Decision(ended(room, ctx, "stopped"), {})


def running(room: Room) -> Drilled | None:
    """Return the drill that runs now."""
    drill = room.drill
    return drill if drill is not None and drill.ended_at is None else None


def due(room: Room) -> datetime | None:
    """Tell when the clock ends it."""
    drill = running(room)
    return None if drill is None else drill.ends_at


def time_up(room: Room, ctx: Context) -> list[Event]:
    moment = due(room)
    return ended(room, ctx, "time_up") if moment is not None and moment <= ctx.now else []


def ended(room: Room, ctx: Context, because: Because) -> list[Event]:
    """Return the end of the drill that runs, with its mark; nothing where none does."""
    drill = running(room)
    if drill is None:
        return []
    mark = marks.marked(seen.run_of(drill, ctx.now, because))
    data = DrillEnded(drill.drill_id, drill.drill, because, mark.mark, mark.facts, mark.better, mark.why)
    return [ctx.event("drill.ended", data)]


def silent_for(room: Room, now: datetime) -> float | None:
    """Return for how many seconds more the drill has the simulated platform say nothing; None: it speaks."""
    drill = running(room)
    if drill is None:
        return None
    return drills.silent_for(drill.drill, (now - drill.started_at).total_seconds())


def _started(room: Room, data: DrillStarted, event: Event) -> None:
    room.drills += 1
    room.drill = Drilled(data.drill_id, data.drill, event.at, data.ends_at)


def _ended(room: Room, data: DrillEnded, event: Event) -> None:
    """What it was marked by stands on the log; the room keeps the mark until the next one."""
    drill = room.drill
    if drill is None or drill.drill_id != data.drill_id:
        return
    drill.ended_at, drill.seen = event.at, []
    drill.mark, drill.facts, drill.better, drill.why = data.mark, data.facts, data.better, data.why


COMMANDS: Final[dict[str, Rule]] = {"drill.start": start, "drill.stop": stop}
FOLDS: Final[dict[str, Fold]] = {"drill.started": _started, "drill.ended": _ended}
