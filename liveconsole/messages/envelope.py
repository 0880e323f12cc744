"""The three envelopes: a fact from outside, a command from a seat, an event on the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from liveconsole.messages.events import EventData
from liveconsole.messages.facts import FactData

LATE: Final = "producer@"
"""Actor of a late fact, before the number of the broadcast to whose books it goes."""

DOUBLE: Final = "producer="
"""Actor of a comment that another source told before: it is known for ever, and counts nowhere again."""


def late_for(number: int) -> str:
    """Return the actor of a fact that goes to the books of broadcast ``number`` and changes nothing in the
    room."""
    return f"{LATE}{number}"


def late_of(actor: str) -> int | None:
    """Return the broadcast to whose books an event of this actor goes; None: it is tonight's."""
    return int(actor[len(LATE) :]) if actor.startswith(LATE) else None


class Fact(Struct, frozen=True, gc=False):
    """One accepted-for-shape CloudEvent, people already mapped to pids.

    ``data`` is what the rules read; ``kept`` is the JSON object as sent (ids mapped, names taken out,
    text cut), which is what the log keeps, so that unknown fields survive.
    """

    source: str
    id: str
    type: str
    time: datetime | None
    data: FactData
    kept: dict[str, Any]
    double: bool = False
    """Whether another source told of the same before."""


class Command(Struct, frozen=True):
    """What a seat asks for; ``role`` was decided by its token, or is ``clock`` / ``platform``."""

    id: str
    type: str
    data: Any
    role: str


class Event(Struct, frozen=True, gc=False):
    """One line of the log. ``seq`` is 0 until the engine has committed it."""

    type: str
    at: datetime
    actor: str
    data: EventData
    seq: int = 0
    source: str = ""
    id: str = ""
    time: datetime | None = None
    kept: dict[str, Any] | None = None
