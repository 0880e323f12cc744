"""A room's own log as a tape: what ``liveconsole tail`` prints, line by line. Pure.

Facts are played as facts of the tape, under ids of their own, so that they never pass for those that were
told. What the engine decided is passed over: the room that listens decides for itself. Facts of a rehearsal
stay simulated, and enter no real room.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.connectors.cloudevent import CloudEvent, cloudevent
from liveconsole.messages.facts import FACTS
from liveconsole.messages.sources import SIMULATED

SKIPPED: Final = "stream.skipped"


class PassedOver(Struct, frozen=True):
    """A line that is no fact: a decision of the engine that wrote it, or what a slow reader did not get."""

    type: str


def is_own(line: dict[str, Any]) -> bool:
    """Tell whether a line is one of a log of ours."""
    return line.get("type") == SKIPPED or (
        isinstance(line.get("actor"), str) and isinstance(line.get("at"), str) and "data" in line
    )


def moment_of(line: dict[str, Any]) -> float:
    """Return when it was committed, in seconds since 1970; 0 where nobody can tell."""
    try:
        return datetime.fromisoformat(line["at"]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return 0.0


def fact_of(line: dict[str, Any], source: str) -> CloudEvent | PassedOver:
    """Return the fact on a line of our own, as one of the tape ``source``."""
    type_, data, told_by = line.get("type"), line.get("data"), line.get("source")
    if type_ not in FACTS or not isinstance(told_by, str) or not isinstance(data, dict):
        return PassedOver(str(type_))
    if told_by.startswith(SIMULATED):
        source = SIMULATED.rstrip("/") + source
    time = line.get("time")
    return cloudevent(source, str(line["seq"]), type_, data, time if isinstance(time, str) else line["at"])
