"""The room's time, set right after the log came to stand in the future.

The engine's clock never goes back behind the log's last moment; so one start with a clock that is days ahead
leaves the room ahead for ever. ``clock.repaired`` is the one event that is before the one before it: order is
by seq, and what the wrong clock had set moves back with it, so that whatever runs keeps the time it has left.
"""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.room import Room
from liveconsole.messages.care import ClockRepaired
from liveconsole.messages.commands import ClockRepair
from liveconsole.messages.envelope import Event
from liveconsole.messages.refusals import Refused

LEAST: Final = timedelta(seconds=2)
"""Less is what any clock is off."""


def repair(room: Room, data: ClockRepair, ctx: Context) -> Decision | Refused:
    """Go on at the computer's time, which the engine puts into the command."""
    if data.wall is None or (ahead := ctx.now - data.wall) < LEAST:
        return Refused("clock_right")
    repaired = ClockRepaired(ahead.total_seconds())
    return Decision([Event("clock.repaired", data.wall, ctx.role, repaired)], {"seconds": repaired.seconds})


def _repaired(room: Room, data: ClockRepaired, event: Event) -> None:
    """What lies more than half the way into the future was set by the wrong clock: a promise that was made
    by the right one is for a month at most, and small steps move it little."""
    back = timedelta(seconds=data.seconds)
    wrong_from = event.at + back / 2
    for name in room.__struct_fields__:
        setattr(room, name, _moved(getattr(room, name), wrong_from, back))
    heapq.heapify(room.hold_heap)
    room.clock_step = None


def _moved(value: Any, wrong_from: datetime, back: timedelta) -> Any:
    """``value`` with every moment in it that is wrong set right; structs that may change are changed."""
    if isinstance(value, datetime):
        return value - back if value > wrong_from else value
    if isinstance(value, dict):
        for key, one in value.items():
            value[key] = _moved(one, wrong_from, back)
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(_moved(one, wrong_from, back) for one in value)
    if isinstance(value, Struct):
        old = {name: getattr(value, name) for name in value.__struct_fields__}
        new = {name: _moved(one, wrong_from, back) for name, one in old.items()}
        changed = {name: one for name, one in new.items() if one is not old[name] and one != old[name]}
        if not changed:
            return value
        if value.__struct_config__.frozen:
            return msgspec.structs.replace(value, **changed)
        for name, one in changed.items():
            setattr(value, name, one)
    return value


COMMANDS: Final[dict[str, Rule]] = {"clock.repair": repair}
FOLDS: Final[dict[str, Fold]] = {"clock.repaired": _repaired}
